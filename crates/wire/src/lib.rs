//! Between the domain types of [`checkin`] and the wire types of [`protocol`]. A change of the rules is not a change of
//! the wire, so each side has types of its own, and this crate is the only place that knows both for the patient's screens.
//!
//! Start at [`view`], which is what a page is sent, and at [`action`], which checks what a page sends back.

mod action;
#[cfg(test)]
mod dates;
mod form;
mod view;

pub use action::{ActionError, action, four, reason_of};
pub use form::document_of;
pub use view::{outcome, passcode_problem, topic, topic_back, view};
