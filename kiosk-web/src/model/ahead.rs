//! How much the clock of the bridge is before that of this computer.

/// For so long at least, and twice as long at most, what was heard counts, in milliseconds: clocks are set.
const WINDOW_MS: f64 = 300_000.0;

/// By the moments that the bridge tells. Each arrives late, by a little or, after a reconnect, by much, and so makes the difference
/// too small: the largest one is the nearest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ahead {
    // All in milliseconds.
    began: f64,
    now: Option<f64>,
    before: Option<f64>,
}

impl Ahead {
    /// Nothing was heard yet.
    pub(crate) fn new() -> Self {
        Self { began: 0.0, now: None, before: None }
    }

    /// A moment differed by so much; `at_ms` by a clock that is not set.
    pub(crate) fn hear(&mut self, difference_ms: f64, at_ms: f64) {
        if at_ms - self.began >= WINDOW_MS {
            (self.before, self.now) = (self.now, None);
            self.began = at_ms;
        }
        self.now = largest(self.now, Some(difference_ms));
    }

    /// In milliseconds.
    pub(crate) fn ms(self) -> f64 {
        largest(self.now, self.before).unwrap_or(0.0)
    }
}

fn largest(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_late_does_not_make_the_clock_go_back() {
        let mut ahead = Ahead::new();
        for (difference, at, expected) in [
            (-30.0, 1_000.0, -30.0),
            // Written before the connection broke, read after it.
            (-8_000.0, 9_000.0, -30.0),
            (-10.0, 20_000.0, -10.0),
        ] {
            ahead.hear(difference, at);
            assert!((ahead.ms() - expected).abs() < f64::EPSILON, "{ahead:?}");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_is_believed_in_the_end() {
        let mut ahead = Ahead::new();
        ahead.hear(600_000.0, 1_000.0);
        for (at, expected) in [(301_000.0, 600_000.0), (601_000.0, 0.0)] {
            ahead.hear(0.0, at);
            assert!((ahead.ms() - expected).abs() < f64::EPSILON, "{ahead:?}");
        }
    }
}
