//! What the national system answers about a person's qualification (資格情報). Field names follow
//! the elements of the 資格確認 folder interface; text keeps the form that the system sent.

use crate::consent::LimitAnswer;
use jiff::civil::Date;

/// `QualificationValidity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// 1: 有効.
    Valid,
    /// 2: 無効; the last lost qualification is given for reference.
    Invalid,
    /// 3: 無効, but a newer qualification exists.
    InvalidNewerExists,
    /// 4: 該当資格なし.
    NoneFound,
    /// 5: 複数該当.
    MoreThanOne,
    /// 6: 有効 (医療扶助, not registered here).
    ValidUnregistered,
}

/// `Sex1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// 1: male.
    Male,
    /// 2: female.
    Female,
    /// 3: not set.
    NotSet,
}

/// `PersonalFamilyClassification`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsuredKind {
    /// 1: 本人 (insured person).
    InsuredPerson,
    /// 2: 家族 (family).
    Family,
}

/// One `ResultOfQualificationConfirmation`: the fields that this project's rules use. The codec
/// keeps every other element beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qualification {
    /// `InsurerNumber`, 6 or 8 digits without padding.
    pub insurer_number: String,
    /// `InsurerName`.
    pub insurer_name: String,
    /// `InsuredCardSymbol`, up to 20 characters, may be empty.
    pub symbol: String,
    /// `InsuredIdentificationNumber`, up to 20 characters.
    pub number: String,
    /// `InsuredBranchNumber`, 2 digits; none for 後期高齢者医療.
    pub branch: Option<String>,
    /// `PersonalFamilyClassification`.
    pub kind: Option<InsuredKind>,
    /// `Name`, full width with U+3000 between family and given name; `●` where a character is lost.
    pub name: String,
    /// `NameKana`, half-width katakana with an ASCII space.
    pub name_kana: String,
    /// `Sex1`.
    pub sex: Sex,
    /// `Birthdate`.
    pub birth: Date,
    /// `Address`.
    pub address: Option<String>,
    /// `PostNumber`, `123-4567`.
    pub post_number: Option<String>,
    /// `InsuredCardValidDate`: valid from.
    pub valid_from: Option<Date>,
    /// `InsuredCardExpirationDate`: valid to.
    pub valid_to: Option<Date>,
    /// `DisqualificationDate`: lost on.
    pub lost_on: Option<Date>,
    /// `InsuredPartialContributionRatio` in percent (10, 20 or 30): the share to collect.
    pub share_percent: Option<u8>,
}

/// With what the system was asked (`ReferenceClassification`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    /// 1: with the My Number Card.
    #[default]
    Card,
    /// 2: with the numbers of a document.
    Numbers {
        /// Present when it was asked.
        limit_certificate: Option<LimitAnswer>,
    },
}

/// The answer to one query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eligibility {
    /// How the system judges the card's owner today.
    pub validity: Validity,
    /// The qualifications found, newest first; at most 16.
    pub qualifications: Vec<Qualification>,
}

impl Eligibility {
    /// Whether the person can be billed on the first qualification as it stands.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        matches!(self.validity, Validity::Valid | Validity::ValidUnregistered)
            && !self.qualifications.is_empty()
    }
}
