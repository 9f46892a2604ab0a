//! `SQLite`: the embedded default.

mod backup;
mod journal;
mod look;
mod person;
mod restore;
mod settings_copy;
mod verify;

pub use backup::BackupError;
pub(super) use journal::{Change, Reach, Shipment};
pub use look::{Compared, Looked, Tally};
pub use person::{ToErase, Which};
pub use restore::{RestoreError, Restored};

use super::head::{self, Head};
use super::tables::{carry_out, number};
use super::{Kept, KeptRow, Op, Store, StoreError, Waiting, audit};
use crate::private;
use checkin::VisitId;
use checkin::reception::ReceptionNumber;
use checkin::time::rfc3339;
use jiff::Timestamp;
use jiff::civil::Date;
// A command may write beside the bridge: who reads first and writes then would be refused at once instead of waiting.
use rusqlite::TransactionBehavior::Immediate;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, params};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// In order; `user_version` counts how many were applied.
const MIGRATIONS: [&str; 9] = [
    include_str!("../../migrations/0001_start.sql"),
    include_str!("../../migrations/0002_reception.sql"),
    include_str!("../../migrations/0003_board.sql"),
    include_str!("../../migrations/0004_outbox.sql"),
    include_str!("../../migrations/0005_append_only.sql"),
    include_str!("../../migrations/0006_visit_numbers.sql"),
    include_str!("../../migrations/0007_rows.sql"),
    include_str!("../../migrations/0008_kept_for.sql"),
    include_str!("../../migrations/0009_journal.sql"),
];
/// From this version on the head of the audit is noted outside of the database.
const NOTES_HEAD: usize = 5;
/// Another program (a backup) may hold the file for this long.
const BUSY: Duration = Duration::from_secs(3);
/// A reader that is in the way of tidying is not waited for: it is tried again.
const BUSY_TIDYING: Duration = Duration::from_millis(50);

/// A store in one file.
pub struct Sqlite(Mutex<Inner>);

struct Inner {
    db: Connection,
    /// `None` for a store in memory.
    head: Option<Head>,
    /// What was deleted may still be in the log.
    untidy: bool,
}

