//! Between domain types and wire types. A change of the rules is not a change of the wire.

mod action;
mod view;

pub use action::{ActionError, action};
pub use view::view;
