//! The door of the staff board: in with the facility's passcode where it opens it, out by itself. All of it is audited, without the
//! passcode. Accounts come in by `login.rs`.

use super::staff::{Refused, body, ours, refused, wrong};
use super::{App, guard};
use crate::accounts::Reach;
use crate::passcode::Door;
use crate::reader::Kind;
use crate::rights::{Act, Role};
use crate::sessions::{Ended, Staff};
use crate::store::{Actor, Batch, Deed, Op};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse as _, Response};
use checkin::event::PasscodeProblem;
use checkin::secret::Passcode;
use protocol::Redacted;
use protocol::account::Me;
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
    let asked = asked.and_then(|Enter { passcode, practice }| {
        let passcode = Passcode::parse(passcode.expose())
            .map_err(|_| refused(StatusCode::BAD_REQUEST, "A passcode has 4 digits."))?;
        let none = || refused(StatusCode::NOT_FOUND, "No kiosk practises now: open /staff.");
        Ok((passcode, board_of(&app, practice).ok_or_else(none)?))
    });
    let asked = asked.and_then(|(passcode, kind)| {
        if app.reach == Reach::Computer && app.site.opens_by_passcode(kind) {
            Ok((passcode, kind))
        } else {
            Err(refused(StatusCode::CONFLICT, "This board opens by an account: see /staff."))
        }
    });
    let (passcode, kind) = match asked {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    match app.site.guards.check(kind, Door::Board, passcode).await {
        Ok(()) => {
            let (by, role) = (Actor::PasscodeAtBoard, Role::Reception);
            Json(opened(&app, kind, by, role, None, false)).into_response()
        }
        Err(problem) => {
            // Tries that are not even checked are no news, and might be without number.
            if problem == PasscodeProblem::Wrong {
                let wait_s = app.site.guards.wait(kind, Door::Board).await;
                audit(&app, kind, Deed::BoardRefused { wait_s }, None);
            }
            wrong(problem.to_wire()).into_response()
        }
    }
}

/// Whose board is asked for: the patients', or that of practice where it is asked for or every kiosk practises. `None`: no kiosk
/// practises.
pub(super) fn board_of(app: &App, practice: bool) -> Option<Kind> {
    let practice = practice || !app.kiosks.any_at(Kind::Pcsc);
    let kind = if practice { Kind::Practice } else { Kind::Pcsc };
    app.kiosks.any_at(kind).then_some(kind)
}

/// A session for whoever has shown who they are, `proven` with all that their account has; what they sent before counts for nothing.
pub(super) fn opened(
    app: &App,
    kind: Kind,
    by: Actor,
    role: Role,
    me: Option<Me>,
    proven: bool,
) -> Entered {
    sweep(app);
    let now = app.site.clock.now().monotonic;
    let limited = me.as_ref().is_some_and(|me| me.authenticator_first);
    let (reach, proven) = (app.reach, proven.then_some(now));
    let staff = Staff { kind, by, role, reach, limited, checked: now, proven };
    audit(app, kind, Deed::BoardOpened, Some(staff.by.clone()));
    let (session, made_room) = app.site.sessions.open(staff, now);
    tell(app, made_room);
    let lock_s = u32::try_from(app.site.sessions.unused().as_secs()).unwrap_or(u32::MAX);
    Entered { session: Redacted::new(session), lock_s, me }
}

/// From a page of ours, and from staff who entered and may do this: who they are. What they change is a use of the session; a
/// look is one when it says so.
pub(super) fn staff(app: &App, headers: &HeaderMap, act: Act) -> Result<Staff, Refused> {
    ours(app, headers, act.changes())?;
    sweep(app);
    let used = act.changes() || guard::single(headers, &USED) == Some("1");
    let now = app.site.clock.now().monotonic;
    let staff = session(headers)
        .and_then(|session| app.site.sessions.holds(session, app.reach, now, used))
        .ok_or_else(|| refused(StatusCode::UNAUTHORIZED, "Enter again."))?;
    if !staff.role.may(act) {
        let advice = "Your account's role may not do this: ask a manager.";
        Err(refused(StatusCode::FORBIDDEN, advice))
    } else if staff.limited && !act.before_authenticator() {
        Err(refused(StatusCode::FORBIDDEN, "Over the network, set up an authenticator first."))
    } else if act.needs_proof() && !staff.is_proven(now) {
        let advice = "Type your password again, and your authenticator's code if you have one.";
        Err(refused(StatusCode::PRECONDITION_REQUIRED, advice))
    } else if act.needs_fresh() && !staff.is_fresh(now) {
        Err(refused(StatusCode::PRECONDITION_REQUIRED, "Type your password again."))
    } else {
        Ok(staff)
    }
}

/// The session that a request carries.
pub(super) fn session(headers: &HeaderMap) -> Option<&str> {
    guard::single(headers, &STAFF)
}

/// The same for a stream, which outlives its request: with the session, to ask for it again. A page that begins one says with it
/// whether it was used.
pub(super) fn staff_with(app: &App, headers: &HeaderMap) -> Result<(Kind, String), Refused> {
    let kind = staff(app, headers, Act::Look)?.kind;
    Ok((kind, session(headers).unwrap_or_default().to_owned()))
}

/// Staff leave.
pub(super) async fn lock(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if let Err(refused) = staff(&app, &headers, Act::Own) {
        return refused.into_response();
    }
    tell(&app, session(&headers).and_then(|session| app.site.sessions.lock(session)));
    StatusCode::NO_CONTENT.into_response()
}

/// Ends sessions in time, also of pages that are gone. Never returns.
pub(super) async fn watch(app: &App) {
    loop {
        tokio::time::sleep(LOOK).await;
        sweep(app);
    }
}

fn sweep(app: &App) {
    let in_use = |kind| app.kiosks.any_at(kind);
    tell(app, app.site.sessions.sweep(in_use, app.site.clock.now().monotonic));
}

pub(super) fn tell(app: &App, ended: impl IntoIterator<Item = Ended>) {
    for Ended { staff, why } in ended {
        audit(app, staff.kind, Deed::BoardLocked(why), Some(staff.by));
    }
}

pub(super) fn audit(app: &App, kind: Kind, deed: Deed, by: Option<Actor>) {
    let op = Op::Deed { at: app.site.clock.now().wall, deed, by };
    app.site.ledgers.of(kind).writer.send(|| Batch { ops: vec![op], ..Batch::default() });
}
