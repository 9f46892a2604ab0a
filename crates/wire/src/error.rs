//! What is said of an action that was not taken.

/// Why an action was not taken. Says the field and the form, never the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("field `{field}`: {expected}")]
pub struct ActionError {
    pub(crate) field: &'static str,
    pub(crate) expected: &'static str,
}
