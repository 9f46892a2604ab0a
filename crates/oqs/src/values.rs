//! Values of elements: text, days, moments, numbers.

use crate::cursor::{Cursor, is_xml};
use crate::error::{ParseError, WriteError};
use crate::name::InstitutionCode;
use crate::out::Out;
use crate::record::{Content, Value};
use checkin::birth::Birth;
use checkin::number::half_width;
use checkin::time::{from_japan, in_japan};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

/// Digits and Latin letters as ASCII, without blanks around them.
pub(crate) fn narrow(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text.trim_ascii()) } else { Cow::Owned(half_width(text)) }
}

/// The number, if the text is exactly `width` ASCII digits.
pub(crate) fn digits(text: &str, width: usize) -> Option<u64> {
    let right = text.len() == width && text.bytes().all(|b| b.is_ascii_digit());
    if right { text.parse().ok() } else { None }
}

/// Text of at most `MOST` characters, not empty, as it was written but for ASCII blanks around it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text<const MOST: usize>(String);

/// 記号, 番号 and the like.
pub type Short = Text<20>;
/// 照会番号 (50 characters: seen in `MynaReception`'s notes on `OQSsiimm01`).
pub type ReferenceNumber = Text<50>;
/// Names, addresses, messages; the interface's own limits are not public.
pub type Line = Text<400>;

impl<const MOST: usize> Text<MOST> {
    /// `None` for text that is empty, blank or too long, or that XML cannot hold.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim_ascii();
        let long = text.len() > MOST && text.chars().count() > MOST;
        let right = !long && is_xml(text) && !text.trim_start().is_empty();
        right.then(|| Self(text.to_owned()))
    }
}

impl<const MOST: usize> Deref for Text<MOST> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MOST: usize> Value for Text<MOST> {
    const EXPECTED: &'static str = match MOST {
        20 => "at most 20 characters",
        50 => "at most 50 characters",
        _ => "at most 400 characters",
    };

    fn parse(text: &str) -> Option<Self> {
        Self::new(text)
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

/// A day, `yyyyMMdd`, as it was written: also one that no calendar has (domain-facts G1, resident-register
/// standard; certain), and one whose month or day nobody knows (`00`, `99`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(Birth);

impl Day {
    /// `None` outside of the years 0 to 9999.
    #[must_use]
    pub fn new(date: Date) -> Option<Self> {
        (0..=9999).contains(&date.year()).then(|| Self(date.into()))
    }

    /// From 8 digits, `yyyyMMdd`.
    #[must_use]
    pub fn written(text: &str) -> Option<Self> {
        Self::parse(text)
    }

    /// As a birth day, which is compared by what is known of it.
    #[must_use]
    pub fn birth(self) -> Birth {
        self.0
    }

    /// The day, if the calendar has it.
    #[must_use]
    pub fn date(self) -> Option<Date> {
        self.0.date()
    }

    /// The day for rules that need one: of a day behind the end of its month, the last day of that month
    /// (our reading); `None` where month or day is not known, and for the zeros and nines that some
    /// programs write for "none".
    #[must_use]
    pub fn nearest(self) -> Option<Date> {
        self.date().or_else(|| {
            self.0.day().zip(self.0.month())?;
            self.0.range().map(|(_, last)| last)
        })
    }
}

impl From<Birth> for Day {
    fn from(birth: Birth) -> Self {
        Self(birth)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.digits())
    }
}

impl Value for Day {
    const EXPECTED: &'static str = "a date of 8 digits, yyyyMMdd";

    fn parse(text: &str) -> Option<Self> {
        Birth::parse(&narrow(text)).map(Self)
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.digits())
    }
}

/// A moment in whole seconds, `yyyyMMddHHmmss` in Japan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(Timestamp);

impl Moment {
    /// The last whole second at or before `time`; `None` outside of the years 0 to 9999.
    #[must_use]
    pub fn new(time: Timestamp) -> Option<Self> {
        let whole = Timestamp::from_second(time.as_second()).ok()?;
        (0..=9999).contains(&in_japan(whole).year()).then_some(Self(whole))
    }

    /// The moment.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl Value for Moment {
    const EXPECTED: &'static str = "a time of 14 digits, yyyyMMddHHmmss";

    fn parse(text: &str) -> Option<Self> {
        let text = narrow(text);
        digits(&text, 14)?;
        let date = Birth::parse(&text[..8])?.date()?;
        let part = |at: usize| text[at..at + 2].parse::<i8>().ok();
        let time = Time::new(part(8)?, part(10)?, part(12)?, 0).ok()?;
        Some(Self(from_japan(DateTime::from_parts(date, time))))
    }

    fn text(&self) -> Cow<'_, str> {
        let japan = in_japan(self.0);
        let (year, month, day) = (japan.year(), japan.month(), japan.day());
        let (hour, minute, second) = (japan.hour(), japan.minute(), japan.second());
        format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}").into()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// `InsurerNumber`: 8 digits, or 6 for 国民健康保険. In a file it has 8 characters, blanks in front (as
/// terminals write; domain-facts B3, seen) or zeros (as some programs write). No number of 8 digits
/// begins with 00.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InsurerNumber(String);

