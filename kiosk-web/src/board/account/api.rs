//! The requests.

use super::super::api::{Trouble, answer, post, send};
use crate::effects::page;
use protocol::Redacted;
use protocol::account::{
    AccountChange, Accounts, AddAccount, Again, ChangeAccount, ConfirmCode, Doorway, Join, LogIn,
    Me, NewPassword, Recovery, Role, Secret,
};
use protocol::settings::{Attached, Change, Settings, Wrong};
use protocol::staff::Entered;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// By what the board of this page opens now.
pub(in super::super) async fn door() -> Result<Doorway, Trouble> {
    let board = if page::is_board_of_practice() { "practice" } else { "patients" };
    let text =
        send("door", "GET", None, &[("x-uketsuke-board", board)], JsValue::UNDEFINED).await?;
    serde_json::from_str(&text).map_err(|_| Trouble::Away)
}

pub(super) async fn log_in(
    name: String,
    password: Redacted,
    code: Redacted,
) -> Result<Entered, Trouble> {
    let practice = page::is_board_of_practice();
    post("login", None, &LogIn { name, password, code, practice }).await
}

pub(super) async fn join(
    name: String,
    invitation: Redacted,
    password: Redacted,
) -> Result<Entered, Trouble> {
    let practice = page::is_board_of_practice();
    post("join", None, &Join { name, invitation, password, practice }).await
}

/// What answers with nothing.
async fn tell(verb: &str, session: &Redacted, body: &impl Serialize) -> Result<(), Trouble> {
    let body = serde_json::to_string(body).map_err(|_| Trouble::Away)?;
    send(verb, "POST", Some(session), &[], body.into()).await.map(drop)
}

pub(super) async fn again(
    session: &Redacted,
    password: Redacted,
    code: Redacted,
) -> Result<(), Trouble> {
    tell("again", session, &Again { password, code }).await
}

pub(super) async fn me(session: &Redacted) -> Result<Me, Trouble> {
    post("me", Some(session), &()).await
}

pub(super) async fn set_password(
    session: &Redacted,
    old: Redacted,
    new: Redacted,
) -> Result<(), Trouble> {
    tell("me/password", session, &NewPassword { old, new }).await
}

pub(super) async fn leave(session: &Redacted) -> Result<(), Trouble> {
    tell("me/leave", session, &()).await
}

pub(super) async fn authenticator(session: &Redacted) -> Result<Secret, Trouble> {
    post("me/authenticator", Some(session), &()).await
}

pub(super) async fn confirm(session: &Redacted, code: Redacted) -> Result<Recovery, Trouble> {
    post("me/authenticator/confirm", Some(session), &ConfirmCode { code }).await
}

pub(super) async fn list(session: &Redacted) -> Result<Accounts, Trouble> {
    let text = send("accounts", "GET", Some(session), &[], JsValue::UNDEFINED).await?;
    serde_json::from_str(&text).map_err(|_| Trouble::Away)
}

pub(super) async fn add(session: &Redacted, name: String, role: Role) -> Result<Accounts, Trouble> {
    post("accounts/add", Some(session), &AddAccount { name, role }).await
}

pub(super) async fn change(
    session: &Redacted,
    id: String,
    change: AccountChange,
) -> Result<Accounts, Trouble> {
    post("accounts/change", Some(session), &ChangeAccount { id, change }).await
}

pub(super) async fn settings(session: &Redacted) -> Result<Settings, Trouble> {
    let text = send("settings", "GET", Some(session), &[], JsValue::UNDEFINED).await?;
    serde_json::from_str(&text).map_err(|_| Trouble::Away)
}

pub(super) async fn attached(session: &Redacted) -> Result<Attached, Trouble> {
    let text = send("settings/attached", "GET", Some(session), &[], JsValue::UNDEFINED).await?;
    serde_json::from_str(&text).map_err(|_| Trouble::Away)
}

/// The settings as they are now, or what was wrong and changed nothing.
pub(super) async fn change_settings(
    session: &Redacted,
    change: &Change,
) -> Result<Result<Settings, Wrong>, Trouble> {
    let body = serde_json::to_string(change).map_err(|_| Trouble::Away)?;
    let response = answer("settings/change", "POST", Some(session), &[], body.into()).await?;
    let (status, text) = (response.status(), page::text(&response).await);
    let text = text.map_err(|_| Trouble::Away)?;
    match status {
        200 => serde_json::from_str(&text).map(Ok).map_err(|_| Trouble::Away),
        422 => serde_json::from_str(&text).map(Err).map_err(|_| Trouble::Refused(status)),
        _ => Err(Trouble::Refused(status)),
    }
}
