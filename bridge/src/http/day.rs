//! The day view: what today came to, in numbers.

use super::App;
use super::entrance;
use super::staff::refused;
use crate::day::day;
use crate::reader::Kind;
use crate::rights::Act;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use checkin::time::in_japan;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) async fn today(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let staff = match entrance::staff(&app, &headers, Act::Look) {
        Ok(staff) => staff,
        Err(refused) => return refused.into_response(),
    };
    let ledger = app.site.ledgers.of(staff.kind);
    let today = in_japan(app.site.clock.now().wall).date();
    let store = Arc::clone(&ledger.store);
    let Ok(Ok(lines)) = app.on_disk(move || store.lines_of(today)).await else {
        let advice = "The store does not answer: try again.";
        return refused(StatusCode::SERVICE_UNAVAILABLE, advice).into_response();
    };
    let at = |(visit, row): (checkin::VisitId, crate::board::Row)| Some((visit.0, row.kiosk?));
    let kiosks: BTreeMap<u64, String> = ledger.board.look().into_iter().filter_map(at).collect();
    let kiosk = |visit| kiosks.get(&visit).cloned();
    Json(day(today.to_string(), staff.kind == Kind::Practice, &lines, kiosk)).into_response()
}
