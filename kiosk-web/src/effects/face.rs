//! The face worker and its supervision: loads while the kiosk is idle, one frame in flight, started again when it
//! falls silent, given up when it does so twice for one person.

use super::camera::Frame;
use super::page;
use super::worker::{Heard, Worker};
use crate::model::claim::random_of;
use crate::model::hint::Cue;
use crate::model::patience;
use gloo_timers::callback::Timeout;
use js_sys::Uint8Array;
use protocol::action::ReferenceOutcome;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use worker_messages::{Analysis, Failure, FromWorker, MAX_LABEL_CHARS, ToWorker, Verdict};
use zeroize::Zeroizing;

/// The worker's own script.
const SCRIPT: &str = "/worker.js";
/// The same with one thread.
const SCRIPT_ALONE: &str = "/worker.js?at-most=relaxed";
/// Where the bridge serves the models.
const MODELS: &str = "/models/";
/// Longest time for loading, in milliseconds: four models on a slow tablet.
const LOAD_MS: u32 = 60_000;
/// Failures after which the camera path is given up.
const GIVE_UP_AT: u32 = 2;

/// What the worker tells the page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FaceEvent {
    /// What became of the card photo.
    Reference(ReferenceOutcome),
    /// One frame was analysed.
    Analysis {
        /// What would make it better, or what is asked.
        cue: Cue,
    },
    /// The attempt is over.
    Verdict {
        /// As it was given with the attempt.
        nonce: String,
        /// Hash of the models, hex.
        model_hash: String,
        /// Fused cosine similarity.
        score: Option<f32>,
        /// Passive liveness.
        liveness: Option<f32>,
    },
    /// Failed twice: this kiosk cannot compare faces now.
    GivenUp,
}

/// Handle of the worker.
#[derive(Clone)]
pub(crate) struct FaceWorker(Rc<Inner>);

struct Inner {
    running: RefCell<Option<Worker>>,
    model_hash: RefCell<Option<String>>,
    /// Kept for a worker that has to be started again; wiped by `forget`.
    photo: RefCell<Option<Zeroizing<Vec<u8>>>>,
    /// The worker has prepared that photo.
    referenced: Cell<bool>,
    /// Nonce of the running attempt, chosen by the bridge.
    attempt: RefCell<Option<String>>,
    /// Evidence of an attack counts: always, but for practice with pictures.
    enforce: Cell<bool>,
    /// Longest time of a frame so far, in milliseconds; 0 before the first.
    slowest_ms: Cell<f64>,
    in_flight: Cell<bool>,
    failures: Cell<u32>,
    /// The running worker was started again with one thread, because another failed before.
    alone: Cell<bool>,
    watchdog: RefCell<Option<Timeout>>,
    on_event: Box<dyn Fn(FaceEvent)>,
}

impl FaceWorker {
    /// Prepares a worker without starting it.
    pub(crate) fn new(on_event: impl Fn(FaceEvent) + 'static) -> Self {
        Self(Rc::new(Inner {
            running: RefCell::default(),
            model_hash: RefCell::default(),
            photo: RefCell::default(),
            referenced: Cell::default(),
            attempt: RefCell::default(),
            enforce: Cell::new(true),
            slowest_ms: Cell::default(),
            in_flight: Cell::default(),
            failures: Cell::default(),
            alone: Cell::default(),
            watchdog: RefCell::default(),
            on_event: Box::new(on_event),
        }))
    }

    /// Starts it and loads the models, if that was not done. Nobody waits for it yet: when it fails, it is tried again
    /// at the next connection, or when a photo comes.
    pub(crate) fn warm_up(&self) {
        if self.0.running.borrow().is_none() {
            self.0.start();
        }
    }

    /// Gives the card photo to compare with. What failed before does not count: the bridge may have been away.
    pub(crate) fn set_reference(&self, jp2: Zeroizing<Vec<u8>>) {
        self.0.photo.replace(Some(jp2));
        self.0.referenced.set(false);
        self.0.failures.set(0);
        self.warm_up();
        if self.0.is_ready() {
            self.0.send_reference();
        }
    }

