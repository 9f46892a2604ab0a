//! The staff board: see today's visits, withdraw a consent, put
//! the known character in the place of ●.

use super::alarms::alarms;
use super::entrance::staff;
use super::{App, guard, rows};
use crate::desk::Input;
use crate::ledger::Ledger;
use crate::store::{Batch, Op};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use checkin::consent::Topic;
use checkin::deadlines::LOCAL_MS;
use checkin::identity::VisualReason;
use checkin::secret::Passcode;
use checkin::{Action, Question, Record, Reply, VisitId};
use jiff::Timestamp;
use protocol::screen::PasscodeProblem as Problem;
use protocol::staff::{Board, Complete, Confirm, EnteredByHand, Withdraw};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use wire::Twin as _;

/// Requests are a few short fields.
const MAX_BYTES: usize = 1024;

/// What staff did is kept in this time, or waits for its store.
const KEEPING: Duration = Duration::from_secs(3);
/// For a passcode to be checked and the visit to go on, which it does by itself after [`LOCAL_MS`].
const CONFIRMING: Duration = Duration::from_millis(LOCAL_MS + 1_000);

pub(super) type Refused = (StatusCode, String);

pub(super) fn refused(status: StatusCode, advice: &str) -> Refused {
    (status, format!("{advice}\n"))
}

/// From a page of ours, with the token of this start.
pub(super) fn ours(app: &App, headers: &HeaderMap, changes: bool) -> Result<(), Refused> {
    if guard::has_token(app, headers) && (!changes || guard::is_same_origin(headers)) {
        return Ok(());
    }
    Err(refused(
        StatusCode::FORBIDDEN,
        "Only the staff page of this program may do this: reload it.",
    ))
}

pub(super) fn body<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refused> {
    if body.len() > MAX_BYTES {
        return Err(refused(StatusCode::PAYLOAD_TOO_LARGE, "Send 1 KiB at most."));
    }
    serde_json::from_slice(body)
        .map_err(|_| refused(StatusCode::BAD_REQUEST, "Send the JSON of docs/protocol.md."))
}

pub(super) async fn board(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    match staff(&app, &headers, false) {
        Ok(()) => look(&app).await,
        Err(refused) => refused.into_response(),
    }
}

async fn look(app: &App) -> Response {
    let alarms = alarms(app).await;
    let board = &app.ledger().board;
    let visits: Vec<_> = board.look().into_iter().map(rows::visit).collect();
    let parked = visits.iter().filter(|visit| visit.parked).count();
    Json(Board {
        kiosk: app.kiosk_name.clone(),
        call_centre: app.call_centre.clone(),
        simulated: app.gateway.simulated(),
        parked: u16::try_from(parked).unwrap_or(u16::MAX),
        waiting: rows::waiting(&app.desk.views.borrow()),
        alarms,
        unread: board.unread().iter().map(rows::unread).collect(),
        visits,
    })
    .into_response()
}

/// Writes what staff did into the audit, in its place among the records of visits.
pub(super) fn audit(ledger: &Ledger, visit: VisitId, record: Record) {
    let op = Op::Record { visit, at: Timestamp::now(), record };
    ledger.writer.send(|| Batch { ops: vec![op], ..Batch::default() });
}

/// Looks after the row of `visit` was kept, or waits for its store, as the board says.
pub(super) async fn saved(app: Arc<App>, visit: VisitId) -> Response {
    let ledger = Arc::clone(app.ledger());
    ledger.board.save(visit);
    ledger.writer.flush(KEEPING).await;
    look(&app).await
}

