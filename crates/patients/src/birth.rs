//! A day as receipt computers write it: a birth, by the one reader of typed days ([`TypedDate`]).

use checkin::birth::Birth;
use checkin::era::{Era, TypedDate, UNKNOWN};
use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization as _;

/// Reads `19800217`, `1980/2/17`, `1980年2月17日`, `S55.02.17`, `昭和55年2月17日`, `S550217` and `3550217` (the era as a digit: 1
/// 明治 to 5 令和, as in claims), in any width, with a time of day behind. A month or day of `00` or `99` is not known.
pub(crate) fn birth(text: &str, today: Date) -> Option<Birth> {
    // U+337B to U+337E, one character for each era, become two kanji by NFKC.
    let text: String = text.nfkc().collect::<String>().trim().to_uppercase();
    let (era, rest) = era(&text);
    let parts = parts(rest)?;
    let ([year, month, day], era) = match (&parts[..], era) {
        ([(8, digits)], None) => (split(*digits), Era::Gregorian),
        ([(7, digits)], None) => {
            let (era, rest) = (digits / 1_000_000, digits % 1_000_000);
            let era = Era::JAPANESE.get(usize::try_from(era).ok()?.checked_sub(1)?)?;
            (split(rest), *era)
        }
        ([(6, digits)], Some(era)) => (split(*digits), era),
        ([(4, year), (1..=2, month), (1..=2, day)], None) => {
            ([*year, *month, *day], Era::Gregorian)
        }
        ([(1..=2, year), (1..=2, month), (1..=2, day)], Some(era)) => ([*year, *month, *day], era),
        _ => return None,
    };
    let unknown = |part: u32| if part == 0 { Some(UNKNOWN) } else { u8::try_from(part).ok() };
    let typed = TypedDate {
        era,
        year: u16::try_from(year).ok()?,
        month: unknown(month)?,
        day: unknown(day)?,
    };
    typed.past(today).ok()
}

/// The era in front, by its name, its first character or its letter.
fn era(text: &str) -> (Option<Era>, &str) {
    for (era, letter) in Era::JAPANESE.into_iter().zip(["M", "T", "S", "H", "R"]) {
        let first = era.name().chars().next().map_or(0, char::len_utf8);
        for name in [era.name(), &era.name()[..first], letter] {
            if let Some(rest) = text.strip_prefix(name) {
                return (Some(era), rest.trim_start_matches(['.', ' ']));
            }
        }
    }
    (None, text.strip_prefix(Era::Gregorian.name()).unwrap_or(text))
}

/// The numbers of a day, each with how many digits it has; what stands behind the day and a blank is a time, and left out.
fn parts(text: &str) -> Option<Vec<(usize, u32)>> {
    let text = text.replace("元", "1").replace(". ", ".").replace("年 ", "年").replace("月 ", "月");
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let day = day.trim_end_matches(['日', '生']);
    let part = |part: &str| {
        let part = part.trim();
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        (digits && part.len() <= 8).then(|| part.parse().ok().map(|number| (part.len(), number)))?
    };
    day.split(['/', '-', '.', '年', '月']).map(part).collect()
}

/// `yyyyMMdd` or `yyMMdd`.
fn split(digits: u32) -> [u32; 3] {
    [digits / 10_000, digits / 100 % 100, digits % 100]
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 29);

    #[test]
    fn a_birth_is_read_in_every_form_that_programs_write() {
        for text in [
            "19800217",
            "1980/02/17",
            "1980/2/17",
            "1980-02-17",
            "1980.2.17",
            "1980年2月17日",
            "１９８０年２月１７日",
            "1980/02/17 0:00:00",
            "1980-02-17T00:00:00",
            "西暦1980年2月17日",
            "S55.02.17",
            "s55/2/17",
            "S550217",
            "Ｓ５５．０２．１７",
            "S.55.2.17",
            "S55. 2.17",
            "昭和55年2月17日",
            "昭和55年 2月17日生",
            "昭55.2.17",
            "㍼55年2月17日",
            "3550217",
        ] {
            assert_eq!(
                birth(text, TODAY).map(Birth::digits).as_deref(),
                Some("19800217"),
                "{text}"
            );
        }
        for (text, expected) in [
            ("平成元年1月8日", "19890108"),
            ("令和元年5月1日", "20190501"),
            ("1010125", "18680125"),
            ("S64.1.7", "19890107"),
            ("昭和20年2月29日", "19450229"),
            ("S20.00.00", "19450000"),
            ("19450300", "19450300"),
        ] {
            assert_eq!(birth(text, TODAY).map(Birth::digits).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_may_be_another_day_is_refused() {
        for text in [
            "",
            "55.2.17",
            "550217",
            "80/02/17",
            "02/17/1980",
            "S65.1.1",
            "20261130",
            "1980/13/01",
            "1980/2/30",
            "6010101",
            "0010101",
            "S55.2",
            "1980",
            "昭和",
            "abc",
            "1980/2/17/3",
            "99999999",
            "S55.2.999",
            "18000101",
        ] {
            assert_eq!(birth(text, TODAY), None, "{text}");
        }
    }
}
