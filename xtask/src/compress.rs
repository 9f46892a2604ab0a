//! Brotli and gzip beside each text or wasm file of `dist/`, cached by content because the best setting is slow.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::files;

const CACHE: &str = "target/compressed";

/// Whether compressing this file is worth it; pictures, fonts and sound are compressed by nature. Pages are not
/// served as they are: the bridge puts a token into them.
pub(crate) fn is_compressible(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    ["wasm", "js", "css", "json", "svg", "graph", "txt"].contains(&extension.as_ref())
}

/// Writes `<file>.br` and `<file>.gz` beside each file.
///
/// # Errors
/// When a file cannot be read or written.
pub(crate) fn compress(files: &[PathBuf]) -> Result<()> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let handles: Vec<_> = (0..workers)
            .map(|worker| {
                scope.spawn(move || {
                    files.iter().skip(worker).step_by(workers).try_for_each(|file| one(file))
                })
            })
            .collect();
        handles
            .into_iter()
            .try_for_each(|handle| handle.join().expect("compression does not panic"))
    })
}

fn one(file: &Path) -> Result<()> {
    let bytes = files::read(file)?;
    let hash = files::sha256(&bytes);
    for (extension, encode) in [("br", brotli as fn(&[u8]) -> Result<Vec<u8>>), ("gz", gzip)] {
        let cached = Path::new(CACHE).join(format!("{hash}.{extension}"));
        if !cached.exists() {
            files::write_atomically(&cached, &encode(&bytes)?)?;
        }
        let beside = PathBuf::from(format!("{}.{extension}", file.display()));
        files::write_if_changed(&beside, &files::read(&cached)?)?;
    }
    Ok(())
}

/// How many bytes are left after brotli.
///
/// # Errors
/// When the disk is full.
pub(crate) fn brotli_size(bytes: &[u8]) -> Result<usize> {
    let cached = Path::new(CACHE).join(format!("{}.br", files::sha256(bytes)));
    if !cached.exists() {
        files::write_atomically(&cached, &brotli(bytes)?)?;
    }
    Ok(files::read(&cached)?.len())
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &parameters).context("brotli failed")?;
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish().context("gzip failed")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn packed_text_comes_back() {
        let text = "受付 ".repeat(500);
        let packed = gzip(text.as_bytes()).unwrap();
        let mut back = String::new();
        flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut back).unwrap();
        assert_eq!(back, text);
        let packed = brotli(text.as_bytes()).unwrap();
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &packed[..], &mut back).unwrap();
        assert_eq!(back, text.as_bytes());
        assert!(packed.len() < text.len() / 10);
    }

    #[test]
    fn fonts_and_pages_are_left_alone() {
        assert!(is_compressible(Path::new("a/b_bg.wasm")));
        assert!(!is_compressible(Path::new("a/font.woff2")));
        assert!(!is_compressible(Path::new("index.html")));
    }
}
