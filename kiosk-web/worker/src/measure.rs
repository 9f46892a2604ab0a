//! For `cargo xtask bench face`: models one by one and whole frames, without messages.

use face::engine::Network;
use face::graph::{Graph, Node, Operation};
use face::{Analysis, Depth, Frame, Hint, Models, Pipeline, Role, Track};
use wasm_bindgen::prelude::*;

/// Channels and side of the picture of [`Measure::peak`]: weights and picture stay in the nearest cache.
const PEAK: [u32; 2] = [64, 8];

/// The pipeline, loaded.
#[wasm_bindgen]
pub struct Measure {
    pipeline: Pipeline,
    track: Track,
    peak: Network,
    last: Option<Analysis>,
}

#[wasm_bindgen]
impl Measure {
    /// Loads the four prepared files.
    ///
    /// # Errors
    /// The message of the pipeline.
    #[wasm_bindgen(constructor)]
    pub fn new(
        detector: &[u8],
        landmark: &[u8],
        embedding: &[u8],
        liveness: &[u8],
    ) -> Result<Self, String> {
        let models = Models { detector, landmark, embedding, liveness };
        let pipeline = Pipeline::load(&models).map_err(|error| error.to_string())?;
        Ok(Self { pipeline, track: Track::default(), peak: peak()?, last: None })
    }

    /// Runs one model: `role` is its place in [`Role::ALL`].
    ///
    /// # Errors
    /// The message of the pipeline.
    pub fn run(&self, role: usize, input: &[f32]) -> Result<Vec<f32>, String> {
        let role = *Role::ALL.get(role).ok_or("no such model")?;
        let outputs = self.pipeline.run(role, input).map_err(|error| error.to_string())?;
        Ok(outputs.concat())
    }

    /// Multiplications (each with its addition) of one run of a model.
    ///
    /// # Errors
    /// When there is no such model.
    pub fn multiplications(&self, role: usize) -> Result<f64, String> {
        let role = *Role::ALL.get(role).ok_or("no such model")?;
        Ok(real(self.pipeline.multiplications(role)))
    }

    /// Runs a convolution that suits the engine best so many times; gives the multiplications of all.
    ///
    /// # Errors
    /// When it has another input.
    pub fn peak(&self, times: u32) -> Result<f64, String> {
        let input = vec![0.5; (PEAK[0] * PEAK[1] * PEAK[1]) as usize];
        for _ in 0..times {
            self.peak.run(&input).map_err(|needed| format!("{needed} numbers"))?;
        }
        Ok(real(self.peak.multiplications()) * f64::from(times))
    }

    /// Analyses one RGBA frame by itself as the kiosk does, everything included.
    ///
    /// # Errors
    /// The message of the pipeline, or the hint of a frame that does not pass.
    pub fn frame(&mut self, rgba: &[u8], width: usize, height: usize) -> Result<String, String> {
        let frame = Frame::new(rgba, width, height).map_err(|error| error.to_string())?;
        let analysis =
            self.pipeline.analyse(frame, Depth::Match).map_err(|error| error.to_string())?;
        let hint = format!("{:?}", analysis.hint);
        if analysis.hint != Hint::Good {
            return Err(hint);
        }
        self.last = Some(analysis);
        Ok(hint)
    }

    /// Analyses one RGBA frame of a stream, as the kiosk does.
    ///
    /// # Errors
    /// The message of the pipeline.
    pub fn follow(&mut self, rgba: &[u8], width: usize, height: usize) -> Result<String, String> {
        let frame = Frame::new(rgba, width, height).map_err(|error| error.to_string())?;
        let analysis = self
            .pipeline
            .follow(&mut self.track, frame, Depth::Match)
            .map_err(|error| error.to_string())?;
        Ok(format!("{:?}", analysis.hint))
    }

    /// Everything that the frame of the last [`Measure::frame`] costs besides the models.
    ///
    /// # Errors
    /// When there is no face in the frame.
    pub fn rest(&self, rgba: &[u8], width: usize, height: usize) -> Result<f32, String> {
        let frame = Frame::new(rgba, width, height).map_err(|error| error.to_string())?;
        let last = self.last.as_ref().ok_or("no frame before")?;
        self.pipeline.without_models(frame, last).ok_or_else(|| "no face".to_owned())
    }
}

/// A matrix applied to every pixel.
fn peak() -> Result<Network, String> {
    let [channels, side] = PEAK;
    let weights: Vec<u8> = (0..channels * channels).flat_map(|_| 0.01_f32.to_le_bytes()).collect();
    let nodes = vec![
        Node { inputs: vec![], op: Operation::Source(vec![1, channels, side, side]) },
        Node { inputs: vec![], op: Operation::Const(vec![channels, channels], &weights) },
        Node { inputs: vec![0, 1], op: Operation::EinSum("NIHW,OI->NHWO".to_owned()) },
    ];
    Network::new(&Graph { nodes, outputs: vec![2] }).map_err(|error| error.to_string())
}

#[expect(clippy::cast_precision_loss, reason = "far below 2⁵³")]
fn real(count: u64) -> f64 {
    count as f64
}
