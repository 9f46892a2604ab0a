//! Windows that are turned: every sample for itself.

use super::{Band, Point, Similarity, offset, real, taps, vector};
use crate::engine::vector::{add_product, f32x4};
use crate::frame::Frame;

/// A window that is turned: every sample for itself.
pub(super) fn turned(frame: Frame<'_>, to_picture: Similarity, band: Band<'_>) {
    let (finish, last) = (band.finish, real(band.width) - 1.0);
    let taps = taps(to_picture.scale());
    let weight = f32x4::splat(1.0 / f32::from(taps * taps));
    let Similarity { a, b, .. } = to_picture;
    let samples = (0..taps * taps).map(|tap| (offset(tap % taps, taps), offset(tap / taps, taps)));
    let samples: Vec<Point> = samples.map(|(x, y)| [a * x - b * y, b * x + a * y]).collect();
    for (row, pixels) in band.rows() {
        let at = |column: f32| to_picture.apply([column, real(row)]);
        let is_inside =
            [at(0.0), at(last)].iter().all(|end| is_inside(frame, *end, a.abs() + b.abs()));
        for (column, pixel) in pixels.iter_mut().enumerate() {
            let [x, y] = at(real(column));
            let points = samples.iter().map(|[right, down]| [x + right, y + down]);
            let sum = if is_inside {
                points.fold(f32x4::ZERO, |sum, point| add_inner(sum, frame, point))
            } else {
                points.fold(f32x4::ZERO, |sum, [x, y]| sum + bilinear(frame, x, y))
            };
            *pixel = finish.apply(sum * weight);
        }
    }
}

/// Whether everything within `reach` pixels of a point lies inside the picture.
fn is_inside(frame: Frame<'_>, [x, y]: Point, reach: f32) -> bool {
    let fits = |at: f32, side: usize| at - reach >= 0.0 && at + reach + 1.0 < real(side);
    fits(x, frame.width()) && fits(y, frame.height())
}

/// `sum` and the colour at a point that is surely inside the picture.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the caller has checked the range"
)]
#[inline]
fn add_inner(sum: f32x4, frame: Frame<'_>, [x, y]: Point) -> f32x4 {
    let (left, top) = (x as usize, y as usize);
    let (right, down) = (x - real(left), y - real(top));
    let add = |sum: f32x4, row: &[[u8; 4]], part: f32| {
        let sum = add_product(sum, vector(row[0]), f32x4::splat(part - part * right));
        add_product(sum, vector(row[1]), f32x4::splat(part * right))
    };
    let sum = add(sum, frame.row(top, left..left + 2), 1.0 - down);
    add(sum, frame.row(top + 1, left..left + 2), down)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "range is checked just before"
)]
#[inline]
fn bilinear(frame: Frame<'_>, x: f32, y: f32) -> f32x4 {
    let (right, bottom) = (real(frame.width()), real(frame.height()));
    // Written so that a not-a-number coordinate is outside, too.
    if !(x > -1.0 && y > -1.0 && x < right && y < bottom) {
        return f32x4::ZERO;
    }
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (f32x4::splat(x - left), f32x4::splat(y - top));
    let corners = if left >= 0.0 && top >= 0.0 && left + 1.0 < right && top + 1.0 < bottom {
        let (x0, y0) = (left as usize, top as usize);
        let pair = |y| {
            let pixels = frame.row(y, x0..x0 + 2);
            [vector(pixels[0]), vector(pixels[1])]
        };
        [pair(y0), pair(y0 + 1)]
    } else {
        let at = |dx: f32, dy: f32| {
            let (px, py) = (left + dx, top + dy);
            let inside = px >= 0.0 && py >= 0.0 && px < right && py < bottom;
            if inside {
                vector(frame.row(py as usize, px as usize..px as usize + 1)[0])
            } else {
                f32x4::ZERO
            }
        };
        [[at(0.0, 0.0), at(1.0, 0.0)], [at(0.0, 1.0), at(1.0, 1.0)]]
    };
    let across = corners.map(|[left, right]| left + (right - left) * fx);
    across[0] + (across[1] - across[0]) * fy
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::warp::tests::ramp;

    proptest! {
        /// Both ways to a sample give the same colour.
        #[test]
        fn inner_points_are_points(x in 0.0_f32..62.9, y in 0.0_f32..46.9) {
            let picture = ramp();
            let fast = add_inner(f32x4::ZERO, picture.frame(), [x, y]).to_array();
            let slow = bilinear(picture.frame(), x, y).to_array();
            let far = fast.iter().zip(slow).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            prop_assert!(far < 1e-3, "{fast:?} and {slow:?}");
        }
    }
}
