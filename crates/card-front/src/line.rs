//! The glyphs of one line of print.

use crate::grey::Grey;

/// Half the side of the window around a pixel whose mean it is compared with.
const WINDOW: usize = 14;
/// How much darker than its surroundings ink is.
const INK: f32 = 0.10;

/// A piece of print: left, top, width, height in pixels of the field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// Left edge.
    pub x: usize,
    /// Upper edge.
    pub y: usize,
    /// Width.
    pub width: usize,
    /// Height.
    pub height: usize,
}

impl Piece {
    fn right(&self) -> usize {
        self.x + self.width
    }

    fn join(&mut self, other: &Self) {
        let (right, bottom) =
            (self.right().max(other.right()), (self.y + self.height).max(other.y + other.height));
        (self.x, self.y) = (self.x.min(other.x), self.y.min(other.y));
        (self.width, self.height) = (right - self.x, bottom - self.y);
    }
}

/// The pieces of the line in a field, from left to right. `digit` is the height of a digit in pixels.
pub fn pieces(field: &Grey, digit: usize) -> Vec<Piece> {
    let ink = ink(field);
    let mut found = components(&ink, field.width, field.height);
    found.retain(|piece| {
        piece.height <= 2 * digit && piece.width <= 2 * digit && piece.height * piece.width >= 6
    });
    // The line is where most of the tall pieces are.
    let mut middles: Vec<usize> = found
        .iter()
        .filter(|piece| piece.height * 10 >= digit * 6)
        .map(|piece| piece.y + piece.height / 2)
        .collect();
    middles.sort_unstable();
    let Some(middle) = middles.get(middles.len() / 2).copied() else { return Vec::new() };
    found.retain(|piece| (piece.y + piece.height / 2).abs_diff(middle) * 10 <= digit * 7);
    found.sort_by_key(|piece| piece.x);
    let mut joined: Vec<Piece> = Vec::new();
    for piece in found {
        match joined.last_mut() {
            // One above or inside the other belongs together.
            Some(last)
                if last.right() > piece.x
                    && 2 * (last.right().min(piece.right()) - piece.x)
                        >= last.width.min(piece.width) =>
            {
                last.join(&piece);
            }
            _ => joined.push(piece),
        }
    }
    joined.retain(|piece| piece.height * 10 >= digit * 3);
    joined
}

/// Which pixels are darker than the mean around them.
#[expect(clippy::cast_precision_loss, reason = "small pictures")]
fn ink(field: &Grey) -> Vec<bool> {
    let (width, height) = (field.width, field.height);
    let mut sums = vec![0u32; (width + 1) * (height + 1)];
    for y in 0..height {
        let mut row = 0;
        for x in 0..width {
            row += u32::from(field.data[y * width + x]);
            sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
        }
    }
    let mut ink = Vec::with_capacity(width * height);
    for y in 0..height {
        let (top, bottom) = (y.saturating_sub(WINDOW), (y + WINDOW + 1).min(height));
        for x in 0..width {
            let (left, right) = (x.saturating_sub(WINDOW), (x + WINDOW + 1).min(width));
            let at = |x: usize, y: usize| sums[y * (width + 1) + x];
            let sum = at(right, bottom) + at(left, top) - at(left, bottom) - at(right, top);
            let mean = sum as f32 / ((bottom - top) * (right - left)) as f32;
            ink.push(f32::from(field.data[y * width + x]) < mean * (1.0 - INK) - 4.0);
        }
    }
    ink
}

/// Boxes of connected ink.
fn components(ink: &[bool], width: usize, height: usize) -> Vec<Piece> {
    let mut seen = vec![false; ink.len()];
    let mut found = Vec::new();
    for start in 0..ink.len() {
        if seen[start] || !ink[start] {
            continue;
        }
        seen[start] = true;
        let mut todo = vec![start];
        let mut piece = Piece { x: start % width, y: start / width, width: 1, height: 1 };
        let mut edge = false;
        while let Some(at) = todo.pop() {
            let (x, y) = (at % width, at / width);
            edge |= x == 0 || y == 0 || x + 1 == width || y + 1 == height;
            piece.join(&Piece { x, y, width: 1, height: 1 });
            for y in y.saturating_sub(1)..(y + 2).min(height) {
                for x in x.saturating_sub(1)..(x + 2).min(width) {
                    let at = y * width + x;
                    if ink[at] && !seen[at] {
                        seen[at] = true;
                        todo.push(at);
                    }
                }
            }
        }
        if !edge {
            found.push(piece);
        }
    }
    found
}
