//! Dates in Japanese eras and in the Gregorian calendar, as people know and type them.

use jiff::civil::Date;
use std::fmt;

/// How the years of a date are counted: the eras of living people, and 西暦.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Era {
    /// 明治, to 1912-07-30.
    Meiji,
    /// 大正, 1912-07-30 to 1926-12-25.
    Taisho,
    /// 昭和, 1926-12-25 to 1989-01-07.
    Showa,
    /// 平成, 1989-01-08 to 2019-04-30.
    Heisei,
    /// 令和, from 2019-05-01.
    Reiwa,
    /// 西暦: the births of foreign residents are kept in it (resident-register standard).
    Gregorian,
}

impl Era {
    /// The Japanese eras, oldest first.
    pub const JAPANESE: [Self; 5] =
        [Self::Meiji, Self::Taisho, Self::Showa, Self::Heisei, Self::Reiwa];

    /// First and last day. 明治 and 大正 ended on the day on which the next era began: that day has both names
    /// (resident-register standard).
    pub(crate) fn days(self) -> (Date, Date) {
        match self {
            Self::Meiji => (Date::constant(1868, 1, 25), Date::constant(1912, 7, 30)),
            Self::Taisho => (Date::constant(1912, 7, 30), Date::constant(1926, 12, 25)),
            Self::Showa => (Date::constant(1926, 12, 25), Date::constant(1989, 1, 7)),
            Self::Heisei => (Date::constant(1989, 1, 8), Date::constant(2019, 4, 30)),
            Self::Reiwa => (Date::constant(2019, 5, 1), Date::MAX),
            Self::Gregorian => (Date::constant(1, 1, 1), Date::MAX),
        }
    }

    /// The Japanese era of a day and the year within it, from 1; the newer name where it has two; `None` before 明治.
    #[must_use]
    pub fn of(date: Date) -> Option<(Self, u8)> {
        let inside = |era: &Self| (era.days().0..=era.days().1).contains(&date);
        let era = Self::JAPANESE.into_iter().rev().find(inside)?;
        let year = date.year() - era.days().0.year() + 1;
        Some((era, u8::try_from(year).ok()?))
    }
}

/// A date as typed. All of year, month and day 0 = nothing typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TypedDate {
    /// Era, or 西暦.
    pub era: Era,
    /// Year within the era, from 1 (元年); all four digits of a Gregorian one.
    pub year: u16,
    /// Month 1 to 12.
    pub month: u8,
    /// Day 1 to 31.
    pub day: u8,
}

impl TypedDate {
    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(self) -> bool {
        (self.year, self.month, self.day) == (0, 0, 0)
    }

    /// The day, if it exists and lies within the era. A Gregorian year of two digits is none: it has no century.
    #[must_use]
    pub fn date(self) -> Option<Date> {
        let (first, last) = self.era.days();
        if self.era == Era::Gregorian && self.year < 100 {
            return None;
        }
        let year = (first.year() - 1).checked_add(i16::try_from(self.year).ok()?)?;
        let (month, day) = (i8::try_from(self.month).ok()?, i8::try_from(self.day).ok()?);
        let date = Date::new(year, month, day).ok()?;
        (self.year > 0 && (first..=last).contains(&date)).then_some(date)
    }
}

impl From<Date> for TypedDate {
    /// Days before 明治 become its first year with the same month and day.
    fn from(date: Date) -> Self {
        let (era, year) = Era::of(date).unwrap_or((Era::Meiji, 1));
        Self {
            era,
            year: year.into(),
            month: date.month().unsigned_abs(),
            day: date.day().unsigned_abs(),
        }
    }
}

impl fmt::Debug for TypedDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[track_caller]
    fn check(day: Date, era: Era, year: u8) {
        assert_eq!(Era::of(day), Some((era, year)));
        assert_eq!(TypedDate::from(day).date(), Some(day));
    }

    #[test]
    fn every_border_has_one_newest_name() {
        check(date(1868, 1, 25), Era::Meiji, 1);
        check(date(1912, 7, 29), Era::Meiji, 45);
        check(date(1912, 7, 30), Era::Taisho, 1);
        check(date(1926, 12, 24), Era::Taisho, 15);
        let other_name = |era, year, month, day| TypedDate { era, year, month, day }.date();
        assert_eq!(other_name(Era::Meiji, 45, 7, 30), Some(date(1912, 7, 30)));
        assert_eq!(other_name(Era::Taisho, 15, 12, 25), Some(date(1926, 12, 25)));
        check(date(1926, 12, 25), Era::Showa, 1);
        check(date(1989, 1, 7), Era::Showa, 64);
        check(date(1989, 1, 8), Era::Heisei, 1);
        check(date(2019, 4, 30), Era::Heisei, 31);
        check(date(2019, 5, 1), Era::Reiwa, 1);
        assert_eq!(Era::of(date(1868, 1, 24)), None);
    }

    #[test]
    fn days_outside_of_their_era_do_not_exist() {
        let typed = |era, year, month, day| TypedDate { era, year, month, day };
        for wrong in [
            typed(Era::Showa, 64, 1, 8),
            typed(Era::Heisei, 1, 1, 7),
            typed(Era::Heisei, 31, 5, 1),
            typed(Era::Reiwa, 0, 5, 1),
            typed(Era::Reiwa, 7, 2, 29),
            typed(Era::Reiwa, u16::MAX, 255, 255),
            typed(Era::Meiji, 45, 7, 31),
            typed(Era::Taisho, 15, 12, 26),
            typed(Era::Gregorian, 60, 5, 12),
            typed(Era::Gregorian, u16::MAX, 5, 12),
        ] {
            assert_eq!(wrong.date(), None);
            assert!(!wrong.is_empty());
        }
        assert_eq!(typed(Era::Gregorian, 1960, 5, 12).date(), Some(date(1960, 5, 12)));
        assert!(typed(Era::Showa, 0, 0, 0).is_empty());
        assert_eq!(format!("{:?}", typed(Era::Showa, 55, 2, 17)), "<redacted>");
    }
}
