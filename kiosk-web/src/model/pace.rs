//! `present` at most every five seconds.

/// Shortest time between two of them in milliseconds.
const EVERY_MS: f64 = 5_000.0;

/// Lets one through per [`EVERY_MS`].
#[derive(Debug, Default)]
pub(crate) struct Pace {
    last_ms: Option<f64>,
}

impl Pace {
    /// Whether this one goes through.
    pub(crate) fn admits(&mut self, now_ms: f64) -> bool {
        let due = self.last_ms.is_none_or(|last| now_ms - last >= EVERY_MS);
        if due {
            self.last_ms = Some(now_ms);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_in_five_seconds() {
        let mut pace = Pace::default();
        let passed: Vec<bool> =
            [0.0, 1.0, 4_999.0, 5_000.0, 5_001.0].map(|now| pace.admits(now)).into();
        assert_eq!(passed, [true, false, false, true, false]);
    }
}
