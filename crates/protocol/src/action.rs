//! What a person can do, as sent by the kiosk.

use crate::screen::{ItemsWay, Method, Topic, Way};
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
        /// The way to be identified; in an action one of those that `method` offered.
        method: Method,
    },
    /// 照合番号B, to open the photo of the card.
    Code(PrintedCode),
    /// The worker prepared the photo, or could not.
    Reference {
        /// Whether the page could make a reference of the card photo.
        outcome: ReferenceOutcome,
    },
    /// Result of one face attempt.
    Face {
        /// Attempt number of the face screen.
        attempt: u8,
        /// That of the face screen, as it was.
        nonce: String,
        /// Hash of the models used, hex.
        model_hash: String,
        /// Fused cosine similarity −1…1; absent when no usable face was seen.
        score: Option<f32>,
        /// Passive liveness 0…1; absent when no usable face was seen.
        liveness: Option<f32>,
    },
    /// The camera of the step `code` starts: the card may be taken to show its front.
    ShowCard,
    /// No camera, no permission, or the worker does not start.
    CameraMissing,
    /// Insist on the PIN with one try left.
    InsistOnPin,
    /// 暗証番号 of the 利用者証明用電子証明書: presented to the card once, never kept.
    Pin {
        /// 4 digits; full width is taken.
        pin: Redacted,
    },
    /// By what name, birth date and sex are read from the card.
    ChooseItems {
        /// One of the ways that `items` offered.
        way: ItemsWay,
    },
    /// 券面事項入力補助用暗証番号: presented to that application of the card once, never kept.
    ItemsPin {
        /// 4 digits; full width is taken.
        pin: Redacted,
    },
    /// 目視 by staff.
    Visual {
        /// Facility passcode, 4 digits.
        passcode: Redacted,
        /// Why by eye.
        reason: VisualReason,
    },
    /// 包括同意: every topic that applies, with one answer or one by one.
    ConsentAll {
        /// All, none, or one by one.
        answer: Overall,
    },
    /// A single topic of those that apply, after "one by one" was chosen.
    ConsentOne {
        /// The topic that was shown.
        topic: Topic,
        /// Agreed or not.
        agreed: bool,
    },
    /// The fallback navigator, with or without a card.
    OtherWays,
    /// To the question before, within the navigator.
    Back,
    /// A way of the navigator.
    Take {
        /// One of the ways that `ways` offered.
        way: Way,
    },
    /// Numbers of a document, to ask the system with.
    Numbers(PaperNumbers),
    /// May the 限度額適用認定証 be shown?
    LimitCertificate {
        /// Agreed or not.
        agreed: bool,
    },
    /// The 被保険者資格申立書, as filled in.
    Statement {
        /// The answers of the person for the 被保険者資格申立書.
        form: Box<StatementForm>,
    },
    /// Where the person is going: position in `names`, from 0.
    Destination {
        /// Position in the list of destinations that the view showed, from 0.
        index: u8,
    },
    /// Withdraw a consent that was just given.
    Withdraw {
        /// The topic of consent that this is about.
        topic: Topic,
    },
}

/// 照合番号B as printed on the card front, in its parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrintedCode {
    /// Era of the birth date as printed on the card front; `gregorian` for a year of the Common Era.
    pub era: Era,
    /// Year within the era, digits; the whole year with 西暦.
    pub era_year: Redacted,
    /// Month, digits of either width; `00` where it is not known.
    pub month: Redacted,
    /// Day of the month, digits of either width; `00` where it is not known.
    pub day: Redacted,
    /// Gregorian expiry year, 4 digits.
    pub expiry_year: Redacted,
    /// Security code, 4 digits.
    pub security_code: Redacted,
}

/// Numbers of a document (資格確認書, マイナポータル, 資格情報のお知らせ), as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperNumbers {
    /// 保険者番号 as on the document, digits of either width.
    pub insurer_number: Redacted,
    /// 記号, may be empty.
    pub symbol: Redacted,
    /// 番号 of the 被保険者証等記号・番号; leading zeros count.
    pub number: Redacted,
    /// 枝番, may be empty.
    pub branch: Redacted,
    /// 生年月日, in any era or the Common Era.
    pub birth: EraDate,
}

/// A date as typed. Empty parts = not typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EraDate {
    /// The era that `year` counts in; `gregorian` for the Common Era.
    pub era: Era,
    /// Year within the era, digits.
    pub year: Redacted,
    /// Month, digits of either width; `00` where it is not known.
    pub month: Redacted,
    /// Day of the month, digits of either width; `00` where it is not known.
    pub day: Redacted,
}

impl EraDate {
    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.year, &self.month, &self.day].iter().all(|part| part.expose().is_empty())
    }
}

/// 被保険者資格申立書 as filled in. Empty text = unknown, where that is allowed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementForm {
    /// Why the qualification could not be shown.
    pub reason: StatementReason,
    /// 保険種別, as far as the person knows it.
    pub insurance: Insurance,
    /// 保険者等名称, if known; may be empty.
    pub insurer: Redacted,
    /// 事業所名 for insurance through work; may be empty.
    pub employer: Redacted,
    /// 資格取得（交付）時期; unknown parts are empty.
    pub since: EraDate,
    /// 一部負担金の割合 in percent.
    pub share_percent: Option<u8>,
    /// 氏名, as the person writes it.
    pub name: Redacted,
    /// フリガナ; kana of any width.
    pub name_kana: Redacted,
    /// 生年月日, in any era or the Common Era.
    pub birth: EraDate,
    /// 性別 as told by the person, who may leave it out.
    pub sex: Sex,
    /// 住所; goes into 摘要 when the number stays unknown.
    pub address: Redacted,
    /// 電話番号; goes into 摘要 when the number stays unknown.
    pub phone: Redacted,
    /// The person has no phone.
    pub no_phone: bool,
}

/// Why the qualification could not be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementReason {
    /// 無効, 該当なし or several.
    NotConfirmed,
    /// A new insurance is not registered yet.
    NotRegisteredYet,
    /// The certificate of the card has expired.
    CertificateExpired,
    /// The card cannot be read.
    CardUnreadable,
    /// The system or the equipment does not work.
    SystemDown,
    /// None of the reasons above.
    Other,
}

/// 保険種別 on the 被保険者資格申立書.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Insurance {
    /// 被用者保険: through one's own work or that of a relative.
    Work,
    /// 国民健康保険, of a municipality or a 組合.
    National,
    /// 後期高齢者医療, from 75 on.
    Elderly,
    /// わからない: an answer like the others.
    Unknown,
}

/// 性別 on the 被保険者資格申立書.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 男, as the form prints it.
    Male,
    /// 女, as the form prints it.
    Female,
    /// Left out by the person; the form stays blank there.
    NotSet,
}

/// How the years of a date are counted.
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
    /// 西暦, with four digits
    Gregorian,
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
    /// Reader, camera or screen do not do what they should.
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
