//! Finding faces: a single-shot detector with decoded boxes, on the whole frame.

use crate::frame::Frame;
use crate::models::{EngineError, Net};
use crate::warp::{Colour, Normalise, Pixel, Similarity, crop, real};

/// Width and height of the model's input in pixels.
const INPUT: [usize; 2] = [320, 240];
const NORMALISE: Normalise = Normalise { mean: 127.0, divisor: 128.0 };
/// A box below this score is no face.
const MIN_SCORE: f32 = 0.5;
/// Two boxes that share more than this part of their union are one face.
const MAX_OVERLAP: f32 = 0.4;
/// A waiting room in the background is cut off here.
const MAX_FACES: usize = 16;

/// A face in the frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceBox {
    /// Left edge in frame pixels; may lie outside the frame.
    pub x: f32,
    /// Top edge in frame pixels; may lie outside the frame.
    pub y: f32,
    /// Width in pixels (> 0).
    pub width: f32,
    /// Height in pixels (> 0).
    pub height: f32,
    /// How sure the detector is, 0.5..=1.
    pub score: f32,
}

impl FaceBox {
    /// Centre in frame pixels.
    pub fn centre(&self) -> [f32; 2] {
        [self.x + self.width / 2.0, self.y + self.height / 2.0]
    }

    /// Area in square pixels.
    pub fn area(&self) -> f32 {
        self.width * self.height
    }

    /// Who stands in front of the camera? Large, surely a face, and near the middle: a passer-by close to the edge counts
    /// less than the person in the centre. Square pixels, weighted; only good for comparing faces of one frame.
    fn prominence(&self, frame: Frame<'_>) -> f32 {
        let [x, y] = self.centre();
        let (dx, dy) = (x / real(frame.width()) - 0.5, y / real(frame.height()) - 0.5);
        // 1 in the middle, 0 from the middle of an edge on.
        self.area() * self.score * (1.0 - 4.0 * (dx * dx + dy * dy)).max(0.0)
    }

    /// Shared area divided by joint area, 0..=1.
    fn overlap(&self, other: &Self) -> f32 {
        let side = |a: f32, a_len: f32, b: f32, b_len: f32| {
            ((a + a_len).min(b + b_len) - a.max(b)).max(0.0)
        };
        let shared = side(self.x, self.width, other.x, other.width)
            * side(self.y, self.height, other.y, other.height);
        shared / (self.area() + other.area() - shared)
    }
}

/// Left, top and step of the window that fits the whole frame into the input.
fn fit(frame: Frame<'_>) -> [f32; 3] {
    let [width, height] = INPUT.map(real);
    let step = (real(frame.width()) / width).max(real(frame.height()) / height);
    [(real(frame.width()) - width * step) / 2.0, (real(frame.height()) - height * step) / 2.0, step]
}

/// What the model sees.
pub(crate) fn input(frame: Frame<'_>) -> Vec<Pixel> {
    let [left, top, step] = fit(frame);
    crop(frame, Similarity::window(left, top, step), INPUT, Colour::Rgb, NORMALISE)
}

/// All faces, the most prominent first (large, sure, near the middle).
///
/// The frame is fitted into 320×240 keeping its proportions (black bars); 240×320 f32 RGB, (px − 127) ÷ 128.
pub(crate) fn detect(net: &Net, frame: Frame<'_>) -> Result<Vec<FaceBox>, EngineError> {
    let [width, height] = INPUT.map(real);
    let [left, top, step] = fit(frame);
    let outputs = net.see(&input(frame))?;
    let (scores, corners) = (&outputs[0], &outputs[1]);
    let mut found: Vec<FaceBox> = scores
        .chunks_exact(2)
        .zip(corners.chunks_exact(4))
        .filter(|(score, _)| score[1] > MIN_SCORE)
        .map(|(score, corner)| FaceBox {
            x: corner[0] * width * step + left,
            y: corner[1] * height * step + top,
            width: (corner[2] - corner[0]) * width * step,
            height: (corner[3] - corner[1]) * height * step,
            score: score[1],
        })
        .filter(|face| {
            face.width >= 1.0 && face.height >= 1.0 && face.x.is_finite() && face.y.is_finite()
        })
        .collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut faces = keep_best(&found);
    faces.sort_by(|a, b| b.prominence(frame).total_cmp(&a.prominence(frame)));
    Ok(faces)
}

/// Non-maximum suppression over boxes sorted by falling score.
fn keep_best(found: &[FaceBox]) -> Vec<FaceBox> {
    let mut kept: Vec<FaceBox> = Vec::new();
    for face in found {
        if kept.len() == MAX_FACES {
            break;
        }
        if kept.iter().all(|other| other.overlap(face) <= MAX_OVERLAP) {
            kept.push(*face);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_boxes_become_one() {
        let face = |x, score| FaceBox { x, y: 0.0, width: 10.0, height: 10.0, score };
        let kept = keep_best(&[face(0.0, 0.9), face(1.0, 0.8), face(20.0, 0.7)]);
        assert_eq!(kept, [face(0.0, 0.9), face(20.0, 0.7)]);
    }
}
