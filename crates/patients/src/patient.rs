//! One patient, in types that redact and wipe.

use checkin::birth::Birth;
use checkin::eligibility::Sex;
use checkin::number::Numbers;
use checkin::patient::{ChartNumber, KnownPatient};
use std::fmt;
use zeroize::Zeroizing;

/// A text about a person: wiped when it is dropped.
pub type Text = Zeroizing<Box<str>>;

/// A row of the list.
#[derive(Clone, PartialEq, Eq)]
pub struct Patient {
    /// 患者番号, as [`ChartNumber`] takes it.
    pub(crate) chart: Text,
    /// Name in kanji as the receipt computer has it; may be empty where there are kana.
    pub(crate) name: Text,
    /// Kana of any width; may be empty where there is a name.
    pub(crate) kana: Text,
    pub(crate) birth: Birth,
    pub(crate) sex: Sex,
    pub(crate) insurance: Option<Insurance>,
    pub(crate) next: Option<Text>,
}

/// The insurance that the clinic knew last.
#[derive(Clone, PartialEq, Eq)]
pub struct Insurance {
    /// 保険者番号.
    pub insurer_number: Text,
    /// 記号; may be empty.
    pub symbol: Text,
    /// 番号.
    pub number: Text,
    /// 枝番.
    pub branch: Option<Text>,
}

impl Patient {
    /// 患者番号.
    #[must_use]
    pub fn chart(&self) -> &str {
        &self.chart
    }

    /// Kana as the receipt computer has them, or the name where there are none: by which staff tell people apart.
    #[must_use]
    pub fn reading(&self) -> &str {
        if self.kana.is_empty() { &self.name } else { &self.kana }
    }

    /// Birth date.
    #[must_use]
    pub fn birth(&self) -> Birth {
        self.birth
    }

    /// The insurance that was known last.
    #[must_use]
    pub fn insurance(&self) -> Option<&Insurance> {
        self.insurance.as_ref()
    }

    /// Next appointment: `YYYY-MM-DD`, or with ` HH:MM`.
    #[must_use]
    pub fn next_appointment(&self) -> Option<&str> {
        self.next.as_ref().map(|next| &***next)
    }

    /// What a visit has to know.
    #[must_use]
    pub fn known(&self) -> KnownPatient {
        let numbers = self.insurance.as_ref().map(|insurance| insurance.numbers(self.birth));
        let chart = ChartNumber::new(&self.chart).expect("it was one when it was read");
        KnownPatient { chart, numbers }
    }
}

impl Insurance {
    /// Of numbers that were checked.
    pub(crate) fn of(numbers: &Numbers) -> Self {
        Self {
            insurer_number: text(&numbers.insurer_number),
            symbol: text(&numbers.symbol),
            number: text(&numbers.number),
            branch: numbers.branch.as_deref().map(text),
        }
    }

    /// To ask the eligibility system with.
    pub(crate) fn numbers(&self, birth: Birth) -> Numbers {
        Numbers {
            insurer_number: self.insurer_number.to_string(),
            symbol: self.symbol.to_string(),
            number: self.number.to_string(),
            branch: self.branch.as_ref().map(|branch| branch.to_string()),
            birth,
        }
    }
}

pub(crate) fn text(text: &str) -> Text {
    Zeroizing::new(text.into())
}

impl fmt::Debug for Patient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

impl fmt::Debug for Insurance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}
