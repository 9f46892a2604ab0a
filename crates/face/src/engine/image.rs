//! How a picture lies in a buffer.

use super::vector::LANES;

/// Rows from the top, pixels from the left, channels innermost, padded with zeros to a multiple of four; around the
/// picture a frame of zeros, as wide as the convolutions that read it need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Image {
    /// Rows.
    pub(super) height: usize,
    /// Pixels in a row.
    pub(super) width: usize,
    /// Channels without padding.
    pub(super) channels: usize,
    /// Pixels of zeros on every side.
    pub(super) border: usize,
}

impl Image {
    /// A picture without a border.
    pub(super) fn new(height: usize, width: usize, channels: usize) -> Self {
        Self { height, width, channels, border: 0 }
    }

    /// Numbers from pixel to pixel.
    pub(super) fn lanes(&self) -> usize {
        self.channels.next_multiple_of(LANES)
    }

    /// Numbers from row to row.
    pub(super) fn row(&self) -> usize {
        (self.width + 2 * self.border) * self.lanes()
    }

    /// Numbers in the buffer.
    pub(super) fn len(&self) -> usize {
        (self.height + 2 * self.border) * self.row()
    }

    /// Pixels without the border.
    pub(super) fn pixels(&self) -> usize {
        self.height * self.width
    }

    /// Where a pixel begins.
    pub(super) fn at(&self, y: usize, x: usize) -> usize {
        (y + self.border) * self.row() + (x + self.border) * self.lanes()
    }

    /// Where every pixel begins, row by row.
    pub(super) fn places(&self) -> Vec<usize> {
        let row = |y| (0..self.width).map(move |x| self.at(y, x));
        (0..self.height).flat_map(row).collect()
    }

    /// Fills the border with zeros: another picture lay there before.
    pub(super) fn clear_border(&self, buffer: &mut [f32]) {
        if self.border == 0 {
            return;
        }
        let (row, side) = (self.row(), self.border * self.lanes());
        let (top, bottom) = (self.border * row, (self.border + self.height) * row);
        buffer[..top].fill(0.0);
        buffer[bottom..self.len()].fill(0.0);
        for row in buffer[top..bottom].chunks_exact_mut(row) {
            let right = row.len() - side;
            row[..side].fill(0.0);
            row[right..].fill(0.0);
        }
    }
}
