//! Turning a face upright: the similarity transform that fits five points best (Umeyama 1991, two dimensions).

use zeroize::Zeroizing;

use crate::frame::Frame;
use crate::landmarks::Landmarks;
use crate::warp::{Colour, Normalise, Pixel, Point, Similarity, crop};

/// Side of the aligned face in pixels.
pub const SIDE: usize = 112;

/// Where the five points shall lie in the 112×112 face (the template of the `ArcFace` paper).
pub const TEMPLATE: [Point; 5] = [
    [38.2946, 51.6963],
    [73.5318, 51.5014],
    [56.0252, 71.7366],
    [41.5493, 92.3655],
    [70.7299, 92.2041],
];

/// An upright face, cut out once for everything that looks at it. Wiped when dropped.
pub(crate) struct Aligned(Zeroizing<Vec<Pixel>>);

impl Aligned {
    /// Cuts the face out; `None` when the points have no extent.
    pub(crate) fn new(frame: Frame<'_>, points: &Landmarks) -> Option<Self> {
        // Computed from the picture to the template, where the errors are measured in template pixels, then turned round.
        let to_picture = umeyama(&points.five(), &TEMPLATE)?.inverse()?;
        let plain = Normalise { mean: 0.0, divisor: 1.0 };
        Some(Self(Zeroizing::new(crop(frame, to_picture, [SIDE, SIDE], Colour::Rgb, plain))))
    }

    /// 112 rows of 112 pixels: red, green, blue, 0..=255.
    pub(crate) fn pixels(&self) -> &[Pixel] {
        &self.0
    }
}

/// The rotation, scale and shift that bring `from` nearest to `to` (least squares, no reflection).
///
/// `None` when the points of `from` coincide or are not numbers.
pub fn umeyama(from: &[Point; 5], to: &[Point; 5]) -> Option<Similarity> {
    let mean = |points: &[Point; 5], axis: usize| {
        points.iter().map(|point| point[axis]).sum::<f32>() / 5.0
    };
    let (from_mean, to_mean) = ([mean(from, 0), mean(from, 1)], [mean(to, 0), mean(to, 1)]);
    let (mut along, mut across, mut spread) = (0.0, 0.0, 0.0);
    for (source, target) in from.iter().zip(to) {
        let [x, y] = [source[0] - from_mean[0], source[1] - from_mean[1]];
        let [u, v] = [target[0] - to_mean[0], target[1] - to_mean[1]];
        along += x * u + y * v;
        across += x * v - y * u;
        spread += x * x + y * y;
    }
    if !(spread.is_finite() && spread > 1e-6) {
        return None;
    }
    let (a, b) = (along / spread, across / spread);
    let tx = to_mean[0] - (a * from_mean[0] - b * from_mean[1]);
    let ty = to_mean[1] - (b * from_mean[0] + a * from_mean[1]);
    Some(Similarity { a, b, tx, ty })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn coinciding_points_have_no_transform() {
        assert_eq!(umeyama(&[[3.0, 4.0]; 5], &TEMPLATE), None);
        assert_eq!(umeyama(&[[f32::NAN, 4.0]; 5], &TEMPLATE), None);
    }

    proptest! {
        #[test]
        fn known_transforms_are_recovered(turn in -3.1_f32..3.1, scale in 0.2_f32..8.0, tx in -300.0_f32..300.0, ty in -300.0_f32..300.0) {
            let truth = Similarity { a: scale * turn.cos(), b: scale * turn.sin(), tx, ty };
            let found = umeyama(&TEMPLATE, &TEMPLATE.map(|point| truth.apply(point))).unwrap();
            for point in TEMPLATE {
                let ([x, y], [u, v]) = (truth.apply(point), found.apply(point));
                prop_assert!((x - u).abs() < 0.05 && (y - v).abs() < 0.05);
            }
        }
    }
}
