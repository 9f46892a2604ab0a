//! Measures the pipeline of the kiosk on labelled pictures. Called by `cargo xtask eval-face` and `cargo xtask eval-pad`:
//!
//! - `evaluate face PAIRS.csv ROOT card|as-is OUT.json [cross]`
//! - `evaluate pad LIST.csv ROOT OUT.json`
//! - `evaluate staged PORTRAITS COUNT OUT.json [KIND]` (people and attacks drawn from portraits, who hear the challenges)
//! - `evaluate frame OUT.png` (a camera frame made from a test portrait, for the benchmark)
//!
//! Pictures are decoded, analysed, fused and judged by the same code as in the browser.

mod face_pairs;
mod list;
mod pad;
mod pictures;
mod plot;
mod rates;
mod staged;

use std::path::Path;

use anyhow::{Context as _, Result, bail};

const USAGE: &str = "usage: evaluate face PAIRS.csv ROOT card|as-is OUT.json [cross], \
    evaluate pad LIST.csv ROOT OUT.json, evaluate staged PORTRAITS COUNT OUT.json [KIND], or evaluate frame OUT.png";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["face", pairs, root, reference @ ("card" | "as-is"), out, ref rest @ ..]
            if matches!(rest, [] | ["cross"]) =>
        {
            face_pairs::evaluate(&face_pairs::Task {
                pairs: Path::new(pairs),
                root: Path::new(root),
                card: reference == "card",
                cross: !rest.is_empty(),
                out: Path::new(out),
            })
        }
        ["pad", list, root, out] => pad::evaluate(Path::new(list), Path::new(root), Path::new(out)),
        ["staged", portraits, count, out, ref rest @ ..] if rest.len() < 2 => {
            let count = count.parse().context("COUNT is not a number")?;
            staged::evaluate(Path::new(portraits), count, Path::new(out), rest.first().copied())
        }
        ["frame", out] => pictures::camera_frame(Path::new(out)),
        _ => bail!(USAGE),
    }
}
