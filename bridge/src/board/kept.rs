//! Rows as they lie in the store: JSON, beside it the version of its form. A form that was written once is read for ever; a
//! new one gets a new version and a golden line in the tests.

use super::row::Row;
use crate::store::KeptRow;
use checkin::VisitId;
use jiff::Timestamp;
use jiff::civil::Date;

/// The version in which rows are written.
pub(super) const VERSION: i64 = 5;

/// A row that this version of the program cannot read. It lies in the store as it was written, until its day is over and staff
/// have entered its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Which visit.
    pub visit: VisitId,
    /// Reception number of the day.
    pub number: Option<u16>,
    /// When the visit ended, as far as that is known beside the row.
    pub at: Option<Timestamp>,
    /// Staff still have to enter its result.
    pub by_hand: bool,
    /// A newer version of the program wrote it; otherwise it is damaged.
    pub newer: bool,
    /// The day in Japan with which it is forgotten.
    pub(super) day: Date,
    /// Its version in the store.
    pub(super) version: i64,
}

/// The row, if this version of the program can read it.
pub(super) fn read(kept: &KeptRow) -> Option<Row> {
    match kept.version {
        // Version 0 was the wire's: it said in `circles` what the name says, and neither `kiosk` nor `known`.
        // Version 1 had no `marks`, version 2 no `note`, version 3 no `listed`, version 4 no `beside`.
        0..=VERSION => serde_json::from_slice(&kept.row).ok(),
        _ => None,
    }
}

/// As [`VERSION`].
pub(super) fn write(row: &Row) -> String {
    serde_json::to_string(row).expect("a row can be written as JSON")
}

impl Unread {
    pub(super) fn of(kept: &KeptRow, today: Date) -> Self {
        Self {
            visit: kept.visit,
            number: kept.number.map(|number| number.0),
            at: kept.at,
            by_hand: kept.by_hand,
            newer: kept.version > VERSION,
            day: kept.day.unwrap_or(today),
            version: kept.version,
        }
    }
}
