//! 次回予約 as receipt computers write it.

use crate::birth::birth;
use jiff::civil::{Date, Time};
use unicode_normalization::UnicodeNormalization as _;

/// `2026-12-03`, or with its time `2026-12-03 14:30`; the day in any form that a birth may have. `None`: it is none.
pub(crate) fn appointment(text: &str) -> Option<String> {
    let text: String = text.nfkc().collect::<String>().trim().to_owned();
    let day = birth(&text, Date::MAX)?.date()?;
    let time = text.split_once([' ', 'T']).and_then(|(_, time)| clock(time.trim()));
    Some(match time.filter(|time| *time != Time::midnight()) {
        Some(time) => format!("{day} {:02}:{:02}", time.hour(), time.minute()),
        None => day.to_string(),
    })
}

fn clock(text: &str) -> Option<Time> {
    let mut parts = text.split([':', '時', '分']).map(str::trim);
    let mut next = || parts.next()?.parse::<i8>().ok();
    Time::new(next()?, next().unwrap_or(0), 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_with_or_without_its_time() {
        for (text, expected) in [
            ("2026/12/3", Some("2026-12-03")),
            ("R8.12.03", Some("2026-12-03")),
            ("2026-12-03 14:30", Some("2026-12-03 14:30")),
            ("2026/12/03 9:05:00", Some("2026-12-03 09:05")),
            ("２０２６年１２月３日 １４時３０分", Some("2026-12-03 14:30")),
            ("2026/12/03 0:00:00", Some("2026-12-03")),
            ("2026/12/03 午後", Some("2026-12-03")),
            ("来週", None),
            ("2026/02/29", None),
        ] {
            assert_eq!(appointment(text).as_deref(), expected, "{text}");
        }
    }
}
