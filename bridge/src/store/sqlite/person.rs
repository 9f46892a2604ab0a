//! What is kept of a visit or a day, for the person who asks for it or for an auditor; and whose visit it was, as far as that can be
//! told without a name: by its reception number on its day.

use super::verify::read_only;
use super::{BUSY, Sqlite};
use crate::store::retention::NOT_KEPT;
use crate::store::tables::{carry_out, number};
use crate::store::{Actor, Deed, Op, StoreError, audit};
use checkin::VisitId;
use checkin::time::rfc3339;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::TransactionBehavior::Immediate;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, params};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Visits of a day that are told at most: the rest is counted.
const MOST_VISITS: usize = 2_000;
/// Lines of the audit about one visit that are told at most; one has about twenty.
const MOST_LINES: usize = 500;

/// What to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// One visit.
    Visit(VisitId),
    /// All visits of a day in Japan.
    Day(Date),
}

/// What would be lost with an erasure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ToErase {
    /// Rows of the staff board.
    pub rows: u64,
    /// Among them results that staff have not entered yet.
    pub unentered: u64,
    /// Result files that have not reached the receipt computer.
    pub files: u64,
    /// Among them files that may be in the result folder already.
    pub perhaps_there: u64,
}

impl Sqlite {
    /// The visit that had this reception number on that day; `None`: none has it, or not any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn find(folder: &Path, day: Date, number: u16) -> Result<Option<VisitId>, StoreError> {
        let db = read_only(&Self::file(folder))?;
        let sql = "SELECT visit FROM receptions WHERE day = ?1 AND number = ?2";
        let visit: Option<i64> =
            db.query_row(sql, params![day.to_string(), number], |row| row.get(0)).optional()?;
        Ok(visit.map(|visit| VisitId(visit.unsigned_abs())))
    }

    /// What of a visit names its person.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn to_erase(folder: &Path, visit: VisitId) -> Result<ToErase, StoreError> {
        let db = read_only(&Self::file(folder))?;
        let count = |sql| -> Result<u64, StoreError> {
            Ok(db.query_row(sql, [number(visit)], |row| row.get::<_, i64>(0))?.unsigned_abs())
        };
        Ok(ToErase {
            rows: count("SELECT COUNT(*) FROM board WHERE visit = ?1")?,
            unentered: count("SELECT COUNT(*) FROM board WHERE visit = ?1 AND by_hand = 1")?,
            files: count("SELECT COUNT(*) FROM outbox WHERE visit = ?1 AND done IS NULL")?,
            perhaps_there: count(
                "SELECT COUNT(*) FROM outbox WHERE visit = ?1 AND done IS NULL AND placing IS NOT NULL",
            )?,
        })
    }

    /// Everything that is kept about it, as JSON, from a store that may be in use. `None`: nothing is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn export(
        folder: &Path,
        which: Which,
        now: Timestamp,
    ) -> Result<Option<Value>, StoreError> {
        let mut db = read_only(&Self::file(folder))?;
        let db = db.transaction()?;
        let mut visits = visits(&db, which)?;
        let left_off = visits.len().saturating_sub(MOST_VISITS);
        visits.truncate(MOST_VISITS);
        if visits.is_empty() {
            return Ok(None);
        }
        let lines = lines(&db, &visits)?;
        let told = visits
            .iter()
            .map(|visit| one(&db, *visit, lines.get(visit).map_or(&[][..], Vec::as_slice)))
            .collect::<Result<Vec<_>, _>>()?;
        let of = match which {
            Which::Visit(visit) => json!({ "visit": visit.0 }),
            Which::Day(day) => json!({ "day": day.to_string() }),
        };
        Ok(Some(json!({
            "format": "uketsuke-export/1", "made_at": rfc3339(now), "of": of, "visits": told,
            "visits_left_off": left_off, "not_kept": NOT_KEPT })))
    }
}

impl Sqlite {
    /// Writes into the audit of a store that may be in use what a command has told of it, with counts of `told` that name nobody.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn exported(
        folder: &Path,
        of: Which,
        told: &Value,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let all = told["visits"].as_array().map_or(&[][..], Vec::as_slice);
        let of_each = |kind: &'static str| {
            all.iter().filter_map(move |visit| visit[kind].as_array()).flatten()
        };
        let rows = of_each("staff_board").count();
        let files = of_each("result_files").filter(|file| !file["content"].is_null()).count();
        Self::note(folder, Deed::Exported { of, visits: all.len(), rows, files }, now)
    }

    /// Writes into the audit of a store that may be in use what a command does. The head of the audit is noted by the bridge, with
    /// its next line or its next start: two that note it would spoil it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note(folder: &Path, deed: Deed, now: Timestamp) -> Result<(), StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        let mut db = Connection::open_with_flags(Self::file(folder), flags)?;
        db.busy_timeout(BUSY)?;
        db.pragma_update(None, "synchronous", "FULL")?;
        let transaction = db.transaction_with_behavior(Immediate)?;
        carry_out(&transaction, &Op::Deed { at: now, deed, by: Some(Actor::Command) })?;
        Ok(transaction.commit()?)
    }
}

