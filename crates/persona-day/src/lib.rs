//! A day in a persona file, seen from the day on which the card is made, so that "expired three
//! weeks ago" and "70 today" stay true for ever. Card and national system read it alike.
//!
//! | in the file | day |
//! |---|---|
//! | `"1984-05-12"` | that day |
//! | `{ days = -20 }` | 20 days ago |
//! | `{ years = -70 }` | 70 years ago, in a common year 28 for 29 February |
//! | `{ months = -1, on = "first" }` | the first of last month; `"last"` its last day |
//! | `{ last = "08-01" }` | the latest 1 August, today included |
//! | `{ next = "07-31" }` | the coming 31 July, today included |
//! | `{ last = "05-12", years = -42 }` | the birth of somebody who is 42, born on 12 May |
//! | `{ birthday = 3 }` | the third birthday after today; `0` is the latest one, today included |
//!
//! Years are added first, then months, then `on`, then days.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

/// Farthest that a relative day may lie from today, in years, months and days each.
const FARTHEST: i32 = 10_000;

/// A day of a persona file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Day {
    /// The same day for ever.
    On(Date),
    /// A day seen from today.
    From(FromToday),
}

/// A day seen from today; see the table above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FromToday {
    /// Begins at the latest such day of a year, today included.
    pub last: Option<DayOfYear>,
    /// Begins at the next such day of a year, today included.
    pub next: Option<DayOfYear>,
    /// Begins at the person's birthday: 0 the latest one, 1 the next after today.
    pub birthday: Option<i16>,
    /// Years added, the day clamped to the month.
    pub years: i32,
    /// Months added, the day clamped to the month.
    pub months: i32,
    /// Moves to an end of the month.
    pub on: Option<MonthEnd>,
    /// Days added.
    pub days: i32,
}

/// An end of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonthEnd {
    /// Its first day.
    First,
    /// Its last day.
    Last,
}

/// `MM-DD`; 29 February exists in leap years only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayOfYear {
    month: i8,
    day: i8,
}

/// Why a day cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.hint())]
pub enum DayError {
    /// More than one of `last`, `next` and `birthday`.
    TwoBeginnings,
    /// A birth date that counts from birthdays.
    NoBirth,
    /// Farther away than 10,000 years, months or days, or outside of the calendar.
    TooFar,
}

impl DayError {
    /// What to write instead.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::TwoBeginnings => "write only one of last, next and birthday",
            Self::NoBirth => "a birth date cannot be counted from birthdays",
            Self::TooFar => "write a day of the calendar, at most 10000 days, months or years away",
        }
    }
}

/// The civil date in Japan (UTC+9 without daylight saving) at that moment.
#[must_use]
pub fn today(now: Timestamp) -> Date {
    Offset::constant(9).to_datetime(now).date()
}

impl Day {
    /// The day, seen from `today` by a person born on `birth`; none while the birth itself is told.
    ///
    /// # Errors
    /// [`DayError`].
    pub fn seen(&self, today: Date, birth: Option<Date>) -> Result<Date, DayError> {
        match self {
            Self::On(day) => Ok(*day),
            Self::From(from) => from.seen(today, birth),
        }
    }
}

impl FromToday {
    fn seen(&self, today: Date, birth: Option<Date>) -> Result<Date, DayError> {
        let numbers = [self.years, self.months, self.days];
        if numbers.iter().any(|number| !(-FARTHEST..=FARTHEST).contains(number)) {
            return Err(DayError::TooFar);
        }
        let begin = match (self.last, self.next, self.birthday) {
            (None, None, None) => today,
            (Some(day), None, None) => day.back_from(today)?,
            (None, Some(day), None) => day.ahead_of(today)?,
            (None, None, Some(number)) => birthday(today, birth.ok_or(DayError::NoBirth)?, number)?,
            _ => return Err(DayError::TwoBeginnings),
        };
        let add = |date: Date, span: Span| date.checked_add(span).map_err(|_| DayError::TooFar);
        let years = Span::new().try_years(self.years).map_err(|_| DayError::TooFar)?;
        let moved = add(add(begin, years)?, Span::new().months(self.months))?;
        let moved = match self.on {
            None => moved,
            Some(MonthEnd::First) => moved.first_of_month(),
            Some(MonthEnd::Last) => moved.last_of_month(),
        };
        add(moved, Span::new().days(self.days))
    }
}

/// 0 is the latest birthday, today included.
fn birthday(today: Date, birth: Date, number: i16) -> Result<Date, DayError> {
    let day = DayOfYear { month: birth.month(), day: birth.day() };
    let latest = match day.clamped_in(today.year()).filter(|day| *day <= today) {
        Some(this_year) => this_year.year(),
        None => today.year() - 1,
    };
    let year = latest.checked_add(number).ok_or(DayError::TooFar)?;
    day.clamped_in(year).ok_or(DayError::TooFar)
}

