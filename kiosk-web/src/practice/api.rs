//! The tray's requests.

use crate::effects::page;
use js_sys::Uint8Array;
use protocol::practice::{Place, Tray};
use wasm_bindgen::JsValue;

const TOKEN: &str = "x-uketsuke-token";

/// The cards, and which one is placed.
///
/// # Errors
/// What the browser says, or an answer that is not a tray.
pub(super) async fn tray() -> Result<Tray, JsValue> {
    let text = page::fetch_text(&address("tray"), &[(TOKEN, &page::token())]).await?;
    serde_json::from_str(&text).map_err(|error| JsValue::from_str(&error.to_string()))
}

/// Puts a card on the reader.
///
/// # Errors
/// What the browser says.
pub(super) async fn place(id: String) -> Result<(), JsValue> {
    let body = serde_json::to_string(&Place { id })
        .map_err(|error| JsValue::from_str(&error.to_string()))?;
    post("place", "application/json", body.into()).await
}

/// Pulls the card off.
///
/// # Errors
/// What the browser says.
pub(super) async fn remove() -> Result<(), JsValue> {
    post("remove", "application/json", "{}".into()).await
}

/// Makes a card from a grey portrait, row by row.
///
/// # Errors
/// What the browser says.
pub(super) async fn portrait(grey: Vec<u8>) -> Result<(), JsValue> {
    post("portrait", "application/octet-stream", Uint8Array::from(grey.as_slice()).into()).await
}

async fn post(verb: &str, content: &str, body: JsValue) -> Result<(), JsValue> {
    let headers = [(TOKEN, &*page::token()), ("content-type", content)];
    page::fetch(&address(verb), "POST", &headers, body).await.map(|_| ())
}

fn address(verb: &str) -> String {
    page::of_kiosk(&format!("/practice/api/{verb}"))
}