/// The numbers of the visits that anything is kept of.
fn visits(db: &Connection, which: Which) -> Result<Vec<i64>, StoreError> {
    let (sql, of) = match which {
        Which::Visit(visit) => (
            "SELECT id FROM visits WHERE id = ?1 UNION SELECT visit FROM receptions WHERE visit = ?1
                UNION SELECT visit FROM board WHERE visit = ?1
                UNION SELECT visit FROM outbox WHERE visit = ?1",
            number(visit).to_string(),
        ),
        Which::Day(day) => (
            "SELECT id FROM visits WHERE substr(started_at, 1, 10) = ?1
                UNION SELECT visit FROM receptions WHERE day = ?1
                UNION SELECT visit FROM board WHERE day = ?1 ORDER BY 1",
            day.to_string(),
        ),
    };
    all(db, sql, &of, |row| row.get(0))
}

fn all<T>(
    db: &Connection,
    sql: &str,
    of: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    let mut rows = db.prepare(sql)?;
    Ok(rows.query_map([of], read)?.collect::<Result<_, _>>()?)
}

/// The lines of the audit about these visits, by visit: one look at all lines.
fn lines(db: &Connection, visits: &[i64]) -> Result<BTreeMap<i64, Vec<Value>>, StoreError> {
    let mut told: BTreeMap<i64, Vec<Value>> = visits.iter().map(|visit| (*visit, vec![])).collect();
    audit::each(db, |seq, line| {
        let Ok(mut line) = serde_json::from_str::<Value>(line) else { return };
        let of = line["visit"].as_i64().and_then(|visit| told.get_mut(&visit));
        if let Some(of) = of.filter(|of| of.len() < MOST_LINES) {
            line["line"] = json!(seq);
            of.push(line);
        }
    })?;
    Ok(told)
}

fn one(db: &Connection, visit: i64, audit: &[Value]) -> Result<Value, StoreError> {
    let of = visit.to_string();
    let text = |row: &Row<'_>, at| row.get::<_, Option<String>>(at);
    let sql = "SELECT started_at, identified_by, visual_reason, ended_at, outcome FROM visits WHERE id = ?1";
    let itself = all(db, sql, &of, |row| {
        Ok(json!({ "started_at": text(row, 0)?, "identified_by": text(row, 1)?,
            "visual_reason": text(row, 2)?, "ended_at": text(row, 3)?, "outcome": text(row, 4)? }))
    })?;
    let sql = "SELECT day, number FROM receptions WHERE visit = ?1";
    let reception = all(db, sql, &of, |row| {
        Ok(json!({ "day": text(row, 0)?, "number": row.get::<_, i64>(1)? }))
    })?;
    let sql = "SELECT topic, agreed, given_at, until FROM consents WHERE visit = ?1 ORDER BY rowid";
    let consents = all(db, sql, &of, |row| {
        Ok(json!({ "topic": text(row, 0)?, "agreed": row.get::<_, bool>(1)?,
            "given_at": text(row, 2)?, "until": text(row, 3)? }))
    })?;
    let sql = "SELECT version, day, by_hand, CAST(row AS BLOB) FROM board WHERE visit = ?1";
    let board = all(db, sql, &of, |row| {
        Ok(json!({ "version": row.get::<_, i64>(0)?, "day": text(row, 1)?,
            "to_be_entered": row.get::<_, bool>(2)?, "row": readable(&row.get::<_, Vec<u8>>(3)?) }))
    })?;
    let sql =
        "SELECT name, queued_at, done, done_at, content FROM outbox WHERE visit = ?1 ORDER BY id";
    let files = all(db, sql, &of, |row| {
        let content: Option<Vec<u8>> = row.get(4)?;
        Ok(json!({ "name": text(row, 0)?, "queued_at": text(row, 1)?, "done": text(row, 2)?,
            "done_at": text(row, 3)?, "content": content.as_deref().map(readable) }))
    })?;
    Ok(json!({ "visit": visit, "itself": itself.first(), "reception": reception.first(),
        "consents": consents, "staff_board": board, "result_files": files, "audit": audit }))
}

/// JSON as such, other text as text, anything else (`Shift_JIS`) as hex.
fn readable(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|_| match std::str::from_utf8(bytes) {
        Ok(text) => json!(text),
        Err(_) => json!({ "hex": hex::encode(bytes) }),
    })
}
