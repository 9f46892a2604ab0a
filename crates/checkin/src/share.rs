//! 一部負担金の割合: what the person pays at the desk. The answer of the national system wins over
//! every computation; without one the age says what is possible. Never 10割.
//!
//! Sources: 健康保険法 74条 and 高齢者医療確保法 67条 for the percentages, 年齢計算ニ関スル法律 for the day
//! on which an age is reached (the day before the birthday). Who pays 20 or 30 from 70 on depends on
//! income, which nobody at the desk knows.

use crate::birth::Birth;
use jiff::civil::Date;

/// What is said to whoever brought the card and whose qualification is not confirmed yet.
pub const AS_ALWAYS: &str = "お支払いは、これまで通りの負担割合です。";

/// What may be said about paying to somebody whose share is not known yet. The ministry promises the
/// usual share to people who brought their My Number Card, or a paper that counts by itself
/// (資格確認書), when the check fails; not to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payment {
    /// [`AS_ALWAYS`].
    AsAlways,
    /// 「お支払いについては、受付でご案内します。」: nothing is promised.
    AtReception,
}

/// Where a share comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareFrom {
    /// The national system answered it.
    Answer,
    /// Stated by the person or by an earlier qualification, and possible at this age.
    Stated,
    /// The age leaves these.
    Age,
}

/// The share to collect, or the possible ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Percent, smallest first, of 0 (医療扶助), 10, 20 and 30; empty only where neither card nor
    /// paper was shown.
    pub candidates: Vec<u8>,
    /// Where they come from.
    pub from: ShareFrom,
}

impl Share {
    /// Nothing was shown that promises a share.
    #[must_use]
    pub const fn nothing_shown() -> Self {
        Self { candidates: Vec::new(), from: ShareFrom::Age }
    }

    /// The share in percent when only one is possible.
    #[must_use]
    pub fn percent(&self) -> Option<u8> {
        match self.candidates[..] {
            [percent] => Some(percent),
            _ => None,
        }
    }

    /// A share that the age leaves as the only one counts as answered when the system says the same.
    #[must_use]
    pub fn confirmed_by(self, answered: Option<u8>) -> Self {
        let same = answered.is_some() && self.percent() == answered;
        if same { Self { from: ShareFrom::Answer, ..self } } else { self }
    }

    /// Takes a stated share when the age leaves it open; an answer stays as it is.
    #[must_use]
    pub fn narrowed_by(self, stated: Option<u8>) -> Self {
        match stated {
            Some(percent) if self.from == ShareFrom::Age && self.candidates.contains(&percent) => {
                Self { candidates: vec![percent], from: ShareFrom::Stated }
            }
            _ => self,
        }
    }
}

/// The share of a person on a day. `answered` is what the system said for this day, in percent; a
/// value that no insurance has is not believed.
#[must_use]
pub fn share(birth: Option<Birth>, today: Date, answered: Option<u8>) -> Share {
    match answered {
        Some(percent @ (0 | 10 | 20 | 30)) => {
            Share { candidates: vec![percent], from: ShareFrom::Answer }
        }
        _ => Share { candidates: by_age(birth, today), from: ShareFrom::Age },
    }
}

/// Of a birth day that is not known in full, every share that is possible.
fn by_age(birth: Option<Birth>, today: Date) -> Vec<u8> {
    let Some((first, last)) = birth.and_then(Birth::range) else {
        return vec![10, 20, 30];
    };
    let mut possible = [at_age(first, today), at_age(last, today)].concat();
    possible.sort_unstable();
    possible.dedup();
    possible
}

fn at_age(birth: Date, today: Date) -> &'static [u8] {
    if today >= elderly_from(birth) {
        &[10, 20, 30]
    } else if today >= senior_from(birth) {
        &[20, 30]
    } else if today <= preschool_until(birth) {
        &[20]
    } else {
        &[30]
    }
}

/// Last day of the preschool share: the first 31 March on or after the day on which 6 is reached.
/// A child born on 1 April reaches 6 on 31 March and belongs to the older year.
#[must_use]
pub fn preschool_until(birth: Date) -> Date {
    let early = (birth.month(), birth.day()) <= (4, 1);
    day(birth.year().saturating_add(if early { 6 } else { 7 }), 3, 31)
}

