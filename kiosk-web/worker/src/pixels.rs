//! The pixels of a frame: as RGBA, or as the browser holds a frame of a video.

use std::cell::RefCell;

use js_sys::{ArrayBuffer, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use worker_messages::{Failure, FrameSize};

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

/// A frame as it arrived.
pub(crate) struct Pixels {
    size: FrameSize,
    bytes: usize,
    source: Source,
}

/// What it consists of.
enum Source {
    /// RGBA.
    Rgba(ArrayBuffer),
    /// A frame that is to be turned into that.
    Video(VideoFrame),
}

impl Pixels {
    /// Takes what is attached to a message.
    pub(crate) fn attached(value: JsValue, size: FrameSize) -> Result<Self, Failure> {
        let bytes = size.bytes().ok_or(Failure::FrameRefused)?;
        let source = match value.dyn_into::<ArrayBuffer>() {
            Ok(buffer) if buffer.byte_length() as usize == bytes => Source::Rgba(buffer),
            Ok(_) => return Err(Failure::FrameRefused),
            Err(other) => Source::Video(other.dyn_into().map_err(|_| Failure::NotUnderstood)?),
        };
        Ok(Self { size, bytes, source })
    }

    /// Pixels across and down.
    pub(crate) fn sides(&self) -> (usize, usize) {
        (self.size.width as usize, self.size.height as usize)
    }

    /// Copies its RGBA to `target`, which becomes as long as that. What was attached is wiped, or closed.
    pub(crate) async fn copy(&self, target: &mut Vec<u8>) -> Result<(), Failure> {
        match &self.source {
            Source::Rgba(buffer) => {
                let source = Uint8Array::new(buffer);
                take(&source, target);
                source.fill(0, 0, source.length());
            }
            Source::Video(video) => {
                let landed = land(video, self.bytes).await;
                let closed = video.close();
                let landing = landed.and_then(|landing| closed.map(|()| landing));
                take(&landing.map_err(|_| Failure::FrameRefused)?, target);
            }
        }
        Ok(())
    }
}

fn take(source: &Uint8Array, target: &mut Vec<u8>) {
    target.resize(source.length() as usize, 0);
    source.copy_to(target);
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
