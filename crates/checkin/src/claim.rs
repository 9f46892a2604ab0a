//! Advice for staff: on which numbers to claim, and what to collect. In this order (ministry
//! guidance of 2023 on claims when the qualification cannot be confirmed): the current number; a
//! past number as 旧資格; unknown numbers as 不詳 on a 被保険者資格申立書, for whoever showed a My Number
//! Card. Whoever showed neither card nor paper is at the reception first: nothing is decided here.
//! Nobody is told to pay 10割.

use crate::birth::Birth;
use crate::eligibility::{Eligibility, Qualification, Validity};
use crate::number::{FieldError, Numbers, TypedNumbers};
use crate::share::{Share, share};
use crate::statement::{Insurance, Statement};
use jiff::civil::Date;
use std::fmt;

mod choose;

/// What the facility's receipt program demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimRules {
    /// It refuses a 保険者番号 with a wrong check digit.
    pub check_digit_demanded: bool,
    /// Digits of 番号 when it is unknown, 1 to 20. The guidance says only "the required digits"; nine are usual (uncertain).
    pub unknown_number_digits: u8,
}

impl Default for ClaimRules {
    fn default() -> Self {
        Self { check_digit_demanded: false, unknown_number_digits: 9 }
    }
}

/// What is known about a person when the claim is decided.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The answer of the national system, if one came.
    pub eligibility: Option<&'a Eligibility>,
    /// Numbers typed from a paper or screen, or known from an earlier visit.
    pub numbers: Option<&'a Numbers>,
    /// 被保険者資格申立書.
    pub statement: Option<&'a Statement>,
    /// A My Number Card was shown: without one there is no claim on unknown numbers.
    pub card_shown: bool,
    /// The person was here before and staff ask whether anything has changed (口頭確認): that counts in place of the statement.
    pub oral: bool,
    /// Birth date from the card (照合番号B or the card face), if known; never from the answer.
    pub birth: Option<Birth>,
    /// Today in Japan.
    pub today: Date,
    /// Of the facility.
    pub rules: &'a ClaimRules,
}

/// The three ways to claim, and none yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Route {
    /// ① on the current number.
    Current,
    /// ② on a past number (旧資格).
    Past,
    /// ③ on unknown numbers (不詳); needs a My Number Card that was shown.
    Unknown,
    /// The reception decides: neither card nor paper was shown, or the number that the facility knows is to be confirmed by asking.
    Undecided,
}

/// Where the numbers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberSource {
    /// Answered by the national system.
    Answer,
    /// Typed from what the person showed.
    Typed,
    /// Of the clinic's patient list.
    Known,
    /// Sevens.
    Sevens,
    /// There are none.
    Nothing,
}

/// The numbers to write into the claim; empty where there are none yet.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ClaimNumbers {
    /// 保険者番号.
    pub insurer_number: String,
    /// 記号; empty where unknown or where the insurance has none.
    pub symbol: String,
    /// 番号.
    pub number: String,
    /// 枝番.
    pub branch: Option<String>,
}

/// One line for 摘要.
#[derive(Clone, PartialEq, Eq)]
pub enum Remark {
    /// 「旧資格」: the numbers are past ones. That the word is wanted there is uncertain.
    Past,
    /// 「不詳」: the numbers are unknown. That the word is wanted there is uncertain.
    Unknown,
    /// 住所.
    Address(String),
    /// 電話番号.
    Phone(String),
    /// 事業所名: helps the insurers to find the person.
    Employer(String),
}

/// Where a claim on unknown numbers goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Destination {
    /// 社会保険診療報酬支払基金.
    PaymentFund,
    /// 国民健康保険団体連合会.
    Federation,
    /// Not to be told from the statement: the facility chooses.
    Either,
}

