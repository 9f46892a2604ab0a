//! A practice card from the camera. The purpose is said first; the camera is on only between two presses.

use crate::components::button::{Button, Kind};
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::effects::camera::Camera;
use crate::model::grey::to_grey;
use crate::words::say;
use js_sys::Uint8Array;
use leptos::html::Video;
use leptos::prelude::*;
use protocol::practice::{PORTRAIT_HEIGHT, PORTRAIT_WIDTH};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Where the person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Explained,
    Live,
    Missing,
    Made,
}

/// Explains, shows the camera, takes the picture.
#[component]
pub(super) fn CameraCard(
    /// Takes the grey portrait, `PORTRAIT_WIDTH` × `PORTRAIT_HEIGHT`, row by row.
    on_portrait: impl Fn(Vec<u8>) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let stage = RwSignal::new(Stage::Explained);
    let video = NodeRef::<Video>::new();
    let camera: StoredValue<Rc<RefCell<Option<Camera>>>, LocalStorage> =
        StoredValue::new_local(Rc::default());
    let start = move || {
        stage.set(Stage::Live);
        let Some(video) = video.get_untracked() else { return };
        spawn_local(async move {
            match Camera::open(video, None, None).await {
                Ok(opened) => {
                    camera.with_value(|camera| camera.replace(Some(opened)));
                }
                Err(_) => stage.set(Stage::Missing),
            }
        });
    };
    let stop = move |then| {
        camera.with_value(|camera| camera.take());
        stage.set(then);
    };
    let take = move || {
        let (width, height) = (PORTRAIT_WIDTH, PORTRAIT_HEIGHT);
        let size = (u32::try_from(width).unwrap_or(0), u32::try_from(height).unwrap_or(0));
        let frame = camera.with_value(|camera| {
            camera.borrow().as_ref().and_then(|camera| camera.grab_middle(size.0, size.1))
        });
        if let Some(frame) = frame {
            on_portrait(to_grey(&Uint8Array::new(&frame.pixels).to_vec()));
            stop(Stage::Made);
        }
    };
    let live = move || stage.get() == Stage::Live;
    view! {
        <section class="panel stack tray__camera">
            <h2 class="panel__title"><Icon shape=Shape::Camera/>{say!(tray.camera_title)}</h2>
            <p>{say!(tray.camera_purpose)}</p>
            <Show when=move || stage.get() == Stage::Missing>
                <Notice tint=Tint::Error test="camera-missing">{say!(tray.camera_missing)}</Notice>
            </Show>
            <Show when=move || stage.get() == Stage::Made>
                <Notice tint=Tint::Success test="camera-done">{say!(tray.camera_done)}</Notice>
            </Show>
            <video node_ref=video playsinline="" hidden=move || !live() aria-label=say!(face.video)></video>
            <div class="tray__buttons">
                <Show when=live fallback=move || view! {
                    <Button kind=Kind::Secondary test="start-camera" on_press=start>{say!(tray.camera_start)}</Button>
                }>
                    <Button kind=Kind::Primary test="take-picture" on_press=take>{say!(tray.camera_take)}</Button>
                    <Button kind=Kind::Quiet test="stop-camera" on_press=move || stop(Stage::Explained)>{say!(tray.camera_cancel)}</Button>
                </Show>
            </div>
        </section>
    }
}
