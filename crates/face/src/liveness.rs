//! Passive check for presentation attacks (ISO/IEC 30107-3): does one frame look like a live face?
//!
//! Weak evidence. Crude prints and replays pass in part, a cleanly injected photo passes, and some live faces
//! look false; so the score is reported with every claim and only a very low one stops a match (see [`crate::decide`]).

use crate::detect::FaceBox;
use crate::frame::Frame;
use crate::models::{EngineError, Net};
use crate::warp::{Colour, Normalise, Pixel, Similarity, crop, real};

/// Mean liveness below which no match is given. Lenient on purpose: the passive model alone refuses many live faces at
/// its natural 0.5, so only frames that it is nearly sure about are stopped; the score itself goes with the claim.
pub const LIVENESS_FLOOR: f32 = 0.05;

const SIDE: usize = 128;
/// Raw 0..=255.
const NORMALISE: Normalise = Normalise { mean: 0.0, divisor: 1.0 };
/// The window is this much larger than the face box: the surroundings betray a print or a screen.
const SURROUNDINGS: f32 = 2.7;

/// What the model sees.
pub(crate) fn input(frame: Frame<'_>, face: &FaceBox) -> Vec<Pixel> {
    crop(frame, window(frame, face), [SIDE, SIDE], Colour::Bgr, NORMALISE)
}

/// Probability that the face is live, 0..=1: 128×128 f32 BGR 0..=255, softmax over 3 classes, class 0 = live.
pub(crate) fn liveness(net: &Net, frame: Frame<'_>, face: &FaceBox) -> Result<f32, EngineError> {
    let outputs = net.see(&input(frame, face))?;
    let highest = outputs[0].iter().copied().fold(f32::MIN, f32::max);
    let powers: Vec<f32> = outputs[0].iter().map(|logit| (logit - highest).exp()).collect();
    Ok(powers[0] / powers.iter().sum::<f32>())
}

/// A square of 2.7 times the box around its centre, made smaller and shifted until it lies inside the frame.
fn window(frame: Frame<'_>, face: &FaceBox) -> Similarity {
    let (width, height) = (real(frame.width()), real(frame.height()));
    let side = (face.width.max(face.height) * SURROUNDINGS).min(width).min(height);
    let [x, y] = face.centre();
    let left = (x - side / 2.0).clamp(0.0, width - side);
    let top = (y - side / 2.0).clamp(0.0, height - side);
    Similarity::window(left, top, side / real(SIDE))
}
