//! Slower after wrong ones, at each door by itself, and across restarts.

use crate::private;
use checkin::event::PasscodeProblem;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// In the data folder: how many wrong ones there were, and until when the next has to wait. Nothing of what was typed.
const FILE: &str = "passcode-throttle.json";
/// Longer than that file ever is, in bytes.
const LONGEST_FILE: u64 = 1024;

/// Wrong ones before the first wait.
const FREE_TRIES: u32 = 3;
/// First wait, doubled with every further wrong one.
const FIRST_WAIT: Duration = Duration::from_secs(30);
/// Longest wait.
const LONGEST_WAIT: Duration = Duration::from_mins(15);

/// Where a passcode is typed. Guesses at one door do not close the other one: a bored child at the kiosk must not keep the
/// staff from their board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// On the kiosk's screen.
    Kiosk,
    /// On the staff board.
    Board,
}

/// The throttles of both doors.
#[derive(Default)]
pub(super) struct Throttles {
    kiosk: Throttle,
    board: Throttle,
    file: Option<PathBuf>,
}

impl Throttles {
    /// As an earlier start left them in `folder`.
    pub(super) fn kept_in(folder: &Path, now: Moment) -> Self {
        let file = folder.join(FILE);
        let kept = read(&file).unwrap_or_default();
        Self {
            kiosk: Throttle::restored(&kept.kiosk, now),
            board: Throttle::restored(&kept.board, now),
            file: Some(file),
        }
    }

    /// Counts a try as a wrong one before it is checked, so that pulling the plug in the middle wins nothing.
    ///
    /// # Errors
    /// [`PasscodeProblem::Throttled`] when it is not yet time for another one.
    pub(super) fn begin(&mut self, door: Door, now: Moment) -> Result<(), PasscodeProblem> {
        self.at(door).allow(now.monotonic)?;
        self.at(door).wrong(now.monotonic);
        self.keep(now);
        Ok(())
    }

    /// It was the right one.
    pub(super) fn right(&mut self, door: Door, now: Moment) {
        *self.at(door) = Throttle::default();
        self.keep(now);
    }

    /// Seconds that the next one has to wait; `None` when it need not.
    pub(super) fn wait(&self, door: Door, now: Moment) -> Option<u32> {
        let throttle = match door {
            Door::Kiosk => &self.kiosk,
            Door::Board => &self.board,
        };
        match throttle.allow(now.monotonic) {
            Err(PasscodeProblem::Throttled { wait_s }) => Some(wait_s),
            _ => None,
        }
    }

    fn at(&mut self, door: Door) -> &mut Throttle {
        match door {
            Door::Kiosk => &mut self.kiosk,
            Door::Board => &mut self.board,
        }
    }

    fn keep(&self, now: Moment) {
        let Some(file) = &self.file else { return };
        let kept = Kept { kiosk: self.kiosk.kept(now), board: self.board.kept(now) };
        if let Err(error) = write(file, &kept) {
            tracing::error!(%error, "how often a wrong passcode was typed is not kept over a restart");
        }
    }
}

/// Both clocks: the monotonic one measures waits, the wall clock carries them over a restart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) monotonic: Instant,
    pub(super) wall: Timestamp,
}

impl Moment {
    pub(super) fn now() -> Self {
        Self { monotonic: Instant::now(), wall: Timestamp::now() }
    }
}

#[derive(Default, Serialize, Deserialize)]
struct Kept {
    kiosk: KeptThrottle,
    board: KeptThrottle,
}

#[derive(Default, Serialize, Deserialize)]
struct KeptThrottle {
    wrong: u32,
    until: Option<Timestamp>,
}

