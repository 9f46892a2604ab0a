//! `SQLite`: the embedded default.

use super::{Store, StoreError, Waiting, chain, line};
use checkin::reception::ReceptionNumber;
use checkin::{Record, VisitId};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// In order; `user_version` counts how many were applied.
const MIGRATIONS: [&str; 3] = [
    include_str!("../../migrations/0001_start.sql"),
    include_str!("../../migrations/0002_reception.sql"),
    include_str!("../../migrations/0003_board.sql"),
];
/// Another program (a backup) may hold the file for this long.
const BUSY: Duration = Duration::from_secs(3);

/// A store in one file.
pub struct Sqlite(Mutex<Connection>);

impl Sqlite {
    /// Opens or makes `<folder>/uketsuke.sqlite`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)?;
        let file = Self::file(folder);
        own(&file)?;
        Self::prepare(Connection::open(file)?)
    }

    /// Where it lies.
    pub fn file(folder: &Path) -> PathBuf {
        folder.join("uketsuke.sqlite")
    }

    fn prepare(mut db: Connection) -> Result<Self, StoreError> {
        db.busy_timeout(BUSY)?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "FULL")?;
        db.pragma_update(None, "foreign_keys", true)?;
        // A delivered result file is overwritten, not only unlinked.
        db.pragma_update(None, "secure_delete", true)?;
        // 512 kB of pages are plenty here.
        db.pragma_update(None, "cache_size", -512)?;
        let applied: usize = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let missing = MIGRATIONS.get(applied..).ok_or(StoreError::Newer)?;
        let transaction = db.transaction()?;
        for migration in missing {
            transaction.execute_batch(migration)?;
        }
        transaction.pragma_update(None, "user_version", MIGRATIONS.len())?;
        transaction.commit()?;
        Ok(Self(Mutex::new(db)))
    }

    fn db(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the file for its owner's eyes only; `SQLite` gives its side files the same rights.
fn own(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

/// Folds the log in: it still holds the pages of what was deleted.
fn fold(db: &Connection) -> Result<(), StoreError> {
    Ok(db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
}

fn audit(transaction: &Transaction<'_>, line: &str) -> Result<(), StoreError> {
    let last = transaction
        .query_row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (seq, previous): (i64, [u8; 32]) = last.unwrap_or((0, chain::START));
    let hash = chain::next(&previous, seq + 1, line);
    transaction.execute(
        "INSERT INTO audit (seq, line, hash) VALUES (?1, ?2, ?3)",
        params![seq + 1, line, hash],
    )?;
    Ok(())
}

fn apply(
    db: &Transaction<'_>,
    visit: i64,
    at: Timestamp,
    record: &Record,
) -> Result<(), StoreError> {
    let at = line::time(at);
    db.execute(
        "INSERT OR IGNORE INTO visits (id, started_at) VALUES (?1, ?2)",
        params![visit, at],
    )?;
    match record {
        Record::Identified { method, reason } => {
            let (method, reason) = (line::method(*method), reason.map(line::reason));
            let sql = "UPDATE visits SET identified_by = ?2, visual_reason = ?3 WHERE id = ?1";
            db.execute(sql, params![visit, method, reason])?;
        }
        Record::Consent(answer) => {
            let until = answer.agreed.then(|| line::time(answer.available_until()));
            let sql = "INSERT OR REPLACE INTO consents (visit, topic, agreed, given_at, until) VALUES (?1, ?2, ?3, ?4, ?5)";
            db.execute(
                sql,
                params![
                    visit,
                    line::topic(answer.topic),
                    answer.agreed,
                    line::time(answer.at),
                    until
                ],
            )?;
        }
        Record::Ended(outcome) => {
            let sql = "UPDATE visits SET ended_at = ?2, outcome = ?3 WHERE id = ?1";
            db.execute(sql, params![visit, at, line::outcome(*outcome)])?;
        }
        _ => {}
    }
    Ok(())
}

impl Store for Sqlite {
    fn next_visit(&self) -> Result<VisitId, StoreError> {
        let last: i64 =
            self.db().query_row("SELECT COALESCE(MAX(id), 0) FROM visits", [], |row| row.get(0))?;
        Ok(VisitId(u64::try_from(last).unwrap_or(0) + 1))
    }

    fn append(&self, visit: VisitId, at: Timestamp, record: &Record) -> Result<(), StoreError> {
        let mut db = self.db();
        let transaction = db.transaction()?;
        apply(&transaction, i64::try_from(visit.0).unwrap_or(i64::MAX), at, record)?;
        audit(&transaction, &line::of(visit, at, record))?;
        Ok(transaction.commit()?)
    }

    fn take_number(&self, visit: VisitId, day: Date) -> Result<ReceptionNumber, StoreError> {
        let mut db = self.db();
        let transaction = db.transaction()?;
        let visit = i64::try_from(visit.0).unwrap_or(i64::MAX);
        let day = day.to_string();
        // The same visit keeps its number; another one gets the next.
        let sql = "INSERT OR IGNORE INTO receptions (day, number, visit)
            SELECT ?1, COALESCE(MAX(number), 0) + 1, ?2 FROM receptions WHERE day = ?1";
        transaction.execute(sql, params![day, visit])?;
        let sql = "SELECT number FROM receptions WHERE visit = ?1";
        let number = transaction.query_row(sql, [visit], |row| row.get(0))?;
        transaction.commit()?;
        Ok(ReceptionNumber(number))
    }

    fn check_chain(&self) -> Result<u64, StoreError> {
        let db = self.db();
        let mut lines = db.prepare("SELECT seq, line, hash FROM audit ORDER BY seq")?;
        let mut rows = lines.query([])?;
        let (mut previous, mut count) = (chain::START, 0);
        while let Some(row) = rows.next()? {
            let (seq, line, hash): (i64, String, [u8; 32]) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            count += 1;
            if seq != count || chain::next(&previous, seq, &line) != hash {
                return Err(StoreError::ChainBroken(count));
            }
            previous = hash;
        }
        Ok(count.unsigned_abs())
    }

    fn queue(&self, name: &str, content: &[u8]) -> Result<(), StoreError> {
        self.db().execute(
            "INSERT OR IGNORE INTO outbox (name, content) VALUES (?1, ?2)",
            params![name, content],
        )?;
        Ok(())
    }

    fn first_waiting(&self) -> Result<Option<Waiting>, StoreError> {
        let sql = "SELECT id, name, content FROM outbox ORDER BY id LIMIT 1";
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Waiting { id: row.get(0)?, name: row.get(1)?, content: row.get(2)? })
        };
        Ok(self.db().query_row(sql, [], read).optional()?)
    }

    fn waiting(&self) -> Result<u64, StoreError> {
        let count: i64 =
            self.db().query_row("SELECT COUNT(*) FROM outbox", [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    fn keep_row(
        &self,
        visit: VisitId,
        day: Date,
        row: &str,
        by_hand: bool,
    ) -> Result<(), StoreError> {
        let (visit, day) = (i64::try_from(visit.0).unwrap_or(i64::MAX), day.to_string());
        let sql = "INSERT OR REPLACE INTO board (visit, day, row, by_hand) VALUES (?1, ?2, ?3, ?4)";
        self.db().execute(sql, params![visit, day, row, by_hand])?;
        Ok(())
    }

    fn forget_rows(&self, today: Date) -> Result<(), StoreError> {
        let db = self.db();
        let sql = "DELETE FROM board WHERE day <> ?1 AND by_hand = 0";
        if db.execute(sql, [today.to_string()])? > 0 { fold(&db) } else { Ok(()) }
    }

    fn rows(&self) -> Result<Vec<(VisitId, String)>, StoreError> {
        let db = self.db();
        let mut rows = db.prepare("SELECT visit, row FROM board ORDER BY visit")?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get(1)?));
        let rows = rows.query_map([], read)?.collect::<Result<Vec<_>, _>>()?;
        Ok(rows.into_iter().map(|(visit, row)| (VisitId(visit.unsigned_abs()), row)).collect())
    }

    fn by_hand(&self) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM board WHERE by_hand = 1";
        let count: i64 = self.db().query_row(sql, [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    fn delivered(&self, id: i64) -> Result<(), StoreError> {
        let db = self.db();
        db.execute("DELETE FROM outbox WHERE id = ?1", [id])?;
        fold(&db)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use checkin::consent::{ConsentAnswer, Topic};
    use checkin::identity::Method;
    use checkin::view::Outcome;

    fn at() -> Timestamp {
        "2026-11-23T09:00:00+09:00".parse().unwrap()
    }

    #[test]
    fn a_visit_is_kept_and_the_numbers_go_on_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let store = Sqlite::open(folder.path()).unwrap();
        let visit = store.next_visit().unwrap();
        assert_eq!(visit, VisitId(1));
        let consent = ConsentAnswer { topic: Topic::Operation, agreed: true, at: at() };
        for record in [
            Record::Started,
            Record::Identified { method: Method::Pin, reason: None },
            Record::Consent(consent),
            Record::Ended(Outcome::Confirmed),
        ] {
            store.append(visit, at(), &record).unwrap();
        }
        assert_eq!(store.check_chain().unwrap(), 4);
        let row: (String, String, String) = store
            .db()
            .query_row(
                "SELECT identified_by, outcome, until FROM visits JOIN consents ON visit = id",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .unwrap();
        assert_eq!(row, ("pin".into(), "confirmed".into(), "2026-11-24T09:00:00+09:00".into()));
        drop(store);
        assert_eq!(Sqlite::open(folder.path()).unwrap().next_visit().unwrap(), VisitId(2));
    }

    #[test]
    fn reception_numbers_count_from_one_each_day() {
        let store = Sqlite::prepare(Connection::open_in_memory().unwrap()).unwrap();
        let take =
            |visit, day: &str| store.take_number(VisitId(visit), day.parse().unwrap()).unwrap().0;
        assert_eq!((take(1, "2026-11-23"), take(2, "2026-11-23")), (1, 2));
        assert_eq!(take(1, "2026-11-23"), 1, "the same visit keeps its number");
        assert_eq!(take(3, "2026-11-24"), 1);
    }

    #[test]
    fn a_changed_line_is_found() {
        let store = Sqlite::prepare(Connection::open_in_memory().unwrap()).unwrap();
        for _ in 0..3 {
            store.append(VisitId(1), at(), &Record::PasscodeRefused).unwrap();
        }
        let change = "UPDATE audit SET line = 'nothing happened' WHERE seq = 2";
        assert!(store.db().execute(change, []).is_err(), "the trigger refuses");
        store.db().execute_batch("DROP TRIGGER audit_is_not_changed").unwrap();
        store.db().execute(change, []).unwrap();
        assert!(matches!(store.check_chain(), Err(StoreError::ChainBroken(2))));
    }

    #[test]
    fn files_wait_in_order_until_delivered() {
        let store = Sqlite::prepare(Connection::open_in_memory().unwrap()).unwrap();
        store.queue("a.xml", b"one").unwrap();
        store.queue("b.xml", b"two").unwrap();
        let first = store.first_waiting().unwrap().unwrap();
        assert_eq!((first.name.as_str(), first.content.as_slice()), ("a.xml", &b"one"[..]));
        store.delivered(first.id).unwrap();
        assert_eq!(store.waiting().unwrap(), 1);
    }
}
