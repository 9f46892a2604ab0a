//! Code tables and fixed-width values of the interface.

use checkin::birth::Birth;
use checkin::eligibility::{InsuredKind, Sex, Validity};
use checkin::number::half_width;
use checkin::time::{from_japan, in_japan};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

pub(crate) fn validity(code: &str) -> Option<Validity> {
    let code = half_width(code);
    ALL_VALIDITIES.into_iter().find(|validity| validity_code(*validity) == code)
}

const ALL_VALIDITIES: [Validity; 6] = [
    Validity::Valid,
    Validity::Invalid,
    Validity::InvalidNewerExists,
    Validity::NoneFound,
    Validity::MoreThanOne,
    Validity::ValidUnregistered,
];

pub(crate) fn validity_code(validity: Validity) -> &'static str {
    match validity {
        Validity::Valid => "1",
        Validity::Invalid => "2",
        Validity::InvalidNewerExists => "3",
        Validity::NoneFound => "4",
        Validity::MoreThanOne => "5",
        Validity::ValidUnregistered => "6",
    }
}

pub(crate) fn sex(code: &str) -> Option<Sex> {
    match half_width(code).as_str() {
        "1" => Some(Sex::Male),
        "2" => Some(Sex::Female),
        "3" => Some(Sex::NotSet),
        _ => None,
    }
}

pub(crate) fn sex_code(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "1",
        Sex::Female => "2",
        Sex::NotSet => "3",
    }
}

pub(crate) fn kind(code: &str) -> Option<InsuredKind> {
    match half_width(code).as_str() {
        "1" => Some(InsuredKind::InsuredPerson),
        "2" => Some(InsuredKind::Family),
        _ => None,
    }
}

pub(crate) fn kind_code(kind: InsuredKind) -> &'static str {
    match kind {
        InsuredKind::InsuredPerson => "1",
        InsuredKind::Family => "2",
    }
}

/// `yyyyMMdd`, exactly 8 digits.
pub(crate) fn date(text: &str) -> Option<Date> {
    let number = digits(&half_width(text), 8)?;
    let year = i16::try_from(number / 10_000).ok()?;
    let month = i8::try_from(number / 100 % 100).ok()?;
    let day = i8::try_from(number % 100).ok()?;
    Date::new(year, month, day).ok()
}

/// Some programs write a day that there is none of, as 8 zeros or nines.
pub(crate) fn no_date(text: &str) -> bool {
    matches!(half_width(text).as_str(), "00000000" | "99999999")
}

/// `yyyyMMdd`, also of a day that no calendar has.
pub(crate) fn birth(text: &str) -> Option<Birth> {
    Birth::parse(&half_width(text))
}

/// Percent as 3 digits; programs write 2, too.
pub(crate) fn percent(text: &str) -> Option<u8> {
    let text = half_width(text);
    let percent = digits(&text, 3).or(digits(&text, 2))?;
    u8::try_from(percent).ok().filter(|percent| *percent <= 100)
}

/// `InsuredBranchNumber` as 2 digits; programs leave the leading zero out.
pub(crate) fn branch(text: &str) -> Option<String> {
    let text = half_width(text);
    digits(&text, 2).or(digits(&text, 1)).map(|branch| format!("{branch:02}"))
}

/// `InsuredCardClassification`: 2 ASCII digits or letters.
pub(crate) fn class(text: &str) -> Option<String> {
    let text = half_width(text).to_ascii_uppercase();
    let text = if digits(&text, 1).is_some() { format!("0{text}") } else { text };
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(text)
}

pub(crate) fn date_text(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// `yyyyMMddHHmmss` in Japan, exactly 14 digits.
pub(crate) fn time(text: &str) -> Option<Timestamp> {
    let text = half_width(text);
    digits(&text, 14)?;
    let date = date(&text[..8])?;
    let part = |at: usize| text[at..at + 2].parse::<i8>().ok();
    let (hour, minute, second) = (part(8)?, part(10)?, part(12)?);
    let time = jiff::civil::Time::new(hour, minute, second, 0).ok()?;
    Some(from_japan(DateTime::from_parts(date, time)))
}

pub(crate) fn time_text(time: Timestamp) -> String {
    let japan = in_japan(time);
    let (hour, minute, second) = (japan.hour(), japan.minute(), japan.second());
    format!("{}{hour:02}{minute:02}{second:02}", date_text(japan.date()))
}

/// The last whole second at or before `time`: the interface knows no fractions.
pub(crate) fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// The number, if the text is exactly `width` ASCII digits.
pub(crate) fn digits(text: &str, width: usize) -> Option<u64> {
    let right = text.len() == width && text.bytes().all(|b| b.is_ascii_digit());
    if right { text.parse().ok() } else { None }
}

/// `InsurerNumber` without its padding (blanks as the terminal writes, or zeros as some programs
/// write): 8 digits, or 6 for 国民健康保険. No 8-digit number begins with 00.
pub(crate) fn insurer_number(text: &str) -> Option<String> {
    let text = half_width(text);
    let text = text.as_str();
    let unpadded = match text.len() {
        8 => text.strip_prefix("00").unwrap_or(text),
        _ => text,
    };
    let right = digits(unpadded, 6).or(digits(unpadded, 8)).is_some();
    right.then(|| unpadded.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_eight_digits_and_exist() {
        assert_eq!(date("20240229"), Some(jiff::civil::date(2024, 2, 29)));
        assert_eq!(date("２０２４０２２９"), Some(jiff::civil::date(2024, 2, 29)));
        for wrong in ["", "2024229", "202402290", "20230229", "2024-2-29", "+2024022"] {
            assert_eq!(date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times_are_japanese_and_exact() {
        let at = time("20230221174835").unwrap();
        assert_eq!(at, "2023-02-21T08:48:35Z".parse().unwrap());
        assert_eq!(time_text(at), "20230221174835");
        for wrong in ["2023022117483", "20230221244835", "20230221176035", "20230221174860", ""] {
            assert_eq!(time(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn insurer_numbers_lose_their_padding() {
        for padded in ["  123456", "00123456", "123456", " 123456 "] {
            assert_eq!(insurer_number(padded).as_deref(), Some("123456"), "{padded:?}");
        }
        assert_eq!(insurer_number("01130012").as_deref(), Some("01130012"));
        for wrong in ["", "12345", "1234567", "012345678", "12 456", "1２b456"] {
            assert_eq!(insurer_number(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn other_programs_leave_zeros_out() {
        assert_eq!((branch("2").as_deref(), branch("02").as_deref()), (Some("02"), Some("02")));
        assert_eq!(
            (branch("０２").as_deref(), branch("002"), branch("a")),
            (Some("02"), None, None)
        );
        assert_eq!(
            (percent("020"), percent("20"), percent("2"), percent("101")),
            (Some(20), Some(20), None, None)
        );
        assert_eq!(
            (class("a1").as_deref(), class("1").as_deref(), class("001")),
            (Some("A1"), Some("01"), None)
        );
        assert_eq!(insurer_number("１２３４５６").as_deref(), Some("123456"));
    }

    #[test]
    fn every_code_comes_back() {
        for code in ["1", "2", "3", "4", "5", "6"] {
            assert_eq!(validity(code).map(validity_code), Some(code));
        }
        assert_eq!(validity("0").or(validity("7")).or(validity("")), None);
        for code in ["1", "2", "3"] {
            assert_eq!(sex(code).map(sex_code), Some(code));
        }
        for code in ["1", "2"] {
            assert_eq!(kind(code).map(kind_code), Some(code));
        }
    }
}
