//! The engine that runs the models: convolutions with everything that follows them in one pass.
//!
//! [`Network::new`] turns a [`Graph`] into a list of steps, once; [`Network::run`] goes through them. Pictures lie row by
//! row, pixel by pixel, channels innermost and padded to four ([`image::Image`]), so that four channels are one vector
//! everywhere: a depthwise convolution needs no shuffling, a 1×1 convolution no copying, and no layout is ever changed.
//! Bias, slope (`PRelu`, `ReLU`) and the sum with an earlier picture belong to the convolution before them.
//!
//! Buffers are planned ahead and kept: running allocates nothing but the results.

mod build;
mod dense;
mod depthwise;
mod flat;
mod halves;
mod image;
mod layer;
mod plan;
mod step;
pub(crate) mod vector;

use std::sync::{Mutex, PoisonError};

use crate::graph::{Graph, GraphError};
use image::Image;
use plan::Plan;
use vector::LANES;

/// A model, ready to run.
pub struct Network {
    plan: Plan,
    /// Buffers of runs that are over, for the next ones.
    idle: Mutex<Vec<Scratch>>,
}

/// The buffers of one run.
type Scratch = Vec<Vec<f32>>;

impl Network {
    /// Plans a model.
    ///
    /// # Errors
    /// When it contradicts itself, or has an operation in a place that the engine does not know.
    pub fn new(graph: &Graph<'_>) -> Result<Self, GraphError> {
        Ok(Self { plan: build::plan(graph)?, idle: Mutex::default() })
    }

    /// Sides of the input: channels, height, width.
    pub fn input(&self) -> [usize; 3] {
        let Image { channels, height, width, .. } = self.plan.source;
        [channels, height, width]
    }

    /// Length of every output.
    pub fn outputs(&self) -> Vec<usize> {
        self.plan.outputs.iter().map(|(_, length)| *length).collect()
    }

    /// Multiplications (each with its addition) of one run.
    pub fn multiplications(&self) -> u64 {
        self.plan.multiplications
    }

    /// Runs on planar input, channel by channel, each row by row; gives every output, flattened. For measurements.
    ///
    /// # Errors
    /// The length that is needed, when the input has another.
    pub fn run(&self, planar: &[f32]) -> Result<Vec<Vec<f32>>, usize> {
        let needed = self.input().iter().product();
        if planar.len() != needed {
            return Err(needed);
        }
        Ok(self.filled(|buffer| self.plan.fill_planar(planar, buffer)))
    }

    /// Runs on pixels, row by row, channels that the model does not have being zero; gives every output, flattened. The error
    /// is the number of pixels that is needed, or 0 for a model whose pixels are wider.
    pub(crate) fn see(&self, pixels: &[[f32; LANES]]) -> Result<Vec<Vec<f32>>, usize> {
        let source = &self.plan.source;
        let needed = if source.lanes() == LANES { source.pixels() } else { 0 };
        if pixels.len() != needed || needed == 0 {
            return Err(needed);
        }
        Ok(self.filled(|buffer| self.plan.fill(pixels, buffer)))
    }

    fn filled(&self, fill: impl FnOnce(&mut [f32])) -> Vec<Vec<f32>> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut scratch = idle.unwrap_or_else(|| self.plan.scratch());
        fill(&mut scratch[0]);
        let outputs = self.plan.run(&mut scratch);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
        outputs
    }

    /// Overwrites what the last runs left in the buffers.
    pub fn wipe(&self) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.iter_mut().flatten().for_each(|buffer| buffer.fill(0.0));
    }
}

#[cfg(test)]
mod tests;
