//! Traces of a carrier in one frame: the pixel grid of a screen, the edges of a sheet or a phone.

use crate::detect::FaceBox;
use crate::frame::Frame;
use crate::warp::{Colour, Normalise, Similarity, crop, real};

const PLAIN: Normalise = Normalise { mean: 0.0, divisor: 1.0 };
/// Side of both windows in pixels.
const SIDE: usize = 96;

/// Each 0 for none, 1 at the limit from which on it shows an attack.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cues {
    /// Fine regular pattern on the face: a screen's pixels, or the moiré that they make with the camera's.
    pub screen: f32,
    /// Straight edges on both sides of the face, down across the shoulders: a sheet or a phone.
    pub border: f32,
}

/// Correlation of the finest structure with itself at which a pattern is no skin.
const PATTERN: f32 = 0.35;
/// Mean step of luma along a straight line at which it is an edge.
const EDGE: f32 = 14.0;

/// Looks for both.
pub(crate) fn cues(frame: Frame<'_>, face: &FaceBox) -> Cues {
    Cues { screen: pattern(frame, face) / PATTERN, border: border(frame, face) / EDGE }
}

/// Highest correlation of the high-passed middle of the face with itself, shifted by 3 to 12 pixels across or down.
///
/// Natural detail does not repeat; a pixel grid and its moiré do.
fn pattern(frame: Frame<'_>, face: &FaceBox) -> f32 {
    let [x, y] = face.centre();
    // Pixel by pixel: any scaling would wash the pattern out or make one.
    let window = Similarity::window((x - 48.0).round(), (y - 48.0).round(), 1.0);
    let grey = crop(frame, window, [SIDE, SIDE], Colour::Grey, PLAIN);
    let at = |x: usize, y: usize| grey[y * SIDE + x];
    let mut fine = vec![0.0_f32; SIDE * SIDE];
    for y in 1..SIDE - 1 {
        for x in 1..SIDE - 1 {
            let around = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1);
            // Edges of the face itself are large and would drown the pattern.
            fine[y * SIDE + x] = (at(x, y) - around / 4.0).clamp(-12.0, 12.0);
        }
    }
    let energy: f32 = fine.iter().map(|value| value * value).sum();
    if energy < 0.02 * real(SIDE * SIDE) {
        return 0.0;
    }
    let repeats =
        |shift: usize| fine.iter().zip(&fine[shift..]).map(|(a, b)| a * b).sum::<f32>() / energy;
    (3..=12).flat_map(|lag| [repeats(lag), repeats(lag * SIDE)]).fold(0.0, f32::max)
}

/// The weaker of the strongest vertical edges left and right of the face, from its middle to a head below the chin.
///
/// A door behind a person ends at the shoulders; a sheet in front of them does not.
fn border(frame: Frame<'_>, face: &FaceBox) -> f32 {
    let step = face.width * 3.6 / real(SIDE);
    let [x, y] = face.centre();
    let window = Similarity::window(x - 48.0 * step, y, step);
    let grey = crop(frame, window, [SIDE, 40], Colour::Grey, PLAIN);
    // Where the frame ends there is an edge, too: it is not looked at.
    let inside = |column: usize| {
        let at = x + (real(column) - 48.0) * step;
        at > 2.0 * step && at < real(frame.width()) - 2.0 * step
    };
    let rows = ((real(frame.height()) - y) / step).clamp(0.0, 40.0);
    let edge = |column: usize| {
        let sum: f32 = (0..40)
            .filter(|row| real(*row) < rows - 1.0)
            .map(|row| grey[row * SIDE + column + 1] - grey[row * SIDE + column - 1])
            .sum();
        sum.abs() / rows.max(10.0)
    };
    let strongest = |columns: std::ops::Range<usize>| {
        columns.filter(|column| inside(*column)).map(edge).fold(0.0, f32::max)
    };
    strongest(2..32).min(strongest(64..94))
}