    /// Begins an attempt; `enforce` unless this is practice.
    pub(crate) fn begin(&self, nonce: String, enforce: bool) {
        self.0.attempt.replace(Some(nonce));
        self.0.enforce.set(enforce);
        self.warm_up();
        self.0.send_start();
    }

    /// Whether a frame would be taken now: the latest one wins, older ones are never queued.
    pub(crate) fn wants_frame(&self) -> bool {
        self.0.referenced.get() && self.0.attempt.borrow().is_some() && !self.0.in_flight.get()
    }

    /// Hands a frame over, with the label of the camera that it comes from; its pixels move to the worker.
    pub(crate) fn analyse(&self, frame: &Frame, camera: &str) {
        let camera = camera.chars().take(MAX_LABEL_CHARS).collect();
        let message = ToWorker::Frame { size: frame.size, t_ms: page::now_ms(), camera };
        self.0.in_flight.set(true);
        self.0.post(&message, Some(&frame.pixels));
        self.0.watch(patience::stall_ms(self.0.slowest_ms.get()));
    }

    /// Ends an attempt without a verdict.
    pub(crate) fn end(&self) {
        self.0.attempt.take();
    }

    /// Wipes reference and frames, here and in the worker. The failures of this person do not count for the next.
    pub(crate) fn forget(&self) {
        self.0.photo.take();
        self.0.referenced.set(false);
        self.0.attempt.take();
        self.0.failures.set(0);
        if self.0.alone.get() {
            // Whatever it was that failed, the next person gets two threads again.
            self.0.stop();
            self.0.start();
        } else if self.0.running.borrow().is_some() {
            self.0.post(&ToWorker::Forget, None);
        }
    }
}

impl Inner {
    fn is_ready(&self) -> bool {
        self.model_hash.borrow().is_some()
    }

    fn start(self: &Rc<Self>) {
        self.alone.set(self.failures.get() > 0);
        let script = if self.alone.get() { SCRIPT_ALONE } else { SCRIPT };
        let inner = Rc::downgrade(self);
        let started = Worker::start(script, move |heard| {
            if let Some(inner) = inner.upgrade() {
                inner.heard(heard);
            }
        });
        let Ok(worker) = started else {
            return (self.on_event)(FaceEvent::GivenUp);
        };
        self.running.replace(Some(worker));
        self.watch(LOAD_MS);
        self.post(&ToWorker::Load { models: MODELS.to_owned() }, None);
    }

    fn heard(self: &Rc<Self>, heard: Heard) {
        if self.running.borrow().is_none() {
            // The last words of one that is being ended: it has failed once, not twice.
            return;
        }
        match heard {
            Heard::Message(message) => self.received(message),
            Heard::NotUnderstood(times) => {
                leptos::logging::error!("face worker: says what is no message, {times} times");
            }
            Heard::Crashed => self.failed("the worker crashed"),
        }
    }

    fn received(self: &Rc<Self>, message: FromWorker) {
        match message {
            FromWorker::Ready { model_hash, .. } => {
                self.watchdog.take();
                self.model_hash.replace(Some(model_hash));
                if self.photo.borrow().is_some() {
                    self.send_reference();
                }
            }
            FromWorker::Reference { outcome } => {
                self.watchdog.take();
                let is_ready = outcome == ReferenceOutcome::Ready;
                self.referenced.set(is_ready && self.photo.borrow().is_some());
                (self.on_event)(FaceEvent::Reference(outcome));
                self.send_start();
            }
            FromWorker::Analysis(analysis) => self.analysed(analysis),
            FromWorker::Failed { reason, place } => self.complained(reason, place.as_deref()),
            FromWorker::Forgotten | FromWorker::CardReady | FromWorker::CardSeen(_) => {}
        }
    }

