//! Time as the visit sees it: a monotonic clock that goes on while the computer sleeps, and the wall.

use checkin::{Millis, Now};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Seconds since 1970 when this program was built.
const BUILT: Option<&str> = option_env!("UKETSUKE_BUILT");
/// The wall clock may be set back by so much: time servers correct it.
const BACK: SignedDuration = SignedDuration::from_mins(2);
/// Sleeping for less is no sleep but the grain of the system's own count.
const NAP: Duration = Duration::from_secs(1);

/// What a visit needs of time.
pub trait Clock: Send + Sync {
    /// Now. The monotonic part never goes back, and counts time that the computer slept as soon as
    /// [`Clock::look`] has seen it.
    fn now(&self) -> Now;

    /// Looks whether the computer slept.
    fn look(&self) {}
}

/// The clocks of this computer.
pub struct System {
    start: Instant,
    uptime: Option<Duration>,
    slept_ms: AtomicU64,
}

impl System {
    /// Counts from now.
    pub fn start() -> Arc<dyn Clock> {
        Arc::new(Self { start: Instant::now(), uptime: uptime(), slept_ms: AtomicU64::new(0) })
    }
}

impl Clock for System {
    fn now(&self) -> Now {
        let awake = millis(self.start.elapsed());
        let monotonic = Millis(awake.saturating_add(self.slept_ms.load(Relaxed)));
        Now { monotonic, wall: Timestamp::now() }
    }

    fn look(&self) {
        let Some((before, now)) = self.uptime.zip(uptime()) else { return };
        let slept = now.saturating_sub(before).saturating_sub(self.start.elapsed());
        if slept > NAP && self.slept_ms.fetch_max(millis(slept), Relaxed) + 1000 < millis(slept) {
            tracing::info!(seconds = slept.as_secs(), "the computer slept since the start");
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Time since the computer started, sleep included (Linux: `CLOCK_BOOTTIME`). `None` elsewhere: on
/// Windows the monotonic clock itself counts sleep.
fn uptime() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/uptime").ok()?;
    Duration::try_from_secs_f64(text.split(' ').next()?.parse().ok()?).ok()
}

/// What can be said of a wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// Nothing speaks against it.
    Possible,
    /// It is before this program was built: wrong for certain.
    BeforeBuild,
    /// It is before the newest record, of this time: one of the two is wrong.
    BeforeRecord(Timestamp),
}

/// Judges a wall clock by the build of this program and by the newest record.
pub fn judge(now: Timestamp, newest: Option<Timestamp>) -> Judged {
    let built =
        BUILT.and_then(|text| text.parse().ok()).and_then(|s| Timestamp::from_second(s).ok());
    let is_before = |at: &Timestamp| now.duration_until(*at) > BACK;
    match (built.filter(is_before), newest.filter(is_before)) {
        (Some(_), _) => Judged::BeforeBuild,
        (None, Some(newest)) => Judged::BeforeRecord(newest),
        (None, None) => Judged::Possible,
    }
}

/// Whether the wall clock cannot be right: every date that a visit goes by would be wrong.
pub fn is_wrong(now: Timestamp, newest: Option<Timestamp>) -> bool {
    judge(now, newest) != Judged::Possible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_before_the_newest_record_or_the_build_is_wrong() {
        let now = Timestamp::now();
        let minute = SignedDuration::from_mins(1);
        assert!(!is_wrong(now, None) && !is_wrong(now, Some(now)));
        assert!(!is_wrong(now, Some(now + minute)), "corrected by a time server");
        assert!(is_wrong(now, Some(now + minute * 3)));
        assert!(is_wrong("2001-01-01T00:00:00Z".parse().unwrap(), None));
    }

    #[test]
    fn sleep_is_counted_once_it_was_looked_for() {
        let hour = Duration::from_hours(1);
        let Some(uptime) = uptime() else { return };
        let clock = System {
            start: Instant::now(),
            uptime: uptime.checked_sub(hour).or(Some(Duration::ZERO)),
            slept_ms: AtomicU64::new(0),
        };
        assert!(clock.now().monotonic.0 < 1_000_000);
        clock.look();
        let slept = millis(uptime.min(hour));
        assert!(clock.now().monotonic.0 + 2_000 >= slept, "{:?}", clock.now());
    }
}
