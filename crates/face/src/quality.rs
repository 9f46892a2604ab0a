//! Is this frame worth comparing, and if not, what should the person do?
//!
//! [`measure`] takes the quality components of ISO/IEC 29794-5 that matter at a kiosk, [`judge`] turns them into one
//! [`Hint`]. A hint that is shown stays until its fault is clearly over (hysteresis), so that it does not flicker.

use crate::align::Aligned;
use crate::detect::FaceBox;
use crate::frame::Frame;
use crate::landmarks::Landmarks;
use crate::patches::Patches;
use crate::warp::real;

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
    /// Look at the camera.
    Turned,
    /// Hold the head upright.
    Tilted,
    /// More light on the face.
    TooDark,
    /// The light comes from behind.
    BackLit,
    /// Hold still.
    Blurred,
    /// Show both eyes.
    EyesCovered,
    /// Show the mouth.
    MouthCovered,
}

/// Quality components of one face in one frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measures {
    /// Inter-eye distance in pixels.
    pub eye_distance: f32,
    /// Height of the face as a part of the frame's.
    pub height: f32,
    /// Part of the face box outside the frame, 0..=1.
    pub outside: f32,
    /// Area of the second face as a part of the first one's; 0 without one.
    pub rival: f32,
    /// Yaw: how far the tip of the nose lies beside the middle of the eyes, in eye distances; 0 when looking straight,
    /// positive when turned to the person's left.
    pub yaw: f32,
    /// Pitch: height of the nose between mouth (0) and eyes (1), about 0.5 when looking straight.
    pub pitch: f32,
    /// Roll: angle of the eye line in degrees, 0..=180.
    pub roll: f32,
    /// Distance between the eyes ÷ distance between eyes and mouth: smaller when seen from the side.
    pub aspect: f32,
    /// What the aligned face looks like.
    pub patches: Patches,
    /// Mean luma around the face, 0..=255.
    pub surroundings: f32,
}

/// Takes all measures of the first face.
pub(crate) fn measure(
    frame: Frame<'_>,
    faces: &[FaceBox],
    points: &Landmarks,
    aligned: &Aligned,
) -> Option<Measures> {
    let (face, rest) = faces.split_first()?;
    let [right, left, nose, mouth_right, mouth_left] = points.five();
    let between = |a: [f32; 2], b: [f32; 2]| [f32::midpoint(a[0], b[0]), f32::midpoint(a[1], b[1])];
    let (eyes, mouth) = (between(right, left), between(mouth_right, mouth_left));
    let along = [left[0] - right[0], left[1] - right[1]];
    let distance = along[0].hypot(along[1]).max(1e-3);
    let on = |axis: [f32; 2], point: [f32; 2], from: [f32; 2]| {
        axis[0] * (point[0] - from[0]) + axis[1] * (point[1] - from[1])
    };
    let down = [mouth[0] - eyes[0], mouth[1] - eyes[1]];
    let fall = (down[0] * down[0] + down[1] * down[1]).max(1e-3);
    Some(Measures {
        eye_distance: distance,
        height: face.height / real(frame.height()),
        outside: outside(frame, face),
        rival: rest.iter().map(|rival| rival.area() / face.area()).fold(0.0, f32::max),
        yaw: on(along, nose, eyes) / (distance * distance),
        pitch: 1.0 - on(down, nose, eyes) / fall,
        aspect: distance / fall.sqrt(),
        roll: along[1].atan2(along[0]).to_degrees().abs(),
        patches: Patches::of(aligned),
        surroundings: crate::patches::surroundings(frame, face),
    })
}

/// One fault: from which value on it is said, and how it is read from the measures.
struct Rule {
    hint: Hint,
    /// How far the measure is beyond its limit; 1 and more is a fault.
    excess: fn(&Measures) -> f32,
}

/// Most helpful first: only the first fault is said.
const RULES: [Rule; 11] = [
    Rule { hint: Hint::SeveralFaces, excess: |m| m.rival / 0.35 },
    Rule { hint: Hint::TooClose, excess: |m| m.height / 0.85 },
    // A chin that is cut off already spoils the comparison.
    Rule { hint: Hint::OffCentre, excess: |m| m.outside / 0.02 },
    Rule { hint: Hint::TooFar, excess: |m| 32.0 / m.eye_distance },
    Rule { hint: Hint::BackLit, excess: back_lit },
    Rule { hint: Hint::TooDark, excess: |m| 45.0 / m.patches.luma.max(1.0) },
    Rule { hint: Hint::Tilted, excess: |m| m.roll / 25.0 },
    Rule { hint: Hint::EyesCovered, excess: |m| unless_blurred(m, m.patches.eyes_covered) },
    Rule { hint: Hint::MouthCovered, excess: |m| unless_blurred(m, m.patches.mouth_covered) },
    Rule { hint: Hint::Turned, excess: |m| (m.yaw.abs() / 0.36).max((m.pitch - 0.5).abs() / 0.28) },
    Rule { hint: Hint::Blurred, excess: blur },
];

