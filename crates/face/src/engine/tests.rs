use proptest::prelude::*;

use super::Network;
use crate::graph::{Convolution, Graph, Node, Operation};

/// Kernel, before, after, dilations, strides, channels in and out, height, width.
type Case = ([u32; 2], [u32; 2], [u32; 2], [u32; 2], [u32; 2], [u32; 2], [u32; 2]);

fn numbers(length: u32, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f32::from(u16::try_from(state >> 16).unwrap()) / 32_768.0 - 1.0
    };
    (0..length).map(|_| next()).collect()
}

fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// Index by index, as the definition says.
fn naive(case: &Case, depthwise: bool, input: &[f32], weights: &[f32], bias: &[f32]) -> Vec<f32> {
    let (kernel, before, after, dilation, stride, [from, to], [height, width]) = *case;
    let side = |inside: u32, axis: usize| {
        (inside + before[axis] + after[axis] - (kernel[axis] - 1) * dilation[axis] - 1)
            / stride[axis]
            + 1
    };
    let mut out = Vec::new();
    for channel in 0..to {
        for y in 0..side(height, 0) {
            for x in 0..side(width, 1) {
                let mut sum = bias[channel as usize];
                for source in if depthwise { channel..channel + 1 } else { 0..from } {
                    for row in 0..kernel[0] {
                        for column in 0..kernel[1] {
                            let at_y = (y * stride[0] + row * dilation[0]).checked_sub(before[0]);
                            let at_x =
                                (x * stride[1] + column * dilation[1]).checked_sub(before[1]);
                            let (Some(at_y), Some(at_x)) = (at_y, at_x) else { continue };
                            if at_y < height && at_x < width {
                                let group =
                                    if depthwise { channel } else { channel * from + source };
                                let weight = (group * kernel[0] + row) * kernel[1] + column;
                                let pixel = (source * height + at_y) * width + at_x;
                                sum += weights[weight as usize] * input[pixel as usize];
                            }
                        }
                    }
                }
                out.push(sum.max(0.0) + 0.25 * sum.min(0.0));
            }
        }
    }
    out
}

/// A convolution, its bias and a slope for negative sums, then channels last by the identity.
fn check(case: &Case, depthwise: bool) {
    let (kernel, before, after, dilation, stride, [from, to], [height, width]) = *case;
    let to = if depthwise { from } else { to };
    let case = (kernel, before, after, dilation, stride, [from, to], [height, width]);
    let taps = kernel[0] * kernel[1];
    let weights = numbers(if depthwise { to } else { to * from } * taps, 7);
    let (bias, input) = (numbers(to, 5), numbers(from * height * width, 3));
    let identity: Vec<f32> =
        (0..to * to).map(|at| if at % (to + 1) == 0 { 1.0 } else { 0.0 }).collect();
    let convolution = Convolution {
        format: 0,
        kernel: kernel.to_vec(),
        before: before.to_vec(),
        after: after.to_vec(),
        dilations: dilation.to_vec(),
        strides: stride.to_vec(),
        channels: [from, to],
        group: if depthwise { from } else { 1 },
    };
    let kernel_shape = vec![to, if depthwise { 1 } else { from }, kernel[0], kernel[1]];
    let (weight_bytes, bias_bytes, slope) = (bytes(&weights), bytes(&bias), bytes(&[0.25]));
    let identity = bytes(&identity);
    let node = |inputs: &[u32], op| Node { inputs: inputs.to_vec(), op };
    let nodes = vec![
        node(&[], Operation::Source(vec![1, from, height, width])),
        node(&[], Operation::Const(kernel_shape, &weight_bytes)),
        node(&[], Operation::Const(vec![to], &bias_bytes)),
        node(&[0, 1, 2], Operation::Conv(convolution)),
        node(&[3], Operation::PRelu(&slope)),
        node(&[], Operation::Const(vec![to, to], &identity)),
        node(&[4, 5], Operation::EinSum("NIHW,OI->NHWO".to_owned())),
    ];
    let network = Network::new(&Graph { nodes, outputs: vec![6] }).unwrap();
    let expected = naive(&case, depthwise && from > 1, &input, &weights, &bias);
    // Twice: what the first run left in the buffers must not matter.
    for _ in 0..2 {
        let found = network.run(&input).unwrap().remove(0);
        assert_eq!(found.len(), expected.len());
        let (plane, channels) = (expected.len() / to as usize, to as usize);
        for (at, found) in found.iter().enumerate() {
            let expected = expected[at % channels * plane + at / channels];
            assert!((found - expected).abs() < 1e-3, "{at}: {found} instead of {expected}");
        }
    }
}

fn case() -> impl Strategy<Value = Case> {
    let pair = |range: std::ops::Range<u32>| [range.clone(), range];
    let geometry = (pair(1..4), pair(0..3), pair(0..3), pair(1..4), pair(1..4));
    (geometry, [1_u32..20, 1..30], [8_u32..14, 8..14]).prop_map(
        |((kernel, before, after, dilation, stride), channels, sides)| {
            (kernel, before, after, dilation, stride, channels, sides)
        },
    )
}

proptest! {
    #[test]
    fn every_geometry_is_computed_as_defined(case in case(), depthwise: bool) {
        check(&case, depthwise);
    }
}

#[test]
fn many_channels_are_summed() {
    check(&([3, 3], [1, 1], [1, 1], [1, 1], [1, 1], [256, 6], [4, 5]), false);
    check(&([1, 1], [0, 0], [0, 0], [1, 1], [1, 1], [512, 128], [1, 1]), false);
    check(&([7, 7], [0, 0], [0, 0], [1, 1], [1, 1], [52, 52], [7, 7]), true);
}

#[test]
fn what_a_run_left_can_be_wiped() {
    let two = bytes(&[2.0]);
    let nodes = vec![
        Node { inputs: vec![], op: Operation::Source(vec![1, 1, 1, 1]) },
        Node { inputs: vec![], op: Operation::Const(vec![1], &two) },
        Node { inputs: vec![0, 1], op: Operation::Mul },
    ];
    let network = Network::new(&Graph { nodes, outputs: vec![2] }).unwrap();
    assert_eq!(network.run(&[21.0]).unwrap(), [[42.0]]);
    let left = |network: &Network| -> f32 {
        network.idle.lock().unwrap().iter().flatten().flatten().map(|value| value.abs()).sum()
    };
    assert!(left(&network) > 40.0);
    network.wipe();
    assert!(left(&network).abs() <= 0.0);
}
