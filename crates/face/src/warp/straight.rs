//! Windows that are not turned: rows and columns are weighted one after the other.

use std::ops::Range;

use super::{Band, offset, real, vector};
use crate::engine::vector::{add_product, f32x4};
use crate::frame::Frame;

/// A window that is not turned: rows and columns are weighted one after the other.
pub(super) fn straight(frame: Frame<'_>, rows: &Axis, columns: &Axis, band: Band<'_>) {
    let finish = band.finish;
    let used = columns.reach();
    let mut sums = vec![f32x4::ZERO; used.len()];
    for (row, pixels) in band.rows() {
        sums.fill(f32x4::ZERO);
        let (first, weights) = rows.at(row);
        for (y, weight) in (first..).zip(weights) {
            let weight = f32x4::splat(*weight);
            let seen = sums.iter_mut().zip(frame.row(y, used.clone()));
            seen.for_each(|(sum, seen)| *sum = add_product(*sum, vector(*seen), weight));
        }
        for (column, pixel) in pixels.iter_mut().enumerate() {
            let (first, weights) = columns.at(column);
            let seen = sums.get(first.wrapping_sub(used.start)..).unwrap_or_default();
            let sum = seen.iter().zip(weights).fold(f32x4::ZERO, |sum, (seen, weight)| {
                add_product(sum, *seen, f32x4::splat(*weight))
            });
            *pixel = finish.apply(sum);
        }
    }
}

/// Which pixels of one axis a window sees, and how much of each.
pub(super) struct Axis {
    /// For each place in the window: first pixel, and its weights in `weights`.
    spans: Vec<(usize, Range<usize>)>,
    weights: Vec<f32>,
}

impl Axis {
    /// `count` places; place `n` shows `a·n + shift`. `apart` takes the nearest pixel of each sample.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "range is checked just before"
    )]
    pub(super) fn new(
        count: usize,
        a: f32,
        shift: f32,
        taps: u8,
        limit: usize,
        apart: bool,
    ) -> Self {
        let (mut spans, mut weights) = (Vec::with_capacity(count), Vec::with_capacity(count * 5));
        let share = 1.0 / f32::from(taps);
        for place in 0..count {
            let mut seen = [(0, 0.0); 8];
            let mut found = 0;
            let mut see = |pixel: f32, weight: f32| {
                if pixel >= 0.0 && pixel < real(limit) {
                    seen[found] = (pixel as usize, weight * share);
                    found += 1;
                }
            };
            for tap in 0..taps {
                let at = a * (real(place) + offset(tap, taps)) + shift;
                if apart {
                    see((at + 0.5).floor(), 1.0);
                } else {
                    let (left, part) = (at.floor(), at - at.floor());
                    see(left, 1.0 - part);
                    see(left + 1.0, part);
                }
            }
            let pixels = seen[..found].iter().map(|(pixel, _)| *pixel);
            let (first, last) = (pixels.clone().min(), pixels.max());
            let begin = weights.len();
            if let (Some(first), Some(last)) = (first, last) {
                weights.resize(begin + last - first + 1, 0.0);
                seen[..found]
                    .iter()
                    .for_each(|(pixel, part)| weights[begin + pixel - first] += part);
            }
            spans.push((first.unwrap_or(0), begin..weights.len()));
        }
        Self { spans, weights }
    }

    fn at(&self, place: usize) -> (usize, &[f32]) {
        let (first, weights) = &self.spans[place];
        (*first, &self.weights[weights.clone()])
    }

    /// From the first pixel that is seen to the last.
    fn reach(&self) -> Range<usize> {
        let seen = self.spans.iter().filter(|(_, weights)| !weights.is_empty());
        let first = seen.clone().map(|(first, _)| *first).min().unwrap_or(0);
        first..seen.map(|(first, weights)| first + weights.len()).max().unwrap_or(first)
    }
}
