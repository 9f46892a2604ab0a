//! Steps in order, and which buffers they share.

use super::Scratch;
use super::image::Image;
use super::step::Step;
use super::vector::LANES;

/// A planned model.
#[derive(Debug)]
pub(super) struct Plan {
    /// How the input lies in its buffer, which is the first.
    pub(super) source: Image,
    /// Steps, each with its own buffer and the length of what it writes.
    pub(super) steps: Vec<(Step, usize, usize)>,
    /// Length of every buffer.
    pub(super) buffers: Vec<usize>,
    /// Buffer and length of each result.
    pub(super) outputs: Vec<(usize, usize)>,
    /// Multiplications of all convolutions.
    pub(super) multiplications: u64,
}

impl Plan {
    /// Fresh buffers.
    pub(super) fn scratch(&self) -> Scratch {
        self.buffers.iter().map(|length| vec![0.0; *length]).collect()
    }

    /// All steps, when the source lies in the first buffer.
    pub(super) fn run(&self, scratch: &mut Scratch) -> Vec<Vec<f32>> {
        for (step, buffer, length) in &self.steps {
            let mut output = std::mem::take(&mut scratch[*buffer]);
            step.run(scratch, &mut output[..*length]);
            scratch[*buffer] = output;
        }
        self.outputs.iter().map(|(buffer, length)| scratch[*buffer][..*length].to_vec()).collect()
    }

    /// Puts pixels, as many as the source has, in their places.
    pub(super) fn fill(&self, pixels: &[[f32; LANES]], buffer: &mut [f32]) {
        let source = &self.source;
        source.clear_border(buffer);
        for (y, row) in pixels.chunks_exact(source.width).enumerate() {
            buffer[source.at(y, 0)..][..source.width * LANES].copy_from_slice(row.as_flattened());
        }
    }

    /// The same from channel by channel.
    pub(super) fn fill_planar(&self, planar: &[f32], buffer: &mut [f32]) {
        let source = &self.source;
        source.clear_border(buffer);
        for (at, place) in source.places().into_iter().enumerate() {
            let (real, rest) = buffer[place..][..source.lanes()].split_at_mut(source.channels);
            let channels = planar[at..].iter().step_by(source.pixels());
            real.iter_mut().zip(channels).for_each(|(value, from)| *value = *from);
            rest.fill(0.0);
        }
    }
}

/// Gives out buffers, and takes them back when nothing reads them any more.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// Length of every buffer so far.
    pub(super) lengths: Vec<usize>,
    free: Vec<usize>,
}

impl Pool {
    /// A buffer of at least `length`: the free one that fits best, or grows least.
    pub(super) fn take(&mut self, length: usize) -> usize {
        let fit = |buffer: usize| {
            let there = self.lengths[buffer];
            if there >= length { (false, there - length) } else { (true, length - there) }
        };
        let best = (0..self.free.len()).min_by_key(|at| fit(self.free[*at]));
        let Some(best) = best else {
            self.lengths.push(length);
            return self.lengths.len() - 1;
        };
        let buffer = self.free.swap_remove(best);
        self.lengths[buffer] = self.lengths[buffer].max(length);
        buffer
    }

    /// Nothing reads `buffer` any more.
    pub(super) fn give_back(&mut self, buffer: usize) {
        self.free.push(buffer);
    }
}
