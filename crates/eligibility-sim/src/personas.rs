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
    "newborn",
    "preschool",
    "school-child",
    "first-of-reiwa",
    "era-border",
    "leap-birthday",
    "seventy-today",
    "share-open",
    "elderly-recipient",
    "seventy-five-today",
    "disability-elderly",
    "elderly-two",
    "elderly-three",
    "centenarian",
    "name-hashigo",
    "name-yoshi",
    "circle-all",
    "name-long",
    "sex-not-set",
    "no-branch",
    "symbol-wide",
    "twin-elder",
    "twin-younger",
    "specific-disease",
    "new-job",
    "moved",
    "left-job",
    "two-qualifications",
    "two-one-lost",
    "medical-assistance",
    "assistance-beside-insurance",
    "assistance-without-number",
    "answer-empty",
    "answer-lost",
    "answer-share",
    "linked-to-other",
    "revoked",
    "down-look-up",
    "down-open",
    "down-query",
    "late-then-answer",
    "late-twice",
    "down-once",
    "expired-yesterday",
    "expires-tonight",
    "grace-ends-this-month",
    "first-time-expiring",
    "first-time-grace",
    "pin-two-left",
    "code-low",
    "code-locked",
    "staff-only",
    "juki-card",
    "phone",
];

/// Identifier and persona file (TOML) of every practice card, in the order in which to show them.
#[must_use]
pub fn personas() -> &'static [(&'static str, &'static str)] {
    PERSONAS
}
