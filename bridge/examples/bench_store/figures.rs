//! What many durations say.

use anyhow::{Context as _, Result};
use serde_json::Value;
use std::time::{Duration, Instant};

/// Durations of one kind.
#[derive(Default)]
pub(crate) struct Figures(Vec<Duration>);

impl Figures {
    /// Takes the time of one more.
    pub(crate) fn time<T>(&mut self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let begun = Instant::now();
        let done = work()?;
        self.push(begun.elapsed());
        Ok(done)
    }

    /// One more, whose time was taken.
    pub(crate) fn push(&mut self, one: Duration) {
        self.0.push(one);
    }

    /// Those of another one, too.
    pub(crate) fn add(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// So many of 1,000 took no longer, in milliseconds.
    ///
    /// # Errors
    /// There are none: nothing was measured.
    pub(crate) fn ms(&self, per_mille: usize) -> Result<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * per_mille).div_ceil(1000).saturating_sub(1);
        Ok(sorted.get(at).context("nothing was measured")?.as_secs_f64() * 1000.0)
    }

    /// So many in a second, one after the other.
    pub(crate) fn per_s(&self) -> f64 {
        let sum: Duration = self.0.iter().sum();
        count(self.0.len()) / sum.as_secs_f64()
    }
}

/// A count as a number to calculate with.
pub(crate) fn count(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

pub(crate) fn print(all: &Value) {
    for (group, figures) in all.as_object().into_iter().flatten() {
        for (name, figure) in figures.as_object().into_iter().flatten() {
            let figure = figure.as_f64().unwrap_or(f64::NAN);
            println!("{:<34} {figure:>10.2}", format!("{group}.{name}"));
        }
    }
}
