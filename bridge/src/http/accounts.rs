//! What a manager does with accounts.

use super::App;
use super::entrance::{staff, tell};
use super::login::{account, judged};
use super::staff::change as asked;
use crate::accounts::{Change, Vault};
use crate::rights::{Act, Role};
use crate::sessions::Staff;
use crate::store::{AccountDeed, WhyLocked};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use protocol::Redacted;
use protocol::account::{AccountChange, Accounts, AddAccount, ChangeAccount};
use std::net::IpAddr;
use std::sync::Arc;

pub(super) async fn list(
    State(app): State<Arc<App>>,
    Extension(address): Extension<IpAddr>,
    headers: HeaderMap,
) -> Response {
    match staff(&app, &headers, Act::SeeAccounts) {
        Ok(_) => all(&app, address, None).await,
        Err(refused) => refused.into_response(),
    }
}

async fn all(app: &App, address: IpAddr, invitation: Option<Redacted>) -> Response {
    let now = app.site.clock.now().wall;
    let done = app.site.accounts.call(now, Vault::list).await;
    match judged(app, address, done) {
        Ok(accounts) => Json(Accounts { accounts, invitation }).into_response(),
        Err(refused) => refused.into_response(),
    }
}

pub(super) async fn add(
    State(app): State<Arc<App>>,
    Extension(address): Extension<IpAddr>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let (staff, AddAccount { name, role }) = match asked(&app, &headers, &text, Act::Accounts) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let (role, now) = (Role::from_wire(role), app.site.clock.now().wall);
    let done = app.site.accounts.call(now, move |vault| {
        let (id, invitation) = vault.add(&name, role, now)?;
        Ok((vault.me(&id)?, invitation))
    });
    let (member, invitation) = match judged(&app, address, done.await) {
        Ok(added) => added,
        Err(refused) => return refused.into_response(),
    };
    let made = AccountDeed::Made { name: member.name, role };
    account(&app, &member.id, made, Some(staff.by));
    all(&app, address, Some(invitation)).await
}

pub(super) async fn change(
    State(app): State<Arc<App>>,
    Extension(address): Extension<IpAddr>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let (staff, ChangeAccount { id, change }) = match asked(&app, &headers, &text, Act::Accounts) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let (now, of) = (app.site.clock.now().wall, id.clone());
    let change = match change {
        AccountChange::Invite => Change::Invite,
        AccountChange::Close => Change::Close,
        AccountChange::Open => Change::Open,
        AccountChange::MakeReception => Change::Role(Role::Reception),
        AccountChange::MakeManager => Change::Role(Role::Manager),
        AccountChange::MakeAuditor => Change::Role(Role::Auditor),
    };
    let done = app.site.accounts.call(now, move |vault| vault.change(&of, change, now)).await;
    let (invitation, deed) = match judged(&app, address, done) {
        Ok(changed) => changed,
        Err(refused) => return refused.into_response(),
    };
    account(&app, &id, deed, Some(staff.by));
    let of_account = |staff: &Staff| staff.account() == Some(&*id);
    tell(&app, app.site.sessions.end(of_account, None, WhyLocked::AccountChanged));
    all(&app, address, invitation).await
}
