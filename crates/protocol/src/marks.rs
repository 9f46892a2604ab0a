//! The two ticks of a visit on the staff board, and the note.

use crate::call::Place;
use crate::secret::Redacted;
use serde::{Deserialize, Serialize};

/// What staff have ticked about a visit: 「呼んだ」 and 「済」.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// Goes back in [`SetMark`]: how often the marks of this visit have changed since the bridge started.
    pub seen: u32,
    /// The person was called by the reception number; `None` = not, or it was taken back.
    pub called: Option<Called>,
    /// When staff were done with the person, RFC 3339 with +09:00; `None` = they are not.
    pub done: Option<String>,
}

/// A person was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Called {
    /// When, for the last time, RFC 3339 with +09:00.
    pub at: String,
    /// How often, from 1.
    pub times: u16,
    /// Where to.
    pub to: Place,
}

/// `POST /staff/api/mark`: staff tick something, or take it back. Answer: [`crate::staff::Board`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetMark {
    /// The visit's number in the store, as the board gave it.
    pub visit: u64,
    /// [`Marks::seen`]; refused when somebody has changed them since, or changed them less than [`crate::ACTS_AFTER_MS`] ago: the
    /// second tap of a double tap takes nothing back.
    pub seen: u32,
    /// What.
    pub mark: Mark,
}

/// A tick, and its opposite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Mark {
    /// 呼んだ: the number goes to the call display. Once more is another call. Nobody is done with who is called.
    Called {
        /// One of [`crate::staff::Board::call_places`]; refused when the site has other ones by now.
        to: Place,
    },
    /// It was not called after all: the number leaves the call display.
    NotCalled,
    /// 済: the number leaves the call display.
    Done,
    /// It is not done after all; a number that was called comes back.
    NotDone,
}

/// Longest note, in characters.
pub const NOTE_CHARS: usize = 200;

/// `POST /staff/api/note`: a note of staff about a visit, for their colleagues. Answer: the board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetNote {
    /// The visit's number in the store, as the board gave it.
    pub visit: u64,
    /// The note that was there; refused when somebody has written another one since.
    pub was: Option<Redacted>,
    /// One line of [`NOTE_CHARS`] at most, without control characters; empty: no note.
    pub note: Redacted,
}
