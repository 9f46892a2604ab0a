//! The call display (`/call`): which numbers were called, and where those people go. Numbers and places only: nothing here
//! names anybody.

use serde::{Deserialize, Serialize};

/// Where somebody who was called goes. `docs/operations.md` says how a site lists its places.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Place {
    /// 受付.
    Reception,
    /// 窓口.
    Counter {
        /// From 1 to 20.
        number: u8,
    },
    /// レーン, where people drive or queue through.
    Lane {
        /// From 1 to 20.
        number: u8,
    },
    /// 診察室.
    Room {
        /// From 1 to 20.
        number: u8,
    },
    /// Anything else, by the site's own words. It has no clip, so that the display sends people to its screen.
    Named {
        /// In Japanese, 20 characters at most.
        ja: String,
        /// In English, 40 characters at most; the Japanese name where the site gives none.
        en: String,
    },
}

/// An event of `GET /call/live` and `GET /call/practice/live` (`text/event-stream`), each in a `data` line. Every [`crate::ALIVE_MS`]
/// one comes, whether anything has changed or not; a display that has heard none for [`crate::SILENCE_MS`] shows no number any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    /// Numbers of practice visits: the display says so.
    pub practice: bool,
    /// The bridge's time, in milliseconds since 1970: how old a call is goes by it.
    pub now_ms: u64,
    /// Who was called today and is not done yet, the last one first; 12 at most.
    pub calls: Vec<Call>,
}

/// One number that was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Reception number of the day, from 1.
    pub number: u16,
    /// Where to.
    pub to: Place,
    /// When it was called last, in milliseconds since 1970; no two calls have the same, and a later one has more.
    pub at_ms: u64,
    /// How often it was called, from 1.
    pub times: u16,
}
