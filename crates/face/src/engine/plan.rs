//! Steps in order, and which buffers they share.

use super::Scratch;
use super::halves::rows_in_halves;
use super::image::Image;
use super::step::Step;

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

    /// All steps. `planar` has as many numbers as the source.
    pub(super) fn run(&self, planar: &[f32], scratch: &mut Scratch) -> Vec<Vec<f32>> {
        self.fill(planar, &mut scratch[0]);
        for (step, buffer, length) in &self.steps {
            let mut output = std::mem::take(&mut scratch[*buffer]);
            step.run(scratch, &mut output[..*length]);
            scratch[*buffer] = output;
        }
        self.outputs.iter().map(|(buffer, length)| scratch[*buffer][..*length].to_vec()).collect()
    }

    /// From channel by channel to pixel by pixel.
    fn fill(&self, planar: &[f32], buffer: &mut [f32]) {
        let source = &self.source;
        source.clear_border(buffer);
        let plane = source.pixels();
        rows_in_halves(source, buffer, |rows, buffer, begins| {
            for y in rows {
                let row = &mut buffer[source.at(y, 0) - begins..][..source.width * source.lanes()];
                for (pixel, at) in row.chunks_exact_mut(source.lanes()).zip(y * source.width..) {
                    let (real, rest) = pixel.split_at_mut(source.channels);
                    let channels = planar[at..].iter().step_by(plane);
                    real.iter_mut().zip(channels).for_each(|(value, from)| *value = *from);
                    rest.fill(0.0);
                }
            }
        });
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
