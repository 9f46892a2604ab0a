//! 照合番号B: the 14 digits on the card front that open the photo. Birth date as era year, month
//! and day (6), expiry year of the card in the Gregorian calendar (4), security code (4).
//!
//! Two digits do not say which years they count. Foreign residents' births are kept in the Gregorian calendar only
//! (resident-register standard), and whether their cards count the era's year or the last two digits of the Gregorian one
//! is published nowhere; a day on which an era changes has two names. So what was typed is at most two numbers, tried one
//! after the other, and a birth date on the chip fits by any of its year's names.

use crate::birth::Birth;
pub use crate::era::Era;
use crate::era::{TypedDate, UNKNOWN};
use crate::secret::Digits;
use crate::time::in_japan;
use jiff::{Timestamp, civil::Date};

/// The 14 digits as presented to the card.
pub type CodeB = Digits<14>;

/// The numbers that the typed parts may mean, likeliest first: each wrong one costs a try.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidates {
    first: CodeB,
    other: Option<CodeB>,
}

impl Candidates {
    /// One or two numbers.
    pub fn iter(&self) -> impl Iterator<Item = &CodeB> {
        std::iter::once(&self.first).chain(&self.other)
    }
}

impl From<CodeB> for Candidates {
    fn from(first: CodeB) -> Self {
        Self { first, other: None }
    }
}

impl std::fmt::Debug for Candidates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<redacted>")
    }
}

impl Birth {
    /// Whether 照合番号B may begin with this date, by any name of its year. What the register does not know
    /// fits everything.
    #[must_use]
    pub fn begins(self, code: &CodeB) -> bool {
        let two = |at: usize| 10 * (code.expose()[at] - b'0') + (code.expose()[at + 1] - b'0');
        let year = |year: i16| {
            let in_eras = Era::JAPANESE.iter().any(|era| era.number_of(year) == Some(two(0)));
            in_eras || year.rem_euclid(100) == i16::from(two(0))
        };
        let part =
            |known: Option<i8>, at| known.is_none_or(|known| known.unsigned_abs() == two(at));
        self.year().is_none_or(year) && part(self.month(), 2) && part(self.day(), 4)
    }

    /// Whether the day lies in the era, on a border in both.
    #[must_use]
    pub fn lies_in(self, era: Era) -> bool {
        let (first, last) = era.days();
        (Self::from(first)..=Self::from(last)).contains(&self)
    }
}

/// What a person typed from the card front.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedCode {
    /// Birth era, or 西暦.
    pub era: Era,
    /// Year within the era, from 1 (元年); with 西暦 the year, or its last two digits.
    pub era_year: u16,
    /// Month 1 to 12; 0 = unknown.
    pub month: u8,
    /// Day 1 to 31; 0 = unknown.
    pub day: u8,
    /// Gregorian year in which the card expires.
    pub expiry_year: u16,
    /// セキュリティコード.
    pub security_code: Digits<4>,
}

impl std::fmt::Debug for TypedCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<redacted>")
    }
}

/// The field that cannot be right. The card counts wrong tries, so it never sees such a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// No such day, far from that era, or in the future.
    #[error("the birth date does not exist in that era")]
    BirthDate,
    /// A card lasts ten years at most, so it expires between this year and ten years from now.
    #[error("the expiry year is not possible for a card in use")]
    ExpiryYear,
}

impl TypedCode {
    /// The birth date.
    ///
    /// # Errors
    /// [`CodeError::BirthDate`] when nobody alive today can have it.
    pub fn birth(&self, today: Date) -> Result<Birth, CodeError> {
        let part = |typed: u8| if typed == 0 { UNKNOWN } else { typed };
        let (month, day) = (part(self.month), part(self.day));
        let typed = TypedDate { era: self.era, year: self.era_year, month, day };
        typed.past(today).map_err(|_| CodeError::BirthDate)
    }

