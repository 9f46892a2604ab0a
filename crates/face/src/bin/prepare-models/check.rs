//! Comparing a prepared model in our engine with its original in tract.

use anyhow::{Result, anyhow, ensure};
use face::engine::Network;
use face::graph::Graph;
use tract_onnx::prelude::*;

/// Largest accepted difference of any output, relative to the largest output (at least 1).
const TOLERANCE: f32 = 1e-4;

/// Runs both on the same pseudo-random input and compares every output.
pub(crate) fn agree(original: &[u8], prepared: &[u8], input: &[usize]) -> Result<()> {
    let noise_values = noise(input.iter().product());
    let noise = Tensor::from_shape(input, &noise_values)?;
    let onnx = onnx()
        .model_for_read(&mut std::io::Cursor::new(original))?
        .with_input_fact(0, f32::fact(input).into())?
        .into_optimized()?;
    let ours = Network::new(&Graph::read(prepared)?)?;
    let before = run(onnx, &noise)?;
    let after =
        ours.run(&noise_values).map_err(|needed| anyhow!("the engine wants {needed} numbers"))?;
    ensure!(before.len() == after.len(), "preparing lost an output");
    for (before, after) in before.iter().zip(&after) {
        ensure!(before.len() == after.len(), "preparing changed the shape of an output");
        let scale = before.iter().fold(1.0_f32, |highest, value| highest.max(value.abs()));
        let worst = before.iter().zip(after).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        ensure!(
            worst <= TOLERANCE * scale,
            "preparing changed an output by {worst} (largest output {scale})"
        );
    }
    Ok(())
}

fn run(model: TypedModel, input: &Tensor) -> Result<Vec<Vec<f32>>> {
    let plan = model.into_runnable()?;
    let outputs = plan.run(tvec!(input.clone().into()))?;
    outputs
        .iter()
        .map(|output| Ok(output.to_plain_array_view::<f32>()?.iter().copied().collect()))
        .collect()
}

/// Numbers in −1..1 from a linear congruential generator (Numerical Recipes constants): the same every time.
fn noise(length: usize) -> Vec<f32> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        #[expect(clippy::cast_precision_loss, reason = "16 bits fit exactly")]
        let unit = (state >> 16) as f32 / 32_768.0;
        unit - 1.0
    };
    (0..length).map(|_| next()).collect()
}
