//! Messages of the page, read strictly.

use js_sys::{ArrayBuffer, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::pixels::Pixels;

/// Largest accepted camera frame: 1920×1080 RGBA.
const MAX_FRAME_BYTES: usize = 1920 * 1080 * 4;
/// Largest accepted name of a model file.
const MAX_URL: usize = 512;

/// What the page may ask.
pub(crate) enum Message {
    /// Fetch and prepare the models.
    Load {
        /// Same-origin addresses in the order of [`face::Role::ALL`].
        urls: [String; 4],
        /// The hash that the bridge expects.
        model_hash: String,
    },
    /// The card photo, JP2.
    Reference(ArrayBuffer),
    /// A new attempt against the reference.
    Start {
        /// Counted by the page; comes back with every analysis.
        attempt: f64,
        /// Of the bridge; comes back with every analysis.
        nonce: String,
        /// Of the bridge: chooses the movements.
        random: u32,
        /// Evidence of an attack counts. Anything but a clear `false` means yes.
        enforce: bool,
    },
    /// A camera frame.
    Frame(FrameMessage),
    /// Wipe everything about this person.
    Forget,
}

/// A camera frame as it arrives.
pub(crate) struct FrameMessage {
    /// Comes back with the analysis.
    pub(crate) id: f64,
    /// Width in pixels.
    pub(crate) width: usize,
    /// Height in pixels.
    pub(crate) height: usize,
    /// What it consists of.
    pub(crate) pixels: Pixels,
    /// When it was taken, in milliseconds; any origin, not falling.
    pub(crate) t_ms: f64,
    /// Label of the camera; empty when the browser gives none.
    pub(crate) camera: String,
}

impl Message {
    /// Reads a message; `None` when it is not one of ours.
    pub(crate) fn read(data: &JsValue) -> Option<Self> {
        match text(data, "type")?.as_str() {
            "load" => {
                let models = field(data, "models")?;
                let urls = face::Role::ALL
                    .map(|role| text(&models, role.name()).filter(|url| !url.is_empty()));
                let [Some(a), Some(b), Some(c), Some(d)] = urls else { return None };
                Some(Self::Load { urls: [a, b, c, d], model_hash: text(data, "model_hash")? })
            }
            "reference" => {
                let photo: ArrayBuffer = field(data, "jp2")?.dyn_into().ok()?;
                (photo.byte_length() as usize <= face::jp2::MAX_BYTES)
                    .then_some(Self::Reference(photo))
            }
            "start" => {
                let enforce = field(data, "enforce").and_then(|value| value.as_bool());
                Some(Self::Start {
                    attempt: number(data, "attempt")?,
                    nonce: text(data, "nonce")?,
                    random: whole(data, "random")?,
                    enforce: enforce.unwrap_or(true),
                })
            }
            "frame" => frame(data).map(Self::Frame),
            "forget" => Some(Self::Forget),
            _ => None,
        }
    }
}

/// A camera frame.
pub(crate) fn frame(data: &JsValue) -> Option<FrameMessage> {
    let (width, height) = (side(data, "width")?, side(data, "height")?);
    let pixels = Pixels::read(data)?;
    let bytes = match &pixels {
        Pixels::Rgba(buffer) => buffer.byte_length() as usize,
        Pixels::Video(_) => width * height * 4,
    };
    if bytes > MAX_FRAME_BYTES {
        return None;
    }
    Some(FrameMessage {
        id: number(data, "id")?,
        width,
        height,
        pixels,
        t_ms: number(data, "t_ms")?,
        camera: text(data, "camera").unwrap_or_default(),
    })
}

/// A whole number of pixels; the frame itself is checked by [`face::Frame::new`].
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "range is checked")]
fn side(data: &JsValue, name: &str) -> Option<usize> {
    number(data, name)
        .filter(|value| (0.0..=65_535.0).contains(value) && value.fract() == 0.0)
        .map(|value| value as usize)
}

/// A whole number of 32 bits.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "range is checked")]
fn whole(data: &JsValue, name: &str) -> Option<u32> {
    number(data, name)
        .filter(|value| (0.0..=f64::from(u32::MAX)).contains(value) && value.fract() == 0.0)
        .map(|value| value as u32)
}

/// A finite number.
pub(crate) fn number(data: &JsValue, name: &str) -> Option<f64> {
    field(data, name)?.as_f64().filter(|value| value.is_finite())
}

/// A short text.
pub(crate) fn text(data: &JsValue, name: &str) -> Option<String> {
    field(data, name)?.as_string().filter(|text| text.len() <= MAX_URL)
}

/// A field of an object.
pub(crate) fn field(data: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(data, &JsValue::from_str(name)).ok()
}
