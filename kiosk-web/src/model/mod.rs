//! What the screens need to think about, free of the browser: tested natively.

pub(crate) mod backoff;
pub(crate) mod code_form;
pub(crate) mod date;
pub(crate) mod digits;
pub(crate) mod grey;
pub(crate) mod hint;
pub(crate) mod pace;
pub(crate) mod shown;
