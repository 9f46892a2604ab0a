//! Convolution in which every input channel reaches every output channel.

use std::ops::Range;

use super::halves::{Half, in_halves};
use super::image::Image;
use super::layer::{Finish, Window};
use super::vector::{LANES, add_product, bend, f32x4, vectors};

/// Pixels whose sums are kept in registers at once.
const TILE: usize = 4;
/// Vectors of output channels whose sums are kept in registers at once.
const WIDE: usize = 2;
/// Input numbers that stay in the nearest cache while all output channels pass over them.
const NEAR: usize = 4096;

/// A convolution with packed weights and its places in the buffers.
#[derive(Debug)]
pub(super) struct Dense {
    /// For each group of output channels (eight, the last may be four): tap, input channel, output channel.
    weights: Vec<f32>,
    finish: Finish,
    taps: Vec<usize>,
    /// Numbers that lie in one piece at each tap.
    run: usize,
    starts: Vec<usize>,
    places: Vec<usize>,
    /// Places of the earlier picture that is added.
    added: Vec<usize>,
    chunk: usize,
    output: Image,
}

impl Dense {
    /// Packs `weights`, given in the order output channel, input channel, row, column.
    pub(super) fn new(
        window: &Window,
        weights: &[f32],
        finish: &Finish,
        input: &Image,
        output: &Image,
        added: Option<&Image>,
    ) -> Self {
        let [_, columns] = window.kernel;
        let mut taps = window.taps(input);
        let mut run = input.lanes();
        // Neighbouring pixels lie in one piece of memory: a row of the kernel is one tap then.
        if window.dilation[1] == 1 {
            taps = taps.into_iter().step_by(columns).collect();
            run *= columns;
        }
        let starts = window.starts(input, output);
        let reads = run * taps.len();
        Self {
            weights: pack(window, weights, input, output),
            finish: finish.padded(),
            taps,
            run,
            starts,
            places: output.places(),
            added: added.map(Image::places).unwrap_or_default(),
            chunk: (NEAR / reads).next_multiple_of(TILE).max(4 * TILE),
            output: *output,
        }
    }

    /// Computes the picture; `added` is the buffer of the earlier one.
    pub(super) fn run(&self, input: &[f32], added: &[f32], buffer: &mut [f32]) {
        self.output.clear_border(buffer);
        let work = self.taps.len() * self.run * self.output.lanes();
        in_halves(&self.places, work, buffer, |half| self.half(half, input, added));
    }

    /// Some of the pixels, in all output channels.
    fn half(&self, mut half: Half<'_>, input: &[f32], added: &[f32]) {
        let group = self.taps.len() * self.run * LANES;
        let Range { start, end } = half.pixels;
        for first in (start..end).step_by(self.chunk) {
            let last = (first + self.chunk).min(end);
            let mut weights = self.weights.as_slice();
            let mut lane = 0;
            while lane < self.output.lanes() {
                let wide = self.output.lanes() - lane >= WIDE * LANES;
                let (these, rest) = weights.split_at(group * if wide { WIDE } else { 1 });
                let part = Part { first, last, lane, weights: these };
                match (wide, end - start >= TILE) {
                    (true, true) => self.part::<TILE, WIDE>(&part, input, added, &mut half),
                    (true, false) => self.part::<1, WIDE>(&part, input, added, &mut half),
                    (false, true) => self.part::<TILE, 1>(&part, input, added, &mut half),
                    (false, false) => self.part::<1, 1>(&part, input, added, &mut half),
                }
                weights = rest;
                lane += if wide { WIDE * LANES } else { LANES };
            }
        }
    }

    /// Some output channels of some pixels.
    fn part<const P: usize, const V: usize>(
        &self,
        part: &Part<'_>,
        input: &[f32],
        added: &[f32],
        half: &mut Half<'_>,
    ) {
        let vector = |values: &[f32]| -> [f32x4; V] {
            let values = &vectors(values)[part.lane / LANES..][..V];
            std::array::from_fn(|index| f32x4::new(values[index]))
        };
        let (bias, slope) = (vector(&self.finish.bias), vector(&self.finish.slope));
        let mut at = part.first;
        while at < part.last {
            // The last tile begins earlier: some pixels are computed twice, with the same result.
            let first = at.min(half.pixels.end - P);
            let starts: [usize; P] = std::array::from_fn(|pixel| self.starts[first + pixel]);
            let mut sums = self.tile(input, &starts, part.weights, &bias);
            if let Some(places) = self.added.get(first..first + P) {
                for (sums, place) in sums.iter_mut().zip(places) {
                    let earlier = &vectors(&added[place + part.lane..])[..V];
                    sums.iter_mut().zip(earlier).for_each(|(sum, more)| *sum += f32x4::new(*more));
                }
            }
            for (sums, place) in sums.iter().zip(&self.places[first..first + P]) {
                let target = &mut half.buffer[place - half.begins + part.lane..];
                let target = &mut target.as_chunks_mut::<LANES>().0[..V];
                for ((target, sum), slope) in target.iter_mut().zip(sums).zip(slope) {
                    *target = bend(*sum, slope).to_array();
                }
            }
            at += P;
        }
    }

    /// The sums of `P` pixels in `V` vectors of channels.
    #[inline]
    fn tile<const P: usize, const V: usize>(
        &self,
        input: &[f32],
        starts: &[usize; P],
        weights: &[f32],
        bias: &[f32x4; V],
    ) -> [[f32x4; V]; P] {
        let mut sums = [*bias; P];
        for (tap, weights) in self.taps.iter().zip(weights.chunks_exact(self.run * V * LANES)) {
            let pixels: [&[f32]; P] = starts.map(|start| &input[start + tap..][..self.run]);
            for (weights, channel) in vectors(weights).chunks_exact(V).zip(0..self.run) {
                let weights: [f32x4; V] = std::array::from_fn(|index| f32x4::new(weights[index]));
                for (sums, pixel) in sums.iter_mut().zip(&pixels) {
                    let value = f32x4::splat(pixel[channel]);
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum = add_product(*sum, value, weight);
                    }
                }
            }
        }
        sums
    }
}

/// Pixels and output channels that are computed together.
struct Part<'a> {
    first: usize,
    last: usize,
    lane: usize,
    weights: &'a [f32],
}

fn pack(window: &Window, weights: &[f32], input: &Image, output: &Image) -> Vec<f32> {
    let taps = window.kernel[0] * window.kernel[1];
    let mut packed = Vec::with_capacity(taps * input.lanes() * output.lanes());
    let mut lane = 0;
    while lane < output.lanes() {
        let group = if output.lanes() - lane >= WIDE * LANES { WIDE * LANES } else { LANES };
        for tap in 0..taps {
            for from in 0..input.lanes() {
                packed.extend((lane..lane + group).map(|to| {
                    let real = from < input.channels && to < output.channels;
                    if real { weights[(to * input.channels + from) * taps + tap] } else { 0.0 }
                }));
            }
        }
        lane += group;
    }
    packed
}
