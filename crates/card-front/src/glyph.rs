//! Which character a piece of print is.

use crate::grey::Grey;
use crate::line::Piece;
use crate::net::{self, Net, likeliest, patch};

/// Class of 年.
pub(crate) const YEAR: usize = 10;
/// Class of 月.
pub(crate) const MONTH: usize = 11;
/// Class of 日.
pub(crate) const DAY: usize = 12;
/// Class of 元, the first year of an era.
pub(crate) const FIRST: usize = 13;
/// Class of everything else.
pub(crate) const OTHER: usize = 14;

/// Less than this is not believed of any class, for or against.
const LEAST: f32 = 1e-4;

/// A piece and what it is.
#[derive(Clone, Copy)]
pub(crate) struct Glyph {
    pub(crate) piece: Piece,
    pub(crate) class: usize,
    /// Logarithms of the probabilities of the ten digits.
    pub(crate) digits: [f32; 10],
}

impl Glyph {
    pub(crate) fn is_digit(&self) -> bool {
        self.class < 10
    }
}

/// Logarithms, bounded below.
pub(crate) fn logarithms<const N: usize>(probabilities: &[f32]) -> [f32; N] {
    std::array::from_fn(|at| probabilities.get(at).copied().unwrap_or(0.0).max(LEAST).ln())
}

/// Looks at every piece of a line.
pub(crate) fn glyphs(net: &Net, region: &Grey, line: &[Piece], digit: usize) -> Vec<Glyph> {
    line.iter().map(|piece| glyph(net, region, *piece, digit)).collect()
}

fn glyph(net: &Net, region: &Grey, piece: Piece, digit: usize) -> Glyph {
    if !has_size(piece, digit) {
        return Glyph { piece, class: OTHER, digits: [LEAST.ln(); 10] };
    }
    // Three looks: what changes with half a pixel is not certain.
    let (x, y, width, height) = area(piece);
    let looks = [(0.0, 0.0), (0.7, 0.4), (-0.7, -0.4)]
        .map(|(dx, dy)| patch(region, (x + dx, y + dy, width, height), net::GLYPH));
    let probabilities = net.mean(&looks);
    Glyph { piece, class: likeliest(&probabilities), digits: logarithms(&probabilities) }
}

/// Whether a digit or one of the characters between digits can be so large.
pub(crate) fn has_size(piece: Piece, digit: usize) -> bool {
    10 * piece.height >= 6 * digit && piece.height <= 2 * digit && piece.width <= 2 * digit
}

/// A little more than the piece, always as high as it is, and never narrower than a wide digit.
#[expect(clippy::cast_precision_loss, reason = "pixels")]
pub(crate) fn area(piece: Piece) -> (f32, f32, f32, f32) {
    let (x, y) = (piece.x as f32, piece.y as f32);
    let (width, height) = (piece.width as f32, piece.height as f32);
    // Narrow ones keep their shape: a 1 is not stretched into something else.
    let wide = width.max(0.8 * height);
    (x + width / 2.0 - wide / 2.0 - 1.5, y - 1.5, wide + 3.0, height + 3.0)
}

/// The two characters of an era, which end where `before` ends: the pieces left of the year.
#[expect(clippy::cast_precision_loss, reason = "pixels")]
pub(crate) fn era_area(before: &[Piece], height: usize) -> Option<(f32, f32, f32, f32)> {
    let end = before.last()?.right();
    let mut left = before.last()?.x;
    let (mut top, mut bottom) = (usize::MAX, 0);
    for piece in before.iter().rev() {
        let apart = left.saturating_sub(piece.right());
        if 10 * (end - piece.x) > 29 * height || 10 * apart > 9 * height {
            break;
        }
        left = piece.x;
        (top, bottom) = (top.min(piece.y), bottom.max(piece.y + piece.height));
    }
    let (width, tall) = (end - left, bottom - top);
    (10 * width >= 17 * height && 10 * tall >= 9 * height && 10 * tall <= 19 * height).then_some((
        left as f32 - 1.5,
        top as f32 - 1.5,
        width as f32 + 3.0,
        tall as f32 + 3.0,
    ))
}
