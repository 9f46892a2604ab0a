//! What dense and depthwise convolutions share.

use super::image::Image;
use super::vector::LANES;

/// Geometry; sides in pixels, rows before columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// Sides of the kernel.
    pub(super) kernel: [usize; 2],
    /// Padding above and to the left.
    pub(super) before: [usize; 2],
    /// Distance of the taps.
    pub(super) dilation: [usize; 2],
    /// Step.
    pub(super) stride: [usize; 2],
}

impl Window {
    /// One pixel.
    pub(super) const POINT: Self =
        Self { kernel: [1, 1], before: [0, 0], dilation: [1, 1], stride: [1, 1] };

    /// For every output pixel, row by row, where its first tap lies in the buffer of `input`, whose border must be wide
    /// enough.
    pub(super) fn starts(&self, input: &Image, output: &Image) -> Vec<usize> {
        let place = |y: usize, x: usize| {
            let row = y * self.stride[0] + input.border - self.before[0];
            let column = x * self.stride[1] + input.border - self.before[1];
            row * input.row() + column * input.lanes()
        };
        let row = |y| (0..output.width).map(move |x| place(y, x));
        (0..output.height).flat_map(row).collect()
    }

    /// Where the taps lie after the first, row by row.
    pub(super) fn taps(&self, input: &Image) -> Vec<usize> {
        let place = |row: usize, column: usize| {
            row * self.dilation[0] * input.row() + column * self.dilation[1] * input.lanes()
        };
        let [rows, columns] = self.kernel;
        (0..rows).flat_map(|row| (0..columns).map(move |column| place(row, column))).collect()
    }
}

/// What happens to each sum: `+ bias`, `+ earlier picture` (elsewhere), then × slope where negative. One number a channel.
#[derive(Debug, Clone)]
pub(super) struct Finish {
    /// Added.
    pub(super) bias: Vec<f32>,
    /// Multiplies what is negative.
    pub(super) slope: Vec<f32>,
}

impl Finish {
    /// Adds `bias`; nothing else yet.
    pub(super) fn new(bias: Vec<f32>) -> Self {
        Self { slope: vec![1.0; bias.len()], bias }
    }

    /// Whether nothing is bent yet, so that more can be added or multiplied before.
    pub(super) fn is_open(&self) -> bool {
        self.slope.iter().all(|slope| slope.to_bits() == 1.0_f32.to_bits())
    }

    /// The same with padding for the channels that fill the last vector.
    pub(super) fn padded(&self) -> Self {
        let padded = |values: &[f32]| {
            let mut values = values.to_vec();
            values.resize(values.len().next_multiple_of(LANES), 0.0);
            values
        };
        Self { bias: padded(&self.bias), slope: padded(&self.slope) }
    }
}
