//! 限度額適用認定証: how much a person pays a month at most, and what staff are told about it.

use crate::eligibility::Eligibility;
use jiff::civil::Date;

/// `LimitApplicationCertificateRelatedInfo`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LimitCertificate {
    /// `LimitApplicationCertificateClassification`.
    pub class: Option<LimitClass>,
    /// `LimitApplicationCertificateClassificationFlag`.
    pub category: Option<LimitCategory>,
    /// `LimitApplicationCertificateDate`: issued on.
    pub issued_on: Option<Date>,
    /// `LimitApplicationCertificateValidStartDate`: first day.
    pub valid_from: Option<Date>,
    /// `LimitApplicationCertificateValidEndDate`: last day.
    pub valid_to: Option<Date>,
    /// `LimitApplicationCertificateLongTermDate`: since when long stays in hospital count (長期入院該当).
    pub long_term_from: Option<Date>,
}

/// Which certificate it is: a code and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitClass(&'static (&'static str, &'static str));

/// 適用区分: a code and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitCategory(&'static (&'static str, &'static str));

/// Seen in programs (`OQSFacade`).
const CLASSES: [(&str, &str); 3] = [
    ("01", "限度額適用認定証"),
    ("02", "限度額適用・標準負担額減額認定証"),
    ("03", "標準負担額減額認定証"),
];

/// Seen in programs (`OQSFacade`).
const CATEGORIES: [(&str, &str); 16] = [
    ("A01", "区分ア"),
    ("A02", "区分イ"),
    ("A03", "区分ウ"),
    ("A04", "区分エ"),
    ("A05", "区分オ"),
    ("A06", "区分オ（境界層）"),
    ("B01", "現役並みⅢ"),
    ("B02", "現役並みⅡ"),
    ("B03", "現役並みⅠ"),
    ("B04", "一般"),
    ("B05", "低所得Ⅱ"),
    ("B06", "低所得Ⅰ"),
    ("B07", "低所得Ⅰ（老福）"),
    ("B08", "低所得Ⅰ（境界層）"),
    ("B09", "一般Ⅱ"),
    ("B10", "一般Ⅰ"),
];

fn find(
    table: &'static [(&'static str, &'static str)],
    code: &str,
) -> Option<&'static (&'static str, &'static str)> {
    table.iter().find(|(known, _)| *known == code)
}

impl LimitClass {
    /// `None` for a code that is not known here.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        find(&CLASSES, code).map(Self)
    }

    /// Two digits.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.0
    }

    /// In Japanese, as on the certificate.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.1
    }
}

impl LimitCategory {
    /// `None` for a code that is not known here.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        find(&CATEGORIES, code).map(Self)
    }

    /// A letter and two digits.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.0
    }

    /// In Japanese, as staff know it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.1
    }
}

/// What staff are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitNotice {
    /// The person does not let it be shown: more may have to be paid first.
    Refused,
    /// The person lets it be shown, and nothing was answered about anybody insured.
    Unknown,
    /// The person lets it be shown, and the insurer has registered none.
    NotRegistered,
    /// The system answered it.
    Registered(LimitCertificate),
}

impl LimitNotice {
    /// `agreed`: what the person said, where they were asked. `None` where nobody was asked and nothing
    /// was answered.
    #[must_use]
    pub fn of(agreed: Option<bool>, answer: Option<&Eligibility>, today: Date) -> Option<Self> {
        if agreed == Some(false) {
            return Some(Self::Refused);
        }
        let holding = answer.map(|answer| answer.holding(today)).unwrap_or_default();
        match holding.iter().find_map(|q| q.limit_certificate) {
            Some(certificate) => Some(Self::Registered(certificate)),
            None if agreed.is_none() => None,
            None if holding.is_empty() => Some(Self::Unknown),
            None => Some(Self::NotRegistered),
        }
    }
}
