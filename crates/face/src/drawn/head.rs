//! A portrait whose head can turn and nod: the picture is laid over an ellipsoid with a nose. Crude, but its nose moves
//! against its eyes as that of a person does.

use image::{RgbImage, RgbaImage, imageops};

use crate::frame::{Frame, FrameError};
use crate::models::EngineError;
use crate::pipeline::{Depth, Pipeline};

/// Half axes of the head in eye distances: across, down, towards the camera.
const AXES: [f32; 3] = [1.2, 1.65, 1.15];
/// How far the nose stands out, and how wide and long it is, in eye distances.
const NOSE: [f32; 3] = [0.3, 0.24, 0.3];
/// Part of the sideways movement that the neck takes back, in eye distances.
const NECK: f32 = 0.8;

/// Angles of a head in radians.
#[derive(Debug, Clone, Copy, Default)]
pub struct Turn {
    /// Positive to the person's left (to the right in the picture).
    pub yaw: f32,
    /// Positive upwards.
    pub pitch: f32,
}

/// Why a portrait cannot be turned.
#[derive(Debug, thiserror::Error)]
pub enum HeadError {
    /// Too small.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// A model failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Nobody is on it.
    #[error("the portrait shows no face")]
    NoFace,
}

/// A portrait, scaled so that its eyes are [`EYES`] pixels apart.
pub struct Head {
    picture: RgbImage,
    /// Middle of the face in pixels.
    centre: [f32; 2],
    /// Where the tip of the nose is below the middle, in eye distances.
    nose: f32,
}

/// Eye distance of a [`Head`] in pixels.
pub const EYES: f32 = 64.0;

impl Head {
    /// Finds the face in a portrait.
    ///
    /// # Errors
    /// [`HeadError`] when there is none.
    pub fn new(pipeline: &Pipeline, portrait: RgbaImage) -> Result<Self, HeadError> {
        // Large portraits shrink first, so that the frame is accepted.
        let whole = image::DynamicImage::from(portrait).thumbnail(1200, 1200).to_rgba8();
        let points = |picture: &RgbaImage| -> Result<[[f32; 2]; 5], HeadError> {
            let (width, height) = (picture.width() as usize, picture.height() as usize);
            let analysis = pipeline.analyse(Frame::new(picture, width, height)?, Depth::Guide)?;
            Ok(analysis.landmarks.as_ref().ok_or(HeadError::NoFace)?.five())
        };
        let [right, left, ..] = points(&whole)?;
        let scale = EYES / (left[0] - right[0]).hypot(left[1] - right[1]);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few thousand pixels"
        )]
        let side = |length: u32| (super::real(length) * scale).round() as u32;
        let picture = imageops::resize(
            &whole,
            side(whole.width()),
            side(whole.height()),
            imageops::FilterType::Triangle,
        );
        let [right, left, nose, mouth_right, mouth_left] = points(&picture)?;
        let middle =
            |axis: usize| (right[axis] + left[axis] + mouth_right[axis] + mouth_left[axis]) / 4.0;
        let centre = [middle(0), middle(1)];
        let picture = image::DynamicImage::from(picture).to_rgb8();
        Ok(Self { nose: (nose[1] - centre[1]) / EYES, picture, centre })
    }

    /// Half width and half height of the picture around the face, in pixels of the picture: left, top, right, bottom.
    pub fn extent(&self) -> [f32; 4] {
        let [x, y] = self.centre;
        [-x, -y, super::real(self.picture.width()) - x, super::real(self.picture.height()) - y]
    }

    /// Colour at a point relative to the middle of the face, in pixels, with the head turned. Beyond the picture its edge
    /// goes on.
    pub fn at(&self, x: f32, y: f32, turn: Turn) -> [f32; 3] {
        let [u, v] = self.unturned(x / EYES, y / EYES, turn);
        super::sample(&self.picture, u * EYES + self.centre[0], v * EYES + self.centre[1])
    }

    /// Where a point of the turned head lies on the straight one, in eye distances.
    fn unturned(&self, x: f32, y: f32, turn: Turn) -> [f32; 2] {
        let round = ((x / AXES[0]).powi(2) + (y / AXES[1]).powi(2)).sqrt();
        // The surroundings stay; between them and the head the picture is stretched.
        let part = ((1.7 - round) / 0.7).clamp(0.0, 1.0);
        if part <= 0.0 || (turn.yaw.abs() < 1e-4 && turn.pitch.abs() < 1e-4) {
            return [x, y];
        }
        let part = part * part * (3.0 - 2.0 * part);
        let (sin_yaw, cos_yaw) = (turn.yaw * part).sin_cos();
        let (sin_pitch, cos_pitch) = (turn.pitch * part).sin_cos();
        let (mut u, mut v) = (x, y);
        for _ in 0..8 {
            let z = self.depth(u, v) - NECK;
            u = (x - z * sin_yaw) / cos_yaw;
            v = (y + z * sin_pitch) / cos_pitch;
        }
        [u, v]
    }

    /// How far the surface lies before the middle of the head, in eye distances.
    fn depth(&self, u: f32, v: f32) -> f32 {
        let inside = 1.0 - (u / AXES[0]).powi(2) - (v / AXES[1]).powi(2);
        let nose = (u / NOSE[1]).powi(2) + ((v - self.nose) / NOSE[2]).powi(2);
        AXES[2] * inside.max(0.0).sqrt() + NOSE[0] * (-nose).exp()
    }
}
