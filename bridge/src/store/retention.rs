//! How long what is kept is kept: one table. What is not in it is not kept at all.

use checkin::time::{JST, from_japan, in_japan};
use jiff::{SignedDuration, Span, Timestamp};

/// Years for which the records of visits are kept when the site says nothing else.
pub const YEARS: u8 = 5;
/// What a site may say instead.
pub const YEARS_ALLOWED: std::ops::RangeInclusive<u8> = 3..=30;
/// The name of a result file is kept for so long after it has served.
pub const NAMES: SignedDuration = SignedDuration::from_hours(24);
/// Lines of the audit that are deleted in one go.
pub(super) const AT_ONCE: usize = 5_000;

/// One kind of things.
pub struct Rule {
    /// What.
    pub kind: &'static str,
    /// Whether it names the person, or says something that only this person has.
    pub personal: bool,
    /// Until when.
    pub until: &'static str,
    /// Why so long, and who says so.
    pub why: &'static str,
}

/// All kinds. `docs/operations.md` shows this table.
pub const RULES: [Rule; 4] = [
    Rule {
        kind: "rows of the staff board",
        personal: true,
        until: "midnight after their day; a result that staff have to enter stays until they have",
        why: "the reception works with them on that day (ours)",
    },
    Rule {
        kind: "content of a waiting result file",
        personal: true,
        until: "the file is in the result folder, staff enter its result, or a newer file of the visit waits instead",
        why: "the receipt computer has not got it yet (ours)",
    },
    Rule {
        kind: "name of a result file that has served",
        personal: false,
        until: "24 hours after it",
        why: "tells which temporary file to remove (ours)",
    },
    Rule {
        kind: "audit lines, consents, visits and reception numbers",
        personal: false,
        until: "`records_years` after their day: 5, 3 to 30 may be set",
        why: "no rule that we know of says how long a check-in is to be kept; 5 years are those of medical records (医師法第24条), which do not name it (ours, uncertain)",
    },
];

/// What nobody finds here, whoever asks: told with every export.
pub const NOT_KEPT: [&str; 6] = [
    "PINs, 照合番号 and passcodes: in memory only, while they are used",
    "pictures of faces and cards, and what is computed from them",
    "the card's certificate and its serial number",
    "the 12-digit 個人番号: never read",
    "result files that were delivered: the receipt computer has them",
    "what the national system knows of consents and withdrawals",
];

/// Records of before this moment have had their time: that of a day in Japan, so that it moves once a day.
pub fn kept_since(now: Timestamp, years: u8) -> Timestamp {
    let today = in_japan(now).date();
    let day = today.saturating_sub(Span::new().years(i64::from(years)));
    let midnight = from_japan(day.at(0, 0, 0, 0));
    debug_assert_eq!(JST.to_datetime(midnight).date(), day);
    midnight
}

/// Whether a line of this time has had its time, `now`. One of a later time than now was written while the clock was wrong, and
/// keeps nothing before it; neither does one without a time.
pub(super) fn is_over(at: Option<Timestamp>, before: Timestamp, now: Timestamp) -> bool {
    at.is_none_or(|at| at < before || at > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moment_moves_at_midnight_in_japan() {
        let since = |now: &str| kept_since(now.parse().unwrap(), 5).to_string();
        assert_eq!(since("2031-11-28T14:59:59Z"), "2026-11-27T15:00:00Z");
        assert_eq!(since("2031-11-28T15:00:00Z"), "2026-11-28T15:00:00Z");
        assert_eq!(since("2028-02-29T03:00:00Z"), "2023-02-27T15:00:00Z", "29 February");
    }
}
