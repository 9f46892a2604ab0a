//! The worker's state and its one entry point.

use std::cell::RefCell;

use face::{Attempt, Depth, Embedding, EnrolError, Frame, Pipeline, Policy, Track, Verdict};
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use zeroize::{Zeroize as _, Zeroizing};

use crate::answer::{self, Answer, failed, now};
use crate::load::load;
use crate::message::{FrameMessage, Message};
use crate::pace::Pace;
use crate::pixels;

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
    /// Number of the attempt, given by the page.
    number: f64,
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
        let place =
            info.location().map_or_else(String::new, |at| format!(" {}:{}", at.file(), at.line()));
        failed(&format!("crashed{place}"));
    }));
}

/// Takes one message of the page and posts the answers. Messages are to be handed over one after the other.
#[wasm_bindgen]
pub async fn handle(data: JsValue) {
    if crate::card::handled(&data).await {
        return;
    }
    match Message::read(&data) {
        Some(Message::Load { urls, model_hash }) => {
            let began = now();
            match load(urls, &model_hash).await {
                Ok(pipeline) => {
                    Answer::new("ready")
                        .with("model_hash", pipeline.model_hash())
                        .with("build", BUILD)
                        .with("ms", now() - began)
                        .post();
                    WORKER.with_borrow_mut(|worker| worker.pipeline = Some(pipeline));
                }
                Err(reason) => failed(reason),
            }
        }
        Some(Message::Reference(photo)) => {
            WORKER.with_borrow_mut(|worker| worker.reference(&photo));
        }
        Some(Message::Start { attempt, nonce, random, enforce }) => {
            let policy = if enforce { Policy::Enforce { random } } else { Policy::Report };
            WORKER.with_borrow_mut(|worker| worker.start(attempt, nonce, policy));
        }
        Some(Message::Frame(frame)) => {
            let began = now();
            let mut pixels = WORKER.with_borrow_mut(|worker| std::mem::take(&mut worker.pixels));
            let copied = frame.pixels.copy(frame.width * frame.height * 4, &mut pixels).await;
            WORKER.with_borrow_mut(|worker| {
                worker.pixels = pixels;
                worker.frame(&frame, copied, began);
            });
        }
        Some(Message::Forget) => {
            WORKER.with_borrow_mut(Worker::forget);
            Answer::new("forgotten").post();
        }
        None => failed("message_not_understood"),
    }
}

impl Worker {
    fn reference(&mut self, photo: &ArrayBuffer) {
        (self.reference, self.attempt) = (None, None);
        let bytes = Zeroizing::new(Uint8Array::new(photo).to_vec());
        // The transferred copy would otherwise lie in memory until the browser collects it.
        Uint8Array::new(photo).fill(0, 0, photo.byte_length());
        let Some(pipeline) = &self.pipeline else {
            return failed("not_loaded");
        };
        let refused = |reason: &str| Answer::new("reference_failed").with("reason", reason).post();
        match pipeline.enrol(&bytes) {
            Ok(embedding) => {
                self.reference = Some(embedding);
                Answer::new("reference_ready").post();
            }
            Err(EnrolError::Photo(_)) => refused("photo_unreadable"),
            Err(EnrolError::NoFace) => refused("no_face_in_photo"),
            Err(EnrolError::Engine(_)) => failed("engine"),
        }
    }

    fn start(&mut self, number: f64, nonce: String, policy: Policy) {
        (self.number, self.nonce) = (number, nonce);
        self.attempt = self.reference.clone().map(|face| Attempt::new(face, policy));
        if self.attempt.is_none() {
            failed("no_reference");
        }
    }

    /// Answers to the frame that was copied to [`Worker::pixels`].
    fn frame(&mut self, message: &FrameMessage, copied: Result<(), &'static str>, began: f64) {
        let answer = copied
            .and_then(|()| self.look(message))
            .unwrap_or_else(|reason| Answer::new("failed").with("reason", reason))
            .with("id", message.id)
            .with("attempt", self.number)
            .with("nonce", self.nonce.as_str())
            .with("ms", now() - began);
        message.pixels.post(answer);
    }

    /// Analyses the frame in [`Worker::pixels`]; the error is the `reason` of `failed`.
    fn look(&mut self, message: &FrameMessage) -> Result<Answer, &'static str> {
        let pipeline = self.pipeline.as_mut().ok_or("not_loaded")?;
        let frame =
            Frame::new(&self.pixels, message.width, message.height).map_err(|_| "frame_refused")?;
        let depth = self.attempt.as_ref().map_or(Depth::Guide, Attempt::depth);
        pipeline.stay_alone(self.pace.is_alone());
        let began = now();
        let analysis = pipeline.follow(&mut self.track, frame, depth).map_err(|_| "engine")?;
        // Only frames with the same work can be compared.
        if analysis.embedding.is_some() {
            self.pace.took(now() - began);
        }
        let (mut verdict, mut say) = (JsValue::NULL, analysis.hint.name());
        let (mut answered, mut further) = (0, false);
        if let Some(attempt) = &mut self.attempt {
            attempt.camera(&message.camera);
            let result = attempt.push(&analysis, message.t_ms);
            say = attempt.say(analysis.hint);
            (answered, further) = (attempt.answers(), attempt.asks_further(message.t_ms));
            verdict = answer::verdict(result, attempt.frames());
            if result != Verdict::Undecided {
                self.attempt = None;
                pixels::forget();
            }
        }
        Ok(answer::analysis(&analysis, say, frame)
            .with("answered", answered)
            .with("further", further)
            .with("verdict", verdict))
    }

    fn forget(&mut self) {
        (self.reference, self.attempt) = (None, None);
        (self.number, self.track) = (0.0, Track::default());
        self.nonce.clear();
        self.pixels.zeroize();
        self.pixels = Vec::new();
        pixels::forget();
        if let Some(pipeline) = &self.pipeline {
            pipeline.wipe();
        }
    }
}
