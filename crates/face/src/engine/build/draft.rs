//! A step before its buffers are known.

use crate::engine::flat::Flat;
use crate::engine::image::Image;
use crate::engine::layer::{Finish, Window};
use crate::engine::step::Picture;

/// What is made, and how; pictures and lists are named by the number of the draft that makes them.
pub(super) struct Draft {
    pub(super) work: Work,
    pub(super) form: Form,
}

/// What a draft makes.
pub(super) enum Form {
    /// A picture.
    Image(Image),
    /// So many numbers in a list.
    List(usize),
}

/// How it is made.
pub(super) enum Work {
    /// Given from outside.
    Source,
    /// Weights in the order output channel, input channel, row, column.
    Dense { input: usize, window: Window, weights: Vec<f32>, finish: Finish, added: Option<usize> },
    /// Weights in the order channel, row, column.
    Depthwise { input: usize, window: Window, weights: Vec<f32>, finish: Finish },
    /// Whole pictures.
    Picture(Picture, Vec<usize>),
    /// Lists.
    Flat(Flat, Vec<usize>),
}

impl Draft {
    /// Numbers of the drafts that it reads.
    pub(super) fn inputs(&self) -> Vec<usize> {
        match &self.work {
            Work::Source => vec![],
            Work::Dense { input, added, .. } => std::iter::once(*input).chain(*added).collect(),
            Work::Depthwise { input, .. } => vec![*input],
            Work::Picture(_, inputs) | Work::Flat(_, inputs) => inputs.clone(),
        }
    }

    /// The picture, if it makes one.
    pub(super) fn image(&self) -> Option<Image> {
        if let Form::Image(image) = self.form { Some(image) } else { None }
    }

    /// Input and geometry of a convolution.
    pub(super) fn window(&self) -> Option<(usize, Window)> {
        match &self.work {
            Work::Dense { input, window, .. } | Work::Depthwise { input, window, .. } => {
                Some((*input, *window))
            }
            _ => None,
        }
    }

    /// Numbers in its buffer.
    pub(super) fn length(&self) -> usize {
        match &self.form {
            Form::Image(image) => image.len(),
            Form::List(length) => *length,
        }
    }

    /// Multiplications of a convolution.
    pub(super) fn multiplications(&self) -> usize {
        match &self.work {
            Work::Dense { weights, .. } | Work::Depthwise { weights, .. } => {
                weights.len() * self.image().map_or(0, |image| image.pixels())
            }
            _ => 0,
        }
    }

    /// × scale + shift, one of each a channel, as a part of this convolution; `false` when it is none, or is finished.
    pub(super) fn take_affine(&mut self, scale: &[f32], shift: &[f32]) -> bool {
        let (weights, finish, added) = match &mut self.work {
            Work::Dense { weights, finish, added, .. } => (weights, finish, added.is_some()),
            Work::Depthwise { weights, finish, .. } => (weights, finish, false),
            _ => return false,
        };
        if added || !finish.is_open() {
            return false;
        }
        let each = weights.len() / scale.len();
        for (weights, scale) in weights.chunks_exact_mut(each).zip(scale) {
            for weight in weights {
                *weight *= scale;
            }
        }
        for ((bias, scale), shift) in finish.bias.iter_mut().zip(scale).zip(shift) {
            *bias = *bias * scale + shift;
        }
        true
    }

    /// × slope where negative, as a part of this step; `false` when it cannot be.
    pub(super) fn take_slope(&mut self, slope: &[f32]) -> bool {
        match &mut self.work {
            Work::Dense { finish, .. } | Work::Depthwise { finish, .. } if finish.is_open() => {
                finish.slope.copy_from_slice(slope);
                true
            }
            Work::Picture(Picture::Add(own), _) if own.is_empty() => {
                own.extend_from_slice(slope);
                true
            }
            _ => false,
        }
    }

    /// Adds an earlier picture, as a part of this step; `false` when it cannot be.
    pub(super) fn take_sum(&mut self, earlier: usize) -> bool {
        let Work::Dense { finish, added, .. } = &mut self.work else { return false };
        let open = added.is_none() && finish.is_open();
        if open {
            *added = Some(earlier);
        }
        open
    }
}
