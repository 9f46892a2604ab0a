//! What the page asks of a worker.

use serde::{Deserialize, Serialize};

/// Most bytes of a camera frame: 1920×1080 RGBA.
pub const MAX_FRAME_BYTES: usize = 1920 * 1080 * 4;
/// Most characters of the label of a camera: the page leaves out the rest.
pub const MAX_LABEL_CHARS: usize = 512;

/// Page → worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ToWorker {
    /// Fetch the face models and prepare them. Answered by `Ready` or `Failed`.
    Load {
        /// Folder of our own origin with `prepared.json`, which names the files, their hashes and the hash of all.
        models: String,
    },
    /// Compare with the face on the card photo that is attached: an `ArrayBuffer` with JPEG 2000. Takes the place of an
    /// earlier photo and ends a running attempt. Answered by `Reference` or `Failed`.
    Reference,
    /// Begin an attempt anew against the same photo. Not answered, but by `Failed` without a photo.
    Start {
        /// Names the attempt; chosen by the bridge.
        nonce: String,
        /// Chooses the movements that are asked; of the nonce.
        random: u32,
        /// Evidence of an attack counts: always, but for practice, where pictures and films stand in for people.
        enforce: bool,
    },
    /// A camera frame is attached: an `ArrayBuffer` with RGBA, row by row from the top left, or a `VideoFrame`, which the
    /// worker closes. Answered by `Analysis` or `Failed`. Without a running attempt it is analysed only as far as the hint
    /// needs.
    Frame {
        /// In pixels.
        size: FrameSize,
        /// When it was taken, in milliseconds from any origin; not falling.
        t_ms: f64,
        /// Label of the camera, at most [`MAX_LABEL_CHARS`]; empty when the browser gives none. A program in the place of a
        /// camera counts as an attack.
        camera: String,
    },
    /// Drop and wipe everything about this person; the models stay. Answered by `Forgotten`.
    Forget,
    /// Fetch the networks that read card fronts. Answered by `CardReady` or `Failed`.
    CardLoad {
        /// File of our own origin.
        model: String,
        /// Cards that have expired are not read.
        today: Day,
    },
    /// A frame with the card is attached, as for `Frame`. Answered by `CardSeen` or `Failed`.
    CardFrame {
        /// In pixels.
        size: FrameSize,
    },
}

/// Sides of a frame in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrameSize {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl FrameSize {
    /// Length of its RGBA in bytes; `None` when that is more than [`MAX_FRAME_BYTES`].
    #[must_use]
    pub fn bytes(self) -> Option<usize> {
        let pixels = u64::from(self.width) * u64::from(self.height);
        let bytes = usize::try_from(pixels.checked_mul(4)?).ok()?;
        (bytes <= MAX_FRAME_BYTES).then_some(bytes)
    }
}

/// A day of the Gregorian calendar, not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// For example 2027.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}
