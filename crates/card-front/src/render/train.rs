//! Trains the two networks on drawn lines, cut into pieces by the same code that reads. The same fonts and seeds give the
//! same weights.

use crate::glyph::{DAY, FIRST, MONTH, OTHER, YEAR, area, era_area, has_size};
use crate::grey::Grey;
use crate::layout::{DATES, SCALE};
use crate::line::{Piece, Print};
use crate::net::{self, Net, patch};
use crate::read::{Reader, digit};
use crate::warp::Warp;

use super::fonts::Fonts;
use super::front::{Front, Line, paper, print};
use super::{Dice, frame};

/// Neurons of the hidden layers.
const HIDDEN: (usize, usize) = (96, 48);
const EPOCHS: usize = 8;
/// A sample of whose class the network is so sure is passed over.
const KNOWN: f32 = 0.999;
/// One card of so many is kept from training to see how certain the networks may be.
const KEPT: usize = 12;
/// What also stands on cards.
const WORDS: [&str; 6] =
    ["受付練習花子", "東京都練習区", "一丁目番地号", "市長町村長知事", "電子証明書の", "性別男女"];

/// An input and its class.
type Sample = (Vec<f32>, usize);

/// Trains on the lines of `cards` drawn cards, whose seeds begin at `first`.
pub fn train(fonts: &Fonts, cards: u64, first: u64) -> Reader {
    // Two parts side by side, always the same two.
    let middle = first + cards / 2;
    let (mut samples, second) = std::thread::scope(|scope| {
        let second = scope.spawn(|| draw(fonts, middle..first + cards));
        (draw(fonts, first..middle), second.join().expect("drawing does not panic"))
    });
    samples.0.extend(second.0);
    samples.1.extend(second.1);
    std::thread::scope(|scope| {
        let eras = scope
            .spawn(|| learn(&samples.1, HIDDEN.1, net::ERA_CLASSES, &mut Dice::new(first ^ 0xE7A)));
        let glyphs =
            learn(&samples.0, HIDDEN.0, net::GLYPH_CLASSES, &mut Dice::new(first ^ 0x617F));
        Reader { glyphs, eras: eras.join().expect("learning does not panic") }
    })
}

/// Glyphs and eras of these cards.
fn draw(fonts: &Fonts, cards: std::ops::Range<u64>) -> (Vec<Sample>, Vec<Sample>) {
    let (mut glyphs, mut eras) = (Vec::new(), Vec::new());
    for number in cards {
        let mut dice = Dice::new(number ^ 0x5EED);
        let front = Front::new(number);
        let words = Line {
            text: WORDS[dice.below(WORDS.len())].to_owned(),
            at: (0.0, 0.0),
            height: dice.between(1.5, 2.2),
        };
        for line in front.dates.iter().chain([&front.code, &words]) {
            let seen = Seen::new(line, front.fonts, fonts, &mut dice);
            seen.glyphs(&mut glyphs);
            seen.era(usize::from(front.truth.era), &mut eras);
        }
    }
    (glyphs, eras)
}

