//! Passcodes of the facility, as `bridge::passcode` checks them with a clock.

use checkin::Millis;
use checkin::event::PasscodeProblem;

/// Passcodes at the bridge: three wrong ones are free, then every further one makes the next wait
/// longer.
#[derive(Default)]
pub(super) struct Passcodes {
    wrong: u32,
    until: Millis,
}

impl Passcodes {
    pub(super) fn check(&mut self, right: bool, now: Millis) -> Result<(), PasscodeProblem> {
        let wait = self.until.since(now);
        if wait > 0 {
            let wait_s = u32::try_from(wait.div_ceil(1000)).unwrap_or(u32::MAX);
            return Err(PasscodeProblem::Throttled { wait_s });
        }
        if right {
            *self = Self::default();
            return Ok(());
        }
        self.wrong += 1;
        if self.wrong >= 3 {
            self.until = now.plus(30_000 << (self.wrong - 3).min(5));
        }
        Err(PasscodeProblem::Wrong)
    }
}
