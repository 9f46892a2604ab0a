//! Consents beside a result: which items there are is data, so that new ones need no new code.

use crate::codes::Answer;
use crate::cursor::Cursor;
use crate::error::{ParseError, WriteError};
use crate::out::Out;
use crate::record::Field;
use crate::values::Moment;
use checkin::consent::{CONSENT_LIFE, ConsentAnswer, LimitAnswer, Topic};
use std::borrow::Cow;
use std::ops::Deref;

/// A kind of information with consent elements of its own: the start of their names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConsentItem(Cow<'static, str>);

/// What is known of an item.
struct Row {
    start: &'static str,
    japanese: &'static str,
    topic: Option<Topic>,
}

const fn row(start: &'static str, japanese: &'static str, topic: Option<Topic>) -> Row {
    Row { start, japanese, topic }
}

/// The first six are in the terminal's own sample or in two programs (domain-facts B5, seen); the next six
/// stand in ORCA's notes of 2025-01-28 (B5; which question asks for them is not known here); the last
/// is what one exporter writes for 薬剤情報 (B5).
const ITEMS: [Row; 13] = [
    row("OperationInfo", "手術情報", Some(Topic::Operation)),
    row("DiagnosisInfo", "診療情報", Some(Topic::TreatmentAndMedicine)),
    row("PharmacistsInfo", "薬剤情報", Some(Topic::TreatmentAndMedicine)),
    row("SpecificHealthCheckupsInfo", "特定健診情報", Some(Topic::HealthCheckups)),
    row("SpecificDiseasesCertificateRelated", "特定疾病療養受療証", Some(Topic::SpecificDiseases)),
    row("LimitApplicationCertificateRelated", "限度額適用認定証", None),
    row("DiagnosisName", "傷病名", None),
    row("InfectiousInfo", "感染症情報", None),
    row("AllergyInfo", "アレルギー情報", None),
    row("ContraindicationInfo", "薬剤禁忌情報", None),
    row("TestInfo", "検査情報", None),
    row("PrescriptionInfo", "処方情報", None),
    row("PharmaceuticalInfo", "薬剤情報", Some(Topic::TreatmentAndMedicine)),
];

/// What this crate writes of its own: one exporter's name for 薬剤情報 is only read.
const WRITTEN: usize = 12;

impl ConsentItem {
    /// 手術情報.
    pub const OPERATION: Self = Self(Cow::Borrowed("OperationInfo"));
    /// 薬剤情報.
    pub const PHARMACISTS: Self = Self(Cow::Borrowed("PharmacistsInfo"));
    /// 診療情報.
    pub const DIAGNOSIS: Self = Self(Cow::Borrowed("DiagnosisInfo"));
    /// 限度額適用認定証; has no `AvailableTime`, and is not asked with the card.
    pub const LIMIT_CERTIFICATE: Self = Self(Cow::Borrowed("LimitApplicationCertificateRelated"));

    pub(crate) fn of(start: &str) -> Self {
        let known = ITEMS.iter().find(|row| row.start == start);
        Self(known.map_or_else(|| Cow::Owned(start.to_owned()), |row| Cow::Borrowed(row.start)))
    }

    fn row(&self) -> Option<&'static Row> {
        ITEMS.iter().find(|row| row.start == self.0)
    }

    /// Start of its element names.
    #[must_use]
    pub fn start(&self) -> &str {
        &self.0
    }

    /// In Japanese; `None` for an item that is not known here.
    #[must_use]
    pub fn japanese(&self) -> Option<&'static str> {
        self.row().map(|row| row.japanese)
    }

    /// The question with the card that covers it; 診療 and 薬剤 are asked together.
    #[must_use]
    pub fn topic(&self) -> Option<Topic> {
        self.row().and_then(|row| row.topic)
    }

    /// Whether the consent ends by the clock: those for certificates have no `AvailableTime`.
    fn ends(&self) -> bool {
        !self.0.ends_with("CertificateRelated")
    }
}