/// A line as a camera and an imperfect straightening leave it.
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
    fn new(line: &Line, choice: usize, fonts: &Fonts, dice: &mut Dice) -> Self {
        // As wide as the text: an em is 1.4 times as wide as a digit is high.
        let wide = 8.0 + 1.45 * line.height * line.text.chars().count() as f32;
        let width = (wide.min(DATES.width + 4.0) * SCALE) as usize;
        let height = (5.2 * SCALE) as usize;
        let mut drawing = Grey::filled(width, height, 0);
        paper(&mut drawing, dice);
        let ink = dice.between(15.0, 60.0);
        let line = Line { at: (2.0, 2.6 + line.height / 2.0), ..line.clone() };
        let drawn = print(&mut drawing, fonts.pair(choice), &line, ink);
        let by = dice.between(0.62, 1.0);
        let (w, h) = (width as f32, height as f32);
        let flat = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)];
        let small = [(0.0, 0.0), (w * by, 0.0), (w * by, h * by), (0.0, h * by)];
        let mut skew = small;
        let (dx, dy) = (dice.between(-4.0, 4.0), dice.between(-3.0, 3.0));
        for point in &mut skew {
            point.0 += dx + dice.between(-2.5, 2.5);
            point.1 += dy + dice.between(-1.5, 1.5);
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

    fn pieces(&self) -> Vec<Piece> {
        let mut lines = Print::find(&self.picture, digit()).lines;
        lines.sort_by_key(Vec::len);
        lines.pop().unwrap_or_default()
    }

    /// Place of the character that the piece is part of, and how wide that is.
    fn under(&self, piece: Piece) -> Option<(usize, f32)> {
        let middle =
            (piece.x as f32 + piece.width as f32 / 2.0, piece.y as f32 + piece.height as f32 / 2.0);
        let (x, _) = self.ways.1.apply(self.ways.0.apply(middle));
        let is_in = |(_, left, right): &(char, f32, f32)| (left - 1.0..=right + 1.0).contains(&x);
        let place = self.drawn.iter().position(is_in)?;
        Some((place, self.drawn[place].2 - self.drawn[place].1))
    }

    fn glyphs(&self, samples: &mut Vec<Sample>) {
        for piece in self.pieces() {
            if !has_size(piece, digit()) {
                continue;
            }
            let whole = |width: f32| (0.6..1.5).contains(&(piece.width as f32 / (width + 1.5)));
            let class = match self.under(piece) {
                Some((place, width)) if whole(width) => class(self.drawn[place].0),
                _ => OTHER,
            };
            samples.push((patch(&self.picture, area(piece), net::GLYPH), class));
        }
    }

    /// The first two characters, when they are an era.
    fn era(&self, era: usize, samples: &mut Vec<Sample>) {
        if !self.drawn.iter().any(|(character, _, _)| *character == '生') {
            return;
        }
        let (mut before, mut heights) = (Vec::new(), Vec::new());
        for piece in self.pieces() {
            match self.under(piece) {
                Some((0 | 1, _)) => before.push(piece),
                Some((place, _)) if self.drawn[place].0.is_ascii_digit() => {
                    heights.push(piece.height);
                }
                _ => {}
            }
        }
        heights.sort_unstable();
        let height = heights.get(heights.len() / 2).copied();
        if let Some(area) = height.and_then(|height| era_area(&before, height)) {
            samples.push((patch(&self.picture, area, net::ERA), era));
        }
    }
}

fn class(character: char) -> usize {
    match character {
        '年' => YEAR,
        '月' => MONTH,
        '日' => DAY,
        '元' => FIRST,
        other => other.to_digit(10).map_or(OTHER, |digit| digit as usize),
    }
}

/// Learns from most of the samples, and finds from the others how certain it may be.
fn learn(samples: &[Sample], hidden: usize, classes: usize, dice: &mut Dice) -> Net {
    let (kept, taught) = samples.split_at(samples.len() / KEPT);
    let mut net = descend(taught, hidden, classes, dice);
    let loss = |temperature: f32| {
        let mut cooled = net.clone();
        cooled.cool(temperature);
        let of = |(input, class): &Sample| -cooled.forward(input).0[*class].max(1e-9).ln();
        kept.iter().map(of).sum::<f32>()
    };
    let temperatures = [0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0];
    let losses = temperatures.map(|temperature| (temperature, loss(temperature)));
    let best = losses.iter().min_by(|one, other| one.1.total_cmp(&other.1));
    net.cool(best.map_or(1.0, |best| best.0));
    net
}

/// Plain stochastic gradient descent on the cross-entropy.
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn descend(samples: &[Sample], hidden: usize, classes: usize, dice: &mut Dice) -> Net {
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
    // There is nothing left to learn from it.
    if out[class] > KNOWN {
        return;
    }
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
