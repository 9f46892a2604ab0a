//! Makes a camera film (`.y4m`) out of one photograph: a person before a wall who moves a little.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "pixels of small pictures: rounded, never negative, far below the limits of every type used"
)]

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

use crate::film::{self, Film};

/// Width of the film in pixels.
pub const WIDTH: u32 = 640;
/// Height of the film in pixels.
pub const HEIGHT: u32 = 480;
/// Frames per second.
pub const FRAMES_PER_S: u32 = 15;
/// Length of the loop: 2 s.
const N_FRAMES: u32 = 30;
/// Height of the face in the film, in pixels: a person about 50 cm before a usual webcam.
const FACE_HEIGHT_PX: f32 = 190.0;

/// A test portrait (public domain) and where the face is in it.
#[derive(Debug, Clone, Copy)]
pub struct Portrait {
    /// File name below the portraits' folder.
    pub file: &'static str,
    /// Centre of the face, in pixels of the file.
    pub centre_px: (f32, f32),
    /// Height of the face, chin to hairline, in pixels of the file.
    pub height_px: f32,
}

/// A posed portrait of one man: on the card.
pub const OBAMA: Portrait =
    Portrait { file: "obama.jpg", centre_px: (491.0, 260.0), height_px: 345.0 };
/// The same man, speaking and turned to the side.
pub const OBAMA_2: Portrait =
    Portrait { file: "obama2.jpg", centre_px: (347.0, 427.0), height_px: 413.0 };
/// The same man on another day, looking into the camera.
pub const OBAMA_3: Portrait =
    Portrait { file: "obama3.jpg", centre_px: (767.0, 428.0), height_px: 311.0 };
/// Another man.
pub const BIDEN: Portrait =
    Portrait { file: "biden.jpg", centre_px: (563.0, 367.0), height_px: 404.0 };

impl Portrait {
    /// Where the file lies.
    pub fn path(&self) -> PathBuf {
        crate::root().join("target/test-data/portraits").join(self.file)
    }

    /// Writes the film into `folder` unless it is there, and gives its path.
    ///
    /// # Errors
    /// When the portrait is missing or the disk is full.
    pub fn film(&self, folder: &Path) -> Result<PathBuf> {
        let file = folder.join(self.file).with_extension("y4m");
        film::kept(file, (WIDTH, HEIGHT), FRAMES_PER_S, |film| {
            sway(&self.before_a_wall(&self.open()?), film)
        })
    }

    /// Writes the head and shoulders as a card photo is cut (378:472) into `folder`, and gives the path.
    ///
    /// # Errors
    /// When the portrait is missing or the disk is full.
    pub fn card_photo(&self, folder: &Path) -> Result<PathBuf> {
        let photo = self.open()?;
        // ICAO 9303: the face takes about two thirds of the height, here chin to hairline a little less.
        let (height, (x, y)) = (self.height_px / 0.52, self.centre_px);
        let width = height * 378.0 / 472.0;
        let left = (x - width / 2.0).max(0.0) as u32;
        let top = (y - height * 0.48).max(0.0) as u32;
        let cut = imageops::crop_imm(&photo, left, top, width as u32, height as u32).to_image();
        std::fs::create_dir_all(folder)?;
        let file = folder.join(self.file).with_extension("png");
        cut.save(&file).with_context(|| format!("cannot write {}", file.display()))?;
        Ok(file)
    }

    pub(crate) fn open(&self) -> Result<RgbImage> {
        let path = self.path();
        let picture = image::open(&path).with_context(|| {
            format!("no portrait {}: run `cargo xtask portraits`", path.display())
        })?;
        Ok(picture.to_rgb8())
    }

    /// The photograph scaled so that the face has its natural size, on a canvas with room for movement.
    pub(crate) fn before_a_wall(&self, photo: &RgbImage) -> RgbImage {
        let scale = FACE_HEIGHT_PX / self.height_px;
        let scaled = |side: u32| (f64::from(side) * f64::from(scale)).round().max(1.0) as u32;
        let person = imageops::resize(
            photo,
            scaled(photo.width()),
            scaled(photo.height()),
            FilterType::Triangle,
        );
        let mut canvas =
            RgbImage::from_pixel(WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN, Rgb([186, 184, 178]));
        let place = |side: u32, centre: f32| i64::from(side / 2) - (centre * scale).round() as i64;
        let (x, y) =
            (place(canvas.width(), self.centre_px.0), place(canvas.height(), self.centre_px.1));
        imageops::overlay(&mut canvas, &person, x, y);
        canvas
    }
}

/// Room around the picture for the movement, in pixels.
pub(crate) const MARGIN: u32 = 16;

/// One loop: a slow sway of a few pixels and a slight change of light, seamless at its end.
fn sway(canvas: &RgbImage, film: &mut Film) -> Result<()> {
    for frame_idx in 0..N_FRAMES {
        let phase = std::f32::consts::TAU * frame_idx as f32 / N_FRAMES as f32;
        let shift = |amplitude: f32, value: f32| (MARGIN as f32 + amplitude * value).round() as u32;
        let (x, y) = (shift(5.0, phase.sin()), shift(3.0, (2.0 * phase).sin()));
        let frame = imageops::crop_imm(canvas, x, y, WIDTH, HEIGHT).to_image();
        film.add_picture(&frame, 1.0 + 0.02 * phase.cos())?;
    }
    Ok(())
}
