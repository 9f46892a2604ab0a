//! Lines of print and their pieces.

use crate::grey::Grey;

/// Half the side of the window around a pixel whose mean it is compared with.
const WINDOW: usize = 14;
/// How much darker than its surroundings ink is.
const INK: f32 = 0.10;
/// Most pieces of a region that are looked at; more is not print.
const MOST: usize = 600;

/// A piece of print: left, top, width, height in pixels of the region.
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
    /// The first column behind it.
    pub fn right(&self) -> usize {
        self.x + self.width
    }

    fn middle(&self) -> usize {
        self.y + self.height / 2
    }

    fn join(&mut self, other: &Self) {
        let (right, bottom) =
            (self.right().max(other.right()), (self.y + self.height).max(other.y + other.height));
        (self.x, self.y) = (self.x.min(other.x), self.y.min(other.y));
        (self.width, self.height) = (right - self.x, bottom - self.y);
    }
}

/// The print of a region.
pub struct Print {
    /// Lines, each with its pieces from left to right.
    pub lines: Vec<Vec<Piece>>,
    ink: Vec<bool>,
    width: usize,
}

impl Print {
    /// Finds the print. `digit` is the usual height of a digit in pixels.
    pub fn find(region: &Grey, digit: usize) -> Self {
        let ink = ink(region);
        let lines = lines(components(&ink, region.width, region.height), digit);
        Self { lines, ink, width: region.width }
    }

    /// Which part of the columns `from..to` is ink, at the height of `like`.
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    pub fn ink_between(&self, from: usize, to: usize, like: Piece) -> f32 {
        let (to, bottom) = (to.min(self.width), like.y + like.height);
        let rows = self.ink.chunks_exact(self.width).take(bottom).skip(like.y);
        let dark = rows.flat_map(|row| row.get(from..to).unwrap_or_default());
        let dark = dark.filter(|ink| **ink).count();
        dark as f32 / (to.saturating_sub(from) * like.height).max(1) as f32
    }
}

fn lines(mut found: Vec<Piece>, digit: usize) -> Vec<Vec<Piece>> {
    found.retain(|piece| {
        piece.height <= 2 * digit && piece.width <= 2 * digit && piece.height * piece.width >= 6
    });
    found.sort_by_key(|piece| piece.x);
    found.truncate(MOST);
    // Tall pieces make the lines, one after the other; a line may lean a little.
    let (tall, low): (Vec<Piece>, Vec<Piece>) =
        found.into_iter().partition(|piece| piece.height * 10 >= digit * 6);
    let mut lines: Vec<Vec<Piece>> = Vec::new();
    for piece in tall {
        let off = |line: &Vec<Piece>| {
            let near = line.iter().rev().take(3).map(Piece::middle);
            near.map(|middle| middle.abs_diff(piece.middle())).min().unwrap_or(usize::MAX / 16)
        };
        match lines.iter_mut().min_by_key(|line| off(line)) {
            Some(line) if 2 * off(line) <= digit => line.push(piece),
            _ => lines.push(vec![piece]),
        }
    }
    // Dots and strokes belong to the nearest line.
    for piece in low {
        let off = |line: &Vec<Piece>| {
            let nearest = line.iter().min_by_key(|other| other.x.abs_diff(piece.x));
            nearest.map_or(usize::MAX / 16, |other| other.middle().abs_diff(piece.middle()))
        };
        if let Some(line) = lines.iter_mut().min_by_key(|line| off(line))
            && 10 * off(line) <= 8 * digit
        {
            line.push(piece);
        }
    }
    lines.into_iter().map(|line| joined(line, digit)).collect()
}

/// Pieces one above or inside the other belong together.
fn joined(mut line: Vec<Piece>, digit: usize) -> Vec<Piece> {
    line.sort_by_key(|piece| piece.x);
    let mut joined: Vec<Piece> = Vec::new();
    for piece in line {
        match joined.last_mut() {
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
