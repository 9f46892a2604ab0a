//! The rows in memory, with what is nowhere else: what a withdrawal needs.

use super::beside::Told;
use super::kept::{self, Unread};
use super::row::Row;
use crate::store::{OldRow, Op};
use checkin::VisitId;
use checkin::claim::ClaimNote;
use checkin::effect::Handover;
use checkin::secret::Serial;
use checkin::time::in_japan;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// More visits than one kiosk sees in a day; the oldest go first, but for results that staff still have
/// to enter.
const MOST_OF_A_KIOSK: usize = 1000;

/// One visit of today.
pub(super) struct Entry {
    /// What is kept.
    pub(super) row: Row,
    /// There is something to show: the visit told of itself, or its result came.
    pub(super) told: bool,
    /// To withdraw consents with.
    pub(super) serial: Option<Serial>,
    /// What a file that tells of a withdrawal is made of.
    pub(super) handed_over: Option<Handover>,
    /// What a file of the official reader told of it.
    pub(super) beside: Option<Told>,
    /// Its day is over while its answer is waited for: nothing is left of it but when it was.
    pub(super) awaited: bool,
}

/// All of them.
pub(super) struct Entries {
    pub(super) visits: BTreeMap<VisitId, Entry>,
    pub(super) unread: Vec<Unread>,
    /// So many visits at most.
    most: usize,
    /// The day on which it was last looked what is over.
    looked: Option<Date>,
}

impl Entry {
    pub(super) fn new(at: Timestamp) -> Self {
        Self {
            row: Row::bare(at),
            told: false,
            serial: None,
            handed_over: None,
            beside: None,
            awaited: false,
        }
    }

    /// Of a row that outlived the program: what needed the serial has ended.
    pub(super) fn restored(mut row: Row) -> Self {
        row.agreed.clear();
        let notes = &mut row.claim.notes;
        if std::mem::take(&mut row.parked) && !notes.contains(&ClaimNote::AskSystemAgain) {
            notes.push(ClaimNote::AskSystemAgain);
        }
        let at = row.at;
        Self { row, told: true, ..Self::new(at) }
    }

    /// What keeps it as it is now.
    pub(super) fn op(&self, visit: VisitId) -> Option<Op> {
        self.told.then(|| Op::Row {
            visit,
            version: kept::VERSION,
            day: self.day(),
            row: kept::write(&self.row),
            by_hand: self.row.by_hand.is_some(),
        })
    }

    /// The day in Japan with which it is forgotten.
    fn day(&self) -> Date {
        in_japan(self.row.late.unwrap_or(self.row.at)).date()
    }

    pub(super) fn is_parked(&self) -> bool {
        self.awaited || self.row.parked
    }
}

impl Entries {
    /// None yet, of so many kiosks.
    pub(super) fn of_kiosks(kiosks: usize) -> Self {
        let most = MOST_OF_A_KIOSK.saturating_mul(kiosks.max(1));
        Self { visits: BTreeMap::new(), unread: Vec::new(), most, looked: None }
    }

    /// The one of this visit, which ended at that moment if it is a new one.
    pub(super) fn of(&mut self, visit: VisitId, at: Timestamp) -> &mut Entry {
        self.visits.entry(visit).or_insert_with(|| Entry::new(at))
    }

    /// The row of a visit that told of itself.
    pub(super) fn told(&mut self, visit: VisitId) -> Option<&mut Row> {
        let entry = self.visits.get_mut(&visit).filter(|entry| entry.told);
        entry.map(|entry| &mut entry.row)
    }

    /// Staff entered the result of a visit. `None`: there is none to enter.
    pub(super) fn entered(&mut self, visit: VisitId) -> Option<Op> {
        if let Some(entry) = self.visits.get_mut(&visit)
            && entry.row.by_hand.take().is_some()
        {
            return entry.op(visit);
        }
        let is_it = |row: &&mut Unread| row.visit == visit && row.by_hand;
        let row = self.unread.iter_mut().find(is_it)?;
        row.by_hand = false;
        Some(Op::OldRow { visit, version: row.version, change: OldRow::Entered })
    }

    /// Before a visit tells of itself. Only the first one of a day looks at all the others.
    pub(super) fn make_room(&mut self, now: Timestamp) {
        if self.looked == Some(in_japan(now).date()) {
            self.drop_oldest();
        } else {
            self.forget(now);
        }
    }

    /// Drops the visits of days before that need nothing more, and the oldest when there are too many.
    /// Those of later days stay: the clock may have been wrong. Of one whose answer is waited for it stays
    /// when it was. Whether anything went.
    pub(super) fn forget(&mut self, now: Timestamp) -> bool {
        let today = in_japan(now).date();
        let before = (self.visits.len(), self.unread.len());
        self.looked = Some(today);
        let stays = |entry: &Entry| entry.row.by_hand.is_some() || entry.day() >= today;
        let parked = |entry: &&mut Entry| !stays(entry) && entry.is_parked();
        for entry in self.visits.values_mut().filter(parked) {
            *entry = Entry { awaited: true, ..Entry::new(entry.row.at) };
        }
        self.visits.retain(|_, entry| entry.awaited || stays(entry));
        self.drop_oldest();
        self.unread.retain(|row| row.by_hand || row.day >= today);
        (self.visits.len(), self.unread.len()) != before
    }

    fn drop_oldest(&mut self) {
        while self.visits.len() > self.most {
            let may_go = |(_, entry): &(&VisitId, &Entry)| entry.row.by_hand.is_none();
            let Some(oldest) = self.visits.iter().find(may_go).map(|(visit, _)| *visit) else {
                return;
            };
            self.visits.remove(&oldest);
        }
    }
}