pub(super) async fn withdraw(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let asked = staff(&app, &headers, true).and_then(|()| body::<Withdraw>(&text));
    let Withdraw { visit, topic } = match asked {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let (visit, topic) = (VisitId(visit), Topic::from_wire(topic));
    let ledger = Arc::clone(app.ledger());
    let Some(serial) = ledger.board.to_withdraw(visit, topic) else {
        return refused(StatusCode::NOT_FOUND, "That consent is not there: reload.")
            .into_response();
    };
    let asked = app.gateway.ask(Question::Withdraw { serial: serial.clone(), topic });
    let (Reply::Withdrawn(Ok(())), turn) = asked.await else {
        let advice = "The eligibility system did not take it: try again.";
        return refused(StatusCode::BAD_GATEWAY, advice).into_response();
    };
    audit(&ledger, visit, Record::ConsentWithdrawn(topic));
    ledger.withdraw(&serial, topic, Timestamp::now());
    // The desk may be gone already; then nothing is asked any more.
    let _ = app.desk.inbox.send(Input::StaffWithdrew(serial, topic, turn)).await;
    saved(app, visit).await
}

pub(super) async fn complete(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let asked = staff(&app, &headers, true).and_then(|()| body::<Complete>(&text));
    let asked = match asked {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    match app.ledger().board.complete(VisitId(asked.visit), asked.known.expose()) {
        Some(Ok(())) => saved(Arc::clone(&app), VisitId(asked.visit)).await,
        Some(Err(problem)) => {
            refused(StatusCode::UNPROCESSABLE_ENTITY, &problem.to_string()).into_response()
        }
        None => refused(StatusCode::NOT_FOUND, "That visit is not there: reload.").into_response(),
    }
}

pub(super) async fn entered(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let asked = staff(&app, &headers, true).and_then(|()| body::<EnteredByHand>(&text));
    let visit = match asked {
        Ok(asked) => VisitId(asked.visit),
        Err(refused) => return refused.into_response(),
    };
    let ledger = Arc::clone(app.ledger());
    if !ledger.board.entered(visit) {
        return refused(StatusCode::NOT_FOUND, "There is nothing to enter: reload.")
            .into_response();
    }
    audit(&ledger, visit, Record::EnteredByHand);
    saved(app, visit).await
}

/// 目視 of the person who waits at the kiosk. The visit decides, as if it had been done there: one
/// view, so one visit; the same throttle, the same audit.
pub(super) async fn visual(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let asked = staff(&app, &headers, true).and_then(|()| body::<Confirm>(&text));
    let confirmed = asked.and_then(|Confirm { seen, passcode, reason }| {
        let passcode = wire::four("passcode", &passcode, Passcode::parse)
            .map_err(|error| refused(StatusCode::BAD_REQUEST, &error.to_string()))?;
        Ok((seen, Action::Visual { passcode, reason: VisualReason::from_wire(reason) }))
    });
    let (seen, action) = match confirmed {
        Ok(confirmed) => confirmed,
        Err(refused) => return refused.into_response(),
    };
    match confirm(&app, seen, action).await {
        Ok(()) => look(&app).await,
        Err(refused) => refused.into_response(),
    }
}

async fn confirm(app: &App, seen: u64, action: Action) -> Result<(), Refused> {
    let mut views = app.desk.views.clone();
    let over = || refused(StatusCode::CONFLICT, "Nobody waits for this any more: look again.");
    if rows::waiting(&views.borrow()).is_none_or(|waiting| waiting.seen != seen) {
        return Err(over());
    }
    app.desk.inbox.send(Input::Confirmed { seen, action }).await.map_err(|_| over())?;
    let judged = views
        .wait_for(|view| view.revision > seen && view.screen != protocol::Screen::CheckingPasscode);
    let screen = match tokio::time::timeout(CONFIRMING, judged).await {
        Ok(Ok(view)) => view.screen.clone(),
        _ => return Err(over()),
    };
    match screen {
        protocol::Screen::Staff { problem: Some(problem) } => Err(wrong(problem)),
        _ => Ok(()),
    }
}

pub(super) fn wrong(problem: Problem) -> Refused {
    match problem {
        Problem::Wrong => refused(StatusCode::FORBIDDEN, "Wrong passcode."),
        Problem::Throttled { wait_s } => {
            let advice = format!("Too many wrong passcodes: wait {wait_s} seconds.");
            refused(StatusCode::TOO_MANY_REQUESTS, &advice)
        }
        Problem::NotSet => {
            let advice = "The facility has not set a passcode: see `uketsuke-bridge passcode`.";
            refused(StatusCode::CONFLICT, advice)
        }
    }
}

/// The page to print, for the kiosk page only.
pub(super) async fn statement(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if let Err(refused) = ours(&app, &headers, false) {
        return refused.into_response();
    }
    match app.printout.page() {
        Some(page) => {
            let kind = [
                (axum::http::header::CONTENT_TYPE, "image/svg+xml"),
                (axum::http::header::CACHE_CONTROL, "no-store"),
            ];
            (kind, page).into_response()
        }
        None => refused(StatusCode::NOT_FOUND, "There is nothing to print now.").into_response(),
    }
}