/// What staff should do or know besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimNote {
    /// The card could not be verified: look at it and at the person.
    CardNotVerified,
    /// Neither a My Number Card nor a paper was shown: ask for one.
    AskForCard,
    /// Ask whether anything has changed. If not, the known number is claimed, ① or ②, without statement; it may be entered on the board.
    AskWhetherChanged,
    /// No answer yet: ask the system again before claiming.
    AskSystemAgain,
    /// A newer qualification exists: ask the person for its number.
    AskNewNumber,
    /// Several qualifications: ask which one is used now.
    AskWhich,
    /// About somebody born on another day than the card's owner (wrong links): not used, and not for the person at the kiosk.
    AnswerAboutAnother,
    /// Nothing at the kiosk tells whether the answer is about the card's owner, and the certificate
    /// does not end on that birthday: ask for name and birth date.
    CompareBirth,
    /// The answer contradicts itself: look closely and ask again.
    Contradictory,
    /// The typed numbers differ from the answered ones: compare with the paper.
    CompareWithPaper,
    /// 医療扶助, alone or beside an insurance: nothing is collected, the claim goes by the 医療券 (uncertain in detail).
    MedicalAssistance,
    /// A 被保険者資格申立書 is needed.
    StatementNeeded,
    /// Keep the signed 申立書 until the claim is paid, then destroy it.
    KeepStatement,
    /// The clinic's list does not have the card's owner.
    PatientNotInList,
    /// The list has the person, but no insurance.
    PatientWithoutNumbers,
    /// More than one in the list fits the card's owner, or nearly.
    PatientUnsure,
    /// The official reader beside the kiosk has confirmed somebody who is under no number of the kiosk: give the person this one.
    AtReaderOnly,
    /// This number and one of another line may be the same person's: the program does not decide that.
    AtReaderUnsure,
}

/// What to write and to collect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimAdvice {
    /// Which way.
    pub route: Route,
    /// Where the numbers come from.
    pub source: NumberSource,
    /// The numbers.
    pub numbers: ClaimNumbers,
    /// 摘要, in this order.
    pub remarks: Vec<Remark>,
    /// The share to collect.
    pub share: Share,
    /// For [`Route::Unknown`] only.
    pub destination: Option<Destination>,
    /// Each once, most urgent first.
    pub notes: Vec<ClaimNote>,
}

/// Decides how to claim. Leads to a claim for everybody who showed a My Number Card or a paper.
#[must_use]
pub fn advise(situation: &Situation<'_>) -> ClaimAdvice {
    let choice = choose::choose(situation);
    let statement = situation.statement;
    let mut notes = choice.notes.clone();
    if situation.oral && situation.card_shown {
        notes.push(ClaimNote::AskWhetherChanged);
    }
    let (route, source, numbers) = choice.on.clone().unwrap_or_else(|| {
        let (route, note) = match statement {
            _ if !situation.card_shown => (Route::Undecided, ClaimNote::AskForCard),
            None if situation.oral => (Route::Undecided, ClaimNote::AskWhetherChanged),
            Some(_) => (Route::Unknown, ClaimNote::KeepStatement),
            None => (Route::Unknown, ClaimNote::StatementNeeded),
        };
        notes.push(note);
        match route {
            Route::Unknown => (route, NumberSource::Sevens, sevens(*situation.rules)),
            _ => (route, NumberSource::Nothing, ClaimNumbers::default()),
        }
    });
    notes.sort_unstable();
    notes.dedup();
    let unknown = route == Route::Unknown;
    ClaimAdvice {
        route,
        source,
        numbers,
        remarks: remarks(route, statement),
        share: match route {
            Route::Undecided if !situation.card_shown => Share::nothing_shown(),
            _ => collect(situation, route, &choice),
        },
        destination: unknown.then(|| destination(statement)),
        notes,
    }
}

/// What staff know of a person who was here before, as they type it.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedKnown {
    /// 保険者番号.
    pub insurer_number: String,
    /// 記号; empty where the insurance has none.
    pub symbol: String,
    /// 番号.
    pub number: String,
    /// 枝番; empty where it is not known.
    pub branch: String,
    /// The person says that it has changed since: ②, not ①.
    pub past: bool,
}

impl TypedKnown {
    /// How to claim on it. The numbers are checked as those of a document.
    ///
    /// # Errors
    /// [`FieldError`] names the first wrong field.
    pub fn check(&self, today: Date) -> Result<(Route, ClaimNumbers, Vec<Remark>), FieldError> {
        let typed = TypedNumbers {
            insurer_number: self.insurer_number.clone(),
            symbol: self.symbol.clone(),
            number: self.number.clone(),
            branch: self.branch.clone(),
            // Staff know whom they asked.
            birth: today.into(),
        };
        let numbers = ClaimNumbers::from(&typed.check(today)?);
        let route = if self.past { Route::Past } else { Route::Current };
        Ok((route, numbers, remarks(route, None)))
    }
}

impl fmt::Debug for TypedKnown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

