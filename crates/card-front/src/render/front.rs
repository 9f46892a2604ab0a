//! One card front.

use crate::grey::Grey;
use crate::layout::{CARD_MM, SCALE};
use crate::reading::{Day, Reading};

use checkin::era::Era;

use super::Dice;
use super::fonts::{Fonts, Pair};

/// The day on which all drawn cards are looked at.
pub const TODAY: Day = Day { year: 2026, month: 11, day: 25 };

/// Years of each era that somebody alive can be born in.
const YEARS: [(u8, u8); 5] = [(44, 45), (1, 15), (1, 64), (1, 31), (1, 8)];

/// A line of print.
#[derive(Debug, Clone)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// Where it begins and its base line, in millimetres.
    pub at: (f32, f32),
    /// Height of a digit in millimetres.
    pub height: f32,
}

/// What stands on it.
#[derive(Debug, Clone)]
pub struct Front {
    /// The truth.
    pub truth: Reading,
    /// Choice of fonts.
    pub fonts: usize,
    /// Birth and expiry, on one line or two.
    pub dates: Vec<Line>,
    /// The security code.
    pub code: Line,
    /// The number of the card, small, beside it.
    pub serial: Option<Line>,
    seed: u64,
}

impl Front {
    /// An invented card.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let truth = std::iter::repeat_with(|| truth(&mut dice)).find(|one| one.is_possible(TODAY));
        let truth = truth.expect("most of them are possible");
        Self::of(truth, seed)
    }

    /// A card that says this; everything else about it comes from the seed.
    pub fn of(truth: Reading, seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0xF0A7);
        let pad = dice.happens(0.4);
        let (birth, expiry) = (birth(&truth, pad), expiry(&truth, pad));
        let (x, y) = (26.5 + dice.between(-1.5, 2.0), 18.0 + dice.between(-1.5, 1.5));
        let dates = if dice.happens(0.7) {
            let height = dice.between(1.5, 1.72);
            let text = format!("{birth}{}{expiry}", [" ", "  ", "　"][dice.below(3)]);
            vec![Line { text, at: (x, y), height }]
        } else {
            let (height, lower) = (dice.between(1.6, 2.3), y + dice.between(4.4, 6.5));
            let second = (x + dice.between(-2.0, 4.0), lower);
            vec![
                Line { text: birth, at: (x, y), height },
                Line { text: expiry, at: second, height },
            ]
        };
        let below = 46.8 + dice.between(-1.0, 3.0);
        let text = truth.code.iter().map(|digit| char::from(b'0' + digit)).collect();
        let at = (6.0 + dice.between(-1.5, 9.0), below);
        let code = Line { text, at, height: dice.between(1.6, 2.2) };
        let serial = dice.happens(0.5).then(|| {
            let text = (0..16).map(|_| char::from(b'0' + digit(&mut dice, 10))).collect();
            let y = below + if dice.happens(0.5) { 2.6 } else { -3.0 };
            Line { text, at: (4.0, y), height: dice.between(1.0, 1.15) }
        });
        Self { truth, fonts: dice.below(1 << 20), dates, code, serial, seed }
    }
}

fn digit(dice: &mut Dice, below: usize) -> u8 {
    u8::try_from(dice.below(below)).unwrap_or(0)
}

fn truth(dice: &mut Dice) -> Reading {
    let era = dice.below(5);
    let (first, last) = YEARS[era];
    Reading {
        era: u8::try_from(era).unwrap_or(0),
        era_year: first + digit(dice, usize::from(last - first) + 1),
        month: 1 + digit(dice, 12),
        day: 1 + digit(dice, 31),
        expiry_year: TODAY.year + u16::from(digit(dice, 11)),
        code: std::array::from_fn(|_| digit(dice, 10)),
    }
}

/// The birth line; `pad` leaves room before single digits.
fn birth(truth: &Reading, pad: bool) -> String {
    let year = if truth.era_year == 1 { "元".to_owned() } else { number(truth.era_year, pad) };
    let (month, day) = (number(truth.month, pad), number(truth.day, pad));
    format!("{}{year}年{month}月{day}日生", Era::JAPANESE[usize::from(truth.era)].name())
}

fn expiry(truth: &Reading, pad: bool) -> String {
    let (month, day) = (number(truth.month, pad), number(truth.day, pad));
    format!("{}年{month}月{day}日まで有効", truth.expiry_year)
}

fn number(value: u8, pad: bool) -> String {
    if pad { format!("{value:>2}") } else { value.to_string() }
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
    photo(&mut out, &mut dice);
    let fixed = |text: &str, at, height| Line { text: text.to_owned(), at, height };
    let around = [
        fixed("氏名", (3.0, 6.0), 1.5),
        fixed("受付練習太郎", (10.0, 6.3), 2.2),
        fixed("住所", (3.0, 10.6), 1.5),
        fixed("東京都練習区受付町一丁目2番3号", (10.0, 10.8), 1.7),
        fixed("性別 男", (73.0, 10.8), 1.5),
        fixed("練習区長", (60.0, 30.5), 1.9),
        fixed("個人番号カード", (50.0, 48.0), 2.4),
    ];
    let lines = around.iter().chain(&front.dates).chain([&front.code]).chain(&front.serial);
    for line in lines {
        print(&mut out, pair, line, ink);
    }
    out
}

/// Prints a line; comes back with the edges of its characters.
pub(super) fn print(on: &mut Grey, pair: Pair<'_>, line: &Line, ink: f32) -> Vec<(char, f32, f32)> {
    let at = (line.at.0 * SCALE, line.at.1 * SCALE);
    pair.draw(on, &line.text, at, line.height * SCALE, ink)
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
            if !(3.5..22.5).contains(&u) || !(14.0..41.0).contains(&v) {
                continue;
            }
            let inside = |cx: f32, cy: f32, rx: f32, ry: f32| {
                ((u - cx) / rx).powi(2) + ((v - cy) / ry).powi(2) < 1.0
            };
            let tone = if inside(13.0, 26.0, 4.5, 6.0) {
                skin
            } else if inside(13.0, 24.5, 6.0, 7.5) {
                hair
            } else if inside(13.0, 42.0, 9.0, 8.0) {
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
