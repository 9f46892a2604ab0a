//! The door of the staff board: in with the facility's passcode, out by itself. All of it is audited, without the passcode.

use super::sessions::Ended;
use super::staff::{Refused, body, ours, refused, wrong};
use super::{App, guard};
use crate::passcode::Door;
use crate::reader::Kind;
use crate::store::{Batch, Deed, Op};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse as _, Response};
use checkin::event::PasscodeProblem;
use checkin::secret::Passcode;
use protocol::Redacted;
use protocol::staff::{Enter, Entered};
use std::sync::Arc;
use std::time::Duration;
use wire::Twin as _;

/// Of the session.
const STAFF: HeaderName = HeaderName::from_static("x-uketsuke-staff");
/// Said with a look: somebody has touched the page since the last one.
const USED: HeaderName = HeaderName::from_static("x-uketsuke-used");
/// How often it is looked whether a session is over, should no page ask.
const LOOK: Duration = Duration::from_secs(5);

pub(super) async fn enter(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let asked = ours(&app, &headers, true).and_then(|()| body::<Enter>(&text));
    let passcode = asked.and_then(|enter| {
        Passcode::parse(enter.passcode.expose())
            .map_err(|_| refused(StatusCode::BAD_REQUEST, "A passcode has 4 digits."))
    });
    let passcode = match passcode {
        Ok(passcode) => passcode,
        Err(refused) => return refused.into_response(),
    };
    let kind = app.switch.status().kind;
    match app.guards.check(kind, Door::Board, passcode).await {
        Ok(()) => Json(opened(&app, kind)).into_response(),
        Err(problem) => {
            // Tries that are not even checked are no news, and might be without number.
            if problem == PasscodeProblem::Wrong {
                let wait_s = app.guards.wait(kind, Door::Board).await;
                audit(&app, kind, Deed::BoardRefused { wait_s });
            }
            wrong(problem.to_wire()).into_response()
        }
    }
}

fn opened(app: &App, kind: Kind) -> Entered {
    sweep(app);
    let (session, made_room) = app.sessions.open(kind, app.clock.now().monotonic);
    tell(app, made_room);
    audit(app, kind, Deed::BoardOpened);
    let lock_s = u32::try_from(app.sessions.unused().as_secs()).unwrap_or(u32::MAX);
    Entered { session: Redacted::new(session), lock_s }
}

/// From a page of ours, and from staff who entered. What they change is a use of the session; a look is one when it says so.
pub(super) fn staff(app: &App, headers: &HeaderMap, changes: bool) -> Result<(), Refused> {
    ours(app, headers, changes)?;
    sweep(app);
    let used = changes || guard::single(headers, &USED) == Some("1");
    let now = app.clock.now().monotonic;
    let session = guard::single(headers, &STAFF);
    if session.is_some_and(|session| app.sessions.holds(session, now, used)) {
        return Ok(());
    }
    Err(refused(StatusCode::UNAUTHORIZED, "Enter the facility's passcode again."))
}

/// Staff leave.
pub(super) async fn lock(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if let Err(refused) = staff(&app, &headers, true) {
        return refused.into_response();
    }
    let session = guard::single(&headers, &STAFF);
    tell(&app, session.and_then(|session| app.sessions.lock(session)));
    StatusCode::NO_CONTENT.into_response()
}

/// Ends sessions in time, also of pages that are gone. Never returns.
pub(crate) async fn watch(app: Arc<App>) {
    loop {
        tokio::time::sleep(LOOK).await;
        sweep(&app);
    }
}

fn sweep(app: &App) {
    tell(app, app.sessions.sweep(app.switch.status().kind, app.clock.now().monotonic));
}

fn tell(app: &App, ended: impl IntoIterator<Item = Ended>) {
    for Ended { kind, why } in ended {
        audit(app, kind, Deed::BoardLocked(why));
    }
}

fn audit(app: &App, kind: Kind, deed: Deed) {
    let op = Op::Deed { at: app.clock.now().wall, deed };
    app.ledgers.of(kind).writer.send(|| Batch { ops: vec![op], ..Batch::default() });
}
