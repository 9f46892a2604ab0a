//! One card front.

use crate::grey::Grey;
use crate::layout::{BIRTH, CARD_MM, CODE, EXPIRY, Field, SCALE};
use crate::read::Reading;

use super::Dice;
use super::fonts::{Fonts, Pair};

const ERAS: [&str; 5] = ["明治", "大正", "昭和", "平成", "令和"];
/// Years of each era that somebody alive can be born in.
const YEARS: [(u8, u8); 5] = [(44, 45), (1, 15), (1, 64), (1, 31), (1, 8)];

/// What stands on it.
#[derive(Debug, Clone)]
pub struct Front {
    /// The truth.
    pub truth: Reading,
    /// Choice of fonts.
    pub fonts: usize,
    seed: u64,
}

impl Front {
    /// An invented card.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let era = dice.below(5);
        let small = |n: usize| u8::try_from(n).unwrap_or(0);
        let (first, last) = YEARS[era];
        let truth = Reading {
            era: small(era),
            era_year: first + small(dice.below(usize::from(last - first) + 1)),
            month: small(1 + dice.below(12)),
            day: small(1 + dice.below(28)),
            expiry_year: 2026 + u16::from(small(dice.below(11))),
            code: std::array::from_fn(|_| small(dice.below(10))),
            certainty: 1.0,
        };
        Self { truth, fonts: dice.below(64), seed }
    }

    /// The birth line.
    pub fn birth(&self) -> String {
        let truth = &self.truth;
        let year = if truth.era_year == 1 { "元".to_owned() } else { truth.era_year.to_string() };
        format!("{}{year}年{}月{}日生", ERAS[usize::from(truth.era)], truth.month, truth.day)
    }

    /// The expiry line.
    pub fn expiry(&self) -> String {
        format!("{}年{}月{}日まで有効", self.truth.expiry_year, self.truth.month, self.truth.day)
    }

    /// The security code.
    pub fn code(&self) -> String {
        self.truth.code.iter().map(|digit| char::from(b'0' + digit)).collect()
    }
}

/// The whole front, straight on, at [`SCALE`] pixels per millimetre.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred pixels")]
pub fn card(front: &Front, fonts: &Fonts) -> Grey {
    let mut dice = Dice::new(front.seed ^ 0x00C0_FFEE);
    let (width, height) = ((CARD_MM.0 * SCALE) as usize, (CARD_MM.1 * SCALE) as usize);
    let mut out = Grey::filled(width, height, 0);
    paper(&mut out, &mut dice);
    let pair = fonts.pair(front.fonts);
    let ink = dice.between(15.0, 60.0);
    let mut line = |text: &str, x: f32, y: f32, mm: f32| {
        pair.draw(&mut out, text, (x * SCALE, y * SCALE), mm * SCALE, ink);
    };
    line("氏名", 3.0, 7.0, 1.8);
    line("受付練習太郎", 12.0, 7.4, 2.6);
    line("住所", 3.0, 13.0, 1.8);
    line("東京都練習区受付町一丁目2番3号", 12.0, 13.2, 2.1);
    line("性別 男", 66.0, 24.0, 1.8);
    line("個人番号カード", 33.0, 46.0, 2.6);
    photo(&mut out, &mut dice);
    field(&mut out, pair, &front.birth(), BIRTH, ink, &mut dice);
    field(&mut out, pair, &front.expiry(), EXPIRY, ink, &mut dice);
    field(&mut out, pair, &front.code(), CODE, ink, &mut dice);
    out
}

/// Prints a field a little off its place; comes back with the edges of its characters.
pub(super) fn field(
    on: &mut Grey,
    pair: Pair<'_>,
    text: &str,
    of: Field,
    ink: f32,
    dice: &mut Dice,
) -> Vec<(char, f32, f32)> {
    let x = of.x + 1.2 + dice.between(-0.4, 0.4);
    let base = of.y + of.height / 2.0 + of.digit / 2.0 + dice.between(-0.4, 0.4);
    let height = of.digit * dice.between(0.94, 1.06);
    pair.draw(on, text, (x * SCALE, base * SCALE), height * SCALE, ink)
}

/// Bright, with the fine waves of security paper.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a tone"
)]
pub(super) fn paper(out: &mut Grey, dice: &mut Dice) {
    let (tone, waves) = (dice.between(205.0, 238.0), dice.between(2.0, 9.0));
    let (fx, fy) = (dice.between(0.02, 0.3), dice.between(0.02, 0.3));
    let tilt = dice.between(-8.0, 8.0) / out.width as f32;
    for y in 0..out.height {
        for x in 0..out.width {
            let (u, v) = (x as f32, y as f32);
            let wave = (u * fx + (v * fy).sin() * 3.0).sin() * waves;
            out.data[y * out.width + x] = (tone + wave + tilt * u).clamp(0.0, 255.0) as u8;
        }
    }
}

/// A photo: darker blots in a frame.
fn photo(out: &mut Grey, dice: &mut Dice) {
    let pixel = |mm: f32| mm * SCALE;
    let hair = dice.between(30.0, 120.0);
    let skin = dice.between(140.0, 200.0);
    for y in 0..out.height {
        for x in 0..out.width {
            let (u, v) = (at(x) / pixel(1.0), at(y) / pixel(1.0));
            if !(5.0..25.0).contains(&u) || !(17.0..43.5).contains(&v) {
                continue;
            }
            let inside = |cx: f32, cy: f32, rx: f32, ry: f32| {
                ((u - cx) / rx).powi(2) + ((v - cy) / ry).powi(2) < 1.0
            };
            let tone = if inside(15.0, 28.0, 4.5, 6.0) {
                skin
            } else if inside(15.0, 26.5, 6.0, 7.5) {
                hair
            } else if inside(15.0, 44.0, 9.5, 8.0) {
                hair + 40.0
            } else {
                225.0
            };
            out.data[y * out.width + x] = tone_of(tone);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "pixels")]
fn at(value: usize) -> f32 {
    value as f32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a tone")]
fn tone_of(tone: f32) -> u8 {
    tone.clamp(0.0, 255.0) as u8
}
