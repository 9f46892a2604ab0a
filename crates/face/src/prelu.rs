//! `PRelu` as one pass over memory. The engine itself takes three (compare, multiply, select), which costs a third of the
//! embedding model's time.

#[cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        reason = "the engine's prelude: its traits and macros come together"
    )
)]
use tract_core::internal::*;

/// `x` where `x` ≥ 0, otherwise `slope × x`, with one slope a channel. Channels are the outermost axis that is not 1.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PRelu {
    /// Bits of the slopes: the engine compares and hashes operations, and floats can do neither.
    slopes: Vec<u32>,
}

impl PRelu {
    /// One slope for each channel.
    pub fn new(slopes: &[f32]) -> Self {
        Self { slopes: slopes.iter().map(|slope| slope.to_bits()).collect() }
    }
}

impl Op for PRelu {
    fn name(&self) -> StaticName {
        "PRelu".into()
    }

    op_as_typed_op!();
}

impl EvalOp for PRelu {
    op_out_of_plan!();

    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let mut tensor = args_1!(inputs).into_tensor();
        let mut view = tensor.to_plain_array_view_mut::<f32>()?;
        let values = view.as_slice_mut().context("a tensor that is not in one piece")?;
        let plane = values.len() / self.slopes.len().max(1);
        for (plane, slope) in values.chunks_exact_mut(plane.max(1)).zip(&self.slopes) {
            let slope = f32::from_bits(*slope);
            // Written without a branch, so that it becomes vector instructions.
            for value in plane {
                let scaled = *value * slope;
                *value = if *value < 0.0 { scaled } else { *value };
            }
        }
        Ok(tvec!(tensor.into_tvalue()))
    }
}

impl TypedOp for PRelu {
    as_op!();

    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        let [input] = inputs else { bail!("PRelu takes one input") };
        let outermost = input.shape.iter().find(|side| !side.is_one());
        let channels = outermost.map_or(Ok(1), DimLike::to_usize)?;
        ensure!(
            channels == self.slopes.len() || self.slopes.len() == 1,
            "{} slopes for {channels} channels",
            self.slopes.len()
        );
        Ok(tvec!(input.datum_type.fact(input.shape.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_channel_has_its_slope() {
        let input = Tensor::from_shape(&[1, 2, 1, 3], &[-1.0_f32, 0.0, 2.0, -4.0, 5.0, -0.5]);
        let op = PRelu::new(&[0.5, -1.0]);
        let result =
            op.eval(&EvalContext::out_of_plan(), tvec!(input.unwrap().into())).unwrap().remove(0);
        let values: Vec<f32> =
            result.to_plain_array_view::<f32>().unwrap().iter().copied().collect();
        assert_eq!(values, [-0.5, 0.0, 2.0, 4.0, 5.0, 0.5]);
    }

    #[test]
    fn slopes_must_fit_the_channels() {
        let facts = |channels: usize| {
            PRelu::new(&[0.1, 0.2, 0.3]).output_facts(&[&f32::fact([1, channels, 4, 4])])
        };
        assert!(facts(3).is_ok() && facts(4).is_err());
    }
}
