//! Trains the two networks on drawn fields, cut into pieces by the same code that reads.

use crate::grey::Grey;
use crate::layout::{BIRTH, CODE, EXPIRY, Field, SCALE};
use crate::line::{Piece, pieces};
use crate::net::{self, Net, patch};
use crate::read::{Reader, digit_height, era_area_of, glyph_area};
use crate::warp::Warp;

use super::fonts::Fonts;
use super::front::{Front, field, paper};
use super::{Dice, frame};

/// Neurons of the hidden layers.
const HIDDEN: (usize, usize) = (72, 40);
const EPOCHS: usize = 7;

/// An input and its class.
type Sample = (Vec<f32>, usize);

/// Trains on the fields of `cards` drawn cards, whose seeds begin at `first`.
pub fn train(typefaces: &Fonts, cards: u64, first: u64) -> Reader {
    let mut dice = Dice::new(first);
    let (mut glyphs, mut eras) = (Vec::new(), Vec::new());
    for number in first..first + cards {
        let front = Front::new(number);
        for (text, of) in [(front.birth(), BIRTH), (front.expiry(), EXPIRY), (front.code(), CODE)] {
            let local = Field { x: 0.0, y: 0.0, ..of };
            let seen = Seen::new(&text, local, front.fonts, typefaces, &mut dice);
            seen.glyphs(local, &mut glyphs);
            if of.y.total_cmp(&BIRTH.y).is_eq() {
                seen.era(local, usize::from(front.truth.era), &mut eras);
            }
        }
    }
    Reader {
        glyphs: learn(&glyphs, HIDDEN.0, net::GLYPH_CLASSES, &mut dice),
        eras: learn(&eras, HIDDEN.1, net::ERA_CLASSES, &mut dice),
    }
}

/// A field as a camera and an imperfect straightening leave it.
struct Seen {
    picture: Grey,
    /// Characters and the edges of their ink in the drawing.
    drawn: Vec<(char, f32, f32)>,
    /// From the picture to the small one that the camera saw, and from there to the drawing.
    ways: (Warp, Warp),
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels"
)]
impl Seen {
    fn new(text: &str, of: Field, choice: usize, fonts: &Fonts, dice: &mut Dice) -> Self {
        let (width, height) = ((of.width * SCALE) as usize, (of.height * SCALE) as usize);
        let mut drawing = Grey::filled(width, height, 0);
        paper(&mut drawing, dice);
        let ink = dice.between(15.0, 60.0);
        let drawn = field(&mut drawing, fonts.pair(choice), text, of, ink, dice);
        let by = dice.between(0.66, 1.0);
        let (w, h) = (width as f32, height as f32);
        let flat = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)];
        let small = [(0.0, 0.0), (w * by, 0.0), (w * by, h * by), (0.0, h * by)];
        let mut skew = small;
        let (dx, dy) = (dice.between(-4.0, 4.0), dice.between(-4.0, 4.0));
        for point in &mut skew {
            point.0 += dx + dice.between(-2.5, 2.5);
            point.1 += dy + dice.between(-2.0, 2.0);
        }
        let to_drawing = Warp::between(small, flat).expect("a rectangle");
        let to_small = Warp::between(flat, skew).expect("nearly a rectangle");
        let mut camera = to_drawing.cut(&drawing, (0.0, 0.0), (w * by) as usize, (h * by) as usize);
        frame::blur(&mut camera, dice);
        let light = dice.between(0.7, 1.1);
        for value in camera.data.iter_mut() {
            *value = (f32::from(*value) * light).clamp(0.0, 255.0) as u8;
        }
        frame::noise(&mut camera, dice);
        let picture = to_small.cut(&camera, (0.0, 0.0), width, height);
        Self { picture, drawn, ways: (to_small, to_drawing) }
    }

    /// What the piece is part of, and how wide that is.
    fn under(&self, piece: Piece) -> Option<(char, f32)> {
        let middle =
            (piece.x as f32 + piece.width as f32 / 2.0, piece.y as f32 + piece.height as f32 / 2.0);
        let (x, _) = self.ways.1.apply(self.ways.0.apply(middle));
        let found =
            self.drawn.iter().find(|(_, left, right)| (left - 1.0..=right + 1.0).contains(&x));
        found.map(|(character, left, right)| (*character, right - left))
    }

    fn glyphs(&self, of: Field, samples: &mut Vec<Sample>) {
        let digit = digit_height(of);
        for piece in pieces(&self.picture, digit) {
            if piece.width > digit
                || piece.height * 10 < digit * 6
                || piece.height * 10 > digit * 14
            {
                continue;
            }
            let whole = |width: f32| (0.6..1.5).contains(&(piece.width as f32 / (width + 1.5)));
            let class = match self.under(piece) {
                Some((character, width)) if whole(width) => {
                    character.to_digit(10).map_or(10, |digit| digit as usize)
                }
                _ => 10,
            };
            samples.push((patch(&self.picture, glyph_area(piece), net::GLYPH), class));
        }
    }

    fn era(&self, of: Field, era: usize, samples: &mut Vec<Sample>) {
        let digit = digit_height(of);
        let pieces = pieces(&self.picture, digit);
        let Some(first) = pieces.first().copied() else { return };
        let near = pieces.iter().filter(|piece| piece.x < first.x + 3 * digit);
        let top = near.map(|piece| piece.y).min().unwrap_or(first.y);
        samples.push((patch(&self.picture, era_area_of(first, top, digit), net::ERA), era));
    }
}

/// Plain stochastic gradient descent on the cross-entropy.
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn learn(samples: &[Sample], hidden: usize, classes: usize, dice: &mut Dice) -> Net {
    let inputs = samples.first().map_or(1, |(input, _)| input.len());
    let mut random = |count: usize, fan: usize| -> Vec<f32> {
        let most = (3.0 / fan as f32).sqrt();
        (0..count).map(|_| dice.between(-most, most)).collect()
    };
    let mut net = Net {
        shape: [inputs, hidden, classes],
        first: random(hidden * (inputs + 1), inputs),
        second: random(classes * (hidden + 1), hidden),
    };
    for epoch in 0..EPOCHS {
        let rate = 0.012 * 0.55f32.powi(i32::try_from(epoch).unwrap_or(0));
        for _ in 0..samples.len() {
            let (input, class) = &samples[dice.below(samples.len())];
            step(&mut net, input, *class, rate);
        }
    }
    net
}

fn step(net: &mut Net, input: &[f32], class: usize, rate: f32) {
    let [inputs, hidden, _] = net.shape;
    let (mut out, middle) = net.forward(input);
    out[class] -= 1.0;
    let mut back = vec![0.0; hidden];
    for (row, error) in net.second.chunks_exact_mut(hidden + 1).zip(&out) {
        for ((weight, value), back) in row[..hidden].iter_mut().zip(&middle).zip(&mut back) {
            *back += *weight * error;
            *weight -= rate * error * value;
        }
        row[hidden] -= rate * error;
    }
    for ((row, error), value) in net.first.chunks_exact_mut(inputs + 1).zip(&back).zip(&middle) {
        let error = if *value > 0.0 { *error } else { 0.05 * error };
        for (weight, value) in row[..inputs].iter_mut().zip(input) {
            *weight -= rate * error * value;
        }
        row[inputs] -= rate * error;
    }
}
