//! The face worker and its supervision: loads while the kiosk is idle, one frame in flight, started again when it
//! falls silent, given up when it does so twice for one person. Messages: `worker/PROTOCOL.md`.

use super::camera::Frame;
use super::crash::OnCrash;
use super::models::load_message;
use super::{js, page};
use crate::model::claim::{random_of, single};
use crate::model::hint::{Cue, Hint};
use crate::model::patience;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, MessageEvent, Worker, WorkerOptions, WorkerType};
use zeroize::Zeroizing;

/// The worker's own script.
const SCRIPT: &str = "/worker.js";
/// The same with one thread.
const SCRIPT_ALONE: &str = "/worker.js?at-most=relaxed";
/// Longest time for loading, in milliseconds: four models on a slow tablet.
const LOAD_MS: u32 = 60_000;
/// Failures after which the camera path is given up.
const GIVE_UP_AT: u32 = 2;

/// What the worker tells the page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FaceEvent {
    /// The models are ready.
    Ready,
    /// The card photo can be compared with.
    ReferenceReady,
    /// It cannot.
    ReferenceFailed {
        /// The photo could be decoded, but shows no face.
        no_face: bool,
    },
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
    running: RefCell<Option<Running>>,
    model_hash: RefCell<Option<String>>,
    /// Kept for a worker that has to be started again; wiped by `forget`.
    photo: RefCell<Option<Zeroizing<Vec<u8>>>>,
    /// The worker has prepared that photo.
    referenced: Cell<bool>,
    attempt: Cell<Option<u8>>,
    /// Of that attempt, chosen by the bridge.
    nonce: RefCell<String>,
    /// Evidence of an attack counts: always, but for practice with pictures.
    enforce: Cell<bool>,
    /// Longest time of a frame so far, in milliseconds; 0 before the first.
    slowest_ms: Cell<f64>,
    in_flight: Cell<bool>,
    next_frame: Cell<u32>,
    failures: Cell<u32>,
    /// The running worker was started again with one thread, because another failed before.
    alone: Cell<bool>,
    watchdog: RefCell<Option<Timeout>>,
    on_event: Box<dyn Fn(FaceEvent)>,
}