impl InsurerNumber {
    /// 6 or 8 digits, with or without padding.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = narrow(text);
        let unpadded = match text.len() {
            8 => text.strip_prefix("00").unwrap_or(&text),
            _ => &text,
        };
        digits(unpadded, 6).or(digits(unpadded, 8))?;
        Some(Self(unpadded.to_owned()))
    }

    /// 6 or 8 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for InsurerNumber {
    const EXPECTED: &'static str = "6 or 8 digits";

    fn parse(text: &str) -> Option<Self> {
        Self::new(text)
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(format!("{:>8}", self.0))
    }
}

/// `InsuredBranchNumber`: 2 digits; programs leave a leading zero out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Branch(u8);

impl Branch {
    /// 1 or 2 digits.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = narrow(text);
        digits(&text, 2).or(digits(&text, 1)).and_then(|branch| u8::try_from(branch).ok()).map(Self)
    }
}

impl fmt::Display for Branch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}

impl Value for Branch {
    const EXPECTED: &'static str = "2 digits";

    fn parse(text: &str) -> Option<Self> {
        Self::new(text)
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

/// A share in percent, 3 digits (010 = 1割); programs write 2, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percent(u8);

impl Percent {
    /// `None` above 100.
    #[must_use]
    pub fn new(percent: u8) -> Option<Self> {
        (percent <= 100).then_some(Self(percent))
    }

    /// 0 to 100.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl Value for Percent {
    const EXPECTED: &'static str = "3 digits, percent from 000 to 100";

    fn parse(text: &str) -> Option<Self> {
        let text = narrow(text);
        let percent = digits(&text, 3).or(digits(&text, 2))?;
        u8::try_from(percent).ok().and_then(Self::new)
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(format!("{:03}", self.0))
    }
}

impl Value for u32 {
    const EXPECTED: &'static str = "a number of at most 9 digits";

    fn parse(text: &str) -> Option<Self> {
        let text = narrow(text);
        digits(&text, text.len().min(9)).and_then(|number| Self::try_from(number).ok())
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

/// `CharacterCodeIdentifier`. Programs disagree about its values (domain-facts B3), so any is read and that of
/// the terminal's sample is written, by the encoding of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CharacterCode;

impl Content for CharacterCode {
    fn read(name: &str, cursor: &mut Cursor<'_>) -> Result<Option<Self>, ParseError> {
        cursor.text(name).map(|_| Some(Self))
    }

    fn write(&self, name: &str, out: &mut Out) -> Result<(), WriteError> {
        out.leaf(name, out.encoding().identifier())
    }
}

impl Value for InstitutionCode {
    const EXPECTED: &'static str = "10 digits";

    fn parse(text: &str) -> Option<Self> {
        Self::new(&narrow(text)).ok()
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn back<V: Value>(text: &str) -> Option<String> {
        V::parse(text).map(|value| value.text().into_owned())
    }

    #[test]
    fn days_have_eight_digits_and_are_kept_as_written() {
        let day = |text| Day::parse(text).unwrap();
        assert_eq!(day("２０２４０２２９").date(), Some(date(2024, 2, 29)));
        assert_eq!(day("19450229").to_string(), "19450229");
        assert_eq!(day("19450229").nearest(), Some(date(1945, 2, 28)));
        for unknown in ["00000000", "99999999", "20010300", "20010003", "00000315"] {
            assert_eq!((day(unknown).nearest(), day(unknown).to_string()), (None, unknown.into()));
        }
        for wrong in ["2024229", "202402290", "20231301", "20230132", "2024-2-29", "+2024022"] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn moments_are_japanese_and_exact() {
        let at = Moment::parse("20230221174835").unwrap();
        assert_eq!(at.timestamp(), "2023-02-21T08:48:35Z".parse().unwrap());
        assert_eq!(at.to_string(), "20230221174835");
        for wrong in ["2023022117483", "20230221244835", "20230221176035", "20230221174860"] {
            assert_eq!(Moment::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn insurer_numbers_lose_their_padding_and_get_blanks() {
        for padded in ["  123456", "00123456", "123456", "１２３４５６"] {
            assert_eq!(back::<InsurerNumber>(padded).as_deref(), Some("  123456"), "{padded:?}");
        }
        assert_eq!(back::<InsurerNumber>("01130012").as_deref(), Some("01130012"));
        for wrong in ["12345", "1234567", "012345678", "12 456", "1２b456"] {
            assert_eq!(InsurerNumber::new(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn other_programs_leave_zeros_out() {
        for (text, branch) in [("2", "02"), ("０２", "02"), ("10", "10")] {
            assert_eq!(back::<Branch>(text).as_deref(), Some(branch));
        }
        assert_eq!((back::<Branch>("a"), back::<Branch>("002")), (None, None));
        for (text, percent) in [("020", Some("020")), ("20", Some("020")), ("2", None)] {
            assert_eq!(back::<Percent>(text).as_deref(), percent);
        }
        assert_eq!((back::<Percent>("101"), back::<u32>("1234567890")), (None, None));
        assert_eq!(back::<u32>("0012").as_deref(), Some("12"));
    }

    #[test]
    fn text_has_a_limit_in_characters() {
        assert!(Short::new(&"あ".repeat(20)).is_some());
        assert_eq!(Short::new(&"あ".repeat(21)), None);
        assert_eq!((Short::new("　"), Short::new(" "), Short::new("a\u{7}")), (None, None, None));
        assert_eq!(&*Line::new(" 診療　太郎\n").unwrap(), "診療　太郎");
    }
}
