//! The staff board: see today's visits, withdraw a consent, put
//! the known character in the place of ●.

use super::alarms::alarms;
use super::at::At;
use super::{App, entrance, guard, look};
use crate::reader::Kind;
use crate::rights::Act;
use crate::sessions::Staff;
use crate::store::{Batch, Op};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use checkin::consent::Topic;
use checkin::{Question, Record, Reply, VisitId};
use jiff::Timestamp;
use protocol::screen::PasscodeProblem as Problem;
use protocol::staff::{Complete, EnteredByHand, Withdraw};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use wire::Twin as _;

/// Requests are a few short fields; two notes at most.
const MAX_BYTES: usize = 2048;
/// Settings may hold long lists.
pub(super) const MAX_SETTINGS_BYTES: usize = 64 * 1024;

/// What staff type for a person: the answers of a 申立書, 300 characters each at most, but in all no more than this.
pub(super) const MAX_TYPED_BYTES: usize = 6144;

/// What staff did is kept in this time, or waits for its store.
const KEEPING: Duration = Duration::from_secs(3);

pub(super) type Refused = (StatusCode, String);

pub(super) fn refused(status: StatusCode, advice: &str) -> Refused {
    (status, format!("{advice}\n"))
}

/// From a page of ours, with the token of this start.
pub(super) fn ours(app: &App, headers: &HeaderMap, changes: bool) -> Result<(), Refused> {
    if guard::has_token(app, headers) && (!changes || guard::is_same_origin(app, headers)) {
        return Ok(());
    }
    Err(refused(
        StatusCode::FORBIDDEN,
        "Only the staff page of this program may do this: reload it.",
    ))
}

pub(super) fn body<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refused> {
    body_within(body, MAX_BYTES)
}

fn body_within<T: DeserializeOwned>(body: &Bytes, most: usize) -> Result<T, Refused> {
    if body.len() > most {
        let advice = format!("Send {} KiB at most.", most / 1024);
        return Err(refused(StatusCode::PAYLOAD_TOO_LARGE, &advice));
    }
    serde_json::from_slice(body)
        .map_err(|_| refused(StatusCode::BAD_REQUEST, "Send the JSON of docs/protocol.md."))
}

pub(super) async fn board(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    match entrance::staff(&app, &headers, Act::Look) {
        Ok(staff) => looked(&app, staff.kind).await,
        Err(refused) => refused.into_response(),
    }
}

/// Somebody is at the page of the board, whose stream says nothing of that.
pub(super) async fn used(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    match entrance::staff(&app, &headers, Act::Own) {
        Ok(_) => StatusCode::NO_CONTENT.into_response(),
        Err(refused) => refused.into_response(),
    }
}

pub(super) async fn looked(app: &App, kind: Kind) -> Response {
    let alarms = alarms(app, kind).await;
    Json(look::board(app, kind, alarms)).into_response()
}

/// Writes what staff did into the audit, in its place among the records of visits.
pub(super) fn audit(app: &App, staff: &Staff, visit: VisitId, record: Record) {
    let ledger = app.site.ledgers.of(staff.kind);
    let op = Op::Record { visit, at: Timestamp::now(), record, by: Some(staff.by.clone()) };
    ledger.writer.send(|| Batch { ops: vec![op], ..Batch::default() });
}

/// Looks after the row of `visit` was kept, or waits for its store, as the board says.
pub(super) async fn saved(app: &App, kind: Kind, visit: VisitId) -> Response {
    let ledger = app.site.ledgers.of(kind);
    ledger.board.save(visit);
    kept(app, kind).await
}

/// Looks after what was changed was kept, or waits for its store, as the board says.
pub(super) async fn kept(app: &App, kind: Kind) -> Response {
    app.site.ledgers.of(kind).writer.flush(KEEPING).await;
    looked(app, kind).await
}

/// From staff who entered and may do this, with the body of a change: who they are, and what they ask for.
pub(super) fn change<T: DeserializeOwned>(
    app: &App,
    headers: &HeaderMap,
    text: &Bytes,
    act: Act,
) -> Result<(Staff, T), Refused> {
    change_within(app, headers, text, act, MAX_BYTES)
}

/// The same, with a body of so many bytes at most.
pub(super) fn change_within<T: DeserializeOwned>(
    app: &App,
    headers: &HeaderMap,
    text: &Bytes,
    act: Act,
    most: usize,
) -> Result<(Staff, T), Refused> {
    let staff = entrance::staff(app, headers, act)?;
    Ok((staff, body_within(text, most)?))
}

pub(super) async fn withdraw(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let (staff, Withdraw { visit, topic }) = match change(&app, &headers, &text, Act::Withdraw) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let (visit, topic) = (VisitId(visit), Topic::from_wire(topic));
    let ledger = app.site.ledgers.of(staff.kind);
    let Some(serial) = ledger.board.to_withdraw(visit, topic) else {
        return refused(StatusCode::NOT_FOUND, "That consent is not there: reload.")
            .into_response();
    };
    let asked =
        app.site.gateways.of(staff.kind).ask(Question::Withdraw { serial: serial.clone(), topic });
    let (Reply::Withdrawn(Ok(())), turn) = asked.await else {
        let advice = "The eligibility system did not take it: try again.";
        return refused(StatusCode::BAD_GATEWAY, advice).into_response();
    };
    audit(&app, &staff, visit, Record::ConsentWithdrawn(topic));
    ledger.withdraw(&serial, topic, Timestamp::now());
    app.site.desks.withdrawn(None, &serial, topic, turn).await;
    saved(&app, staff.kind, visit).await
}

pub(super) async fn complete(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let (staff, asked) = match change::<Complete>(&app, &headers, &text, Act::Row) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let (ledger, visit) = (app.site.ledgers.of(staff.kind), VisitId(asked.visit));
    match ledger.board.complete(visit, asked.known.expose()) {
        Some(Ok(())) => {
            audit(&app, &staff, visit, Record::NameCompleted);
            saved(&app, staff.kind, visit).await
        }
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
    let (staff, visit) = match change::<EnteredByHand>(&app, &headers, &text, Act::Row) {
        Ok((staff, asked)) => (staff, VisitId(asked.visit)),
        Err(refused) => return refused.into_response(),
    };
    if !app.site.ledgers.of(staff.kind).board.entered(visit) {
        return refused(StatusCode::NOT_FOUND, "There is nothing to enter: reload.")
            .into_response();
    }
    audit(&app, &staff, visit, Record::EnteredByHand);
    saved(&app, staff.kind, visit).await
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
pub(super) async fn statement(
    State(app): State<Arc<App>>,
    At(kiosk): At,
    headers: HeaderMap,
) -> Response {
    if let Err(refused) = ours(&app, &headers, false) {
        return refused.into_response();
    }
    match kiosk.printout.page() {
        Some(page) => sheet(&page),
        None => refused(StatusCode::NOT_FOUND, "There is nothing to print now.").into_response(),
    }
}

/// A page to print, which nobody keeps.
pub(super) fn sheet(page: &str) -> Response {
    let kind = [(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "no-store")];
    (kind, page.to_owned()).into_response()
}
