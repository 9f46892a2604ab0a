//! The camera: on only while a [`Camera`] exists.

use super::crash::OnCrash;
use super::page::{document, now_ms, pause, window};
use super::{film, js};
use crate::model::cameras::{Pick, is_busy, pick};
use js_sys::{Function, Promise};
use protocol::{CAMERA_CHARS, CAMERAS};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, MediaStream,
    MediaStreamConstraints, MediaStreamTrack,
};
use worker_messages::FrameSize;

/// Which camera, and the largest frame that is looked at, in pixels.
pub(crate) struct Wish<'a> {
    /// Pixels across.
    pub(crate) width: u32,
    /// Pixels down.
    pub(crate) height: u32,
    /// A piece of the name of the camera; `None` = the one that looks at the person.
    pub(crate) label: Option<&'a str>,
    /// A piece of the name of a camera that does not look at the person.
    pub(crate) not: Option<&'a str>,
}

/// For the face, in pixels: the more of them, the farther away somebody may stand or sit.
const FACE: (u32, u32) = (1280, 720);
/// So long a busy camera is tried again, and how often, in milliseconds.
const BUSY_MS: f64 = 8_000.0;
const AGAIN_MS: u32 = 500;
/// Largest frame for the face where every frame has to be copied in the page, in pixels.
const FACE_COPIED: (u32, u32) = (640, 480);

/// An open camera. Dropping it stops it and takes the picture away.
pub(crate) struct Camera {
    stream: MediaStream,
    video: HtmlVideoElement,
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    most: (u32, u32),
    /// As the browser names the device; empty when it does not.
    label: String,
    _at_crash: Vec<OnCrash>,
}

/// One frame on its way to a worker.
pub(crate) struct Frame {
    /// In pixels.
    pub(crate) size: FrameSize,
    /// `ArrayBuffer` of RGBA, row by row from the top left, or a `VideoFrame` that the browser can turn into that. To be
    /// transferred; never copied into our own memory.
    pub(crate) pixels: JsValue,
}

impl Camera {
    /// Opens the camera that looks at the person and shows it in `video`: the one with `label` in its name, else any but
    /// the one with `not`.
    ///
    /// # Errors
    /// As [`Camera::open_as`].
    pub(crate) async fn open(
        video: HtmlVideoElement,
        label: Option<&str>,
        not: Option<&str>,
    ) -> Result<Self, JsValue> {
        Self::open_as(video, &Wish { width: FACE.0, height: FACE.1, label, not }).await
    }

    /// Opens a camera and shows it in `video`. One that is busy is tried again for some seconds.
    ///
    /// # Errors
    /// No camera that will do, no permission, a camera that stays busy, or a browser without cameras.
    pub(crate) async fn open_as(video: HtmlVideoElement, wish: &Wish<'_>) -> Result<Self, JsValue> {
        let began = now_ms();
        let stream = loop {
            match wished(wish).await {
                Err(error)
                    if is_busy(&js::text(&error, "name").unwrap_or_default())
                        && now_ms() - began < BUSY_MS
                        // The person has not gone on meanwhile.
                        && video.is_connected() =>
                {
                    pause(AGAIN_MS).await;
                }
                opened => break opened?,
            }
        };
        let at_crash = tracks(&stream).filter_map(|track| OnCrash::call(&track, "stop")).collect();
        let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
        let options = js::object(&[("willReadFrequently", JsValue::TRUE)]);
        let context = canvas
            .get_context_with_context_options("2d", &options)?
            .ok_or("no canvas")?
            .dyn_into()?;
        let most = (wish.width, wish.height);
        let label = stream
            .get_video_tracks()
            .get(0)
            .dyn_into()
            .map_or_else(|_| String::new(), |track: MediaStreamTrack| track.label());
        let camera = Self { stream, video, canvas, context, most, label, _at_crash: at_crash };
        camera.video.set_muted(true);
        camera.video.set_src_object(Some(&camera.stream));
        JsFuture::from(camera.video.play()?).await?;
        Ok(camera)
    }

    /// How the browser names the device: programs in place of a camera often say so.
    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    /// Whether the device is still there.
    pub(crate) fn is_live(&self) -> bool {
        self.stream.active()
    }

    /// The picture of this moment for the face, if possible as the browser holds it; `None` while there is none yet.
    pub(crate) fn film(&self) -> Option<Frame> {
        if self.video.ready_state() < 2 {
            return None;
        }
        film::take(&self.video).or_else(|| self.grab_within(FACE_COPIED))
    }

    /// The picture of this moment; `None` while there is none yet.
    pub(crate) fn grab(&self) -> Option<Frame> {
        self.grab_within(self.most)
    }

    fn grab_within(&self, most: (u32, u32)) -> Option<Frame> {
        let (video_width, video_height) = (self.video.video_width(), self.video.video_height());
        if video_width == 0 || video_height == 0 || self.video.ready_state() < 2 {
            return None;
        }
        let scale = (f64::from(most.0) / f64::from(video_width))
            .min(f64::from(most.1) / f64::from(video_height))
            .min(1.0);
        let [width, height] =
            [video_width, video_height].map(|side| (f64::from(side) * scale).round().max(1.0));
        self.draw((0.0, 0.0, f64::from(video_width), f64::from(video_height)), (width, height)).ok()
    }

