//! How to claim, as a row has it: what to write, and what to do besides.

use crate::words::{maybe, one, several};
use checkin::claim::{
    ClaimAdvice, ClaimNote, ClaimNumbers, Destination, Remark, Route, TypedKnown,
};
use checkin::number::FieldError;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// See the module. No `Debug`: it has a person's numbers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Which way.
    #[serde(with = "one")]
    pub route: Route,
    /// 保険者番号; this and the following are empty where nothing is decided yet.
    pub insurer_number: String,
    /// 記号.
    pub symbol: String,
    /// 番号.
    pub number: String,
    /// 枝番.
    pub branch: Option<String>,
    /// Lines for 摘要, as they are written there.
    pub remarks: Vec<String>,
    /// What to do besides, most urgent first.
    #[serde(with = "several")]
    pub notes: Vec<ClaimNote>,
    /// Where a claim on unknown numbers goes.
    #[serde(with = "maybe")]
    pub send_to: Option<Destination>,
    /// Possible shares in percent; one = certain.
    pub shares: Vec<u8>,
}

impl Claim {
    /// As advised.
    pub(super) fn of(advice: &ClaimAdvice) -> Self {
        let notes = advice.notes.clone();
        let shares = advice.share.candidates.clone();
        Self {
            send_to: advice.destination,
            ..Self::on(advice.route, advice.numbers.clone(), &advice.remarks, notes, shares)
        }
    }

    /// Nothing is known: the system is to be asked again.
    pub(super) fn unknown() -> Self {
        let notes = vec![ClaimNote::AskSystemAgain];
        Self::on(Route::Current, ClaimNumbers::default(), &[], notes, Vec::new())
    }

    /// On the number that staff know: everything else stays.
    ///
    /// # Errors
    /// [`FieldError`] names the first wrong field.
    pub(super) fn known(&self, typed: &TypedKnown, today: Date) -> Result<Self, FieldError> {
        let (route, numbers, remarks) = typed.check(today)?;
        let done = [ClaimNote::AskWhetherChanged, ClaimNote::StatementNeeded];
        let notes = self.notes.iter().copied().filter(|note| !done.contains(note)).collect();
        Ok(Self::on(route, numbers, &remarks, notes, self.shares.clone()))
    }

    fn on(
        route: Route,
        numbers: ClaimNumbers,
        remarks: &[Remark],
        notes: Vec<ClaimNote>,
        shares: Vec<u8>,
    ) -> Self {
        let ClaimNumbers { insurer_number, symbol, number, branch } = numbers;
        let remarks = remarks.iter().map(line).collect();
        let send_to = None;
        Self { route, insurer_number, symbol, number, branch, remarks, notes, send_to, shares }
    }
}

fn line(remark: &Remark) -> String {
    match remark {
        Remark::Past => "旧資格".into(),
        Remark::Unknown => "不詳".into(),
        Remark::Address(text) => format!("住所：{text}"),
        Remark::Phone(text) => format!("電話番号：{text}"),
        Remark::Employer(text) => format!("事業所名：{text}"),
    }
}
