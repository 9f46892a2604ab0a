//! A prepared model: its operations, written down after shape inference and simplification.
//!
//! `prepare-models` makes these files natively from ONNX with tract; [`crate::engine`] runs them. So the browser needs
//! neither an ONNX parser nor the operations that our models do not use, and loading costs no simplification.
//!
//! A file is [`MAGIC`], then one [`Graph`] in the postcard encoding. Every node has one output; inputs are the numbers of
//! earlier nodes. Tensors are f32, little-endian, row-major.

use serde::{Deserialize, Serialize};

/// First bytes of a prepared model; the digit is the version of the format.
pub const MAGIC: &[u8] = b"UKGRAPH1";

/// Most nodes: ours have fewer than 400.
const MAX_NODES: usize = 4096;
/// Most numbers in one tensor: 16 M, 64 MB.
const MAX_LENGTH: usize = 1 << 24;

/// A whole model.
#[derive(Debug, Serialize, Deserialize)]
pub struct Graph<'a> {
    /// In an order in which every node comes after its inputs.
    #[serde(borrow)]
    pub nodes: Vec<Node<'a>>,
    /// Numbers of the nodes that are the results.
    pub outputs: Vec<u32>,
}

/// One operation.
#[derive(Debug, Serialize, Deserialize)]
pub struct Node<'a> {
    /// Numbers of the nodes whose results it takes.
    pub inputs: Vec<u32>,
    /// What it does.
    #[serde(borrow)]
    pub op: Operation<'a>,
}

/// What a node does.
#[derive(Debug, Serialize, Deserialize)]
pub enum Operation<'a> {
    /// The model's input, of this shape.
    Source(Vec<u32>),
    /// A constant: shape and f32 values, little-endian.
    Const(Vec<u32>, #[serde(borrow)] &'a [u8]),
    /// Convolution of input, OIHW kernel and bias.
    Conv(Convolution),
    /// Sum of products in index notation, such as `IHW,OI->OHW`.
    EinSum(String),
    /// Element by element.
    Add,
    /// Element by element, first minus second.
    Sub,
    /// Element by element.
    Mul,
    /// Element by element.
    Max,
    /// Element by element.
    Exp,
    /// Element by element.
    Sigmoid,
    /// `x` where positive, otherwise slope × `x`: one slope a channel, channels outermost.
    PRelu(#[serde(borrow)] &'a [u8]),
    /// Joins along an axis.
    Concat(u32),
    /// Axis, first, end.
    Slice([u32; 3]),
    /// From an axis on, these sides become those.
    Reshape(u32, Vec<u32>, Vec<u32>),
    /// Over these axes.
    Softmax(Vec<u32>),
    /// Over these axes.
    Sum(Vec<u32>),
}

/// Geometry of a convolution; sides in pixels, rows before columns.
#[derive(Debug, Serialize, Deserialize)]
pub struct Convolution {
    /// 0 = NCHW, 1 = NHWC, 2 = CHW, 3 = HWC.
    pub format: u8,
    /// Sides of the kernel.
    pub kernel: Vec<u32>,
    /// Padding before.
    pub before: Vec<u32>,
    /// Padding after.
    pub after: Vec<u32>,
    /// Distance of the taps.
    pub dilations: Vec<u32>,
    /// Step.
    pub strides: Vec<u32>,
    /// Channels in and out.
    pub channels: [u32; 2],
    /// Groups; as many as channels for a depthwise convolution.
    pub group: u32,
}

/// A file is no prepared model, or the engine cannot run it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct GraphError(String);

impl GraphError {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }

    /// The same, with the number of the node.
    pub(crate) fn at(self, node: usize) -> Self {
        Self(format!("node {node}: {}", self.0))
    }
}

