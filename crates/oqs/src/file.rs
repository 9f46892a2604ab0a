//! A result file in memory.

use crate::codes::whole_second;
use crate::error::FaceError;
use crate::name::InstitutionCode;
use crate::tree::Element;
use checkin::consent::{ConsentAnswer, LimitAnswer, Topic};
use checkin::effect::Handover;
use checkin::eligibility::{Asked, Eligibility, Qualification, Validity};
use checkin::time::in_japan;
use jiff::{Timestamp, civil::Date};

/// How the person was looked up (`ReferenceClassification`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// 1: マイナンバーカード.
    Card,
    /// 2: numbers of the insurance card.
    Number,
    /// 3 to 9: meanings added by makers of terminals.
    Other(u8),
}

/// `MessageHeader`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// `ProcessExecutionTime`, whole seconds.
    pub executed_at: Timestamp,
    /// `QualificationConfirmationDate`: the day in Japan for which the answer holds.
    pub confirmed_on: Date,
    /// `MedicalInstitutionCode`.
    pub institution: InstitutionCode,
    /// `ArbitraryFileIdentifier`, free text, may be empty.
    pub file_identifier: String,
    /// `ReferenceClassification`.
    pub reference: Option<Reference>,
    /// Elements that this crate does not interpret.
    pub rest: Vec<Element>,
}

/// Kinds of information with consent elements of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentItem {
    /// `OperationInfo…`: 手術情報.
    Operation,
    /// `DiagnosisInfo…`: 診療情報.
    Diagnosis,
    /// `PharmacistsInfo…`: 薬剤情報.
    Pharmacists,
    /// `SpecificHealthCheckupsInfo…`: 特定健診情報.
    HealthCheckups,
    /// `SpecificDiseasesCertificateRelated…`: 特定疾病療養受療証; has no `AvailableTime`.
    SpecificDiseases,
    /// `LimitApplicationCertificateRelated…`: 限度額適用認定証; has no `AvailableTime`.
    LimitCertificate,
}

impl ConsentItem {
    /// All items.
    pub const ALL: [Self; 6] = [
        Self::Operation,
        Self::Diagnosis,
        Self::Pharmacists,
        Self::HealthCheckups,
        Self::SpecificDiseases,
        Self::LimitCertificate,
    ];

    /// Start of its three element names.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::Operation => "OperationInfo",
            Self::Diagnosis => "DiagnosisInfo",
            Self::Pharmacists => "PharmacistsInfo",
            Self::HealthCheckups => "SpecificHealthCheckupsInfo",
            Self::SpecificDiseases => "SpecificDiseasesCertificateRelated",
            Self::LimitCertificate => "LimitApplicationCertificateRelated",
        }
    }

    /// Whether the consent ends by the clock.
    pub(crate) fn ends(self) -> bool {
        !matches!(self, Self::SpecificDiseases | Self::LimitCertificate)
    }

    /// The question with the card that covers it. 診療 and 薬剤 are asked together; 限度額 is not
    /// asked with the card.
    #[must_use]
    pub fn topic(self) -> Option<Topic> {
        match self {
            Self::Operation => Some(Topic::Operation),
            Self::Diagnosis | Self::Pharmacists => Some(Topic::TreatmentAndMedicine),
            Self::HealthCheckups => Some(Topic::HealthCheckups),
            Self::SpecificDiseases => Some(Topic::SpecificDiseases),
            Self::LimitCertificate => None,
        }
    }
}

/// `…ConsFlg`, `…ConsTime` and `…AvailableTime` of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Which item.
    pub item: ConsentItem,
    /// `ConsFlg`: 1 agreed, 0 refused.
    pub agreed: bool,
    /// `ConsTime`, whole seconds; terminals leave it out for a refusal.
    pub answered_at: Option<Timestamp>,
    /// `AvailableTime`: last second of use, 24 hours after `ConsTime`; never with a refusal.
    pub available_until: Option<Timestamp>,
}

impl Consent {
    /// The elements that stand for the person's answer: one item, or two for 診療・薬剤.
    pub fn of(answer: &ConsentAnswer) -> impl Iterator<Item = Self> {
        let answer = ConsentAnswer { at: whole_second(answer.at), ..*answer };
        let timed = answer.agreed;
        let covers = move |item: &ConsentItem| item.topic() == Some(answer.topic);
        ConsentItem::ALL.into_iter().filter(covers).map(move |item| Self {
            item,
            agreed: answer.agreed,
            answered_at: timed.then_some(answer.at),
            available_until: (timed && item.ends()).then(|| answer.available_until()),
        })
    }

    /// The elements that stand for the answer about 限度額適用認定証.
    fn of_limit(answer: LimitAnswer) -> Self {
        let answered_at = answer.agreed.then(|| whole_second(answer.at));
        let item = ConsentItem::LimitCertificate;
        Self { item, agreed: answer.agreed, answered_at, available_until: None }
    }
}

/// `ResultOfQualificationConfirmation`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultOfQualification {
    /// The fields with a meaning here.
    pub qualification: Qualification,
    /// The consent elements, each item at most once, in the order of [`ConsentItem::ALL`].
    pub consents: Vec<Consent>,
    /// Elements that this crate does not interpret.
    pub rest: Vec<Element>,
}

