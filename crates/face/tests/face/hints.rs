//! Every hint, on pictures made from a portrait that passes.

use face::{Depth, Hint, Track};
use image::{RgbaImage, imageops};

use crate::portraits::{PIPELINE, camera, frame};
use crate::scene::{ROOM, covered, lit, look, person, placed, placed_in, rolled, turned};

#[track_caller]
fn check(expected: Hint, seen: &RgbaImage) {
    let analysis = look(seen);
    assert_eq!(analysis.hint, expected, "{:?}", analysis.measures);
    assert_eq!(
        analysis.embedding.is_some(),
        expected == Hint::Good,
        "only passing frames are compared"
    );
}

#[test]
fn good_frames_pass() {
    for name in ["obama", "obama2", "obama3", "biden"] {
        check(Hint::Good, &camera(name));
    }
}

#[test]
fn distance_and_place() {
    let (seen, [.., nose, _, _]) = person("obama2");
    let middle = [320.0, 240.0];
    check(Hint::NoFace, &RgbaImage::from_pixel(640, 480, ROOM));
    check(Hint::TooFar, &placed(&seen, nose, 0.25, middle));
    check(Hint::TooClose, &placed(&seen, nose, 2.0, middle));
    check(Hint::OffCentre, &placed(&seen, nose, 0.6, [24.0, 240.0]));
}

/// Standing, sitting, a child: wherever the face is, it is found and passes.
#[test]
fn the_whole_field_of_view_is_used() {
    let (seen, [.., nose, _, _]) = person("obama3");
    for to in [[160.0, 150.0], [480.0, 150.0], [160.0, 330.0], [480.0, 330.0]] {
        check(Hint::Good, &placed(&seen, nose, 0.7, to));
    }
}

#[test]
fn two_people() {
    let mut both = RgbaImage::new(1280, 480);
    imageops::replace(&mut both, &camera("obama2"), 0, 0);
    imageops::replace(&mut both, &camera("biden"), 640, 0);
    check(Hint::SeveralFaces, &both);
}

/// A person some steps away, far beside the middle of a wide picture: found, near enough to be compared, and told nothing
/// that is not so.
#[test]
fn a_small_face_far_off_centre_is_found() {
    let (seen, five) = person("obama3");
    let eyes = five[1][0] - five[0][0];
    for (eyes_px, expected) in [(40.0, Hint::Good), (24.0, Hint::TooFar)] {
        for to in [[120.0, 110.0], [1160.0, 110.0], [120.0, 600.0], [1160.0, 600.0], [640.0, 360.0]]
        {
            let wide = placed_in([1280, 720], &seen, five[2], eyes_px / eyes, to);
            let analysis = look(&wide);
            assert_eq!(analysis.hint, expected, "{to:?} {:?}", analysis.measures);
            let [x, y] = analysis.landmarks.as_ref().unwrap().five()[2];
            assert!((x - to[0]).hypot(y - to[1]) < 8.0, "found at {x}, {y} instead of {to:?}");
        }
    }
}

#[test]
fn pose() {
    let (seen, five) = person("obama3");
    let nose = five[2];
    check(Hint::Good, &turned(&seen, five, 12.0, 0.0));
    check(Hint::Turned, &turned(&seen, five, 42.0, 0.0));
    check(Hint::Turned, &imageops::flip_horizontal(&turned(&seen, five, 30.0, 0.0)));
    check(Hint::Tilted, &rolled(&seen, nose, 35.0));
    check(Hint::Tilted, &rolled(&seen, nose, -35.0));
}

#[test]
fn light() {
    let (seen, [right, left, nose, ..]) = person("obama3");
    let eyes = left[0] - right[0];
    check(Hint::TooDark, &lit(&seen, |_, _| 0.22));
    let inside = |x: f32, y: f32| {
        ((x - nose[0]) / (1.4 * eyes)).powi(2) + ((y - nose[1]) / (1.9 * eyes)).powi(2) < 1.0
    };
    check(Hint::BackLit, &lit(&seen, |x, y| if inside(x, y) { 0.35 } else { 6.0 }));
}

#[test]
fn sharpness() {
    check(Hint::Blurred, &imageops::blur(&camera("obama3"), 7.0));
}

#[test]
fn covered_parts() {
    let (seen, [right, left, nose, mouth_right, mouth_left]) = person("obama3");
    let eyes = left[0] - right[0];
    let band = (
        [right[0] - 0.6 * eyes, right[1] - 0.3 * eyes],
        [left[0] + 0.6 * eyes, left[1] + 0.28 * eyes],
    );
    check(Hint::EyesCovered, &covered(&seen, band.0, band.1, [12, 12, 14]));
    let mask = (
        [mouth_right[0] - 0.45 * eyes, nose[1] + 0.05 * eyes],
        [mouth_left[0] + 0.45 * eyes, mouth_left[1] + 0.75 * eyes],
    );
    check(Hint::MouthCovered, &covered(&seen, mask.0, mask.1, [235, 238, 240]));
    check(Hint::MouthCovered, &covered(&seen, mask.0, mask.1, [120, 170, 215]));
    check(Hint::MouthCovered, &covered(&seen, mask.0, mask.1, [25, 25, 28]));
}

/// Somebody who sways about a limit is told one thing, not two by turns.
#[test]
fn hints_do_not_flicker() {
    let (seen, five) = person("obama3");
    let far = 32.0 / (five[1][0] - five[0][0]);
    let mut track = Track::default();
    let mut told = Vec::new();
    for n in 0..40_u16 {
        let sway = 0.985 + 0.015 * (f32::from(n) * 1.3).sin();
        let picture = placed(&seen, five[2], far * sway, [320.0 + f32::from(n % 3), 240.0]);
        told.push(PIPELINE.follow(&mut track, frame(&picture), Depth::Guide).unwrap().hint);
    }
    let changes = told.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(told.contains(&Hint::TooFar) && changes <= 1, "{told:?}");
}
