//! One frame in, at most one reading out.

use crate::find::corners;
use crate::grey::Grey;
use crate::layout::{BIRTH, CARD_MM, CODE, EXPIRY, Field, SCALE};
use crate::line::{Piece, pieces};
use crate::net::{self, ERA_CLASSES, GLYPH_CLASSES, ModelError, Net, patch};
use crate::warp::Warp;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What one frame says. Prints as `<redacted>`, wiped when dropped.
#[derive(Clone, PartialEq, Zeroize, ZeroizeOnDrop)]
pub struct Reading {
    /// 0 明治, 1 大正, 2 昭和, 3 平成, 4 令和.
    pub era: u8,
    /// Year within the era, from 1.
    pub era_year: u8,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// Year of expiry, Gregorian.
    pub expiry_year: u16,
    /// Security code, four digits as numbers.
    pub code: [u8; 4],
    /// The least certain of its parts, 0 to 1.
    pub certainty: f32,
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<redacted>")
    }
}

impl Reading {
    /// Whether both say the same, however certain.
    pub fn same(&self, other: &Self) -> bool {
        let parts = |r: &Self| (r.era, r.era_year, r.month, r.day, r.expiry_year, r.code);
        parts(self) == parts(other)
    }
}

/// Last year of each era; 令和 goes on.
const LAST_YEAR: [u8; 5] = [45, 15, 64, 31, 99];

/// The recogniser with its two networks.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Glyphs: ten digits and the rest.
    pub glyphs: Net,
    /// The five eras.
    pub eras: Net,
}

/// A piece and what it is.
#[derive(Clone, Copy)]
struct Glyph {
    piece: Piece,
    digit: Option<u8>,
    certainty: f32,
}

impl Reader {
    /// From what [`Reader::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`ModelError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let (glyphs, rest) = Net::from_bytes(bytes)?;
        let (eras, rest) = Net::from_bytes(rest)?;
        let fits = |net: &Net, size: (usize, usize), classes: usize| {
            net.shape[0] == size.0 * size.1 && net.shape[2] == classes
        };
        let fit = fits(&glyphs, net::GLYPH, GLYPH_CLASSES) && fits(&eras, net::ERA, ERA_CLASSES);
        if fit && rest.is_empty() { Ok(Self { glyphs, eras }) } else { Err(ModelError) }
    }

    /// Both networks as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.glyphs.to_bytes(), self.eras.to_bytes()].concat()
    }

    /// Reads a frame; `None` when anything is missing or impossible. Either way up is tried.
    pub fn read(&self, frame: &Grey) -> Option<Reading> {
        let found = corners(frame)?;
        let [a, b, c, d] = found;
        self.read_quad(frame, [a, b, c, d]).or_else(|| self.read_quad(frame, [c, d, a, b]))
    }

    fn read_quad(&self, frame: &Grey, quad: [(f32, f32); 4]) -> Option<Reading> {
        let (width, height) = (CARD_MM.0 * SCALE, CARD_MM.1 * SCALE);
        let flat = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
        let warp = Warp::between(flat, quad)?;
        // The code first: it is short, and missing when the card lies the other way round.
        let (code, code_certainty) = self.code(&cut(frame, &warp, CODE))?;
        let (expiry_year, expiry_certainty) = self.expiry(&cut(frame, &warp, EXPIRY))?;
        let (birth, birth_certainty) = self.birth(&cut(frame, &warp, BIRTH))?;
        let (era, era_year, month, day) = birth;
        let certainty = code_certainty.min(expiry_certainty).min(birth_certainty);
        Some(Reading { era, era_year, month, day, expiry_year, code, certainty })
    }

    fn glyphs(&self, field: &Grey, of: Field) -> Vec<Glyph> {
        let digit = digit_height(of);
        pieces(field, digit).into_iter().map(|piece| self.glyph(field, piece, digit)).collect()
    }

    fn glyph(&self, field: &Grey, piece: Piece, digit: usize) -> Glyph {
        // Neither wider nor lower than a digit can be.
        if piece.width > digit || piece.height * 10 < digit * 6 || piece.height * 10 > digit * 14 {
            return Glyph { piece, digit: None, certainty: 1.0 };
        }
        let (class, certainty) = self.glyphs.classify(&patch(field, glyph_area(piece), net::GLYPH));
        let digit = u8::try_from(class).ok().filter(|class| *class < 10);
        Glyph { piece, digit, certainty }
    }

    fn code(&self, field: &Grey) -> Option<([u8; 4], f32)> {
        let glyphs = self.glyphs(field, CODE);
        let groups = groups(&glyphs, digit_height(CODE));
        let [group] = groups.as_slice() else { return None };
        let digits: Vec<u8> = group.iter().filter_map(|glyph| glyph.digit).collect();
        Some((digits.try_into().ok()?, certainty(group)))
    }

    fn expiry(&self, field: &Grey) -> Option<(u16, f32)> {
        let glyphs = self.glyphs(field, EXPIRY);
        let groups = groups(&glyphs, digit_height(EXPIRY));
        let [year, month, day, ..] = groups.as_slice() else { return None };
        let possible = year.len() == 4
            && (1..=12).contains(&number(month)?)
            && (1..=31).contains(&number(day)?);
        let year_number = number(year)?;
        (possible && (2016..=2099).contains(&year_number)).then(|| (year_number, certainty(year)))
    }

    fn birth(&self, field: &Grey) -> Option<((u8, u8, u8, u8), f32)> {
        let digit = digit_height(BIRTH);
        let glyphs = self.glyphs(field, BIRTH);
        let groups = groups(&glyphs, digit);
        let start = glyphs.first()?.piece;
        let first_digit = groups.first()?.first()?.piece.x;
        // Two characters, and 元年 behind them when there is no digit for the year.
        let before = first_digit.saturating_sub(start.x);
        let (year, month, day) = match groups.as_slice() {
            [month, day] if before > 3 * digit => (1, month, day),
            [year, month, day] => (number(year)?, month, day),
            _ => return None,
        };
        let (month_number, day_number) = (number(month)?, number(day)?);
        let (era, era_certainty) =
            self.eras.classify(&patch(field, era_area(&glyphs, digit), net::ERA));
        let possible = (1..=u16::from(LAST_YEAR[era])).contains(&year)
            && (1..=12).contains(&month_number)
            && (1..=31).contains(&day_number);
        let least = groups.iter().map(|group| certainty(group)).fold(era_certainty, f32::min);
        let small = |n: u16| u8::try_from(n).ok();
        let era = u8::try_from(era).ok()?;
        possible.then_some(((era, small(year)?, small(month_number)?, small(day_number)?), least))
    }
}

