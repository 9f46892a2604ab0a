//! Sampling a picture through a similarity transform into the planar floats that a model reads.

use crate::frame::Frame;

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
    let plane = width * height;
    let channels = if colour == Colour::Grey { 1 } else { 3 };
    let mut out = vec![0.0; plane * channels];
    let step = to_picture.scale();
    let taps = if step <= 1.25 {
        1_u8
    } else if step <= 2.5 {
        2
    } else if step <= 3.5 {
        3
    } else {
        4
    };
    // Whole frames for the detector: their samples lie a pixel or more apart, and blending each would cost four times as much.
    let apart = colour == Colour::Rgb && to_picture.b.abs() < 1e-9 && step >= 1.9;
    let weight = 1.0 / f32::from(taps * taps);
    for row in 0..height {
        for column in 0..width {
            let mut sum = [0.0_f32; 3];
            for tap in 0..taps * taps {
                let offset = |index: u8| (f32::from(index) + 0.5) / f32::from(taps) - 0.5;
                let [x, y] = to_picture
                    .apply([real(column) + offset(tap % taps), real(row) + offset(tap / taps)]);
                let rgb = if apart { nearest(frame, x, y) } else { bilinear(frame, x, y) };
                sum = [sum[0] + rgb[0], sum[1] + rgb[1], sum[2] + rgb[2]];
            }
            let at = row * width + column;
            let put = |value: f32| (value * weight - normalise.mean) / normalise.divisor;
            match colour {
                Colour::Grey => out[at] = put(luma(sum)),
                Colour::Rgb => {
                    (0..3).for_each(|channel| out[channel * plane + at] = put(sum[channel]));
                }
                Colour::Bgr => {
                    (0..3).for_each(|channel| out[channel * plane + at] = put(sum[2 - channel]));
                }
            }
        }
    }
    out
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
fn nearest(frame: Frame<'_>, x: f32, y: f32) -> [f32; 3] {
    let (x, y) = (x + 0.5, y + 0.5);
    if x >= 0.0 && y >= 0.0 && x < real(frame.width()) && y < real(frame.height()) {
        frame.rgb(x as usize, y as usize).map(f32::from)
    } else {
        [0.0; 3]
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "range is checked just before"
)]
fn bilinear(frame: Frame<'_>, x: f32, y: f32) -> [f32; 3] {
    let (right, bottom) = (real(frame.width()), real(frame.height()));
    // Written so that a not-a-number coordinate is outside, too.
    if !(x > -1.0 && y > -1.0 && x < right && y < bottom) {
        return [0.0; 3];
    }
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (x - left, y - top);
    if left >= 0.0 && top >= 0.0 && left + 1.0 < right && top + 1.0 < bottom {
        let (x0, y0) = (left as usize, top as usize);
        return blend(
            [
                frame.rgb(x0, y0),
                frame.rgb(x0 + 1, y0),
                frame.rgb(x0, y0 + 1),
                frame.rgb(x0 + 1, y0 + 1),
            ],
            fx,
            fy,
        );
    }
    let at = |dx: f32, dy: f32| {
        let (px, py) = (left + dx, top + dy);
        let inside = px >= 0.0 && py >= 0.0 && px < right && py < bottom;
        if inside { frame.rgb(px as usize, py as usize) } else { [0; 3] }
    };
    blend([at(0.0, 0.0), at(1.0, 0.0), at(0.0, 1.0), at(1.0, 1.0)], fx, fy)
}

#[inline]
fn blend(corners: [[u8; 3]; 4], fx: f32, fy: f32) -> [f32; 3] {
    let weights = [(1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy];
    std::array::from_fn(|channel| {
        (0..4).map(|corner| f32::from(corners[corner][channel]) * weights[corner]).sum()
    })
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
