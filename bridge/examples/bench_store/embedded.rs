//! `SQLite` on its disk.

use crate::day::{STEPS, keep, row};
use crate::figures::{Figures, count};
use anyhow::Result;
use bridge::store::{Sqlite, Store as _};
use checkin::VisitId;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::path::Path;

const VISITS: u32 = 300;
const UPDATES: u64 = 1_000;
const INSERT: &str = "INSERT INTO plain (text) VALUES (?1)";

/// `rows_per_visit`: single rows that are written for one visit.
pub(crate) fn measure(folder: &Path, rows_per_visit: f64) -> Result<Value> {
    let store = Sqlite::open(&folder.join("store"), false)?;
    let first = store.next_visits(VISITS)?.0;
    let visits = (first..).take(usize::try_from(VISITS)?).map(VisitId);
    let mut whole = Figures::default();
    for visit in visits {
        whole.time(|| STEPS.iter().try_for_each(|step| keep(&store, visit, *step)))?;
    }
    // One beside the other: what else uses the disk slows both.
    let plain_rows = plain(&folder.join("plain.sqlite"))?;
    let (mut updates, mut plain) = (Figures::default(), Figures::default());
    for at in 0..UPDATES {
        let visit = VisitId(first + at % u64::from(VISITS));
        updates.time(|| Ok(store.commit(&[row(visit)])?))?;
        plain.time(|| Ok(plain_rows.execute(INSERT, ["n".repeat(700)])?))?;
    }
    Ok(json!({
        "visits_per_s": whole.per_s(),
        "board_update_ms_p50": updates.ms(500)?,
        "board_update_ms_p99": updates.ms(990)?,
        "plain_rows_per_s": plain.per_s(),
        "plain_row_ms_p50": plain.ms(500)?,
        "rows_per_visit": rows_per_visit,
        "ratio": whole.per_s() * rows_per_visit / plain.per_s(),
        "transactions_per_visit": count(STEPS.len() + 2),
    }))
}

/// A file that is set up like a store, for plain rows.
fn plain(file: &Path) -> Result<Connection> {
    let db = Connection::open(file)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.execute_batch("CREATE TABLE plain (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")?;
    Ok(db)
}
