//! Sampling a picture through a similarity transform into the planar floats that a model reads.

use std::ops::Range;

use crate::beside;
use crate::engine::vector::{f32x4, vectors};
use crate::frame::Frame;

/// Pixels of a window below which two threads only wait for each other.
const WORTH: usize = 1_000;

/// Maps a point of the model's input to a point of the picture: scale and rotation (`a`, `b`), then shift.
///
/// `x' = a·x − b·y + tx`, `y' = b·x + a·y + ty`, in pixels, pixel centres at integer coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Similarity {
    /// Scale × cos of the rotation.
    pub a: f32,
    /// Scale × sin of the rotation.
    pub b: f32,
    /// Shift to the right in pixels.
    pub tx: f32,
    /// Shift downwards in pixels.
    pub ty: f32,
}

impl Similarity {
    /// Scale without rotation: input pixel (0, 0) shows the picture at `left`, `top`, one input pixel covers `step` pixels.
    pub fn window(left: f32, top: f32, step: f32) -> Self {
        // Centres of pixels, not their corners, are mapped onto each other.
        let half = (step - 1.0) / 2.0;
        Self { a: step, b: 0.0, tx: left + half, ty: top + half }
    }

    /// The mapped point.
    pub fn apply(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        [self.a * x - self.b * y + self.tx, self.b * x + self.a * y + self.ty]
    }

    /// Scale factor (> 0 for a usable transform).
    pub fn scale(&self) -> f32 {
        self.a.hypot(self.b)
    }

    /// The transform in the other direction, or `None` when this one collapses everything to a point.
    pub fn inverse(&self) -> Option<Self> {
        let square = self.a * self.a + self.b * self.b;
        if !square.is_finite() || square < 1e-12 {
            return None;
        }
        let (a, b) = (self.a / square, -self.b / square);
        Some(Self { a, b, tx: -(a * self.tx - b * self.ty), ty: -(b * self.tx + a * self.ty) })
    }
}

/// Channels that a model reads, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Red, green, blue.
    Rgb,
    /// Blue, green, red.
    Bgr,
    /// One channel, ITU-R BT.601 luma.
    Grey,
}

/// `(value − mean) ÷ divisor`, value 0..=255.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normalise {
    /// Subtracted first.
    pub mean: f32,
    /// Divided by then.
    pub divisor: f32,
}

/// Cuts a `width × height` window out of `frame`: planar f32, 1×C×H×W, channels in the order of `colour`.
///
/// `to_picture` maps window pixels to picture pixels. Bilinear; when the window shrinks the picture, each
/// pixel is the mean of up to 4×4 samples, so that fine texture does not alias. Outside the picture is black.
pub fn crop(
    frame: Frame<'_>,
    to_picture: Similarity,
    [width, height]: [usize; 2],
    colour: Colour,
    normalise: Normalise,
) -> Vec<f32> {
    let channels = if colour == Colour::Grey { 1 } else { 3 };
    let mut out = vec![0.0; width * height * channels];
    let mut planes = out.chunks_exact_mut(width * height);
    let band = Band {
        rows: 0..height,
        width,
        planes: std::array::from_fn(|_| planes.next().unwrap_or_default()),
        colour,
        normalise,
    };
    if to_picture.b.abs() < 1e-9 {
        // Whole frames for the detector: their samples lie a pixel or more apart, and are not blended with their neighbours.
        let apart = colour == Colour::Rgb && to_picture.scale() >= 1.9;
        let taps = taps(to_picture.scale());
        let axis = |count, shift, limit| Axis::new(count, to_picture.a, shift, taps, limit, apart);
        let columns = axis(width, to_picture.tx, frame.width());
        let rows = axis(height, to_picture.ty, frame.height());
        band.in_halves(|band| straight(frame, &rows, &columns, band));
    } else {
        band.in_halves(|band| turned(frame, to_picture, band));
    }
    out
}

/// Some rows of the window, to be written.
struct Band<'a> {
    rows: Range<usize>,
    width: usize,
    /// One for each channel; empty for those that there are not.
    planes: [&'a mut [f32]; 3],
    colour: Colour,
    normalise: Normalise,
}

