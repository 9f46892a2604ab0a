//! The day view: what today came to, in numbers.

use super::App;
use super::entrance;
use super::staff::refused;
use crate::day::day;
use crate::reader::Kind;
use crate::rights::Act;
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use checkin::time::in_japan;
use std::sync::Arc;

pub(super) async fn today(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let staff = match entrance::staff(&app, &headers, Act::Look) {
        Ok(staff) => staff,
        Err(refused) => return refused.into_response(),
    };
    let ledger = app.site.ledgers.of(staff.kind);
    let today = in_japan(app.site.clock.now().wall).date();
    let store = Arc::clone(&ledger.store);
    let kiosks = ledger.board.kiosks();
    let count = move || {
        let lines = store.lines_of(today)?;
        let kiosk = |visit| kiosks.get(&visit).cloned();
        Ok::<_, StoreError>(day(today.to_string(), staff.kind == Kind::Practice, &lines, kiosk))
    };
    let Ok(Ok(day)) = app.on_disk(count).await else {
        let advice = "The store does not answer: try again.";
        return refused(StatusCode::SERVICE_UNAVAILABLE, advice).into_response();
    };
    Json(day).into_response()
}