impl DayOfYear {
    fn in_year(self, year: i16) -> Option<Date> {
        Date::new(year, self.month, self.day).ok()
    }

    /// 28 February for the 29th in a common year.
    fn clamped_in(self, year: i16) -> Option<Date> {
        let first = Date::new(year, self.month, 1).ok()?;
        Date::new(year, self.month, self.day.min(first.days_in_month())).ok()
    }

    /// A day of the year comes again within eight years, leap days too.
    fn back_from(self, today: Date) -> Result<Date, DayError> {
        let mut days = (0..=8).filter_map(|back| self.in_year(today.year().checked_sub(back)?));
        days.find(|day| *day <= today).ok_or(DayError::TooFar)
    }

    fn ahead_of(self, today: Date) -> Result<Date, DayError> {
        let mut days = (0..=8).filter_map(|ahead| self.in_year(today.year().checked_add(ahead)?));
        days.find(|day| *day >= today).ok_or(DayError::TooFar)
    }
}

impl<'de> Deserialize<'de> for DayOfYear {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // A leap year has every day.
        let day: Result<Date, _> = format!("2000-{text}").parse();
        let day = day.ok().filter(|_| text.len() == 5);
        day.map(|day| Self { month: day.month(), day: day.day() })
            .ok_or_else(|| D::Error::custom("write a day of the year as \"MM-DD\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct File {
        day: Day,
    }

    fn read(text: &str) -> Day {
        toml::from_str::<File>(&format!("day = {text}")).unwrap().day
    }

    #[track_caller]
    fn check(text: &str, today: &str, expected: &str) {
        let birth = "1984-05-12".parse().unwrap();
        let day = read(text).seen(today.parse().unwrap(), Some(birth)).unwrap();
        assert_eq!(day.to_string(), expected, "{text} on {today}");
    }

    #[test]
    fn days_are_seen_from_today() {
        check("\"2030-02-17\"", "2026-11-28", "2030-02-17");
        check("{ days = -20 }", "2026-11-28", "2026-11-08");
        check("{ years = -70 }", "2028-02-29", "1958-02-28");
        check("{ months = -3 }", "2026-05-31", "2026-02-28");
        check("{ months = -1, on = \"first\" }", "2026-03-31", "2026-02-01");
        check("{ months = -1, on = \"last\" }", "2026-01-15", "2025-12-31");
        check("{ on = \"last\", days = 1 }", "2026-11-28", "2026-12-01");
    }

    #[test]
    fn days_of_the_year_come_again() {
        check("{ last = \"08-01\" }", "2026-11-28", "2026-08-01");
        check("{ last = \"08-01\" }", "2026-08-01", "2026-08-01");
        check("{ last = \"08-01\" }", "2026-07-31", "2025-08-01");
        check("{ next = \"07-31\" }", "2026-07-31", "2026-07-31");
        check("{ next = \"07-31\" }", "2026-08-01", "2027-07-31");
        check("{ next = \"02-29\" }", "2096-03-01", "2104-02-29");
        check("{ last = \"05-12\", years = -42 }", "2026-05-11", "1983-05-12");
        check("{ last = \"05-12\", years = -42 }", "2026-05-12", "1984-05-12");
    }

    #[test]
    fn birthdays_are_counted() {
        check("{ birthday = 0 }", "2026-05-12", "2026-05-12");
        check("{ birthday = 1 }", "2026-05-12", "2027-05-12");
        check("{ birthday = 1 }", "2026-05-11", "2026-05-12");
        let leap = Some("2004-02-29".parse().unwrap());
        let seen = read("{ birthday = 1 }").seen("2026-11-28".parse().unwrap(), leap);
        assert_eq!(seen, Ok("2027-02-28".parse().unwrap()));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["{ last = \"02-30\" }", "{ last = \"2-3\" }", "{ weeks = 1 }", "\"02-03\""] {
            assert!(toml::from_str::<File>(&format!("day = {text}")).is_err(), "{text}");
        }
        let today = "2026-11-28".parse().unwrap();
        let refused = |text| read(text).seen(today, None).unwrap_err();
        assert_eq!(refused("{ birthday = 1 }"), DayError::NoBirth);
        assert_eq!(refused("{ last = \"01-01\", birthday = 1 }"), DayError::TwoBeginnings);
        assert_eq!(refused("{ days = 10001 }"), DayError::TooFar);
        assert_eq!(refused("{ years = 9000 }"), DayError::TooFar);
    }
}
