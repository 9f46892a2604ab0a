//! Dates in Japanese eras and in the Gregorian calendar, as people know, type and print them. The one table of eras: what reads
//! or prints a card asks here too.

use crate::birth::Birth;
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
    #[must_use]
    pub const fn days(self) -> (Date, Date) {
        match self {
            Self::Meiji => (Date::constant(1868, 1, 25), Date::constant(1912, 7, 30)),
            Self::Taisho => (Date::constant(1912, 7, 30), Date::constant(1926, 12, 25)),
            Self::Showa => (Date::constant(1926, 12, 25), Date::constant(1989, 1, 7)),
            Self::Heisei => (Date::constant(1989, 1, 8), Date::constant(2019, 4, 30)),
            Self::Reiwa => (Date::constant(2019, 5, 1), Date::MAX),
            Self::Gregorian => (Date::constant(1, 1, 1), Date::MAX),
        }
    }

    /// The number that a Gregorian year has in this era, if it has one. In the year in which an era changes
    /// it has both: people and papers go on with the old name (平成31年5月), and begin with the new one early.
    pub(crate) fn number_of(self, year: i16) -> Option<u8> {
        let (first, last) = self.days();
        let touches = (first.year()..=last.year()).contains(&year);
        u8::try_from(year - first.year() + 1).ok().filter(|_| touches)
    }

    /// The Gregorian year of a number of this era, the other way round: `None` where the era has no such year.
    #[must_use]
    pub fn gregorian(self, number: i16) -> Option<i16> {
        let (first, last) = self.days();
        let year = (first.year() - 1).checked_add(number)?;
        (first.year()..=last.year()).contains(&year).then_some(year)
    }

    /// As people write it: `昭和`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meiji => "明治",
            Self::Taisho => "大正",
            Self::Showa => "昭和",
            Self::Heisei => "平成",
            Self::Reiwa => "令和",
            Self::Gregorian => "西暦",
        }
    }

    /// A year of it on paper: `昭和55年`, `平成元年`; of the Gregorian calendar the bare number, `1960年`.
    #[must_use]
    pub fn year(self, number: u16) -> String {
        match (self, number) {
            (Self::Gregorian, _) => format!("{number}年"),
            (era, 1) => format!("{}元年", era.name()),
            (era, _) => format!("{}{number}年", era.name()),
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

/// A day as cards and forms print it: `昭和55年2月17日`. Days before 明治 in the Gregorian calendar.
#[must_use]
pub fn printed(date: Date) -> String {
    let (era, year) = Era::of(date)
        .map_or((Era::Gregorian, date.year().unsigned_abs()), |(era, year)| (era, year.into()));
    format!("{}{}月{}日", era.year(year), date.month(), date.day())
}

/// A month or day that was typed as not known (`00` or `99`).
pub const UNKNOWN: u8 = 99;

/// A date as typed. All of year, month and day 0 = nothing typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TypedDate {
    /// Era, or 西暦.
    pub era: Era,
    /// Year within the era, from 1 (元年); of a Gregorian one all four digits, or the last two.
    pub year: u16,
    /// Month 1 to 12, or [`UNKNOWN`].
    pub month: u8,
    /// Day 1 to 31, or [`UNKNOWN`].
    pub day: u8,
}

/// Why a typed date is none of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPast {
    /// A part was not typed.
    Incomplete,
    /// No register has such a day.
    NoSuchDay,
    /// After today.
    Future,
}

impl TypedDate {
    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(self) -> bool {
        (self.year, self.month, self.day) == (0, 0, 0)
    }

    /// The day as a register may have it, today at the latest: with parts that are not known, and 29
    /// February in any year. Of two digits of a Gregorian year the later century that is not after today.
    ///
    /// # Errors
    /// [`NotPast`] says why it is none.
    pub fn past(self, today: Date) -> Result<Birth, NotPast> {
        if self.year == 0 || self.month == 0 || self.day == 0 {
            return Err(NotPast::Incomplete);
        }
        let part = |typed| if typed == UNKNOWN { 0 } else { typed };
        let (month, day) = (part(self.month), part(self.day));
        let mut problem = NotPast::NoSuchDay;
        for year in self.years() {
            match Birth::recorded(year, month, day) {
                Some(birth) if birth <= today.into() => return Ok(birth),
                Some(_) => problem = NotPast::Future,
                None => {}
            }
        }
        Err(problem)
    }

    /// Nobody alive was born before.
    fn first_year() -> i16 {
        Era::Meiji.days().0.year()
    }

