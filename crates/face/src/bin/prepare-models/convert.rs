//! From the engine's simplified model to a [`Graph`].

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail, ensure};
use face::graph::{Convolution, Graph, Node, Operation};
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::{AxisOp, OutletId, TDim};
use tract_onnx::tract_core::ops::array::{Slice, TypedConcat};
use tract_onnx::tract_core::ops::binary::TypedBinOp;
use tract_onnx::tract_core::ops::cnn::{Conv, KernelFormat, PaddingSpec};
use tract_onnx::tract_core::ops::einsum::EinSum;
use tract_onnx::tract_core::ops::element_wise::ElementWiseOp;
use tract_onnx::tract_core::ops::konst::Const;
use tract_onnx::tract_core::ops::logic::{CompGT, Iff};
use tract_onnx::tract_core::ops::math;
use tract_onnx::tract_core::ops::nn::{DataFormat, Reduce, Reducer, Sigmoid, Softmax, SoftmaxKind};
use tract_onnx::tract_core::ops::source::TypedSource;

/// The data layouts in the order of [`Convolution::format`].
const FORMATS: [DataFormat; 4] =
    [DataFormat::NCHW, DataFormat::NHWC, DataFormat::CHW, DataFormat::HWC];

/// Writes a simplified model down as the bytes of a prepared one.
pub(crate) fn convert(model: &TypedModel) -> Result<Vec<u8>> {
    let mut data: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
    let order = wanted(model)?;
    for &id in &order {
        let constant = match prelu(model, id) {
            Some((_, slopes)) => Some(slopes),
            None => model.nodes[id].op_as::<Const>().map(|constant| constant.val().clone()),
        };
        if let Some(constant) = constant {
            let values = constant.to_plain_array_view::<f32>()?;
            data.insert(id, values.iter().flat_map(|value| value.to_le_bytes()).collect());
        }
    }
    let mut number: BTreeMap<usize, u32> = BTreeMap::new();
    let mut nodes = Vec::with_capacity(order.len());
    for &id in &order {
        let (inputs, op) = match prelu(model, id) {
            Some((input, _)) => (vec![input.node], Operation::PRelu(&data[&id])),
            None => {
                let node = &model.nodes[id];
                let inputs = node.inputs.iter().map(|input| input.node).collect();
                let bytes = data.get(&id).map_or(&[][..], Vec::as_slice);
                (inputs, operation(node, bytes).with_context(|| node.to_string())?)
            }
        };
        let inputs = inputs.iter().map(|input: &usize| number[input]).collect();
        number.insert(id, u32::try_from(nodes.len())?);
        nodes.push(Node { inputs, op });
    }
    let outputs = model.output_outlets()?.iter().map(|outlet| number[&outlet.node]).collect();
    Ok(Graph { nodes, outputs }.write()?)
}

/// The nodes that the results need, every one after its inputs.
fn wanted(model: &TypedModel) -> Result<Vec<usize>> {
    let order = model.eval_order()?;
    let mut needed: Vec<bool> = vec![false; model.nodes.len()];
    for outlet in model.output_outlets()? {
        needed[outlet.node] = true;
    }
    for &id in order.iter().rev().filter(|_| true) {
        if needed[id] {
            let inputs = match prelu(model, id) {
                Some((input, _)) => vec![input],
                None => model.nodes[id].inputs.to_vec(),
            };
            for input in inputs {
                ensure!(input.slot == 0, "a second result is used");
                needed[input.node] = true;
            }
        }
    }
    Ok(order.into_iter().filter(|id| needed[*id]).collect())
}

/// `if 0 > x then slope × x else x`: its input and the slopes.
fn prelu(model: &TypedModel, id: usize) -> Option<(OutletId, Arc<Tensor>)> {
    let node = &model.nodes[id];
    node.op_as::<Iff>()?;
    let [compare, scaled, x] = node.inputs[..] else { return None };
    let [zero, compared] = model.nodes[compare.node].inputs[..] else { return None };
    let [a, b] = model.nodes[scaled.node].inputs[..] else { return None };
    let binary = |id: usize| model.nodes[id].op_as::<TypedBinOp>();
    binary(compare.node)?.0.downcast_ref::<CompGT>()?;
    binary(scaled.node)?.0.downcast_ref::<math::Mul>()?;
    let constant = |id: usize| Some(model.nodes[id].op_as::<Const>()?.val().clone());
    let is_zero =
        constant(zero.node)?.to_plain_array_view::<f32>().ok()?.iter().all(|v| v.abs() <= 0.0);
    let slope = if a == x { b } else { a };
    let fits = is_zero && compared == x && (a == x || b == x);
    let slopes = constant(slope.node)?;
    // One axis only, and nothing but ones before it: a channel is then one piece of memory.
    let shape = slopes.shape();
    let channel_first = shape.iter().filter(|side| **side > 1).count() <= 1
        && model
            .outlet_fact(x)
            .ok()?
            .shape
            .iter()
            .zip(shape)
            .find(|(side, _)| !side.is_one())
            .is_none_or(|(side, slopes)| *side == slopes.to_dim());
    (fits && channel_first).then_some((x, slopes))
}

