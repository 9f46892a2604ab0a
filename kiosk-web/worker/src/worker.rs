//! The worker's state and its one entry point.

use std::cell::RefCell;

use face::{Attempt, Depth, Embedding, EnrolError, Frame, Pipeline, Policy, Track};
use js_sys::{ArrayBuffer, Uint8Array};
use protocol::action::ReferenceOutcome;
use wasm_bindgen::prelude::*;
use worker_messages::{Analysis, Failure, FromWorker, ToWorker, envelope};
use zeroize::{Zeroize as _, Zeroizing};

use crate::answer::{self, failed, now, post, report};
use crate::card;
use crate::load::load;
use crate::pace::Pace;
use crate::pixels::{self, Pixels};

/// Name of this build in `worker.js`.
const BUILD: &str = if cfg!(feature = "threads") {
    "threads"
} else if cfg!(target_feature = "relaxed-simd") {
    "relaxed"
} else {
    "plain"
};

thread_local! {
    static WORKER: RefCell<Worker> = RefCell::default();
}

/// Everything that outlives a message.
#[derive(Default)]
struct Worker {
    pipeline: Option<Pipeline>,
    /// The card's face.
    reference: Option<Embedding>,
    /// Runs between `start` and its verdict.
    attempt: Option<Attempt>,
    /// Where the face was.
    track: Track,
    pace: Pace,
    /// Of the attempt, given by the bridge.
    nonce: String,
    /// Pixels of the frame in hand; kept so that memory does not grow with every frame.
    pixels: Vec<u8>,
}

/// Makes a panic visible to the page, which then starts a new worker. Call once, before [`handle`].
#[wasm_bindgen]
pub fn start() {
    // The place only: the message of a panic could hold data of a person.
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|at| format!("{}:{}", at.file(), at.line()));
        post(&FromWorker::Failed { reason: Failure::Crashed, place });
    }));
}

/// Takes one message of the page and posts the answers. Messages are to be handed over one after the other.
#[wasm_bindgen]
pub async fn handle(data: JsValue) {
    let Ok((message, attached)) = envelope::unpack(&data) else {
        return failed(Failure::NotUnderstood);
    };
    match message {
        ToWorker::Load { models } => report(prepare(&models).await),
        ToWorker::Reference => {
            report(WORKER.with_borrow_mut(|worker| worker.reference(&attached)));
        }
        ToWorker::Start { nonce, random, enforce } => {
            let policy = if enforce { Policy::Enforce { random } } else { Policy::Report };
            WORKER.with_borrow_mut(|worker| worker.start(nonce, policy));
        }
        ToWorker::Frame { size, t_ms, camera } => report(match Pixels::attached(attached, size) {
            Ok(pixels) => frame(pixels, t_ms, &camera).await,
            Err(reason) => Err(reason),
        }),
        ToWorker::Forget => {
            WORKER.with_borrow_mut(Worker::forget);
            post(&FromWorker::Forgotten);
        }
        ToWorker::CardLoad { model, today } => report(card::load(&model, today).await),
        ToWorker::CardFrame { size } => report(match Pixels::attached(attached, size) {
            Ok(pixels) => card::frame(pixels).await,
            Err(reason) => Err(reason),
        }),
    }
}

async fn prepare(models: &str) -> Result<FromWorker, Failure> {
    let pipeline = load(models).await?;
    let model_hash = pipeline.model_hash().to_owned();
    WORKER.with_borrow_mut(|worker| worker.pipeline = Some(pipeline));
    Ok(FromWorker::Ready { model_hash, build: BUILD.to_owned() })
}

async fn frame(pixels: Pixels, t_ms: f64, camera: &str) -> Result<FromWorker, Failure> {
    let began = now();
    let mut copy = WORKER.with_borrow_mut(|worker| std::mem::take(&mut worker.pixels));
    let copied = pixels.copy(&mut copy).await;
    WORKER.with_borrow_mut(|worker| {
        worker.pixels = copy;
        let mut analysis = copied.and_then(|()| worker.look(pixels.sides(), t_ms, camera))?;
        analysis.ms = now() - began;
        Ok(FromWorker::Analysis(analysis))
    })
}

impl Worker {
    fn reference(&mut self, attached: &JsValue) -> Result<FromWorker, Failure> {
        (self.reference, self.attempt) = (None, None);
        let photo: &ArrayBuffer = attached.dyn_ref().ok_or(Failure::NotUnderstood)?;
        if photo.byte_length() as usize > face::jp2::MAX_BYTES {
            return Err(Failure::NotUnderstood);
        }
        let bytes = Zeroizing::new(Uint8Array::new(photo).to_vec());
        // The transferred copy would otherwise lie in memory until the browser collects it.
        Uint8Array::new(photo).fill(0, 0, photo.byte_length());
        let pipeline = self.pipeline.as_ref().ok_or(Failure::NotLoaded)?;
        let outcome = match pipeline.enrol(&bytes) {
            Ok(embedding) => {
                self.reference = Some(embedding);
                ReferenceOutcome::Ready
            }
            Err(EnrolError::Photo(_)) => ReferenceOutcome::Unreadable,
            Err(EnrolError::NoFace) => ReferenceOutcome::NoFace,
            Err(EnrolError::Engine(_)) => return Err(Failure::Engine),
        };
        Ok(FromWorker::Reference { outcome })
    }

    fn start(&mut self, nonce: String, policy: Policy) {
        self.nonce = nonce;
        self.attempt = self.reference.clone().map(|face| Attempt::new(face, policy));
        if self.attempt.is_none() {
            failed(Failure::NoReference);
        }
    }

    /// Analyses the frame in [`Worker::pixels`]. How long that took, the caller knows.
    fn look(
        &mut self,
        (width, height): (usize, usize),
        t_ms: f64,
        camera: &str,
    ) -> Result<Analysis, Failure> {
        let pipeline = self.pipeline.as_mut().ok_or(Failure::NotLoaded)?;
        let frame = Frame::new(&self.pixels, width, height).map_err(|_| Failure::FrameRefused)?;
        let depth = self.attempt.as_ref().map_or(Depth::Guide, Attempt::depth);
        pipeline.stay_alone(self.pace.is_alone());
        let began = now();
        let analysis =
            pipeline.follow(&mut self.track, frame, depth).map_err(|_| Failure::Engine)?;
        // Only frames with the same work can be compared.
        if analysis.embedding.is_some() {
            self.pace.took(now() - began);
        }
        let verdict = self.attempt.as_mut().and_then(|attempt| {
            attempt.camera(camera);
            answer::verdict(attempt.push(&analysis, t_ms))
        });
        let attempt = self.attempt.as_ref();
        let seen = Analysis {
            nonce: self.nonce.clone(),
            hint: answer::hint(attempt, analysis.hint),
            answered: attempt.map_or(0, Attempt::answers),
            further: attempt.is_some_and(|attempt| attempt.asks_further(t_ms)),
            face: answer::place(&analysis, frame),
            verdict,
            ms: 0.0,
        };
        if verdict.is_some() {
            self.attempt = None;
            pixels::forget();
        }
        Ok(seen)
    }

    fn forget(&mut self) {
        (self.reference, self.attempt) = (None, None);
        self.track = Track::default();
        self.nonce.clear();
        self.pixels.zeroize();
        self.pixels = Vec::new();
        pixels::forget();
        if let Some(pipeline) = &self.pipeline {
            pipeline.wipe();
        }
    }
}
