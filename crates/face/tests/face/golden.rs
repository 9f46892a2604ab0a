//! What every stage gives for fixed input, for native code and wasm alike, with the difference that is allowed.
//!
//! Recorded natively on x86-64 with the prepared models of the manifest. Kernels add in another order on every target.
#![expect(clippy::approx_constant, reason = "a measured number that looks like 1 ÷ π")]

use face::decide::{MATCH_THRESHOLD, MIN_FRAMES};
use face::{
    Analysis, Attempt, Challenge, Depth, Embedding, Frame, Hint, Pipeline, Policy, Role, Verdict,
};
use image::RgbaImage;

/// Grey steps of decoded JPEG 2000: the wavelet is computed in floating point.
const DECODE: f32 = 1.0;
/// Outputs of a model on noise, as a part of its largest output.
const MODEL: f32 = 2e-3;
/// Pixels of boxes and points.
const PLACE: f32 = 0.25;
/// Detection score and liveness.
const SCORE: f32 = 5e-3;
/// Measures of quality, as a part of the value.
const QUALITY: f32 = 0.01;
/// Cosines: decisions are made in hundredths.
const COSINE: f32 = 2e-3;

/// Every difference, told at once.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn near(&mut self, what: &str, found: &[f32], golden: &[f32], tolerance: f32) {
        self.within(what, found, golden, |_| tolerance);
    }

    fn within(&mut self, what: &str, found: &[f32], golden: &[f32], by: impl Fn(f32) -> f32) {
        let fits = found.len() == golden.len()
            && found
                .iter()
                .zip(golden)
                .all(|(found, golden)| (found - golden).abs() <= by(*golden));
        if !fits {
            self.0.push(format!("{what}: found {found:.4?} instead of {golden:?}"));
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "literals and what was just made")]
    fn same<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, found: T, golden: T) {
        if found != golden {
            self.0.push(format!("{what}: found {found:?} instead of {golden:?}"));
        }
    }
}

/// `portraits`: JPEG files of obama, obama2, obama3 and biden.
pub(crate) fn check(pipeline: &Pipeline, portraits: [&[u8]; 4]) {
    let mut differences = Differences::default();
    decode(&mut differences);
    for (role, golden) in Role::ALL.into_iter().zip(&MODELS) {
        model(&mut differences, pipeline, role, golden);
    }
    let seen = portraits.map(|jpeg| {
        let picture = image::load_from_memory(jpeg).unwrap();
        picture.thumbnail(640, 640).to_rgba8()
    });
    let looks = seen.each_ref().map(|picture| look(pipeline, picture));
    for (analysis, golden) in looks.iter().zip(&PORTRAITS) {
        stages(&mut differences, analysis, golden);
    }
    embeddings(&mut differences, &looks);
    decisions(&mut differences, pipeline, &seen, &looks);
    assert!(differences.0.is_empty(), "{}", differences.0.join("\n"));
}

/// A drawn pattern of 40×48 px, grey, as a bare codestream.
const CODESTREAM: &str = "ff4fff510029000000000028000000300000000000000000000000280000003000000000000000000001070101\
    ff52000c00000001000304040000ff5c001742673867506750676850055005504757d357d35762ff64002500014372656174656420627920\
    4f70656e4a5045472076657273696f6e20322e352e34ff90000a00000000002c0001ff93c7c63c1213ad350ae6c5ac681ee96b7bc98ec08e\
    046018294910bef08080ffd9";

fn decode(differences: &mut Differences) {
    let bytes = hex::decode(CODESTREAM).unwrap();
    let picture = face::jp2::decode(&bytes).unwrap();
    let frame = picture.frame();
    assert_eq!((frame.width(), frame.height()), (40, 48));
    let found = [(0, 0), (20, 24), (39, 47), (8, 40)].map(|(x, y)| f32::from(frame.rgb(x, y)[0]));
    differences.near("decode", &found, &[60.0, 155.0, 205.0, 140.0], DECODE);
}

/// First six numbers of the first output of every model, on the noise of [`model`].
const MODELS: [[f32; 6]; 4] = [
    [0.9224, 0.0776, 0.9349, 0.0651, 0.9284, 0.0716],
    [0.1828, 0.3033, 0.18, 0.397, 0.1863, 0.4929],
    [-0.0907, 0.0218, 0.0246, -0.0468, -0.0412, -0.0688],
    [-2.7348, 5.9998, -3.265, 0.0, 0.0, 0.0],
];

fn model(differences: &mut Differences, pipeline: &Pipeline, role: Role, golden: &[f32; 6]) {
    let mut state = 1_u32;
    let noise: Vec<f32> = (0..role.input_shape().iter().product())
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f32::from(u8::try_from(state >> 24).unwrap()) / 127.5 - 1.0
        })
        .collect();
    let output = pipeline.run(role, &noise).unwrap().remove(0);
    let largest = output.iter().fold(1.0_f32, |largest, value| largest.max(value.abs()));
    let first: Vec<f32> = output.iter().copied().take(6).collect();
    differences.near(role.name(), &first, &golden[..first.len()], MODEL * largest);
}

/// What the stages give for one portrait, 640 px on its longer side.
struct Portrait {
    /// Left, top, width, height, pixels.
    place: [f32; 4],
    /// Right eye, left eye, nose, corners of the mouth, pixels.
    five: [[f32; 2]; 5],
    /// Eye distance, height, yaw, pitch, roll, luma, sharpness, eyes, mouth, surroundings.
    quality: [f32; 10],
    /// Detection and liveness.
    scores: [f32; 2],
    hint: Hint,
}