    /// The numbers that this may be today. A name of the year that the day does not have, but its year does (平成元年
    /// 1月7日), is taken for a slip: the right name comes first.
    ///
    /// # Errors
    /// [`CodeError`] names the field.
    pub fn candidates(&self, now: Timestamp) -> Result<Candidates, CodeError> {
        let today = in_japan(now).date();
        let [first, other] = self.years(today).ok_or(CodeError::BirthDate)?;
        let expiry = i32::from(self.expiry_year) - i32::from(today.year());
        if !(0..=10).contains(&expiry) {
            return Err(CodeError::ExpiryYear);
        }
        let first = self.code(first.ok_or(CodeError::BirthDate)?)?;
        let other = other.map(|year| self.code(year)).transpose()?;
        Ok(Candidates { other: other.filter(|other| *other != first), first })
    }

    /// What the first two digits may be.
    fn years(&self, today: Date) -> Option<[Option<u8>; 2]> {
        let birth = self.birth(today).ok()?;
        let year = birth.year()?;
        let named = |era: &Era| era.number_of(year).filter(|_| birth.lies_in(*era));
        // The newer name of a day with two comes first, because it is the one on documents.
        let mut years = Era::JAPANESE.iter().rev().filter_map(named);
        if self.era == Era::Gregorian {
            let gregorian = u8::try_from(year.rem_euclid(100)).ok();
            return Some([Some(years.next()?), gregorian]);
        }
        let typed = self.era.number_of(year)?;
        let other = years.find(|year| *year != typed);
        Some(if birth.lies_in(self.era) { [Some(typed), other] } else { [other, Some(typed)] })
    }

