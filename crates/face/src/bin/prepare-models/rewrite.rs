//! Changes to an ONNX graph that keep what it computes.

use anyhow::{Context as _, Result, ensure};
use tract_onnx::pb::tensor_shape_proto::{Dimension, dimension};
use tract_onnx::pb::{ModelProto, NodeProto, TensorShapeProto, type_proto};

/// Gives the graph's one real input the shape `input`.
pub(crate) fn fix_input_shape(proto: &mut ModelProto, input: &[usize]) -> Result<()> {
    let graph = proto.graph.as_mut().context("the file holds no graph")?;
    // Shapes of intermediate results would contradict the new one.
    graph.value_info.clear();
    let constants: Vec<&str> =
        graph.initializer.iter().map(|tensor| tensor.name.as_str()).collect();
    let mut real = graph.input.iter_mut().filter(|value| !constants.contains(&value.name.as_str()));
    let (value, more) = (real.next().context("the graph has no input")?, real.next());
    ensure!(more.is_none(), "the graph has more than one input");
    let r#type = value
        .r#type
        .as_mut()
        .and_then(|r#type| r#type.value.as_mut())
        .context("the input has no type")?;
    #[expect(irrefutable_let_patterns, reason = "the engine's protocol buffers know tensors only")]
    let type_proto::Value::TensorType(tensor) = r#type else {
        anyhow::bail!("the input is no tensor");
    };
    let dimension = |size: &usize| -> Result<Dimension> {
        Ok(Dimension {
            value: Some(dimension::Value::DimValue(i64::try_from(*size)?)),
            ..Dimension::default()
        })
    };
    tensor.shape =
        Some(TensorShapeProto { dim: input.iter().map(dimension).collect::<Result<_>>()? });
    Ok(())
}

/// Rewrites every `PRelu(x, a)` as `Relu(x) − a·Relu(−x)`.
///
/// The same numbers, but each step runs in the engine's vectorised kernels: the embedding model becomes a third faster.
pub(crate) fn replace_prelu(proto: &mut ModelProto) -> Result<()> {
    let graph = proto.graph.as_mut().context("the file holds no graph")?;
    let nodes = std::mem::take(&mut graph.node);
    for node in nodes {
        if node.op_type == "PRelu" {
            graph.node.extend(five_steps(&node)?);
        } else {
            graph.node.push(node);
        }
    }
    Ok(())
}

fn five_steps(prelu: &NodeProto) -> Result<[NodeProto; 5]> {
    let ([x, slope], [result]) = (prelu.input.as_slice(), prelu.output.as_slice()) else {
        anyhow::bail!("{} is no ordinary PRelu", prelu.name);
    };
    let part = |name: &str| format!("{result}/{name}");
    let node = |op: &str, inputs: [&str; 2], output: &str| NodeProto {
        op_type: op.to_owned(),
        name: part(op) + output,
        input: inputs
            .iter()
            .filter(|input| !input.is_empty())
            .map(|&input| input.to_owned())
            .collect(),
        output: vec![output.to_owned()],
        ..NodeProto::default()
    };
    let [positive, negated, negative, scaled] =
        ["positive", "negated", "negative", "scaled"].map(part);
    Ok([
        node("Relu", [x, ""], &positive),
        node("Neg", [x, ""], &negated),
        node("Relu", [&negated, ""], &negative),
        node("Mul", [&negative, slope], &scaled),
        node("Sub", [&positive, &scaled], result),
    ])
}
