//! Pictures and models from files, and work on all cores.

use std::fs;
use std::num::NonZero;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::{Context as _, Error, Result, ensure};
use face::{Frame, Pipeline};
use image::RgbaImage;

/// Largest accepted picture file in bytes.
const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// Reads a picture file, bounded.
///
/// # Errors
/// When it is missing or too large.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>> {
    let name = || format!("cannot read the picture {}", file.display());
    let length = fs::metadata(file).with_context(name)?.len();
    ensure!(length <= MAX_BYTES, "{} has {length} bytes, more than {MAX_BYTES}", file.display());
    fs::read(file).with_context(name)
}

/// Decodes JPEG or PNG.
///
/// # Errors
/// When the bytes are neither.
pub(crate) fn decode(bytes: &[u8]) -> Result<RgbaImage> {
    Ok(image::load_from_memory(bytes).context("not a JPEG or PNG picture")?.to_rgba8())
}

/// The picture as a camera frame.
///
/// # Errors
/// When a side is outside the accepted range.
pub(crate) fn frame(picture: &RgbaImage) -> Result<Frame<'_>> {
    Ok(Frame::new(picture, picture.width() as usize, picture.height() as usize)?)
}

/// The prepared models of `models/files`.
///
/// # Errors
/// When they were not prepared.
pub(crate) fn pipeline() -> Result<Pipeline> {
    face::drawn::pipeline(Path::new("models/files")).map_err(Error::msg)
}

/// Writes what a camera of 640×480 px sees of a test portrait.
///
/// # Errors
/// When the portrait is missing or the disk is full.
pub(crate) fn camera_frame(out: &Path) -> Result<()> {
    let file = Path::new("target/test-data/portraits/obama2.jpg");
    let portrait = image::open(file)
        .with_context(|| format!("{}: run `cargo xtask portraits`", file.display()))?;
    let height = portrait.width() * 3 / 4;
    let seen = portrait.crop_imm(0, 150, portrait.width(), height).to_rgb8();
    let frame = image::imageops::resize(&seen, 640, 480, image::imageops::FilterType::Triangle);
    frame.save(out).with_context(|| format!("cannot write {}", out.display()))
}

/// Does `work` on every item, on all cores; stops early at the first error. Results are in the order of the items.
///
/// # Errors
/// The first error.
pub(crate) fn on_all_cores<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let results = Mutex::new(Vec::with_capacity(items.len()));
    let worker = || {
        while !stop.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return };
            let result = work(item);
            stop.fetch_or(result.is_err(), Ordering::Relaxed);
            if let Ok(mut results) = results.lock() {
                results.push((at, result));
                if results.len().is_multiple_of(500) {
                    eprintln!("{} of {} pictures", results.len(), items.len());
                }
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(worker);
        }
    });
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}
