//! Between the domain types of [`checkin`] and the wire types of [`protocol`]. A change of the rules is not a change of
//! the wire, so each side has types of its own, and this crate is the only place that knows both for the patient's screens.
//!
//! Start at [`view`], which is what a page is sent, and at [`action`], which checks what a page sends back; [`Twin`] pairs the
//! types that carry no rule.

mod action;
#[cfg(test)]
mod dates;
mod error;
mod form;
mod twin;
mod view;

pub use action::{action, four};
pub use error::ActionError;
pub use form::typed;
pub use twin::Twin;
pub use view::view;
