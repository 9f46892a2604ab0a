//! Following one face from frame to frame, so that the detector need not search every frame.

use crate::detect::FaceBox;
use crate::embed::Sides;
use crate::landmarks::Landmarks;
use crate::quality::Hint;

/// The detector searches at least every so many frames: somebody may have joined, or the face may be gone.
const SEARCH_EVERY: u8 = 4;
/// Growth of the eye distance between two frames beyond which the points are not believed.
const MAX_GROWTH: f32 = 1.25;

/// What one frame hands to the next.
#[derive(Debug, Clone)]
pub struct Track {
    shown: Hint,
    faces: Vec<FaceBox>,
    /// Eye distance and middle of the points that belong to the first face, pixels.
    anchor: Option<[f32; 3]>,
    /// Frames since the detector searched.
    age: u8,
    mirrored: bool,
}

impl Default for Track {
    fn default() -> Self {
        Self { shown: Hint::Good, faces: Vec::new(), anchor: None, age: 0, mirrored: false }
    }
}

impl Track {
    /// The hint of the frame before.
    pub(crate) fn shown(&self) -> Hint {
        self.shown
    }

    /// Which way round this frame's face is embedded: by turns.
    pub(crate) fn side(&self) -> Sides {
        if self.mirrored { Sides::Mirrored } else { Sides::Straight }
    }

    /// Where the face should still be; `None` when the detector has to search.
    pub(crate) fn expected(&self) -> Option<&[FaceBox]> {
        let sure = self.anchor.is_some() && self.age < SEARCH_EVERY - 1;
        // What is wrong with the place of the face is better searched for again.
        let calm = !matches!(self.shown, Hint::NoFace | Hint::SeveralFaces | Hint::OffCentre);
        (sure && calm && !self.faces.is_empty()).then_some(&self.faces[..])
    }

    /// Moves the expected faces to where `points` now are; `None` when that is not believable.
    pub(crate) fn moved(&self, points: &Landmarks) -> Option<Vec<FaceBox>> {
        let [before, x, y] = self.anchor?;
        let [now, new_x, new_y] = anchor(points);
        let growth = now / before;
        let (dx, dy) = (new_x - x, new_y - y);
        let believable =
            (MAX_GROWTH.recip()..MAX_GROWTH).contains(&growth) && dx.hypot(dy) < 1.5 * before;
        let mut faces = self.faces.clone();
        let first = faces.first_mut().filter(|_| believable)?;
        let centre = first.centre();
        let [x, y] = [new_x + (centre[0] - x) * growth, new_y + (centre[1] - y) * growth];
        (first.width, first.height) = (first.width * growth, first.height * growth);
        (first.x, first.y) = (x - first.width / 2.0, y - first.height / 2.0);
        Some(faces)
    }

    /// Takes over what this frame showed.
    pub(crate) fn update(
        &mut self,
        hint: Hint,
        faces: &[FaceBox],
        points: Option<&Landmarks>,
        searched: bool,
    ) {
        self.shown = hint;
        self.faces = faces.to_vec();
        self.anchor = points.map(anchor);
        self.mirrored = !self.mirrored;
        self.age = if searched { 0 } else { self.age + 1 };
    }
}

/// Eye distance and the middle of eyes and mouth.
fn anchor(points: &Landmarks) -> [f32; 3] {
    let five = points.five();
    let mean = |axis: usize| five.iter().map(|point| point[axis]).sum::<f32>() / 5.0;
    [points.eye_distance().max(1e-3), mean(0), mean(1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(x: f32, scale: f32) -> Landmarks {
        let mut points = [[x, 50.0]; 68];
        points[42..48].iter_mut().for_each(|point| point[0] = x + 40.0 * scale);
        Landmarks(points)
    }

    const FACE: FaceBox = FaceBox { x: 80.0, y: 20.0, width: 80.0, height: 100.0, score: 0.9 };

    #[test]
    fn the_box_goes_with_the_points() {
        let mut track = Track::default();
        assert!(track.expected().is_none());
        track.update(Hint::Good, &[FACE], Some(&points(100.0, 1.0)), true);
        assert_eq!(track.expected().unwrap(), [FACE]);
        let moved = track.moved(&points(110.0, 1.0)).unwrap();
        assert!((moved[0].x - 90.0).abs() < 1e-3 && (moved[0].width - 80.0).abs() < 1e-3);
        assert!(track.moved(&points(110.0, 2.0)).is_none(), "a jump in size");
        assert!(track.moved(&points(190.0, 1.0)).is_none(), "a jump to the side");
    }

    #[test]
    fn the_detector_searches_again() {
        let mut track = Track::default();
        track.update(Hint::Good, &[FACE], Some(&points(100.0, 1.0)), true);
        for _ in 0..SEARCH_EVERY - 1 {
            assert!(track.expected().is_some());
            track.update(Hint::Good, &[FACE], Some(&points(100.0, 1.0)), false);
        }
        assert!(track.expected().is_none());
        track.update(Hint::SeveralFaces, &[FACE], Some(&points(100.0, 1.0)), true);
        assert!(track.expected().is_none());
    }
}
