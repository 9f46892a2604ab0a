//! What is known of a node while a graph is read.

use crate::graph::{Convolution, GraphError};

/// A node that was read.
pub(super) struct Seen {
    /// Sides, as the graph counts them.
    pub(super) shape: Vec<usize>,
    /// Where the channels are in `shape`.
    pub(super) channel: usize,
    pub(super) value: Value,
}

/// What a node is.
pub(super) enum Value {
    /// A constant.
    Constant(Vec<f32>),
    /// The result of a draft.
    Draft(usize),
}

impl Seen {
    /// Number of the draft.
    ///
    /// # Errors
    /// For a constant.
    pub(super) fn draft(&self) -> Result<usize, GraphError> {
        match self.value {
            Value::Draft(number) => Ok(number),
            Value::Constant(_) => Err(GraphError::new("a constant where a result is needed")),
        }
    }

    /// The values of a constant.
    ///
    /// # Errors
    /// For a result.
    pub(super) fn constant(&self) -> Result<&[f32], GraphError> {
        match &self.value {
            Value::Constant(values) => Ok(values),
            Value::Draft(_) => Err(GraphError::new("a result where a constant is needed")),
        }
    }

    /// The constant as one number for each of `channels`, beside something with its channels at `axis`.
    ///
    /// # Errors
    /// When it is anything else.
    pub(super) fn by_channel(&self, channels: usize, axis: usize) -> Result<Vec<f32>, GraphError> {
        let values = self.constant()?;
        if values.len() == 1 {
            return Ok(vec![values[0]; channels]);
        }
        let fits = values.len() == channels && self.shape.get(axis) == Some(&channels);
        if fits { Ok(values.to_vec()) } else { Err(GraphError::new("a constant of another shape")) }
    }
}

/// An index notation of two inputs, taken apart: `IHW,OI->OHW`.
pub(super) struct Notation {
    /// Place of the summed letter in the first input.
    pub(super) summed: usize,
    /// Whether the second input has the summed letter first.
    pub(super) turned: bool,
    /// For each letter of the result its place in the first input; `None` for the new letter, or for a side of 1.
    pub(super) result: Vec<Option<usize>>,
    /// Place of the new letter in the result.
    pub(super) channel: usize,
}

impl Notation {
    /// Reads the notation of a matrix that is applied to the channels of a picture.
    ///
    /// # Errors
    /// For every other sum of products.
    pub(super) fn read(text: &str) -> Result<Self, GraphError> {
        let other = || GraphError::new("a sum of products of another kind");
        let (inputs, result) = text.split_once("->").ok_or_else(other)?;
        let (first, second) = inputs.split_once(',').ok_or_else(other)?;
        let letters: Vec<char> = second.chars().collect();
        let [a, b] = letters[..] else { return Err(other()) };
        let (summed, new, turned) = if first.contains(b) { (b, a, false) } else { (a, b, true) };
        let summed_at = first.chars().position(|letter| letter == summed).ok_or_else(other)?;
        let channel = result.chars().position(|letter| letter == new).ok_or_else(other)?;
        if first.contains(new) || result.contains(summed) {
            return Err(other());
        }
        let place = |letter: char| first.chars().position(|other| other == letter);
        Ok(Self { summed: summed_at, turned, result: result.chars().map(place).collect(), channel })
    }
}

/// Sides of a convolution's result: rows, columns.
///
/// # Errors
/// When the kernel does not fit into the picture.
pub(super) fn convolved(
    [height, width]: [usize; 2],
    convolution: &Convolution,
) -> Result<[usize; 2], GraphError> {
    let side = |inside: usize, axis: usize| {
        let part = |values: &[u32]| values[axis] as usize;
        let all = inside + part(&convolution.before) + part(&convolution.after);
        let reach = part(&convolution.dilations) * (part(&convolution.kernel) - 1) + 1;
        let steps = all.checked_sub(reach).map(|left| left / part(&convolution.strides) + 1);
        steps.ok_or_else(|| GraphError::new("a kernel larger than its picture"))
    };
    Ok([side(height, 0)?, side(width, 1)?])
}
