//! Keeps the screen on for as long as this page is in sight, where the browser can (Screen Wake Lock).

use super::{js, page};
use js_sys::{Function, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// From now on. The browser lets go of the lock whenever the page is out of sight.
pub(crate) fn keep_awake() {
    request();
    let again = Closure::<dyn Fn()>::new(request);
    let listener = again.as_ref().unchecked_ref();
    let added = page::document().add_event_listener_with_callback("visibilitychange", listener);
    debug_assert!(added.is_ok(), "a document takes listeners");
    again.forget();
}

fn request() {
    let lock = js::get(&page::window().navigator().into(), "wakeLock");
    let Ok(request) = js::get(&lock, "request").dyn_into::<Function>() else { return };
    let Ok(asked) = request.call1(&lock, &JsValue::from_str("screen")) else { return };
    if let Ok(asked) = asked.dyn_into::<Promise>() {
        spawn_local(async move {
            // Refused while out of sight or on an empty battery: then the screen goes dark as its computer is set.
            let _: Result<JsValue, JsValue> = JsFuture::from(asked).await;
        });
    }
}