/// `XmlMsg`: the result of one successful check-in. A file that reports an error is not a result
/// and fails to parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultFile {
    /// `MessageHeader`.
    pub header: Header,
    /// `QualificationValidity`.
    pub validity: Validity,
    /// `ResultList`, newest first, at most [`crate::MAX_RESULTS`].
    pub results: Vec<ResultOfQualification>,
    /// Elements of `MessageBody` that this crate does not interpret.
    pub rest: Vec<Element>,
}

impl ResultFile {
    /// The file that a check-in leaves for the receipt computer. `file_identifier` is free
    /// text; the consents are written beside every qualification.
    #[must_use]
    pub fn of_check_in(
        institution: InstitutionCode,
        file_identifier: impl Into<String>,
        handover: &Handover,
        now: Timestamp,
    ) -> Self {
        let Handover { eligibility, asked, consents } = handover;
        let (reference, limit) = match asked {
            Asked::Card => (Reference::Card, None),
            Asked::Numbers { limit_certificate } => (Reference::Number, *limit_certificate),
        };
        let consents = consents.iter().flat_map(Consent::of).chain(limit.map(Consent::of_limit));
        let consents = in_order(&consents.collect::<Vec<_>>());
        let results =
            eligibility.qualifications.iter().map(|qualification| ResultOfQualification {
                qualification: qualification.clone(),
                consents: consents.clone(),
                rest: Vec::new(),
            });
        let header = Header {
            executed_at: whole_second(now),
            confirmed_on: in_japan(now).date(),
            institution,
            file_identifier: file_identifier.into(),
            reference: Some(reference),
            rest: Vec::new(),
        };
        let results = results.collect();
        Self { header, validity: eligibility.validity, results, rest: Vec::new() }
    }

    /// The person took this consent back: the file refuses it as if it had never been given. `true`
    /// when the file agreed before.
    pub fn withdraw(&mut self, topic: Topic) -> bool {
        let consents = self.results.iter_mut().flat_map(|result| &mut result.consents);
        let mut agreed = false;
        for consent in consents.filter(|consent| consent.item.topic() == Some(topic)) {
            agreed |= consent.agreed;
            let item = consent.item;
            *consent = Consent { item, agreed: false, answered_at: None, available_until: None };
        }
        agreed
    }

    /// Whether the programs that watch the folder `face` take it (as two of them in clinics demand):
    /// one qualification, with `InsuredCardClassification`, `InsurerName`, `Name`, `NameKana`, a
    /// birth day and a sex. The last two are always there. A file without a qualification tells
    /// that none was found, and there is nothing that staff could enter.
    ///
    /// # Errors
    /// [`FaceError`] names what is missing.
    pub fn check_face(&self) -> Result<(), FaceError> {
        let q = match &self.results[..] {
            [] => return Ok(()),
            [one] => &one.qualification,
            several => return Err(FaceError::Several(several.len())),
        };
        let class = q.class.as_deref().unwrap_or_default();
        for (element, text) in [
            ("InsuredCardClassification", class),
            ("InsurerName", &q.insurer_name),
            ("Name", &q.name),
            ("NameKana", &q.name_kana),
        ] {
            if text.trim().is_empty() {
                return Err(FaceError::Missing(element));
            }
        }
        Ok(())
    }

    /// What was handed over: what [`Self::of_check_in`] made the file of, as far as the file tells.
    #[must_use]
    pub fn handover(&self) -> Handover {
        let asked = match self.header.reference {
            Some(Reference::Number) => Asked::Numbers { limit_certificate: self.limit_answer() },
            _ => Asked::Card,
        };
        Handover { eligibility: self.eligibility(), asked, consents: self.consents() }
    }

    fn limit_answer(&self) -> Option<LimitAnswer> {
        let consents = &self.results.first()?.consents;
        let limit = consents.iter().find(|one| one.item == ConsentItem::LimitCertificate)?;
        let at = limit.answered_at.unwrap_or(self.header.executed_at);
        Some(LimitAnswer { agreed: limit.agreed, at })
    }

    /// Validity and qualifications.
    #[must_use]
    pub fn eligibility(&self) -> Eligibility {
        let qualifications = self.results.iter().map(|result| result.qualification.clone());
        Eligibility { validity: self.validity, qualifications: qualifications.collect() }
    }

    /// The answers of the first qualification, by topic. A topic of two items is agreed only if
    /// both are. An answer without `ConsTime` counts from the file's own time.
    #[must_use]
    pub fn consents(&self) -> Vec<ConsentAnswer> {
        let Some(first) = self.results.first() else {
            return Vec::new();
        };
        let answer = |topic: Topic| {
            let of_topic = || first.consents.iter().filter(|c| c.item.topic() == Some(topic));
            of_topic().next()?;
            let at = of_topic().filter_map(|consent| consent.answered_at).min();
            let at = at.unwrap_or(self.header.executed_at);
            Some(ConsentAnswer { topic, agreed: of_topic().all(|consent| consent.agreed), at })
        };
        Topic::ALL.into_iter().filter_map(answer).collect()
    }
}

/// The last answer to each item, in the order of [`ConsentItem::ALL`].
fn in_order(consents: &[Consent]) -> Vec<Consent> {
    let last = |item| consents.iter().rev().find(|consent| consent.item == item).copied();
    ConsentItem::ALL.into_iter().filter_map(last).collect()
}
