//! A birth day as registers write it. Resident registers know days that no calendar has: 29 February
//! of a common year, and days whose month or day nobody knows (written `00` or `99`). Such a day is
//! kept as it was written and compared by what is known (resident-register standard, J20, J80, J90).

use jiff::civil::Date;
use std::fmt;

/// A birth day, possibly one that no calendar has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Birth {
    year: u16,
    month: u8,
    day: u8,
}

impl Birth {
    /// Reads `yyyyMMdd`, 8 ASCII digits: month 1 to 12, day 1 to 31, each `00` or `99` where it is
    /// not known; year 0000 or 9999 likewise.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
        let part = |from, to| digits.then(|| text[from..to].parse::<u16>().ok()).flatten();
        let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
        let possible = |number, most| number <= most || number == 99;
        if !possible(month, 12) || !possible(day, 31) {
            return None;
        }
        Some(Self { year, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? })
    }

    /// The day of a register, where one can have it: a month without a day, and a year without both
    /// (each 0), and 29 February in any year, but no other day behind the end of its month.
    #[must_use]
    pub fn recorded(year: i16, month: u8, day: u8) -> Option<Self> {
        let leap = Date::constant(2000, 1, 1).with().month(month.cast_signed()).build();
        let possible = match (month, day) {
            (0, day) => day == 0,
            (_, day) => leap.is_ok_and(|month| day <= month.days_in_month().unsigned_abs()),
        };
        possible.then_some(Self { year: u16::try_from(year).ok()?, month, day })
    }

    /// `yyyyMMdd` as it was written.
    #[must_use]
    pub fn digits(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// The day, if the calendar has it.
    #[must_use]
    pub fn date(self) -> Option<Date> {
        let year = self.year().filter(|_| self.month().is_some() && self.day().is_some())?;
        Date::new(year, i8::try_from(self.month).ok()?, i8::try_from(self.day).ok()?).ok()
    }

    /// Whether both can be the same day: what both know is equal. A day that its month does not have
    /// agrees with every day of that month, and with the first of the next one, where such births
    /// are often counted.
    #[must_use]
    pub fn may_be(self, other: Self) -> bool {
        fn agree<T: PartialEq + Copy>(one: Option<T>, other: Option<T>) -> bool {
            one.is_none() || other.is_none() || one == other
        }
        let written = agree(self.year(), other.year())
            && agree(self.month(), other.month())
            && agree(self.known_day(), other.known_day());
        written || self.is_followed_by(other) || other.is_followed_by(self)
    }

    /// The first and the last day on which this can have been; `None` if the year is not known.
    #[must_use]
    pub fn range(self) -> Option<(Date, Date)> {
        if let Some(date) = self.date() {
            return Some((date, date));
        }
        let year = self.year()?;
        let month = self.month();
        let first = Date::new(year, month.unwrap_or(1), 1).ok()?;
        let last = Date::new(year, month.unwrap_or(12), 1).ok()?.last_of_month();
        Some((first, last))
    }

    /// Gregorian year, where it is known.
    #[must_use]
    pub fn year(self) -> Option<i16> {
        i16::try_from(self.year).ok().filter(|year| !matches!(year, 0 | 9999))
    }

    /// 1 to 12, where it is known.
    #[must_use]
    pub fn month(self) -> Option<i8> {
        i8::try_from(self.month).ok().filter(|month| (1..=12).contains(month))
    }

    /// As it was written: 1 to 31, also one behind the end of its month; `None` where it is not known.
    #[must_use]
    pub fn day(self) -> Option<i8> {
        i8::try_from(self.day).ok().filter(|day| (1..=31).contains(day))
    }

    /// A day behind the end of its month is not a known day.
    fn known_day(self) -> Option<i8> {
        let complete = self.year().is_some() && self.month().is_some() && self.day().is_some();
        if complete && self.date().is_none() { None } else { self.day() }
    }

    /// This is a day behind the end of its month, the other the first of the next one.
    fn is_followed_by(self, other: Self) -> bool {
        let impossible = self.known_day().is_none() && self.day().is_some();
        let end = self.range().filter(|_| impossible).map(|(_, last)| last);
        end.and_then(|end| end.tomorrow().ok()).is_some_and(|next| other.date() == Some(next))
    }
}

impl From<Date> for Birth {
    /// Days before the year 0 become unknown.
    fn from(date: Date) -> Self {
        let part = |number: i8| number.unsigned_abs();
        let year = u16::try_from(date.year()).unwrap_or(0);
        Self { year, month: part(date.month()), day: part(date.day()) }
    }
}

impl PartialEq<Date> for Birth {
    fn eq(&self, date: &Date) -> bool {
        self.date() == Some(*date)
    }
}

impl fmt::Display for Birth {
    /// `1945-02-29`, as written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for Birth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn birth(text: &str) -> Birth {
        Birth::parse(text).unwrap()
    }

    #[track_caller]
    fn check(one: &str, other: &str, expected: bool) {
        assert_eq!(birth(one).may_be(birth(other)), expected, "{one} {other}");
        assert_eq!(birth(other).may_be(birth(one)), expected, "{other} {one}");
    }

    #[test]
    fn known_parts_decide() {
        check("19450301", "19450301", true);
        check("19450301", "19450302", false);
        check("19450300", "19450302", true);
        check("19450399", "19450402", false);
        check("19450000", "19451231", true);
        check("19459999", "19460101", false);
        check("00000301", "19450301", true);
    }

    #[test]
    fn a_day_behind_the_end_of_its_month_leaves_the_day_open() {
        check("19450229", "19450229", true);
        check("19450229", "19450228", true);
        check("19450229", "19450301", true);
        check("19450229", "19450302", false);
        check("19450229", "19450129", false);
        check("19440229", "19440301", false);
        check("19450431", "19450501", true);
    }

    #[test]
    fn only_calendar_days_are_dates() {
        assert_eq!(birth("19440229").date(), Some(Date::constant(1944, 2, 29)));
        assert_eq!(birth("19450229").date(), None);
        assert_eq!(
            (birth("19450229").digits(), birth("19450229").to_string()),
            ("19450229".into(), "1945-02-29".into())
        );
        let whole = (Date::constant(1945, 2, 1), Date::constant(1945, 2, 28));
        assert_eq!(birth("19450229").range(), Some(whole));
        for wrong in
            ["", "1945022", "194502290", "19451301", "19450132", "1945-2-1", "１９４５０２０１"]
        {
            assert_eq!(Birth::parse(wrong), None, "{wrong}");
        }
    }
}
