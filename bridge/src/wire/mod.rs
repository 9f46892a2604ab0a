//! What the staff are shown, in the words of the wire.

mod board;
mod by_hand;
mod institution;
mod limit;
mod lost;

pub use board::{bare_row, known, late_row, row, waiting};
pub use by_hand::by_hand;
pub use institution::institution_kind;
pub use lost::lost;