    /// The middle of the picture with the proportions of `width` × `height`, scaled to exactly that size.
    pub(crate) fn grab_middle(&self, width: u32, height: u32) -> Option<Frame> {
        let [video_width, video_height] =
            [self.video.video_width(), self.video.video_height()].map(f64::from);
        if video_width < 1.0 || video_height < 1.0 {
            return None;
        }
        let [width, height] = [width, height].map(f64::from);
        let scale = (video_width / width).min(video_height / height);
        let (crop_width, crop_height) = (width * scale, height * scale);
        let from = (
            (video_width - crop_width) / 2.0,
            (video_height - crop_height) / 2.0,
            crop_width,
            crop_height,
        );
        self.draw(from, (width, height)).ok()
    }

    fn draw(&self, from: (f64, f64, f64, f64), to: (f64, f64)) -> Result<Frame, JsValue> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole and between 1 and a few thousand"
        )]
        let (width, height) = (to.0 as u32, to.1 as u32);
        if self.canvas.width() != width || self.canvas.height() != height {
            self.canvas.set_width(width);
            self.canvas.set_height(height);
        }
        self.context.draw_image_with_html_video_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            &self.video,
            from.0,
            from.1,
            from.2,
            from.3,
            0.0,
            0.0,
            to.0,
            to.1,
        )?;
        let picture = self.context.get_image_data(0.0, 0.0, to.0, to.1)?;
        // Through Reflect: the typed getter would copy the pixels into our memory.
        let rgba = js::get(&js::get(&picture, "data"), "buffer");
        Ok(Frame { size: FrameSize { width, height }, pixels: rgba })
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        stop(&self.stream);
        self.video.set_src_object(None);
        // A canvas of no size holds no picture.
        self.canvas.set_width(0);
        self.canvas.set_height(0);
    }
}

async fn stream(wish: &Wish<'_>, which: (&str, JsValue)) -> Result<MediaStream, JsValue> {
    let constraints = MediaStreamConstraints::new();
    constraints.set_audio(&JsValue::FALSE);
    let wished = [("width", wish.width.into()), ("height", wish.height.into()), which];
    constraints.set_video(&js::object(&wished));
    let devices = window().navigator().media_devices()?;
    JsFuture::from(devices.get_user_media_with_constraints(&constraints)?).await?.dyn_into()
}

/// Whether this computer has a camera at all; `true` when the browser does not tell.
pub(crate) async fn is_there() -> bool {
    cameras().await.map_or(true, |cameras| !cameras.is_empty())
}

/// The cameras of this computer by name, as many as the bridge takes; none where the browser does not tell.
pub(crate) async fn names() -> Vec<String> {
    let mut names = labels(&cameras().await.unwrap_or_default());
    names.retain(|name| (1..=CAMERA_CHARS).contains(&name.chars().count()));
    names.truncate(CAMERAS);
    names
}

async fn cameras() -> Result<Vec<JsValue>, JsValue> {
    let devices = window().navigator().media_devices()?.enumerate_devices()?;
    let devices: js_sys::Array = JsFuture::from(devices).await?.dyn_into()?;
    let is_camera = |device: &JsValue| js::text(device, "kind").as_deref() == Some("videoinput");
    Ok(devices.iter().filter(is_camera).collect())
}

/// The names of cameras; empty where the browser does not tell.
fn labels(cameras: &[JsValue]) -> Vec<String> {
    cameras.iter().map(|camera| js::text(camera, "label").unwrap_or_default()).collect()
}

/// A stream of the camera that is wished for.
async fn wished(wish: &Wish<'_>) -> Result<MediaStream, JsValue> {
    let anyone = || ("facingMode", JsValue::from("user"));
    let mut found = cameras().await.unwrap_or_default();
    // Names are told only once a camera was allowed.
    if !found.is_empty() && labels(&found).iter().all(String::is_empty) {
        stop(&stream(wish, anyone()).await?);
        found = cameras().await.unwrap_or_default();
    }
    match pick(&labels(&found), wish.label, wish.not) {
        Pick::Any => stream(wish, anyone()).await,
        Pick::This(at) => {
            let exactly = js::object(&[("exact", js::get(&found[at], "deviceId"))]);
            stream(wish, ("deviceId", exactly)).await
        }
        Pick::None => Err("no camera here looks at the person, or has this name".into()),
    }
}

/// Whether the browser would ask about the camera, or has been told no: staff have to allow it before a patient comes.
/// `false` when it does not tell.
pub(crate) async fn is_not_allowed() -> bool {
    let asked = async {
        let permissions = js::get(&window().navigator(), "permissions");
        let query: Function = js::get(&permissions, "query").dyn_into()?;
        let camera = js::object(&[("name", "camera".into())]);
        let answer: Promise = query.call1(&permissions, &camera)?.dyn_into()?;
        JsFuture::from(answer).await
    };
    let state = asked.await.ok().and_then(|status| js::text(&status, "state"));
    matches!(state.as_deref(), Some("prompt" | "denied")) && is_there().await
}

fn tracks(stream: &MediaStream) -> impl Iterator<Item = MediaStreamTrack> {
    stream.get_tracks().to_vec().into_iter().filter_map(|track| track.dyn_into().ok())
}

fn stop(stream: &MediaStream) {
    tracks(stream).for_each(|track| track.stop());
}
