//! How long to wait between two tries of one question.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(3);

/// After the `failed`th try, from 1: doubled each time. `chance` (0 to 1) spreads it over the upper half, so that those who
/// failed together do not come back together; `asked`: what the service asked for, which counts as far as it is longer.
pub(super) fn pause(failed: u32, chance: f64, asked: Option<Duration>) -> Duration {
    let doubled = FIRST.saturating_mul(1 << failed.saturating_sub(1).min(8)).min(LONGEST);
    let spread = doubled.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0);
    spread.max(asked.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_three_seconds_and_are_spread() {
        let ms = |failed, chance| pause(failed, chance, None).as_millis();
        assert_eq!(
            [1, 2, 3, 4, 5, 6, 60].map(|failed| ms(failed, 1.0)),
            [200, 400, 800, 1_600, 3_000, 3_000, 3_000]
        );
        assert_eq!([1, 2, 5].map(|failed| ms(failed, 0.0)), [100, 200, 1_500]);
        assert_eq!(pause(1, 0.5, Some(Duration::from_secs(2))), Duration::from_secs(2));
        assert_eq!(pause(6, 1.0, Some(Duration::from_secs(1))), LONGEST);
    }
}
