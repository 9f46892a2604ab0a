//! Insurance numbers typed by hand: from a 資格確認書, a 資格情報のお知らせ or a マイナポータル screen.
//!
//! Sources of the rules: 保険者番号 is 8 digits (法別 2, prefecture 2, insurer 3, check 1), or 6 for
//! 国民健康保険; the folder interface takes 記号 and 番号 of up to 20 characters and 枝番 of 2 digits.

use crate::birth::Birth;
use crate::era::{NotPast, TypedDate};
pub use crate::text::half_width;
use crate::text::{comparable, has_unprintable};
use jiff::civil::Date;
use std::fmt;

/// Longest 記号 and 番号 in characters.
const LONGEST: u8 = 20;

/// A field of a form on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// 保険者番号.
    InsurerNumber,
    /// 記号.
    Symbol,
    /// 番号 (被保険者番号).
    Number,
    /// 枝番.
    Branch,
    /// 生年月日.
    BirthDate,
    /// 氏名.
    Name,
    /// 氏名カナ.
    NameKana,
    /// 住所.
    Address,
    /// 電話番号.
    Phone,
    /// 事業所名.
    Employer,
    /// 資格取得（交付）時期.
    Since,
    /// 保険者等名称.
    Insurer,
    /// 一部負担金の割合.
    Share,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum FieldProblem {
    /// Nothing was typed and the field is needed.
    #[error("is needed")]
    Empty,
    /// More characters than the interface takes.
    #[error("takes at most {most} characters")]
    TooLong {
        /// Longest accepted, in characters; 0 = this insurance has no such field.
        most: u8,
    },
    /// Something else than digits.
    #[error("takes digits only")]
    NotDigits,
    /// Digits, but not as many as the number has.
    #[error("has the wrong number of digits")]
    WrongLength,
    /// A digit is wrong or two are swapped.
    #[error("has a wrong digit: compare it with the paper")]
    CheckDigit,
    /// No register has such a day in that era.
    #[error("is not a day of that era")]
    NoSuchDate,
    /// After today.
    #[error("lies after today")]
    FutureDate,
    /// A character that the field never has.
    #[error("has a character that does not belong there")]
    Characters,
    /// Another day than that of the card that was opened with 照合番号B.
    #[error("is not that of the card's owner")]
    NotOfCard,
}

/// One field and what is wrong with it; to be shown at the field. Holds nothing of what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{field:?} {problem}")]
pub struct FieldError {
    /// Which field.
    pub field: Field,
    /// What is wrong.
    pub problem: FieldProblem,
}

impl Field {
    /// This field with that problem.
    pub(crate) fn is(self, problem: FieldProblem) -> FieldError {
        FieldError { field: self, problem }
    }
}

/// Numbers as typed: any width, blanks around them.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedNumbers {
    /// 保険者番号.
    pub insurer_number: String,
    /// 記号; empty where the insurance has none.
    pub symbol: String,
    /// 番号.
    pub number: String,
    /// 枝番; empty where the paper shows none.
    pub branch: String,
    /// 生年月日.
    pub birth: TypedDate,
}

/// Numbers in the form of the interface, each possible in itself. Whether such a person is insured
/// is for the national system to say.
#[derive(Clone, PartialEq, Eq)]
pub struct Numbers {
    /// 6 or 8 ASCII digits with a right check digit.
    pub insurer_number: String,
    /// Up to 20 characters, may be empty.
    pub symbol: String,
    /// 1 to 20 of ASCII digits, letters and hyphens.
    pub number: String,
    /// 2 ASCII digits.
    pub branch: Option<String>,
    /// Not after today; possibly one that no calendar has.
    pub birth: Birth,
}

impl TypedNumbers {
    /// Takes the numbers over if every one is possible. The first wrong field is reported, in the
    /// order in which the paper shows them.
    ///
    /// # Errors
    /// [`FieldError`] names the field.
    pub fn check(&self, today: Date) -> Result<Numbers, FieldError> {
        let insurer_number = check_insurer_number(&self.insurer_number)?;
        let elderly = is_elderly(&insurer_number);
        let most = if elderly { 0 } else { LONGEST };
        let symbol = check_text(&self.symbol, Field::Symbol, most)?;
        Ok(Numbers {
            symbol,
            number: check_number(&self.number, elderly)?,
            branch: check_branch(&self.branch, elderly)?,
            birth: past_date(self.birth, Field::BirthDate, today)?,
            insurer_number,
        })
    }
}

