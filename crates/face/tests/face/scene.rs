//! Changes to a camera picture that stand for what people do before a kiosk.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "pixels of small pictures"
)]

use face::warp::Point;
use face::{Analysis, Depth};
use image::{Rgba, RgbaImage, imageops};

use crate::portraits::{PIPELINE, camera, frame};

/// A grey room.
pub(crate) const ROOM: Rgba<u8> = Rgba([110, 112, 108, 255]);

/// The portrait before the camera, and where its five points are.
pub(crate) fn person(name: &str) -> (RgbaImage, [Point; 5]) {
    let seen = camera(name);
    let points = look(&seen).landmarks.as_ref().unwrap().five();
    (seen, points)
}

/// One frame, analysed to the end.
pub(crate) fn look(seen: &RgbaImage) -> Analysis {
    PIPELINE.analyse(frame(seen), Depth::Match).unwrap()
}

/// Every pixel of the result is the one of `picture` at `from(x, y)`; outside is the room.
pub(crate) fn mapped(picture: &RgbaImage, from: impl Fn(f32, f32) -> (f32, f32)) -> RgbaImage {
    RgbaImage::from_fn(picture.width(), picture.height(), |x, y| {
        let (u, v) = from(x as f32, y as f32);
        imageops::interpolate_bilinear(picture, u, v).unwrap_or(ROOM)
    })
}

/// Enlarged by `factor` around `centre`, which then lies at `to`.
pub(crate) fn placed(picture: &RgbaImage, centre: Point, factor: f32, to: Point) -> RgbaImage {
    mapped(picture, |x, y| ((x - to[0]) / factor + centre[0], (y - to[1]) / factor + centre[1]))
}

/// The same in a frame of another size; outside is the room.
pub(crate) fn placed_in(
    [width, height]: [u32; 2],
    picture: &RgbaImage,
    centre: Point,
    factor: f32,
    to: Point,
) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        let (x, y) = ((x as f32 - to[0]) / factor, (y as f32 - to[1]) / factor);
        imageops::interpolate_bilinear(picture, x + centre[0], y + centre[1]).unwrap_or(ROOM)
    })
}

/// The head turned to the person's left (positive) or nodded upwards by some degrees: the picture is laid over an ellipsoid
/// with a nose.
pub(crate) fn turned(picture: &RgbaImage, five: [Point; 5], yaw: f32, pitch: f32) -> RgbaImage {
    let [right, left, nose, mouth, _] = five;
    let eyes = left[0] - right[0];
    let centre = [f32::midpoint(right[0], left[0]), f32::midpoint(right[1], mouth[1])];
    let nose = (nose[1] - centre[1]) / eyes;
    let depth = |u: f32, v: f32| {
        let bump = (u / 0.24).powi(2) + ((v - nose) / 0.3).powi(2);
        let inside = 1.0 - (u / 1.2).powi(2) - (v / 1.65).powi(2);
        1.15 * inside.max(0.0).sqrt() + 0.3 * (-bump).exp() - 0.8
    };
    let ((sin_yaw, cos_yaw), (sin_pitch, cos_pitch)) =
        (yaw.to_radians().sin_cos(), pitch.to_radians().sin_cos());
    mapped(picture, |x, y| {
        let (x, y) = ((x - centre[0]) / eyes, (y - centre[1]) / eyes);
        let (mut u, mut v) = (x, y);
        if (x / 1.2).powi(2) + (y / 1.65).powi(2) < 1.5 {
            for _ in 0..8 {
                let z = depth(u, v);
                (u, v) = ((x - z * sin_yaw) / cos_yaw, (y + z * sin_pitch) / cos_pitch);
            }
        }
        (u * eyes + centre[0], v * eyes + centre[1])
    })
}

/// Turned around the optical axis.
pub(crate) fn rolled(picture: &RgbaImage, centre: Point, degrees: f32) -> RgbaImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    mapped(picture, |x, y| {
        let (u, v) = (x - centre[0], y - centre[1]);
        (centre[0] + cos * u + sin * v, centre[1] - sin * u + cos * v)
    })
}

/// Multiplies the brightness by `factor(x, y)`.
pub(crate) fn lit(picture: &RgbaImage, factor: impl Fn(f32, f32) -> f32) -> RgbaImage {
    RgbaImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [r, g, b, a] = picture.get_pixel(x, y).0;
        let by = factor(x as f32, y as f32);
        let [r, g, b] = [r, g, b].map(|value| (f32::from(value) * by).clamp(0.0, 255.0) as u8);
        Rgba([r, g, b, a])
    })
}

/// Paints a box from corner to corner.
pub(crate) fn covered(picture: &RgbaImage, from: Point, to: Point, colour: [u8; 3]) -> RgbaImage {
    let mut painted = picture.clone();
    for (x, y, pixel) in painted.enumerate_pixels_mut() {
        let (x, y) = (x as f32, y as f32);
        if x >= from[0] && x <= to[0] && y >= from[1] && y <= to[1] {
            *pixel = Rgba([colour[0], colour[1], colour[2], 255]);
        }
    }
    painted
}

/// Noise of a sensor: other in every frame.
pub(crate) fn noisy(picture: &RgbaImage, seed: u32) -> RgbaImage {
    let mut state = seed.wrapping_mul(7919).wrapping_add(17);
    let mut noisy = picture.clone();
    for value in noisy.iter_mut() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *value = (i32::from(*value) + i32::from((state >> 24) as u8) % 5 - 2).clamp(0, 255) as u8;
    }
    noisy
}
