//! A message as the JavaScript value that is posted: `{ message, attached }`, text and one thing that is transferred.

use js_sys::{JsString, Object, Reflect};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast as _, JsValue};
use zeroize::Zeroizing;

use crate::text::{self, MAX_BYTES, NotUnderstood};

/// Name of the text.
const MESSAGE: &str = "message";
/// Name of what goes beside it.
const ATTACHED: &str = "attached";

/// The value to post. Whoever posts it transfers `attached`.
pub fn pack(message: &impl Serialize, attached: Option<&JsValue>) -> JsValue {
    let envelope = Object::new();
    let text = text::write(message);
    put(&envelope, MESSAGE, &JsValue::from_str(&text));
    if let Some(attached) = attached {
        put(&envelope, ATTACHED, attached);
    }
    envelope.into()
}

fn put(envelope: &Object, name: &str, value: &JsValue) {
    let put = Reflect::set(envelope, &JsValue::from_str(name), value);
    debug_assert!(put.is_ok(), "a plain object takes every property");
}

/// The message of a value that was posted, and what is attached, `undefined` when nothing is.
///
/// # Errors
/// [`NotUnderstood`].
pub fn unpack<T: DeserializeOwned>(data: &JsValue) -> Result<(T, JsValue), NotUnderstood> {
    let get = |name| Reflect::get(data, &JsValue::from_str(name)).map_err(|_| NotUnderstood);
    let text: JsString = get(MESSAGE)?.dyn_into().map_err(|_| NotUnderstood)?;
    // Before it is copied into our memory. No text has fewer bytes than units.
    if text.length() as usize > MAX_BYTES {
        return Err(NotUnderstood);
    }
    let message = text::read(&Zeroizing::new(String::from(text)))?;
    Ok((message, get(ATTACHED)?))
}
