//! One step of a planned model.

use super::dense::Dense;
use super::depthwise::Depthwise;
use super::flat::Flat;
use super::halves::rows_in_halves;
use super::image::Image;
use super::vector::{LANES, f32x4, vectors};

/// One step, with the numbers of the buffers that it reads.
#[derive(Debug)]
pub(super) enum Step {
    /// Convolution; perhaps with an earlier picture that is added.
    Dense(Box<Dense>, usize, Option<usize>),
    /// Convolution, channel by channel.
    Depthwise(Box<Depthwise>, usize),
    /// A picture: its own place, what is done, and the pictures read.
    Picture(Image, Picture, Vec<(usize, Image)>),
    /// A list of numbers.
    Flat(Flat, Vec<usize>),
}

/// What is done with whole pictures.
#[derive(Debug, Clone)]
pub(super) enum Picture {
    /// Sum over all pixels, one number a channel.
    Sum,
    /// Sum of two pictures, then × slope where negative.
    Add(Vec<f32>),
    /// × scale + shift, one of each a channel.
    Affine(Vec<f32>, Vec<f32>),
    /// × the second picture, which has one pixel.
    Scale,
    /// 1 ÷ (1 + e⁻ˣ).
    Sigmoid,
}

impl Step {
    /// Computes into `output`; `buffers` holds everything else.
    pub(super) fn run(&self, buffers: &[Vec<f32>], output: &mut [f32]) {
        match self {
            Self::Dense(dense, input, added) => {
                let added = added.map_or(&[][..], |added| &buffers[added]);
                dense.run(&buffers[*input], added, output);
            }
            Self::Depthwise(depthwise, input) => depthwise.run(&buffers[*input], output),
            Self::Picture(image, picture, inputs) => {
                image.clear_border(output);
                let inputs: [Option<(&[f32], &Image)>; 2] = std::array::from_fn(|index| {
                    inputs.get(index).map(|(buffer, image)| (buffers[*buffer].as_slice(), image))
                });
                picture.run(inputs, image, output);
            }
            Self::Flat(flat, inputs) => flat.run(buffers, inputs, output),
        }
    }
}

impl Picture {
    /// The same for pictures whose pixels have so many numbers.
    pub(super) fn padded(mut self, lanes: usize) -> Self {
        match &mut self {
            // Nothing is bent unless slopes were given.
            Self::Add(values) if values.is_empty() => values.resize(lanes, 1.0),
            Self::Add(values) => values.resize(lanes, 0.0),
            Self::Affine(scale, shift) => {
                scale.resize(lanes, 0.0);
                shift.resize(lanes, 0.0);
            }
            Self::Sum | Self::Scale | Self::Sigmoid => {}
        }
        self
    }

    fn run(&self, inputs: [Option<(&[f32], &Image)>; 2], image: &Image, output: &mut [f32]) {
        let [Some((first, from)), second] = inputs else { return };
        match self {
            Self::Sum => {
                output[..image.lanes()].fill(0.0);
                for y in 0..from.height {
                    for x in 0..from.width {
                        let pixel = &first[from.at(y, x)..][..image.lanes()];
                        output.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += value);
                    }
                }
            }
            Self::Add(slope) => {
                let Some((second, other)) = second else { return };
                each(image, output, |y, x, pixel| {
                    let (a, b) = (&first[from.at(y, x)..], &second[other.at(y, x)..]);
                    for (((value, a), b), slope) in pixel.iter_mut().zip(a).zip(b).zip(slope) {
                        let sum = a + b;
                        *value = sum.max(0.0) + slope * sum.min(0.0);
                    }
                });
            }
            Self::Affine(scale, shift) => each(image, output, |y, x, pixel| {
                let values = &first[from.at(y, x)..];
                for (((value, a), scale), shift) in
                    pixel.iter_mut().zip(values).zip(scale).zip(shift)
                {
                    *value = a * scale + shift;
                }
            }),
            Self::Scale => {
                let Some((second, other)) = second else { return };
                let scale = &vectors(&second[other.at(0, 0)..])[..image.lanes() / LANES];
                each(image, output, |y, x, pixel| {
                    let values = vectors(&first[from.at(y, x)..]);
                    let pixel = pixel.as_chunks_mut::<LANES>().0;
                    for ((value, a), scale) in pixel.iter_mut().zip(values).zip(scale) {
                        let (a, scale) = (f32x4::new(*a), f32x4::new(*scale));
                        *value = (a * scale).to_array();
                    }
                });
            }
            Self::Sigmoid => each(image, output, |y, x, pixel| {
                let values = &first[from.at(y, x)..];
                let real = pixel.iter_mut().zip(values).take(image.channels);
                real.for_each(|(value, a)| *value = 1.0 / (1.0 + (-a).exp()));
                pixel[image.channels..].fill(0.0);
            }),
        }
    }
}

/// Every pixel of `output` with its row and column.
fn each(image: &Image, output: &mut [f32], work: impl Fn(usize, usize, &mut [f32]) + Sync) {
    rows_in_halves(image, output, |rows, buffer, begins| {
        for y in rows {
            for x in 0..image.width {
                work(y, x, &mut buffer[image.at(y, x) - begins..][..image.lanes()]);
            }
        }
    });
}
