//! `GET /health`: for the start script, monitoring and staff. Nothing about persons.

use super::App;
use crate::reader::Kind;
use crate::store::time;
use axum::Json;
use axum::extract::State;
use checkin::ReaderEvent;
use serde::Serialize;
use std::sync::Arc;

/// The answer.
#[derive(Serialize)]
pub(super) struct Health {
    version: &'static str,
    protocol: u32,
    kiosk: String,
    mode: &'static str,
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
    models: bool,
    uptime_s: u64,
}

#[derive(Serialize)]
struct Reader {
    name: Option<String>,
    state: &'static str,
}

pub(super) async fn health(State(app): State<Arc<App>>) -> Json<Health> {
    let status = app.switch.status();
    let store = Arc::clone(&app.ledger().store);
    let standing = app.ledger().writer.standing();
    let counted =
        move || Some((store.waiting().ok()?, store.by_hand().ok()?, store.waiting_since().ok()?));
    let counts = app.on_disk(counted).await.ok().flatten();
    let works = counts.is_some() && !standing.failing;
    let (outbox, by_hand, outbox_since) = counts.unwrap_or_default();
    Json(Health {
        version: env!("CARGO_PKG_VERSION"),
        protocol: protocol::PROTOCOL_VERSION,
        kiosk: app.kiosk_name.clone(),
        mode: match status.kind {
            Kind::Practice => "practice",
            Kind::Pcsc => "reader",
        },
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
        models: app.models_ready,
        uptime_s: app.started.elapsed().as_secs(),
    })
}
