//! What the clinic's patient list says about the person of a visit.

use crate::secret::Redacted;
use serde::{Deserialize, Serialize};

/// Those of the list who fit what the visit brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// It is certain: the only one of `fits`, or where there is none, staff said that it is nobody of the list. Otherwise staff say
    /// who it is: [`ChoosePatient`].
    pub sure: bool,
    /// Who it is or may be, 18 at most.
    pub fits: Vec<Fit>,
}

/// One patient of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fit {
    /// 患者番号: what the receipt computer calls the person by.
    pub chart: String,
    /// Kana as the receipt computer has them, or the name where there are none.
    pub reading: String,
    /// Next appointment, `YYYY-MM-DD` or `YYYY-MM-DD HH:MM`; left out where there is none from today on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The insurance that was known last; left out where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insurance: Option<Insured>,
    /// Whether the numbers of [`Claim`](super::Claim) are those of `insurance`; left out where one of the two is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agrees: Option<bool>,
}

/// An insurance as the list has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Insured {
    /// 保険者番号.
    pub insurer_number: String,
    /// 記号; empty where the insurer has none.
    pub symbol: String,
    /// 番号.
    pub number: String,
    /// 枝番, 2 digits; `None` where the list has none.
    pub branch: Option<String>,
}

/// `POST /staff/api/patient`: who of [`Listed::fits`] the person is. Answer: [`Board`](super::Board).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoosePatient {
    /// The visit's number in the store, as the board gave it.
    pub visit: u64,
    /// [`Fit::chart`]; `None`: none of them.
    pub chart: Option<Redacted>,
}