/// A share answered for the current qualification counts as it is; one of a past qualification, or
/// one that the person states, counts where the age leaves it open.
fn collect(situation: &Situation<'_>, route: Route, choice: &choose::Choice) -> Share {
    let (answered, plain) = (choice.share_percent, choice.plain_percent);
    let birth = situation
        .birth
        .or_else(|| Some(situation.eligibility?.qualifications.first()?.birth))
        .or_else(|| Some(situation.numbers?.birth))
        .or_else(|| Some(situation.statement?.birth));
    let current = answered.filter(|_| route == Route::Current);
    share(birth, situation.today, current)
        .confirmed_by(plain.filter(|_| route == Route::Current))
        .narrowed_by(answered)
        .narrowed_by(situation.statement.and_then(|statement| statement.share_percent))
}

/// `77777777` has a wrong check digit, `77777779` a right one. 記号 stays empty (uncertain).
fn sevens(rules: ClaimRules) -> ClaimNumbers {
    let insurer_number = if rules.check_digit_demanded { "77777779" } else { "77777777" };
    ClaimNumbers {
        insurer_number: insurer_number.to_owned(),
        symbol: String::new(),
        number: "7".repeat(usize::from(rules.unknown_number_digits.clamp(1, 20))),
        branch: None,
    }
}

fn remarks(route: Route, statement: Option<&Statement>) -> Vec<Remark> {
    let mut remarks = Vec::new();
    match route {
        Route::Current | Route::Undecided => {}
        Route::Past => remarks.push(Remark::Past),
        Route::Unknown => {
            remarks.push(Remark::Unknown);
            if let Some(statement) = statement {
                remarks.push(Remark::Address(statement.address.clone()));
                remarks.extend(statement.phone.clone().map(Remark::Phone));
                remarks.extend(statement.employer.clone().map(Remark::Employer));
            }
        }
    }
    remarks
}

/// 不詳 claims go where the kind of insurance would go; if nobody knows it, the facility chooses.
fn destination(statement: Option<&Statement>) -> Destination {
    match statement.map(|statement| statement.insurance) {
        Some(Insurance::Work) => Destination::PaymentFund,
        Some(Insurance::National | Insurance::Elderly) => Destination::Federation,
        Some(Insurance::Unknown) | None => Destination::Either,
    }
}

impl From<&Qualification> for ClaimNumbers {
    fn from(q: &Qualification) -> Self {
        Self {
            insurer_number: q.insurer_number.clone(),
            symbol: q.symbol.clone(),
            number: q.number.clone(),
            branch: q.branch.clone(),
        }
    }
}

impl From<&Numbers> for ClaimNumbers {
    fn from(numbers: &Numbers) -> Self {
        Self {
            insurer_number: numbers.insurer_number.clone(),
            symbol: numbers.symbol.clone(),
            number: numbers.number.clone(),
            branch: numbers.branch.clone(),
        }
    }
}

impl fmt::Debug for ClaimNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

impl fmt::Debug for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Past => "Past",
            Self::Unknown => "Unknown",
            Self::Address(_) => "Address(<redacted>)",
            Self::Phone(_) => "Phone(<redacted>)",
            Self::Employer(_) => "Employer(<redacted>)",
        })
    }
}

impl Qualification {
    /// Whether an answered birth date can be that of somebody known to be born on `known`.
    #[must_use]
    pub fn is_born_on(answered: impl Into<Birth>, known: impl Into<Birth>) -> bool {
        answered.into().may_be(known.into())
    }

    /// Whether it holds on that day by its own dates. `DisqualificationDate` is the first day
    /// without it, `InsuredCardExpirationDate` the last day with it.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day)
            && self.valid_to.is_none_or(|to| day <= to)
            && self.lost_on.is_none_or(|lost| day < lost)
    }
}

impl Eligibility {
    /// Whether every qualification can belong to somebody born on that day. An answer about another
    /// person must not be shown at the kiosk.
    #[must_use]
    pub fn is_of(&self, birth: impl Into<Birth>) -> bool {
        let birth = birth.into();
        self.qualifications.iter().all(|q| Qualification::is_born_on(q.birth, birth))
    }

    /// Whether the answer contradicts itself on that day: valid without a qualification that holds,
    /// invalid with one that will be lost only later, one where several are announced, or some
    /// where there are none.
    #[must_use]
    pub fn is_contradictory(&self, today: Date) -> bool {
        let first = self.qualifications.first();
        match self.validity {
            Validity::Valid | Validity::ValidUnregistered => {
                !self.qualifications.iter().any(|q| q.holds_on(today))
            }
            Validity::Invalid | Validity::InvalidNewerExists => {
                first.and_then(|first| first.lost_on).is_some_and(|lost| lost > today)
            }
            Validity::NoneFound => first.is_some(),
            Validity::MoreThanOne => self.qualifications.len() < 2,
        }
    }
}

#[cfg(test)]
mod tests;
