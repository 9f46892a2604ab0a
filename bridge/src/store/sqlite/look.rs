//! Looks at a store: for `doctor`, and for counting.

use super::verify::read_only;
use super::{BY_HAND, MIGRATIONS, Sqlite, WAITING, applied, evidence, journal};
use crate::store::{Arrived, StoreError, audit, head};
use checkin::VisitId;
use jiff::Timestamp;
use std::path::Path;

/// What a look from outside finds, without changing anything.
pub enum Looked {
    /// The store is as this version writes it.
    Present {
        /// Lines of the audit, all as they were written.
        lines: u64,
        /// Result files that wait.
        waiting: u64,
        /// Results that staff still have to enter.
        by_hand: u64,
    },
    /// A version before wrote it; the next start brings it up to date.
    Older,
}

/// What a store says of what has arrived at the site's database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// It is from here, and so many changes are on their way.
    Own {
        /// Changes that are not there yet.
        due: u64,
    },
    /// Nothing of this bridge.
    Nothing,
    /// It is from another store.
    AnotherStore,
    /// It is from here, and its audit goes on in another way.
    Differs,
    /// A version before wrote the store: the next start brings it up to date.
    Older,
}

/// What one visit came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Which.
    pub visit: VisitId,
    /// It ended with a confirmed qualification.
    pub confirmed: bool,
    /// Names of the files that appeared for it.
    pub delivered: Vec<String>,
    /// Among them the last one that was queued.
    pub last_delivered: bool,
    /// Staff have to enter its result.
    pub by_hand: bool,
    /// Rows of consents.
    pub consents: u64,
    /// Lines of the audit about them.
    pub consent_lines: u64,
}

impl Sqlite {
    /// Looks at the store in `folder` and changes nothing, not even a version.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn look(folder: &Path) -> Result<Looked, StoreError> {
        // As `Sqlite::verify`.
        let heads = head::read(folder)?;
        let mut db = read_only(&Self::file(folder))?;
        let db = db.transaction()?;
        let version = applied(&db, &MIGRATIONS)?;
        let evidence = evidence(&db, heads, version)?;
        let lines = audit::check(&db, &evidence)?.lines;
        if version < MIGRATIONS.len() {
            return Ok(Looked::Older);
        }
        let count = |sql| {
            Ok::<_, StoreError>(db.query_row(sql, [], |row| row.get::<_, i64>(0))?.unsigned_abs())
        };
        Ok(Looked::Present { lines, waiting: count(WAITING)?, by_hand: count(BY_HAND)? })
    }

    /// Compares the store in `folder` with what had arrived before, without changing anything.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn compare(folder: &Path, arrived: &Arrived) -> Result<Compared, StoreError> {
        let mut db = read_only(&Self::file(folder))?;
        let db = db.transaction()?;
        if applied(&db, &MIGRATIONS)? < MIGRATIONS.len() {
            return Ok(Compared::Older);
        }
        let identity: String = db.query_row("SELECT id FROM identity", [], |row| row.get(0))?;
        Ok(match &arrived.store {
            None => Compared::Nothing,
            Some(store) if *store != identity => Compared::AnotherStore,
            Some(_) if !audit::not_held(&db, vec![arrived.last])?.is_empty() => Compared::Differs,
            Some(_) => Compared::Own { due: journal::due(&db)? },
        })
    }

    /// The time by which the clock is judged (see [`Store::newest`]), without changing anything.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn look_newest(folder: &Path) -> Result<Option<Timestamp>, StoreError> {
        audit::newest(&read_only(&Self::file(folder))?)
    }

    /// What every visit came to, for counting.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tally(&self) -> Result<Vec<Tally>, StoreError> {
        let inner = self.inner();
        let sql = "SELECT id, COALESCE(outcome = 'confirmed', 0),
                (SELECT group_concat(name) FROM outbox WHERE visit = visits.id AND done = 'delivered'),
                COALESCE((SELECT done = 'delivered' FROM outbox WHERE visit = visits.id ORDER BY outbox.id DESC LIMIT 1), 0),
                EXISTS (SELECT 1 FROM board WHERE visit = visits.id AND by_hand = 1),
                (SELECT COUNT(*) FROM consents WHERE visit = visits.id),
                (SELECT COUNT(*) FROM audit WHERE json_extract(line, '$.visit') = visits.id
                    AND json_extract(line, '$.what') = 'consent')
            FROM visits ORDER BY id";
        let mut rows = inner.db.prepare_cached(sql)?;
        let read = |row: &rusqlite::Row<'_>| {
            let names: Option<String> = row.get(2)?;
            Ok(Tally {
                visit: VisitId(row.get::<_, i64>(0)?.unsigned_abs()),
                confirmed: row.get(1)?,
                delivered: names
                    .iter()
                    .flat_map(|names| names.split(','))
                    .map(str::to_owned)
                    .collect(),
                last_delivered: row.get(3)?,
                by_hand: row.get(4)?,
                consents: row.get::<_, i64>(5)?.unsigned_abs(),
                consent_lines: row.get::<_, i64>(6)?.unsigned_abs(),
            })
        };
        Ok(rows.query_map([], read)?.collect::<Result<_, _>>()?)
    }
}
