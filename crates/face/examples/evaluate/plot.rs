//! Two drawings beside the JSON: detection error trade-off (ISO/IEC 19795-1) and histogram of scores, as SVG.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::rates::{Scores, number, part};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 64.0;
const BOTTOM: f64 = 48.0;
const TOP: f64 = 24.0;
/// Lowest cosine in the histogram.
const FROM: f32 = -0.5;
const BINS: usize = 75;

/// Writes `OUT.det.svg` and `OUT.histogram.svg` beside `out`.
///
/// # Errors
/// Those of the disk.
pub(crate) fn write(scores: &Scores, out: &Path) -> Result<()> {
    for (extension, drawing) in [("det.svg", det(scores)), ("histogram.svg", histogram(scores))] {
        let file = out.with_extension(extension);
        std::fs::write(&file, drawing)
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// A frame with axes; `x` and `y` label positions in 0..=1.
fn sheet(title: &str, axes: [&str; 2], x: &[(f64, String)], y: &[(f64, String)]) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><text x=\"{}\" y=\"16\">{title}</text>\
         <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text><text x=\"4\" y=\"{}\">{}</text>",
        WIDTH + 16.0,
        LEFT + 16.0,
        WIDTH - 8.0,
        HEIGHT - 6.0,
        axes[0],
        TOP - 8.0,
        axes[1],
    );
    for (at, label) in x {
        let [px, low] = place(*at, 0.0);
        let _ = write!(
            svg,
            "<path d=\"M{px:.1} {TOP}V{low:.1}\" stroke=\"#ccc\"/><text x=\"{px:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>",
            low + 16.0
        );
    }
    for (at, label) in y {
        let [left, py] = place(0.0, *at);
        let _ = write!(
            svg,
            "<path d=\"M{left:.1} {py:.1}H{WIDTH}\" stroke=\"#ccc\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
            left - 4.0,
            py + 4.0
        );
    }
    svg
}

fn place(x: f64, y: f64) -> [f64; 2] {
    [LEFT + x * (WIDTH - LEFT - 8.0), HEIGHT - BOTTOM - y * (HEIGHT - BOTTOM - TOP)]
}

fn line(points: impl IntoIterator<Item = [f64; 2]>, colour: &str) -> String {
    let mut path = String::new();
    for [x, y] in points {
        let [x, y] = place(x.clamp(0.0, 1.0), y.clamp(0.0, 1.0));
        let _ = write!(path, "{}{x:.1} {y:.1}", if path.is_empty() { "M" } else { "L" });
    }
    format!("<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>")
}

/// Both error rates against each other, decades 1e-5 to 1.
fn det(scores: &Scores) -> String {
    let decade = |rate: f64| (rate.max(1e-5).log10() + 5.0) / 5.0;
    let labels: Vec<(f64, String)> =
        (0..=5_u8).map(|n| (f64::from(n) / 5.0, format!("1e-{}", 5 - n))).collect();
    let thresholds = (0..=300_u16).map(|n| f32::from(n) / 200.0 - 0.5);
    let points = thresholds.map(|t| [decade(scores.fmr(t)), decade(scores.fnmr(t))]);
    let title =
        format!("DET: {} genuine, {} impostor", scores.genuine.len(), scores.impostor.len());
    sheet(&title, ["false match rate", "FNMR"], &labels, &labels)
        + &line(points, "#0017c1")
        + "</svg>\n"
}

/// Share of the attempts of each kind in bins of 0.02.
fn histogram(scores: &Scores) -> String {
    let share = |list: &[f32], bin: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let [low, high] = [bin, bin + 1].map(|edge| FROM + edge as f32 * 0.02);
        let under = |t: f32| list.partition_point(|score| *score < t);
        part(under(high) - under(low), list.len())
    };
    let highest = [&scores.genuine, &scores.impostor]
        .iter()
        .flat_map(|list| (0..BINS).map(|bin| share(list, bin)))
        .fold(1e-9, f64::max);
    let curve = |list: &[f32], colour: &str| {
        let points =
            (0..BINS).map(|bin| [(number(bin) + 0.5) / number(BINS), share(list, bin) / highest]);
        line(points, colour)
    };
    let labels: Vec<(f64, String)> = (0..=5_u8)
        .map(|n| (f64::from(n) / 5.0, format!("{:.1}", f64::from(n) * 0.3 - 0.5)))
        .collect();
    sheet("Scores: genuine blue, impostor red", ["cosine", "share"], &labels, &[])
        + &curve(&scores.genuine, "#0017c1")
        + &curve(&scores.impostor, "#ce0000")
        + "</svg>\n"
}