fn operation<'a>(node: &TypedNode, data: &'a [u8]) -> Result<Operation<'a>> {
    let op = &node.op;
    if let Some(source) = op.downcast_ref::<TypedSource>() {
        return Ok(Operation::Source(shape(&source.fact.shape)?));
    }
    if let Some(constant) = op.downcast_ref::<Const>() {
        let sides = constant.val().shape().iter().map(|side| Ok(u32::try_from(*side)?));
        return Ok(Operation::Const(sides.collect::<Result<_>>()?, data));
    }
    if let Some(conv) = op.downcast_ref::<Conv>() {
        return convolution(conv).map(Operation::Conv);
    }
    if let Some(einsum) = op.downcast_ref::<EinSum>() {
        return Ok(Operation::EinSum(einsum.axes.to_string()));
    }
    if let Some(binary) = op.downcast_ref::<TypedBinOp>() {
        let op = &binary.0;
        return Ok(if op.is::<math::Add>() {
            Operation::Add
        } else if op.is::<math::Sub>() {
            Operation::Sub
        } else if op.is::<math::Mul>() {
            Operation::Mul
        } else if op.is::<math::Max>() {
            Operation::Max
        } else {
            bail!("an operation of two inputs that the pipeline does not know")
        });
    }
    if let Some(single) = op.downcast_ref::<ElementWiseOp>() {
        return Ok(if single.0.is::<math::Exp>() {
            Operation::Exp
        } else if single.0.is::<Sigmoid>() {
            Operation::Sigmoid
        } else {
            bail!("an operation of one input that the pipeline does not know")
        });
    }
    rearrangement(node)
}

fn rearrangement<'a>(node: &TypedNode) -> Result<Operation<'a>> {
    let op = &node.op;
    if let Some(concat) = op.downcast_ref::<TypedConcat>() {
        return Ok(Operation::Concat(u32::try_from(concat.axis)?));
    }
    if let Some(slice) = op.downcast_ref::<Slice>() {
        let axis = u32::try_from(slice.axis)?;
        return Ok(Operation::Slice([axis, side(&slice.start)?, side(&slice.end)?]));
    }
    if let Some(AxisOp::Reshape(at, from, to)) = op.downcast_ref::<AxisOp>() {
        return Ok(Operation::Reshape(u32::try_from(*at)?, shape(from)?, shape(to)?));
    }
    if let Some(softmax) = op.downcast_ref::<Softmax>() {
        ensure!(softmax.kind == SoftmaxKind::Softmax, "another softmax");
        return Ok(Operation::Softmax(numbers(&softmax.axes)?));
    }
    if let Some(reduce) = op.downcast_ref::<Reduce>() {
        ensure!(reduce.reducer == Reducer::Sum, "another reduction");
        return Ok(Operation::Sum(numbers(&reduce.axes)?));
    }
    bail!("an operation that the pipeline does not know")
}

fn convolution(conv: &Conv) -> Result<Convolution> {
    ensure!(conv.kernel_fmt == KernelFormat::OIHW && conv.q_params.is_none(), "another kernel");
    let pool = &conv.pool_spec;
    let PaddingSpec::Explicit(before, after) = &pool.padding else { bail!("another padding") };
    let format = FORMATS.iter().position(|format| *format == pool.data_format);
    Ok(Convolution {
        format: u8::try_from(format.context("another data layout")?)?,
        kernel: numbers(&pool.kernel_shape)?,
        before: numbers(before)?,
        after: numbers(after)?,
        dilations: numbers(&pool.dilations())?,
        strides: numbers(&pool.strides())?,
        channels: [u32::try_from(pool.input_channels)?, u32::try_from(pool.output_channels)?],
        group: u32::try_from(conv.group)?,
    })
}

fn numbers(sides: &[usize]) -> Result<Vec<u32>> {
    sides.iter().map(|side| Ok(u32::try_from(*side)?)).collect()
}

fn shape(dims: &[TDim]) -> Result<Vec<u32>> {
    dims.iter().map(side).collect()
}

fn side(dim: &TDim) -> Result<u32> {
    Ok(u32::try_from(dim.to_i64()?)?)
}
