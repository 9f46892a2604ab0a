//! The four corners of the card in a frame.
//!
//! The card is the large bright region around the middle of the frame. Its convex hull ignores fingers that reach in from
//! the edge; the four sides are lines fitted to the hull, because the corners themselves are round.

use crate::grey::Grey;
use crate::refine::{meet, refine};
use crate::warp::Point;

/// Smallest part of a frame that the card fills.
const SMALLEST: f32 = 0.12;
/// Directions in which the hull is sampled.
const SAMPLES: usize = 32;
/// Long to short side of an ID-1 card is 1.586; perspective changes that.
const PROPORTION: (f32, f32) = (1.2, 2.1);

/// Corners clockwise, the first side being a long one; which way up is not known.
pub fn corners(frame: &Grey) -> Option<[Point; 4]> {
    let by = (frame.width / 320).max(1);
    let small = frame.shrink(by);
    let region = region(&small)?;
    let hull = hull(region);
    let quad = largest_quad(&hull)?;
    let quad = fit(&hull, quad).unwrap_or(quad);
    let half = frame.shrink(2);
    let scale = scale(by) / 2.0;
    let quad = refine(&half, clockwise(quad.map(|(x, y)| (x * scale, y * scale))));
    proportioned(quad, 2)
}

#[expect(clippy::cast_precision_loss, reason = "a small factor")]
fn scale(by: usize) -> f32 {
    by as f32
}

fn clockwise(mut quad: [Point; 4]) -> [Point; 4] {
    if cross(quad[0], quad[1], quad[2]) < 0.0 {
        quad.reverse();
    }
    quad
}

/// Pixels at the border of the bright region around the middle.
#[expect(clippy::cast_precision_loss, reason = "small pictures")]
fn region(small: &Grey) -> Option<Vec<Point>> {
    let threshold = otsu(small);
    let (width, height) = (small.width, small.height);
    let bright = |at: usize| small.data[at] > threshold;
    let mut seen = vec![false; width * height];
    let mut best: Vec<usize> = Vec::new();
    for y in (height / 4)..(3 * height / 4) {
        for x in (width / 4)..(3 * width / 4) {
            let start = y * width + x;
            if seen[start] || !bright(start) {
                continue;
            }
            let mut member = vec![start];
            seen[start] = true;
            let mut next = 0;
            while let Some(&at) = member.get(next) {
                next += 1;
                let (x, y) = (at % width, at / width);
                let around = [
                    (x > 0).then(|| at - 1),
                    (x + 1 < width).then(|| at + 1),
                    (y > 0).then(|| at - width),
                    (y + 1 < height).then(|| at + width),
                ];
                for at in around.into_iter().flatten() {
                    if !seen[at] && bright(at) {
                        seen[at] = true;
                        member.push(at);
                    }
                }
            }
            if member.len() > best.len() {
                best = member;
            }
        }
    }
    if (best.len() as f32) < SMALLEST * (width * height) as f32 {
        return None;
    }
    Some(
        best.into_iter().map(|at| ((at % width) as f32 + 0.5, (at / width) as f32 + 0.5)).collect(),
    )
}

/// The threshold that parts dark from bright best (Otsu 1979).
#[expect(clippy::cast_precision_loss, reason = "counts of pixels")]
fn otsu(picture: &Grey) -> u8 {
    let mut histogram = [0u32; 256];
    for value in picture.data.iter() {
        histogram[usize::from(*value)] += 1;
    }
    let total = picture.data.len() as f32;
    let all: f32 = histogram.iter().enumerate().map(|(v, n)| v as f32 * *n as f32).sum();
    let (mut below, mut sum, mut best) = (0.0f32, 0.0f32, (0.0f32, 128u8));
    for (value, count) in (0..=255u8).zip(histogram) {
        below += count as f32;
        sum += f32::from(value) * count as f32;
        let above = total - below;
        if below == 0.0 || above == 0.0 {
            continue;
        }
        let gap = sum / below - (all - sum) / above;
        let between = below * above * gap * gap;
        if between > best.0 {
            best = (between, value);
        }
    }
    best.1
}

fn cross(o: Point, a: Point, b: Point) -> f32 {
    (a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0)
}

/// Convex hull, clockwise on the screen (monotone chain).
fn hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut hull: Vec<Point> = Vec::new();
    for half in 0..2 {
        let start = hull.len();
        let walk: Box<dyn Iterator<Item = &Point>> =
            if half == 0 { Box::new(points.iter()) } else { Box::new(points.iter().rev()) };
        for &point in walk {
            while hull.len() >= start + 2
                && cross(hull[hull.len() - 2], hull[hull.len() - 1], point) <= 0.0
            {
                hull.pop();
            }
            hull.push(point);
        }
        hull.pop();
    }
    hull
}

