//! What each operation does to the tables, inside of the transaction of its event.

use super::{Actor, OldRow, Op, Settled, StoreError, audit, line};
use checkin::time::rfc3339;
use checkin::{Record, VisitId};
use jiff::Timestamp;
use rusqlite::{ErrorCode, Transaction, params};

pub(super) fn number(visit: VisitId) -> i64 {
    i64::try_from(visit.0).unwrap_or(i64::MAX)
}

/// `true`: something personal was deleted.
pub(super) fn carry_out(db: &Transaction<'_>, op: &Op) -> Result<bool, StoreError> {
    match op {
        Op::Record { visit, at, record, by } => {
            match apply(db, number(*visit), *at, record) {
                // What contradicts the tables must not keep everything behind it out of the audit.
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                    tracing::error!(%error, visit = visit.0, "a record fits the audit only");
                }
                done => done?,
            }
            audit::append(db, &line::of(*visit, *at, record, by.as_ref()))?;
            Ok(false)
        }
        Op::Deed { at, deed, by } => {
            audit::append(db, &line::of_deed(*at, deed, by.as_ref()))?;
            Ok(false)
        }
        Op::Queue { visit, name, content, at } => {
            queue(db, number(*visit), name, content, &rfc3339(*at))
        }
        Op::Row { visit, version, day, row, by_hand } => {
            let sql = "INSERT OR REPLACE INTO board (visit, version, day, row, by_hand)
                VALUES (?1, ?2, ?3, ?4, ?5)";
            db.execute(sql, params![number(*visit), version, day.to_string(), row, by_hand])?;
            Ok(false)
        }
        Op::OldRow { visit, version, change } => old_row(db, number(*visit), *version, *change),
        Op::Erase { visit, at, by } => erase(db, *visit, *at, by.as_ref()),
        Op::Forget { before, at } => audit::forget(db, *before, *at),
        Op::Settle { id, how, at } => {
            let how = match how {
                Settled::Delivered => "delivered",
                Settled::ByHand => "by_hand",
            };
            let sql = "UPDATE outbox SET content = NULL, done = ?2, done_at = ?3
                WHERE id = ?1 AND done IS NULL";
            Ok(db.execute(sql, params![id, how, rfc3339(*at)])? > 0)
        }
    }
}

fn erase(
    db: &Transaction<'_>,
    visit: VisitId,
    at: Timestamp,
    by: Option<&Actor>,
) -> Result<bool, StoreError> {
    let id = number(visit);
    let sql = "SELECT COUNT(*) FROM board WHERE visit = ?1 AND by_hand = 1";
    let unentered: i64 = db.query_row(sql, [id], |row| row.get(0))?;
    let rows = db.execute("DELETE FROM board WHERE visit = ?1", [id])?;
    let sql = "UPDATE outbox SET content = NULL, done = 'erased', done_at = ?2
        WHERE visit = ?1 AND done IS NULL";
    let files = db.execute(sql, params![id, rfc3339(at)])?;
    audit::append(db, &line::of_erasure(visit, at, (rows, unentered, files), by))?;
    Ok(true)
}

fn old_row(
    db: &Transaction<'_>,
    visit: i64,
    version: i64,
    change: OldRow,
) -> Result<bool, StoreError> {
    match change {
        OldRow::Renewed => {
            let sql = "DELETE FROM board WHERE visit = ?1 AND version = ?2";
            db.execute(sql, params![visit, version])?;
        }
        OldRow::SetAside { version: to } => {
            let sql = "UPDATE board SET version = ?3 WHERE visit = ?1 AND version = ?2";
            db.execute(sql, params![visit, version, to])?;
        }
        OldRow::Entered => {
            let sql = "UPDATE board SET by_hand = 0 WHERE visit = ?1 AND version = ?2";
            db.execute(sql, params![visit, version])?;
        }
    }
    Ok(change == OldRow::Renewed)
}

fn queue(
    db: &Transaction<'_>,
    visit: i64,
    name: &str,
    content: &[u8],
    at: &str,
) -> Result<bool, StoreError> {
    let sql = "UPDATE outbox SET content = NULL, done = 'replaced', done_at = ?2
        WHERE visit = ?1 AND visit > 0 AND done IS NULL AND placing IS NULL";
    let replaced = db.execute(sql, params![visit, at])?;
    let sql = "INSERT INTO outbox (visit, name, content, queued_at) VALUES (?1, ?2, ?3, ?4)";
    db.execute(sql, params![visit, name, content, at])?;
    Ok(replaced > 0)
}

fn apply(
    db: &Transaction<'_>,
    visit: i64,
    at: Timestamp,
    record: &Record,
) -> Result<(), rusqlite::Error> {
    let at = rfc3339(at);
    let sql = "INSERT INTO visits (id, started_at)
        SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM visits WHERE id = ?1)";
    db.execute(sql, params![visit, at])?;
    match record {
        Record::Identified { method, reason } => {
            let (method, reason) = (line::method(*method), reason.map(line::reason));
            let sql = "UPDATE visits SET identified_by = ?2, visual_reason = ?3 WHERE id = ?1";
            db.execute(sql, params![visit, method, reason])?;
        }
        Record::Consent(answer) => {
            let until = answer.agreed.then(|| rfc3339(answer.available_until()));
            let (topic, given_at) = (answer.topic.key(), rfc3339(answer.at));
            let sql = "INSERT INTO consents (visit, topic, agreed, given_at, until) VALUES (?1, ?2, ?3, ?4, ?5)";
            db.execute(sql, params![visit, topic, answer.agreed, given_at, until])?;
        }
        Record::Ended(outcome) => {
            let sql = "UPDATE visits SET ended_at = ?2, outcome = ?3 WHERE id = ?1";
            db.execute(sql, params![visit, at, line::outcome(*outcome)])?;
        }
        _ => {}
    }
    Ok(())
}
