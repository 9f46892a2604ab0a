//! What is written into the store.

use checkin::{Record, VisitId};
use jiff::Timestamp;
use jiff::civil::Date;

/// One thing to write. No `Debug`: rows and files name people.
#[derive(Clone)]
pub enum Op {
    /// Appends a record, with its audit line.
    Record {
        /// Which visit.
        visit: VisitId,
        /// When.
        at: Timestamp,
        /// What happened.
        record: Record,
    },
    /// Appends an audit line about no visit.
    Deed {
        /// When.
        at: Timestamp,
        /// What was done.
        deed: Deed,
    },
    /// Puts a result file into the outbox. What waits of the same visit and is not about to appear is
    /// replaced: the newer one tells all.
    Queue {
        /// Which visit.
        visit: VisitId,
        /// File name, used once.
        name: String,
        /// The XML.
        content: Vec<u8>,
        /// When.
        at: Timestamp,
    },
    /// Keeps a row of the staff board, or replaces it.
    Row {
        /// Which visit.
        visit: VisitId,
        /// Its day in Japan.
        day: Date,
        /// JSON.
        row: String,
        /// Staff still have to enter its result.
        by_hand: bool,
    },
    /// A waiting file has served. Its content is overwritten, its name stays for a while.
    Settle {
        /// Row in the outbox.
        id: i64,
        /// How.
        how: Settled,
        /// When.
        at: Timestamp,
    },
}

/// What is done at the staff board as a whole, or to the kiosk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Somebody entered with the right passcode.
    BoardOpened,
    /// Somebody typed a wrong one.
    BoardRefused {
        /// The next one is not looked at for so many seconds.
        wait_s: Option<u32>,
    },
    /// A session ended.
    BoardLocked(WhyLocked),
    /// Somebody checked the clock: the present time is right, although there were records of a later one.
    ClockAccepted {
        /// The time of the newest of those.
        newest: Timestamp,
    },
}

/// Why a session of the staff board ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyLocked {
    /// Nobody used it for a while.
    Unused,
    /// Staff asked for it.
    Asked,
    /// It was open for a working day.
    DayOver,
    /// Too many computers were in at once.
    Replaced,
    /// Another kind of reader came into use.
    ReaderChanged,
}

/// What became of a result file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It appeared in the folder.
    Delivered,
    /// Staff enter it.
    ByHand,
}

/// A result file that waits for its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Row in the outbox.
    pub id: i64,
    /// Whose result; 0 when a version before wrote it.
    pub visit: VisitId,
    /// File name.
    pub name: String,
    /// Since when; `None` when a version before wrote it.
    pub queued_at: Option<Timestamp>,
    /// The folder in which the complete file was about to get its name.
    pub placing: Option<String>,
}
