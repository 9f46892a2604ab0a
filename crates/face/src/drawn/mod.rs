//! People drawn for tests and measurements: a portrait whose head turns and nods ([`Head`]), how it moves ([`Motion`]), and what
//! a camera sees of it ([`scene`]). Crude, and never a substitute for filmed people. Feature `drawn`; not part of any kiosk.

#![expect(clippy::many_single_char_names, reason = "coordinates")]

mod head;
mod motion;
pub mod scene;

pub use head::{EYES, Head, HeadError, Turn};
pub use motion::{Chance, Motion, Rhythm};

use image::RgbImage;

/// A pixel count as a real number.
#[expect(clippy::cast_precision_loss, reason = "a few thousand")]
fn real(value: u32) -> f32 {
    value as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "range is forced just before"
)]
fn byte(value: f32) -> u8 {
    value.clamp(0.0, 255.0) as u8
}

/// Bilinear; beyond the picture its edge goes on.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "range is forced just before"
)]
fn sample(picture: &RgbImage, x: f32, y: f32) -> [f32; 3] {
    let (x, y) =
        (x.clamp(0.0, real(picture.width()) - 1.001), y.clamp(0.0, real(picture.height()) - 1.001));
    let (left, top) = (x as u32, y as u32);
    let (fx, fy) = (x - real(left), y - real(top));
    let at = |dx: u32, dy: u32| picture.get_pixel(left + dx, top + dy).0.map(f32::from);
    let (a, b, c, d) = (at(0, 0), at(1, 0), at(0, 1), at(1, 1));
    std::array::from_fn(|i| {
        (a[i] * (1.0 - fx) + b[i] * fx) * (1.0 - fy) + (c[i] * (1.0 - fx) + d[i] * fx) * fy
    })
}
