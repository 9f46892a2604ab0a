//! `GET /health`: for the start script, monitoring and staff. Nothing about persons.

use super::App;
use crate::reader::Kind;
use crate::store::time;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use checkin::ReaderEvent;
use jiff::Timestamp;
use protocol::Screen;
use protocol::screen::Fault;
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The answer.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each says of one part whether it is well")]
pub(super) struct Health {
    version: &'static str,
    protocol: u32,
    kiosk: String,
    mode: &'static str,
    /// Somebody can be served now: reader, store and clock are well. The status is 503 when not.
    serves: bool,
    /// A kiosk page shows the screens.
    page: bool,
    reader: Reader,
    /// It answers, and nothing waits for it.
    store: bool,
    /// Records and rows that wait for the store, because it does not work: no visit begins meanwhile.
    records_waiting: u64,
    /// Records that were given up. There should be none.
    records_lost: u64,
    /// Result files that wait for their folder.
    outbox: u64,
    /// Since when the oldest one waits.
    outbox_since: Option<String>,
    /// Results that no file could take: staff enter them by hand, see the staff board.
    by_hand: u64,
    /// Rows of the staff board that this version of the program cannot read: they stay as they are, see the staff board.
    rows_unread: usize,
    models: bool,
    /// The eligibility system comes back from what it is asked.
    gateway: bool,
    /// Room on the disk of the data folder, in MiB; `null` when that is not known.
    disk_free_mib: Option<u64>,
    /// The computer's time, and whether it can be right: not before the newest record.
    time: String,
    clock: bool,
    uptime_s: u64,
}

#[derive(Serialize)]
struct Reader {
    name: Option<String>,
    state: &'static str,
}

pub(super) async fn health(State(app): State<Arc<App>>) -> (StatusCode, Json<Health>) {
    let status = app.switch.status();
    let store = Arc::clone(&app.ledger().store);
    let standing = app.ledger().writer.standing();
    let counted =
        move || Some((store.waiting().ok()?, store.by_hand().ok()?, store.waiting_since().ok()?));
    let counts = app.on_disk(counted).await.ok().flatten();
    let data = app.data.clone();
    let disk_free_mib = app.on_disk(move || free_mib(&data)).await.ok().flatten();
    let fault = match app.desk.views.borrow().screen {
        Screen::OutOfService { fault, .. } => Some(fault),
        _ => None,
    };
    let works = counts.is_some() && !standing.failing;
    let (outbox, by_hand, outbox_since) = counts.unwrap_or_default();
    let serves = fault.is_none() && works;
    let health = Health {
        version: env!("CARGO_PKG_VERSION"),
        protocol: protocol::PROTOCOL_VERSION,
        kiosk: app.kiosk_name.clone(),
        mode: match status.kind {
            Kind::Practice => "practice",
            Kind::Pcsc => "reader",
        },
        serves,
        page: app.pages.load(Ordering::Relaxed) > 0,
        reader: Reader {
            name: status.name,
            state: match status.last {
                None => "starting",
                Some(ReaderEvent::Gone) => "missing",
                Some(ReaderEvent::ServiceDown) => "service_down",
                Some(ReaderEvent::Ready | ReaderEvent::CardRemoved) => "ready",
                Some(ReaderEvent::CardPlaced) => "card",
            },
        },
        store: works,
        records_waiting: standing.waiting,
        records_lost: standing.lost,
        outbox,
        outbox_since: outbox_since.map(time),
        by_hand,
        rows_unread: app.ledger().board.unread().len(),
        models: app.models_ready,
        gateway: !app.gateway.is_stuck(),
        disk_free_mib,
        time: time(Timestamp::now()),
        clock: fault != Some(Fault::ClockWrong),
        uptime_s: app.started.elapsed().as_secs(),
    };
    let status = if serves { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(health))
}

/// What the disk of `folder` still takes.
#[cfg(unix)]
fn free_mib(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize) / (1024 * 1024))
}

#[cfg(not(unix))]
fn free_mib(_: &Path) -> Option<u64> {
    None
}
