//! What the screens need to think about, free of the browser: tested natively.

pub(crate) mod aloud;
pub(crate) mod backoff;
pub(crate) mod board;
pub(crate) mod by_eye;
pub(crate) mod calls;
pub(crate) mod cameras;
pub(crate) mod card_hint;
pub(crate) mod claim;
pub(crate) mod code_form;
pub(crate) mod date;
pub(crate) mod date_entry;
pub(crate) mod day;
pub(crate) mod digits;
pub(crate) mod grey;
pub(crate) mod hint;
pub(crate) mod marks;
pub(crate) mod numbers_form;
pub(crate) mod pace;
pub(crate) mod patience;
pub(crate) mod qr;
pub(crate) mod receipt;
pub(crate) mod shown;
pub(crate) mod silence;
pub(crate) mod statement_form;
pub(crate) mod unused;
