//! The pixels of a frame: as RGBA, or as the browser holds a frame of a video.

use std::cell::RefCell;

use js_sys::{ArrayBuffer, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::answer::Answer;
use crate::message::field;

// Not yet in the stable part of web-sys.
#[wasm_bindgen]
extern "C" {
    /// A frame of a video.
    pub(crate) type VideoFrame;
    #[wasm_bindgen(method, catch, js_name = copyTo)]
    fn copy_to(
        this: &VideoFrame,
        destination: &Uint8Array,
        options: &Object,
    ) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn close(this: &VideoFrame) -> Result<(), JsValue>;
}

thread_local! {
    /// Where the browser writes frames of a video: the same memory for every frame, outside of this module's own, which may
    /// move while the browser writes.
    static LANDING: RefCell<Option<Uint8Array>> = const { RefCell::new(None) };
}

/// What a frame consists of.
pub(crate) enum Pixels {
    /// `width × height × 4` bytes, RGBA.
    Rgba(ArrayBuffer),
    /// A frame that is to be turned into that.
    Video(VideoFrame),
}

impl Pixels {
    /// Reads `rgba` or `video` of a message.
    pub(crate) fn read(data: &JsValue) -> Option<Self> {
        let video = field(data, "video")?;
        if video.is_object() {
            return Some(Self::Video(video.unchecked_into()));
        }
        Some(Self::Rgba(field(data, "rgba")?.dyn_into().ok()?))
    }

    /// Copies `bytes` bytes of RGBA to `target`, which becomes that long. The error is the `reason` of `failed`.
    pub(crate) async fn copy(
        &self,
        bytes: usize,
        target: &mut Vec<u8>,
    ) -> Result<(), &'static str> {
        let source = match self {
            Self::Rgba(buffer) => Uint8Array::new(buffer),
            Self::Video(video) => {
                let landed = land(video, bytes).await;
                let closed = video.close();
                landed.and_then(|landing| closed.map(|()| landing)).map_err(|_| "frame_refused")?
            }
        };
        target.resize(source.length() as usize, 0);
        source.copy_to(target);
        Ok(())
    }

    /// Sends an answer, and the buffer back to the page for the next frame.
    pub(crate) fn post(&self, answer: Answer) {
        match self {
            Self::Rgba(buffer) => answer.post_with(buffer),
            Self::Video(_) => answer.post(),
        }
    }
}

/// Lets the browser write the frame as RGBA.
async fn land(video: &VideoFrame, bytes: usize) -> Result<Uint8Array, JsValue> {
    let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
    let landing = LANDING.take().filter(|landing| landing.length() == bytes);
    let landing = landing.unwrap_or_else(|| Uint8Array::new_with_length(bytes));
    let options = Object::new();
    Reflect::set(&options, &"format".into(), &"RGBA".into())?;
    let written = JsFuture::from(video.copy_to(&landing, &options)?).await;
    LANDING.set(Some(landing.clone()));
    written.map(|_| landing)
}

/// Wipes the last frame.
pub(crate) fn forget() {
    if let Some(landing) = LANDING.take() {
        landing.fill(0, 0, landing.length());
    }
}
