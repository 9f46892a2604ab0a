//! People drawn for tests and measurements: a portrait whose head turns and nods ([`Head`]), how it moves ([`Motion`]), and what
//! a camera sees of it ([`scene`]). Crude, and never a substitute for filmed people. Feature `drawn`; not part of any kiosk.

#![expect(clippy::many_single_char_names, reason = "coordinates")]

mod head;
mod motion;
pub mod scene;

pub use head::{EYES, Head, HeadError, Turn};
pub use motion::{Chance, Motion, Rhythm};

use std::path::Path;

use image::RgbImage;

use crate::models::{Models, Role, file_name};
use crate::pipeline::Pipeline;

/// The prepared models of a folder, for tests and measurements.
///
/// # Errors
/// The message for whoever runs them, when a file is missing or of another shape.
pub fn pipeline(folder: &Path) -> Result<Pipeline, String> {
    let read = |role: Role| {
        let file = folder.join(file_name(role));
        let missing = |error| format!("{}: run `cargo xtask models` ({error})", file.display());
        std::fs::read(&file).map_err(missing)
    };
    let [a, b, c, d] = Role::ALL.map(read);
    let (detector, landmark, embedding, liveness) = (a?, b?, c?, d?);
    let models = Models {
        detector: &detector,
        landmark: &landmark,
        embedding: &embedding,
        liveness: &liveness,
    };
    Pipeline::load(&models).map_err(|error| error.to_string())
}

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