fn blur(m: &Measures) -> f32 {
    1.0 / m.patches.sharpness.max(1e-3)
}

/// A blurred face has no clear eyes or lips either: the larger fault is said.
fn unless_blurred(m: &Measures, covered: f32) -> f32 {
    if blur(m) > covered { covered.min(0.9) } else { covered }
}

/// A dark face before a bright background.
fn back_lit(m: &Measures) -> f32 {
    (m.surroundings / (2.2 * m.patches.luma.max(1.0))).min(85.0 / m.patches.luma.max(1.0))
}

/// A fault that was said is over only when the measure is this far inside its limit.
const RELIEF: f32 = 0.92;

/// The first thing that is wrong, most helpful first. `shown` is the hint of the frame before.
pub(crate) fn judge(measures: Option<&Measures>, shown: Hint) -> Hint {
    let Some(measures) = measures else { return Hint::NoFace };
    let wrong = |rule: &&Rule| {
        let excess = (rule.excess)(measures);
        let limit = if rule.hint == shown { RELIEF } else { 1.0 };
        excess >= limit || excess.is_nan()
    };
    RULES.iter().find(wrong).map_or(Hint::Good, |rule| rule.hint)
}

/// How good a face is among others, 0..=1: sure detection, many pixels, straight, sharp, evenly lit.
pub(crate) fn grade(face: &FaceBox, measures: &Measures) -> f32 {
    let worst = RULES.iter().map(|rule| (rule.excess)(measures).clamp(0.0, 2.0));
    let strain = worst.fold(0.0, f32::max);
    face.score.clamp(0.0, 1.0)
        * (measures.eye_distance / 80.0).clamp(0.1, 1.0).sqrt()
        * (1.25 - strain / 2.0).clamp(0.05, 1.0)
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

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: Measures = Measures {
        eye_distance: 60.0,
        height: 0.4,
        outside: 0.0,
        rival: 0.0,
        yaw: 0.05,
        pitch: 0.5,
        roll: 3.0,
        aspect: 1.0,
        patches: Patches { luma: 120.0, sharpness: 2.0, eyes_covered: 0.2, mouth_covered: 0.2 },
        surroundings: 120.0,
    };

    #[test]
    fn one_hint_for_each_fault() {
        let check = |expected, measures: Measures| {
            assert_eq!(judge(Some(&measures), Hint::Good), expected);
        };
        check(Hint::Good, FINE);
        assert_eq!(judge(None, Hint::Good), Hint::NoFace);
        check(Hint::TooFar, Measures { eye_distance: 20.0, ..FINE });
        check(Hint::TooClose, Measures { height: 0.9, ..FINE });
        check(Hint::OffCentre, Measures { outside: 0.1, ..FINE });
        check(Hint::SeveralFaces, Measures { rival: 0.5, ..FINE });
        check(Hint::Turned, Measures { yaw: 0.4, ..FINE });
        check(Hint::Turned, Measures { pitch: 0.85, ..FINE });
        check(Hint::Tilted, Measures { roll: 30.0, ..FINE });
        let dark = Patches { luma: 30.0, ..FINE.patches };
        check(Hint::TooDark, Measures { patches: dark, surroundings: 35.0, ..FINE });
        check(Hint::BackLit, Measures { patches: dark, surroundings: 200.0, ..FINE });
        let patches = |patches| Measures { patches, ..FINE };
        check(Hint::Blurred, patches(Patches { sharpness: 0.5, ..FINE.patches }));
        check(Hint::EyesCovered, patches(Patches { eyes_covered: 1.5, ..FINE.patches }));
        check(Hint::MouthCovered, patches(Patches { mouth_covered: 1.5, ..FINE.patches }));
        check(Hint::Tilted, Measures { roll: f32::NAN, ..FINE });
    }

    #[test]
    fn a_hint_stays_until_its_fault_is_clearly_over() {
        let near = Measures { eye_distance: 33.0, ..FINE };
        assert_eq!(judge(Some(&near), Hint::Good), Hint::Good);
        assert_eq!(judge(Some(&near), Hint::TooFar), Hint::TooFar);
        assert_eq!(judge(Some(&FINE), Hint::TooFar), Hint::Good);
    }

    #[test]
    fn a_strained_frame_is_graded_lower() {
        let face = FaceBox { x: 0.0, y: 0.0, width: 80.0, height: 110.0, score: 0.99 };
        let turned = Measures { yaw: 0.34, ..FINE };
        assert!(grade(&face, &turned) < grade(&face, &FINE));
        assert!(grade(&face, &Measures { yaw: 5.0, ..FINE }) > 0.0);
    }
}
