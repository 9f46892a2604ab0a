//! The whole pipeline on four portraits of two people.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use face::decide::MATCH_THRESHOLD;
use face::liveness::LIVENESS_FLOOR;
use face::{Attempt, Depth, EnrolError, Frame, Hint, Pipeline, Policy, Verdict};
use image::{RgbaImage, imageops};
use proptest::prelude::*;
use virtual_card::Portrait;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(root().join(path))
        .unwrap_or_else(|_| panic!("{path} is missing: run cargo xtask models"))
}

pub(crate) static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| face::drawn::pipeline(&root().join("models/files")).unwrap());

pub(crate) fn portrait(name: &str) -> Vec<u8> {
    read(&format!("target/test-data/portraits/{name}.jpg"))
}

/// The portrait as a camera sees it: 640×480, the whole width of the picture, from its top or a little below.
pub(crate) fn camera(name: &str) -> RgbaImage {
    let picture = image::load_from_memory(&portrait(name)).unwrap();
    let top = if name == "obama2" { 150 } else { 0 };
    let height = picture.width() * 3 / 4;
    picture
        .crop_imm(0, top, picture.width(), height)
        .resize_exact(640, 480, imageops::FilterType::Triangle)
        .to_rgba8()
}

pub(crate) fn frame(image: &RgbaImage) -> Frame<'_> {
    Frame::new(image, image.width() as usize, image.height() as usize).unwrap()
}

/// Shows the same frame until there is a verdict.
fn attempt(card: &[u8], seen: &RgbaImage) -> Verdict {
    let mut attempt = Attempt::new(PIPELINE.enrol(card).unwrap(), Policy::Report);
    let analysis = PIPELINE.analyse(frame(seen), Depth::Match).unwrap();
    assert_eq!(analysis.hint, Hint::Good);
    for count in 0..200_u16 {
        match attempt.push(&analysis, f64::from(count) * 100.0) {
            Verdict::Undecided => {}
            verdict => return verdict,
        }
    }
    panic!("an attempt must end");
}

#[test]
fn the_holder_of_the_card_is_matched() {
    let card = Portrait::from_image_bytes(&portrait("obama")).unwrap();
    for name in ["obama2", "obama3"] {
        let seen = camera(name);
        assert!(
            matches!(attempt(card.jp2(), &seen), Verdict::Matched { score, .. } if score >= MATCH_THRESHOLD),
            "{name}"
        );
        assert!(
            matches!(
                attempt(card.jp2(), &imageops::flip_horizontal(&seen)),
                Verdict::Matched { .. }
            ),
            "{name} mirrored"
        );
    }
}

#[test]
fn somebody_else_is_not() {
    let card = Portrait::from_image_bytes(&portrait("obama")).unwrap();
    let verdict = attempt(card.jp2(), &camera("biden"));
    assert!(
        matches!(verdict, Verdict::NoMatch { best, .. } if best < MATCH_THRESHOLD - 0.1),
        "{verdict:?}"
    );
}

#[test]
fn a_live_looking_portrait_is_above_the_floor() {
    let analysis = PIPELINE.analyse(frame(&camera("biden")), Depth::Match).unwrap();
    assert!(analysis.liveness.unwrap() >= LIVENESS_FLOOR);
}

#[test]
fn mirror_size_and_place_change_little() {
    let seen = camera("obama2");
    let straight = PIPELINE.enrol_picture(frame(&seen)).unwrap();
    let smaller = imageops::resize(&seen, 400, 300, imageops::FilterType::Triangle);
    let mut moved = RgbaImage::new(800, 600);
    imageops::replace(&mut moved, &seen, 130, 90);
    for (what, other) in
        [("mirrored", imageops::flip_horizontal(&seen)), ("smaller", smaller), ("moved", moved)]
    {
        let cosine = straight.cosine(&PIPELINE.enrol_picture(frame(&other)).unwrap());
        assert!(cosine > 0.9, "{what}: {cosine}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Wherever the face is and however large: the same face, at the same place of the scene.
    #[test]
    fn place_size_and_side_do_not_matter(scale in 0.55_f32..1.3, x in 220.0_f32..420.0, y in 190.0_f32..290.0, mirrored in any::<bool>()) {
        let (seen, five) = crate::scene::person("obama2");
        let straight = PIPELINE.enrol_picture(frame(&seen)).unwrap();
        let mut moved = crate::scene::placed(&seen, five[2], scale, [x, y]);
        if mirrored {
            moved = imageops::flip_horizontal(&moved);
        }
        let analysis = PIPELINE.analyse(frame(&moved), Depth::Always).unwrap();
        let [found_x, found_y] = analysis.landmarks.as_ref().unwrap().five()[2];
        let expected_x = if mirrored { 639.0 - x } else { x };
        let eyes = (five[1][0] - five[0][0]) * scale;
        prop_assert!((found_x - expected_x).hypot(found_y - y) < 0.12 * eyes);
        let cosine = straight.cosine(analysis.embedding.as_ref().unwrap());
        prop_assert!(cosine > 0.85, "{cosine}");
    }

    /// Whatever a camera delivers is answered, never with a panic.
    #[test]
    fn any_pixels_are_analysed(seed in any::<u32>(), width in 32_usize..200, height in 32_usize..200, grain in 1_usize..40) {
        let rgba: Vec<u8> = (0..width * height)
            .flat_map(|at| {
                let cell = u32::try_from((at % width / grain) * 31 + at / width / grain * 17).unwrap();
                seed.wrapping_mul(cell.wrapping_mul(2_654_435_761) | 1).to_be_bytes()
            })
            .collect();
        let analysis = PIPELINE.analyse(Frame::new(&rgba, width, height).unwrap(), Depth::Always).unwrap();
        prop_assert!(analysis.faces.is_empty() == (analysis.hint == Hint::NoFace));
    }
}

#[test]
fn guidance_needs_no_embedding() {
    let analysis = PIPELINE.analyse(frame(&camera("obama2")), Depth::Guide).unwrap();
    assert_eq!(
        (analysis.hint, analysis.embedding.is_some(), analysis.liveness),
        (Hint::Good, false, None)
    );
    let [right, left, ..] = analysis.landmarks.as_ref().unwrap().five();
    assert!(right[0] < left[0], "the person's right eye is left in the picture");
}

#[test]
fn a_photo_without_a_face_is_no_reference() {
    let grey = vec![128; 378 * 472];
    let card = Portrait::from_grey(&grey, 378, 472).unwrap();
    assert!(matches!(PIPELINE.enrol(card.jp2()), Err(EnrolError::NoFace)));
    assert!(matches!(PIPELINE.enrol(b"no photo"), Err(EnrolError::Photo(_))));
}

#[test]
fn every_stage_gives_what_it_gave() {
    let portraits = ["obama", "obama2", "obama3", "biden"].map(portrait);
    crate::golden::check(&PIPELINE, portraits.each_ref().map(Vec::as_slice));
}
