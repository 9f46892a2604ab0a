//! 68 points on a face (the usual iBUG 300-W order) and the five that alignment needs.

use crate::detect::FaceBox;
use crate::frame::Frame;
use crate::models::{EngineError, Net};
use crate::warp::{Colour, Normalise, Pixel, Point, Similarity, crop, real};

const SIDE: usize = 64;
const NORMALISE: Normalise = Normalise { mean: 0.0, divisor: 256.0 };

/// 68 points in frame pixels.
#[derive(Clone, PartialEq)]
pub struct Landmarks(pub(crate) [Point; 68]);

impl Landmarks {
    /// All points, iBUG 300-W order.
    pub fn points(&self) -> &[Point; 68] {
        &self.0
    }

    /// Right eye, left eye (the person's; left and right in the picture), tip of the nose, corners of the mouth.
    pub fn five(&self) -> [Point; 5] {
        [
            self.mean(&[37, 38, 40, 41]),
            self.mean(&[43, 44, 46, 47]),
            self.0[30],
            self.mean(&[48, 60]),
            self.mean(&[54, 64]),
        ]
    }

    /// Distance between the eyes in pixels.
    pub fn eye_distance(&self) -> f32 {
        let [right, left, ..] = self.five();
        (left[0] - right[0]).hypot(left[1] - right[1])
    }

    fn mean(&self, indices: &[usize]) -> Point {
        let sum = indices
            .iter()
            .fold([0.0; 2], |sum, index| [sum[0] + self.0[*index][0], sum[1] + self.0[*index][1]]);
        sum.map(|value| value / real(indices.len()))
    }
}

impl std::fmt::Debug for Landmarks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Landmarks(hidden)")
    }
}

/// What the model sees: a square as high as the box around its centre.
pub(crate) fn input(frame: Frame<'_>, face: &FaceBox) -> Vec<Pixel> {
    let [left, top, side] = square(face);
    let window = Similarity::window(left, top, side / real(SIDE));
    crop(frame, window, [SIDE, SIDE], Colour::Grey, NORMALISE)
}

/// Left, top and side of that square.
fn square(face: &FaceBox) -> [f32; 3] {
    let side = face.height;
    let [x, y] = face.centre();
    [x - side / 2.0, y - side / 2.0, side]
}

/// Places the points: 64×64 f32 grey, px ÷ 256.
pub(crate) fn landmarks(
    net: &Net,
    frame: Frame<'_>,
    face: &FaceBox,
) -> Result<Landmarks, EngineError> {
    let [left, top, side] = square(face);
    let outputs = net.see(&input(frame, face))?;
    let at = |index: usize| {
        [left + outputs[0][2 * index] * side, top + outputs[0][2 * index + 1] * side]
    };
    Ok(Landmarks(std::array::from_fn(at)))
}
