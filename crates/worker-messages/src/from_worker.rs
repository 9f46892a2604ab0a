//! What a worker answers.

use protocol::Redacted;
use protocol::action::{Era, ReferenceOutcome};
use serde::{Deserialize, Serialize};

/// Worker → page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromWorker {
    /// The face models are prepared.
    Ready {
        /// Hash of the files that were loaded, equal to the one in `prepared.json`; hex.
        model_hash: String,
        /// Name of this build in `worker.js`.
        build: String,
    },
    /// What became of the card photo.
    Reference {
        /// As the bridge is told.
        outcome: ReferenceOutcome,
    },
    /// A frame was analysed.
    Analysis(Analysis),
    /// Nothing about the person is left.
    Forgotten,
    /// Frames with a card are taken from now on.
    CardReady,
    /// A frame was searched for a card.
    CardSeen(CardSeen),
    /// Something could not be done.
    Failed {
        /// Why.
        reason: Failure,
        /// Where the program crashed, as `file:line`; never what it said, which could hold data of a person.
        place: Option<String>,
    },
}

/// What a frame showed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Analysis {
    /// Of the last `Start`; empty before.
    pub nonce: String,
    /// What to tell the person.
    pub hint: Hint,
    /// Movements done as asked so far, 0 to 2.
    pub answered: u8,
    /// The movement was the right one, but is still too small.
    pub further: bool,
    /// `[x, y, width, height]` of the best face as parts of the frame; may reach outside of 0..1.
    pub face: Option<[f32; 4]>,
    /// The attempt is over with this; `None` while it goes on, and without one.
    pub verdict: Option<Verdict>,
    /// What the frame took the worker, in milliseconds.
    pub ms: f64,
}

/// How an attempt ended. Whether that is a match, the bridge judges by its own threshold. With `enforce`, an attempt with a
/// wrong movement, or none within 8 s, ends with liveness 0 like every other attack: the page does not learn which evidence
/// failed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Verdict {
    /// Enough frames were compared, or time was up.
    Compared {
        /// Fused cosine similarity, -1..=1.
        score: f32,
        /// 0 (surely a picture) ..= 1.
        liveness: f32,
    },
    /// Time was up without a frame that could be compared.
    NoFace,
}

/// What to tell the person before the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// All is well: the frame is used.
    HoldStill,
    /// Nobody is seen.
    NoFace,
    /// Come nearer.
    TooFar,
    /// Step back.
    TooClose,
    /// Move into the middle.
    OffCentre,
    /// Only one person, please.
    SeveralFaces,
    /// Face the camera.
    Turned,
    /// Hold the head upright.
    Tilted,
    /// More light on the face.
    TooDark,
    /// The light comes from behind.
    BackLit,
    /// Moving too fast.
    Blurred,
    /// Show both eyes.
    EyesCovered,
    /// Show the mouth.
    MouthCovered,
    /// Asked, to show that somebody is there: turn the head to the person's own left.
    TurnLeft,
    /// Asked: turn it to the person's own right.
    TurnRight,
    /// Asked: look up.
    LookUp,
    /// Asked: look down.
    LookDown,
}

impl Hint {
    /// Whether the person is asked to move, to show that they are there.
    #[must_use]
    pub fn is_asked(self) -> bool {
        matches!(self, Self::TurnLeft | Self::TurnRight | Self::LookUp | Self::LookDown)
    }
}

/// What a frame showed of a card. The picture does not leave the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardSeen {
    /// x and y of its corners as parts of the frame, clockwise; `None` without a card.
    pub corners: Option<[f32; 8]>,
    /// This frame could be read.
    pub read: bool,
    /// How many frames agree, 0 to 1.
    pub progress: f32,
    /// Once enough of them agree; for the person to confirm.
    pub numbers: Option<CardNumbers>,
    /// What the frame took the worker, in milliseconds.
    pub ms: f64,
}

/// 照合番号B and what else stands beside it, in digits as they would be typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardNumbers {
    /// Of the birth date.
    pub era: Era,
    /// Year within the era, 1 or 2 digits.
    pub era_year: Redacted,
    /// Month of birth, 1 or 2 digits.
    pub month: Redacted,
    /// Day of birth, 1 or 2 digits.
    pub day: Redacted,
    /// Gregorian, 4 digits.
    pub expiry_year: Redacted,
    /// 4 digits.
    pub security_code: Redacted,
}

/// Why something could not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The program panicked. The trap that follows is an `error` event of the worker.
    Crashed,
    /// A file of the models cannot be fetched: staff run `cargo xtask models`.
    ModelMissing,
    /// A file of the models is not what it should be: staff run `cargo xtask models`.
    ModelUnusable,
    /// The files are not those of `prepared.json`: staff run `cargo xtask models`.
    ModelHashDiffers,
    /// Nothing is fetched from elsewhere.
    ModelOfAnotherOrigin,
    /// A mistake in the page's order: `Load` or `CardLoad` is missing.
    NotLoaded,
    /// A mistake in the page's order: `Reference` is missing.
    NoReference,
    /// The frame is not of the size that was told, or the browser does not give its pixels.
    FrameRefused,
    /// The message is none of [`crate::ToWorker`], or what is attached does not belong to it.
    NotUnderstood,
    /// The models could not be run.
    Engine,
    /// The module was not loaded by a worker.
    NotAWorker,
}
