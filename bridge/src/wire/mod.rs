//! Between domain types and wire types. A change of the rules is not a change of the wire.

mod action;
mod board;
mod by_hand;
#[cfg(test)]
mod dates;
mod form;
mod limit;
mod lost;
mod view;

pub use action::{ActionError, action};
pub(crate) use action::{four, reason_of};
pub use board::{bare_row, known, late_row, row, waiting};
pub use by_hand::by_hand;
pub use lost::lost;
pub use view::{institution_kind, view};
pub(crate) use view::{passcode_problem, topic, topic_back};
