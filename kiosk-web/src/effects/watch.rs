//! A camera that is looked through for as long as a part of a screen is up, and not a moment longer.

use super::camera::Camera;
use super::page;
use gloo_timers::callback::Interval;
use leptos::html::Video;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlVideoElement;

/// Camera and timer. The timer holds what looks through the camera.
#[derive(Default)]
struct Watch {
    camera: RefCell<Option<Camera>>,
    timer: RefCell<Option<Interval>>,
    left: Cell<bool>,
}

impl Watch {
    fn end(&self) {
        self.left.set(true);
        self.timer.take();
        self.camera.take();
    }
}

/// Opens a camera once `video` is there, brings `frame` into sight, and calls `look` every `every_ms` milliseconds. Calls
/// `missing` instead when there is no camera, or not any more. Both end with the component that called this.
pub(crate) fn watch(
    video: NodeRef<Video>,
    frame: &'static str,
    every_ms: u32,
    open: impl AsyncFnOnce(HtmlVideoElement) -> Result<Camera, JsValue> + 'static,
    look: impl Fn(&Camera) + 'static,
    missing: impl Fn() + 'static,
) {
    let watch = Rc::new(Watch::default());
    let opening = Rc::clone(&watch);
    let parts = Cell::new(Some((open, look, missing)));
    // Runs again until the element exists; the parts can be taken once.
    Effect::new(move |_| {
        if let Some(video) = video.get()
            && let Some((open, look, missing)) = parts.take()
        {
            // Large text pushes the picture below the screen.
            page::scroll_into_view(frame);
            let watch = Rc::clone(&opening);
            spawn_local(async move {
                let opened = open(video).await;
                begin(&watch, opened, every_ms, look, missing);
            });
        }
    });
    let leaving = StoredValue::new_local(watch);
    on_cleanup(move || {
        leaving.try_with_value(|watch| watch.end());
    });
}

fn begin(
    watch: &Rc<Watch>,
    opened: Result<Camera, JsValue>,
    every_ms: u32,
    look: impl Fn(&Camera) + 'static,
    missing: impl Fn() + 'static,
) {
    // The person may have left while the browser was asking: dropping stops the camera at once.
    if watch.left.get() {
        return;
    }
    match opened {
        Ok(camera) => {
            watch.camera.replace(Some(camera));
            let of_timer = Rc::downgrade(watch);
            let timer = Interval::new(every_ms, move || {
                let Some(watch) = of_timer.upgrade() else { return };
                match &*watch.camera.borrow() {
                    Some(camera) if camera.is_live() => look(camera),
                    Some(_) => missing(),
                    None => {}
                }
            });
            watch.timer.replace(Some(timer));
        }
        Err(error) => {
            leptos::logging::warn!("no camera: {error:?}");
            missing();
        }
    }
}
