//! What the expiry of the authentication certificate allows (ministry guidance on expired
//! certificates, in force since 2024; the end of the grace as 協会けんぽ and municipalities tell it,
//! citing 第184回医療保険部会).

use crate::time::{add_months, from_japan, in_japan};
use jiff::Timestamp;
use jiff::civil::Time;

/// Calendar months before expiry from which the kiosk alerts.
pub const ALERT_MONTHS: i32 = 3;
/// Eligibility can still be confirmed to the end of the month that lies so many months after the
/// month of expiry.
pub const GRACE_MONTHS: i32 = 3;

/// What a certificate allows today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Valid for more than three months.
    Valid,
    /// Valid, but expires within three months: alert, everything works.
    Expiring {
        /// Last second of validity.
        until: Timestamp,
    },
    /// Expired, and the third month after the month of expiry is not over: eligibility only, no
    /// medical information.
    Grace {
        /// Last second of the grace period, on the last day of a month in Japan.
        until: Timestamp,
    },
    /// Expired longer ago: not usable for health insurance. To use the card again its owner renews
    /// the certificate and registers the card as insurance card again.
    Expired,
}

impl Standing {
    /// Judges a certificate by its `notAfter` (23:59:59 JST on the birthday). The whole second
    /// counts, so that it holds until midnight.
    #[must_use]
    pub fn of(not_after: Timestamp, now: Timestamp) -> Self {
        let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let grace_end = grace_end(not_after);
        if now < add_months(not_after, -ALERT_MONTHS) {
            Self::Valid
        } else if now <= not_after {
            Self::Expiring { until: not_after }
        } else if now <= grace_end {
            Self::Grace { until: grace_end }
        } else {
            Self::Expired
        }
    }

    /// Whether medical information may be asked for at all.
    #[must_use]
    pub fn allows_medical_information(self) -> bool {
        matches!(self, Self::Valid | Self::Expiring { .. })
    }
}

/// 24:00 JST at the end of that month, as a last second: expired on 5 August, it is 30 November.
fn grace_end(not_after: Timestamp) -> Timestamp {
    let month = in_japan(add_months(not_after, GRACE_MONTHS)).date();
    from_japan(month.last_of_month().to_datetime(Time::constant(23, 59, 59, 0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[track_caller]
    fn check(not_after: &str, now: &str, expected: &str) {
        let standing = Standing::of(not_after.parse().unwrap(), now.parse().unwrap());
        let name = match standing {
            Standing::Valid => "valid",
            Standing::Expiring { .. } => "expiring",
            Standing::Grace { .. } => "grace",
            Standing::Expired => "expired",
        };
        assert_eq!(name, expected, "{not_after} at {now}");
    }

    #[test]
    fn boundaries_to_the_second() {
        let end = "2027-02-17T23:59:59+09:00";
        check(end, "2026-11-17T23:59:58+09:00", "valid");
        check(end, "2026-11-17T23:59:59+09:00", "expiring");
        check(end, "2027-02-17T23:59:59+09:00", "expiring");
        check(end, "2027-02-18T00:00:00+09:00", "grace");
        check(end, "2027-05-31T23:59:59+09:00", "grace");
        check(end, "2027-06-01T00:00:00+09:00", "expired");
    }

    #[test]
    fn month_ends_and_leap_days() {
        let end = "2027-11-30T23:59:59+09:00";
        check(end, "2028-02-29T23:59:59+09:00", "grace");
        check(end, "2028-03-01T00:00:00+09:00", "expired");
        let leap_birthday = "2028-02-29T23:59:59+09:00";
        check(leap_birthday, "2027-11-29T23:59:59+09:00", "expiring");
        check(leap_birthday, "2028-05-31T23:59:59+09:00", "grace");
        check(leap_birthday, "2028-06-01T00:00:00+09:00", "expired");
        // Three months before 31 May is the last day of February, leap day or not.
        for (end, alert) in [
            ("2027-05-31T23:59:59+09:00", "2027-02-28T23:59:59+09:00"),
            ("2028-05-31T23:59:59+09:00", "2028-02-29T23:59:59+09:00"),
            ("2027-02-28T23:59:59+09:00", "2026-11-28T23:59:59+09:00"),
            ("2027-03-31T23:59:59+09:00", "2026-12-31T23:59:59+09:00"),
            ("2027-01-31T23:59:59+09:00", "2026-10-31T23:59:59+09:00"),
            ("2027-01-01T23:59:59+09:00", "2026-10-01T23:59:59+09:00"),
        ] {
            check(end, &second_before(alert), "valid");
            check(end, alert, "expiring");
        }
        for (end, last) in [
            ("2026-11-30T23:59:59+09:00", "2027-02-28T23:59:59+09:00"),
            ("2026-12-31T23:59:59+09:00", "2027-03-31T23:59:59+09:00"),
            ("2027-03-31T23:59:59+09:00", "2027-06-30T23:59:59+09:00"),
            ("2027-08-31T23:59:59+09:00", "2027-11-30T23:59:59+09:00"),
            ("2027-02-28T23:59:59+09:00", "2027-05-31T23:59:59+09:00"),
        ] {
            check(end, last, "grace");
            check(end, &second_after(last), "expired");
        }
    }

    /// The month of expiry counts, not the day in it (協会けんぽ, 2025-07-16).
    #[test]
    fn the_grace_ends_with_the_third_month() {
        for (end, last) in [
            ("2026-08-05T23:59:59+09:00", "2026-11-30T23:59:59+09:00"),
            ("2026-08-01T23:59:59+09:00", "2026-11-30T23:59:59+09:00"),
            ("2026-08-31T23:59:59+09:00", "2026-11-30T23:59:59+09:00"),
            ("2026-11-05T23:59:59+09:00", "2027-02-28T23:59:59+09:00"),
            ("2027-11-05T23:59:59+09:00", "2028-02-29T23:59:59+09:00"),
            ("2027-02-01T23:59:59+09:00", "2027-05-31T23:59:59+09:00"),
            ("2026-10-01T23:59:59+09:00", "2027-01-31T23:59:59+09:00"),
        ] {
            check(end, last, "grace");
            check(end, &second_after(last), "expired");
            let standing = Standing::of(end.parse().unwrap(), last.parse().unwrap());
            assert_eq!(standing, Standing::Grace { until: last.parse().unwrap() });
        }
    }

    fn second_before(time: &str) -> String {
        (time.parse::<Timestamp>().unwrap() - SignedDuration::from_secs(1)).to_string()
    }

    fn second_after(time: &str) -> String {
        (time.parse::<Timestamp>().unwrap() + SignedDuration::from_secs(1)).to_string()
    }

    /// The certificate carries its own last second; the birthday is not computed here.
    #[test]
    fn the_same_moment_in_utc_is_the_same_moment() {
        check("2027-02-17T14:59:59Z", "2027-02-17T14:59:59Z", "expiring");
        check("2027-02-17T14:59:59Z", "2027-02-17T15:00:00Z", "grace");
        check("2027-02-17T14:59:59Z", "2027-02-17T14:59:59.999Z", "expiring");
    }
}
