//! A drawn passport picture: nobody, but head, shoulders and features where a face finder looks for them.

use image::{GrayImage, Luma};

use crate::portrait::{PORTRAIT_HEIGHT, PORTRAIT_WIDTH};

/// An ellipse: centre, radii (pixels), grey.
struct Oval(f32, f32, f32, f32, u8);

/// 378×472 grey pixels. The seed moves the features and the tones a little.
pub(crate) fn picture(seed: u64) -> GrayImage {
    let vary = |shift: u32, span: f32| {
        #[expect(clippy::cast_precision_loss, reason = "four bits")]
        let unit = (seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> shift & 15) as f32 / 15.0;
        (unit - 0.5) * span
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a tone between 20 and 235"
    )]
    let tone =
        |base: f32, shift: u32, span: f32| (base + vary(shift, span)).clamp(20.0, 235.0) as u8;
    let (skin, hair) = (tone(190.0, 8, 40.0), tone(60.0, 12, 60.0));
    let shade = skin - 25;
    let (eyes_y, apart, jaw) =
        (225.0 + vary(16, 14.0), 44.0 + vary(20, 10.0), 108.0 + vary(24, 20.0));
    let mut parts = vec![
        Oval(189.0, 505.0, 185.0, 140.0, tone(90.0, 28, 60.0)),
        Oval(189.0, 375.0, 52.0, 70.0, shade),
        Oval(189.0, 205.0, jaw + 16.0, 142.0, hair),
        Oval(189.0, 235.0, jaw, 135.0, skin),
        Oval(189.0, 262.0, 12.0, 22.0, shade),
        Oval(189.0, 318.0 + vary(32, 8.0), 36.0 + vary(36, 10.0), 8.0, 110),
    ];
    for x in [189.0 - apart, 189.0 + apart] {
        parts.push(Oval(x, eyes_y - 26.0, 26.0, 5.0, hair));
        parts.push(Oval(x, eyes_y, 20.0, 9.0, 240));
        parts.push(Oval(x, eyes_y, 9.0, 9.0, 30));
    }
    GrayImage::from_fn(PORTRAIT_WIDTH, PORTRAIT_HEIGHT, |x, y| Luma([pixel(&parts, x, y)]))
}

#[expect(clippy::cast_precision_loss, reason = "coordinates below 500")]
fn pixel(parts: &[Oval], x: u32, y: u32) -> u8 {
    let (x, y) = (x as f32, y as f32);
    let inside =
        |oval: &&Oval| ((x - oval.0) / oval.2).powi(2) + ((y - oval.1) / oval.3).powi(2) <= 1.0;
    parts.iter().rev().find(inside).map_or(225, |oval| oval.4)
}
