//! Whether the bridge has fallen silent.

use protocol::SILENCE_MS;

/// When the other side was heard last, in milliseconds of any clock that does not go back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Silence(f64);

impl Silence {
    /// Something was heard, or is waited for from now on.
    pub(crate) fn since(now_ms: f64) -> Self {
        Self(now_ms)
    }

    /// Whether it has lasted too long. A bridge that is there speaks every few seconds.
    pub(crate) fn is_over(self, now_ms: f64) -> bool {
        now_ms - self.0 >= f64::from(SILENCE_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::ALIVE_MS;

    #[test]
    fn ten_seconds_are_too_long_and_two_lost_signs_are_not() {
        let silence = Silence::since(500.0);
        assert!(!silence.is_over(500.0 + 3.0 * f64::from(ALIVE_MS)));
        assert!(!silence.is_over(10_499.0));
        assert!(silence.is_over(10_500.0));
    }
}
