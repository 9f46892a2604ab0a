//! What a person can do, as sent by the kiosk.

use crate::screen::{Method, Topic};
use crate::secret::Redacted;
use serde::{Deserialize, Serialize};

/// One action. Which ones mean something depends on the screen; others are dropped silently.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Any touch or key (sent at most every 5 seconds): the person is there.
    Present,
    /// End the visit.
    Stop,
    /// Go on from an explanation.
    Continue,
    /// Choose or switch to a method.
    Choose {
        /// Which.
        method: Method,
    },
    /// 照合番号B as printed on the card front.
    Code {
        /// Birth era.
        era: Era,
        /// Year within the era, digits.
        era_year: Redacted,
        /// Month, digits.
        month: Redacted,
        /// Day, digits.
        day: Redacted,
        /// Gregorian expiry year, 4 digits.
        expiry_year: Redacted,
        /// Security code, 4 digits.
        security_code: Redacted,
    },
    /// The worker prepared the photo, or could not.
    Reference {
        /// Outcome.
        outcome: ReferenceOutcome,
    },
    /// Result of one face attempt.
    Face {
        /// Attempt number of the face screen.
        attempt: u8,
        /// Hash of the models used, hex.
        model_hash: String,
        /// Fused cosine similarity −1…1; absent when no usable face was seen.
        score: Option<f32>,
        /// Passive liveness 0…1; absent when no usable face was seen.
        liveness: Option<f32>,
    },
    /// No camera, no permission, or the worker does not start.
    CameraMissing,
    /// Insist on the PIN with one try left.
    InsistOnPin,
    /// 暗証番号.
    Pin {
        /// 4 digits.
        pin: Redacted,
    },
    /// 目視 by staff.
    Visual {
        /// Facility passcode, 4 digits.
        passcode: Redacted,
        /// Why by eye.
        reason: VisualReason,
    },
    /// 包括同意.
    ConsentAll {
        /// All, none, or one by one.
        answer: Overall,
    },
    /// One topic.
    ConsentOne {
        /// The topic that was shown.
        topic: Topic,
        /// Agreed or not.
        agreed: bool,
    },
}

/// Japanese era of a birth date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Era {
    /// 明治
    Meiji,
    /// 大正
    Taisho,
    /// 昭和
    Showa,
    /// 平成
    Heisei,
    /// 令和
    Reiwa,
}

/// What became of the photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceOutcome {
    /// Ready to compare.
    Ready,
    /// Not a readable JPEG 2000.
    Unreadable,
    /// No face in it.
    NoFace,
}

/// Why staff confirmed by eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisualReason {
    /// The face was not matched.
    FaceNotMatched,
    /// PIN forgotten or locked.
    PinUnavailable,
    /// The person cannot operate the kiosk.
    CannotOperate,
    /// Equipment trouble.
    EquipmentTrouble,
}

/// Answer on the 包括同意 screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overall {
    /// Agree to all.
    All,
    /// Agree to none.
    None,
    /// One by one.
    Choose,
}
