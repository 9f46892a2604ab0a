//! Opening hours, and what is due now because of them. Pure: the time is passed in.

use super::time::{ClockTime, Day};
use checkin::time::in_japan;
use jiff::civil::{Date, DateTime};
use jiff::{Span as Duration, Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

/// The restart waits so long for the last person to go; after that it is left to the next day.
const RESTART_WITHIN_MINUTES: i64 = 120;
/// A bridge that has run for less is not started anew, whatever the wall clock says: a clock that is set back brings no circle.
const RESTART_AFTER_MINUTES: i64 = 60;
/// Before opening, where nothing else was chosen.
const TEST_MINUTES: u16 = 30;

/// From opening to closing; on the next day where `to` is not later than `from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Opening.
    pub from: ClockTime,
    /// Closing.
    pub to: ClockTime,
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// From Monday to Sunday; `None`: closed.
    pub week: [Option<Span>; 7],
    /// Closed all the same, in order.
    pub closed: Vec<Day>,
    /// So many minutes before opening the self-test is made.
    pub test_minutes: u16,
    /// The bridge is started anew at this time.
    pub restart_at: Option<ClockTime>,
}

impl Default for Hours {
    fn default() -> Self {
        Self { week: [None; 7], closed: Vec::new(), test_minutes: TEST_MINUTES, restart_at: None }
    }
}

/// A day's work: from the self-test before opening to closing.
struct Shift {
    test: DateTime,
    opens: DateTime,
    closes: DateTime,
}

impl Hours {
    /// Whether the site is open; `None`: nobody has said when it is.
    pub fn is_open(&self, now: Timestamp) -> Option<bool> {
        let now = in_japan(now);
        let is_open = |shift: Shift| shift.opens <= now && now < shift.closes;
        self.week.iter().any(Option::is_some).then(|| self.shifts(now).any(is_open))
    }

    /// Whether the self-test is to be made: the site opens soon or is open, and it was not made for this day. `last` is when it was
    /// made last since the bridge was started; a time that is still to come is that of a clock that was wrong.
    pub fn test_is_due(&self, now: Timestamp, last: Option<Timestamp>) -> bool {
        let last = last.filter(|last| *last <= now).map(in_japan);
        let now = in_japan(now);
        self.shifts(now).any(|shift| {
            shift.test <= now && now < shift.closes && last.is_none_or(|last| last < shift.test)
        })
    }

    /// Whether the bridge, which has run for so many minutes, is to be started anew, once nobody is served.
    pub fn restart_is_due(&self, now: Timestamp, ran_minutes: i64) -> bool {
        let (Some(at), now) = (self.restart_at, in_japan(now)) else { return false };
        let is_at_work = |shift: Shift| shift.test <= now && now < shift.closes;
        if ran_minutes < RESTART_AFTER_MINUTES || self.shifts(now).any(is_at_work) {
            return false;
        }
        let since = minutes_of_day(now) - i64::from(at.minutes());
        let passed = since.rem_euclid(24 * 60);
        passed < RESTART_WITHIN_MINUTES && ran_minutes > passed
    }

    /// Whether the restart falls, on some day of the week, between the self-test before opening and closing.
    pub fn restarts_while_open(&self) -> bool {
        let Some(at) = self.restart_at else { return false };
        let at = i64::from(at.minutes());
        self.week.iter().flatten().any(|span| {
            let (from, length) = (i64::from(span.from.minutes()), length(*span));
            let before = i64::from(self.test_minutes);
            (at - (from - before)).rem_euclid(24 * 60) < length + before
        })
    }

    /// Those that `now` may lie in.
    fn shifts(&self, now: DateTime) -> impl Iterator<Item = Shift> + '_ {
        let today = now.date();
        [today.yesterday().ok(), Some(today), today.tomorrow().ok()]
            .into_iter()
            .flatten()
            .filter_map(|day| self.shift(day))
    }

    fn shift(&self, day: Date) -> Option<Shift> {
        let at = usize::try_from(day.weekday().to_monday_zero_offset()).ok()?;
        let span = self.week[at].filter(|_| !self.closed.contains(&Day(day)))?;
        let opens = day.at(0, 0, 0, 0).checked_add(minutes(span.from.minutes())).ok()?;
        let closes = opens.checked_add(length(span).minutes()).ok()?;
        let test = opens.checked_sub(minutes(self.test_minutes)).ok()?;
        Some(Shift { test, opens, closes })
    }
}

/// From opening to closing, in minutes.
fn length(span: Span) -> i64 {
    let (from, to) = (i64::from(span.from.minutes()), i64::from(span.to.minutes()));
    if to > from { to - from } else { to - from + 24 * 60 }
}

fn minutes(count: u16) -> Duration {
    i64::from(count).minutes()
}

fn minutes_of_day(now: DateTime) -> i64 {
    i64::from(now.hour()) * 60 + i64::from(now.minute())
}

#[cfg(test)]
#[path = "hours_tests.rs"]
mod tests;
