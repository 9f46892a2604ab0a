//! 被保険者資格申立書: what a person states when the qualification cannot be confirmed and nothing else
//! is at hand. It leads to a claim with unknown numbers instead of a bill in full.
//!
//! The fields are those of the ministry's form as public descriptions name them: reason, kind of
//! insurance (with わからない), insurer, employer, since when, share, name, birth date, sex, address,
//! phone, date and signature. The official layout and which of its fields must be filled are not
//! public to us. Our decision: name, birth date and address are needed, and a phone number unless
//! the person has none, because address and phone go into the claim; all else may stay unknown.

use crate::birth::Birth;
use crate::eligibility::Sex;
use crate::era::{Era, NotPast, TypedDate, UNKNOWN};
use crate::number::{Field, FieldError, FieldProblem, check_text, past_date};
use crate::text::{composed, has_unprintable};
use jiff::civil::Date;
use std::fmt;

/// Longest name in characters, as printed on cards of people from abroad.
const LONGEST_NAME: u8 = 100;
/// Longest address, insurer or employer in characters.
const LONGEST_LINE: u8 = 200;

/// Why the qualification could not be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The system answered 無効, 該当なし or several.
    NotConfirmed,
    /// A new insurance is not registered yet (new job, move, birth).
    NotRegisteredYet,
    /// The certificate of the card has expired.
    CertificateExpired,
    /// The card cannot be read.
    CardUnreadable,
    /// The system or the equipment does not work.
    SystemDown,
    /// Something else.
    Other,
}

/// 保険種別, as people know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Insurance {
    /// Through work, own or a family member's: 協会けんぽ, 組合, 共済, 船員.
    Work,
    /// 国民健康保険, 国保組合.
    National,
    /// 後期高齢者医療.
    Elderly,
    /// わからない.
    Unknown,
}

/// The form as typed. Empty text, an empty date and `None` mean "unknown" where that is allowed.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedStatement {
    /// Why.
    pub reason: Reason,
    /// 保険種別.
    pub insurance: Insurance,
    /// 保険者等名称.
    pub insurer: String,
    /// 事業所名.
    pub employer: String,
    /// 資格取得（交付）時期: the day is not asked for and not read; month 0 = unknown.
    pub since: TypedDate,
    /// 一部負担金の割合 in percent: 10, 20 or 30.
    pub share_percent: Option<u8>,
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub name_kana: String,
    /// 生年月日.
    pub birth: TypedDate,
    /// 性別.
    pub sex: Sex,
    /// 住所.
    pub address: String,
    /// 電話番号.
    pub phone: String,
    /// The person has no phone.
    pub no_phone: bool,
}

/// Since when somebody is insured, as far as known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Since {
    /// Era.
    pub era: Era,
    /// Year within the era, from 1.
    pub year: u16,
    /// Month 1 to 12.
    pub month: Option<u8>,
}

/// A complete form, ready to be printed and signed.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement {
    /// Why.
    pub reason: Reason,
    /// 保険種別.
    pub insurance: Insurance,
    /// 保険者等名称.
    pub insurer: Option<String>,
    /// 事業所名.
    pub employer: Option<String>,
    /// 資格取得（交付）時期.
    pub since: Option<Since>,
    /// 一部負担金の割合 in percent: 10, 20 or 30.
    pub share_percent: Option<u8>,
    /// 氏名, 1 to 100 characters.
    pub name: String,
    /// フリガナ.
    pub name_kana: Option<String>,
    /// 生年月日, possibly one that no calendar has.
    pub birth: Birth,
    /// 性別.
    pub sex: Sex,
    /// 住所, 1 to 200 characters.
    pub address: String,
    /// 電話番号: ASCII digits, hyphens and brackets, perhaps a leading `+`.
    pub phone: Option<String>,
    /// 申立日.
    pub date: Date,
}

impl TypedStatement {
    /// Takes the form over. The first wrong field is reported, in the order of the fields above.
    ///
    /// # Errors
    /// [`FieldError`] names the field.
    pub fn check(&self, today: Date) -> Result<Statement, FieldError> {
        Ok(Statement {
            reason: self.reason,
            insurance: self.insurance,
            insurer: optional(line(&self.insurer, Field::Insurer, LONGEST_LINE)?),
            employer: optional(line(&self.employer, Field::Employer, LONGEST_LINE)?),
            since: since(self.since, today)?,
            share_percent: share(self.share_percent)?,
            name: needed(line(&self.name, Field::Name, LONGEST_NAME)?, Field::Name)?,
            name_kana: kana(&self.name_kana)?,
            birth: past_date(self.birth, Field::BirthDate, today)?,
            sex: self.sex,
            address: needed(line(&self.address, Field::Address, LONGEST_LINE)?, Field::Address)?,
            phone: phone(&self.phone, self.no_phone)?,
            date: today,
        })
    }
}

