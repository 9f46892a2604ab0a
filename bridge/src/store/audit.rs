//! The audit: one line for each record, chained by hashes.

use super::chain::{self, Audit, Check};
use super::head::{self, At};
use super::retention::{AT_ONCE, is_over};
use super::{StoreError, line};
use checkin::time::{in_japan, rfc3339};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use serde_json::Value;
use std::cmp::Ordering;

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

/// The time by which the clock is judged: see [`chain::newest`].
pub(super) fn newest(db: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let mut lines = db.prepare("SELECT line FROM audit ORDER BY seq DESC LIMIT ?1")?;
    let mut rows = lines.query([chain::LATEST])?;
    let mut newest = chain::Newest::default();
    while let Some(row) = rows.next()?
        && newest.goes_on(&row.get::<_, String>(0)?)
    {}
    Ok(newest.time())
}

/// The last line that was deleted because its time was over, behind which the lines begin.
pub(super) fn start(db: &Connection) -> Result<At, StoreError> {
    let sql = "SELECT COUNT(*) FROM sqlite_master WHERE name = 'audit_start'";
    if db.query_row(sql, [], |row| row.get::<_, i64>(0))? == 0 {
        // A version before wrote it.
        return Ok((0, chain::START));
    }
    let sql = "SELECT seq, hash FROM audit_start";
    let start = db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(start.unwrap_or((0, chain::START)))
}

/// Lines that are counted for a day.
pub(super) const OF_A_DAY: i64 = 50_000;

/// See [`super::Kept::lines_of`].
pub(super) fn lines_of(db: &Connection, day: Date) -> Result<Vec<String>, StoreError> {
    let mut lines = db.prepare("SELECT line FROM audit ORDER BY seq DESC LIMIT ?1")?;
    let lines = lines.query_map([OF_A_DAY], |row| row.get(0))?;
    of_day(lines.map(|line| Ok(line?)), day)
}

/// Those of that day among the last ones, which come newest first.
pub(super) fn of_day(
    lines: impl Iterator<Item = Result<String, StoreError>>,
    day: Date,
) -> Result<Vec<String>, StoreError> {
    let (mut found, day) = (Vec::new(), day.to_string());
    for line in lines {
        let line = line?;
        let Ok(parsed) = serde_json::from_str::<Value>(&line) else { continue };
        let of = parsed["at"].as_str().and_then(|at| at.get(..10)).unwrap_or_default();
        match of.cmp(day.as_str()) {
            Ordering::Equal => found.push(line),
            // The clock may have been ahead.
            Ordering::Greater => {}
            Ordering::Less => break,
        }
    }
    found.reverse();
    Ok(found)
}

/// The noted heads that the audit does not hold (any more). Of one whose line was deleted in its time nothing can be said.
pub(super) fn not_held(db: &Connection, heads: Vec<At>) -> Result<Vec<At>, StoreError> {
    let start = start(db)?;
    let mut evidence = Vec::new();
    for (seq, hash) in heads {
        let sql = "SELECT hash FROM audit WHERE seq = ?1";
        let held: Option<[u8; 32]> = db.query_row(sql, [seq], |row| row.get(0)).optional()?;
        let held = held.unwrap_or(if seq == start.0 { start.1 } else { chain::START });
        if (held != hash && seq >= start.0) || seq == head::MISSING.0 {
            evidence.push((seq, hash));
        }
    }
    Ok(evidence)
}

/// Checks the chain and the consents. `evidence`: noted heads that are not held. In a transaction, because another program may
/// be writing.
pub(super) fn check(db: &Transaction<'_>, evidence: &[At]) -> Result<Audit, StoreError> {
    let mut check = Check::behind(start(db)?);
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

/// Looks at every line, the oldest first.
pub(super) fn each(db: &Connection, mut look: impl FnMut(i64, &str)) -> Result<(), StoreError> {
    let mut lines = db.prepare("SELECT seq, line FROM audit ORDER BY seq")?;
    let mut rows = lines.query([])?;
    while let Some(row) = rows.next()? {
        look(row.get(0)?, &row.get::<_, String>(1)?);
    }
    Ok(())
}

/// See [`super::Store::oldest`].
pub(super) fn oldest(db: &Connection, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let mut lines = db.prepare_cached("SELECT line FROM audit ORDER BY seq LIMIT ?1")?;
    let mut rows = lines.query([i64::try_from(AT_ONCE).unwrap_or(i64::MAX)])?;
    while let Some(row) = rows.next()? {
        let line: Value = serde_json::from_str(&row.get::<_, String>(0)?).unwrap_or_default();
        let at: Option<Timestamp> = line["at"].as_str().and_then(|at| at.parse().ok());
        if let Some(at) = at.filter(|at| *at <= now) {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// Deletes lines of before that moment, the oldest first and some thousand at once, with their consents, visits and reception
/// numbers. A new line says through which line, and has its hash: so the chain goes on from there. `false`: there are none.
pub(super) fn forget(
    db: &Transaction<'_>,
    before: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let (mut through, mut consents) = (None, Vec::new());
    {
        let mut lines = db.prepare("SELECT seq, line, hash FROM audit ORDER BY seq LIMIT ?1")?;
        let mut rows = lines.query([i64::try_from(AT_ONCE).unwrap_or(i64::MAX)])?;
        while let Some(row) = rows.next()? {
            let (seq, text): (i64, String) = (row.get(0)?, row.get(1)?);
            let line: Value = serde_json::from_str(&text).unwrap_or_default();
            let at: Option<Timestamp> = line["at"].as_str().and_then(|at| at.parse().ok());
            if !is_over(at, before, now) {
                break;
            }
            consents.extend(chain::consent(&text).map(|(about, _)| (seq, about)));
            if let Some(at) = at.filter(|at| *at < before) {
                through = Some((seq, row.get::<_, [u8; 32]>(2)?, at));
            }
        }
    }
    let Some((seq, hash, newest)) = through else { return Ok(false) };
    append(db, &line::of_deletion(now, (seq, hash), newest))?;
    let sql = "INSERT INTO audit_start (one, seq, hash) VALUES (1, ?1, ?2)
        ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, hash = excluded.hash";
    db.execute(sql, params![seq, hash])?;
    db.execute("DELETE FROM audit WHERE seq <= ?1", [seq])?;
    db.execute("INSERT INTO deleting (one) VALUES (1)", [])?;
    for (_, (visit, topic)) in consents.into_iter().filter(|(at, _)| *at <= seq) {
        let sql = "DELETE FROM consents WHERE visit = ?1 AND topic = ?2";
        db.execute(sql, params![visit, topic])?;
    }
    let sql = "DELETE FROM visits WHERE COALESCE(ended_at, started_at) < ?1
        AND NOT EXISTS (SELECT 1 FROM consents WHERE visit = visits.id)";
    db.execute(sql, [rfc3339(before)])?;
    let sql = "DELETE FROM receptions WHERE day < ?1
        AND NOT EXISTS (SELECT 1 FROM board WHERE visit = receptions.visit)";
    db.execute(sql, [in_japan(before).date().to_string()])?;
    db.execute("DELETE FROM deleting", [])?;
    Ok(true)
}
