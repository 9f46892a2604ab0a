//! How a person is identified, and by what the card tells who they are.

use serde::{Deserialize, Serialize};

/// One method and whether it can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// The way to be identified; in an action one of those that `method` offered.
    pub method: Method,
    /// Why it cannot be chosen; `null` = it can.
    pub why_not: Option<WhyNot>,
}

/// What was wrong with the typed numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum CodeProblem {
    /// No such birth date; the card has not seen it.
    BirthDate,
    /// Impossible expiry year; the card has not seen it.
    ExpiryYear,
    /// The card refused them.
    Wrong {
        /// Tries left on the card.
        tries_left: u8,
    },
}

/// What happened before the method screen came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum MethodNotice {
    /// The face was not matched with the card photo.
    FaceMissed {
        /// Attempts left in this visit.
        attempts_left: u8,
    },
    /// No face seen.
    FaceNotSeen,
    /// The card photo could not be read, or not be compared with.
    PhotoUnreadable,
    /// The page has no camera that looks at the person.
    CameraMissing,
    /// Too few tries for the numbers of the card front.
    CodeTriesLow,
    /// The card takes no PIN any more (63C0 or 6984); a municipal office unlocks it.
    PinLocked,
    /// Card or reader failed; nothing was lost.
    CardFailed,
    /// Staff compared and did not confirm.
    NotConfirmed,
}

wire_enum! {
    /// 顔認証, 暗証番号, 目視.
    Method {
        /// 顔認証
        Face,
        /// 暗証番号
        Pin,
        /// 目視
        Visual,
    }
}
wire_enum! {
    /// Why a method is not offered.
    WhyNot {
        /// A 顔認証マイナンバーカード: it was issued without a PIN.
        CardHasNoPin,
        /// Locked; the municipal office unlocks it.
        PinLocked,
        /// Few tries left for the numbers of the card front.
        CodeTriesLow,
        /// The card photo could not be read, or not be compared with.
        PhotoUnreadable,
        /// Attempts of this visit used up.
        FaceAttemptsUsed,
        /// The page has no camera that looks at the person.
        CameraMissing,
        /// No facility passcode.
        PasscodeNotSet,
        /// Staff compared in this visit and did not confirm.
        NotConfirmed,
        /// One wrong PIN more would lock it: it is not tried.
        PinTriesLow,
    }
}
wire_enum! {
    /// What the numbers of the card front are asked for.
    CodePurpose {
        /// They open the photo, so that the face can be compared.
        Photo,
        /// They open name, birth date and sex as text.
        Items,
    }
}
wire_enum! {
    /// By what name, birth date and sex are read from the card.
    ItemsWay {
        /// 照合番号B, from the card front.
        Code,
        /// 券面事項入力補助用暗証番号.
        Pin,
    }
}

/// One way to them and whether it can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemsOffer {
    /// The way; in an action one of those that `items` offered.
    pub way: ItemsWay,
    /// Why it cannot be chosen; `null` = it can.
    pub why_not: Option<WhyNot>,
}

wire_enum! {
    /// What happened before the screen `items` came back.
    ItemsNotice {
        /// Too few tries for the numbers of the card front.
        CodeTriesLow,
        /// The PIN is locked now, or one wrong PIN more would lock it.
        PinTriesLow,
        /// The card does not give them.
        Unreadable,
        /// Card or reader failed; nothing was lost.
        CardFailed,
    }
}
