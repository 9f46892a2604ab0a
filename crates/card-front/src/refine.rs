//! Sides of the card, found again on the picture itself.
//!
//! The bright region may bulge where light falls on the desk and be dented where a finger lies. Along each side the place is
//! looked for where bright turns into dark on the way out, and a line is laid through the most of these places.

use crate::grey::Grey;
use crate::warp::Point;

/// How far from the side is looked, in pixels, narrower each time.
const REACH: [f32; 3] = [44.0, 16.0, 6.0];
/// Places along a side.
const PLACES: usize = 56;
/// Least step from bright to dark, in grey levels.
const STEP: f32 = 9.0;
/// Places that may be this far from the line and still count, in pixels.
const NEAR: f32 = 1.6;
/// Part of the places that must agree.
const AGREEING: f32 = 0.28;

/// Better corners for a quad given clockwise.
pub(crate) fn refine(picture: &Grey, mut quad: [Point; 4]) -> [Point; 4] {
    for reach in REACH {
        let mut lines = [None; 4];
        for (side, line) in lines.iter_mut().enumerate() {
            let (a, b) = (quad[side], quad[(side + 1) % 4]);
            *line = lay(&steps(picture, a, b, reach)).or(Some((a, direction(a, b))));
        }
        let mut better = quad;
        for (corner, point) in better.iter_mut().enumerate() {
            if let (Some(before), Some(after)) = (lines[(corner + 3) % 4], lines[corner])
                && let Some(met) = meet(before, after)
            {
                *point = met;
            }
        }
        quad = better;
    }
    quad
}

fn direction(a: Point, b: Point) -> Point {
    let length = (b.0 - a.0).hypot(b.1 - a.1).max(1.0);
    ((b.0 - a.0) / length, (b.1 - a.1) / length)
}

/// Where bright turns into dark most, on the way out across the side.
#[expect(clippy::cast_precision_loss, clippy::many_single_char_names, reason = "a few places")]
fn steps(picture: &Grey, a: Point, b: Point, reach: f32) -> Vec<Point> {
    let along = direction(a, b);
    // Clockwise on the screen, out is to the left of the way.
    let out = (along.1, -along.0);
    let mut found = Vec::with_capacity(PLACES);
    for place in 0..PLACES {
        let t = 0.08 + 0.84 * place as f32 / (PLACES - 1) as f32;
        let p = (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
        let tone = |d: f32| picture.sample(p.0 + out.0 * d, p.1 + out.1 * d);
        let mut best = (STEP, None);
        let mut d = -reach;
        while d <= reach {
            let inside = f32::midpoint(tone(d - 2.0), tone(d - 3.5));
            let outside = f32::midpoint(tone(d + 2.0), tone(d + 3.5));
            if inside - outside > best.0 {
                best = (inside - outside, Some((p.0 + out.0 * d, p.1 + out.1 * d)));
            }
            d += 1.0;
        }
        found.extend(best.1);
    }
    found
}

/// The line through most of the points: all pairs some way apart are tried.
#[expect(clippy::cast_precision_loss, reason = "a few places")]
fn lay(points: &[Point]) -> Option<(Point, Point)> {
    let off = |origin: Point, way: Point, p: &Point| {
        ((p.0 - origin.0) * way.1 - (p.1 - origin.1) * way.0).abs()
    };
    let mut best: (usize, Option<(Point, Point)>) = (0, None);
    let apart = points.len() / 4 + 1;
    for first in (0..points.len()).step_by(2) {
        for second in (first + apart..points.len()).step_by(3) {
            let way = direction(points[first], points[second]);
            let count = points.iter().filter(|p| off(points[first], way, p) < NEAR).count();
            if count > best.0 {
                best = (count, Some((points[first], way)));
            }
        }
    }
    let (count, line) = best;
    let (origin, way) = line?;
    if (count as f32) < AGREEING * PLACES as f32 {
        return None;
    }
    let near: Vec<Point> = points.iter().copied().filter(|p| off(origin, way, p) < NEAR).collect();
    let n = near.len() as f32;
    let mean =
        (near.iter().map(|p| p.0).sum::<f32>() / n, near.iter().map(|p| p.1).sum::<f32>() / n);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for p in &near {
        let (x, y) = (p.0 - mean.0, p.1 - mean.1);
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    let angle = 0.5 * (2.0f32 * xy).atan2(xx - yy);
    Some((mean, (angle.cos(), angle.sin())))
}

pub(crate) fn meet(a: (Point, Point), b: (Point, Point)) -> Option<Point> {
    let across = a.1.0 * b.1.1 - a.1.1 * b.1.0;
    if across.abs() < 0.2 {
        return None;
    }
    let (dx, dy) = (b.0.0 - a.0.0, b.0.1 - a.0.1);
    let t = (dx * b.1.1 - dy * b.1.0) / across;
    Some((a.0.0 + a.1.0 * t, a.0.1 + a.1.1 * t))
}
