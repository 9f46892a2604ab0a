//! What the staff see: the visits of today. The board is the one writer of its rows: whoever has a fact for it tells it
//! ([`Board::announce`] and the like), and has the row kept together with what else the fact brought ([`Board::keep`]).
//!
//! The rows lie in the store as well, so that a restart does not lose them, and leave both with the day: at midnight, whether
//! somebody is there or not. What a withdrawal needs, the certificate's serial and the result as it was handed over, is in
//! memory only. A row that this version of the program cannot read stays in the store as it is, and is shown as such.

mod acts;
mod beside;
mod by_hand;
mod claim;
mod entries;
mod facts;
mod kept;
mod limit;
mod listed;
mod lost;
mod marks;
mod note;
mod others;
mod row;

pub use beside::Beside;
pub(crate) use beside::{Arrived, Sought};
pub use claim::Claim;
pub use kept::Unread;
pub use listed::{Fit, Insured, Listed, NotChosen};
pub use marks::{Call, Called, Mark, Marks, NotMarked};
pub use note::NotNoted;
pub use others::{OtherRow, Others, Standing};
pub use row::{ByHand, Paper, Row};

use crate::store::{Batch, KeptRow, OldRow, Op, Store, StoreError, Writer};
use checkin::VisitId;
use checkin::time::in_japan;
use entries::{Entries, Entry};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// See the module.
pub struct Board {
    entries: Mutex<Entries>,
    /// Counts the changes of what is shown.
    changes: watch::Sender<u64>,
    store: Arc<dyn Store>,
    writer: Arc<Writer>,
    /// The numbers on the call display.
    calls: watch::Sender<Arc<[Call]>>,
}

impl Board {
    /// With the rows of today that the store has; those of older versions are written anew. Their consents cannot be
    /// withdrawn any more and their questions do not go on, because both need the serial. `kiosks`: how many tell of visits.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(
        store: Arc<dyn Store>,
        writer: Arc<Writer>,
        kiosks: usize,
    ) -> Result<Self, StoreError> {
        let now = Timestamp::now();
        let today = in_japan(now).date();
        store.forget_rows(today)?;
        let (entries, renewed) = restore(&store.rows()?, today, kiosks);
        store.commit(&renewed)?;
        let calls = watch::Sender::new(marks::calls(&entries, now).into());
        let (entries, changes) = (Mutex::new(entries), watch::Sender::new(0));
        Ok(Self { entries, changes, store, writer, calls })
    }

    /// Tells of every change by a number that grows.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// The number of the newest change.
    pub fn revision(&self) -> u64 {
        *self.changes.borrow()
    }

    /// The visits, newest first. One that has a number and no notice yet is a moment old: the next
    /// look shows it.
    pub fn look(&self) -> Vec<(VisitId, Row)> {
        let mut entries = self.entries();
        if entries.forget(Timestamp::now()) {
            self.changes.send_modify(|count| *count += 1);
        }
        let told = entries.visits.iter().rev().filter(|(_, entry)| entry.told);
        told.map(|(visit, entry)| (*visit, entry.row.clone())).collect()
    }

    /// At which kiosk each visit was, by its number.
    pub fn kiosks(&self) -> BTreeMap<u64, String> {
        let entries = self.entries();
        let at = |(visit, entry): (&VisitId, &Entry)| Some((visit.0, entry.row.kiosk.clone()?));
        entries.visits.iter().filter_map(at).collect()
    }

    /// Whether the answer of any visit is still waited for.
    pub fn is_waiting(&self) -> bool {
        self.entries().visits.values().any(Entry::is_parked)
    }

    /// The rows that this version of the program cannot read, newest first.
    pub fn unread(&self) -> Vec<Unread> {
        self.entries().unread.iter().rev().cloned().collect()
    }

    /// Keeps the rows of these visits as they are by then, in one transaction with what `make` gives. See
    /// [`Writer::send`]: the newest row is the last one.
    pub fn keep(&self, visits: &[VisitId], make: impl FnOnce() -> Batch) {
        self.writer.send(|| {
            let mut batch = make();
            batch.ops.extend(visits.iter().filter_map(|visit| self.row(*visit)));
            batch
        });
    }

    /// Keeps the row of a visit as it is now.
    pub fn save(&self, visit: VisitId) {
        self.keep(&[visit], Batch::default);
    }

    /// What keeps the row of a visit as it is now; to be asked for where [`Writer::send`] says.
    fn row(&self, visit: VisitId) -> Option<Op> {
        self.entries().visits.get(&visit)?.op(visit)
    }

    /// Wipes the names and serials of the days before, here and in the store. Blocks.
    ///
    /// # Errors
    /// [`StoreError`]; then it is to be tried again.
    pub fn forget(&self, now: Timestamp) -> Result<(), StoreError> {
        let gone = self.entries().forget(now);
        if gone {
            self.changes.send_modify(|count| *count += 1);
        }
        self.show_calls(now);
        self.store.forget_rows(in_japan(now).date())
    }

    /// For a change: whoever hears of it finds it made, because looking waits for the lock.
    fn entries_to_change(&self) -> MutexGuard<'_, Entries> {
        let entries = self.entries();
        self.changes.send_modify(|count| *count += 1);
        entries
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The rows of the store, and what brings it up to date: a row of an older version is written anew, and a damaged one of this
/// version makes way, so that nothing is written over it. One of a newer version stays where it is.
fn restore(rows: &[KeptRow], today: Date, kiosks: usize) -> (Entries, Vec<Op>) {
    let (mut entries, mut ops) = (Entries::of_kiosks(kiosks), Vec::new());
    for kept in rows {
        let (visit, version) = (kept.visit, kept.version);
        let is_first = !entries.visits.contains_key(&visit);
        if let Some(row) = kept::read(kept).filter(|_| is_first) {
            let entry = Entry::restored(row);
            if version != kept::VERSION {
                ops.extend(entry.op(visit));
                ops.push(Op::OldRow { visit, version, change: OldRow::Renewed });
            }
            entries.visits.insert(visit, entry);
            continue;
        }
        let mut unread = Unread::of(kept, today);
        tracing::error!(visit = visit.0, version, by_hand = unread.by_hand, "{UNREAD}");
        if version == kept::VERSION {
            let of_visit = rows.iter().filter(|row| row.visit == visit);
            let lowest = of_visit.map(|row| row.version).min().unwrap_or(0).min(0);
            unread.version = lowest - 1;
            let change = OldRow::SetAside { version: unread.version };
            ops.push(Op::OldRow { visit, version, change });
        }
        entries.unread.push(unread);
    }
    (entries, ops)
}

const UNREAD: &str =
    "this version of the program cannot read a row of the staff board: it stays as it is";

#[cfg(test)]
mod tests;
