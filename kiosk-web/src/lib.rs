//! Patient screens in the browser: shows the view that the bridge sends and returns what the person answers.
//!
//! Start at [`app`]: the one place where socket, view signal and dispatcher meet. `screens/` has one component per
//! screen, `components/` what they share, `effects/` everything outside the page, `model/` what can be tested natively.
//! The visit itself belongs to the bridge; this page owns the camera, the face match, the sound, and what is being typed.
//! `TESTING.md` lists the attributes by which browser journeys find things.

#![expect(unreachable_pub, reason = "the component macro writes `pub` structs of properties")]

mod app;
mod board;
mod call;
mod components;
mod effects;
#[cfg(feature = "gallery")]
mod gallery;
mod i18n;
mod model;
mod practice;
mod screens;
mod shell;
mod words;

use effects::crash::CRASHED;
use effects::page;
use std::alloc::System;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroizing_alloc::ZeroAlloc;

/// Wipes memory when it is freed: names and numbers must not outlive the screen that showed them.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

/// Mounts the page that `<body data-page>` names.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        if let Ok(event) = web_sys::Event::new(CRASHED) {
            let _: Result<bool, _> = page::window().dispatch_event(&event);
        }
    }));
    let document = page::document();
    let Some(root) = document.get_element_by_id("app").and_then(|root| root.dyn_into().ok()) else {
        return;
    };
    let page = document.body().and_then(|body| body.dataset().get("page"));
    match page.as_deref() {
        Some("practice") => leptos::mount::mount_to(root, practice::Practice).forget(),
        Some("call") => leptos::mount::mount_to(root, call::Display).forget(),
        Some("staff") => leptos::mount::mount_to(root, board::Board).forget(),
        _ => leptos::mount::mount_to(root, app::App).forget(),
    }
    if let Some(fallback) = document.get_element_by_id("fallback") {
        fallback.remove();
    }
}