impl Sqlite {
    /// Opens or makes `<folder>/uketsuke.sqlite`, for patients or for practice.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Mixed`] when it is for the other.
    pub fn open(folder: &Path, practice: bool) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)?;
        restore::is_complete(folder)?;
        let file = Self::file(folder);
        let (db, before) = open(&file, &MIGRATIONS)?;
        let holds_practice: bool = mark(&db, practice)?;
        if holds_practice != practice {
            return Err(StoreError::Mixed { folder: folder.into(), practice: holds_practice });
        }
        let head = Head::new(folder, evidence(&db, head::read(folder)?, before)?);
        if !head.evidence().is_empty() {
            tracing::error!("the audit is not what audit.head says: run `uketsuke-bridge doctor`");
        }
        head.note(audit::last(&db)?)?;
        Ok(Self(Mutex::new(Inner { db, head: Some(head), untidy: true })))
    }

    /// A store that is gone with the program, for simulations and tests.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn in_memory() -> Result<Self, StoreError> {
        let mut db = Connection::open_in_memory()?;
        bring_up_to_date(&mut db, &MIGRATIONS)?;
        Ok(Self(Mutex::new(Inner { db, head: None, untidy: false })))
    }

    /// Where it lies.
    pub fn file(folder: &Path) -> PathBuf {
        folder.join("uketsuke.sqlite")
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const WAITING: &str = "SELECT COUNT(*) FROM outbox WHERE done IS NULL";
const BY_HAND: &str = "SELECT COUNT(*) FROM board WHERE by_hand = 1";

/// How many of these migrations a database has.
fn applied(db: &Connection, migrations: &[&str]) -> Result<usize, StoreError> {
    let applied = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if applied > migrations.len() { Err(StoreError::Newer) } else { Ok(applied) }
}

/// Opens or makes a database for its owner's eyes only, sets it up as all of ours are, and brings it up to date; gives the version
/// that it had.
pub(crate) fn open(file: &Path, migrations: &[&str]) -> Result<(Connection, usize), StoreError> {
    own(file)?;
    let mut db = Connection::open(file)?;
    let before = bring_up_to_date(&mut db, migrations)?;
    Ok((db, before))
}

/// Makes the file for its owner's eyes only; `SQLite` gives its side files the same rights.
fn own(file: &Path) -> std::io::Result<()> {
    private::options().create(true).append(true).open(file).map(drop)
}

fn bring_up_to_date(db: &mut Connection, migrations: &[&str]) -> Result<usize, StoreError> {
    db.busy_timeout(BUSY)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    // A delivered result file is overwritten, not only unlinked.
    db.pragma_update(None, "secure_delete", true)?;
    // 512 kB of pages are plenty here.
    db.pragma_update(None, "cache_size", -512)?;
    let applied = applied(db, migrations)?;
    let transaction = db.transaction()?;
    for migration in &migrations[applied..] {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", migrations.len())?;
    transaction.commit()?;
    Ok(applied)
}

/// Marks a new store; gives what it is marked as.
fn mark(db: &Connection, practice: bool) -> Result<bool, StoreError> {
    db.execute("INSERT OR IGNORE INTO store (one, practice) VALUES (1, ?1)", [practice])?;
    Ok(db.query_row("SELECT practice FROM store", [], |row| row.get(0))?)
}

/// The noted heads that the audit does not hold.
fn evidence(
    db: &Connection,
    heads: Option<Vec<head::At>>,
    version: usize,
) -> Result<Vec<head::At>, StoreError> {
    match heads {
        Some(heads) => audit::not_held(db, heads),
        None if version >= NOTES_HEAD && audit::last(db)?.0 > 0 => Ok(vec![head::MISSING]),
        None => Ok(Vec::new()),
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

impl Inner {
    /// Folds the log in: it still holds the pages of what was deleted. A reader may be in the way;
    /// then it is tried again with the next deletion, and by [`Store::tidy`].
    fn fold(&mut self) -> Result<(), StoreError> {
        self.untidy = true;
        self.db.busy_timeout(BUSY_TIDYING)?;
        let folded = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        self.db.busy_timeout(BUSY)?;
        match folded {
            Ok(busy) => self.untidy = busy,
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

impl Kept for Sqlite {
    fn check_chain(&self) -> Result<u64, StoreError> {
        let inner = self.inner();
        let evidence = inner.head.as_ref().map_or(&[][..], Head::evidence);
        Ok(audit::check(&inner.db.unchecked_transaction()?, evidence)?.lines)
    }

    fn newest(&self) -> Result<Option<Timestamp>, StoreError> {
        audit::newest(&self.inner().db)
    }

    fn outbox(&self) -> Result<Vec<Waiting>, StoreError> {
        let inner = self.inner();
        let sql = "SELECT id, visit, name, placing, queued_at FROM outbox WHERE done IS NULL ORDER BY id LIMIT 1000";
        let mut rows = inner.db.prepare_cached(sql)?;
        let read = |row: &rusqlite::Row<'_>| {
            let visit = VisitId(row.get::<_, i64>(1)?.unsigned_abs());
            let queued_at = row.get::<_, String>(4)?.parse().ok();
            Ok(Waiting {
                id: row.get(0)?,
                visit,
                name: row.get(2)?,
                queued_at,
                placing: row.get(3)?,
            })
        };
        Ok(rows.query_map([], read)?.collect::<Result<_, _>>()?)
    }

    fn has_served(&self, name: &str) -> Result<Option<bool>, StoreError> {
        let sql = "SELECT done IS NOT NULL FROM outbox WHERE name = ?1";
        Ok(self.inner().db.query_row(sql, [name], |row| row.get(0)).optional()?)
    }

    fn waiting(&self) -> Result<u64, StoreError> {
        let count: i64 = self.inner().db.query_row(WAITING, [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    fn waiting_since(&self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT queued_at FROM outbox WHERE done IS NULL ORDER BY id LIMIT 1";
        let at: Option<String> = self.inner().db.query_row(sql, [], |row| row.get(0)).optional()?;
        Ok(at.and_then(|at| at.parse().ok()))
    }

    fn rows(&self) -> Result<Vec<KeptRow>, StoreError> {
        let inner = self.inner();
        let sql = "SELECT board.visit, version, board.day, CAST(row AS BLOB), by_hand, number,
                COALESCE(ended_at, started_at)
            FROM board LEFT JOIN receptions ON receptions.visit = board.visit
                LEFT JOIN visits ON visits.id = board.visit
            ORDER BY board.visit, version DESC";
        let mut rows = inner.db.prepare(sql)?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(KeptRow {
                visit: VisitId(row.get::<_, i64>(0)?.unsigned_abs()),
                version: row.get(1)?,
                day: row.get::<_, String>(2)?.parse().ok(),
                row: row.get(3)?,
                by_hand: row.get(4)?,
                number: row.get::<_, Option<u16>>(5)?.map(ReceptionNumber),
                at: row.get::<_, Option<String>>(6)?.and_then(|at| at.parse().ok()),
            })
        };
        Ok(rows.query_map([], read)?.collect::<Result<_, _>>()?)
    }

    fn lines_of(&self, day: Date) -> Result<Vec<String>, StoreError> {
        audit::lines_of(&self.inner().db, day)
    }

    fn by_hand(&self) -> Result<u64, StoreError> {
        let count: i64 = self.inner().db.query_row(BY_HAND, [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }
}

impl Store for Sqlite {
    fn next_visits(&self, count: u32) -> Result<VisitId, StoreError> {
        // The tables too, because a version before did not write down what it gave.
        let sql = "UPDATE visit_numbers SET last = ?1 + MAX(last,
            (SELECT COALESCE(MAX(id), 0) FROM visits),
            (SELECT COALESCE(MAX(visit), 0) FROM receptions),
            (SELECT COALESCE(MAX(visit), 0) FROM board),
            (SELECT COALESCE(MAX(visit), 0) FROM outbox)) RETURNING last";
        let mut inner = self.inner();
        let transaction = inner.db.transaction_with_behavior(Immediate)?;
        let last: i64 = transaction.query_row(sql, [count], |row| row.get(0))?;
        // On the disk before anybody hears of it.
        transaction.commit()?;
        Ok(VisitId(last.unsigned_abs().saturating_sub(u64::from(count)) + 1))
    }

    fn commit(&self, ops: &[Op]) -> Result<(), StoreError> {
        let mut inner = self.inner();
        let transaction = inner.db.transaction_with_behavior(Immediate)?;
        let mut deleted = false;
        for op in ops {
            deleted |= carry_out(&transaction, op)?;
        }
        transaction.commit()?;
        // What deletes may have said so in the audit.
        let told = |op: &Op| matches!(op, Op::Record { .. } | Op::Deed { .. });
        if let Some(head) = inner.head.as_ref().filter(|_| deleted || ops.iter().any(told))
            && let Err(error) = head.note(audit::last(&inner.db)?)
        {
            // It is behind now, which is allowed; the next one catches up.
            tracing::warn!(%error, "the head of the audit was not noted");
        }
        // The deed is done; what tidying finds in its way is tried again.
        if deleted && let Err(error) = inner.fold() {
            tracing::warn!(%error, "the log of the store was not folded in");
        }
        Ok(())
    }

    fn oldest(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        audit::oldest(&self.inner().db, now)
    }

    fn take_number(&self, visit: VisitId, day: Date) -> Result<ReceptionNumber, StoreError> {
        let mut inner = self.inner();
        let transaction = inner.db.transaction_with_behavior(Immediate)?;
        let (first, last) = journal::numbers(&transaction)?;
        let (visit, day) = (number(visit), day.to_string());
        // The same visit keeps its number; another one gets the next, as long as there is one.
        let sql = "INSERT OR IGNORE INTO receptions (day, number, visit)
            SELECT ?1, COALESCE(MAX(number) + 1, ?3), ?2 FROM receptions
                WHERE day = ?1 AND number BETWEEN ?3 AND ?4
            HAVING COALESCE(MAX(number) + 1, ?3) <= ?4";
        transaction.execute(sql, params![day, visit, first, last])?;
        let sql = "SELECT number FROM receptions WHERE visit = ?1";
        let number = transaction.query_row(sql, [visit], |row| row.get(0))?;
        transaction.commit()?;
        Ok(ReceptionNumber(number))
    }

    fn content(&self, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT content FROM outbox WHERE id = ?1";
        let content = self.inner().db.query_row(sql, [id], |row| row.get(0)).optional()?;
        Ok(content.flatten())
    }

    fn place(&self, id: i64, folder: &str) -> Result<bool, StoreError> {
        let sql = "UPDATE outbox SET placing = ?2 WHERE id = ?1 AND done IS NULL";
        Ok(self.inner().db.execute(sql, params![id, folder])? > 0)
    }

    fn forget_served(&self, before: Timestamp) -> Result<(), StoreError> {
        // The newest row keeps the numbers of visits going, should other records be lost.
        let sql = "DELETE FROM outbox WHERE done_at < ?1 AND id < (SELECT MAX(id) FROM outbox)";
        self.inner().db.execute(sql, [rfc3339(before)])?;
        Ok(())
    }

    fn forget_rows(&self, today: Date) -> Result<(), StoreError> {
        let mut inner = self.inner();
        let sql = "DELETE FROM board WHERE day < ?1 AND by_hand = 0";
        let deleted = inner.db.execute(sql, [today.to_string()])? > 0;
        if deleted || inner.untidy { inner.fold() } else { Ok(()) }
    }

    fn tidy(&self) -> Result<(), StoreError> {
        let mut inner = self.inner();
        if inner.untidy { inner.fold() } else { Ok(()) }
    }
}

#[cfg(test)]
mod keep_tests;
#[cfg(test)]
#[path = "sqlite_tests.rs"]
mod tests;
