//! All stages in order.

use zeroize::Zeroize;

use crate::detect::{FaceBox, detect};
use crate::embed::{Embedding, embed};
use crate::frame::Frame;
use crate::jp2::{self, PhotoError};
use crate::landmarks::{Landmarks, landmarks};
use crate::liveness::liveness;
use crate::models::{EngineError, Models, Net, Role, model_hash};
use crate::quality::{self, Hint};

/// Why the card photo gives no reference.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// The file cannot be decoded.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// Decoded, but there is no face in it.
    #[error("no face was found in the card photo: confirm by eye or with the PIN")]
    NoFace,
    /// A model failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// How far a frame is analysed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Only as far as the hint needs: face and points.
    Guide,
    /// Liveness and embedding, too, when the frame passes.
    Match,
}

/// What one frame shows.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// Faces, the most prominent first (at most 16).
    pub faces: Vec<FaceBox>,
    /// Points of the first face.
    pub landmarks: Option<Landmarks>,
    /// What the person should do; [`Hint::Good`] when the frame passes.
    pub hint: Hint,
    /// How good a passing frame is among others, 0..=1.
    pub grade: f32,
    /// Probability that the first face is live, 0..=1; only for a passing frame at [`Depth::Match`].
    pub liveness: Option<f32>,
    /// The first face; only for a passing frame at [`Depth::Match`].
    pub embedding: Option<Embedding>,
}

impl Analysis {
    /// The face that counts.
    pub fn best(&self) -> Option<&FaceBox> {
        self.faces.first()
    }
}

/// The loaded models. Holds no picture and no person.
pub struct Pipeline {
    detector: Net,
    landmark: Net,
    embedding: Net,
    liveness: Net,
    model_hash: String,
}

impl Pipeline {
    /// Parses and optimises the four prepared models (some hundred milliseconds).
    ///
    /// # Errors
    /// [`EngineError`] when a file is missing, damaged or of another shape.
    pub fn load(models: &Models<'_>) -> Result<Self, EngineError> {
        Ok(Self {
            detector: Net::load(Role::Detector, models)?,
            landmark: Net::load(Role::Landmark, models)?,
            embedding: Net::load(Role::Embedding, models)?,
            liveness: Net::load(Role::Liveness, models)?,
            model_hash: model_hash(models),
        })
    }

    /// Identity of models and preprocessing, see [`model_hash`].
    pub fn model_hash(&self) -> &str {
        &self.model_hash
    }

    /// Turns the card photo (JP2 bytes) into the reference.
    ///
    /// # Errors
    /// [`EnrolError`] when it cannot be decoded or shows no face.
    pub fn enrol(&self, photo: &[u8]) -> Result<Embedding, EnrolError> {
        self.enrol_picture(jp2::decode(photo)?.frame())
    }

    /// Turns a decoded portrait into the reference: the most prominent face, whatever its quality.
    ///
    /// # Errors
    /// [`EnrolError::NoFace`] or [`EnrolError::Engine`].
    pub fn enrol_picture(&self, frame: Frame<'_>) -> Result<Embedding, EnrolError> {
        let faces = detect(&self.detector, frame)?;
        let face = faces.first().ok_or(EnrolError::NoFace)?;
        let points = landmarks(&self.landmark, frame, face)?;
        embed(&self.embedding, frame, &points)?.ok_or(EnrolError::NoFace)
    }

    /// Looks at one camera frame.
    ///
    /// # Errors
    /// [`EngineError`] when a model fails; a frame without a face is no error.
    pub fn analyse(&self, frame: Frame<'_>, depth: Depth) -> Result<Analysis, EngineError> {
        let faces = detect(&self.detector, frame)?;
        let points =
            faces.first().map(|face| landmarks(&self.landmark, frame, face)).transpose()?;
        let hint = quality::judge(frame, &faces, points.as_ref());
        let mut analysis = Analysis {
            faces,
            landmarks: points,
            hint,
            grade: 0.0,
            liveness: None,
            embedding: None,
        };
        if let (Hint::Good, Some(face), Some(points)) =
            (hint, analysis.faces.first(), &analysis.landmarks)
        {
            analysis.grade = quality::grade(face, points);
            if depth == Depth::Match {
                analysis.liveness = Some(liveness(&self.liveness, frame, face)?);
                analysis.embedding = embed(&self.embedding, frame, points)?;
            }
        }
        Ok(analysis)
    }
}

impl Drop for Analysis {
    fn drop(&mut self) {
        if let Some(points) = &mut self.landmarks {
            points.0.iter_mut().for_each(Zeroize::zeroize);
        }
    }
}
