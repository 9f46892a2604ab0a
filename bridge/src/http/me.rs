//! What the owner of an account does with it: the password, the authenticator, all sessions.

use super::App;
use super::entrance::{session, staff, tell};
use super::login::{account, caller, judged, me as told};
use super::staff::{Refused, body, refused};
use crate::rights::Act;
use crate::sessions::Staff;
use crate::store::{AccountDeed, WhyLocked};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use protocol::account::{Again, ConfirmCode, NewPassword};
use serde::de::DeserializeOwned;
use std::net::IpAddr;
use std::sync::Arc;

/// From staff with an account who may do this: who they are, and the account's id.
fn owner(app: &App, headers: &HeaderMap, act: Act) -> Result<(Staff, String), Refused> {
    let staff = staff(app, headers, act)?;
    let id = staff.account().map(str::to_owned);
    let none = || refused(StatusCode::NOT_FOUND, "This session has no account.");
    Ok((staff, id.ok_or_else(none)?))
}

fn asked<T: DeserializeOwned>(
    app: &App,
    headers: &HeaderMap,
    text: &Bytes,
    act: Act,
) -> Result<(Staff, String, T), Refused> {
    let (staff, id) = owner(app, headers, act)?;
    Ok((staff, id, body(text)?))
}

pub(super) async fn me(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let id = match owner(&app, &headers, Act::Own) {
        Ok((_, id)) => id,
        Err(refused) => return refused.into_response(),
    };
    let now = app.site.clock.now().wall;
    match app.site.accounts.call(now, move |vault| vault.me(&id)).await {
        Ok(member) => Json(told(&app, &member)).into_response(),
        Err(_) => refused(StatusCode::NOT_FOUND, "This session has no account.").into_response(),
    }
}

pub(super) async fn again(
    State(app): State<Arc<App>>,
    Extension(address): Extension<IpAddr>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let (_, id, Again { password }) = match asked(&app, &headers, &text, Act::Own) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let (caller, now) = (caller(&app, address), app.site.clock.now());
    let done = app
        .site
        .accounts
        .call(now.wall, move |vault| vault.again(&caller, &id, &password, now.wall));
    if let Err(refused) = judged(&app, address, done.await) {
        return refused.into_response();
    }
    if let Some(token) = session(&headers) {
        app.site.sessions.update(token, |staff| staff.checked = now.monotonic);
    }
    StatusCode::NO_CONTENT.into_response()
}

pub(super) async fn password(
    State(app): State<Arc<App>>,
    Extension(address): Extension<IpAddr>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let (staff, id, NewPassword { old, new }) = match asked(&app, &headers, &text, Act::Own) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let (caller, now, own) = (caller(&app, address), app.site.clock.now().wall, id.clone());
    let done = app
        .site
        .accounts
        .call(now, move |vault| vault.set_password(&caller, &own, &old, &new, now));
    if let Err(refused) = judged(&app, address, done.await) {
        return refused.into_response();
    }
    account(&app, &id, AccountDeed::PasswordSet, Some(staff.by));
    end_others(&app, &id, session(&headers), WhyLocked::AccountChanged);
    StatusCode::NO_CONTENT.into_response()
}

/// Leaves everywhere, here too.
pub(super) async fn leave(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    match owner(&app, &headers, Act::Own) {
        Ok((_, id)) => {
            end_others(&app, &id, None, WhyLocked::Asked);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(refused) => refused.into_response(),
    }
}

fn end_others(app: &App, id: &str, but: Option<&str>, why: WhyLocked) {
    let of_account = |staff: &Staff| staff.account() == Some(id);
    tell(app, app.site.sessions.end(of_account, but, why));
}

pub(super) async fn authenticator(
    State(app): State<Arc<App>>,
    Extension(address): Extension<IpAddr>,
    headers: HeaderMap,
) -> Response {
    let (_, id) = match owner(&app, &headers, Act::Authenticator) {
        Ok(owner) => owner,
        Err(refused) => return refused.into_response(),
    };
    let now = app.site.clock.now().wall;
    let done = app.site.accounts.call(now, move |vault| vault.new_authenticator(&id)).await;
    match judged(&app, address, done) {
        Ok(secret) => Json(secret).into_response(),
        Err(refused) => refused.into_response(),
    }
}

pub(super) async fn confirm(
    State(app): State<Arc<App>>,
    Extension(address): Extension<IpAddr>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let (staff, id, ConfirmCode { code }) = match asked(&app, &headers, &text, Act::Authenticator) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let (caller, now, own) = (caller(&app, address), app.site.clock.now().wall, id.clone());
    let done = app
        .site
        .accounts
        .call(now, move |vault| vault.confirm_authenticator(&caller, &own, &code, now));
    let recovery = match judged(&app, address, done.await) {
        Ok(recovery) => recovery,
        Err(refused) => return refused.into_response(),
    };
    account(&app, &id, AccountDeed::AuthenticatorSet, Some(staff.by));
    if let Some(token) = session(&headers) {
        app.site.sessions.update(token, |staff| staff.limited = false);
    }
    end_others(&app, &id, session(&headers), WhyLocked::AccountChanged);
    Json(recovery).into_response()
}