fn read(file: &Path) -> Option<Kept> {
    let mut text = String::new();
    File::open(file).ok()?.take(LONGEST_FILE).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

fn write(file: &Path, kept: &Kept) -> std::io::Result<()> {
    let new = file.with_extension("new");
    let mut out = private::options().create(true).truncate(true).write(true).open(&new)?;
    out.write_all(&serde_json::to_vec(kept).map_err(std::io::Error::other)?)?;
    out.sync_all()?;
    std::fs::rename(new, file)
}

#[derive(Default)]
struct Throttle {
    wrong: u32,
    until: Option<Instant>,
}

impl Throttle {
    /// A clock that was set back makes no wait longer than the longest.
    fn restored(kept: &KeptThrottle, now: Moment) -> Self {
        let left = |until: Timestamp| {
            let left = until.duration_since(now.wall).max(SignedDuration::ZERO);
            now.monotonic + left.unsigned_abs().min(LONGEST_WAIT)
        };
        Self { wrong: kept.wrong, until: kept.until.map(left) }
    }

    fn kept(&self, now: Moment) -> KeptThrottle {
        let wall = |until: Instant| {
            let left = until.saturating_duration_since(now.monotonic);
            now.wall.saturating_add(left).unwrap_or(now.wall)
        };
        KeptThrottle { wrong: self.wrong, until: self.until.map(wall) }
    }

    fn allow(&self, now: Instant) -> Result<(), PasscodeProblem> {
        let wait = self.until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        if wait.is_zero() {
            return Ok(());
        }
        let wait_s = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX);
        Err(PasscodeProblem::Throttled { wait_s })
    }

    fn wrong(&mut self, now: Instant) {
        self.wrong = self.wrong.saturating_add(1);
        if let Some(further) = self.wrong.checked_sub(FREE_TRIES) {
            let wait = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(further));
            self.until = Some(now + wait.min(LONGEST_WAIT));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait_of(throttles: &mut Throttles, door: Door, now: Moment) -> u32 {
        match throttles.at(door).allow(now.monotonic) {
            Err(PasscodeProblem::Throttled { wait_s }) => wait_s,
            _ => 0,
        }
    }

    fn later(now: Moment, seconds: u32) -> Moment {
        let passed = Duration::from_secs(seconds.into());
        Moment { monotonic: now.monotonic + passed, wall: now.wall + passed }
    }

    #[test]
    fn three_wrong_ones_then_waits_that_double_up_to_a_quarter_of_an_hour() {
        let mut throttles = Throttles::default();
        let mut now = Moment::now();
        let mut waits = Vec::new();
        for _ in 0..10 {
            throttles.begin(Door::Kiosk, now).unwrap();
            let wait = wait_of(&mut throttles, Door::Kiosk, now);
            waits.push(wait);
            now = later(now, wait);
        }
        assert_eq!(waits, [0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
        throttles.right(Door::Kiosk, now);
        throttles.begin(Door::Kiosk, now).unwrap();
        assert_eq!(wait_of(&mut throttles, Door::Kiosk, now), 0, "a right one starts anew");
    }

    #[test]
    fn each_door_is_slowed_down_by_itself() {
        let (mut throttles, now) = (Throttles::default(), Moment::now());
        for _ in 0..3 {
            throttles.begin(Door::Kiosk, now).unwrap();
        }
        assert!(throttles.begin(Door::Kiosk, now).is_err());
        assert_eq!(throttles.begin(Door::Board, now), Ok(()));
    }

    #[test]
    fn a_restart_ends_no_wait_and_a_clock_set_back_makes_none_longer() {
        let folder = tempfile::tempdir().unwrap();
        let now = Moment::now();
        let mut before = Throttles::kept_in(folder.path(), now);
        for _ in 0..3 {
            before.begin(Door::Board, now).unwrap();
        }
        drop(before);
        let mut after = Throttles::kept_in(folder.path(), later(now, 10));
        assert_eq!(wait_of(&mut after, Door::Board, later(now, 10)), 20);
        assert_eq!(wait_of(&mut after, Door::Kiosk, later(now, 10)), 0);
        let back = Moment { wall: now.wall - SignedDuration::from_hours(1000), ..now };
        let mut after = Throttles::kept_in(folder.path(), back);
        assert_eq!(wait_of(&mut after, Door::Board, back), 900);
        after.at(Door::Board).until = Some(now.monotonic);
        after.begin(Door::Board, now).unwrap();
        assert_eq!(wait_of(&mut after, Door::Board, now), 60, "the count goes on");
    }
}
