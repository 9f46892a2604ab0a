//! Sampling a picture through a similarity transform into the pixels that a model reads.

mod straight;
mod turned;

use std::ops::Range;

use straight::{Axis, straight};
use turned::turned;

use crate::beside;
use crate::engine::vector::{LANES, f32x4};
use crate::frame::Frame;

/// A point in frame pixels, `[x, y]`.
pub type Point = [f32; 2];

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

/// One pixel as the engine reads it: channels in the order of a [`Colour`], then zeros.
pub(crate) type Pixel = [f32; LANES];

/// `(value − mean) ÷ divisor`, value 0..=255.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normalise {
    /// Subtracted first.
    pub mean: f32,
    /// Divided by then.
    pub divisor: f32,
}

/// Cuts a `width × height` window out of `frame`, row by row, channels in the order of `colour`.
///
/// `to_picture` maps window pixels to picture pixels. Bilinear; when the window shrinks the picture, each
/// pixel is the mean of up to 4×4 samples, so that fine texture does not alias. Outside the picture is black.
pub fn crop(
    frame: Frame<'_>,
    to_picture: Similarity,
    [width, height]: [usize; 2],
    colour: Colour,
    normalise: Normalise,
) -> Vec<Pixel> {
    let mut pixels = vec![[0.0; LANES]; width * height];
    let band = Band {
        rows: 0..height,
        width,
        pixels: &mut pixels,
        finish: Finish::new(colour, normalise),
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
    pixels
}

/// From red, green, blue to what the model reads.
#[derive(Clone, Copy)]
struct Finish {
    colour: Colour,
    mean: f32x4,
    /// 0 where there is no channel.
    factor: f32x4,
}

impl Finish {
    fn new(colour: Colour, Normalise { mean, divisor }: Normalise) -> Self {
        let channels = if colour == Colour::Grey { 1 } else { 3 };
        let factor = std::array::from_fn(|lane| if lane < channels { 1.0 / divisor } else { 0.0 });
        Self { colour, mean: f32x4::splat(mean), factor: f32x4::new(factor) }
    }

    /// One pixel: red, green, blue, 0..=255; what comes after them does not count.
    #[inline]
    fn apply(&self, rgb: f32x4) -> Pixel {
        let ordered = match self.colour {
            Colour::Rgb => rgb,
            Colour::Bgr => {
                let [r, g, b, rest] = rgb.to_array();
                f32x4::new([b, g, r, rest])
            }
            Colour::Grey => {
                let [r, g, b, _] = rgb.to_array();
                f32x4::splat(luma([r, g, b]))
            }
        };
        ((ordered - self.mean) * self.factor).to_array()
    }
}

/// Some rows of the window, to be written.
struct Band<'a> {
    rows: Range<usize>,
    width: usize,
    pixels: &'a mut [Pixel],
    finish: Finish,
}

impl<'a> Band<'a> {
    /// Does `work` for all rows, in halves where that is faster.
    fn in_halves(self, work: impl Fn(Band<'_>) + Sync) {
        let Band { rows, width, pixels, finish } = self;
        let middle = rows.len() / 2;
        if middle == 0 || !beside::is_worth_it(rows.len() * width, WORTH) {
            return work(Band { rows, width, pixels, finish });
        }
        let (first, second) = pixels.split_at_mut(middle * width);
        let middle = rows.start + middle;
        let first = Band { rows: rows.start..middle, width, pixels: first, finish };
        let second = Band { rows: middle..rows.end, width, pixels: second, finish };
        beside::both(|| work(first), || work(second));
    }

    /// Every row with its number.
    fn rows(self) -> impl Iterator<Item = (usize, &'a mut [Pixel])> {
        self.rows.zip(self.pixels.chunks_exact_mut(self.width))
    }
}

/// Mirrors rows of pixels left to right.
pub(crate) fn mirror(pixels: &mut [Pixel], width: usize) {
    pixels.chunks_exact_mut(width).for_each(<[Pixel]>::reverse);
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

/// Red, green, blue and what comes after them.
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

    pub(super) fn ramp() -> Picture {
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
        assert!((rgb[5][0] - 15.0).abs() < 1e-4 && (rgb[64 * 2][1] - 8.0).abs() < 1e-4);
        let swapped = rgb.iter().map(|[r, g, b, _]| [*b, *g, *r, 0.0].map(f32::to_bits));
        assert!(swapped.eq(bgr.iter().map(|pixel| pixel.map(f32::to_bits))));
    }

    #[test]
    fn halving_takes_the_mean_of_four() {
        let out =
            crop(ramp().frame(), Similarity::window(0.0, 0.0, 2.0), [32, 24], Colour::Rgb, PLAIN);
        assert!((out[1][0] - 7.5).abs() < 1e-4, "columns 2 and 3 hold 6 and 9: {:?}", out[1]);
    }

    proptest! {
        #[test]
        fn any_transform_stays_inside(a in -1e6_f32..1e6, b in -1e6_f32..1e6, tx in any::<f32>(), ty in any::<f32>()) {
            let out = crop(ramp().frame(), Similarity { a, b, tx, ty }, [8, 8], Colour::Bgr, PLAIN);
            prop_assert!(out.as_flattened().iter().all(|value| (0.0..=255.01).contains(value)));
        }

        #[test]
        fn inverse_undoes(a in -3.0_f32..3.0, b in 0.1_f32..3.0, tx in -50.0_f32..50.0, ty in -50.0_f32..50.0) {
            let forth = Similarity { a, b, tx, ty };
            let [x, y] = forth.inverse().unwrap().apply(forth.apply([7.0, -3.0]));
            prop_assert!((x - 7.0).abs() < 0.01 && (y + 3.0).abs() < 0.01);
        }
    }
}
