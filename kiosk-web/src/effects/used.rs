//! Whether somebody is at this page: any touch, key or movement says so.

use super::page::window;
use crate::model::unused::Use;
use std::cell::RefCell;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

thread_local! {
    static USE: RefCell<Use> = RefCell::default();
}

/// Every way in which a person moves something on a page. A page also scrolls by itself, as its lines move.
const SIGNS: [&str; 4] = ["pointerdown", "pointermove", "keydown", "wheel"];

/// Listens for as long as the page lives.
pub(crate) fn listen() {
    let touched = Closure::<dyn Fn()>::new(touch);
    for sign in SIGNS {
        let listener = touched.as_ref().unchecked_ref();
        // On its way down, before anything on the page can keep it for itself.
        let added = window().add_event_listener_with_callback_and_bool(sign, listener, true);
        debug_assert!(added.is_ok(), "a window takes listeners");
    }
    touched.forget();
}

/// It is used now.
pub(crate) fn touch() {
    // Not the clock of the page's own, which may stand still while the computer sleeps.
    USE.with_borrow_mut(|it| it.touch(js_sys::Date::now()));
}

/// See [`Use::tell`].
pub(crate) fn tell() -> bool {
    USE.with_borrow_mut(Use::tell)
}

/// See [`Use::tell_again`].
pub(crate) fn tell_again() {
    USE.with_borrow_mut(Use::tell_again);
}

/// Whether nobody was there for so many seconds.
pub(crate) fn is_over(lock_s: u32) -> bool {
    USE.with_borrow(|it| it.is_over(lock_s, js_sys::Date::now()))
}
