//! What the camera sees: a person in a room, a sheet or a screen held before it, or frames put in its place.

use image::{Rgb, RgbImage};

use super::head::{Head, Turn};
use super::motion::Chance;

/// Sides of a frame in pixels.
pub const WIDTH: u32 = 640;
/// Sides of a frame in pixels.
pub const HEIGHT: u32 = 480;
/// Focal length in pixels: 49° across.
const FOCAL: f32 = 700.0;

/// Where a flat thing is held.
#[derive(Debug, Clone, Copy)]
pub struct Pose {
    /// Turned by hand, radians: as a head turns, and around the optical axis.
    pub turn: Turn,
    /// Around the optical axis, radians.
    pub roll: f32,
    /// Middle of the face in the frame, pixels from the middle.
    pub at: [f32; 2],
    /// Size of the face: 1 for eyes 64 px apart.
    pub scale: f32,
}

/// What a flat thing is made of.
#[derive(Debug, Clone, Copy)]
pub struct Sheet {
    /// Left, top, right, bottom of what is shown, pixels of the portrait from the middle of the face.
    pub shown: [f32; 4],
    /// Width of the edge around it, and its colour.
    pub edge: (f32, [f32; 3]),
    /// Radius of the bend around an upright axis, pixels of the portrait; infinite when flat.
    pub radius: f32,
    /// Half axes of an ellipse outside of which it is cut away.
    pub cut: Option<[f32; 2]>,
    /// Ink or light.
    pub surface: Surface,
}

/// What paper and screens do to a picture.
#[derive(Debug, Clone, Copy)]
pub enum Surface {
    /// Less contrast, a little yellow.
    Ink,
    /// Brighter, bluer, with moiré.
    Light {
        /// Of the moiré, in pixels of the frame.
        period: f32,
        /// Of the moiré, 0..1.
        contrast: f32,
        /// Across its stripes, in radians.
        direction: f32,
    },
}

/// The camera and the light in the room.
#[derive(Debug, Clone, Copy)]
pub struct Camera {
    /// Exposure.
    pub gain: f32,
    /// Highest deviation by noise, 0..=255.
    pub noise: f32,
    /// Light from one side: change of brightness across the frame.
    pub slope: f32,
    /// Brightness of the wall.
    pub wall: f32,
}

/// A person before the camera.
pub fn person(head: &Head, turn: Turn, pose: Pose, camera: Camera, n: u32) -> RgbImage {
    let (sin, cos) = pose.roll.sin_cos();
    expose(camera, n, |x, y| {
        let (x, y) = ((x - pose.at[0]) / pose.scale, (y - pose.at[1]) / pose.scale);
        head.at(cos * x + sin * y, cos * y - sin * x, turn)
    })
}

/// A sheet or a screen that shows the head, before a wall.
pub fn held(head: &Head, turn: Turn, sheet: Sheet, pose: Pose, camera: Camera, n: u32) -> RgbImage {
    let plane = Plane::new(pose, sheet.radius);
    expose(camera, n, |x, y| {
        let wall = || {
            let wall = camera.wall;
            // A dark pullover below the face.
            let below = y - pose.at[1] > 95.0 * pose.scale;
            let body = below && (x - pose.at[0]).abs() < 60.0 + (y - pose.at[1]) * 0.7;
            if body { [38.0, 42.0, 54.0] } else { [wall, 0.98 * wall, 0.93 * wall] }
        };
        let Some(([u, v], shade)) = plane.hit(x, y) else { return wall() };
        if sheet.cut.is_some_and(|[a, b]| (u / a).powi(2) + (v / b).powi(2) > 1.0) {
            return wall();
        }
        let [left, top, right, bottom] = sheet.shown;
        let (edge, colour) = sheet.edge;
        if u >= left && u <= right && v >= top && v <= bottom {
            sheet.surface.seen(head.at(u, v, turn), [x, y]).map(|value| value * shade)
        } else if u >= left - edge && u <= right + edge && v >= top - edge && v <= bottom + edge {
            colour.map(|value| value * shade)
        } else {
            wall()
        }
    })
}

