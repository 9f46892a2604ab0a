//! In by an account: with its password, or by the invitation with which its owner chooses one.

use super::App;
use super::entrance::{audit, board_of, opened, tell};
use super::staff::{Refused, body, ours, refused};
use crate::accounts::{Caller, Member, Reach, Refusal};
use crate::reader::Kind;
use crate::store::{AccountDeed, Actor, Deed, WhyLocked};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use protocol::account::{Doorway, Join, LogIn, Me};
use protocol::staff::Entered;
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
    let (caller, now) = (caller(&app, address), app.site.clock.now().wall);
    let done = app
        .site
        .accounts
        .call(now, move |vault| vault.log_in(&caller, &name, &password, &code, now));
    match judged(&app, address, done.await) {
        Ok(member) => {
            if member.recovered {
                account(&app, &member.id, AccountDeed::RecoveryUsed, Some(actor(&member)));
            }
            Json(enter(&app, kind, &member)).into_response()
        }
        Err(refused) => refused.into_response(),
    }
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
    let (caller, now) = (caller(&app, address), app.site.clock.now().wall);
    let done = app
        .site
        .accounts
        .call(now, move |vault| vault.join(&caller, &name, &invitation, &password, now));
    let member = match judged(&app, address, done.await) {
        Ok(member) => member,
        Err(refused) => return refused.into_response(),
    };
    account(&app, &member.id, AccountDeed::Joined, Some(actor(&member)));
    // From the first account on the passcode does not open the patients' board, nor does an older password.
    let passcodes = |staff: &crate::sessions::Staff| {
        staff.account().is_none() && !app.site.opens_by_passcode(staff.kind)
            || staff.account() == Some(&*member.id)
    };
    tell(&app, app.site.sessions.end(passcodes, None, WhyLocked::AccountChanged));
    Json(enter(&app, kind, &member)).into_response()
}

fn enter(app: &App, kind: Kind, member: &Member) -> Entered {
    opened(app, kind, actor(member), member.role, Some(me(app, member)))
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

/// Who asks here.
pub(super) fn caller(app: &App, address: IpAddr) -> Caller {
    Caller { reach: app.reach, address }
}

/// Into the audit of the patients, as all that concerns accounts.
pub(super) fn account(app: &App, id: &str, change: AccountDeed, by: Option<Actor>) {
    audit(app, Kind::Pcsc, Deed::Account { id: id.into(), change }, by);
}

/// What a password or code was worth. A wrong one is audited; one that was not looked at is no news, and might be without number.
/// The patients' audit hears of it wherever it was tried: accounts are the same at both boards.
pub(super) fn judged<T>(
    app: &App,
    address: IpAddr,
    done: Result<T, Refusal>,
) -> Result<T, Refused> {
    if let Err(Refusal::Wrong { account, wait_s }) = &done {
        let (account, wait_s) = (account.clone(), *wait_s);
        let from = address.to_canonical().to_string();
        audit(app, Kind::Pcsc, Deed::LogInRefused { account, from, wait_s }, None);
    }
    done.map_err(|error| {
        let status = match error {
            Refusal::Wrong { .. } => StatusCode::FORBIDDEN,
            Refusal::Throttled { .. } => StatusCode::TOO_MANY_REQUESTS,
            Refusal::Name | Refusal::Weak(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Refusal::Taken | Refusal::LastManager => StatusCode::CONFLICT,
            Refusal::Unknown => StatusCode::NOT_FOUND,
            Refusal::Store(ref error) => {
                tracing::error!(%error, "accounts");
                return refused(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "The disk does not take it now: try again.",
                );
            }
        };
        refused(status, &error.to_string())
    })
}
