//! Where people are called to, as the configuration lists it, the store keeps it and the audit tells it: a word and a number,
//! or the site's own words.

use crate::words::Text;
use std::borrow::Cow;

/// Longest name in Japanese, in characters.
const LONGEST_JA: usize = 20;
/// Longest name in English, in characters.
const LONGEST_EN: usize = 40;
/// Highest number of a counter, lane or room: each has a clip (`kiosk-web/voice.toml`).
const HIGHEST: u8 = 20;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallPlace {
    /// 受付.
    Reception,
    /// 窓口, from 1 to 20.
    Counter(u8),
    /// レーン, from 1 to 20.
    Lane(u8),
    /// 診察室, from 1 to 20.
    Room(u8),
    /// By the site's own words.
    Named {
        /// In Japanese.
        ja: String,
        /// In English; the Japanese name where none is given.
        en: String,
    },
}

impl CallPlace {
    /// A place that the site names in Japanese only.
    pub fn named(ja: &str) -> Self {
        Self::Named { ja: ja.into(), en: ja.into() }
    }

    /// `reception`, `counter 1`, `lane 2`, `room 3`, `採血室 / Blood tests` or `会計`; `None` for everything else.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "reception" {
            return Some(Self::Reception);
        }
        let (kind, number) = text.split_once(' ').unwrap_or_default();
        let of: Option<fn(u8) -> Self> = match kind {
            "counter" => Some(Self::Counter),
            "lane" => Some(Self::Lane),
            "room" => Some(Self::Room),
            _ => None,
        };
        if let Some(of) = of {
            let plain =
                number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
            let number =
                number.parse().ok().filter(|number| plain && (1..=HIGHEST).contains(number));
            return number.map(of);
        }
        let (ja, en) = text.split_once(" / ").unwrap_or((text, text));
        let fits = |name: &str, longest| {
            let length = name.chars().count();
            (1..=longest).contains(&length)
                && !name.contains(char::is_control)
                && name == name.trim()
        };
        (fits(ja, LONGEST_JA) && fits(en, LONGEST_EN))
            .then(|| Self::Named { ja: ja.into(), en: en.into() })
    }
}

impl Text for CallPlace {
    fn write(&self) -> Cow<'static, str> {
        match self {
            Self::Reception => "reception".into(),
            Self::Counter(number) => format!("counter {number}").into(),
            Self::Lane(number) => format!("lane {number}").into(),
            Self::Room(number) => format!("room {number}").into(),
            Self::Named { ja, en } if ja == en => ja.clone().into(),
            Self::Named { ja, en } => format!("{ja} / {en}").into(),
        }
    }
    /// Never `None`: a row is not lost because the site once had a name that is no place in a list.
    fn read(text: &str) -> Option<Self> {
        Some(Self::parse(text).unwrap_or_else(|| Self::named(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_no_place_is_refused() {
        for text in ["reception", "counter 1", "lane 20", "room 3", "採血室 / Blood tests", "会計"]
        {
            assert_eq!(CallPlace::parse(text).unwrap().write(), text);
        }
        assert_eq!(CallPlace::parse("会計"), Some(CallPlace::named("会計")));
        let long = "長".repeat(21);
        for text in
            ["", "lane 0", "lane 21", "lane +3", "lane 03", "lane x", " 会計", "会\n計", &long]
        {
            assert_eq!(CallPlace::parse(text), None, "{text:?}");
            let named = CallPlace::named(text);
            assert_eq!(CallPlace::read(&named.write()), Some(named), "kept all the same");
        }
    }
}
