//! `GET /health`: for the start script, monitoring and staff. Nothing about persons.

use super::App;
use crate::reader::Kind;
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
    store: bool,
    /// Result files that wait for their folder.
    outbox: u64,
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
    let store = Arc::clone(&app.store);
    let counted = move || Some((store.waiting().ok()?, store.by_hand().ok()?));
    let counts = app.on_disk(counted).await.ok().flatten();
    let (outbox, by_hand) = counts.unwrap_or_default();
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
        store: counts.is_some(),
        outbox,
        by_hand,
        models: app.models_ready,
        uptime_s: app.started.elapsed().as_secs(),
    })
}