/// The four hull points that span most, out of [`SAMPLES`] directions.
#[expect(clippy::cast_precision_loss, reason = "a few directions")]
fn largest_quad(hull: &[Point]) -> Option<[Point; 4]> {
    let mut points: Vec<Point> = (0..SAMPLES)
        .filter_map(|index| {
            let angle = index as f32 / SAMPLES as f32 * std::f32::consts::TAU;
            let (sin, cos) = angle.sin_cos();
            let far = |p: &Point| p.0 * cos + p.1 * sin;
            hull.iter().copied().max_by(|a, b| far(a).total_cmp(&far(b)))
        })
        .collect();
    points.dedup();
    let mut best = (0.0, None);
    for a in 0..points.len() {
        for b in a + 1..points.len() {
            for c in b + 1..points.len() {
                let first = cross(points[a], points[b], points[c]).abs();
                for d in c + 1..points.len() {
                    let area = first + cross(points[a], points[c], points[d]).abs();
                    if area > best.0 {
                        best = (area, Some([points[a], points[b], points[c], points[d]]));
                    }
                }
            }
        }
    }
    best.1
}

/// A line as a point and a direction.
type Line = (Point, Point);

/// Fits a line to the hull along the middle of each side, and intersects neighbours.
fn fit(hull: &[Point], quad: [Point; 4]) -> Option<[Point; 4]> {
    let mut lines: [Option<Line>; 4] = [None; 4];
    for (side, line) in lines.iter_mut().enumerate() {
        *line = side_line(hull, quad[side], quad[(side + 1) % 4]);
    }
    let mut out = quad;
    for (corner, point) in out.iter_mut().enumerate() {
        *point = meet(lines[(corner + 3) % 4]?, lines[corner]?)?;
    }
    Some(out)
}

#[expect(clippy::cast_precision_loss, clippy::many_single_char_names, reason = "a few points")]
fn side_line(hull: &[Point], a: Point, b: Point) -> Option<Line> {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = dx.hypot(dy);
    if length < 8.0 {
        return None;
    }
    // Points on the hull's own edges, so that long straight ones weigh more than crowded corners.
    let mut near = Vec::new();
    for (index, &from) in hull.iter().enumerate() {
        let to = hull[(index + 1) % hull.len()];
        let steps = (to.0 - from.0).hypot(to.1 - from.1).ceil().max(1.0);
        let mut step = 0.0;
        while step < steps {
            let t = step / steps;
            let p = (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t);
            let along = ((p.0 - a.0) * dx + (p.1 - a.1) * dy) / (length * length);
            let off = cross(a, b, p).abs() / length;
            if (0.12..=0.88).contains(&along) && off < 0.04 * length + 2.0 {
                near.push(p);
            }
            step += 1.0;
        }
    }
    if near.len() < 6 {
        return None;
    }
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
    let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
    Some((mean, (angle.cos(), angle.sin())))
}

fn proportioned(mut quad: [Point; 4], by: usize) -> Option<[Point; 4]> {
    let side = |i: usize| {
        let (a, b): (Point, Point) = (quad[i], quad[(i + 1) % 4]);
        (a.0 - b.0).hypot(a.1 - b.1)
    };
    let (even, odd) = (side(0) + side(2), side(1) + side(3));
    if odd > even {
        quad.rotate_left(1);
    }
    let proportion = even.max(odd) / even.min(odd).max(1.0);
    let by = scale(by);
    (PROPORTION.0..=PROPORTION.1).contains(&proportion).then(|| quad.map(|(x, y)| (x * by, y * by)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::warp::Warp;

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "pixels")]
    fn a_bright_card_on_a_dark_desk_is_found() {
        let truth = [(120.0, 90.0), (560.0, 130.0), (530.0, 400.0), (90.0, 350.0)];
        let flat = [(0.0, 0.0), (856.0, 0.0), (856.0, 540.0), (0.0, 540.0)];
        let warp = Warp::between(truth, flat).unwrap();
        let mut frame = Grey::filled(640, 480, 60);
        for y in 0..480 {
            for x in 0..640 {
                let (u, v) = warp.apply((x as f32, y as f32));
                if (0.0..856.0).contains(&u) && (0.0..540.0).contains(&v) {
                    frame.data[y * 640 + x] = 215;
                }
            }
        }
        let found = corners(&frame).unwrap();
        for corner in truth {
            let near = |p: &&Point| (p.0 - corner.0).hypot(p.1 - corner.1) < 3.0;
            assert!(found.iter().any(|p| near(&p)), "{corner:?} is not among {found:?}");
        }
        assert!(corners(&Grey::filled(640, 480, 60)).is_none());
    }
}