    fn code(&self, year: u8) -> Result<CodeB, CodeError> {
        let code = std::str::from_utf8(self.security_code.expose()).unwrap_or_default();
        let text = zeroize::Zeroizing::new(format!(
            "{year:02}{:02}{:02}{:04}{code}",
            self.month, self.day, self.expiry_year
        ));
        CodeB::parse(&text).map_err(|_| CodeError::BirthDate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(era: Era, era_year: u16, month: u8, day: u8, expiry_year: u16) -> TypedCode {
        let security_code = Digits::parse("2285").unwrap();
        TypedCode { era, era_year, month, day, expiry_year, security_code }
    }

    #[track_caller]
    fn check(typed: &TypedCode, expected: Result<&[&str], CodeError>) {
        let now = "2026-11-23T09:00:00+09:00".parse().unwrap();
        let found = typed.candidates(now);
        let digits = found.as_ref().map(|codes| {
            codes.iter().map(|code| str::from_utf8(code.expose()).unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(digits.as_deref().map_err(|error| **error), expected);
    }

    #[test]
    fn builds_the_number_of_the_public_test_card() {
        check(&typed(Era::Showa, 55, 2, 17, 2035), Ok(&["55021720352285"]));
        check(&typed(Era::Reiwa, 2, 2, 24, 2026), Ok(&["02022420262285"]));
    }

    #[test]
    fn gregorian_years_may_be_counted_either_way() {
        check(&typed(Era::Gregorian, 1960, 5, 12, 2030), Ok(&["35051220302285", "60051220302285"]));
        check(&typed(Era::Gregorian, 60, 5, 12, 2030), Ok(&["35051220302285", "60051220302285"]));
        // As the older rule has it, typed under the era that stands there first.
        check(&typed(Era::Showa, 60, 5, 12, 2030), Ok(&["60051220302285"]));
        check(&typed(Era::Gregorian, 2020, 2, 24, 2030), Ok(&["02022420302285", "20022420302285"]));
        check(&typed(Era::Gregorian, 27, 2, 24, 2030), Ok(&["02022420302285", "27022420302285"]));
        check(&typed(Era::Gregorian, 2026, 11, 24, 2030), Err(CodeError::BirthDate));
        check(&typed(Era::Gregorian, 1800, 11, 24, 2030), Err(CodeError::BirthDate));
    }

    #[test]
    fn a_day_between_two_eras_has_two_names() {
        check(&typed(Era::Meiji, 45, 7, 30, 2030), Ok(&["45073020302285", "01073020302285"]));
        check(&typed(Era::Taisho, 1, 7, 30, 2030), Ok(&["01073020302285", "45073020302285"]));
        check(&typed(Era::Taisho, 15, 12, 25, 2030), Ok(&["15122520302285", "01122520302285"]));
        check(&typed(Era::Showa, 1, 12, 25, 2030), Ok(&["01122520302285", "15122520302285"]));
        check(&typed(Era::Showa, 64, 1, 7, 2030), Ok(&["64010720302285"]));
        check(&typed(Era::Heisei, 1, 1, 8, 2030), Ok(&["01010820302285"]));
        check(&typed(Era::Heisei, 31, 4, 30, 2030), Ok(&["31043020302285"]));
        check(&typed(Era::Reiwa, 1, 5, 1, 2030), Ok(&["01050120302285"]));
        // A slip of the era: the name that the day has comes first.
        check(&typed(Era::Showa, 64, 1, 8, 2030), Ok(&["01010820302285", "64010820302285"]));
        check(&typed(Era::Heisei, 1, 1, 7, 2030), Ok(&["64010720302285", "01010720302285"]));
        check(&typed(Era::Heisei, 31, 5, 1, 2030), Ok(&["01050120302285", "31050120302285"]));
        check(&typed(Era::Reiwa, 1, 4, 30, 2030), Ok(&["31043020302285", "01043020302285"]));
        check(&typed(Era::Showa, 65, 1, 8, 2030), Err(CodeError::BirthDate));
    }

    #[test]
    fn days_that_only_the_register_knows_are_tried() {
        check(&typed(Era::Heisei, 11, 2, 29, 2030), Ok(&["11022920302285"]));
        check(&typed(Era::Showa, 20, 3, 0, 2030), Ok(&["20030020302285"]));
        check(&typed(Era::Showa, 20, 0, 0, 2030), Ok(&["20000020302285"]));
        check(&typed(Era::Showa, 20, 0, 3, 2030), Err(CodeError::BirthDate));
    }

    #[test]
    fn impossible_parts_never_reach_the_card() {
        check(&typed(Era::Showa, 55, 2, 30, 2035), Err(CodeError::BirthDate));
        check(&typed(Era::Showa, 55, 4, 31, 2035), Err(CodeError::BirthDate));
        check(&typed(Era::Showa, 0, 2, 1, 2035), Err(CodeError::BirthDate));
        check(&typed(Era::Reiwa, 8, 11, 24, 2035), Err(CodeError::BirthDate));
        check(&typed(Era::Reiwa, u16::MAX, 255, 255, 2035), Err(CodeError::BirthDate));
        check(&typed(Era::Showa, 55, 2, 17, 2025), Err(CodeError::ExpiryYear));
        check(&typed(Era::Showa, 55, 2, 17, 2037), Err(CodeError::ExpiryYear));
    }

    #[test]
    fn a_birth_on_the_chip_fits_by_any_name_of_its_year() {
        let fits = |year, month, day, digits: &str| {
            let code = CodeB::parse(&format!("{digits}20302285")).unwrap();
            Birth::recorded(year, month, day).unwrap().begins(&code)
        };
        assert!(fits(1960, 5, 12, "350512") && fits(1960, 5, 12, "600512"));
        assert!(!fits(1960, 5, 12, "340512"));
        assert!(fits(1926, 12, 25, "151225") && fits(1926, 12, 25, "011225"));
        assert!(fits(1999, 2, 29, "110229") && fits(1945, 3, 0, "200300"));
        let unknown = Birth::parse("99999999").unwrap();
        assert!(unknown.begins(&CodeB::parse("55021720302285").unwrap()));
        assert!(!fits(1985, 5, 12, "350512") && !fits(1960, 5, 12, "600612"));
    }
}
