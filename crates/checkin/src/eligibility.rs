//! What the national system answers about a person's qualification (資格情報). Field names follow
//! the elements of the 資格確認 folder interface; text keeps the form that the system sent.

use crate::birth::Birth;
use crate::consent::LimitAnswer;
use crate::limit::LimitCertificate;
use crate::number::is_elderly;
use crate::share::{Share, share};
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
    /// `InsuredCardClassification`: 2 characters, `01` to `07` or [`MEDICAL_ASSISTANCE`].
    pub class: Option<String>,
    /// `InsurerNumber`, 6 or 8 digits without padding; may be empty for 医療扶助, which has no insurer.
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
    pub birth: Birth,
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
    /// `InsuredPartialContributionRatio` in percent: the share of 後期高齢者医療.
    pub share_percent: Option<u8>,
    /// `ElderlyRecipientCertificateInfo`: the share from 70 to 74 in every other insurance.
    pub elderly_recipient: Option<ElderlyRecipient>,
    /// `LimitApplicationCertificateRelatedInfo`: only with consent where numbers were asked, always with the
    /// card.
    pub limit_certificate: Option<LimitCertificate>,
    /// `PreschoolClassification`: a code as it was sent, `1` before school. Shares go by the age (`crate::share`), not by this.
    pub preschool: Option<String>,
    /// `SpecificDiseasesCertificateInfo` in `SpecificDiseasesCertificateList`: with consent only.
    pub specific_diseases: Vec<SpecificDisease>,
    /// `MedicalTicketInfo` in `PublicExpenseResultList`.
    pub medical_tickets: Vec<MedicalTicket>,
}

/// `InsuredCardClassification` of 医療扶助.
pub const MEDICAL_ASSISTANCE: &str = "A1";

/// 高齢受給者証 (`ElderlyRecipientCertificateInfo`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ElderlyRecipient {
    /// `ElderlyRecipientCertificateDate`: issued on.
    pub issued_on: Option<Date>,
    /// `ElderlyRecipientValidStartDate`: first day.
    pub valid_from: Option<Date>,
    /// `ElderlyRecipientValidEndDate`: last day.
    pub valid_to: Option<Date>,
    /// `ElderlyRecipientContributionRatio` in percent.
    pub share_percent: Option<u8>,
}

impl ElderlyRecipient {
    /// Whether it holds on that day, the first and the last one included.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }
}

/// 特定疾病療養受療証 (`SpecificDiseasesCertificateInfo`). Which disease a code means is not public, so nothing is read out of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpecificDisease {
    /// `SpecificDiseasesDiseaseCategory`: a code as it was sent, 8 letters or digits at most.
    pub disease: Option<String>,
    /// `SpecificDiseasesCertificateDate`: issued on.
    pub issued_on: Option<Date>,
    /// `SpecificDiseasesValidStartDate`: first day.
    pub valid_from: Option<Date>,
    /// `SpecificDiseasesValidEndDate`: last day.
    pub valid_to: Option<Date>,
    /// `SpecificDiseasesSelfPay`: what the person pays at most, as it was sent, 20 characters at most.
    pub self_pay: Option<String>,
}

/// 医療券・調剤券 (`MedicalTicketInfo`): names and texts of its elements, as the system sent them. No
/// public source says what they mean in full, so nothing is read out of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MedicalTicket(pub Vec<(String, String)>);

impl Qualification {
    /// Whether it is one of 医療扶助 (or of 中国残留邦人等): class A1, 法別 12 or 25 in the insurer's place,
    /// or a 医療券 beside it.
    #[must_use]
    pub fn has_medical_assistance(&self) -> bool {
        !self.is_insurance() || !self.medical_tickets.is_empty()
    }

    /// Whether it is one of a health insurance, with or without 医療扶助 beside it.
    #[must_use]
    pub fn is_insurance(&self) -> bool {
        let assistance = self.insurer_number.len() == 8
            && ["12", "25"].iter().any(|law| self.insurer_number.starts_with(law));
        let named = !self.insurer_number.is_empty();
        named && !assistance && self.class.as_deref() != Some(MEDICAL_ASSISTANCE)
    }

    /// The share that the system answered for that day: in 後期高齢者医療 the plain one, elsewhere the one
    /// of the 高齢受給者証 while it holds.
    #[must_use]
    pub fn answered_share(&self, today: Date) -> Option<u8> {
        if is_elderly(&self.insurer_number) {
            return self.share_percent;
        }
        match self.elderly_recipient {
            Some(certificate) if certificate.holds_on(today) => certificate.share_percent,
            _ => None,
        }
    }

    /// The share to collect on that day; 0 of a 医療扶助, by its 医療券.
    #[must_use]
    pub fn share_on(&self, today: Date) -> Share {
        let assistance = self.has_medical_assistance().then_some(0);
        let answered = assistance.or(self.answered_share(today));
        let share = share(Some(self.birth), today, answered);
        // What the insurance of a younger person answers can only say what the age says already.
        share.confirmed_by(self.share_percent)
    }
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
    /// The qualifications that hold on that day, an insurance before 医療扶助.
    #[must_use]
    pub fn holding(&self, day: Date) -> Vec<&Qualification> {
        let mut holding: Vec<_> = self.qualifications.iter().filter(|q| q.holds_on(day)).collect();
        holding.sort_by_key(|q| !q.is_insurance());
        holding
    }

    /// Whether 医療扶助 holds on that day, alone or beside an insurance: nothing is to be collected.
    #[must_use]
    pub fn has_medical_assistance(&self, day: Date) -> bool {
        let holding = self.holding(day);
        let unregistered = self.validity == Validity::ValidUnregistered && !holding.is_empty();
        unregistered || holding.iter().any(|q| q.has_medical_assistance())
    }

    /// Whether the person can be billed on the first qualification as it stands.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        matches!(self.validity, Validity::Valid | Validity::ValidUnregistered)
            && !self.qualifications.is_empty()
    }
}
