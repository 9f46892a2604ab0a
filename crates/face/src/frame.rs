//! One picture in memory.

use zeroize::Zeroizing;

/// Smallest accepted side in pixels: below this no face can be compared.
pub const MIN_SIDE: usize = 32;
/// Largest accepted side in pixels: above this a camera frame only costs time.
pub const MAX_SIDE: usize = 2560;

/// Why a picture is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Width or height is outside [`MIN_SIDE`]..=[`MAX_SIDE`].
    #[error(
        "a picture of {width}×{height} px is refused: each side must be {MIN_SIDE} to {MAX_SIDE} px"
    )]
    Size {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },
    /// The buffer does not hold `width × height` RGBA pixels.
    #[error("the picture should have {expected} bytes (RGBA) but has {found}")]
    Length {
        /// `width × height × 4`.
        expected: usize,
        /// Bytes given.
        found: usize,
    },
}

/// A borrowed picture: rows from the top, 4 bytes a pixel in the order R, G, B, A (alpha is not read).
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    rgba: &'a [u8],
    width: usize,
    height: usize,
}

impl<'a> Frame<'a> {
    /// Wraps `width × height × 4` bytes of RGBA.
    ///
    /// # Errors
    /// [`FrameError`] when a side is out of range or the length does not fit.
    pub fn new(rgba: &'a [u8], width: usize, height: usize) -> Result<Self, FrameError> {
        let side = MIN_SIDE..=MAX_SIDE;
        if !side.contains(&width) || !side.contains(&height) {
            return Err(FrameError::Size { width, height });
        }
        let expected = width * height * 4;
        if rgba.len() != expected {
            return Err(FrameError::Length { expected, found: rgba.len() });
        }
        Ok(Self { rgba, width, height })
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Red, green and blue (0..=255) at `x`, `y`; both must be inside the picture.
    #[inline]
    pub fn rgb(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.width + x) * 4;
        [self.rgba[at], self.rgba[at + 1], self.rgba[at + 2]]
    }
}

impl<'a> Frame<'a> {
    /// Some pixels of one row, RGBA; row and columns must be inside the picture.
    #[inline]
    pub(crate) fn row(&self, y: usize, columns: std::ops::Range<usize>) -> &'a [[u8; 4]] {
        let row = y * self.width;
        &self.rgba.as_chunks().0[row + columns.start..row + columns.end]
    }
}

impl std::fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({}×{}, pixels hidden)", self.width, self.height)
    }
}

/// An owned picture whose pixels are wiped when it is dropped.
pub struct Picture {
    rgba: Zeroizing<Vec<u8>>,
    width: usize,
    height: usize,
}

impl Picture {
    /// Builds RGBA from interleaved 8-bit samples of 1 (grey) or 3 (R, G, B) components.
    ///
    /// # Errors
    /// [`FrameError`] when a side is out of range or the length does not fit.
    pub fn from_samples(
        samples: &[u8],
        components: usize,
        width: usize,
        height: usize,
    ) -> Result<Self, FrameError> {
        let expected = width.saturating_mul(height).saturating_mul(components);
        if samples.len() != expected || !matches!(components, 1 | 3) {
            return Err(FrameError::Length { expected, found: samples.len() });
        }
        let mut rgba = Zeroizing::new(Vec::with_capacity(width * height * 4));
        for pixel in samples.chunks_exact(components) {
            let [r, g, b] = if let [r, g, b] = *pixel { [r, g, b] } else { [pixel[0]; 3] };
            rgba.extend_from_slice(&[r, g, b, 255]);
        }
        Frame::new(&rgba, width, height)?;
        Ok(Self { rgba, width, height })
    }

    /// The picture as input of the pipeline.
    pub fn frame(&self) -> Frame<'_> {
        Frame { rgba: &self.rgba, width: self.width, height: self.height }
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.frame().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_sizes_are_refused() {
        assert_eq!(
            Frame::new(&[0; 4], 1, 1).unwrap_err(),
            FrameError::Size { width: 1, height: 1 }
        );
        let short = Frame::new(&[0; 10], 32, 32).unwrap_err();
        assert_eq!(short, FrameError::Length { expected: 4096, found: 10 });
        assert!(Picture::from_samples(&[0; 2048], 2, 32, 32).is_err());
    }

    #[test]
    fn grey_becomes_three_equal_channels() {
        let picture = Picture::from_samples(&[7; 1024], 1, 32, 32).unwrap();
        assert_eq!(picture.frame().rgb(31, 31), [7, 7, 7]);
        assert_eq!(format!("{picture:?}"), "Frame(32×32, pixels hidden)");
    }
}
