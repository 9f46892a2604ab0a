//! The practice cards that come with the program.

/// A table of file names and contents.
macro_rules! files {
    ($($id:literal),+ $(,)?) => {
        &[$(($id, include_str!(concat!("../personas/", $id, ".toml")))),+]
    };
}

const PERSONAS: &[(&str, &str)] = files![
    "valid",
    "valid-elderly",
    "valid-young",
    "expiring",
    "expired-grace",
    "expired-long",
    "not-registered",
    "pin-locked",
    "pin-last-try",
    "face-only",
    "not-my-number",
    "invalid",
    "newer-exists",
    "none-found",
    "circle-in-name",
    "system-down",
    "system-late",
];

/// Identifier and persona file (TOML) of every practice card, in the order in which to show them.
#[must_use]
pub fn personas() -> &'static [(&'static str, &'static str)] {
    PERSONAS
}
