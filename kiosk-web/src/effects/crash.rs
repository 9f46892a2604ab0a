//! What has to end when this program crashes. By then nothing of it can run any more, so the browser itself is left the
//! calls, as listeners of the event that a panic sends.

use super::js;
use super::page::window;
use js_sys::{Array, Function};
use wasm_bindgen::{JsCast as _, JsValue};

/// Event by which the page learns that this module is of no use any more.
pub(crate) const CRASHED: &str = "uketsuke:crashed";

/// A method that is called at a crash. Dropping it takes the call back.
pub(crate) struct OnCrash(Function);

impl OnCrash {
    /// Has `object.method()` called; `None` when it has no such method.
    pub(crate) fn call(object: &JsValue, method: &str) -> Option<Self> {
        let function: Function = js::get(object, method).dyn_into().ok()?;
        // Not bound by itself: a method must not take the event for its first argument, as `WebSocket.close` would.
        let apply: Function = js::get(&js::get(&window(), "Reflect"), "apply").dyn_into().ok()?;
        let bound = apply.bind3(&JsValue::NULL, &function, object, &Array::new());
        let bound: Function = bound.unchecked_into();
        window().add_event_listener_with_callback(CRASHED, &bound).ok()?;
        Some(Self(bound))
    }
}

impl Drop for OnCrash {
    fn drop(&mut self) {
        let _: Result<(), JsValue> = window().remove_event_listener_with_callback(CRASHED, &self.0);
    }
}
