//! Camera films as Chromium reads them: uncompressed, `.y4m`.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounded and far below the limits of every type used"
)]

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use image::RgbImage;

/// A film that is being written.
pub(crate) struct Film(BufWriter<File>);

impl Film {
    /// Adds a frame that is in planes already: 4:2:0, limited range.
    ///
    /// # Errors
    /// When the disk is full.
    pub(crate) fn add(&mut self, planes: &[u8]) -> Result<()> {
        self.0.write_all(b"FRAME\n")?;
        Ok(self.0.write_all(planes)?)
    }

    /// Adds a frame under a light of this strength.
    ///
    /// # Errors
    /// When the disk is full.
    pub(crate) fn add_picture(&mut self, frame: &RgbImage, light: f32) -> Result<()> {
        self.add(&yuv420(frame, light))
    }
}

/// Lets `shoot` make the film `file` of this size in pixels, unless it is there; gives its path.
///
/// # Errors
/// When the disk is full, or those of `shoot`.
pub(crate) fn kept(
    file: PathBuf,
    (width, height): (u32, u32),
    frames_per_s: u32,
    shoot: impl FnOnce(&mut Film) -> Result<()>,
) -> Result<PathBuf> {
    if file.is_file() {
        return Ok(file);
    }
    let unfinished = file.with_extension("part");
    let write = || -> Result<()> {
        std::fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
        let mut reel = Film(BufWriter::new(File::create(&unfinished)?));
        writeln!(reel.0, "YUV4MPEG2 W{width} H{height} F{frames_per_s}:1 Ip A1:1 C420jpeg")?;
        shoot(&mut reel)?;
        reel.0.flush()?;
        Ok(std::fs::rename(&unfinished, &file)?)
    };
    write().with_context(|| format!("cannot make the film {}", file.display()))?;
    Ok(file)
}

/// BT.601 limited range, planes Y, then U and V at half size (mean of each 2×2 block).
fn yuv420(frame: &RgbImage, light: f32) -> Vec<u8> {
    let (width, height) = frame.dimensions();
    let rgb =
        |x: u32, y: u32| frame.get_pixel(x, y).0.map(|value| (f32::from(value) * light).min(255.0));
    let mut planes = Vec::with_capacity((width * height * 3 / 2) as usize);
    for y in 0..height {
        for x in 0..width {
            let [r, g, b] = rgb(x, y);
            planes.push((16.0 + 0.257 * r + 0.504 * g + 0.098 * b).round() as u8);
        }
    }
    let chroma = |weights: [f32; 3]| {
        (0..height / 2).flat_map(move |y| (0..width / 2).map(move |x| (x, y))).map(move |(x, y)| {
            let block =
                [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(dx, dy)| rgb(2 * x + dx, 2 * y + dy));
            let mean = |channel: usize| block.iter().map(|pixel| pixel[channel]).sum::<f32>() / 4.0;
            (128.0 + weights[0] * mean(0) + weights[1] * mean(1) + weights[2] * mean(2)).round()
                as u8
        })
    };
    planes.extend(chroma([-0.148, -0.291, 0.439]));
    planes.extend(chroma([0.439, -0.368, -0.071]));
    planes
}