/// First day of the share from 70 on: the 1st of the month after the one in which 70 is reached.
/// Born on the 1st, that is the birthday itself.
#[must_use]
pub fn senior_from(birth: Date) -> Date {
    let year = birth.year().saturating_add(70);
    match (birth.month(), birth.day()) {
        (month, 1) => day(year, month, 1),
        (12, _) => day(year.saturating_add(1), 1, 1),
        (month, _) => day(year, month + 1, 1),
    }
}

/// First day of 後期高齢者医療: the 75th birthday. Born on 29 February, in a year without one, it is
/// 1 March (75 is reached at the end of 28 February; our reading).
#[must_use]
pub fn elderly_from(birth: Date) -> Date {
    let year = birth.year().saturating_add(75);
    Date::new(year, birth.month(), birth.day()).unwrap_or_else(|_| day(year, 3, 1))
}

/// That day; the end of the calendar where the year lies beyond it.
fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(birth: &str, today: &str, expected: &[u8]) {
        let birth: Date = birth.parse().unwrap();
        let share = share(Some(birth.into()), today.parse().unwrap(), None);
        assert_eq!((share.from, &share.candidates[..]), (ShareFrom::Age, expected));
    }

    #[test]
    fn before_school() {
        check("2026-11-23", "2026-11-23", &[20]);
        check("2020-04-01", "2026-03-31", &[20]);
        check("2020-04-01", "2026-04-01", &[30]);
        check("2020-04-02", "2027-03-31", &[20]);
        check("2020-04-02", "2027-04-01", &[30]);
        check("2020-03-31", "2026-04-01", &[30]);
        check("2020-12-31", "2027-03-31", &[20]);
    }

    #[test]
    fn from_seventy_the_month_after() {
        check("1956-11-23", "2026-11-23", &[30]);
        check("1956-11-23", "2026-11-30", &[30]);
        check("1956-11-23", "2026-12-01", &[20, 30]);
        check("1956-12-01", "2026-11-30", &[30]);
        check("1956-12-01", "2026-12-01", &[20, 30]);
        check("1956-12-02", "2026-12-31", &[30]);
        check("1956-12-02", "2027-01-01", &[20, 30]);
        check("1956-02-29", "2026-02-28", &[30]);
        check("1956-02-29", "2026-03-01", &[20, 30]);
    }

    #[test]
    fn from_the_seventy_fifth_birthday() {
        check("1951-11-23", "2026-11-22", &[20, 30]);
        check("1951-11-23", "2026-11-23", &[10, 20, 30]);
        check("1952-02-29", "2027-02-28", &[20, 30]);
        check("1952-02-29", "2027-03-01", &[10, 20, 30]);
        check("1948-02-29", "2023-03-01", &[10, 20, 30]);
        check("9990-01-01", "9999-12-30", &[30]);
    }

    #[test]
    fn the_answer_wins_unless_no_insurance_has_it() {
        let (birth, today) = (Birth::parse("19840512"), "2026-11-23".parse().unwrap());
        let answered = share(birth, today, Some(10));
        assert_eq!((answered.percent(), answered.from), (Some(10), ShareFrom::Answer));
        assert_eq!(share(birth, today, Some(0)).percent(), Some(0));
        for odd in [1, 15, 40, 100, 255] {
            assert_eq!(share(birth, today, Some(odd)), share(birth, today, None));
        }
        assert_eq!(share(None, today, None).percent(), None);
    }

    #[test]
    fn a_stated_share_counts_where_the_age_leaves_it_open() {
        let today = "2026-11-23".parse().unwrap();
        let old = share(Birth::parse("19400101"), today, None);
        let stated = old.clone().narrowed_by(Some(20));
        assert_eq!((stated.percent(), stated.from), (Some(20), ShareFrom::Stated));
        assert_eq!(old.clone().narrowed_by(Some(100)), old);
        let answered = share(None, today, Some(30));
        assert_eq!(answered.clone().narrowed_by(Some(10)), answered);
    }

    #[test]
    fn a_birth_day_that_is_not_known_leaves_every_share_of_its_days() {
        let today = "2026-11-23".parse().unwrap();
        let of = |birth| share(Birth::parse(birth), today, None).candidates;
        assert_eq!(of("19561200"), [30]);
        assert_eq!(of("19560000"), [20, 30]);
        assert_eq!(of("19450229"), [10, 20, 30]);
        assert_eq!(of("00000101"), [10, 20, 30]);
    }
}
