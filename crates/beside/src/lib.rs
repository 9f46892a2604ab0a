//! An official reader (顔認証付きカードリーダー) stands beside the kiosk and leaves a file for everybody who used it: which files
//! are new and whole ([`Files`]), and who of those who took a number here such a file is about ([`Book`]). Pure: no folder, no clock.
//!
//! Somebody else's result under a number is worse than a result that staff have to look for. So nothing is joined that is not
//! certain, and what was uncertain once is never joined later because somebody else has gone.

mod book;
mod files;
mod person;

pub use book::{Book, Heard, Standing, Waits};
pub use files::{Files, Reading};
pub use person::{Fit, Person};

use checkin::deadlines::{BESIDE_MS, BESIDE_PAST_MS};
use jiff::SignedDuration;

/// Between a number and a file of one errand.
const WINDOW: SignedDuration = SignedDuration::from_millis(BESIDE_MS.cast_signed());
/// Files of so long ago are nobody's who is here today, however late they come.
const PAST: SignedDuration = SignedDuration::from_millis(BESIDE_PAST_MS.cast_signed());
