//! What the owner of an account does with it: the password, the authenticator, all sessions.

use super::App;
use super::entrance::{session, staff, tell};
use super::login::{me as known, told};
use super::staff::{Refused, body, refused};
use super::vault::with_vault;
use crate::accounts::Proof;
use crate::rights::Act;
use crate::sessions::Staff;
use crate::store::{AccountDeed, WhyLocked};
use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
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

pub(super) async fn me(
    State(app): State<Arc<App>>,
    Extension(address): Extension<IpAddr>,
    headers: HeaderMap,
) -> Response {
    let id = match owner(&app, &headers, Act::Own) {
        Ok((_, id)) => id,
        Err(refused) => return refused.into_response(),
    };
    let own = with_vault(&app, address, move |at| Ok(known(at.app, &at.vault.me(&id)?)));
    told(own.await)
}

pub(super) async fn again(
    State(app): State<Arc<App>>,
    Extension(address): Extension<IpAddr>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let (staff, id, Again { password, code }) = match asked(&app, &headers, &text, Act::Own) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let token = session(&headers).map(str::to_owned);
    let done = with_vault(&app, address, move |at| {
        let checked = at.app.site.clock.now().monotonic;
        let proof = at.vault.again(&at.caller, &id, &password, &code, at.now)?;
        if proof == Proof::ByRecovery {
            at.audit(&id, AccountDeed::RecoveryUsed, Some(staff.by));
        }
        if let Some(token) = token {
            at.app.site.sessions.update(&token, |staff| {
                staff.checked = checked;
                if proof != Proof::PasswordOnly {
                    staff.proven = Some(checked);
                }
            });
        }
        Ok(())
    });
    done_or_not(done.await)
}

fn done_or_not(done: Result<(), Refused>) -> Response {
    match done {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refused) => refused.into_response(),
    }
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
    let token = session(&headers).map(str::to_owned);
    let done = with_vault(&app, address, move |at| {
        at.vault.set_password(&at.caller, &id, &old, &new, at.now)?;
        at.audit(&id, AccountDeed::PasswordSet, Some(staff.by));
        end_others(at.app, &id, token.as_deref(), WhyLocked::AccountChanged);
        Ok(())
    });
    done_or_not(done.await)
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
    told(with_vault(&app, address, move |at| at.vault.new_authenticator(&id)).await)
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
    let token = session(&headers).map(str::to_owned);
    let recovery = with_vault(&app, address, move |at| {
        let recovery = at.vault.confirm_authenticator(&at.caller, &id, &code, at.now)?;
        at.audit(&id, AccountDeed::AuthenticatorSet, Some(staff.by));
        if let Some(token) = &token {
            at.app.site.sessions.update(token, |staff| staff.limited = false);
        }
        end_others(at.app, &id, token.as_deref(), WhyLocked::AccountChanged);
        Ok(recovery)
    });
    told(recovery.await)
}
