//! What stands on a card front, and what can stand there.

use zeroize::{Zeroize, ZeroizeOnDrop};

/// A day, for judging whether a card is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Gregorian year.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// 照合番号B in its parts. Prints as `<redacted>`, wiped when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Reading {
    /// 0 明治, 1 大正, 2 昭和, 3 平成, 4 令和.
    pub era: u8,
    /// Year within the era, from 1.
    pub era_year: u8,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// Year of expiry, Gregorian.
    pub expiry_year: u16,
    /// Security code, four digits as numbers.
    pub code: [u8; 4],
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<redacted>")
    }
}

/// Gregorian year, month, day.
type Date = (u16, u8, u8);

/// Year before the first of each era, and its first and last day. 明治 and 大正 ended on the day on which the
/// next era began: registers give that day either name. Another name of a year (平成31年5月) is what people
/// write and cards do not: here it is a digit that was read wrong.
const ERAS: [(u16, Date, Date); 5] = [
    (1867, (1868, 1, 25), (1912, 7, 30)),
    (1911, (1912, 7, 30), (1926, 12, 25)),
    (1925, (1926, 12, 25), (1989, 1, 7)),
    (1988, (1989, 1, 8), (2019, 4, 30)),
    (2018, (2019, 5, 1), (2099, 12, 31)),
];
/// Years that a card lasts at most.
const LASTS: u16 = 10;
/// Nobody is older.
const OLDEST: u16 = 125;

impl Reading {
    /// Whether somebody alive today can have this card, and the card can be in use.
    pub fn is_possible(&self, today: Day) -> bool {
        let Some((before, first, last)) = ERAS.get(usize::from(self.era)) else { return false };
        let year = before + u16::from(self.era_year);
        let birth = (year, self.month, self.day);
        let exists = self.era_year >= 1
            && (1..=12).contains(&self.month)
            && (1..=days(self.month)).contains(&self.day);
        exists
            && (*first..=*last).contains(&birth)
            && birth <= (today.year, today.month, today.day)
            && year + OLDEST >= today.year
            && (today.year..=today.year + LASTS).contains(&self.expiry_year)
            && self.code.iter().all(|digit| *digit < 10)
    }
}

/// Registers have 29 February in any year.
fn days(month: u8) -> u8 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eras_begin_and_end_on_their_day_and_cards_last_ten_years() {
        let today = Day { year: 2026, month: 11, day: 25 };
        let check = |era, era_year, month, day, expiry_year| {
            let reading = Reading { era, era_year, month, day, expiry_year, code: [2, 2, 8, 5] };
            reading.is_possible(today)
        };
        assert!(check(2, 64, 1, 7, 2030) && !check(2, 64, 1, 8, 2030));
        assert!(check(3, 1, 1, 8, 2030) && !check(3, 1, 1, 7, 2030));
        assert!(check(3, 31, 4, 30, 2030) && !check(3, 31, 5, 1, 2030));
        assert!(check(4, 8, 11, 25, 2030) && !check(4, 8, 11, 26, 2030));
        assert!(
            check(2, 55, 2, 29, 2030) && check(2, 54, 2, 29, 2030) && !check(2, 55, 2, 30, 2030)
        );
        assert!(check(2, 55, 2, 17, 2036) && !check(2, 55, 2, 17, 2037));
        assert!(
            !check(2, 55, 2, 17, 2025) && !check(0, 30, 2, 17, 2030) && !check(9, 1, 1, 1, 2030)
        );
        // 114 and 100 years ago: both names of a day.
        assert!(
            check(0, 45, 7, 30, 2030) && check(1, 1, 7, 30, 2030) && !check(0, 45, 7, 31, 2030)
        );
        assert!(
            check(1, 15, 12, 25, 2030) && check(2, 1, 12, 25, 2030) && !check(1, 15, 12, 26, 2030)
        );
        assert!(check(0, 45, 7, 29, 2030) && !check(1, 1, 7, 29, 2030) && !check(1, 0, 8, 1, 2030));
    }
}
