//! The staff board's requests.

use crate::effects::page;
use protocol::Redacted;
use protocol::staff::{
    Board, Complete, Confirm, Enter, Entered, EnteredByHand, Known, SeePaper, Withdraw,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// Why a request gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The bridge did not answer, or not as expected.
    Away,
    /// HTTP status of the refusal.
    Refused(u16),
}

/// Opens a session with the facility's passcode.
pub(super) async fn enter(passcode: Redacted) -> Result<Redacted, Trouble> {
    let entered: Entered = post("enter", None, &Enter { passcode }).await?;
    Ok(entered.session)
}

/// The visits of today.
pub(super) async fn board(session: &Redacted) -> Result<Board, Trouble> {
    ask("board", "GET", Some(session), JsValue::UNDEFINED).await
}

/// Withdraws a consent.
pub(super) async fn withdraw(session: &Redacted, ask: &Withdraw) -> Result<Board, Trouble> {
    post("withdraw", Some(session), ask).await
}

/// Enters the characters in the places of ●.
pub(super) async fn complete(session: &Redacted, ask: &Complete) -> Result<Board, Trouble> {
    post("complete", Some(session), ask).await
}

/// Says that a result was entered by hand.
pub(super) async fn entered(session: &Redacted, ask: &EnteredByHand) -> Result<Board, Trouble> {
    post("entered", Some(session), ask).await
}

/// Says that a document was looked at.
pub(super) async fn paper(session: &Redacted, ask: &SeePaper) -> Result<Board, Trouble> {
    post("paper", Some(session), ask).await
}

/// Enters the number that staff know.
pub(super) async fn known(session: &Redacted, ask: &Known) -> Result<Board, Trouble> {
    post("known", Some(session), ask).await
}

/// 目視確認 of the person who waits at the kiosk.
pub(super) async fn visual(session: &Redacted, ask: &Confirm) -> Result<Board, Trouble> {
    post("visual", Some(session), ask).await
}

async fn post<T: DeserializeOwned>(
    verb: &str,
    session: Option<&Redacted>,
    body: &impl Serialize,
) -> Result<T, Trouble> {
    let body = serde_json::to_string(body).map_err(|_| Trouble::Away)?;
    ask(verb, "POST", session, body.into()).await
}

async fn ask<T: DeserializeOwned>(
    verb: &str,
    method: &str,
    session: Option<&Redacted>,
    body: JsValue,
) -> Result<T, Trouble> {
    let token = page::token();
    let mut headers = vec![("x-uketsuke-token", token.as_str())];
    if let Some(session) = session {
        headers.push(("x-uketsuke-staff", session.expose()));
    }
    if method == "POST" {
        headers.push(("content-type", "application/json"));
    }
    let path = format!("/staff/api/{verb}");
    let response = page::request(&path, method, &headers, body).await.map_err(|_| Trouble::Away)?;
    if !response.ok() {
        return Err(Trouble::Refused(response.status()));
    }
    let text = page::text(&response).await.map_err(|_| Trouble::Away)?;
    serde_json::from_str(&text).map_err(|_| Trouble::Away)
}
