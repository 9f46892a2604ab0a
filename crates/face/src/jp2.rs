//! The card photo: JPEG 2000 (ISO/IEC 15444-1) in a JP2 container, 378×472 px, one grey component on the cards seen so far.
//!
//! A card is not trusted. The container is walked here, the size fields are checked **before** anything is decoded, and only
//! the codestream goes to the decoder, with a palette or sYCC where the file has such colours; other boxes are never read. What
//! other encoders and decoders take for complete is taken: see `jp2/codestream.rs`.

mod codestream;
mod container;

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};
use zeroize::Zeroizing;

use container::Container;

use crate::frame::{MIN_SIDE, Picture};

/// Largest accepted file in bytes; the card's whole photo file is a few kilobytes.
pub const MAX_BYTES: usize = 64 * 1024;
/// Largest accepted width and height in pixels.
pub const MAX_SIDE: u32 = 1024;
/// Most tiles: each costs memory whatever it holds.
const MAX_TILES: u32 = 64;
/// Start of codestream, then the size marker (ISO/IEC 15444-1 A.4.1, A.5.1).
const START: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];

/// Why a photo cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// More than [`MAX_BYTES`].
    #[error("the photo has {0} bytes, more than {MAX_BYTES}: read the card again")]
    TooLong(usize),
    /// Not a JP2 file or JPEG 2000 codestream, or cut short.
    #[error("the photo is not a JPEG 2000 picture: read the card again")]
    NotJpeg2000,
    /// Sides, tiles or components outside what a card photo can be.
    #[error("the photo's size or colour layout is not one of a card photo")]
    Layout,
    /// The decoder gave up.
    #[error("the photo is damaged: read the card again")]
    Damaged,
}

/// Decodes a photo of 1 (grey) or 3 (RGB) components of 8 bits.
///
/// # Errors
/// [`PhotoError`]; any bytes are answered, never with a panic.
pub fn decode(bytes: &[u8]) -> Result<Picture, PhotoError> {
    if bytes.len() > MAX_BYTES {
        return Err(PhotoError::TooLong(bytes.len()));
    }
    let file = Container::read(bytes)?;
    let layout = Layout::read(file.codestream)?;
    let channels = file.colour.channels(layout.components)?;
    let codestream = codestream::complete(file.codestream)?;
    let coloured = file.colour.wrap(&codestream, channels).map(Zeroizing::new);
    let input = coloured.as_ref().unwrap_or(&codestream);
    let image = Image::new(input, &DecodeSettings { strict: true, ..DecodeSettings::default() })
        .map_err(|_| PhotoError::Damaged)?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|_| PhotoError::Damaged)?;
    let samples = Zeroizing::new(decoded.data_u8());
    Picture::from_samples(&samples, channels, layout.width, layout.height)
        .map_err(|_| PhotoError::Damaged)
}

/// What the size marker promises (ISO/IEC 15444-1 A.5.1), checked.
struct Layout {
    width: usize,
    height: usize,
    components: usize,
}

impl Layout {
    fn read(codestream: &[u8]) -> Result<Self, PhotoError> {
        if !codestream.starts_with(&START) {
            return Err(PhotoError::NotJpeg2000);
        }
        let number = |at| u32_at(codestream, at).ok_or(PhotoError::NotJpeg2000);
        let [right, bottom, left, top] = [number(8)?, number(12)?, number(16)?, number(20)?];
        let [tile_width, tile_height] = [number(24)?, number(28)?];
        let sides =
            right.checked_sub(left).zip(bottom.checked_sub(top)).ok_or(PhotoError::Layout)?;
        let minimum = u32::try_from(MIN_SIDE).expect("a small constant");
        let fits = |side| (minimum..=MAX_SIDE).contains(&side);
        if !fits(sides.0)
            || !fits(sides.1)
            || right > 2 * MAX_SIDE
            || bottom > 2 * MAX_SIDE
            || tile_width == 0
            || tile_height == 0
        {
            return Err(PhotoError::Layout);
        }
        if right.div_ceil(tile_width) * bottom.div_ceil(tile_height) > MAX_TILES {
            return Err(PhotoError::Layout);
        }
        let components = match codestream.get(40..42) {
            Some([0, count @ (1 | 3)]) => usize::from(*count),
            _ => return Err(PhotoError::Layout),
        };
        // Each component: 8 bits unsigned, sampled at every pixel.
        let parts = codestream.get(42..42 + 3 * components).ok_or(PhotoError::NotJpeg2000)?;
        if parts.chunks_exact(3).any(|part| part != [7, 1, 1]) {
            return Err(PhotoError::Layout);
        }
        Ok(Self { width: sides.0 as usize, height: sides.1 as usize, components })
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_be_bytes(*four))
}