    fn analysed(&self, analysis: Analysis) {
        self.watchdog.take();
        self.slowest_ms.set(self.slowest_ms.get().max(analysis.ms).max(1.0));
        self.in_flight.set(false);
        if self.attempt.borrow().as_ref() != Some(&analysis.nonce) {
            return;
        }
        let Some(verdict) = analysis.verdict else {
            return (self.on_event)(FaceEvent::Analysis { cue: Cue::of(&analysis) });
        };
        self.attempt.take();
        let (score, liveness) = match verdict {
            Verdict::Compared { score, liveness } => (Some(score), Some(liveness)),
            Verdict::NoFace => (None, None),
        };
        (self.on_event)(FaceEvent::Verdict {
            nonce: analysis.nonce,
            model_hash: self.model_hash.borrow().clone().unwrap_or_default(),
            score,
            liveness,
        });
    }

    /// A reason of the worker: start again, give up, or go on.
    fn complained(self: &Rc<Self>, reason: Failure, place: Option<&str>) {
        let told = format!("{reason:?} {}", place.unwrap_or_default());
        match reason {
            Failure::ModelMissing
            | Failure::ModelUnusable
            | Failure::ModelHashDiffers
            | Failure::ModelOfAnotherOrigin => {
                // Another start would find the same files.
                self.failures.set(GIVE_UP_AT);
                self.failed(&told);
            }
            Failure::FrameRefused
            | Failure::NotUnderstood
            | Failure::NotLoaded
            | Failure::NoReference => {
                leptos::logging::error!("face worker: {told}");
                self.in_flight.set(false);
            }
            Failure::Crashed | Failure::Engine | Failure::NotAWorker => self.failed(&told),
        }
    }

    /// Starts again, waits for a better time, or gives up. The reason has nothing personal in it.
    fn failed(self: &Rc<Self>, reason: &str) {
        let needed = self.photo.borrow().is_some() || self.attempt.borrow().is_some();
        if needed {
            leptos::logging::error!("face worker: {reason}");
        } else {
            leptos::logging::warn!("face worker: {reason}, tried again later");
        }
        let old = self.stop();
        self.failures.set(self.failures.get() + 1);
        let inner = Rc::clone(self);
        // Later: the listener that called this belongs to what is dropped.
        Timeout::new(0, move || {
            drop(old);
            if !needed {
                return;
            }
            if inner.failures.get() < GIVE_UP_AT {
                inner.start();
            } else {
                inner.attempt.take();
                (inner.on_event)(FaceEvent::GivenUp);
            }
        })
        .forget();
    }

    /// What runs and what was known of it; ended as soon as the result is dropped.
    fn stop(&self) -> Option<Worker> {
        self.watchdog.take();
        self.model_hash.take();
        self.referenced.set(false);
        self.in_flight.set(false);
        self.slowest_ms.set(0.0);
        self.alone.set(false);
        self.running.take()
    }

    fn send_reference(self: &Rc<Self>) {
        let Some(copy) =
            self.photo.borrow().as_ref().map(|photo| Uint8Array::from(photo.as_slice()).buffer())
        else {
            return;
        };
        self.post(&ToWorker::Reference, Some(&copy.into()));
        self.watch(patience::FIRST_MS);
    }

    fn send_start(&self) {
        if let Some(nonce) = self.attempt.borrow().clone().filter(|_| self.referenced.get()) {
            let (random, enforce) = (random_of(&nonce), self.enforce.get());
            self.post(&ToWorker::Start { nonce, random, enforce }, None);
        }
    }

    fn post(&self, message: &ToWorker, attached: Option<&JsValue>) {
        if let Some(worker) = &*self.running.borrow()
            && worker.post(message, attached).is_err()
        {
            leptos::logging::error!("face worker: message not taken");
        }
    }

    fn watch(self: &Rc<Self>, limit_ms: u32) {
        let inner = Rc::downgrade(self);
        let watchdog = Timeout::new(limit_ms, move || {
            if let Some(inner) = inner.upgrade() {
                Timeout::new(0, move || inner.failed("no answer")).forget();
            }
        });
        self.watchdog.replace(Some(watchdog));
    }
}