impl Band<'_> {
    /// Does `work` for all rows, in halves where that is faster.
    fn in_halves(self, work: impl Fn(Band<'_>) + Sync) {
        let Band { rows, width, planes, colour, normalise } = self;
        let middle = rows.len() / 2;
        if middle == 0 || !beside::is_worth_it(rows.len() * width, WORTH) {
            return work(Band { rows, width, planes, colour, normalise });
        }
        let at = middle * width;
        let [a, b, c] = planes.map(|plane| plane.split_at_mut(at.min(plane.len())));
        let (first, second) = (rows.start..rows.start + middle, rows.start + middle..rows.end);
        let first = Band { rows: first, width, planes: [a.0, b.0, c.0], colour, normalise };
        let second = Band { rows: second, width, planes: [a.1, b.1, c.1], colour, normalise };
        beside::both(|| work(first), || work(second));
    }

    /// Writes one pixel: red, green, blue, 0..=255.
    #[inline]
    fn put(&mut self, row: usize, column: usize, rgb: [f32; 3]) {
        let at = (row - self.rows.start) * self.width + column;
        let Normalise { mean, divisor } = self.normalise;
        let put = |value: f32| (value - mean) / divisor;
        let [r, g, b] = rgb;
        let values = match self.colour {
            Colour::Grey => return self.planes[0][at] = put(luma(rgb)),
            Colour::Rgb => [r, g, b],
            Colour::Bgr => [b, g, r],
        };
        for (plane, value) in self.planes.iter_mut().zip(values) {
            plane[at] = put(value);
        }
    }
}

/// Samples across (and down) one pixel of a window that shows `step` pixels of the picture.
fn taps(step: f32) -> u8 {
    if step <= 1.25 {
        1
    } else if step <= 2.5 {
        2
    } else if step <= 3.5 {
        3
    } else {
        4
    }
}

/// Where sample `index` of `taps` lies inside its pixel, −0.5..0.5.
fn offset(index: u8, taps: u8) -> f32 {
    (f32::from(index) + 0.5) / f32::from(taps) - 0.5
}

/// A window that is not turned: rows and columns are weighted one after the other.
fn straight(frame: Frame<'_>, rows: &Axis, columns: &Axis, mut band: Band<'_>) {
    let used = columns.reach();
    let mut sums = vec![0.0_f32; used.len() * 4];
    for row in band.rows.clone() {
        sums.fill(0.0);
        let (first, weights) = rows.at(row);
        for (y, weight) in (first..).zip(weights) {
            let bytes = frame.row(y, used.clone()).as_flattened();
            sums.iter_mut().zip(bytes).for_each(|(sum, byte)| *sum += weight * f32::from(*byte));
        }
        for column in 0..band.width {
            let (first, weights) = columns.at(column);
            let pixels = vectors(&sums).get(first.wrapping_sub(used.start)..).unwrap_or_default();
            let sum = pixels.iter().zip(weights).fold(f32x4::ZERO, |sum, (pixel, weight)| {
                sum + f32x4::new(*pixel) * f32x4::splat(*weight)
            });
            let [r, g, b, _] = sum.to_array();
            band.put(row, column, [r, g, b]);
        }
    }
}

