//! Every hint, on pictures made from a portrait that passes.

use face::Hint;
use image::{RgbaImage, imageops};

use crate::portraits::camera;
use crate::scene::{ROOM, covered, lit, look, person, placed, rolled};

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

/// Turned heads cannot be made from frontal portraits; `quality.rs` tests that hint on measures.
#[test]
fn pose() {
    let (seen, [.., nose, _, _]) = person("obama3");
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
