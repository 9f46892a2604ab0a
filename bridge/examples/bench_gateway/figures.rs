//! Figures.

/// To one decimal.
pub(crate) fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// What so many percent of these, which are in order, do not exceed; 0 without any.
pub(crate) fn at_share(sorted: &[f64], percent: usize) -> f64 {
    sorted.get(sorted.len() * percent / 100).copied().unwrap_or_default()
}
