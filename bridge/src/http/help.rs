//! Staff help at a kiosk from their board. Each request names the kiosk and the visit that was seen there, so that nothing is done to
//! anybody who came meanwhile; the visit itself decides what it means.

use super::App;
use super::eye::named;
use super::staff::{MAX_TYPED_BYTES, Refused, change, change_within, looked, refused, sheet};
use crate::desk::Input;
use crate::rights::Act;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use checkin::VisitId;
use protocol::staff::{AtKiosk, EndVisit, TypeFor};
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

/// Puts what staff typed into the form that is up at a kiosk, or says that they are typing.
pub(super) async fn type_for(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let asked = change_within::<TypeFor>(&app, &headers, &text, Act::Help, MAX_TYPED_BYTES);
    let asked = asked.and_then(|(staff, asked)| bounded(&asked).map(|()| (staff, asked)));
    let (staff, TypeFor { kiosk, seen, typed }) = match asked {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let Some(kiosk) = named(&app, &staff, &kiosk) else { return other().into_response() };
    let (taken, was_taken) = oneshot::channel();
    let input = Input::Type { seen, typed, by: staff.by, taken };
    if kiosk.desk.inbox.send(input).await.is_err() || was_taken.await != Ok(true) {
        return other().into_response();
    }
    StatusCode::NO_CONTENT.into_response()
}

fn bounded(asked: &TypeFor) -> Result<(), Refused> {
    let Some(typed) = &asked.typed else { return Ok(()) };
    if typed.is_empty() {
        return Err(refused(StatusCode::UNPROCESSABLE_ENTITY, "Type one answer at least."));
    }
    wire::typed(typed)
        .map_err(|error| refused(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()))
}

/// The 申立書 that lies ready at a kiosk, to be printed at the reception. Never in a list, and over with its screen.
pub(super) async fn statement(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let (staff, AtKiosk { kiosk, seen }) = match change(&app, &headers, &text, Act::Help) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let Some(kiosk) = named(&app, &staff, &kiosk) else { return other().into_response() };
    let (answer, page) = oneshot::channel();
    let input = Input::Print { seen, by: staff.by, answer };
    if kiosk.desk.inbox.send(input).await.is_err() {
        return other().into_response();
    }
    match page.await {
        Ok(Some(page)) => sheet(&page),
        _ => other().into_response(),
    }
}

fn other() -> Refused {
    refused(StatusCode::CONFLICT, "Another screen is up there by now: look again.")
}

fn over() -> Refused {
    let advice = "That visit is over, or the kiosk is at work for it: look again in a moment.";
    refused(StatusCode::CONFLICT, advice)
}
