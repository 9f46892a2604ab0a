//! Between domain types and wire types. A change of the rules is not a change of the wire.

mod action;
mod board;
mod form;
mod view;

pub use action::{ActionError, action};
pub use board::board;
pub(crate) use view::topic_back;
pub use view::view;
