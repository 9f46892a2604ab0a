//! The journal of what the site's database does not have yet. `SQLite`'s own triggers write it inside of each transaction, so
//! that nothing is kept here without being due there, whoever writes it.

use super::Sqlite;
use crate::store::sent::{FORM, TABLES, Table};
use crate::store::{Place, StoreError, audit, chain};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, params, params_from_iter};

/// The largest reception number that there is.
const LAST_NUMBER: i64 = 9_999;

/// What is to be sent in one transaction: in it the site's database gets from one state of the journal to the next.
pub(in crate::store) struct Shipment {
    /// The journal's number up to which it goes.
    pub(in crate::store) through: i64,
    /// Everything that is there is outdated, whatever it is, but for the lines of the audit behind this one.
    pub(in crate::store) anew: Option<i64>,
    /// Each row that was touched, once, as it is now.
    pub(in crate::store) changes: Vec<Change>,
}

impl Shipment {
    /// Rows of the staff board may be among it.
    pub(in crate::store) fn has_rows(&self) -> bool {
        self.anew.is_some() || self.changes.iter().any(|change| change.table.name == "board")
    }
}

/// What became of a row. No `Debug`: it may name somebody.
pub(in crate::store) struct Change {
    pub(in crate::store) table: &'static Table,
    pub(in crate::store) key: Vec<Value>,
    /// All columns that are sent, those of the key first; `None`: it is gone.
    pub(in crate::store) row: Option<Vec<Value>>,
}

/// How far the journal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Reach {
    /// Acknowledged by the site's database; [`PUT_BACK`]: whatever is written here is not what it has.
    pub(in crate::store) sent: i64,
    /// Written here.
    pub(in crate::store) written: i64,
}

/// No journal comes so far.
const PUT_BACK: i64 = i64::MAX;

impl Reach {
    /// Whether the site's database, which has the journal up to `sent`, cannot have it from here.
    pub(in crate::store) fn is_behind(self, sent: i64) -> bool {
        sent.max(self.sent) > self.written
    }
}

