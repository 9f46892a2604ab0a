//! One line per step, with seconds.

use std::time::{Duration, Instant};

use anyhow::Result;

/// Runs one step, announcing it and telling how long it took.
///
/// # Errors
/// Those of the step.
pub(crate) fn step<T>(label: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("▸ {label} …");
    let start = Instant::now();
    let result = work();
    let outcome = if result.is_ok() { "✓" } else { "✗" };
    eprintln!("{outcome} {label} ({})", seconds(start.elapsed()));
    result
}

/// A duration in seconds with one decimal.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