/// Whether both are the same 番号: full and half width, kinds of hyphens and leading zeros make no
/// difference (`0004260` on paper is `4260` in an answer; clinics' programs compare so).
#[must_use]
pub fn same_number(one: &str, other: &str) -> bool {
    let bare = |text: &str| comparable(text).trim_start_matches('0').to_owned();
    bare(one) == bare(other)
}

/// Whether both are the same 記号: full and half width, kinds of hyphens, blanks and ways of writing
/// kana make no difference.
#[must_use]
pub fn same_symbol(one: &str, other: &str) -> bool {
    comparable(one) == comparable(other)
}

/// Whether the 保険者番号 is one of 後期高齢者医療 (法別 39): no 記号, no 枝番.
#[must_use]
pub fn is_elderly(insurer_number: &str) -> bool {
    insurer_number.len() == 8 && insurer_number.starts_with("39")
}

/// 保険者番号 as typed, possibly padded with `00` to 8 digits.
///
/// # Errors
/// [`FieldError`] at [`Field::InsurerNumber`].
pub fn check_insurer_number(typed: &str) -> Result<String, FieldError> {
    let typed = half_width(typed);
    let problem = |problem| Err(Field::InsurerNumber.is(problem));
    // No 8-digit number begins with 00: some programs pad 国民健康保険 so.
    let number = typed.strip_prefix("00").filter(|rest| rest.len() == 6).unwrap_or(&typed);
    if number.is_empty() {
        problem(FieldProblem::Empty)
    } else if !all_digits(number) {
        problem(FieldProblem::NotDigits)
    } else if !matches!(number.len(), 6 | 8) {
        problem(FieldProblem::WrongLength)
    } else if !check_digit_is_right(number) {
        problem(FieldProblem::CheckDigit)
    } else {
        Ok(number.to_owned())
    }
}

/// 検証番号: weights 2, 1, 2, … from the digit left of the last one, the decimal digits of every
/// product added; the last digit fills the sum up to a multiple of ten. False for anything but
/// ASCII digits.
#[must_use]
pub fn check_digit_is_right(number: &str) -> bool {
    let digits = number.bytes().rev().map(|byte| u32::from(byte.wrapping_sub(b'0')));
    let weighted = |(place, digit): (usize, u32)| {
        if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
    };
    all_digits(number) && digits.enumerate().map(weighted).sum::<u32>().is_multiple_of(10)
}

/// 番号 of 後期高齢者医療 has 8 digits (general knowledge of the municipal forms; its own check
/// digit is not judged here, as no public source states the rule).
fn check_number(typed: &str, elderly: bool) -> Result<String, FieldError> {
    let number = check_text(typed, Field::Number, LONGEST)?;
    let problem = if number.is_empty() {
        FieldProblem::Empty
    } else if !number.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        FieldProblem::Characters
    } else if elderly && !all_digits(&number) {
        FieldProblem::NotDigits
    } else if elderly && number.len() != 8 {
        FieldProblem::WrongLength
    } else {
        return Ok(number);
    };
    Err(Field::Number.is(problem))
}

/// Which digits a person has differs between insurers (`00` or `01` for the insured person), and
/// older papers show none: nothing is filled in but a leading zero.
fn check_branch(typed: &str, elderly: bool) -> Result<Option<String>, FieldError> {
    let branch = half_width(typed);
    let problem = if branch.is_empty() {
        return Ok(None);
    } else if elderly {
        FieldProblem::TooLong { most: 0 }
    } else if !all_digits(&branch) {
        FieldProblem::NotDigits
    } else if branch.len() > 2 {
        FieldProblem::WrongLength
    } else {
        return Ok(Some(format!("{branch:0>2}")));
    };
    Err(Field::Branch.is(problem))
}

/// Text in half width, of at most `most` characters; may be empty.
pub(crate) fn check_text(typed: &str, field: Field, most: u8) -> Result<String, FieldError> {
    let text = half_width(typed);
    if text.chars().count() > usize::from(most) {
        Err(field.is(FieldProblem::TooLong { most }))
    } else if has_unprintable(&text) {
        Err(field.is(FieldProblem::Characters))
    } else {
        Ok(text)
    }
}

/// A day that a register may have and that is not after today.
pub(crate) fn past_date(typed: TypedDate, field: Field, today: Date) -> Result<Birth, FieldError> {
    typed.past(today).map_err(|problem| {
        field.is(match problem {
            NotPast::Incomplete => FieldProblem::Empty,
            NotPast::NoSuchDay => FieldProblem::NoSuchDate,
            NotPast::Future => FieldProblem::FutureDate,
        })
    })
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

impl fmt::Debug for TypedNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

impl fmt::Debug for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

#[cfg(test)]
mod tests;
