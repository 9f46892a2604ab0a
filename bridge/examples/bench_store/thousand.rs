//! A thousand kiosks on one database: twenty bridges, each with its fifty kiosks.

use crate::day::{STEPS, keep};
use crate::figures::Figures;
use crate::shared::Sending;
use anyhow::{Result, anyhow};
use bridge::store::Store as _;
use checkin::VisitId;
use postgres_harness::Postgres;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const BRIDGES: u16 = 20;
const KIOSKS: u32 = 50;
/// Reception numbers of each bridge.
const NUMBERS: u16 = 450;
/// A kiosk that is never empty ends a visit so often.
const VISIT: Duration = Duration::from_mins(1);
/// So many visits of each bridge at that pace, and then so many as fast as it goes.
const PACED: u32 = 20;
const QUICK: u32 = 100;

pub(crate) fn measure(server: &Postgres) -> Result<Value> {
    let bridges = (0..BRIDGES)
        .map(|at| Sending::start(server, &format!("b-{at}"), at * NUMBERS + 1..=(at + 1) * NUMBERS))
        .collect::<Result<Vec<_>>>()?;
    let mut behind = Figures::default();
    for figures in on_all(&bridges, paced)? {
        behind.add(figures);
    }
    let begun = Instant::now();
    on_all(&bridges, |_, bridge| quick(bridge))?;
    let took = begun.elapsed().as_secs_f64();
    Ok(json!({
        "bridges": BRIDGES,
        "kiosks": u32::from(BRIDGES) * KIOSKS,
        "busy_visits_per_s": f64::from(BRIDGES) * f64::from(KIOSKS) / VISIT.as_secs_f64(),
        "busy_arrives_ms_p50": behind.ms(500)?,
        "busy_arrives_ms_p99": behind.ms(990)?,
        "most_visits_per_s": f64::from(BRIDGES) * f64::from(QUICK) / took,
    }))
}

/// Each bridge on a thread of its own.
fn on_all<T: Send>(
    bridges: &[Sending],
    work: impl Fn(u32, &Sending) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let work = &work;
    std::thread::scope(|scope| {
        let all: Vec<_> =
            (0..).zip(bridges).map(|(at, bridge)| scope.spawn(move || work(at, bridge))).collect();
        let ended = |thread: std::thread::ScopedJoinHandle<'_, Result<T>>| {
            thread.join().map_err(|_| anyhow!("a thread panicked"))?
        };
        all.into_iter().map(ended).collect()
    })
}

/// All kiosks are in use all the time: how long it takes until the database has the steps of a visit.
fn paced(at: u32, bridge: &Sending) -> Result<Figures> {
    let pace = VISIT / KIOSKS;
    let mut next = Instant::now() + pace * at / u32::from(BRIDGES);
    let first = bridge.store.next_visits(PACED)?.0;
    let mut figures = Figures::default();
    for visit in (first..).take(usize::try_from(PACED)?).map(VisitId) {
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
        next += pace;
        for step in STEPS {
            figures.time(|| {
                keep(&*bridge.store, visit, step)?;
                bridge.arrived()
            })?;
        }
    }
    Ok(figures)
}

/// As fast as it goes, visits of all kiosks at once: each step of all of them before the next one.
fn quick(bridge: &Sending) -> Result<()> {
    let first = bridge.store.next_visits(QUICK)?.0;
    for group in (0..QUICK).step_by(usize::try_from(KIOSKS)?) {
        for step in STEPS {
            for kiosk in 0..KIOSKS {
                keep(&*bridge.store, VisitId(first + u64::from(group + kiosk)), step)?;
            }
        }
    }
    bridge.arrived()
}
