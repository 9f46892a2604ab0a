//! 照合番号B: the 14 digits on the card front that open the photo. Birth date as era year, month
//! and day (6), expiry year of the card in the Gregorian calendar (4), security code (4).

pub use crate::era::Era;
use crate::era::TypedDate;
use crate::secret::Digits;
use crate::time::in_japan;
use jiff::{Timestamp, civil::Date};

/// The 14 digits as presented to the card.
pub type CodeB = Digits<14>;

/// What a person typed from the card front.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedCode {
    /// Birth era.
    pub era: Era,
    /// Year within the era, from 1 (元年).
    pub era_year: u8,
    /// Month 1 to 12.
    pub month: u8,
    /// Day 1 to 31.
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
    /// No such day, not in that era, or in the future.
    #[error("the birth date does not exist in that era")]
    BirthDate,
    /// A card lasts ten years at most, so it expires between this year and ten years from now.
    #[error("the expiry year is not possible for a card in use")]
    ExpiryYear,
}

impl TypedCode {
    /// The birth date, if there is such a day in that era.
    #[must_use]
    pub fn birth(&self) -> Option<Date> {
        let Self { era, era_year: year, month, day, .. } = *self;
        TypedDate { era, year, month, day }.date()
    }

    /// Builds the 14 digits if every part is possible today.
    ///
    /// # Errors
    /// [`CodeError`] names the field.
    pub fn to_code_b(&self, now: Timestamp) -> Result<CodeB, CodeError> {
        let today = in_japan(now).date();
        if self.birth().is_none_or(|birth| birth > today) {
            return Err(CodeError::BirthDate);
        }
        let expiry = i32::from(self.expiry_year) - i32::from(today.year());
        if !(0..=10).contains(&expiry) {
            return Err(CodeError::ExpiryYear);
        }
        let code = std::str::from_utf8(self.security_code.expose()).unwrap_or_default();
        let text = zeroize::Zeroizing::new(format!(
            "{:02}{:02}{:02}{:04}{code}",
            self.era_year, self.month, self.day, self.expiry_year
        ));
        CodeB::parse(&text).map_err(|_| CodeError::BirthDate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(era: Era, era_year: u8, month: u8, day: u8, expiry_year: u16) -> TypedCode {
        let security_code = Digits::parse("2285").unwrap();
        TypedCode { era, era_year, month, day, expiry_year, security_code }
    }

    #[track_caller]
    fn check(typed: &TypedCode, expected: Result<&[u8; 14], CodeError>) {
        let now = "2026-11-23T09:00:00+09:00".parse().unwrap();
        let code = typed.to_code_b(now);
        assert_eq!(code.as_ref().map(Digits::expose), expected.as_ref().copied());
    }

    #[test]
    fn builds_the_number_of_the_public_test_card() {
        check(&typed(Era::Showa, 55, 2, 17, 2035), Ok(b"55021720352285"));
        check(&typed(Era::Reiwa, 2, 2, 24, 2026), Ok(b"02022420262285"));
    }

    #[test]
    fn eras_end_and_begin_on_their_day() {
        check(&typed(Era::Showa, 64, 1, 7, 2030), Ok(b"64010720302285"));
        check(&typed(Era::Showa, 64, 1, 8, 2030), Err(CodeError::BirthDate));
        check(&typed(Era::Heisei, 1, 1, 7, 2030), Err(CodeError::BirthDate));
        check(&typed(Era::Heisei, 1, 1, 8, 2030), Ok(b"01010820302285"));
        check(&typed(Era::Heisei, 31, 4, 30, 2030), Ok(b"31043020302285"));
        check(&typed(Era::Reiwa, 1, 4, 30, 2030), Err(CodeError::BirthDate));
        check(&typed(Era::Reiwa, 1, 5, 1, 2030), Ok(b"01050120302285"));
    }

    #[test]
    fn impossible_parts_never_reach_the_card() {
        check(&typed(Era::Showa, 55, 2, 30, 2035), Err(CodeError::BirthDate));
        check(&typed(Era::Showa, 0, 2, 1, 2035), Err(CodeError::BirthDate));
        check(&typed(Era::Reiwa, 8, 11, 24, 2035), Err(CodeError::BirthDate));
        check(&typed(Era::Reiwa, 255, 255, 255, 2035), Err(CodeError::BirthDate));
        check(&typed(Era::Showa, 55, 2, 17, 2025), Err(CodeError::ExpiryYear));
        check(&typed(Era::Showa, 55, 2, 17, 2037), Err(CodeError::ExpiryYear));
    }
}