struct Running {
    worker: Worker,
    /// It holds the reference.
    _at_crash: Option<OnCrash>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl FaceWorker {
    /// Prepares a worker without starting it.
    pub(crate) fn new(on_event: impl Fn(FaceEvent) + 'static) -> Self {
        Self(Rc::new(Inner {
            running: RefCell::default(),
            model_hash: RefCell::default(),
            photo: RefCell::default(),
            referenced: Cell::default(),
            attempt: Cell::default(),
            nonce: RefCell::default(),
            enforce: Cell::new(true),
            slowest_ms: Cell::default(),
            in_flight: Cell::default(),
            next_frame: Cell::default(),
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
    pub(crate) fn begin(&self, attempt: u8, nonce: String, enforce: bool) {
        self.0.attempt.set(Some(attempt));
        self.0.nonce.replace(nonce);
        self.0.enforce.set(enforce);
        self.warm_up();
        self.0.send_start();
    }

    /// Whether a frame would be taken now: the latest one wins, older ones are never queued.
    pub(crate) fn wants_frame(&self) -> bool {
        self.0.referenced.get() && self.0.attempt.get().is_some() && !self.0.in_flight.get()
    }

    /// Hands a frame over, with the label of the camera that it comes from; its pixels move to the worker.
    pub(crate) fn analyse(&self, frame: &Frame, camera: &str) {
        let id = self.0.next_frame.get().wrapping_add(1);
        self.0.next_frame.set(id);
        let (name, pixels) = frame.pixels.field();
        let message = js::object(&[
            ("type", "frame".into()),
            ("id", id.into()),
            ("width", frame.width.into()),
            ("height", frame.height.into()),
            (name, pixels.clone()),
            ("t_ms", page::now_ms().into()),
            ("camera", camera.into()),
        ]);
        self.0.in_flight.set(true);
        self.0.post(&message, &[pixels]);
        self.0.watch(patience::stall_ms(self.0.slowest_ms.get()));
    }

    /// Ends an attempt without a verdict.
    pub(crate) fn end(&self) {
        self.0.attempt.set(None);
    }

    /// Wipes reference and frames, here and in the worker. The failures of this person do not count for the next.
    pub(crate) fn forget(&self) {
        self.0.photo.take();
        self.0.referenced.set(false);
        self.0.attempt.set(None);
        self.0.failures.set(0);
        if self.0.alone.get() {
            // Whatever it was that failed, the next person gets two threads again.
            self.0.stop();
            self.0.start();
        } else if self.0.running.borrow().is_some() {
            self.0.post(&js::object(&[("type", "forget".into())]), &[]);
        }
    }
}

impl Inner {
    fn is_ready(&self) -> bool {
        self.model_hash.borrow().is_some()
    }

    fn start(self: &Rc<Self>) {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        self.alone.set(self.failures.get() > 0);
        let script = if self.alone.get() { SCRIPT_ALONE } else { SCRIPT };
        let Ok(worker) = Worker::new_with_options(script, &options) else {
            return (self.on_event)(FaceEvent::GivenUp);
        };
        let on_message = listen(self, |inner, event: MessageEvent| inner.received(&event.data()));
        let on_error = listen(self, |inner, _: Event| inner.failed("the worker crashed"));
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        self.running.replace(Some(Running {
            _at_crash: OnCrash::call(&worker, "terminate"),
            worker,
            _on_message: on_message,
            _on_error: on_error,
        }));
        self.watch(LOAD_MS);
        let inner = Rc::clone(self);
        spawn_local(async move {
            match load_message().await {
                Ok(message) => inner.post(&message, &[]),
                Err(error) => inner.failed(&format!("models not loaded: {error:?}")),
            }
        });
    }

    fn received(self: &Rc<Self>, data: &JsValue) {
        match js::text(data, "type").as_deref() {
            Some("ready") => {
                self.watchdog.take();
                self.model_hash.replace(js::text(data, "model_hash"));
                (self.on_event)(FaceEvent::Ready);
                if self.photo.borrow().is_some() {
                    self.send_reference();
                }
            }
            Some("reference_ready") => {
                self.watchdog.take();
                self.referenced.set(self.photo.borrow().is_some());
                (self.on_event)(FaceEvent::ReferenceReady);
                self.send_start();
            }
            Some("reference_failed") => {
                self.watchdog.take();
                let no_face = js::text(data, "reason").as_deref() == Some("no_face_in_photo");
                (self.on_event)(FaceEvent::ReferenceFailed { no_face });
            }
            Some("analysis") => self.analysed(data),
            Some("failed") => self.complained(&js::text(data, "reason").unwrap_or_default()),
            _ => {}
        }
    }

    fn analysed(&self, data: &JsValue) {
        self.watchdog.take();
        let took = js::number(data, "ms").unwrap_or_default();
        self.slowest_ms.set(self.slowest_ms.get().max(took).max(1.0));
        self.in_flight.set(false);
        let of_now = self
            .attempt
            .get()
            .is_some_and(|attempt| js::number(data, "attempt") == Some(f64::from(attempt)));
        if !of_now {
            return;
        }
        let verdict = js::get(data, "verdict");
        if verdict.is_null() || verdict.is_undefined() {
            let hint = Hint::from_worker(&js::text(data, "hint").unwrap_or_default());
            let done = js::number(data, "answered") == Some(1.0);
            let further = js::get(data, "further").is_truthy();
            return (self.on_event)(FaceEvent::Analysis { cue: Cue { hint, done, further } });
        }
        self.attempt.set(None);
        let seen = js::text(&verdict, "kind").as_deref() != Some("no_face");
        let value = |key| js::number(&verdict, key).filter(|_| seen).map(single);
        (self.on_event)(FaceEvent::Verdict {
            nonce: js::text(data, "nonce").unwrap_or_default(),
            model_hash: self.model_hash.borrow().clone().unwrap_or_default(),
            score: value("score"),
            liveness: value("liveness"),
        });
    }

    /// A reason of the worker: start again, give up, or go on.
    fn complained(self: &Rc<Self>, reason: &str) {
        if reason.starts_with("model_") {
            // Another start would find the same files.
            self.failures.set(GIVE_UP_AT);
            return self.failed(reason);
        }
        match reason {
            "frame_refused" | "message_not_understood" | "not_loaded" | "no_reference" => {
                leptos::logging::error!("face worker: {reason}");
                self.in_flight.set(false);
            }
            _ => self.failed(reason),
        }
    }

    /// Starts again, waits for a better time, or gives up. The reason has nothing personal in it.
    fn failed(self: &Rc<Self>, reason: &str) {
        let needed = self.photo.borrow().is_some() || self.attempt.get().is_some();
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
                inner.attempt.set(None);
                (inner.on_event)(FaceEvent::GivenUp);
            }
        })
        .forget();
    }

    /// What runs and what was known of it; ended as soon as the result is dropped.
    fn stop(&self) -> Option<Running> {
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
        let message = js::object(&[("type", "reference".into()), ("jp2", copy.clone().into())]);
        self.post(&message, &[&copy.into()]);
        self.watch(patience::FIRST_MS);
    }

    fn send_start(&self) {
        if let Some(attempt) = self.attempt.get().filter(|_| self.referenced.get()) {
            let enforce = self.enforce.get();
            let nonce = self.nonce.borrow();
            let message = [
                ("type", "start".into()),
                ("attempt", attempt.into()),
                ("nonce", nonce.as_str().into()),
                ("random", random_of(&nonce).into()),
                ("enforce", enforce.into()),
            ];
            self.post(&js::object(&message), &[]);
        }
    }

    fn post(&self, message: &JsValue, transfer: &[&JsValue]) {
        if let Some(running) = &*self.running.borrow() {
            let transfer: Array = transfer.iter().copied().collect();
            if running.worker.post_message_with_transfer(message, &transfer).is_err() {
                leptos::logging::error!("face worker: message not taken");
            }
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

fn listen<E: wasm_bindgen::convert::FromWasmAbi + 'static>(
    inner: &Rc<Inner>,
    then: impl Fn(Rc<Inner>, E) + 'static,
) -> Closure<dyn FnMut(E)> {
    let inner: Weak<Inner> = Rc::downgrade(inner);
    Closure::new(move |event: E| {
        if let Some(inner) = inner.upgrade() {
            then(inner, event);
        }
    })
}
