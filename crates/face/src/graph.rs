//! A prepared model: the engine's own operations, written down after shape inference and simplification.
//!
//! `prepare-models` makes these files natively from ONNX; here they are wired back node by node. So the browser needs
//! neither an ONNX parser nor the operations that our models do not use, and loading costs no simplification.
//!
//! A file is [`MAGIC`], then one [`Graph`] in the postcard encoding. Every node has one output; inputs are the numbers of
//! earlier nodes. Tensors are f32, little-endian, row-major.

use serde::{Deserialize, Serialize};
#[cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        reason = "the engine's prelude: its traits and macros come together"
    )
)]
use tract_core::internal::*;
use tract_core::ops::array::{Slice, TypedConcat};
use tract_core::ops::cnn::{Conv, KernelFormat, PaddingSpec, PoolSpec};
use tract_core::ops::einsum::EinSum;
use tract_core::ops::math;
use tract_core::ops::nn::{DataFormat, Reduce, Reducer, Softmax, SoftmaxKind, sigmoid};

use crate::prelu::PRelu;

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

/// The data layouts in the order of [`Convolution::format`].
pub const FORMATS: [DataFormat; 4] =
    [DataFormat::NCHW, DataFormat::NHWC, DataFormat::CHW, DataFormat::HWC];

impl Graph<'_> {
    /// Reads a file, strictly; nothing is computed yet.
    ///
    /// # Errors
    /// When it is not a prepared model of this version.
    pub fn read(bytes: &[u8]) -> TractResult<Graph<'_>> {
        let body = bytes
            .strip_prefix(MAGIC)
            .context("not a prepared model of this version of the program")?;
        let (graph, rest) = postcard::take_from_bytes::<Graph<'_>>(body)
            .map_err(|error| format_err!("damaged: {error}"))?;
        ensure!(rest.is_empty(), "{} bytes too long", rest.len());
        ensure!(graph.nodes.len() <= MAX_NODES, "{} nodes", graph.nodes.len());
        Ok(graph)
    }

    /// The file.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn write(&self) -> TractResult<Vec<u8>> {
        let body =
            postcard::to_allocvec(self).map_err(|error| format_err!("cannot encode: {error}"))?;
        Ok([MAGIC, &body].concat())
    }

    /// Wires the nodes.
    ///
    /// # Errors
    /// When a node contradicts itself or its inputs.
    pub fn model(&self) -> TractResult<TypedModel> {
        let mut model = TypedModel::default();
        let mut wires: Vec<OutletId> = Vec::with_capacity(self.nodes.len());
        for (number, node) in self.nodes.iter().enumerate() {
            let name = format!("n{number}");
            let wire = node.wire(&mut model, &wires, &name).with_context(|| name)?;
            wires.push(wire);
        }
        let outputs: TractResult<Vec<OutletId>> =
            self.outputs.iter().map(|at| earlier(&wires, *at)).collect();
        model.select_output_outlets(&outputs?)?;
        Ok(model)
    }
}

fn earlier(wires: &[OutletId], at: u32) -> TractResult<OutletId> {
    wires.get(at as usize).copied().with_context(|| format!("there is no node {at} before"))
}

impl Node<'_> {
    fn wire(
        &self,
        model: &mut TypedModel,
        wires: &[OutletId],
        name: &str,
    ) -> TractResult<OutletId> {
        let inputs: TractResult<TVec<OutletId>> =
            self.inputs.iter().map(|at| earlier(wires, *at)).collect();
        let op: Box<dyn TypedOp> = match &self.op {
            Operation::Source(shape) => {
                checked_length(shape)?;
                return model.add_source(name, f32::fact(sides(shape)));
            }
            Operation::Const(shape, data) => {
                return model.add_const(name, tensor(shape, data)?);
            }
            Operation::Conv(convolution) => Box::new(convolution.op()?),
            Operation::EinSum(axes) => {
                Box::new(EinSum::new(axes.parse::<AxesMapping>()?, f32::datum_type()))
            }
            Operation::Add => Box::new(math::add()),
            Operation::Sub => Box::new(math::sub()),
            Operation::Mul => Box::new(math::mul()),
            Operation::Max => Box::new(math::max()),
            Operation::Exp => Box::new(math::exp()),
            Operation::Sigmoid => Box::new(sigmoid()),
            Operation::PRelu(slopes) => Box::new(PRelu::new(&floats(slopes)?)),
            Operation::Concat(axis) => Box::new(TypedConcat::new(*axis as usize)),
            Operation::Slice([axis, start, end]) => {
                Box::new(Slice::new(*axis as usize, *start as usize, *end as usize))
            }
            Operation::Reshape(at, from, to) => {
                Box::new(AxisOp::Reshape(*at as usize, dims(from), dims(to)))
            }
            Operation::Softmax(axes) => {
                Box::new(Softmax::new(sides(axes), None, SoftmaxKind::Softmax))
            }
            Operation::Sum(axes) => Box::new(Reduce::new(sides(axes), Reducer::Sum)),
        };
        let outlets = model.wire_node(name, op, &inputs?)?;
        let [outlet] = outlets[..] else { bail!("more than one result") };
        Ok(outlet)
    }
}

