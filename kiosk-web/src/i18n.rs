//! Words in every language. Keys are checked when compiling: see `build.rs` and `locales/`.

#![allow(
    missing_docs,
    unreachable_pub,
    unused,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    reason = "generated code"
)]

include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));

pub(crate) use i18n::Locale;
