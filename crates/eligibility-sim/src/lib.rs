//! A stand-in for the national eligibility system (オンライン資格確認等システム): who is insured
//! where, which cards are registered, which consents live. Everybody in it is invented.
//!
//! [`NationalSystem`] is pure, and so is [`answer`], which speaks for it as the program of a 資格確認端末 does: no clock, no network, no files. The people come from persona files,
//! which also describe their cards to the crate `virtual-card`.

mod bulk;
mod certificates;
mod file;
mod guest;
mod number;
mod person;
mod personas;
mod registration;
mod system;
mod terminal;

pub use bulk::{bulk_number, bulk_receipt, bulk_result};
pub use person::{Delay, Lasts, Person, PersonError, Step, Trouble};
pub use personas::personas;
pub use registration::registered;
pub use system::{HEALTH_CHECKUPS_FROM_AGE, NationalSystem, SerialTaken};
pub use terminal::{Answer, answer, answer_delay, spread};