/// Trimmed text in the width in which it was typed: names and addresses are written full width.
fn line(typed: &str, field: Field, most: u8) -> Result<String, FieldError> {
    let text = composed(typed.trim());
    if text.chars().count() > usize::from(most) {
        Err(field.is(FieldProblem::TooLong { most }))
    } else if has_unprintable(&text) {
        Err(field.is(FieldProblem::Characters))
    } else {
        Ok(text)
    }
}

fn needed(text: String, field: Field) -> Result<String, FieldError> {
    if text.is_empty() { Err(field.is(FieldProblem::Empty)) } else { Ok(text) }
}

fn optional(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// A month, or a year, that is not wholly after today. A month is called by an era that it lies in
/// (平成31年5月 is 令和元年5月); 西暦 stays, with all digits.
fn since(typed: TypedDate, today: Date) -> Result<Option<Since>, FieldError> {
    if (typed.year, typed.month) == (0, 0) {
        return Ok(None);
    }
    let month = if typed.month == 0 { UNKNOWN } else { typed.month };
    let first = TypedDate { month, day: UNKNOWN, ..typed }.past(today).map_err(|problem| {
        Field::Since.is(match problem {
            NotPast::Future => FieldProblem::FutureDate,
            NotPast::NoSuchDay | NotPast::Incomplete => FieldProblem::NoSuchDate,
        })
    })?;
    let month = first.month().map(i8::unsigned_abs);
    let (Some(gregorian), Some((from, to))) = (first.year(), first.range()) else {
        return Err(Field::Since.is(FieldProblem::NoSuchDate));
    };
    let named = |era: Era| era.days().0 <= to && from <= era.days().1;
    let since = match (typed.era, Era::of(from)) {
        (Era::Gregorian, _) => (Era::Gregorian, gregorian.unsigned_abs()),
        (era, Some((newer, year))) if !named(era) => (newer, year.into()),
        (era, _) => (era, typed.year),
    };
    Ok(Some(Since { era: since.0, year: since.1, month }))
}

fn share(typed: Option<u8>) -> Result<Option<u8>, FieldError> {
    match typed {
        None | Some(10 | 20 | 30) => Ok(typed),
        Some(_) => Err(Field::Share.is(FieldProblem::Characters)),
    }
}

/// Hiragana or katakana of either width with their repetition marks, or Latin letters: residents from abroad
/// have no other reading.
fn kana(typed: &str) -> Result<Option<String>, FieldError> {
    let text = line(typed, Field::NameKana, LONGEST_NAME)?;
    let latin = |c| matches!(c, 'A'..='Z' | 'a'..='z' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' | '-' | '\'' | '’' | '.' | ',');
    let kana = |c| {
        matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ゝ' | 'ゞ' | 'ヽ' | 'ヾ' | 'ー' | '・' | '･'..='ﾟ' | '゛' | '゜' | ' ' | '　')
            || latin(c)
    };
    if text.chars().all(kana) {
        Ok(optional(text))
    } else {
        Err(Field::NameKana.is(FieldProblem::Characters))
    }
}

/// Domestic numbers have 10 or 11 digits from 0 on; international ones 8 to 15 behind `+` (E.164).
fn phone(typed: &str, none: bool) -> Result<Option<String>, FieldError> {
    let text = check_text(typed, Field::Phone, 30)?.replace(' ', "");
    let problem = if text.is_empty() {
        return if none { Ok(None) } else { Err(Field::Phone.is(FieldProblem::Empty)) };
    } else if !text.chars().all(|c| c.is_ascii_digit() || "+-()".contains(c)) {
        FieldProblem::NotDigits
    } else {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let abroad = text.starts_with('+') && (8..=15).contains(&digits);
        let domestic = text.trim_start_matches('(').starts_with('0') && matches!(digits, 10 | 11);
        if text.rfind('+').unwrap_or(0) > 0 {
            FieldProblem::Characters
        } else if abroad || domestic {
            return Ok(Some(text));
        } else {
            FieldProblem::WrongLength
        }
    };
    Err(Field::Phone.is(problem))
}

impl fmt::Debug for TypedStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

#[cfg(test)]
pub(crate) mod tests;
