//! What parts of the aligned face look like: light, sharpness, covered eyes and mouth.

use crate::align::{Aligned, SIDE};
use crate::detect::FaceBox;
use crate::frame::Frame;
use crate::warp::{Pixel, luma, real};

/// Measures on the face as the embedding sees it (aligned, 112×112).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Patches {
    /// Luma of the skin, 0..=255: the brightest of nose and cheeks, so that a mask or glasses change nothing.
    pub luma: f32,
    /// 1 at the limit of what can be compared, larger is sharper.
    pub sharpness: f32,
    /// 1 at the limit, larger is more surely covered.
    pub eyes_covered: f32,
    /// 1 at the limit, larger is more surely covered.
    pub mouth_covered: f32,
}

/// Fine detail (relative to the face's contrast) below which a face is blurred; half of it remains at a blur of 2.5 px.
const SHARP: f32 = 0.048;
/// Contrast of an eye (relative to the skin) below which nothing of it is seen.
const EYE_CONTRAST: f32 = 0.07;
/// Brightness of an eye (relative to the skin) below which dark glass is before it.
const EYE_DARK: f32 = 0.2;
/// Contrast of the mouth's surroundings below which there are no lips.
const MOUTH_CONTRAST: f32 = 0.065;
/// Difference in colour between mouth and nose (sum over three shares) above which it is not skin.
const MOUTH_COLOUR: f32 = 0.3;
/// The same in brightness: logarithm, brighter and darker. Beards are darker, but not as dark as a black mask.
const MOUTH_LIGHT: [f32; 2] = [0.45, 1.3];

impl Patches {
    /// Looks at the aligned face.
    pub(crate) fn of(face: &Aligned) -> Self {
        Face(face.pixels()).patches()
    }
}

/// Columns and rows of a part of the aligned face.
type Part = [std::ops::Range<usize>; 2];

const WHOLE: Part = [25..87, 35..105];
const EYES: [Part; 2] = [[28..49, 45..58], [63..84, 45..58]];
const CHEEKS: [Part; 2] = [[28..40, 66..74], [72..84, 66..74]];
const NOSE: Part = [52..60, 52..64];
const MOUTH: Part = [42..70, 84..104];

/// The aligned face, RGB 0..=255.
struct Face<'a>(&'a [Pixel]);

impl Face<'_> {
    fn patches(&self) -> Patches {
        let contrast = self.luma(&WHOLE).1;
        let eyes = EYES.each_ref().map(|eye| self.luma(eye));
        let skin = CHEEKS.iter().chain([&NOSE]).map(|part| self.luma(part).0).fold(1.0, f32::max);
        let least = |a: f32, b: f32| a.min(b).max(1e-3);
        let eye_contrast = least(eyes[0].1, eyes[1].1) / skin;
        let eye_light = least(eyes[0].0, eyes[1].0) / skin;
        let (mouth_luma, mouth_contrast) = self.luma(&MOUTH);
        let (mouth, nose) = (self.shares(&MOUTH), self.shares(&NOSE));
        let colour: f32 = mouth.iter().zip(nose).map(|(a, b)| (a - b).abs()).sum();
        let light = (mouth_luma.max(1.0) / self.luma(&NOSE).0.max(1.0)).ln();
        Patches {
            luma: skin,
            sharpness: self.detail() / contrast.max(4.0) / SHARP,
            eyes_covered: (EYE_CONTRAST / eye_contrast).max(EYE_DARK / eye_light),
            mouth_covered: (MOUTH_CONTRAST * skin / mouth_contrast.max(1e-3))
                .max(colour / MOUTH_COLOUR)
                .max(light / MOUTH_LIGHT[0])
                .max(-light / MOUTH_LIGHT[1]),
        }
    }

    fn at(&self, x: usize, y: usize) -> [f32; 3] {
        let [red, green, blue, _] = self.0[y * SIDE + x];
        [red, green, blue]
    }

    fn pixels(&self, part: &Part) -> impl Iterator<Item = [f32; 3]> {
        let [columns, rows] = part.clone();
        rows.flat_map(move |y| columns.clone().map(move |x| self.at(x, y)))
    }

    /// Mean and standard deviation of the luma.
    fn luma(&self, part: &Part) -> (f32, f32) {
        let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0);
        for value in self.pixels(part).map(luma) {
            (sum, squares, count) = (sum + value, squares + value * value, count + 1.0);
        }
        let mean: f32 = sum / count;
        (mean, (squares / count - mean * mean).max(0.0).sqrt())
    }

    /// Shares of red, green and blue.
    fn shares(&self, part: &Part) -> [f32; 3] {
        let sum = self
            .pixels(part)
            .fold([0.0; 3], |sum, rgb| [sum[0] + rgb[0], sum[1] + rgb[1], sum[2] + rgb[2]]);
        let all = sum.iter().sum::<f32>().max(1.0);
        sum.map(|channel| channel / all)
    }

    /// Mean deviation of a pixel from its neighbours, in pixels of twice the size, which do not see the sensor's noise.
    fn detail(&self) -> f32 {
        let [columns, rows] = WHOLE;
        let (width, height) = (columns.len() / 2, rows.len() / 2);
        let coarse: Vec<f32> = (0..width * height)
            .map(|at| {
                let (x, y) = (columns.start + at % width * 2, rows.start + at / width * 2);
                let part = [x..x + 2, y..y + 2];
                self.pixels(&part).map(luma).sum::<f32>() / 4.0
            })
            .collect();
        let mut sum = 0.0;
        for y in 1..height - 1 {
            for x in 1..width - 1 {
                let at = y * width + x;
                let around =
                    coarse[at - 1] + coarse[at + 1] + coarse[at - width] + coarse[at + width];
                sum += (coarse[at] - around / 4.0).abs();
            }
        }
        sum / real((width - 2) * (height - 2))
    }
}

/// Mean luma of a ring around the face box, inside the frame, 0..=255; 0 when the face fills the frame.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "range is checked just before"
)]
pub(crate) fn surroundings(frame: Frame<'_>, face: &FaceBox) -> f32 {
    let (mut sum, mut count) = (0.0, 0_u8);
    for row in 0..12_u8 {
        for column in 0..12_u8 {
            // A square of twice the box; its inner part is the face itself.
            let part = |step: u8| (f32::from(step) + 0.5) / 6.0 - 1.0;
            let (u, v) = (part(column), part(row));
            // Below the face are the shoulders: their colour says nothing about the light.
            if u.abs() < 0.62 && v > -0.62 {
                continue;
            }
            let [x, y] = face.centre();
            let (x, y) = (x + u * face.width, y + v * face.height);
            if x >= 0.0 && y >= 0.0 && x < real(frame.width()) && y < real(frame.height()) {
                sum += luma(frame.rgb(x as usize, y as usize).map(f32::from));
                count += 1;
            }
        }
    }
    if count < 12 { 0.0 } else { sum / f32::from(count) }
}
