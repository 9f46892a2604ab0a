//! Waiting times between attempts to reach the bridge again.

/// First wait in milliseconds.
const FIRST_MS: u32 = 250;
/// Longest wait in milliseconds.
const LONGEST_MS: u32 = 2_000;

/// Doubles from 0.25 s to 2 s; [`Backoff::reset`] after a good connection.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Milliseconds to wait before the next attempt.
    pub(crate) fn next_ms(&mut self) -> u32 {
        let wait = FIRST_MS.saturating_mul(1 << self.failures.min(8)).min(LONGEST_MS);
        self.failures = self.failures.saturating_add(1);
        wait
    }

    /// The connection works: start from the shortest wait next time.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_two_seconds_and_start_over() {
        let mut backoff = Backoff::default();
        let waits: Vec<u32> = (0..6).map(|_| backoff.next_ms()).collect();
        assert_eq!(waits, [250, 500, 1_000, 2_000, 2_000, 2_000]);
        backoff.reset();
        assert_eq!(backoff.next_ms(), 250);
    }

    #[test]
    fn a_night_without_bridge_does_not_overflow() {
        let mut backoff = Backoff { failures: u32::MAX };
        assert_eq!(backoff.next_ms(), 2_000);
    }
}