impl Graph<'_> {
    /// Reads a file, strictly; nothing is computed yet.
    ///
    /// # Errors
    /// When it is not a prepared model of this version.
    pub fn read(bytes: &[u8]) -> Result<Graph<'_>, GraphError> {
        let body = bytes.strip_prefix(MAGIC).ok_or_else(|| {
            GraphError::new("not a prepared model of this version of the program")
        })?;
        let (graph, rest) = postcard::take_from_bytes::<Graph<'_>>(body)
            .map_err(|error| GraphError::new(format!("damaged: {error}")))?;
        if !rest.is_empty() || graph.nodes.len() > MAX_NODES {
            let (nodes, over) = (graph.nodes.len(), rest.len());
            return Err(GraphError::new(format!("{nodes} nodes, {over} bytes too long")));
        }
        Ok(graph)
    }

    /// The file.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn write(&self) -> Result<Vec<u8>, GraphError> {
        let body = postcard::to_allocvec(self)
            .map_err(|error| GraphError::new(format!("cannot encode: {error}")))?;
        Ok([MAGIC, &body].concat())
    }
}

impl Convolution {
    /// Makes sure that the geometry is possible.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) fn check(&self) -> Result<(), GraphError> {
        let parts = [&self.kernel, &self.before, &self.after, &self.dilations, &self.strides];
        let small = |part: &&Vec<u32>| part.len() == 2 && part.iter().all(|side| *side <= 64);
        let positive = [&self.kernel, &self.dilations, &self.strides];
        let possible = parts.iter().all(small)
            && positive.into_iter().flatten().all(|side| *side > 0)
            && self.format < 4
            && self.group > 0;
        if possible { Ok(()) } else { Err(GraphError::new("a convolution of impossible geometry")) }
    }
}

/// How many numbers a tensor of this shape has.
///
/// # Errors
/// When it is more than any of ours.
pub(crate) fn checked_length(shape: &[u32]) -> Result<usize, GraphError> {
    shape
        .iter()
        .try_fold(1_usize, |all, side| all.checked_mul(*side as usize))
        .filter(|length| *length <= MAX_LENGTH && shape.len() <= 8)
        .ok_or_else(|| GraphError::new("a tensor of impossible size"))
}

/// The numbers of a tensor.
///
/// # Errors
/// When one is cut off.
pub(crate) fn floats(data: &[u8]) -> Result<Vec<f32>, GraphError> {
    let (values, rest) = data.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(GraphError::new("a number is cut off"));
    }
    Ok(values.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Network;

    fn doubled(outputs: Vec<u32>) -> Vec<u8> {
        let two: Vec<u8> = [2.0_f32; 3].iter().flat_map(|value| value.to_le_bytes()).collect();
        let nodes = vec![
            Node { inputs: vec![], op: Operation::Source(vec![1, 3, 1, 1]) },
            Node { inputs: vec![], op: Operation::Const(vec![1, 3, 1, 1], &two) },
            Node { inputs: vec![0, 1], op: Operation::Mul },
        ];
        Graph { nodes, outputs }.write().unwrap()
    }

    #[test]
    fn what_was_written_runs() {
        let bytes = doubled(vec![2]);
        let network = Network::new(&Graph::read(&bytes).unwrap()).unwrap();
        assert_eq!(network.run(&[1.0, -2.0, 0.5]).unwrap(), [[2.0, -4.0, 1.0]]);
        assert_eq!(network.run(&[1.0]).unwrap_err(), 3);
    }

    #[test]
    fn damaged_files_are_refused() {
        let bytes = doubled(vec![2]);
        for length in 0..bytes.len() {
            assert!(Graph::read(&bytes[..length]).is_err(), "cut to {length} bytes");
        }
        assert!(Graph::read(&[&bytes[..], b"x"].concat()).is_err(), "too long");
        assert!(Graph::read(b"UKGRAPH9").is_err(), "another version");
        let outside = doubled(vec![7]);
        assert!(Network::new(&Graph::read(&outside).unwrap()).is_err(), "no such node");
    }

    #[test]
    fn impossible_sizes_are_refused() {
        assert!(checked_length(&[1, 3, 240, 320]).is_ok());
        assert!(checked_length(&[u32::MAX, u32::MAX]).is_err());
        assert!(checked_length(&[1 << 25]).is_err());
        assert!(floats(&[0; 3]).is_err());
    }
}