impl Sqlite {
    /// From now on the journal is written for this bridge of a site, and only its reception numbers are given; `wake` is called
    /// with every commit, and must not use the store. What is there already is sent, too.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn follow(
        &self,
        place: &Place,
        wake: impl Fn() + Send + 'static,
    ) -> Result<(), StoreError> {
        let Place { site, bridge, numbers } = place;
        let mut inner = self.inner();
        let transaction = inner.db.transaction()?;
        let sql = "SELECT 1 FROM journal_for WHERE site = ?1 AND bridge = ?2 AND form = ?3";
        let goes_on =
            transaction.query_row(sql, params![site, bridge, FORM], |_| Ok(())).optional()?;
        if goes_on.is_none() {
            let sql = "INSERT OR REPLACE INTO journal_for
                (one, site, bridge, form, sent, first_number, last_number)
                VALUES (1, ?1, ?2, ?3, 0, 1, 1)";
            transaction.execute(sql, params![site, bridge, FORM])?;
            anew(&transaction)?;
        }
        let sql = "UPDATE journal_for SET first_number = ?1, last_number = ?2";
        transaction.execute(sql, params![numbers.start(), numbers.end()])?;
        for table in &TABLES {
            transaction.execute_batch(&table.triggers())?;
        }
        transaction.commit()?;
        let hook = move || {
            wake();
            // Let it happen.
            false
        };
        inner.db.commit_hook(Some(hook))?;
        Ok(())
    }

    /// There is no such database (any more).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn follow_nobody(&self) -> Result<(), StoreError> {
        let mut inner = self.inner();
        let transaction = inner.db.transaction()?;
        for table in &TABLES {
            transaction.execute_batch(&table.no_triggers())?;
        }
        transaction.execute_batch("DELETE FROM journal_for; DELETE FROM journal")?;
        transaction.commit()?;
        Ok(())
    }

    /// Changes that the site's database does not have yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn unsent(&self) -> Result<u64, StoreError> {
        due(&self.inner().db)
    }

    /// By what this store is known again.
    pub(in crate::store) fn identity(&self) -> Result<String, StoreError> {
        Ok(self.inner().db.query_row("SELECT id FROM identity", [], |row| row.get(0))?)
    }

    /// How far it is.
    pub(in crate::store) fn reach(&self) -> Result<Reach, StoreError> {
        let sql = "SELECT COALESCE((SELECT sent FROM journal_for), 0),
            COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'journal'), 0)";
        let read = |row: &rusqlite::Row<'_>| Ok(Reach { sent: row.get(0)?, written: row.get(1)? });
        Ok(self.inner().db.query_row(sql, [], read)?)
    }

    /// The next ones, so many entries of the journal at most; `None`: everything is sent.
    pub(in crate::store) fn shipment(&self, most: u32) -> Result<Option<Shipment>, StoreError> {
        let inner = self.inner();
        let sql = "SELECT MAX(seq) FROM (SELECT seq FROM journal ORDER BY seq LIMIT ?1)";
        let through: Option<i64> = inner.db.query_row(sql, [most], |row| row.get(0))?;
        let Some(through) = through else { return Ok(None) };
        let sql =
            "SELECT tbl, key FROM journal WHERE seq <= ?1 GROUP BY tbl, key ORDER BY MIN(seq)";
        let mut entries = inner.db.prepare_cached(sql)?;
        let mut rows = entries.query([through])?;
        let (mut anew, mut changes) = (None, Vec::new());
        let start = audit::start(&inner.db)?.0;
        while let Some(row) = rows.next()? {
            let (table, key): (String, String) = (row.get(0)?, row.get(1)?);
            if table.is_empty() {
                anew = Some(start);
            }
            if let Some(table) = Table::named(&table) {
                let change = change(&inner.db, table, &key)?;
                // What was deleted before its time, by whomever, is evidence there.
                let is_over =
                    matches!(change.key.first(), Some(Value::Integer(line)) if *line <= start);
                if !table.stays || change.row.is_some() || is_over {
                    changes.push(change);
                }
            }
        }
        Ok(Some(Shipment { through, anew, changes }))
    }

    /// The site's database has everything up to there.
    pub(in crate::store) fn sent(&self, through: i64) -> Result<(), StoreError> {
        let mut inner = self.inner();
        let transaction = inner.db.transaction()?;
        transaction.execute("DELETE FROM journal WHERE seq <= ?1", [through])?;
        transaction.execute("UPDATE journal_for SET sent = ?1", [through])?;
        transaction.commit()?;
        Ok(())
    }

    /// The site's database has what this store does not: it was put back from a copy. That stays so when the journal has come as
    /// far again.
    pub(in crate::store) fn was_put_back(&self) -> Result<(), StoreError> {
        self.inner().db.execute("UPDATE journal_for SET sent = ?1", [PUT_BACK])?;
        Ok(())
    }

    /// The site's database is new, or lost something: it gets everything.
    pub(in crate::store) fn send_anew(&self) -> Result<(), StoreError> {
        let mut inner = self.inner();
        let transaction = inner.db.transaction()?;
        transaction.execute("UPDATE journal_for SET sent = 0", [])?;
        anew(&transaction)?;
        transaction.commit()?;
        Ok(())
    }

    /// Whether line `seq` of the audit has this hash.
    pub(in crate::store) fn has_line(&self, seq: i64, hash: &[u8]) -> Result<bool, StoreError> {
        let sql = "SELECT hash FROM audit WHERE seq = ?1";
        let held: Option<[u8; 32]> =
            self.inner().db.query_row(sql, [seq], |row| row.get(0)).optional()?;
        Ok(held.unwrap_or(chain::START) == hash)
    }
}