const PORTRAITS: [Portrait; 4] = [
    Portrait {
        place: [215.6204, 45.3048, 124.6739, 184.9579],
        five: [
            [249.0865, 120.1229],
            [307.9113, 119.6318],
            [279.27, 153.8392],
            [248.6441, 178.3306],
            [310.3478, 177.0228],
        ],
        quality: [
            58.8268, 0.289, 0.0083, 0.4124, 0.4783, 178.9817, 4.5416, 0.4187, 0.3144, 92.8179,
        ],
        scores: [1.0, 0.9999],
        hint: Hint::Good,
    },
    Portrait {
        place: [108.7578, 126.688, 137.6386, 203.5223],
        five: [
            [134.2893, 198.165],
            [200.2568, 203.8642],
            [151.5355, 236.1989],
            [130.8898, 277.3187],
            [188.1267, 280.9041],
        ],
        quality: [66.2132, 0.318, -0.1911, 0.534, 4.9378, 167.0592, 3.594, 0.4138, 0.4603, 71.7724],
        scores: [0.9998, 0.9999],
        hint: Hint::Good,
    },
    Portrait {
        place: [178.2909, 64.2108, 72.0139, 103.2127],
        five: [
            [201.7686, 105.9026],
            [235.037, 109.7672],
            [222.6284, 118.2193],
            [202.5236, 139.3675],
            [231.1264, 142.7664],
        ],
        quality: [
            33.4921, 0.1613, 0.1611, 0.6942, 6.626, 130.0373, 3.4485, 0.466, 0.3915, 202.0379,
        ],
        scores: [0.9997, 0.9972],
        hint: Hint::Good,
    },
    Portrait {
        place: [128.0324, 49.0813, 78.6025, 112.6202],
        five: [
            [155.1433, 94.0583],
            [189.2515, 101.201],
            [173.2831, 116.8482],
            [151.8205, 133.1135],
            [178.8743, 138.1547],
        ],
        quality: [
            34.8481, 0.176, 0.1435, 0.5152, 11.8276, 119.8112, 3.645, 0.3539, 0.587, 120.0976,
        ],
        scores: [0.9998, 1.0],
        hint: Hint::Good,
    },
];

fn look(pipeline: &Pipeline, picture: &RgbaImage) -> Analysis {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    pipeline.analyse(Frame::new(picture, width, height).unwrap(), Depth::Always).unwrap()
}

fn stages(differences: &mut Differences, analysis: &Analysis, golden: &Portrait) {
    let face = analysis.best().unwrap();
    differences.near("detect", &[face.x, face.y, face.width, face.height], &golden.place, PLACE);
    let five = analysis.landmarks.as_ref().unwrap().five();
    differences.near("landmarks", five.as_flattened(), golden.five.as_flattened(), PLACE);
    let m = analysis.measures.unwrap();
    let p = m.patches;
    let quality = [
        m.eye_distance,
        m.height,
        m.yaw,
        m.pitch,
        m.roll,
        p.luma,
        p.sharpness,
        p.eyes_covered,
        p.mouth_covered,
        m.surroundings,
    ];
    let by = |golden: f32| QUALITY * golden.abs().max(0.05);
    differences.within("quality (and align)", &quality, &golden.quality, by);
    differences.near("scores", &[face.score, analysis.liveness.unwrap()], &golden.scores, SCORE);
    differences.same("hint", analysis.hint, golden.hint);
}

/// Cosines of obama with obama2, obama3 and biden, and of the mean of obama2 and obama3 with obama.
const COSINES: [f32; 4] = [0.7661, 0.8435, -0.0215, 0.8544];

fn embeddings(differences: &mut Differences, looks: &[Analysis; 4]) {
    let [obama, obama2, obama3, biden] =
        looks.each_ref().map(|look| look.embedding.clone().unwrap());
    let fused = Embedding::mean([&obama2, &obama3]).unwrap();
    let found = [&obama2, &obama3, &biden, &fused].map(|other| obama.cosine(other));
    differences.near("embed and fuse", &found, &COSINES, COSINE);
}

/// The same verdicts after the same frames, for the holder of the card and for somebody else.
fn decisions(
    differences: &mut Differences,
    pipeline: &Pipeline,
    seen: &[RgbaImage; 4],
    looks: &[Analysis; 4],
) {
    let [_, _, obama3, biden] = looks;
    let (width, height) = (seen[0].width() as usize, seen[0].height() as usize);
    let reference =
        || pipeline.enrol_picture(Frame::new(&seen[0], width, height).unwrap()).unwrap();
    let run = |policy, analysis: &Analysis| {
        let mut attempt = Attempt::new(reference(), policy);
        for n in 1..=200_u16 {
            // No two frames of a camera are the same.
            let mut analysis = analysis.clone();
            analysis.fingerprint = n.into();
            let verdict = attempt.push(&analysis, f64::from(n) * 100.0);
            if verdict != Verdict::Undecided || attempt.challenge().is_some() {
                return (verdict, usize::from(n), attempt.challenge());
            }
        }
        panic!("an attempt must end");
    };
    let (verdict, frames, _) = run(Policy::Report, obama3);
    differences.same("frames", frames, MIN_FRAMES);
    let score = if let Verdict::Matched { score, .. } = verdict { score } else { -1.0 };
    differences.near("decide", &[score], &COSINES[1..2], COSINE);
    let (verdict, ..) = run(Policy::Report, biden);
    let refused = matches!(verdict, Verdict::NoMatch { best, .. } if best < MATCH_THRESHOLD);
    differences.same("another person is refused", refused, true);
    let asked = run(Policy::Enforce { random: 1 }, obama3);
    differences.same("ask", asked, (Verdict::Undecided, 5, Some(Challenge::LookDown)));
}