/// Which pixels of one axis a window sees, and how much of each.
struct Axis {
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
    fn new(count: usize, a: f32, shift: f32, taps: u8, limit: usize, apart: bool) -> Self {
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

/// A window that is turned: every sample for itself.
fn turned(frame: Frame<'_>, to_picture: Similarity, mut band: Band<'_>) {
    let taps = taps(to_picture.scale());
    let weight = f32x4::splat(1.0 / f32::from(taps * taps));
    for row in band.rows.clone() {
        for column in 0..band.width {
            let mut sum = f32x4::ZERO;
            for tap in 0..taps * taps {
                let [x, y] = to_picture.apply([
                    real(column) + offset(tap % taps, taps),
                    real(row) + offset(tap / taps, taps),
                ]);
                sum += bilinear(frame, x, y);
            }
            let [r, g, b, _] = (sum * weight).to_array();
            band.put(row, column, [r, g, b]);
        }
    }
}

/// Mirrors planar 1×C×H×W data left to right.
pub(crate) fn mirror(planar: &mut [f32], width: usize) {
    planar.chunks_exact_mut(width).for_each(<[f32]>::reverse);
}

/// ITU-R BT.601 luma.
pub(crate) fn luma([r, g, b]: [f32; 3]) -> f32 {
    0.299 * r + 0.587 * g + 0.114 * b
}

/// A pixel count or position as a real number (exact up to 2²⁴, far above any side).
#[expect(clippy::cast_precision_loss, reason = "sides are at most a few thousand pixels")]
pub(crate) fn real(value: usize) -> f32 {
    value as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "range is checked just before"
)]
#[inline]
fn bilinear(frame: Frame<'_>, x: f32, y: f32) -> f32x4 {
    let (right, bottom) = (real(frame.width()), real(frame.height()));
    // Written so that a not-a-number coordinate is outside, too.
    if !(x > -1.0 && y > -1.0 && x < right && y < bottom) {
        return f32x4::ZERO;
    }
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (f32x4::splat(x - left), f32x4::splat(y - top));
    let corners = if left >= 0.0 && top >= 0.0 && left + 1.0 < right && top + 1.0 < bottom {
        let (x0, y0) = (left as usize, top as usize);
        let pair = |y| {
            let pixels = frame.row(y, x0..x0 + 2);
            [vector(pixels[0]), vector(pixels[1])]
        };
        [pair(y0), pair(y0 + 1)]
    } else {
        let at = |dx: f32, dy: f32| {
            let (px, py) = (left + dx, top + dy);
            let inside = px >= 0.0 && py >= 0.0 && px < right && py < bottom;
            if inside {
                vector(frame.row(py as usize, px as usize..px as usize + 1)[0])
            } else {
                f32x4::ZERO
            }
        };
        [[at(0.0, 0.0), at(1.0, 0.0)], [at(0.0, 1.0), at(1.0, 1.0)]]
    };
    let across = corners.map(|[left, right]| left + (right - left) * fx);
    across[0] + (across[1] - across[0]) * fy
}

#[inline]
fn vector(pixel: [u8; 4]) -> f32x4 {
    f32x4::new(pixel.map(f32::from))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::frame::Picture;

    const PLAIN: Normalise = Normalise { mean: 0.0, divisor: 1.0 };

    fn ramp() -> Picture {
        let samples: Vec<u8> = (0..64 * 48)
            .flat_map(|at: u32| {
                [u8::try_from(at % 64).unwrap() * 3, u8::try_from(at / 64).unwrap() * 4, 9]
            })
            .collect();
        Picture::from_samples(&samples, 3, 64, 48).unwrap()
    }

    #[test]
    fn identity_copies_and_orders_channels() {
        let picture = ramp();
        let same = Similarity { a: 1.0, b: 0.0, tx: 0.0, ty: 0.0 };
        let rgb = crop(picture.frame(), same, [64, 48], Colour::Rgb, PLAIN);
        let bgr = crop(picture.frame(), same, [64, 48], Colour::Bgr, PLAIN);
        assert!((rgb[5] - 15.0).abs() < 1e-4 && (rgb[64 * 48 + 64 * 2] - 8.0).abs() < 1e-4);
        assert_eq!(rgb[..64 * 48], bgr[2 * 64 * 48..]);
    }

    #[test]
    fn halving_takes_the_mean_of_four() {
        let out =
            crop(ramp().frame(), Similarity::window(0.0, 0.0, 2.0), [32, 24], Colour::Rgb, PLAIN);
        assert!((out[1] - 7.5).abs() < 1e-4, "columns 2 and 3 hold 6 and 9, got {}", out[1]);
    }

    proptest! {
        #[test]
        fn any_transform_stays_inside(a in -1e6_f32..1e6, b in -1e6_f32..1e6, tx in any::<f32>(), ty in any::<f32>()) {
            let out = crop(ramp().frame(), Similarity { a, b, tx, ty }, [8, 8], Colour::Bgr, PLAIN);
            prop_assert!(out.iter().all(|value| (0.0..=255.01).contains(value)));
        }

        #[test]
        fn inverse_undoes(a in -3.0_f32..3.0, b in 0.1_f32..3.0, tx in -50.0_f32..50.0, ty in -50.0_f32..50.0) {
            let forth = Similarity { a, b, tx, ty };
            let [x, y] = forth.inverse().unwrap().apply(forth.apply([7.0, -3.0]));
            prop_assert!((x - 7.0).abs() < 0.01 && (y + 3.0).abs() < 0.01);
        }
    }
}
