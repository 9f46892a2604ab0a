//! What a kiosk needs, looked at: the same looks for `doctor`, beside a program that runs or does not, and for the self-test of one
//! that runs. All of them block, and change nothing.

mod beside;
mod disk;
mod files;
mod kept;
mod patients;
mod readers;
mod service;
mod terminal;

pub(crate) use beside::beside;
pub(crate) use disk::{disk, free_mib};
pub(crate) use files::{models, network, pages, passcode, results, roots};
pub(crate) use kept::{clock, database, look_at, store};
pub(crate) use patients::patients;
pub(crate) use readers::{listed, reader};
pub(crate) use service::service;
pub(crate) use terminal::terminal;

use std::fmt;

/// The same in both languages of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

impl Sentence {
    /// Of one in each language.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }
}

/// What needs no language: a name, a path.
impl From<String> for Sentence {
    fn from(text: String) -> Self {
        Self { en: text.clone(), ja: text }
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { ja, en } if ja == en => f.write_str(ja),
            Self { ja, en } => write!(f, "{ja} / {en}"),
        }
    }
}

/// How something is: what it is, or what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Well.
    Fine(Sentence),
    /// Works, with less than there could be.
    Note(Sentence),
    /// Somebody has to do something.
    Wrong(Sentence),
    /// Cannot be told from here.
    Unknown(Sentence),
}

impl Finding {
    pub(crate) fn fine(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Fine(Sentence::new(ja, en))
    }

    pub(crate) fn note(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Note(Sentence::new(ja, en))
    }

    pub(crate) fn wrong(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Wrong(Sentence::new(ja, en))
    }

    pub(crate) fn unknown(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Unknown(Sentence::new(ja, en))
    }
}
