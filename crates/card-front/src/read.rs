//! One frame in, at most one sighting out.

use crate::find::corners;
use crate::glyph::{Glyph, era_area, glyphs, logarithms};
use crate::grey::Grey;
use crate::layout::{CARD_MM, CODE, DATES, DIGIT, Region, SCALE};
use crate::line::{Piece, Print};
use crate::net::{self, ERA_CLASSES, GLYPH_CLASSES, ModelError, Net, likeliest, patch};
use crate::reading::Reading;
use crate::text::{Date, code, dates, is_blank};
use crate::warp::{Point, Warp};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What one frame says of the fourteen digits, with its doubts. Wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Sighting {
    /// Digits of year (0 for 元年), month and day.
    pub(crate) shape: [usize; 3],
    /// Logarithms of the probabilities of the eras.
    pub(crate) era: [f32; ERA_CLASSES],
    /// The same of every digit: birth year, month, day, year of expiry, code.
    pub(crate) digits: Vec<[f32; 10]>,
    /// Where the card was.
    #[zeroize(skip)]
    pub(crate) corners: [Point; 4],
}

/// What was seen in a frame.
pub enum Look {
    /// No card.
    NoCard,
    /// A card that could not be read.
    Card([Point; 4]),
    /// All fourteen digits.
    Read(Sighting),
}

impl Sighting {
    /// The likeliest digits.
    pub fn best(&self) -> Reading {
        let [years, months, days] = self.shape;
        let number = |from: usize, count: usize| {
            let digits = self.digits.iter().skip(from).take(count);
            digits.fold(0u16, |all, digit| 10 * all + u16::try_from(likeliest(digit)).unwrap_or(0))
        };
        let small = |from, count| u8::try_from(number(from, count)).unwrap_or(0);
        let expiry = years + months + days;
        Reading {
            era: u8::try_from(likeliest(&self.era)).unwrap_or(0),
            era_year: if years == 0 { 1 } else { small(0, years) },
            month: small(years, months),
            day: small(years + months, days),
            expiry_year: number(expiry, 4),
            code: std::array::from_fn(|at| small(expiry + 4 + at, 1)),
        }
    }

    /// Where the card was, clockwise in pixels of the frame.
    pub fn corners(&self) -> [Point; 4] {
        self.corners
    }
}

/// The recogniser with its two networks.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Glyphs: ten digits, four characters and the rest.
    pub glyphs: Net,
    /// The five eras.
    pub eras: Net,
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

    /// Reads a frame. Either way up is tried.
    pub fn look(&self, frame: &Grey) -> Look {
        let Some(found) = corners(frame) else { return Look::NoCard };
        let [a, b, c, d] = found;
        let read = self.read_quad(frame, found).or_else(|| self.read_quad(frame, [c, d, a, b]));
        read.map_or(Look::Card(found), Look::Read)
    }

    fn read_quad(&self, frame: &Grey, corners: [Point; 4]) -> Option<Sighting> {
        let (width, height) = (CARD_MM.0 * SCALE, CARD_MM.1 * SCALE);
        let flat = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
        let warp = Warp::between(flat, corners)?;
        // The code first: its region is small, and empty when the card lies the other way round.
        let region = cut(frame, &warp, CODE);
        let print = Print::find(&region, digit());
        let code = code(&self.glyphs(&region, &print), &print)?;
        let region = cut(frame, &warp, DATES);
        let print = Print::find(&region, digit());
        let lines = self.glyphs(&region, &print);
        let (mut births, mut expiries) = (Vec::new(), Vec::new());
        for line in &lines {
            for date in dates(line, &print) {
                let kind = if date.year.len() == 4 { &mut expiries } else { &mut births };
                kind.push((line, date));
            }
        }
        let [(birth_line, birth)] = births.as_slice() else { return None };
        let [(expiry_line, expiry)] = expiries.as_slice() else { return None };
        let era = self.era(&region, birth_line, birth, &print)?;
        // A card ends on a birthday: both lines must say the same month and day.
        let of = |line: &[Glyph], place: &std::ops::Range<usize>| -> Vec<[f32; 10]> {
            line[place.clone()].iter().map(|glyph| glyph.digits).collect()
        };
        let month = agreed(&of(birth_line, &birth.month), &of(expiry_line, &expiry.month))?;
        let day = agreed(&of(birth_line, &birth.day), &of(expiry_line, &expiry.day))?;
        let shape = [birth.year.len(), month.len(), day.len()];
        let year = of(birth_line, &birth.year);
        let expiry = of(expiry_line, &expiry.year);
        let digits = [&year[..], &month, &day, &expiry, &code].concat();
        Some(Sighting { shape, era, digits, corners })
    }

    fn glyphs(&self, region: &Grey, print: &Print) -> Vec<Vec<Glyph>> {
        print.lines.iter().map(|line| glyphs(&self.glyphs, region, line, digit())).collect()
    }

    /// The two characters before the year.
    fn era(
        &self,
        region: &Grey,
        line: &[Glyph],
        birth: &Date,
        print: &Print,
    ) -> Option<[f32; ERA_CLASSES]> {
        let start = birth.start(line);
        let before: Vec<Piece> = line[..start].iter().map(|glyph| glyph.piece).collect();
        let (last, next) = (*before.last()?, line[start].piece);
        let gap = next.x.saturating_sub(last.right());
        if 10 * gap > 17 * birth.height || !is_blank(print, last, next) {
            return None;
        }
        let area = era_area(&before, birth.height)?;
        Some(logarithms(&self.eras.mean(&[patch(region, area, net::ERA)])))
    }
}

/// Both say the same digits: what they know together. `None` when they do not.
fn agreed(one: &[[f32; 10]], other: &[[f32; 10]]) -> Option<Vec<[f32; 10]>> {
    let same = one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| likeliest(one) == likeliest(other));
    let sum =
        |(one, other): (&[f32; 10], &[f32; 10])| std::array::from_fn(|at| one[at] + other[at]);
    same.then(|| one.iter().zip(other).map(sum).collect())
}

/// Usual height of a digit in pixels of the straightened card.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen pixels")]
pub(crate) fn digit() -> usize {
    (DIGIT * SCALE) as usize
}

/// A region, straightened.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred pixels")]
pub(crate) fn cut(frame: &Grey, warp: &Warp, region: Region) -> Grey {
    let pixels = |mm: f32| (mm * SCALE) as usize;
    let corner = (region.x * SCALE, region.y * SCALE);
    warp.cut(frame, corner, pixels(region.width), pixels(region.height))
}
