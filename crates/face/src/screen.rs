//! The pixel grid of a screen in one frame.
//!
//! Edges of sheets and phones were tried, too: straight lines beside a face are as common behind living people.

use crate::beside;
use crate::detect::FaceBox;
use crate::frame::Frame;
use crate::warp::{Colour, Normalise, Similarity, crop, real};

const PLAIN: Normalise = Normalise { mean: 0.0, divisor: 1.0 };
/// Side of the window in pixels.
const SIDE: usize = 96;

/// Correlation of the finest structure with itself at which a pattern is no skin.
const PATTERN: f32 = 0.37;

/// Fine regular pattern on the face, from a screen's pixels or the moiré that they make with the camera's: 0 for none,
/// 1 at the limit from which on it shows an attack.
pub(crate) fn screen(frame: Frame<'_>, face: &FaceBox) -> f32 {
    pattern(frame, face) / PATTERN
}

/// Highest correlation of the high-passed middle of the face with itself, shifted by 3 to 12 pixels across or down.
///
/// Natural detail does not repeat; a pixel grid and its moiré do.
fn pattern(frame: Frame<'_>, face: &FaceBox) -> f32 {
    let [x, y] = face.centre();
    // Pixel by pixel: any scaling would wash the pattern out or make one.
    let window = Similarity::window((x - 48.0).round(), (y - 48.0).round(), 1.0);
    let grey = crop(frame, window, [SIDE, SIDE], Colour::Grey, PLAIN);
    let at = |x: usize, y: usize| grey[y * SIDE + x][0];
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
    let most = |step: usize| (3..=12).map(|lag| repeats(lag * step)).fold(0.0, f32::max);
    let (across, down) = beside::both(|| most(1), || most(SIDE));
    across.max(down)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(value: impl Fn(usize, usize) -> u8) -> f32 {
        let rgba: Vec<u8> = (0..160 * 160)
            .flat_map(|at| {
                let grey = value(at % 160, at / 160);
                [grey, grey, grey, 255]
            })
            .collect();
        let face = FaceBox { x: 40.0, y: 30.0, width: 80.0, height: 100.0, score: 0.9 };
        screen(Frame::new(&rgba, 160, 160).unwrap(), &face)
    }

    #[test]
    fn a_lattice_is_seen_and_noise_is_not() {
        assert!(seen(|x, y| if x % 4 < 2 && y % 4 < 2 { 120 } else { 140 }) > 1.0);
        assert!(seen(|_, _| 128) < 0.1, "nothing at all");
        // A linear congruential generator: no two pixels have to do with each other.
        let noise = |x: usize, y: usize| {
            u8::try_from((x * 7919 + y * 104_729 + x * y * 31) % 23).unwrap() + 100
        };
        assert!(seen(noise) < 0.8);
    }
}
