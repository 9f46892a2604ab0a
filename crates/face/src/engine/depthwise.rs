//! Convolution in which every channel stays by itself.

use super::halves::{Half, in_halves};
use super::image::Image;
use super::layer::{Finish, Window};
use super::vector::{LANES, add_product, bend, f32x4, vectors};

/// Taps of the usual kernel, which has a way of its own.
const USUAL: usize = 9;

/// A convolution with packed weights and its places in the buffers.
#[derive(Debug)]
pub(super) struct Depthwise {
    /// For each vector of channels: one vector a tap, then bias and slope.
    weights: Vec<f32>,
    taps: Vec<usize>,
    starts: Vec<usize>,
    places: Vec<usize>,
    output: Image,
}

impl Depthwise {
    /// Packs `weights`, given in the order channel, row, column.
    pub(super) fn new(
        window: &Window,
        weights: &[f32],
        finish: &Finish,
        input: &Image,
        output: &Image,
    ) -> Self {
        let taps = window.taps(input);
        let finish = finish.padded();
        let mut packed = Vec::with_capacity((taps.len() + 2) * output.lanes());
        for lane in (0..output.lanes()).step_by(LANES) {
            for tap in 0..taps.len() {
                packed.extend((lane..lane + LANES).map(|channel| {
                    if channel < output.channels {
                        weights[channel * taps.len() + tap]
                    } else {
                        0.0
                    }
                }));
            }
            packed.extend_from_slice(&finish.bias[lane..lane + LANES]);
            packed.extend_from_slice(&finish.slope[lane..lane + LANES]);
        }
        let starts = window.starts(input, output);
        Self { weights: packed, taps, starts, places: output.places(), output: *output }
    }

    /// Computes the picture.
    pub(super) fn run(&self, input: &[f32], buffer: &mut [f32]) {
        self.output.clear_border(buffer);
        let work = self.taps.len() * self.output.lanes();
        in_halves(&self.places, work, buffer, |half| self.half(half, input));
    }

    /// Some of the pixels.
    fn half(&self, half: Half<'_>, input: &[f32]) {
        let taps: Option<&[usize; USUAL]> = self.taps.as_array();
        let starts = &self.starts[half.pixels.clone()];
        for (start, place) in starts.iter().zip(&self.places[half.pixels]) {
            let output = &mut half.buffer[place - half.begins..][..self.output.lanes()];
            match taps {
                Some(taps) => self.usual(input, *start, taps, output),
                None => self.any(input, *start, output),
            }
        }
    }

    /// One pixel with nine taps.
    fn usual(&self, input: &[f32], start: usize, taps: &[usize; USUAL], output: &mut [f32]) {
        let lanes = output.len();
        let pixels: [&[[f32; LANES]]; USUAL] =
            taps.map(|tap| vectors(&input[start + tap..][..lanes]));
        let weights = vectors(&self.weights).chunks_exact(USUAL + 2);
        let outputs = output.as_chunks_mut::<LANES>().0;
        for ((output, weights), index) in outputs.iter_mut().zip(weights).zip(0..lanes / LANES) {
            let mut sum = f32x4::new(weights[USUAL]);
            for (pixel, weight) in pixels.iter().zip(weights) {
                sum = add_product(sum, f32x4::new(pixel[index]), f32x4::new(*weight));
            }
            *output = bend(sum, f32x4::new(weights[USUAL + 1])).to_array();
        }
    }

    /// One pixel with any number of taps.
    fn any(&self, input: &[f32], start: usize, output: &mut [f32]) {
        let count = self.taps.len();
        let weights = vectors(&self.weights).chunks_exact(count + 2);
        let outputs = output.as_chunks_mut::<LANES>().0;
        for ((output, weights), index) in outputs.iter_mut().zip(weights).zip(0..) {
            let mut sum = f32x4::new(weights[count]);
            for (tap, weight) in self.taps.iter().zip(weights) {
                let value = vectors(&input[start + tap + index * LANES..])[0];
                sum = add_product(sum, f32x4::new(value), f32x4::new(*weight));
            }
            *output = bend(sum, f32x4::new(weights[count + 1])).to_array();
        }
    }
}
