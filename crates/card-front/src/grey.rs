//! Grey pictures, wiped when dropped.

use zeroize::Zeroizing;

/// Rows of grey bytes, 0 black, 255 white.
#[derive(Clone)]
pub struct Grey {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width` × `height` bytes.
    pub data: Zeroizing<Vec<u8>>,
}

/// A frame that cannot be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a frame has {width}×{height} pixels in {bytes} bytes: between 64 and 4096 each way, one byte a pixel"
)]
pub struct FrameError {
    width: usize,
    height: usize,
    bytes: usize,
}

impl Grey {
    /// Takes a frame over.
    ///
    /// # Errors
    /// [`FrameError`] when sides and bytes do not fit or a side is not 64 to 4096.
    pub fn new(width: usize, height: usize, data: Vec<u8>) -> Result<Self, FrameError> {
        let sane = (64..=4096).contains(&width) && (64..=4096).contains(&height);
        if sane && data.len() == width * height {
            Ok(Self { width, height, data: Zeroizing::new(data) })
        } else {
            Err(FrameError { width, height, bytes: data.len() })
        }
    }

    /// One tone.
    pub fn filled(width: usize, height: usize, tone: u8) -> Self {
        Self { width, height, data: Zeroizing::new(vec![tone; width * height]) }
    }

    /// The pixel; outside, the nearest one at the edge.
    pub fn at(&self, x: isize, y: isize) -> u8 {
        let clamp = |at: isize, most: usize| usize::try_from(at).unwrap_or(0).min(most - 1);
        self.data[clamp(y, self.height) * self.width + clamp(x, self.width)]
    }

    /// Between pixels.
    #[expect(clippy::cast_possible_truncation, reason = "coordinates below 5000")]
    pub fn sample(&self, x: f32, y: f32) -> f32 {
        let (x0, y0) = (x.floor(), y.floor());
        let (dx, dy) = (x - x0, y - y0);
        let (x0, y0) = (x0 as isize, y0 as isize);
        let at = |x, y| f32::from(self.at(x, y));
        let above = at(x0, y0) * (1.0 - dx) + at(x0 + 1, y0) * dx;
        let below = at(x0, y0 + 1) * (1.0 - dx) + at(x0 + 1, y0 + 1) * dx;
        above * (1.0 - dy) + below * dy
    }

    /// Every block of `by` × `by` pixels as one.
    #[must_use]
    pub fn shrink(&self, by: usize) -> Self {
        let (width, height) = (self.width / by, self.height / by);
        let mut data = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let mut sum = 0;
                for row in 0..by {
                    let from = (y * by + row) * self.width + x * by;
                    sum +=
                        self.data[from..from + by].iter().map(|v| usize::from(*v)).sum::<usize>();
                }
                data.push(u8::try_from(sum / (by * by)).unwrap_or(255));
            }
        }
        Self { width, height, data: Zeroizing::new(data) }
    }
}