/// Height of a digit in pixels of the straightened card.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen pixels")]
pub(crate) fn digit_height(field: Field) -> usize {
    (field.digit * SCALE) as usize
}

/// The region of a field, straightened.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred pixels")]
pub(crate) fn cut(frame: &Grey, warp: &Warp, field: Field) -> Grey {
    let pixels = |mm: f32| (mm * SCALE) as usize;
    let corner = (field.x * SCALE, field.y * SCALE);
    warp.cut(frame, corner, pixels(field.width), pixels(field.height))
}

/// A little more than the piece, always as high as it is.
#[expect(clippy::cast_precision_loss, reason = "pixels")]
pub(crate) fn glyph_area(piece: Piece) -> (f32, f32, f32, f32) {
    let (x, y) = (piece.x as f32, piece.y as f32);
    let (width, height) = (piece.width as f32, piece.height as f32);
    // Narrow ones keep their shape: a 1 is not stretched into something else.
    let wide = width.max(0.55 * height);
    (x + width / 2.0 - wide / 2.0 - 1.5, y - 1.5, wide + 3.0, height + 3.0)
}

/// The first two characters of the line.
#[expect(clippy::cast_precision_loss, reason = "pixels")]
pub(crate) fn era_area_of(first: Piece, top: usize, digit: usize) -> (f32, f32, f32, f32) {
    let em = digit as f32 * 1.36;
    (first.x as f32 - 2.0, top as f32 - 2.0, 2.0 * em + 4.0, em + 2.0)
}

fn era_area(glyphs: &[Glyph], digit: usize) -> (f32, f32, f32, f32) {
    let first = glyphs[0].piece;
    let near = glyphs.iter().filter(|glyph| glyph.piece.x < first.x + 3 * digit);
    let top = near.map(|glyph| glyph.piece.y).min().unwrap_or(first.y);
    era_area_of(first, top, digit)
}

/// Digits that stand side by side.
fn groups(glyphs: &[Glyph], digit: usize) -> Vec<Vec<Glyph>> {
    let mut groups: Vec<Vec<Glyph>> = Vec::new();
    let mut open = false;
    for glyph in glyphs {
        if glyph.digit.is_none() {
            open = false;
            continue;
        }
        match groups.last_mut() {
            Some(group)
                if open
                    && group.last().is_some_and(|last| {
                        let gap = glyph.piece.x.saturating_sub(last.piece.x + last.piece.width);
                        2 * gap < digit
                    }) =>
            {
                group.push(*glyph);
            }
            _ => groups.push(vec![*glyph]),
        }
        open = true;
    }
    groups
}

fn number(group: &[Glyph]) -> Option<u16> {
    (group.len() <= 4).then(|| {
        group
            .iter()
            .filter_map(|glyph| glyph.digit)
            .fold(0, |all, digit| 10 * all + u16::from(digit))
    })
}

fn certainty(group: &[Glyph]) -> f32 {
    group.iter().map(|glyph| glyph.certainty).fold(1.0, f32::min)
}
