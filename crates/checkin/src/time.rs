//! Time as the visit sees it: a monotonic clock for deadlines, a wall clock for the law.

use jiff::{Span, Timestamp, civil, tz::Offset};

/// Milliseconds since an arbitrary fixed point; never goes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub u64);

impl Millis {
    /// This instant plus `ms` milliseconds.
    #[must_use]
    pub const fn plus(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant, 0 if `earlier` lies later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Both clocks at one moment. Deadlines use `monotonic`, so that a corrected wall clock neither
/// ends nor prolongs a screen; certificates and consents use `wall`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// For deadlines.
    pub monotonic: Millis,
    /// For dates of certificates, consents and files.
    pub wall: Timestamp,
}

/// Japan Standard Time, UTC+9 without daylight saving.
pub const JST: Offset = Offset::constant(9);

/// The civil date and time in Japan at `instant`.
#[must_use]
pub fn in_japan(instant: Timestamp) -> civil::DateTime {
    JST.to_datetime(instant)
}

/// The instant at which Japanese clocks show `datetime`; saturates at the ends of the calendar.
#[must_use]
pub fn from_japan(datetime: civil::DateTime) -> Timestamp {
    JST.to_timestamp(datetime).unwrap_or(Timestamp::MAX)
}

/// How an instant is written for people's programs (wire, audit, logs): RFC 3339 with the offset +09:00, whole seconds.
#[must_use]
pub fn rfc3339(instant: Timestamp) -> String {
    format!("{:.0}", instant.display_with_offset(JST))
}

/// `instant` moved by whole calendar months in Japan, the day clamped to the month's last day
/// (31 January + 1 month = 28 or 29 February).
#[must_use]
pub fn add_months(instant: Timestamp, months: i32) -> Timestamp {
    let moved = in_japan(instant).saturating_add(Span::new().months(months));
    from_japan(moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, months: i32, expected: &str) {
        let from: Timestamp = from.parse().unwrap();
        assert_eq!(add_months(from, months).to_string(), expected);
    }

    #[test]
    fn months_are_calendar_months_in_japan() {
        // 14:59:59Z is 23:59:59 JST: the date in Japan decides, not the date in UTC.
        check("2026-11-30T14:59:59Z", -3, "2026-08-30T14:59:59Z");
        check("2027-05-31T14:59:59Z", -3, "2027-02-28T14:59:59Z");
        check("2028-05-31T14:59:59Z", -3, "2028-02-29T14:59:59Z");
        check("2027-11-30T14:59:59Z", 3, "2028-02-29T14:59:59Z");
        check("2026-12-31T15:00:00Z", 1, "2027-01-31T15:00:00Z");
    }
}
