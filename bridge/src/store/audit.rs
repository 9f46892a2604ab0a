//! The audit: one line for each record, chained by hashes.

use super::chain::{self, Check};
use super::head::{self, At};
use super::{StoreError, line};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::Value;

/// Number and hash of the last line.
pub(super) fn last(db: &Connection) -> Result<At, StoreError> {
    let sql = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
    let last = db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(last.unwrap_or((0, chain::START)))
}

/// Appends a line.
pub(super) fn append(db: &Connection, line: &str) -> Result<(), StoreError> {
    let (seq, previous) = last(db)?;
    let hash = chain::next(&previous, seq + 1, line);
    db.execute(
        "INSERT INTO audit (seq, line, hash) VALUES (?1, ?2, ?3)",
        params![seq + 1, line, hash],
    )?;
    Ok(())
}

/// Lines that are looked at for the newest time. While the clock is before it nobody is served, so that far fewer follow.
const LATEST: i64 = 10_000;

/// The latest time of a line since the clock was accepted last. Not simply that of the last line: staff may do things while the
/// clock is wrong, and their lines have its time.
pub(super) fn newest(db: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let mut lines = db.prepare("SELECT line FROM audit ORDER BY seq DESC LIMIT ?1")?;
    let mut rows = lines.query([LATEST])?;
    let mut newest = None;
    while let Some(row) = rows.next()? {
        let line: String = row.get(0)?;
        let Ok(line) = serde_json::from_str::<Value>(&line) else { continue };
        newest = newest.max(line["at"].as_str().and_then(|at| at.parse().ok()));
        if line["what"] == line::CLOCK_ACCEPTED {
            break;
        }
    }
    Ok(newest)
}

/// The noted heads that the audit does not hold (any more).
pub(super) fn not_held(db: &Connection, heads: Vec<At>) -> Result<Vec<At>, StoreError> {
    let mut evidence = Vec::new();
    for (seq, hash) in heads {
        let sql = "SELECT hash FROM audit WHERE seq = ?1";
        let held: Option<[u8; 32]> = db.query_row(sql, [seq], |row| row.get(0)).optional()?;
        if held.unwrap_or(chain::START) != hash || seq == head::MISSING.0 {
            evidence.push((seq, hash));
        }
    }
    Ok(evidence)
}

/// Checks the chain and the consents, and gives the number of lines. `evidence`: noted heads that are
/// not held.
pub(super) fn check(db: &Connection, evidence: &[At]) -> Result<u64, StoreError> {
    let mut check = Check::default();
    let mut lines = db.prepare("SELECT seq, line, hash FROM audit ORDER BY seq")?;
    let mut rows = lines.query([])?;
    while let Some(row) = rows.next()? {
        let line: String = row.get(1)?;
        check.line(row.get(0)?, &line, row.get(2)?)?;
    }
    chain::heads(evidence)?;
    let mut consents = db.prepare("SELECT visit, topic, agreed, given_at FROM consents")?;
    let mut rows = consents.query([])?;
    while let Some(row) = rows.next()? {
        let given_at: String = row.get(3)?;
        check.consent(row.get(0)?, row.get(1)?, row.get(2)?, &given_at)?;
    }
    check.end()
}
