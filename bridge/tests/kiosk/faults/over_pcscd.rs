//! The same faults over a real pcscd, at many readers with a kiosk each, all at once.

use super::person::visit;
use super::{FAULTS, Fault, STEPS, TRIES, table, tries_of};
use crate::lane::{Lane, blocking};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use virtual_card::harness::Pcscd;
use virtual_card::script::Effect;

/// A mute card takes the watchdog's whole patience at every step, so that its steps are shared among kiosks.
const MUTE_LANES: usize = 4;
/// First visits at the same time: each program makes the practice roots then, which takes a processor a second or two.
const AT_ONCE: usize = 2;
/// Slots of a reader.
const SLOTS: usize = 2;

/// One kiosk, one fault, some of the steps.
struct Work {
    fault: usize,
    steps: Vec<usize>,
}

fn plan() -> Vec<Work> {
    let all: Vec<usize> = (0..STEPS.len()).collect();
    let mut plan = Vec::new();
    for (fault, (_, effect)) in FAULTS.iter().enumerate() {
        let shares = if *effect == Effect::Mute { MUTE_LANES } else { 1 };
        let chunks = all.chunks(all.len().div_ceil(shares));
        plan.extend(chunks.map(|steps| Work { fault, steps: steps.to_vec() }));
    }
    plan
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_loses_a_visit_over_pcscd() {
    let plan = plan();
    let readers = plan.len().div_ceil(SLOTS);
    let pcscd = Arc::new(blocking(move || Pcscd::start_with(readers).unwrap()).await);
    let mut cells = vec![vec![String::new(); STEPS.len()]; FAULTS.len()];
    let at_once = Arc::new(Semaphore::new(AT_ONCE));
    let mut lanes = Vec::new();
    for (number, work) in plan.into_iter().enumerate() {
        let pcscd = Arc::clone(&pcscd);
        let lane = blocking(move || Lane::new(&pcscd, number / SLOTS, number % SLOTS)).await;
        lanes.push(tokio::spawn(column(lane, work, Arc::clone(&at_once))));
    }
    let mut slowest = Duration::ZERO;
    for lane in lanes {
        for cell in lane.await.unwrap() {
            slowest = slowest.max(cell.noticed);
            cells[cell.fault][cell.step] = cell.seen;
        }
    }
    println!("a fault was noticed after {slowest:?} at most");
    blocking(move || drop(pcscd)).await;
    table::check(&STEPS.map(|step| step.0), &FAULTS.map(|fault| fault.0), &cells);
}

/// Without what is a matter of moments: pcscd may say that a pulled card is gone a moment after it cannot be read any more.
fn settled(effect: Effect, seen: String) -> String {
    match seen.strip_prefix("unreadable, ") {
        Some(rest) if effect == Effect::Pull => rest.to_owned(),
        _ => seen,
    }
}

struct Cell {
    fault: usize,
    step: usize,
    seen: String,
    noticed: Duration,
}

async fn column(lane: Lane, work: Work, at_once: Arc<Semaphore>) -> Vec<Cell> {
    let turn = at_once.acquire().await.unwrap();
    assert_eq!(visit(&lane).await.seen, "");
    drop(turn);
    let mut cells = Vec::new();
    for step in work.steps {
        let (name, on, app, file, nth) = STEPS[step];
        let effect = FAULTS[work.fault].1;
        let fault = Fault { app: Some(app), file, nth, ..Fault::once(on, effect) };
        lane.card().set_faults(vec![fault]);
        let visit = visit(&lane).await;
        let happened = lane.card().happened();
        let tries = tries_of(&mut lane.card());
        println!("{effect:?} at {name}: {} ({:?}, {:?})", visit.seen, visit.noticed, visit.took);
        assert_eq!((happened, tries), (1, TRIES), "{effect:?} at {name}");
        let noticed = visit.noticed.unwrap();
        cells.push(Cell { fault: work.fault, step, seen: settled(effect, visit.seen), noticed });
    }
    assert!(lane.lives(), "the program ended");
    // Ending the program waits for it.
    blocking(move || drop(lane)).await;
    cells
}
