//! Perspective: from the four corners of a card to the card seen straight on, and back.

use crate::grey::Grey;

/// A point, x to the right and y down.
pub type Point = (f32, f32);

/// A 3×3 homography, row by row, with 1 at its end.
#[derive(Debug, Clone, Copy)]
pub struct Warp([f64; 9]);

impl Warp {
    /// Takes each of `from` to the one of `to` at its place; `None` when three of them lie on a line.
    pub fn between(from: [Point; 4], to: [Point; 4]) -> Option<Self> {
        let mut rows = [[0.0f64; 9]; 8];
        for (index, (a, b)) in from.iter().zip(to).enumerate() {
            let (x, y) = (f64::from(a.0), f64::from(a.1));
            let (u, v) = (f64::from(b.0), f64::from(b.1));
            rows[2 * index] = [x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u];
            rows[2 * index + 1] = [0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v];
        }
        let solved = solve(rows)?;
        let mut matrix = [1.0; 9];
        matrix[..8].copy_from_slice(&solved);
        Some(Self(matrix))
    }

    /// Where a point goes.
    #[expect(clippy::cast_possible_truncation, reason = "pixels")]
    pub fn apply(&self, (x, y): Point) -> Point {
        let (x, y, m) = (f64::from(x), f64::from(y), &self.0);
        let w = m[6] * x + m[7] * y + m[8];
        (((m[0] * x + m[1] * y + m[2]) / w) as f32, ((m[3] * x + m[4] * y + m[5]) / w) as f32)
    }

    /// A picture of `width` × `height` whose points are looked up in `source` through this warp, from (`left`, `top`) on.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "pixels"
    )]
    pub fn cut(&self, source: &Grey, (left, top): Point, width: usize, height: usize) -> Grey {
        let mut out = Grey::filled(width, height, 0);
        for y in 0..height {
            for x in 0..width {
                let (u, v) = self.apply((left + x as f32, top + y as f32));
                out.data[y * width + x] = source.sample(u, v).clamp(0.0, 255.0) as u8;
            }
        }
        out
    }
}

/// Gauss with pivoting over eight equations, the right side in the last column.
fn solve(mut rows: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for column in 0..8 {
        let pivot =
            (column..8).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        if rows[pivot][column].abs() < 1e-9 {
            return None;
        }
        rows.swap(column, pivot);
        let lead = rows[column];
        for (index, row) in rows.iter_mut().enumerate() {
            if index != column {
                let factor = row[column] / lead[column];
                for (value, of_lead) in row.iter_mut().zip(lead) {
                    *value -= factor * of_lead;
                }
            }
        }
    }
    let mut solved = [0.0; 8];
    for (index, value) in solved.iter_mut().enumerate() {
        *value = rows[index][8] / rows[index][index];
    }
    Some(solved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_go_where_they_should() {
        let from = [(0.0, 0.0), (100.0, 0.0), (100.0, 60.0), (0.0, 60.0)];
        let to = [(10.0, 20.0), (300.0, 40.0), (280.0, 210.0), (5.0, 190.0)];
        let warp = Warp::between(from, to).unwrap();
        for (a, b) in from.into_iter().zip(to) {
            let (x, y) = warp.apply(a);
            assert!((x - b.0).abs() < 0.01 && (y - b.1).abs() < 0.01);
        }
        assert!(Warp::between([(0.0, 0.0); 4], to).is_none());
    }
}