impl Convolution {
    fn op(&self) -> TractResult<Conv> {
        let data_format = *FORMATS.get(self.format as usize).context("unknown data layout")?;
        let rank = self.kernel.len();
        let parts = [&self.before, &self.after, &self.dilations, &self.strides];
        ensure!(
            rank == 2 && parts.iter().all(|part| part.len() == rank),
            "a convolution of another rank"
        );
        let small = |part: &&Vec<u32>| part.iter().all(|side| *side <= 64);
        ensure!(
            parts.iter().all(small)
                && self.strides.iter().chain(&self.dilations).chain(&self.kernel).all(|s| *s > 0)
                && self.group > 0,
            "a convolution of impossible geometry"
        );
        let [input_channels, output_channels] = self.channels.map(|count| count as usize);
        Ok(Conv {
            pool_spec: PoolSpec {
                data_format,
                kernel_shape: sides(&self.kernel),
                padding: PaddingSpec::Explicit(sides(&self.before), sides(&self.after)),
                dilations: Some(sides(&self.dilations)),
                strides: Some(sides(&self.strides)),
                input_channels,
                output_channels,
            },
            kernel_fmt: KernelFormat::OIHW,
            group: self.group as usize,
            q_params: None,
        })
    }
}

fn sides(shape: &[u32]) -> TVec<usize> {
    shape.iter().map(|side| *side as usize).collect()
}

fn dims(shape: &[u32]) -> TVec<TDim> {
    shape.iter().map(|side| (*side as usize).to_dim()).collect()
}

fn checked_length(shape: &[u32]) -> TractResult<usize> {
    shape
        .iter()
        .try_fold(1_usize, |all, side| all.checked_mul(*side as usize))
        .filter(|length| *length <= MAX_LENGTH && shape.len() <= 8)
        .context("a tensor of impossible size")
}

fn tensor(shape: &[u32], data: &[u8]) -> TractResult<Tensor> {
    let values = floats(data)?;
    ensure!(values.len() == checked_length(shape)?, "a constant of another length than its shape");
    Tensor::from_shape(&sides(shape), &values)
}

fn floats(data: &[u8]) -> TractResult<Vec<f32>> {
    let (values, rest) = data.as_chunks::<4>();
    ensure!(rest.is_empty(), "a number is cut off");
    Ok(values.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubled(outputs: Vec<u32>) -> Vec<u8> {
        let two: Vec<u8> = [2.0_f32; 3].iter().flat_map(|value| value.to_le_bytes()).collect();
        let nodes = vec![
            Node { inputs: vec![], op: Operation::Source(vec![1, 3]) },
            Node { inputs: vec![], op: Operation::Const(vec![1, 3], &two) },
            Node { inputs: vec![0, 1], op: Operation::Mul },
        ];
        Graph { nodes, outputs }.write().unwrap()
    }

    #[test]
    fn what_was_written_runs() {
        let bytes = doubled(vec![2]);
        let plan =
            Graph::read(&bytes).unwrap().model().unwrap().into_optimized().unwrap().into_runnable();
        let input = Tensor::from_shape(&[1, 3], &[1.0_f32, -2.0, 0.5]).unwrap();
        let output = plan.unwrap().run(tvec!(input.into())).unwrap().remove(0);
        let values: Vec<f32> =
            output.to_plain_array_view::<f32>().unwrap().iter().copied().collect();
        assert_eq!(values, [2.0, -4.0, 1.0]);
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
        assert!(Graph::read(&outside).unwrap().model().is_err(), "no such node");
    }

    #[test]
    fn impossible_sizes_are_refused() {
        assert!(checked_length(&[1, 3, 240, 320]).is_ok());
        assert!(checked_length(&[u32::MAX, u32::MAX]).is_err());
        assert!(checked_length(&[1 << 25]).is_err());
        assert!(tensor(&[2], &[0; 4]).is_err() && floats(&[0; 3]).is_err());
    }
}
