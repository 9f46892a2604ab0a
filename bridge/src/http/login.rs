//! In by an account: with its password, or by the invitation with which its owner chooses one.

use super::App;
use super::entrance::{board_of, opened, tell};
use super::staff::{Refused, body, ours, refused};
use super::vault::with_vault;
use crate::accounts::{Member, Reach};
use crate::reader::Kind;
use crate::sessions::Staff;
use crate::store::{AccountDeed, Actor, WhyLocked};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use protocol::account::{Doorway, Join, LogIn, Me};
use protocol::staff::Entered;
use serde::Serialize;
use std::net::IpAddr;
use std::sync::Arc;

/// By what the board of the asking page opens.
pub(super) async fn door(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if let Err(refused) = ours(&app, &headers, false) {
        return refused.into_response();
    }
    let practises = super::guard::single(&headers, &super::guard::BOARD) == Some("practice");
    let here = app.reach == Reach::Computer;
    let kind = board_of(&app, practises).unwrap_or(Kind::Pcsc);
    let any = app.site.accounts.any();
    let passcode = here && app.site.opens_by_passcode(kind) && app.site.guards.is_set(kind);
    Json(Doorway { passcode, account: any, first: here && !any, code: !here }).into_response()
}

pub(super) async fn log_in(
    State(app): State<Arc<App>>,
    Extension(address): Extension<IpAddr>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let asked = ours(&app, &headers, true).and_then(|()| body::<LogIn>(&text));
    let asked = asked.and_then(|asked| Ok((board(&app, asked.practice)?, asked)));
    let (kind, LogIn { name, password, code, .. }) = match asked {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let entered = with_vault(&app, address, move |at| {
        let member = at.vault.log_in(&at.caller, &name, &password, &code, at.now)?;
        // On the computer itself the code may be left out.
        let proven = !member.authenticator || !code.expose().is_empty();
        if member.recovered {
            at.audit(&member.id, AccountDeed::RecoveryUsed, Some(actor(&member)));
        }
        Ok(enter(at.app, kind, &member, proven))
    });
    told(entered.await)
}

pub(super) async fn join(
    State(app): State<Arc<App>>,
    Extension(address): Extension<IpAddr>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let asked = ours(&app, &headers, true).and_then(|()| body::<Join>(&text));
    let asked = asked.and_then(|asked| Ok((board(&app, asked.practice)?, asked)));
    let (kind, Join { name, invitation, password, .. }) = match asked {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let entered = with_vault(&app, address, move |at| {
        let member = at.vault.join(&at.caller, &name, &invitation, &password, at.now)?;
        at.audit(&member.id, AccountDeed::Joined, Some(actor(&member)));
        // From the first account on the passcode does not open the patients' board, nor does an older password.
        let older = |staff: &Staff| {
            staff.account().is_none() && !at.app.site.opens_by_passcode(staff.kind)
                || staff.account() == Some(&*member.id)
        };
        tell(at.app, at.app.site.sessions.end(older, None, WhyLocked::AccountChanged));
        Ok(enter(at.app, kind, &member, true))
    });
    told(entered.await)
}

/// As JSON, or why not.
pub(super) fn told(done: Result<impl Serialize, Refused>) -> Response {
    match done {
        Ok(told) => Json(told).into_response(),
        Err(refused) => refused.into_response(),
    }
}

fn enter(app: &App, kind: Kind, member: &Member, proven: bool) -> Entered {
    opened(app, kind, actor(member), member.role, Some(me(app, member)), proven)
}

/// The own account, for the page.
pub(super) fn me(app: &App, member: &Member) -> Me {
    Me {
        name: member.name.clone(),
        role: member.role.to_wire(),
        authenticator: member.authenticator,
        authenticator_first: app.reach == Reach::Network && !member.authenticator,
        recovery_left: member.recovery_left,
    }
}

fn actor(member: &Member) -> Actor {
    Actor::Account { id: member.id.clone(), name: member.name.clone() }
}

fn board(app: &App, practice: bool) -> Result<Kind, Refused> {
    let none = || refused(StatusCode::NOT_FOUND, "No kiosk practises now: open /staff.");
    board_of(app, practice).ok_or_else(none)
}
