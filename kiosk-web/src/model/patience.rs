//! How long a silent worker is waited for.

/// Longest silence after a frame, in milliseconds, once the worker has shown what it can: with the start of a new worker
/// the person waits less than a second.
const STALL_MS: u32 = 400;
/// So many times its usual time may a frame take before the worker counts as stalled, on machines that need longer.
const STALL_FACTOR: f64 = 4.0;
/// Longest silence after a photo or the first frame, in milliseconds: the browser still compiles.
pub(crate) const FIRST_MS: u32 = 5_000;

/// How long to wait for a frame when the slowest so far took `slowest_ms`, in milliseconds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped between two small constants"
)]
pub(crate) fn stall_ms(slowest_ms: f64) -> u32 {
    if slowest_ms <= 0.0 {
        return FIRST_MS;
    }
    (slowest_ms * STALL_FACTOR).clamp(f64::from(STALL_MS), f64::from(FIRST_MS)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_machines_get_more_time() {
        assert_eq!(
            [0.0, 30.0, 300.0, 9_000.0].map(stall_ms),
            [FIRST_MS, STALL_MS, 1_200, FIRST_MS]
        );
    }
}