/// The three elements of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Which item.
    pub item: ConsentItem,
    /// `…ConsFlg`.
    pub answer: Option<Answer>,
    /// `…ConsTime`; terminals leave it out for a refusal.
    pub answered_at: Option<Moment>,
    /// `…AvailableTime`: last second of use, 24 hours after `ConsTime` (domain-facts B5, seen).
    pub available_until: Option<Moment>,
}

impl Consent {
    /// Whether the person agreed: only a flag of 1 says so.
    #[must_use]
    pub fn agreed(&self) -> bool {
        self.answer == Some(Answer::Agreed)
    }

    fn new(item: ConsentItem, agreed: bool, at: jiff::Timestamp) -> Self {
        let ends = agreed && item.ends();
        let until = at.saturating_add(CONSENT_LIFE).ok().filter(|_| ends);
        Self {
            item,
            answer: Some(if agreed { Answer::Agreed } else { Answer::Refused }),
            answered_at: Moment::new(at).filter(|_| agreed),
            available_until: until.and_then(Moment::new),
        }
    }
}

/// The consents of a result, each item once, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consents(Vec<Consent>);

impl Deref for Consents {
    type Target = [Consent];

    fn deref(&self) -> &[Consent] {
        &self.0
    }
}

/// Ends of element names.
const ENDS: [&str; 3] = ["ConsFlg", "ConsTime", "AvailableTime"];

impl Consents {
    /// The elements that stand for a person's last answers: one item for each, or two for 診療・薬剤.
    #[must_use]
    pub fn of(answers: &[ConsentAnswer], limit: Option<LimitAnswer>) -> Self {
        let last = |topic| answers.iter().rev().find(|answer| answer.topic == topic);
        let consent = |row: &Row| {
            let item = ConsentItem(Cow::Borrowed(row.start));
            match row.topic.and_then(last) {
                Some(answer) => Some(Consent::new(item, answer.agreed, answer.at)),
                None if item == ConsentItem::LIMIT_CERTIFICATE => {
                    limit.map(|answer| Consent::new(item, answer.agreed, answer.at))
                }
                None => None,
            }
        };
        Self(ITEMS[..WRITTEN].iter().filter_map(consent).collect())
    }

    /// The answer to one item.
    #[must_use]
    pub fn to(&self, item: &ConsentItem) -> Option<&Consent> {
        self.0.iter().find(|consent| consent.item == *item)
    }

    /// `false`: it is no element of a consent.
    pub(crate) fn read(&mut self, name: &str, cursor: &mut Cursor<'_>) -> Result<bool, ParseError> {
        let Some((start, end)) = split(name) else { return Ok(false) };
        let at = self.0.iter().position(|consent| consent.item.0 == start).unwrap_or_else(|| {
            let item = ConsentItem::of(start);
            self.0.push(Consent { item, answer: None, answered_at: None, available_until: None });
            self.0.len() - 1
        });
        let consent = &mut self.0[at];
        match end {
            0 => {
                let again = consent.answer.is_some();
                consent.answer.read(name, again, cursor)?;
            }
            1 => {
                let again = consent.answered_at.is_some();
                consent.answered_at.read(name, again, cursor)?;
            }
            _ => {
                let again = consent.available_until.is_some();
                consent.available_until.read(name, again, cursor)?;
            }
        }
        if self.0[at].answer.is_none()
            && self.0[at].answered_at.is_none()
            && self.0[at].available_until.is_none()
        {
            self.0.remove(at);
        }
        Ok(true)
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let names = |consent: &Consent| ENDS.map(|end| format!("{}{end}", consent.item.0));
        self.0.iter().flat_map(names).collect()
    }

    pub(crate) fn write(&self, name: &str, out: &mut Out) -> Result<(), WriteError> {
        let Some((start, end)) = split(name) else { return Ok(()) };
        let Some(consent) = self.0.iter().find(|consent| consent.item.0 == start) else {
            return Ok(());
        };
        match end {
            0 => consent.answer.write(name, out),
            1 => consent.answered_at.write(name, out),
            _ => consent.available_until.write(name, out),
        }
    }
}

/// The item and the place of its end in [`ENDS`].
pub(crate) fn split(name: &str) -> Option<(&str, usize)> {
    ENDS.iter().enumerate().find_map(|(at, end)| Some((name.strip_suffix(end)?, at)))
}
