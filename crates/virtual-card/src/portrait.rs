//! The photo on the card: grey, 378×472 pixels, JPEG 2000, a few kilobytes.

use std::{fmt, io::Cursor};

use image::{DynamicImage, GrayImage, ImageReader, Limits, imageops::FilterType};
use zeroize::{Zeroize, Zeroizing};

use crate::{drawn, jp2};

/// Width of the card photo in pixels.
pub const PORTRAIT_WIDTH: u32 = 378;
/// Height of the card photo in pixels.
pub const PORTRAIT_HEIGHT: u32 = 472;
/// Size aimed at, in bytes. Public sources give no figure for real photos; this keeps reading one below two seconds.
const TARGET_BYTES: usize = 6_000;
const LARGEST_FILE: usize = 20 * 1024 * 1024;
const LARGEST_SIDE: u32 = 12_000;

/// A card photo, encoded. The pixels and the file live in memory only and are zeroised.
#[derive(Clone)]
pub struct Portrait(Zeroizing<Vec<u8>>);

/// A picture that cannot become a card photo.
#[derive(Debug, thiserror::Error)]
pub enum PortraitError {
    /// More than 20 MiB.
    #[error("the picture file is larger than 20 MiB")]
    TooLarge,
    /// Not a JPEG or PNG, or more than 12,000 pixels on a side.
    #[error("the picture is not a readable JPEG or PNG of at most 12000 pixels a side: {0}")]
    Unreadable(#[from] image::ImageError),
    /// Pixel count and size do not agree, or a side is zero.
    #[error("the picture must have width × height pixels, and at least one")]
    Size,
    /// The JPEG 2000 encoder gave up.
    #[error("the picture cannot be encoded as JPEG 2000: {0}")]
    Encoder(&'static str),
}

impl Portrait {
    /// From a JPEG or PNG file: cut to 378:472 around the centre, made grey, scaled, encoded.
    ///
    /// # Errors
    /// [`PortraitError`] when the file is too large or not a picture.
    pub fn from_image_bytes(file: &[u8]) -> Result<Self, PortraitError> {
        if file.len() > LARGEST_FILE {
            return Err(PortraitError::TooLarge);
        }
        let mut reader = ImageReader::new(Cursor::new(file))
            .with_guessed_format()
            .map_err(image::ImageError::IoError)?;
        let mut limits = Limits::default();
        (limits.max_image_width, limits.max_image_height) =
            (Some(LARGEST_SIDE), Some(LARGEST_SIDE));
        reader.limits(limits);
        let picture = reader.decode()?;
        let grey = picture.to_luma8();
        wipe(picture);
        Self::from_image(grey)
    }

    /// From 8-bit grey pixels, row-major, `width`×`height`.
    ///
    /// # Errors
    /// [`PortraitError::Size`] when the pixels are not `width`×`height`.
    pub fn from_grey(grey: &[u8], width: u32, height: u32) -> Result<Self, PortraitError> {
        Self::from_image(
            GrayImage::from_raw(width, height, grey.to_vec()).ok_or(PortraitError::Size)?,
        )
    }

    /// A drawn head and shoulders, for practice cards without a photo. The same seed gives the same person.
    pub fn drawn(seed: u64) -> Self {
        Self::encode(drawn::picture(seed)).expect("a drawn picture encodes")
    }

    /// The JP2 file as it lies on the card.
    pub fn jp2(&self) -> &[u8] {
        &self.0
    }

    fn from_image(mut picture: GrayImage) -> Result<Self, PortraitError> {
        let (width, height) = picture.dimensions();
        if width == 0 || height == 0 {
            return Err(PortraitError::Size);
        }
        let (cut_width, cut_height) = largest_cut(width, height);
        let (x, y) = ((width - cut_width) / 2, (height - cut_height) / 2);
        let cut = image::imageops::crop_imm(&picture, x, y, cut_width, cut_height);
        let scaled =
            image::imageops::resize(&*cut, PORTRAIT_WIDTH, PORTRAIT_HEIGHT, FilterType::Triangle);
        picture.as_flat_samples_mut().samples.zeroize();
        Self::encode(scaled)
    }

    fn encode(mut picture: GrayImage) -> Result<Self, PortraitError> {
        let file = jp2::encode(picture.as_raw(), PORTRAIT_WIDTH, PORTRAIT_HEIGHT, TARGET_BYTES);
        picture.as_flat_samples_mut().samples.zeroize();
        file.map(|file| Self(Zeroizing::new(file))).map_err(PortraitError::Encoder)
    }
}

impl fmt::Debug for Portrait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Portrait({} bytes)", self.0.len())
    }
}

/// The largest part of a `width`×`height` picture that has the card photo's shape.
fn largest_cut(width: u32, height: u32) -> (u32, u32) {
    let scaled = |side: u32, by: u32, to: u32| {
        let exact = u64::from(side) * u64::from(by) / u64::from(to);
        u32::try_from(exact).unwrap_or(u32::MAX).max(1)
    };
    (
        width.min(scaled(height, PORTRAIT_WIDTH, PORTRAIT_HEIGHT)),
        height.min(scaled(width, PORTRAIT_HEIGHT, PORTRAIT_WIDTH)),
    )
}

fn wipe(picture: DynamicImage) {
    picture.into_bytes().zeroize();
}
