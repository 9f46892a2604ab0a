//! All stages in order.

use zeroize::Zeroize;

use crate::align::Aligned;
use crate::beside::{attended, both};
use crate::detect::{FaceBox, detect};
use crate::embed::{Embedding, Sides, embed};
use crate::frame::Frame;
use crate::jp2::{self, PhotoError};
use crate::landmarks::{Landmarks, landmarks};
use crate::liveness::liveness;
use crate::models::{EngineError, Models, Net, Role, model_hash};
use crate::quality::{self, Hint, Measures};
use crate::screen::screen;
use crate::source::fingerprint;
use crate::track::Track;

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
    /// Liveness and embedding, whatever the hint says: for measurements.
    Always,
}

/// What one frame shows.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// Faces, the most prominent first (at most 16).
    pub faces: Vec<FaceBox>,
    /// Points of the first face.
    pub landmarks: Option<Landmarks>,
    /// Quality of the first face.
    pub measures: Option<Measures>,
    /// What the person should do; [`Hint::Good`] when the frame passes.
    pub hint: Hint,
    /// How good the face is among others, 0..=1.
    pub grade: f32,
    /// Traces of a screen on the first face, 1 at the limit; given when liveness is.
    pub screen: Option<f32>,
    /// Changes when any of many pixels changes; says nothing about the picture.
    pub fingerprint: u64,
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
    alone: bool,
}

impl Pipeline {
    /// Compiles the four prepared models for this machine.
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
            alone: false,
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
        attended(|| self.enrol_face(frame))
    }

    fn enrol_face(&self, frame: Frame<'_>) -> Result<Embedding, EnrolError> {
        let faces = detect(&self.detector, frame)?;
        let face = faces.first().ok_or(EnrolError::NoFace)?;
        let points = landmarks(&self.landmark, frame, face)?;
        let aligned = Aligned::new(frame, &points).ok_or(EnrolError::NoFace)?;
        embed(&self.embedding, &aligned, Sides::Both)?.ok_or(EnrolError::NoFace)
    }

    /// Looks at one camera frame by itself.
    ///
    /// # Errors
    /// [`EngineError`] when a model fails; a frame without a face is no error.
    pub fn analyse(&self, frame: Frame<'_>, depth: Depth) -> Result<Analysis, EngineError> {
        self.follow(&mut Track::default(), frame, depth)
    }

    /// Whether one thread does everything although there are two: better where other programs want the processor. Results
    /// are the same.
    pub fn stay_alone(&mut self, alone: bool) {
        self.alone = alone;
    }

    /// Looks at the next frame of a stream.
    ///
    /// # Errors
    /// [`EngineError`] when a model fails; a frame without a face is no error.
    pub fn follow(
        &self,
        track: &mut Track,
        frame: Frame<'_>,
        depth: Depth,
    ) -> Result<Analysis, EngineError> {
        if self.alone {
            return self.next(track, frame, depth);
        }
        attended(|| self.next(track, frame, depth))
    }

    fn next(
        &self,
        track: &mut Track,
        frame: Frame<'_>,
        depth: Depth,
    ) -> Result<Analysis, EngineError> {
        let still = self.still_there(track, frame)?;
        let searched = still.is_none();
        let (faces, points) = if let Some((faces, points)) = still {
            (faces, Some(points))
        } else {
            let faces = detect(&self.detector, frame)?;
            let first = faces.first();
            let points = first.map(|face| landmarks(&self.landmark, frame, face)).transpose()?;
            (faces, points)
        };
        let aligned = points.as_ref().and_then(|points| Aligned::new(frame, points));
        let measures = points.as_ref().zip(aligned.as_ref());
        let measures =
            measures.and_then(|(points, aligned)| quality::measure(frame, &faces, points, aligned));
        let hint = quality::judge(measures.as_ref(), track.shown());
        // One way round a frame: the frames of an attempt are averaged anyway, and so are both sides of the card's face.
        let sides = if depth == Depth::Always { Sides::Both } else { track.side() };
        track.update(hint, &faces, points.as_ref(), searched);
        let mut analysis = Analysis {
            faces,
            landmarks: points,
            measures,
            hint,
            grade: 0.0,
            screen: None,
            fingerprint: fingerprint(frame),
            liveness: None,
            embedding: None,
        };
        if let (Some(face), Some(aligned), Some(measures)) =
            (analysis.faces.first(), &aligned, &measures)
        {
            analysis.grade = quality::grade(face, measures);
            if depth == Depth::Always || (depth == Depth::Match && hint == Hint::Good) {
                // The longer one first: the second thread is done sooner, and takes halves of what is left.
                let (embedding, (liveness, screen)) = both(
                    || embed(&self.embedding, aligned, sides),
                    || (liveness(&self.liveness, frame, face), screen(frame, face)),
                );
                analysis.screen = Some(screen);
                analysis.liveness = Some(liveness?);
                analysis.embedding = embedding?;
            }
        }
        Ok(analysis)
    }

    /// Runs one model on planar f32 NCHW input; for measurements.
    ///
    /// # Errors
    /// [`EngineError`] when the input has another length or the model fails.
    pub fn run(&self, role: Role, input: &[f32]) -> Result<Vec<Vec<f32>>, EngineError> {
        attended(|| self.net(role).run(input))
    }

    /// Multiplications (each with its addition) of one run of a model.
    pub fn multiplications(&self, role: Role) -> u64 {
        self.net(role).network().multiplications()
    }

    /// Overwrites what the last frame left in the buffers of the models.
    pub fn wipe(&self) {
        for role in Role::ALL {
            self.net(role).network().wipe();
        }
    }

    fn net(&self, role: Role) -> &Net {
        match role {
            Role::Detector => &self.detector,
            Role::Landmark => &self.landmark,
            Role::Embedding => &self.embedding,
            Role::Liveness => &self.liveness,
        }
    }

    /// Does everything but run the models for a frame that gave `analysis`: cuts every window, takes every measure. For
    /// measurements; the number means nothing. `None` without a face.
    pub fn without_models(&self, frame: Frame<'_>, analysis: &Analysis) -> Option<f32> {
        let (face, points) = (analysis.best()?, analysis.landmarks.as_ref()?);
        let aligned = Aligned::new(frame, points)?;
        let windows = [
            crate::detect::input(frame),
            crate::landmarks::input(frame, face),
            crate::liveness::input(frame, face),
            crate::embed::input(&aligned),
        ];
        let measures = quality::measure(frame, &analysis.faces, points, &aligned)?;
        let screen = screen(frame, face);
        let sum: f32 = windows.iter().filter_map(|window| window.last()).flatten().sum();
        Some(sum + measures.roll + screen + f32::from(fingerprint(frame) == 0))
    }

    /// Faces and points without a search, when the track allows it.
    fn still_there(
        &self,
        track: &Track,
        frame: Frame<'_>,
    ) -> Result<Option<(Vec<FaceBox>, Landmarks)>, EngineError> {
        let Some(face) = track.expected().and_then(<[FaceBox]>::first) else { return Ok(None) };
        let points = landmarks(&self.landmark, frame, face)?;
        Ok(track.moved(&points).map(|faces| (faces, points)))
    }
}

impl Drop for Analysis {
    fn drop(&mut self) {
        if let Some(points) = &mut self.landmarks {
            points.0.iter_mut().for_each(Zeroize::zeroize);
        }
    }
}
