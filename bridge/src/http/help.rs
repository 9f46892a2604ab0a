//! Staff help at a kiosk from their board. Each request names the kiosk and the visit that was seen there, so that nothing is done to
//! anybody who came meanwhile; the visit itself decides what it means.

use super::App;
use super::eye::named;
use super::staff::{Refused, change, looked, refused};
use crate::desk::Input;
use crate::rights::Act;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use checkin::VisitId;
use protocol::staff::EndVisit;
use std::sync::Arc;
use tokio::sync::oneshot;

/// Ends the visit that is at a kiosk.
pub(super) async fn end(State(app): State<Arc<App>>, headers: HeaderMap, text: Bytes) -> Response {
    let (staff, EndVisit { kiosk, visit }) = match change(&app, &headers, &text, Act::Help) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let Some(kiosk) = named(&app, &staff, &kiosk) else { return over().into_response() };
    let (taken, was_taken) = oneshot::channel();
    let input = Input::End { visit: VisitId(visit), by: staff.by.clone(), taken };
    if kiosk.desk.inbox.send(input).await.is_err() || was_taken.await != Ok(true) {
        return over().into_response();
    }
    looked(&app, staff.kind).await
}

fn over() -> Refused {
    let advice = "That visit is over, or the kiosk is at work for it: look again in a moment.";
    refused(StatusCode::CONFLICT, advice)
}
