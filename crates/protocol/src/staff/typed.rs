//! What staff type at their board for the person at a kiosk.

use crate::action::{EraDate, Insurance, PaperNumbers, Sex, StatementReason};
use crate::screen::Document;
use crate::secret::Redacted;
use serde::{Deserialize, Serialize};

/// A form on the screen of a kiosk, and the question that it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormUp {
    /// `question` of the view, which goes back in [`TypeFor`]: this form, in this visit, and no other one.
    pub seen: u64,
    /// Which form.
    pub form: KioskForm,
}

/// Which form is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum KioskForm {
    /// The numbers of a document.
    Numbers {
        /// The document that was chosen.
        document: Document,
    },
    /// 被保険者資格申立書, being answered.
    Statement,
    /// 被保険者資格申立書, ready to be printed and signed.
    StatementReady,
}

/// `POST /staff/api/kiosk/type`: staff type for the person. Answer: nothing (204).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeFor {
    /// [`super::Kiosk::name`].
    pub kiosk: String,
    /// [`FormUp::seen`]; refused when another form or none is up by now.
    pub seen: u64,
    /// What is to be put into the form. Left out while staff are still typing: the kiosk hears only that somebody looks after
    /// the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typed: Option<Typed>,
}

/// Answers that staff typed. An empty one leaves what stands in the form at the kiosk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case", deny_unknown_fields)]
pub enum Typed {
    /// Numbers of a document.
    Numbers(PaperNumbers),
    /// Answers of the 被保険者資格申立書.
    Statement(Box<TypedStatement>),
}

/// The answers of [`crate::action::StatementForm`] that staff have typed, be it all of them or a few.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypedStatement {
    /// Why the qualification could not be shown.
    pub reason: Option<StatementReason>,
    /// 保険種別.
    pub insurance: Option<Insurance>,
    /// 保険者等名称.
    pub insurer: Redacted,
    /// 事業所名.
    pub employer: Redacted,
    /// 資格取得（交付）時期.
    pub since: EraDate,
    /// 一部負担金の割合.
    pub share: Option<UsualShare>,
    /// 氏名.
    pub name: Redacted,
    /// フリガナ.
    pub name_kana: Redacted,
    /// 生年月日.
    pub birth: EraDate,
    /// 性別 as told by the person.
    pub sex: Option<Sex>,
    /// 住所.
    pub address: Redacted,
    /// 電話番号.
    pub phone: Redacted,
    /// The person has no phone.
    pub no_phone: bool,
}

wire_enum! {
    /// 一部負担金の割合 as the person knows it.
    UsualShare {
        /// 1割.
        Ten,
        /// 2割.
        Twenty,
        /// 3割.
        Thirty,
        /// わからない: an answer like the others.
        Unknown,
    }
}

impl UsualShare {
    /// In percent; `None` = not known.
    #[must_use]
    pub fn percent(self) -> Option<u8> {
        match self {
            Self::Ten => Some(10),
            Self::Twenty => Some(20),
            Self::Thirty => Some(30),
            Self::Unknown => None,
        }
    }
}

impl Typed {
    /// Whether it has no answer at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let empty = |texts: &[&Redacted]| texts.iter().all(|text| text.expose().trim().is_empty());
        match self {
            Self::Numbers(PaperNumbers { insurer_number, symbol, number, branch, birth }) => {
                empty(&[insurer_number, symbol, number, branch]) && birth.is_empty()
            }
            Self::Statement(form) => {
                let TypedStatement { reason, insurance, share, sex, no_phone, .. } = &**form;
                let chosen = reason.is_some() || insurance.is_some() || share.is_some();
                let TypedStatement { insurer, employer, name, name_kana, address, phone, .. } =
                    &**form;
                let texts = [insurer, employer, name, name_kana, address, phone];
                let dates = form.since.is_empty() && form.birth.is_empty();
                !chosen && sex.is_none() && !no_phone && empty(&texts) && dates
            }
        }
    }
}