impl Surface {
    fn seen(self, [r, g, b]: [f32; 3], [x, y]: [f32; 2]) -> [f32; 3] {
        match self {
            Self::Ink => [28.0 + r * 0.78, 26.0 + g * 0.76, 24.0 + b * 0.68],
            Self::Light { period, contrast, direction } => {
                let (sin, cos) = direction.sin_cos();
                let wave = |at: f32| (at * std::f32::consts::TAU / period).cos();
                let gate = 1.0
                    + contrast * (0.6 * wave(cos * x + sin * y) + 0.4 * wave(cos * y - sin * x));
                [r * gate * 0.98, g * gate, b * gate * 1.06 + 5.0]
            }
        }
    }
}

/// A plane in front of a pinhole, bent or not.
struct Plane {
    /// Axes of the sheet: across, down, towards the camera.
    axes: [[f32; 3]; 3],
    centre: [f32; 3],
    scale: f32,
    radius: f32,
}

impl Plane {
    fn new(pose: Pose, radius: f32) -> Self {
        let (sy, cy) = pose.turn.yaw.sin_cos();
        let (sp, cp) = pose.turn.pitch.sin_cos();
        let (sr, cr) = pose.roll.sin_cos();
        // Columns of roll · pitch · yaw, x to the right, y down, z away from the camera.
        let turned = |[x, y, z]: [f32; 3]| {
            let [x, z] = [x * cy - z * sy, x * sy + z * cy];
            let [y, z] = [y * cp + z * sp, -y * sp + z * cp];
            [x * cr - y * sr, x * sr + y * cr, z]
        };
        Self {
            axes: [turned([1.0, 0.0, 0.0]), turned([0.0, 1.0, 0.0]), turned([0.0, 0.0, -1.0])],
            centre: [pose.at[0], pose.at[1], FOCAL],
            scale: pose.scale,
            radius,
        }
    }

    /// Point of the sheet, in pixels of the portrait from the middle of the face, that is seen at a point of the frame; with
    /// the shade of its slope.
    fn hit(&self, x: f32, y: f32) -> Option<([f32; 2], f32)> {
        let ray = [x, y, FOCAL];
        let dot = |a: [f32; 3], b: [f32; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        let [across, down, near] = self.axes;
        let slope = dot(near, ray);
        if slope > -60.0 {
            return None;
        }
        let (mut u, mut v, mut z) = (0.0_f32, 0.0, 0.0_f32);
        for _ in 0..4 {
            // The middle of a bent sheet is nearest.
            let t = (dot(near, self.centre) + z) / slope;
            let from = [0, 1, 2].map(|axis: usize| ray[axis] * t - self.centre[axis]);
            (u, v) = (dot(across, from), dot(down, from));
            z = if self.radius.is_finite() {
                -u * u / (2.0 * self.radius * self.scale)
            } else {
                0.0
            };
        }
        // Along the paper, not across the air.
        let angle = u / (self.radius * self.scale);
        if angle.abs() > 1.2 {
            return None;
        }
        let along = if self.radius.is_finite() { u * (1.0 + angle * angle / 6.0) } else { u };
        Some(([along / self.scale, v / self.scale], 1.0 - 0.25 * angle * angle))
    }
}

/// Every pixel from its distance to the middle of the frame, with light and noise.
fn expose(camera: Camera, n: u32, colour: impl Fn(f32, f32) -> [f32; 3]) -> RgbImage {
    let mut chance = Chance::new(n);
    let (width, height) = (super::real(WIDTH), super::real(HEIGHT));
    RgbImage::from_fn(WIDTH, HEIGHT, |column, row| {
        let (x, y) = (super::real(column) - width / 2.0, super::real(row) - height / 2.0);
        let light = camera.gain * (1.0 + camera.slope * x / width);
        let noise = chance.between(-camera.noise, camera.noise);
        Rgb(colour(x, y).map(|value| super::byte(value * light + noise)))
    })
}
