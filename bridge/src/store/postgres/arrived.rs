//! What one bridge keeps, as the site's database has it.

use super::{Address, DEADLINE, LONG, Place, Trouble, connect, within};
use crate::store::StoreError;
use crate::store::chain::{self, Check};
use crate::store::head::At;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};

/// Lines of the audit that are looked at in one go.
const PAGE: i64 = 5_000;

/// One bridge's part of the site's database, read only. What it holds may be behind the bridge's own store.
pub struct Postgres(Mutex<Asked>);

pub(super) struct Asked {
    runtime: Runtime,
    client: Client,
    site: String,
    bridge: String,
}

/// What of a bridge is there, at one moment.
pub struct Arrived {
    /// Lines of its audit, when it is in order.
    pub audit: Result<u64, StoreError>,
    /// By what the store is known from which it came; `None`: the bridge has not been here.
    pub(in crate::store) store: Option<String>,
    /// Number and hash of the last line.
    pub(in crate::store) last: At,
}

impl Postgres {
    /// Connects. Blocks, and must not be called on a runtime.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn open(address: &Address, place: &Place) -> Result<Self, StoreError> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let client = runtime.block_on(within(DEADLINE, connect(address, |_| ())))?;
        let (site, bridge) = (place.site.clone(), place.bridge.clone());
        Ok(Self(Mutex::new(Asked { runtime, client, site, bridge })))
    }

    /// What is there of the bridge, while it may be sending.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn arrived(&self) -> Result<Arrived, StoreError> {
        let asked = self.asked();
        asked.at_one_moment(|| {
            let sql = "SELECT store FROM bridges WHERE site = $1 AND bridge = $2";
            let store = asked.query(sql, &[])?.first().map(|row| cell(row, 0)).transpose()?;
            let sql =
                "SELECT seq, hash FROM audit WHERE site = $1 AND bridge = $2 ORDER BY seq DESC LIMIT 1";
            let last = match asked.query(sql, &[])?.first() {
                Some(row) => (cell(row, 0)?, hash(row, 1)?),
                None => (0, chain::START),
            };
            Ok(Arrived { audit: asked.check_chain(), store, last })
        })
    }

    pub(super) fn asked(&self) -> MutexGuard<'_, Asked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asked {
    pub(super) fn query(
        &self,
        sql: &str,
        more: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, StoreError> {
        let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&self.site, &self.bridge];
        parameters.extend(more);
        let ask = async { Ok(self.client.query(sql, &parameters).await?) };
        Ok(self.runtime.block_on(within(DEADLINE, ask))?)
    }

    /// Everything that `look` asks is of one moment, whatever bridges send meanwhile.
    pub(super) fn at_one_moment<T>(
        &self,
        look: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let tell = |sql| {
            let tell = async { Ok(self.client.batch_execute(sql).await?) };
            self.runtime.block_on(within(DEADLINE, tell))
        };
        tell("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")?;
        let seen = look();
        // Where it fails, the connection is gone, and with it the transaction.
        let _ = tell("ROLLBACK");
        seen
    }

    pub(super) fn check_chain(&self) -> Result<u64, StoreError> {
        let sql = "SELECT seq, hash FROM audit_start WHERE site = $1 AND bridge = $2";
        let start = match self.query(sql, &[])?.first() {
            Some(row) => (cell(row, 0)?, hash(row, 1)?),
            None => (0, chain::START),
        };
        let mut check = Check::behind(start);
        self.check_lines(&mut check, start.0)?;
        let sql =
            "SELECT visit, topic, agreed, given_at FROM consents WHERE site = $1 AND bridge = $2";
        for row in self.query(sql, &[])? {
            check.consent(cell(&row, 0)?, cell(&row, 1)?, cell(&row, 2)?, cell(&row, 3)?)?;
        }
        Ok(check.end()?.lines)
    }

    fn check_lines(&self, check: &mut Check, start: i64) -> Result<(), StoreError> {
        let sql = "SELECT seq, line, hash FROM audit WHERE site = $1 AND bridge = $2 AND seq > $3
            ORDER BY seq LIMIT $4";
        let begun = std::time::Instant::now();
        let mut last = start;
        loop {
            let rows = self.query(sql, &[&last, &PAGE])?;
            for row in &rows {
                last = cell(row, 0)?;
                check.line(last, cell(row, 1)?, hash(row, 2)?)?;
            }
            if rows.is_empty() {
                return Ok(());
            }
            if begun.elapsed() > LONG {
                return Err(late(LONG));
            }
        }
    }
}

fn late(limit: Duration) -> StoreError {
    Trouble::Away(format!("no answer within {} seconds", limit.as_secs())).into()
}

/// The value of a column, which may be of another type where somebody has changed the tables.
pub(super) fn cell<'a, T: tokio_postgres::types::FromSql<'a>>(
    row: &'a Row,
    at: usize,
) -> Result<T, StoreError> {
    row.try_get(at).map_err(|error| Trouble::from(error).into())
}

/// One of another length is no hash, and fits no line.
fn hash(row: &Row, at: usize) -> Result<[u8; 32], StoreError> {
    Ok(cell::<Vec<u8>>(row, at)?.try_into().unwrap_or(chain::START))
}
