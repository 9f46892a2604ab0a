//! What a manager does with accounts.

use super::App;
use super::entrance::{staff, tell};
use super::login::told;
use super::staff::change as asked;
use super::vault::{At, with_vault};
use crate::accounts::{Change, Refusal};
use crate::rights::{Act, Role};
use crate::sessions::Staff;
use crate::store::{AccountDeed, WhyLocked};
use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
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
        Ok(_) => told(with_vault(&app, address, |at| all(at, None)).await),
        Err(refused) => refused.into_response(),
    }
}

fn all(at: &mut At<'_>, invitation: Option<Redacted>) -> Result<Accounts, Refusal> {
    Ok(Accounts { accounts: at.vault.list()?, invitation })
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
    let role = Role::from_wire(role);
    let added = with_vault(&app, address, move |at| {
        let (id, invitation) = at.vault.add(&name, role, at.now)?;
        let made = AccountDeed::Made { name: at.vault.me(&id)?.name, role };
        at.audit(&id, made, Some(staff.by));
        all(at, Some(invitation))
    });
    told(added.await)
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
    let change = match change {
        AccountChange::Invite => Change::Invite,
        AccountChange::Close => Change::Close,
        AccountChange::Open => Change::Open,
        AccountChange::MakeReception => Change::Role(Role::Reception),
        AccountChange::MakeManager => Change::Role(Role::Manager),
        AccountChange::MakeAuditor => Change::Role(Role::Auditor),
    };
    let changed = with_vault(&app, address, move |at| {
        let (invitation, deed) = at.vault.change(&id, change, at.now)?;
        at.audit(&id, deed, Some(staff.by));
        let of_account = |staff: &Staff| staff.account() == Some(&*id);
        tell(at.app, at.app.site.sessions.end(of_account, None, WhyLocked::AccountChanged));
        all(at, invitation)
    });
    told(changed.await)
}
