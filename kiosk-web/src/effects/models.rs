//! Where the face worker finds its models.

use super::{js, page};
use wasm_bindgen::JsValue;

/// Roles of the models, also their file names.
const MODELS: [&str; 4] = ["detector", "landmark", "embedding", "liveness"];

/// The worker fetches the models itself: the addresses and the hash to expect are enough. Each address carries the hash
/// of its file, so that the browser keeps the file for good and never uses an old one.
pub(super) async fn load_message() -> Result<JsValue, JsValue> {
    let prepared = js_sys::JSON::parse(&page::fetch_text("/models/prepared.json", &[]).await?)?;
    let files = js::get(&prepared, "files");
    let address = |role: &str| {
        let hash = js::text(&js::get(&files, role), "sha256").unwrap_or_default();
        JsValue::from(format!("/models/{role}.graph?v={hash}"))
    };
    let addresses = MODELS.map(|role| (role, address(role)));
    Ok(js::object(&[
        ("type", "load".into()),
        ("models", js::object(&addresses)),
        ("model_hash", js::get(&prepared, "model_hash")),
    ]))
}
