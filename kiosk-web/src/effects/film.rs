//! Frames of a video as the browser holds them: handed to a worker without a copy, and without garbage for the page.

use super::camera::Frame;
use super::js;
use wasm_bindgen::prelude::*;
use web_sys::HtmlVideoElement;
use worker_messages::FrameSize;

/// Largest frame that is handed over whole, in pixels: 1280×720.
const MOST_PIXELS: u32 = 1280 * 720;

// Not yet in the stable part of web-sys.
#[wasm_bindgen]
extern "C" {
    type VideoFrame;
    #[wasm_bindgen(constructor, catch)]
    fn of(video: &HtmlVideoElement) -> Result<VideoFrame, JsValue>;
    #[wasm_bindgen(method, catch, js_name = allocationSize)]
    fn allocation_size(this: &VideoFrame, options: &JsValue) -> Result<f64, JsValue>;
    #[wasm_bindgen(method, getter, js_name = displayWidth)]
    fn display_width(this: &VideoFrame) -> u32;
    #[wasm_bindgen(method, getter, js_name = displayHeight)]
    fn display_height(this: &VideoFrame) -> u32;
    #[wasm_bindgen(method)]
    fn close(this: &VideoFrame);
}

/// The picture of this moment at its real size. `None` where the browser cannot give the pixels of a video frame as they
/// are shown, or when it is larger than a face needs.
pub(super) fn take(video: &HtmlVideoElement) -> Option<Frame> {
    let taken = VideoFrame::of(video).ok()?;
    let (width, height) = (taken.display_width(), taken.display_height());
    let shown = (width, height) == (video.video_width(), video.video_height());
    let fits = width > 0 && height > 0 && width.saturating_mul(height) <= MOST_PIXELS;
    // Browsers that do not convert colours answer with the size of what the camera gave.
    let options = js::object(&[("format", "RGBA".into())]);
    let bytes = taken.allocation_size(&options).unwrap_or_default();
    if shown && fits && (bytes - f64::from(width) * f64::from(height) * 4.0).abs() < 1.0 {
        return Some(Frame { size: FrameSize { width, height }, pixels: taken.into() });
    }
    taken.close();
    None
}
