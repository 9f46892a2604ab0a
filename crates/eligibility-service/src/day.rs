//! What kind of day the service has.

use eligibility_sim::spread;
use std::time::Duration;

/// How well it does. The same day and the same number of a question give the same delay, so that a run can be repeated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Each answer takes from nothing to so long, by the number of the question.
    pub slow: Duration,
    /// Of each span of so long …
    pub every: Duration,
    /// … it is away for so long at the end.
    pub outage: Duration,
    /// Which delays.
    pub seed: u64,
}

impl Day {
    /// How long the answer to the `nth` question takes.
    #[must_use]
    pub fn delay(&self, nth: u64) -> Duration {
        let most = u64::try_from(self.slow.as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(spread(self.seed, nth) % most.saturating_add(1))
    }

    /// Whether it is away so long after its start.
    #[must_use]
    pub fn is_out(&self, since_start: Duration) -> bool {
        let every = self.every.as_millis();
        let Some(at) = since_start.as_millis().checked_rem(every) else { return false };
        at >= every.saturating_sub(self.outage.as_millis())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fine_day_has_neither_delay_nor_outage() {
        let day = Day::default();
        assert!((0..100).all(|nth| day.delay(nth) == Duration::ZERO));
        assert!((0..100).all(|second| !day.is_out(Duration::from_secs(second))));
    }

    #[test]
    fn a_slow_day_delays_each_answer_as_far_as_it_says() {
        let day = Day { slow: Duration::from_millis(900), ..Day::default() };
        let delays: Vec<_> = (0..1_000).map(|nth| day.delay(nth)).collect();
        assert!(delays.iter().all(|delay| *delay <= day.slow));
        assert!(delays.iter().any(|delay| *delay > Duration::from_millis(800)));
        assert!(delays.iter().any(|delay| *delay < Duration::from_millis(100)));
        assert_eq!(delays, (0..1_000).map(|nth| day.delay(nth)).collect::<Vec<_>>());
    }

    #[test]
    fn an_outage_is_the_end_of_each_span() {
        let second = Duration::from_secs;
        let day = Day { every: second(60), outage: second(10), ..Day::default() };
        let out: Vec<_> = (0..120).filter(|at| day.is_out(second(*at))).collect();
        assert_eq!(out, (50..60).chain(110..120).collect::<Vec<_>>());
    }
}
