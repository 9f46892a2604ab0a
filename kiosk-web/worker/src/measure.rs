//! For `cargo xtask bench face`: models one by one and whole frames, without messages.

use face::{Analysis, Depth, Frame, Models, Pipeline, Role, Track};
use wasm_bindgen::prelude::*;

/// The pipeline, loaded.
#[wasm_bindgen]
pub struct Measure {
    pipeline: Pipeline,
    track: Track,
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
        Ok(Self { pipeline, track: Track::default(), last: None })
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

    /// Analyses one RGBA frame by itself, everything included.
    ///
    /// # Errors
    /// The message of the pipeline.
    pub fn frame(&mut self, rgba: &[u8], width: usize, height: usize) -> Result<String, String> {
        let frame = Frame::new(rgba, width, height).map_err(|error| error.to_string())?;
        let analysis =
            self.pipeline.analyse(frame, Depth::Always).map_err(|error| error.to_string())?;
        let hint = analysis.hint.name().to_owned();
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
        Ok(analysis.hint.name().to_owned())
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
