//! A frame of a camera that looks at a card.

use crate::grey::Grey;
use crate::warp::{Point, Warp};

use super::Dice;

/// Width and height of a frame.
const SIZE: (usize, usize) = (1280, 720);

/// Where and under what light a card is held; each frame moves a little.
#[derive(Debug, Clone)]
pub struct Scene {
    dice: Dice,
    angle: f32,
    width: f32,
    desk: f32,
    fingers: Vec<(f32, f32, f32)>,
    glare: Option<(f32, f32, f32)>,
}

impl Scene {
    /// An invented scene.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x5CE_E5CE);
        let upside_down = dice.happens(0.3);
        // Most people hold it level; some do not.
        let lean = if dice.happens(0.1) { std::f32::consts::PI } else { 0.35 };
        let angle =
            dice.between(-lean, lean) + if upside_down { std::f32::consts::PI } else { 0.0 };
        let fingers = (0..dice.below(3))
            .map(|_| (dice.between(0.0, 1.0), dice.between(0.5, 1.1), dice.between(55.0, 95.0)))
            .collect();
        let glare = dice
            .happens(0.4)
            .then(|| (dice.between(-0.4, 0.4), dice.between(-0.4, 0.4), dice.between(60.0, 170.0)));
        Self {
            angle,
            width: dice.between(760.0, 1000.0),
            desk: dice.between(25.0, 165.0),
            fingers,
            glare,
            dice,
        }
    }
}

/// The next frame of a scene.
#[expect(clippy::cast_precision_loss, reason = "pixels")]
pub fn frame(card: &Grey, scene: &mut Scene) -> Grey {
    let mut dice = scene.dice.clone();
    let quad = quad(card, scene, &mut dice);
    let flat = [
        (0.0, 0.0),
        (card.width as f32, 0.0),
        (card.width as f32, card.height as f32),
        (0.0, card.height as f32),
    ];
    let mut out = Grey::filled(SIZE.0, SIZE.1, 0);
    if let Some(warp) = Warp::between(quad, flat) {
        paint(&mut out, card, &warp, scene, &mut dice);
    }
    cover(&mut out, quad, scene);
    blur(&mut out, &mut dice);
    noise(&mut out, &mut dice);
    scene.dice = dice;
    out
}

#[expect(clippy::cast_precision_loss, reason = "pixels")]
fn quad(card: &Grey, scene: &Scene, dice: &mut Dice) -> [Point; 4] {
    let angle = scene.angle + dice.between(-0.05, 0.05);
    let width = scene.width * dice.between(0.97, 1.03);
    let height = width * card.height as f32 / card.width as f32;
    // Turned cards must stay inside.
    let (sin, cos) = (angle.sin().abs(), angle.cos().abs());
    let tall = width * sin + height * cos;
    let fit = (690.0 / tall).min(1.0);
    let (width, height) = (width * fit, height * fit);
    let middle = (640.0 + dice.between(-25.0, 25.0), 360.0 + dice.between(-8.0, 8.0));
    let (sin, cos) = angle.sin_cos();
    let corner = |x: f32, y: f32| {
        let (x, y) = (x * width, y * height);
        (middle.0 + x * cos - y * sin, middle.1 + x * sin + y * cos)
    };
    let mut quad = [corner(-0.5, -0.5), corner(0.5, -0.5), corner(0.5, 0.5), corner(-0.5, 0.5)];
    for point in &mut quad {
        point.0 += dice.between(-0.025, 0.025) * width;
        point.1 += dice.between(-0.02, 0.02) * height;
    }
    quad
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "pixels"
)]
fn paint(out: &mut Grey, card: &Grey, warp: &Warp, scene: &Scene, dice: &mut Dice) {
    let light = (dice.between(0.85, 1.05), dice.between(-0.12, 0.12), dice.between(-0.12, 0.12));
    let (w, h) = (card.width as f32, card.height as f32);
    for y in 0..out.height {
        for x in 0..out.width {
            let (u, v) = warp.apply((x as f32, y as f32));
            // Corners are rounded, 3.18 mm.
            let radius = 38.0;
            let (cx, cy) = (u.clamp(radius, w - radius), v.clamp(radius, h - radius));
            let inside = (u - cx).hypot(v - cy) <= radius;
            let (fx, fy) = (x as f32 / 1280.0 - 0.5, y as f32 / 720.0 - 0.5);
            let tone = if inside {
                card.sample(u - 0.5, v - 0.5)
            } else {
                scene.desk + ((fx * 40.0).sin() + (fy * 23.0 + fx * 9.0).cos()) * 6.0
            };
            let mut lit = tone * (light.0 + light.1 * fx + light.2 * fy);
            if let Some((gx, gy, strength)) = scene.glare {
                let far = ((fx - gx) / 0.16).powi(2) + ((fy - gy) / 0.2).powi(2);
                lit += strength * (-far).exp();
            }
            out.data[y * out.width + x] = lit.clamp(0.0, 255.0) as u8;
        }
    }
}

/// Fingers over the edge: skin-coloured, dark next to the card.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "pixels"
)]
fn cover(out: &mut Grey, quad: [Point; 4], scene: &Scene) {
    for &(place, reach, thickness) in &scene.fingers {
        // Along one of the short sides, away from what is read.
        let (a, b) = if place < 0.5 { (quad[1], quad[2]) } else { (quad[0], quad[1]) };
        let t = if place < 0.5 { 0.15 + place } else { 0.7 + (place - 0.5) * 0.4 };
        let middle = (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
        let radius = thickness * 0.6 * reach;
        for y in 0..out.height {
            for x in 0..out.width {
                let far = (x as f32 - middle.0).hypot(y as f32 - middle.1);
                if far < radius {
                    let shade = 135.0 - 35.0 * far / radius;
                    out.data[y * out.width + x] = shade as u8;
                }
            }
        }
    }
}

/// A box blur of random strength, once or twice, or along a line for a moving hand.
pub(super) fn blur(out: &mut Grey, dice: &mut Dice) {
    let moving = dice.happens(0.25);
    let strength = dice.between(0.0, 1.0);
    let step = if moving { dice.between(0.5, 2.2) } else { dice.between(0.3, 1.0) };
    let angle = dice.between(0.0, 3.1);
    let source = out.clone();
    let offsets: Vec<Point> = if moving {
        let (sin, cos) = angle.sin_cos();
        [-1.0, -0.5, 0.0, 0.5, 1.0].iter().map(|t| (t * step * cos, t * step * sin)).collect()
    } else {
        vec![(0.0, 0.0), (step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step)]
    };
    if strength < 0.3 {
        return;
    }
    mix(out, &source, &offsets);
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "pixels"
)]
fn mix(out: &mut Grey, source: &Grey, offsets: &[Point]) {
    for y in 0..out.height {
        for x in 0..out.width {
            let sum: f32 =
                offsets.iter().map(|(dx, dy)| source.sample(x as f32 + dx, y as f32 + dy)).sum();
            out.data[y * out.width + x] = (sum / offsets.len() as f32) as u8;
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a tone")]
pub(super) fn noise(out: &mut Grey, dice: &mut Dice) {
    let sigma = dice.between(1.0, 7.0);
    for value in out.data.iter_mut() {
        let random = dice.roll();
        // The sum of four bytes is near enough to a bell.
        let sum: i32 = random.to_be_bytes()[..4].iter().map(|byte| i32::from(*byte)).sum();
        let bell = (f32::from(i16::try_from(sum).unwrap_or(0)) - 510.0) / 148.0;
        *value = (f32::from(*value) + bell * sigma).clamp(0.0, 255.0) as u8;
    }
}
