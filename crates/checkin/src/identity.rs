//! How a person was identified, and the rules that decide it.

use crate::birth::Birth;
use crate::card::{CardFacts, TriesLeft};
use crate::effect::VisitId;

/// The three ways of the ministry's flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// 顔認証.
    Face,
    /// 暗証番号.
    Pin,
    /// 目視 by staff.
    Visual,
}

/// Why a method is not offered at this moment. Each is one sentence on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// 顔認証マイナンバーカード: the card has no PIN.
    CardHasNoPin,
    /// The PIN is locked; the municipal office unlocks it.
    PinLocked,
    /// The photo cannot be opened: 照合番号B has few tries left or is locked.
    CodeTriesLow,
    /// The photo could not be read or shows no face.
    PhotoUnreadable,
    /// The face was not matched in the allowed attempts of this visit.
    FaceAttemptsUsed,
    /// The kiosk has no working camera or face matcher.
    CameraMissing,
    /// The facility has not set a passcode.
    PasscodeNotSet,
    /// Staff have compared in this visit and did not confirm.
    NotConfirmed,
    /// One wrong PIN more would lock it: it is not tried ([`crate::items::ITEMS_PIN_STOP_AT`]).
    PinTriesLow,
}

/// A wrong 照合番号B at this number of tries or fewer could lock the card: stop before.
pub const CODE_B_STOP_AT: u8 = 5;
/// With this many PIN tries left the kiosk stops unless the person insists.
pub const PIN_STOP_AT: u8 = 1;
/// Face attempts in one visit.
pub const FACE_ATTEMPTS: u8 = 3;
/// Misses after which PIN and 目視 are offered beside another attempt.
pub const FACE_MISSES_BEFORE_OFFER: u8 = 2;

/// Movements of the head that a face attempt asks for.
pub const MOVEMENTS: u64 = 2;
/// Nobody answers a movement sooner, in milliseconds: `docs/face.md`, "within 0.35 s of the question".
pub const LEAST_MOVEMENT_MS: u64 = 350;

/// The kiosk's claim about one face attempt. The bridge stores it; pictures stay in the browser.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceClaim {
    /// Attempt number within the visit, from 1, as shown on the face screen.
    pub attempt: u8,
    /// That of the face screen of this attempt: the claim was made for it and no other.
    pub nonce: u64,
    /// What the matcher found.
    pub finding: FaceFinding,
    /// SHA-256 (hex) over the models that were used.
    pub model_hash: String,
}

/// Result of one face attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FaceFinding {
    /// Frames were compared: fused cosine similarity −1…1 and passive liveness 0…1.
    Compared {
        /// Fused cosine similarity.
        score: f32,
        /// Probability that the face is live.
        liveness: f32,
    },
    /// No usable face was seen before the attempt ended.
    NoFace,
}

/// The operating point that the bridge holds; the kiosk cannot choose it.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceRule {
    /// Cosine similarity at FMR 1e-4.
    pub threshold: f32,
    /// Lowest accepted passive liveness (weak evidence, so low).
    pub min_liveness: f32,
    /// Hash of the models that the threshold was measured with.
    pub model_hash: String,
}

/// What a claim means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaceVerdict {
    /// Same person at the operating point.
    Matched,
    /// Not matched: counts as a miss.
    Missed,
    /// Nobody was seen: does not count.
    NotSeen,
    /// The claim cannot be believed (other models, impossible numbers, made for another attempt, or sooner
    /// than anybody can have moved): counts as a miss.
    Refused,
}

impl FaceRule {
    /// Judges a claim.
    #[must_use]
    pub fn judge(&self, claim: &FaceClaim) -> FaceVerdict {
        let FaceFinding::Compared { score, liveness } = claim.finding else {
            return FaceVerdict::NotSeen;
        };
        let in_range = (-1.0..=1.0).contains(&score) && (0.0..=1.0).contains(&liveness);
        if !in_range || claim.model_hash != self.model_hash {
            FaceVerdict::Refused
        } else if score >= self.threshold && liveness >= self.min_liveness {
            FaceVerdict::Matched
        } else {
            FaceVerdict::Missed
        }
    }
}

/// Why staff confirmed by eye (目視確認の理由).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisualReason {
    /// The face was not matched.
    FaceNotMatched,
    /// PIN forgotten or locked.
    PinUnavailable,
    /// The person cannot operate the kiosk.
    CannotOperate,
    /// Camera, reader or kiosk trouble.
    EquipmentTrouble,
}

/// What staff may be told to compare the person with, while it is their turn and at no other moment. The photo that the card
/// gave in this visit may be shown beside it then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToCompare {
    /// Whose turn it is.
    pub visit: VisitId,
    /// The birth date of the signed record on the chip, where it was read in this visit.
    pub birth: Option<Birth>,
}

/// Whether the PIN may be tried, before any is typed.
///
/// # Errors
/// [`WhyNot`] when it may not.
pub fn pin_offer(card: &CardFacts) -> Result<(), WhyNot> {
    match card.pin_tries {
        TriesLeft::Absent => Err(WhyNot::CardHasNoPin),
        TriesLeft::Count(0) => Err(WhyNot::PinLocked),
        TriesLeft::Count(_) => Ok(()),
    }
}