/// Entries of the journal. No number between is missing, because they are deleted from the front: so nobody waits while a long
/// journal is counted.
pub(super) fn due(db: &Connection) -> Result<u64, StoreError> {
    let sql =
        "SELECT COALESCE((SELECT MAX(seq) FROM journal) - (SELECT MIN(seq) FROM journal) + 1, 0)";
    Ok(db.query_row(sql, [], |row| row.get::<_, i64>(0))?.unsigned_abs())
}

/// The journal of a copy: nothing of it is due, and its numbers go on behind so many that are left out.
pub(super) fn begin_anew(db: &Connection, block: i64) -> Result<(), StoreError> {
    db.execute_batch(
        "DELETE FROM journal_for; DELETE FROM journal;
        INSERT INTO sqlite_sequence (name, seq) SELECT 'journal', 0
            WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'journal');",
    )?;
    let sql = "UPDATE sqlite_sequence SET seq = seq + ?1 WHERE name = 'journal'";
    db.execute(sql, [block])?;
    Ok(())
}

/// The first and the last reception number that this bridge gives.
pub(super) fn numbers(db: &Connection) -> Result<(i64, i64), StoreError> {
    let sql =
        "SELECT COALESCE(MAX(first_number), 1), COALESCE(MAX(last_number), ?1) FROM journal_for";
    Ok(db.query_row(sql, [LAST_NUMBER], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

fn anew(db: &Connection) -> Result<(), StoreError> {
    db.execute_batch("DELETE FROM journal; INSERT INTO journal (tbl, key) VALUES ('', '[]')")?;
    for table in &TABLES {
        db.execute_batch(&table.all())?;
    }
    Ok(())
}

fn change(db: &Connection, table: &'static Table, key: &str) -> Result<Change, StoreError> {
    let broken = |error: serde_json::Error| StoreError::Database(error.into());
    let key: Vec<serde_json::Value> = serde_json::from_str(key).map_err(broken)?;
    let key: Vec<Value> = key.iter().map(value).collect();
    let mut select = db.prepare_cached(&table.select())?;
    let count = select.column_count();
    let read = |row: &rusqlite::Row<'_>| (0..count).map(|at| row.get(at)).collect();
    let row = select.query_row(params_from_iter(&key), read).optional()?;
    Ok(Change { table, key, row })
}

/// Keys are numbers and text.
fn value(json: &serde_json::Value) -> Value {
    match (json.as_i64(), json.as_str()) {
        (Some(number), _) => Value::Integer(number),
        (None, Some(text)) => Value::Text(text.to_owned()),
        (None, None) => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Op, Store as _};
    use checkin::{Record, VisitId};
    use jiff::Timestamp;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

    fn row(store: &Sqlite, day: &str, text: &str) {
        let (visit, day, row) = (VisitId(1), day.parse().unwrap(), text.to_owned());
        store.commit(&[Op::Row { visit, version: 1, day, row, by_hand: false }]).unwrap();
    }

    fn place(bridge: &str) -> Place {
        Place { site: "clinic".into(), bridge: bridge.into(), numbers: 1..=9999 }
    }

    fn started(store: &Sqlite, visit: u64) {
        store.append(VisitId(visit), Timestamp::UNIX_EPOCH, &Record::Started).unwrap();
    }

    fn tables(shipment: &Shipment) -> Vec<(&'static str, bool)> {
        shipment.changes.iter().map(|change| (change.table.name, change.row.is_some())).collect()
    }

    #[test]
    fn each_touched_row_is_due_once_as_it_is_now_and_nothing_when_all_is_sent() {
        let store = Sqlite::in_memory().unwrap();
        started(&store, 1);
        assert!(store.shipment(9).unwrap().is_none(), "nobody wants it");
        let woken = Arc::new(AtomicU32::new(0));
        let wakes = Arc::clone(&woken);
        store.follow(&place("a"), move || _ = wakes.fetch_add(1, SeqCst)).unwrap();
        let first = store.shipment(9).unwrap().unwrap();
        assert_eq!(
            (tables(&first), first.anew),
            (vec![("visits", true), ("audit", true)], Some(0))
        );
        store.sent(first.through).unwrap();
        row(&store, "2026-11-23", "a name");
        row(&store, "2026-11-23", "a name of somebody");
        assert!(woken.load(SeqCst) >= 2);
        let second = store.shipment(9).unwrap().unwrap();
        assert_eq!((tables(&second), second.anew), (vec![("board", true)], None));
        let text = &second.changes[0].row.as_ref().unwrap()[3];
        assert_eq!(text, &Value::Blob(b"a name of somebody".to_vec()));
        // Its day is over before it was sent.
        store.forget_rows("2026-11-24".parse().unwrap()).unwrap();
        let third = store.shipment(9).unwrap().unwrap();
        assert_eq!(tables(&third), [("board", false)]);
        store.sent(third.through).unwrap();
        assert!(store.shipment(9).unwrap().is_none());
        assert_eq!(store.reach().unwrap(), Reach { sent: third.through, written: third.through });
    }

    #[test]
    fn the_journal_goes_on_for_the_same_bridge_and_begins_anew_for_another() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Sqlite::open(folder.path(), false).unwrap();
        let store = open();
        started(&store, 1);
        store.follow(&place("a"), || ()).unwrap();
        let all = store.shipment(9).unwrap().unwrap();
        store.sent(all.through).unwrap();
        started(&store, 2);
        drop(store);
        let store = open();
        store.follow(&place("a"), || ()).unwrap();
        let rest = store.shipment(9).unwrap().unwrap();
        assert_eq!((tables(&rest).len(), rest.anew, store.unsent().unwrap()), (2, None, 2));
        store.follow(&place("b"), || ()).unwrap();
        let all = store.shipment(9).unwrap().unwrap();
        assert_eq!((tables(&all).len(), all.anew), (4, Some(0)));
        store.follow_nobody().unwrap();
        started(&store, 3);
        assert_eq!(store.unsent().unwrap(), 0);
    }

    #[test]
    fn lines_of_the_audit_are_deleted_there_when_their_time_is_over_and_not_before() {
        let store = Sqlite::in_memory().unwrap();
        store.follow(&place("a"), || ()).unwrap();
        let at = |days: i64| Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(24 * days);
        for day in 1..=3_i64 {
            let visit = VisitId(day.unsigned_abs());
            store.append(visit, at(day), &Record::Started).unwrap();
        }
        store.commit(&[Op::Forget { before: at(2), at: at(3) }]).unwrap();
        let all = store.shipment(99).unwrap().unwrap();
        let mut audit = all.changes.iter().filter(|change| change.table.name == "audit");
        let over = audit.find(|change| change.key == [Value::Integer(1)]);
        assert!(over.is_some_and(|change| change.row.is_none()));
        store.sent(all.through).unwrap();
        // Somebody cuts it off.
        let cut = "DROP TRIGGER audit_is_not_deleted; DELETE FROM audit WHERE seq > 1";
        store.inner().db.execute_batch(cut).unwrap();
        let shipment = store.shipment(99).unwrap().unwrap();
        assert!(tables(&shipment).is_empty());
        // Where all is sent anew, only what was before is outdated.
        store.send_anew().unwrap();
        assert_eq!(store.shipment(99).unwrap().unwrap().anew, Some(1));
    }

    #[test]
    fn no_name_lies_in_the_journal() {
        let store = Sqlite::in_memory().unwrap();
        store.follow(&place("a"), || ()).unwrap();
        row(&store, "2026-11-23", "a name of somebody");
        let sql = "SELECT group_concat(tbl || key) FROM journal";
        let all: String = store.inner().db.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(all, "[],board[1,1]");
    }
}
