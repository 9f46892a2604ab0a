//! The one binary frame: the card photo on its way to the face worker.
//!
//! Layout: 4 bytes magic `UKP1`, then the JPEG 2000 file. Nothing else is ever binary.

/// First bytes of the frame.
pub const MAGIC: [u8; 4] = *b"UKP1";

/// Largest photo in bytes. Photos on cards are 2-7 kB; the record that holds them is a short EF.
pub const MAX_PHOTO_BYTES: usize = 64 * 1024;

/// Why a binary frame is not a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhotoFrameError {
    /// Does not begin with [`MAGIC`].
    #[error("binary frame does not begin with UKP1")]
    Magic,
    /// Empty, or larger than [`MAX_PHOTO_BYTES`].
    #[error("photo is empty or larger than 64 KiB")]
    Size,
}

/// Puts the header before a JPEG 2000 file.
///
/// # Errors
/// [`PhotoFrameError::Size`].
pub fn encode(jp2: &[u8]) -> Result<Vec<u8>, PhotoFrameError> {
    if jp2.is_empty() || jp2.len() > MAX_PHOTO_BYTES {
        return Err(PhotoFrameError::Size);
    }
    Ok([&MAGIC, jp2].concat())
}

/// The JPEG 2000 file inside a frame.
///
/// # Errors
/// [`PhotoFrameError`].
pub fn decode(frame: &[u8]) -> Result<&[u8], PhotoFrameError> {
    let jp2 = frame.strip_prefix(&MAGIC).ok_or(PhotoFrameError::Magic)?;
    if jp2.is_empty() || jp2.len() > MAX_PHOTO_BYTES {
        return Err(PhotoFrameError::Size);
    }
    Ok(jp2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_framed_photos_of_sane_size_pass() {
        assert_eq!(decode(&encode(b"jp2").unwrap()), Ok(&b"jp2"[..]));
        assert_eq!(decode(b"UKP1"), Err(PhotoFrameError::Size));
        assert_eq!(decode(b"jp2 jp2"), Err(PhotoFrameError::Magic));
        assert_eq!(encode(&vec![0; MAX_PHOTO_BYTES + 1]), Err(PhotoFrameError::Size));
    }
}