    /// The Gregorian years that were meant, likeliest first.
    fn years(self) -> impl Iterator<Item = i16> {
        let typed = i16::try_from(self.year).unwrap_or(i16::MAX);
        let meant = match self.era {
            Era::Gregorian if typed < 100 => [Some(2000 + typed), Some(1900 + typed)],
            Era::Gregorian => [Some(typed).filter(|year| *year >= Self::first_year()), None],
            era => [era.gregorian(typed), None],
        };
        meant.into_iter().flatten()
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

    const TODAY: Date = date(2026, 11, 23);

    #[track_caller]
    fn check(day: Date, era: Era, year: u8) {
        assert_eq!(Era::of(day), Some((era, year)));
        assert_eq!(TypedDate::from(day).past(TODAY), Ok(day.into()));
    }

    #[test]
    fn every_border_has_one_newest_name() {
        check(date(1868, 1, 25), Era::Meiji, 1);
        check(date(1912, 7, 29), Era::Meiji, 45);
        check(date(1912, 7, 30), Era::Taisho, 1);
        check(date(1926, 12, 24), Era::Taisho, 15);
        check(date(1926, 12, 25), Era::Showa, 1);
        check(date(1989, 1, 7), Era::Showa, 64);
        check(date(1989, 1, 8), Era::Heisei, 1);
        check(date(2019, 4, 30), Era::Heisei, 31);
        check(date(2019, 5, 1), Era::Reiwa, 1);
        assert_eq!(Era::of(date(1868, 1, 24)), None);
    }

    #[test]
    fn eras_follow_each_other_and_share_no_day_but_two() {
        let mut shared = Vec::new();
        for pair in Era::JAPANESE.windows(2) {
            let (last, first) = (pair[0].days().1, pair[1].days().0);
            if last == first {
                shared.push(first);
            } else {
                assert_eq!(last.tomorrow().unwrap(), first, "{pair:?}");
            }
        }
        assert_eq!(shared, [date(1912, 7, 30), date(1926, 12, 25)]);
    }

    #[test]
    fn days_are_printed_by_their_newest_name() {
        for (day, expected) in [
            (date(1980, 2, 17), "昭和55年2月17日"),
            (date(1989, 1, 7), "昭和64年1月7日"),
            (date(1989, 1, 8), "平成元年1月8日"),
            (date(2026, 11, 23), "令和8年11月23日"),
            (date(1868, 1, 24), "1868年1月24日"),
        ] {
            assert_eq!(printed(day), expected);
        }
        assert_eq!(Era::Gregorian.year(2019), "2019年");
    }

    #[track_caller]
    fn read(era: Era, year: u16, month: u8, day: u8, expected: Result<&str, NotPast>) {
        let found = TypedDate { era, year, month, day }.past(TODAY).map(|birth| birth.to_string());
        assert_eq!(found, expected.map(str::to_owned), "{era:?} {year} {month} {day}");
    }

    #[test]
    fn every_name_of_a_year_is_taken() {
        read(Era::Heisei, 31, 5, 1, Ok("2019-05-01"));
        read(Era::Reiwa, 1, 4, 30, Ok("2019-04-30"));
        read(Era::Showa, 64, 1, 8, Ok("1989-01-08"));
        read(Era::Heisei, 1, 1, 7, Ok("1989-01-07"));
        read(Era::Meiji, 45, 7, 30, Ok("1912-07-30"));
        read(Era::Taisho, 1, 7, 30, Ok("1912-07-30"));
        read(Era::Taisho, 15, 12, 25, Ok("1926-12-25"));
        read(Era::Taisho, 15, 12, 26, Ok("1926-12-26"));
        read(Era::Showa, 1, 12, 25, Ok("1926-12-25"));
        for (era, year) in
            [(Era::Heisei, 32), (Era::Showa, 65), (Era::Meiji, 46), (Era::Taisho, 16)]
        {
            read(era, year, 1, 1, Err(NotPast::NoSuchDay));
        }
    }

    #[test]
    fn gregorian_years_have_two_digits_or_four() {
        read(Era::Gregorian, 1960, 5, 12, Ok("1960-05-12"));
        read(Era::Gregorian, 60, 5, 12, Ok("1960-05-12"));
        read(Era::Gregorian, 5, 5, 12, Ok("2005-05-12"));
        read(Era::Gregorian, 26, 11, 24, Ok("1926-11-24"));
        read(Era::Gregorian, 26, 11, 23, Ok("2026-11-23"));
        read(Era::Gregorian, 2026, 11, 24, Err(NotPast::Future));
        for year in [196, 1800, 1867, 9999, u16::MAX] {
            let problem = if year >= 9999 { NotPast::Future } else { NotPast::NoSuchDay };
            read(Era::Gregorian, year, 5, 12, Err(problem));
        }
    }

    #[test]
    fn days_that_only_a_register_knows_are_taken() {
        read(Era::Showa, 20, 3, UNKNOWN, Ok("1945-03-00"));
        read(Era::Showa, 20, UNKNOWN, UNKNOWN, Ok("1945-00-00"));
        read(Era::Showa, 20, 2, 29, Ok("1945-02-29"));
        read(Era::Gregorian, 1945, UNKNOWN, UNKNOWN, Ok("1945-00-00"));
        read(Era::Showa, 20, UNKNOWN, 3, Err(NotPast::NoSuchDay));
        read(Era::Showa, 20, 2, 30, Err(NotPast::NoSuchDay));
        read(Era::Showa, 20, 4, 31, Err(NotPast::NoSuchDay));
        read(Era::Reiwa, 8, 11, 24, Err(NotPast::Future));
        for (year, month, day) in [(0, 5, 1), (20, 0, 1), (20, 5, 0)] {
            read(Era::Showa, year, month, day, Err(NotPast::Incomplete));
        }
        let typed = |era, year, month, day| TypedDate { era, year, month, day };
        assert!(typed(Era::Showa, 0, 0, 0).is_empty() && !typed(Era::Showa, 0, 5, 1).is_empty());
        assert_eq!(format!("{:?}", typed(Era::Showa, 55, 2, 17)), "<redacted>");
    }
}
