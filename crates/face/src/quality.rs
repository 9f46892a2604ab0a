//! Is this frame worth comparing, and if not, what should the person do? (Measures after ISO/IEC 29794-5.)

use crate::detect::FaceBox;
use crate::frame::Frame;
use crate::landmarks::Landmarks;
use crate::warp::{luma, real};

/// Fewer pixels between the eyes are too few to compare.
const MIN_EYE_DISTANCE: f32 = 32.0;
/// A face higher than this part of the frame loses its chin or forehead at the next movement.
const MAX_HEIGHT: f32 = 0.85;
/// Part of the face that may lie outside the frame: a chin that is cut off already spoils the comparison.
const MAX_OUTSIDE: f32 = 0.02;
/// A second face of at least this part of the first one's area stands in front of the kiosk, too.
const RIVAL_AREA: f32 = 0.35;
/// Mean luma (0..=255) below which a face is too dark.
const MIN_LUMA: f32 = 45.0;

/// The one thing to tell the person; `Good` when the frame passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// Nothing to say: the frame is used.
    Good,
    /// No face in the frame.
    NoFace,
    /// Come nearer.
    TooFar,
    /// Step back a little.
    TooClose,
    /// Come into the middle.
    OffCentre,
    /// One person at a time.
    SeveralFaces,
    /// More light on the face.
    TooDark,
}

impl Hint {
    /// Name in messages to the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "none",
            Self::NoFace => "no_face",
            Self::TooFar => "too_far",
            Self::TooClose => "too_close",
            Self::OffCentre => "off_centre",
            Self::SeveralFaces => "several_faces",
            Self::TooDark => "too_dark",
        }
    }
}

/// The first thing that is wrong, most helpful first. `faces` is sorted, the most prominent first; `landmarks` belong to the first.
pub(crate) fn judge(frame: Frame<'_>, faces: &[FaceBox], landmarks: Option<&Landmarks>) -> Hint {
    let ([face, rest @ ..], Some(landmarks)) = (faces, landmarks) else {
        return Hint::NoFace;
    };
    if rest.iter().any(|rival| rival.area() >= RIVAL_AREA * face.area()) {
        Hint::SeveralFaces
    } else if face.height > MAX_HEIGHT * real(frame.height()) {
        Hint::TooClose
    } else if outside(frame, face) > MAX_OUTSIDE {
        Hint::OffCentre
    } else if landmarks.eye_distance() < MIN_EYE_DISTANCE {
        Hint::TooFar
    } else if mean_luma(frame, face) < MIN_LUMA {
        Hint::TooDark
    } else {
        Hint::Good
    }
}

/// How good a passing frame is among others, 0..=1: sure detection, many pixels.
pub(crate) fn grade(face: &FaceBox, landmarks: &Landmarks) -> f32 {
    face.score.clamp(0.0, 1.0) * (landmarks.eye_distance() / 80.0).clamp(0.0, 1.0)
}

/// Part of the box that lies outside the frame, 0..=1.
fn outside(frame: Frame<'_>, face: &FaceBox) -> f32 {
    let inside = |from: f32, length: f32, limit: usize| {
        ((from + length).min(real(limit)) - from.max(0.0)).max(0.0)
    };
    let seen =
        inside(face.x, face.width, frame.width()) * inside(face.y, face.height, frame.height());
    1.0 - seen / face.area()
}

/// Mean luma of the face on a 16×16 grid, 0..=255.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the frame just before"
)]
fn mean_luma(frame: Frame<'_>, face: &FaceBox) -> f32 {
    let at = |from: f32, length: f32, step: u8, limit: usize| {
        (from + length * (f32::from(step) + 0.5) / 16.0).clamp(0.0, real(limit - 1)) as usize
    };
    let cells = (0..16).flat_map(|row| (0..16).map(move |column| (row, column)));
    let sum: f32 = cells
        .map(|(row, column)| {
            let (x, y) = (
                at(face.x, face.width, column, frame.width()),
                at(face.y, face.height, row, frame.height()),
            );
            luma(frame.rgb(x, y).map(f32::from))
        })
        .sum();
    sum / 256.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACE: FaceBox = FaceBox { x: 120.0, y: 60.0, width: 80.0, height: 110.0, score: 0.99 };

    #[track_caller]
    fn check(expected: Hint, grey: u8, faces: &[FaceBox], eyes: f32) {
        let mut points = [[0.0; 2]; 68];
        points[42..48].iter_mut().for_each(|point| point[0] = eyes);
        let rgba = vec![grey; 320 * 240 * 4];
        let frame = Frame::new(&rgba, 320, 240).unwrap();
        assert_eq!(judge(frame, faces, Some(&Landmarks(points))), expected);
    }

    #[test]
    fn one_hint_for_each_fault() {
        check(Hint::Good, 128, &[FACE], 40.0);
        check(Hint::NoFace, 128, &[], 40.0);
        check(Hint::TooFar, 128, &[FACE], 20.0);
        check(Hint::TooDark, 20, &[FACE], 40.0);
        check(Hint::OffCentre, 128, &[FaceBox { x: -20.0, ..FACE }], 40.0);
        check(Hint::TooClose, 128, &[FaceBox { y: 0.0, height: 230.0, ..FACE }], 90.0);
        check(Hint::SeveralFaces, 128, &[FACE, FaceBox { x: 20.0, ..FACE }], 40.0);
        check(
            Hint::Good,
            128,
            &[FACE, FaceBox { x: 20.0, width: 30.0, height: 40.0, ..FACE }],
            40.0,
        );
    }
}
