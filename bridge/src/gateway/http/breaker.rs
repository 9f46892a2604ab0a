//! Whether the service is worth a try. After some failures in a row nothing is sent to it for a while, so that a service that
//! comes back is not met by everybody at once, and people at the kiosks do not wait in vain.

use std::time::{Duration, Instant};

/// So many failures in a row open it.
const FAILURES: u32 = 5;
/// So long it stays open; then one try shows whether the service is back.
pub(super) const OPEN: Duration = Duration::from_secs(5);

/// A circuit breaker.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    /// Failures in a row.
    failures: u32,
    /// Since when nothing is tried, or when the last try was that shows whether the service is back.
    open_since: Option<Instant>,
}

impl Breaker {
    /// Whether something may be tried now. Asking this counts as the try that shows whether the service is back.
    pub(super) fn may_try(&mut self, now: Instant) -> bool {
        match &mut self.open_since {
            None => true,
            Some(since) if now.duration_since(*since) >= OPEN => {
                *since = now;
                true
            }
            Some(_) => false,
        }
    }

    /// The service has replied, whatever it said.
    pub(super) fn replied(&mut self) {
        *self = Self::default();
    }

    /// It has not, or said that it is down.
    pub(super) fn failed(&mut self, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES {
            self.open_since.get_or_insert(now);
        }
    }

    /// Whether it lets everything through.
    pub(super) fn is_closed(&self) -> bool {
        self.open_since.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_failures_in_a_row_and_closes_with_the_first_reply() {
        let start = Instant::now();
        let mut breaker = Breaker::default();
        for _ in 1..FAILURES {
            breaker.failed(start);
        }
        breaker.replied();
        for _ in 1..FAILURES {
            breaker.failed(start);
            assert!(breaker.is_closed() && breaker.may_try(start));
        }
        breaker.failed(start);
        assert!(!breaker.is_closed());
        let almost = OPEN.checked_sub(Duration::from_millis(1)).unwrap();
        assert!(!breaker.may_try(start + almost));
        // One may try, and the others wait for what becomes of it.
        assert!(breaker.may_try(start + OPEN) && !breaker.may_try(start + OPEN));
        breaker.failed(start + OPEN);
        assert!(!breaker.may_try(start + OPEN) && breaker.may_try(start + OPEN * 2));
        breaker.replied();
        assert!(breaker.is_closed() && breaker.may_try(start + OPEN * 2));
    }
}
