//! How long what is kept is kept: one table. What is not in it is not kept at all.

use checkin::time::{JST, from_japan, in_japan};
use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};

/// Years for which the records of visits are kept when the site says nothing else.
pub const YEARS: u8 = 5;
/// What a site may say instead.
pub const YEARS_ALLOWED: std::ops::RangeInclusive<u8> = 3..=30;
/// The name of a result file is kept for so long after it has served.
pub const NAMES: SignedDuration = SignedDuration::from_hours(24);
/// Lines of the audit that are deleted in one go.
pub(super) const AT_ONCE: usize = 5_000;

/// A clock that is further ahead of the newest record than the program has run and this deletes no records.
const AHEAD: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Days of records that are deleted for each day that the program runs, at most: where a clock is ahead and everything seems over.
const CATCH_UP: i32 = 7;
/// So often the oldest record is looked up from which that counts.
const LOOK: SignedDuration = SignedDuration::from_hours(24);

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
    midnight(day)
}

/// The beginning of a day in Japan.
fn midnight(day: Date) -> Timestamp {
    let midnight = from_japan(day.at(0, 0, 0, 0));
    debug_assert_eq!(JST.to_datetime(midnight).date(), day);
    midnight
}

/// Keeps a clock that is ahead from deleting what has time left. By what is known it is bounded; where records were written
/// meanwhile and the program began anew, nothing is known any more, and little is deleted each day until somebody sees it.
/// Deletion may always wait.
pub struct Pace {
    /// The newest record when the store was opened.
    opened: Timestamp,
    /// The oldest record that there was, and how long the program had run then.
    from: Option<(Timestamp, SignedDuration)>,
}

impl Pace {
    /// From the moment on when the store is opened. `newest`: its newest record, or the present time if there is none.
    pub fn new(newest: Timestamp) -> Self {
        Self { opened: newest, from: None }
    }

    /// Records of before this moment may be deleted now; `None`: none. `ran`: for how long the program has, by a clock that
    /// nobody sets. `oldest`: the oldest record of before now.
    pub fn cut(
        &mut self,
        now: Timestamp,
        ran: SignedDuration,
        years: u8,
        oldest: Option<Timestamp>,
    ) -> Option<Timestamp> {
        let known = self.opened.saturating_add(ran.saturating_add(AHEAD)).ok()?;
        if now > known {
            return None;
        }
        if self.from.is_none_or(|(_, since)| ran - since >= LOOK) {
            self.from = Some((oldest?, ran));
        }
        let (from, since) = self.from?;
        let reached = from.saturating_add((ran - since).saturating_mul(CATCH_UP)).ok()?;
        Some(kept_since(now, years).min(midnight(in_japan(reached).date())))
    }
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

    #[test]
    fn a_clock_that_is_ahead_deletes_nothing_or_little() {
        let time = |text: &str| -> Timestamp { text.parse().unwrap() };
        let hours = SignedDuration::from_hours;
        let (oldest, newest) = (time("2026-11-23T00:00:00Z"), time("2031-11-27T09:00:00Z"));
        let cut = |pace: &mut Pace, now: &str, ran: i64| {
            pace.cut(time(now), hours(ran), 5, Some(oldest)).map(|cut| cut.to_string())
        };
        let mut pace = Pace::new(newest);
        assert_eq!(cut(&mut pace, "2036-11-28T09:00:00Z", 24), None, "five years ahead");
        assert_eq!(cut(&mut pace, "2031-11-28T09:00:00Z", 24).unwrap(), "2026-11-22T15:00:00Z");
        assert_eq!(cut(&mut pace, "2031-11-28T21:00:00Z", 36).unwrap(), "2026-11-25T15:00:00Z");
        assert_eq!(cut(&mut pace, "2031-11-29T08:00:00Z", 47).unwrap(), "2026-11-28T15:00:00Z");
        // It has run for years.
        assert!(cut(&mut pace, "2036-11-28T09:00:00Z", 5 * 365 * 24).is_some());
        // Nobody knows better, as after a start with records of the wrong time.
        let mut pace = Pace::new(time("2036-11-28T09:00:00Z"));
        assert_eq!(cut(&mut pace, "2036-11-28T09:00:30Z", 0).unwrap(), "2026-11-22T15:00:00Z");
        assert_eq!(cut(&mut pace, "2036-11-29T08:00:00Z", 23).unwrap(), "2026-11-29T15:00:00Z");
        assert_eq!(pace.cut(time("2036-11-30T09:00:00Z"), hours(48), 5, None), None);
    }
}
