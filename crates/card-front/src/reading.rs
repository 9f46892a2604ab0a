//! What stands on a card front, and what can stand there.

use checkin::birth::Birth;
use checkin::era::Era;
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
    /// Position in [`Era::JAPANESE`]: 0 明治, 1 大正, 2 昭和, 3 平成, 4 令和.
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

/// Years that a card lasts at most.
const LASTS: u16 = 10;
/// Nobody is older.
const OLDEST: u16 = 125;

impl Reading {
    /// Whether somebody alive today can have this card, and the card can be in use. Of the names of a year only those
    /// of the day itself count: another one (平成31年5月) is what people write and cards do not, so here it is a digit that was
    /// read wrong.
    pub fn is_possible(&self, today: Day) -> bool {
        let era = Era::JAPANESE.get(usize::from(self.era));
        let Some((era, year)) =
            era.and_then(|era| Some((*era, era.gregorian(self.era_year.into())?)))
        else {
            return false;
        };
        let birth = Birth::recorded(year, self.month, self.day);
        let year = year.unsigned_abs();
        birth.is_some_and(|birth| birth.lies_in(era))
            && self.month >= 1
            && self.day >= 1
            && (year, self.month, self.day) <= (today.year, today.month, today.day)
            && year + OLDEST >= today.year
            && (today.year..=today.year + LASTS).contains(&self.expiry_year)
            && self.code.iter().all(|digit| *digit < 10)
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
