//! `PostgreSQL`, into which a bridge sends what it keeps.

use crate::day::{STEPS, keep, row};
use crate::figures::Figures;
use anyhow::{Result, ensure};
use bridge::store::{Address, Place, Sqlite, Store as _, Target, Upstream, Way};
use checkin::VisitId;
use postgres_harness::Postgres;
use serde_json::{Value, json};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_postgres::NoTls;

const VISITS: u32 = 1_000;
const UPDATES: u64 = 500;
/// That of something that hangs.
const DEADLINE: Duration = Duration::from_mins(2);

pub(crate) struct Shared {
    /// Single rows that are written for one visit.
    pub(crate) rows_per_visit: f64,
    pub(crate) report: Value,
}

/// A bridge with its own store, in memory: what is measured is the database, not the bridge's disk.
pub(crate) struct Sending {
    pub(crate) store: Arc<Sqlite>,
    upstream: Upstream,
}

impl Sending {
    pub(crate) fn start(
        server: &Postgres,
        bridge: &str,
        numbers: RangeInclusive<u16>,
    ) -> Result<Self> {
        let store = Arc::new(Sqlite::in_memory()?);
        let address = Address::parse(&server.url(), &Way::default()).map_err(anyhow::Error::msg)?;
        let place = Place { site: "bench".into(), bridge: bridge.into(), numbers };
        let upstream = Upstream::start(Arc::clone(&store), Target { address, place }, |_| ())?;
        let sending = Self { store, upstream };
        // The tables, and the connection.
        sending.store.commit(&[row(VisitId(0))])?;
        sending.arrived()?;
        Ok(sending)
    }

    /// Waits until the database has everything.
    pub(crate) fn arrived(&self) -> Result<()> {
        let begun = Instant::now();
        while self.upstream.unsent()? > 0 {
            ensure!(begun.elapsed() < DEADLINE, "it hangs: {:?}", self.upstream.link());
            std::thread::park_timeout(Duration::from_micros(200));
        }
        Ok(())
    }
}

pub(crate) fn measure(server: &Postgres) -> Result<Shared> {
    let bridge = Sending::start(server, "one", 9_501..=9_999)?;
    let first = bridge.store.next_visits(VISITS)?.0;
    let before = sent(server)?;
    let begun = Instant::now();
    for visit in (first..).take(usize::try_from(VISITS)?) {
        STEPS.iter().try_for_each(|step| keep(&*bridge.store, VisitId(visit), *step))?;
    }
    bridge.arrived()?;
    let per_s = f64::from(VISITS) / begun.elapsed().as_secs_f64();
    let rows_per_visit = f64::from(u32::try_from(sent(server)? - before)?) / f64::from(VISITS);
    let (updates, plain) = beside(server, &bridge, first)?;
    let report = json!({
        "visits_per_s": per_s,
        "board_update_ms_p50": updates.ms(500)?,
        "board_update_ms_p99": updates.ms(990)?,
        "plain_rows_per_s": plain.per_s(),
        "plain_row_ms_p50": plain.ms(500)?,
        "rows_per_visit": rows_per_visit,
        "ratio": per_s * rows_per_visit / plain.per_s(),
    });
    Ok(Shared { rows_per_visit, report })
}

/// Changed rows that the first bridge has sent.
fn sent(server: &Postgres) -> Result<i64> {
    ask(server, async |client| {
        let sql = "SELECT sent FROM bridges WHERE bridge = 'one'";
        Ok(client.query_one(sql, &[]).await?.get(0))
    })
}

/// Rows of the board, and plain ones that are inserted one at a time, each beside the other: what else uses the disk slows both.
fn beside(server: &Postgres, bridge: &Sending, first: u64) -> Result<(Figures, Figures)> {
    ask(server, async |client| {
        let table = "CREATE TABLE plain (id BIGINT PRIMARY KEY, text TEXT NOT NULL)";
        client.batch_execute(table).await?;
        let insert = client.prepare("INSERT INTO plain (id, text) VALUES ($1, $2)").await?;
        let (mut updates, mut plain) = (Figures::default(), Figures::default());
        for at in 0..UPDATES {
            let visit = VisitId(first + at % u64::from(VISITS));
            updates.time(|| {
                bridge.store.commit(&[row(visit)])?;
                bridge.arrived()
            })?;
            let begun = Instant::now();
            client.execute(&insert, &[&i64::try_from(at)?, &"n".repeat(700)]).await?;
            plain.push(begun.elapsed());
        }
        Ok((updates, plain))
    })
}

fn ask<T>(
    server: &Postgres,
    work: impl AsyncFnOnce(&tokio_postgres::Client) -> Result<T>,
) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&server.url(), NoTls).await?;
        tokio::spawn(connection);
        work(&client).await
    })
}
