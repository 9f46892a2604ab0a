//! The four models and the engine that runs them.

use sha2::{Digest as _, Sha256};

use crate::engine::Network;
use crate::graph::Graph;
use crate::warp::Pixel;

/// Named in the model hash: raise it when preprocessing or fusion changes, so that kiosk and bridge cannot disagree unnoticed.
pub const PREPROCESSING_VERSION: &str = "uketsuke-face-2";

/// Largest accepted model file in bytes.
pub const MAX_MODEL_BYTES: usize = 32 * 1024 * 1024;

/// Name of the prepared file of one role.
pub fn file_name(role: Role) -> String {
    format!("{}.graph", role.name())
}

/// What a model is for. The order of [`Role::ALL`] is the order of the model hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Finds faces.
    Detector,
    /// Places 68 points on a face.
    Landmark,
    /// Turns an aligned face into 512 numbers.
    Embedding,
    /// Tells a live face from a picture of one (weak evidence).
    Liveness,
}

impl Role {
    /// Every role, in the order of the model hash.
    pub const ALL: [Self; 4] = [Self::Detector, Self::Landmark, Self::Embedding, Self::Liveness];

    /// Name in the manifest, in `prepared.json` and in file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Detector => "detector",
            Self::Landmark => "landmark",
            Self::Embedding => "embedding",
            Self::Liveness => "liveness",
        }
    }

    /// Input tensor, f32 NCHW.
    pub fn input_shape(self) -> [usize; 4] {
        match self {
            Self::Detector => [1, 3, 240, 320],
            Self::Landmark => [1, 1, 64, 64],
            Self::Embedding => [1, 3, 112, 112],
            Self::Liveness => [1, 3, 128, 128],
        }
    }

    /// Length of each output, flattened.
    pub(crate) fn output_lengths(self) -> &'static [usize] {
        match self {
            Self::Detector => &[4420 * 2, 4420 * 4],
            Self::Landmark => &[136],
            Self::Embedding => &[512],
            Self::Liveness => &[3],
        }
    }
}

/// Bytes of the four prepared files, see [`crate::graph`].
#[derive(Clone, Copy)]
pub struct Models<'a> {
    /// [`Role::Detector`].
    pub detector: &'a [u8],
    /// [`Role::Landmark`].
    pub landmark: &'a [u8],
    /// [`Role::Embedding`].
    pub embedding: &'a [u8],
    /// [`Role::Liveness`].
    pub liveness: &'a [u8],
}

impl Models<'_> {
    /// The file of one role.
    pub fn get(&self, role: Role) -> &[u8] {
        match role {
            Role::Detector => self.detector,
            Role::Landmark => self.landmark,
            Role::Embedding => self.embedding,
            Role::Liveness => self.liveness,
        }
    }
}

/// Identity of models plus preprocessing: hex SHA-256 over the four files in role order, then [`PREPROCESSING_VERSION`].
///
/// A score means something only together with this hash.
pub fn model_hash(models: &Models<'_>) -> String {
    let mut hasher = Sha256::new();
    for role in Role::ALL {
        hasher.update(models.get(role));
    }
    hasher.update(PREPROCESSING_VERSION);
    hex::encode(hasher.finalize())
}

/// A model cannot be loaded or run.
#[derive(Debug, thiserror::Error)]
#[error("the {role} model {what}: run `cargo xtask models`")]
pub struct EngineError {
    role: &'static str,
    what: String,
}

impl EngineError {
    fn new(role: Role, what: impl Into<String>) -> Self {
        Self { role: role.name(), what: what.into() }
    }
}

/// One loaded model.
pub(crate) struct Net {
    role: Role,
    network: Network,
}

impl Net {
    /// Reads, checks and plans one model.
    pub(crate) fn load(role: Role, models: &Models<'_>) -> Result<Self, EngineError> {
        let bytes = models.get(role);
        if bytes.is_empty() || bytes.len() > MAX_MODEL_BYTES {
            return Err(EngineError::new(role, format!("has {} bytes", bytes.len())));
        }
        let unusable = |error| EngineError::new(role, format!("cannot be loaded ({error})"));
        let graph = Graph::read(bytes).map_err(unusable)?;
        let network = Network::new(&graph).map_err(unusable)?;
        let [_, expected @ ..] = role.input_shape();
        if network.input() != expected || network.outputs() != role.output_lengths() {
            return Err(EngineError::new(role, "has inputs or outputs of another shape"));
        }
        Ok(Self { role, network })
    }

    /// Runs on a window of the frame, row by row; gives each output flattened, with the lengths of [`Role::output_lengths`].
    pub(crate) fn see(&self, pixels: &[Pixel]) -> Result<Vec<Vec<f32>>, EngineError> {
        self.network.see(pixels).map_err(|needed| {
            EngineError::new(self.role, format!("was given {} of {needed} pixels", pixels.len()))
        })
    }

    /// Runs on planar f32 NCHW input, for measurements; gives each output flattened, with the lengths of [`Role::output_lengths`].
    pub(crate) fn run(&self, input: &[f32]) -> Result<Vec<Vec<f32>>, EngineError> {
        self.network.run(input).map_err(|needed| {
            EngineError::new(self.role, format!("was given {} of {needed} numbers", input.len()))
        })
    }

    /// The engine, for what is not running.
    pub(crate) fn network(&self) -> &Network {
        &self.network
    }
}
