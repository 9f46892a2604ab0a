//! The worker that reads the numbers of the card front: lives while the card is shown, one frame in flight, given up when
//! it falls silent, because the numbers can be typed. Messages: `worker/PROTOCOL.md`.

use super::camera::Frame;
use super::crash::OnCrash;
use super::js;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Date};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Event, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::model::code_form::CodeForm;

/// One thread: it needs no more.
const SCRIPT: &str = "/worker.js?at-most=relaxed";
/// Where the bridge serves the two small networks.
const MODEL: &str = "/models/card-front.net";
/// Longest time for loading, in milliseconds.
const LOAD_MS: u32 = 20_000;
/// Longest silence after a frame, in milliseconds.
const STALL_MS: u32 = 5_000;

/// What the worker tells the page.
pub(crate) enum CardEvent {
    /// Frames are taken from now on.
    Ready,
    /// A frame was looked at.
    Seen(Seen),
    /// Enough frames agree; for the person to confirm.
    Numbers(CodeForm),
    /// It cannot be read on this kiosk now.
    GivenUp,
}

/// What one frame showed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    /// Eight parts of the picture, clockwise; `None` without a card.
    pub(crate) corners: Option<Vec<f64>>,
    /// Its numbers could be read.
    pub(crate) read: bool,
    /// How many agreeing frames there are, 0 to 1.
    pub(crate) progress: f64,
    /// What the frame took the worker, in milliseconds.
    pub(crate) ms: f64,
}

/// The running worker. Dropping it ends it, and everything that it saw is gone.
pub(crate) struct CardWorker {
    worker: Worker,
    _at_crash: Option<OnCrash>,
    state: Rc<State>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

struct State {
    takes_frames: Cell<bool>,
    watchdog: RefCell<Option<Timeout>>,
    on_event: Box<dyn Fn(CardEvent)>,
}

impl Drop for CardWorker {
    fn drop(&mut self) {
        self.state.watchdog.take();
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl CardWorker {
    /// Starts it.
    ///
    /// # Errors
    /// When the browser does not start workers.
    pub(crate) fn start(on_event: impl Fn(CardEvent) + 'static) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(SCRIPT, &options)?;
        let state = Rc::new(State {
            takes_frames: Cell::new(false),
            watchdog: RefCell::default(),
            on_event: Box::new(on_event),
        });
        let told = Rc::clone(&state);
        let on_message = Closure::new(move |event: MessageEvent| told.received(&event.data()));
        let failing = Rc::clone(&state);
        let on_error = Closure::new(move |_: Event| failing.give_up("crashed"));
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let today = Date::new_0();
        let today = js::object(&[
            ("year", today.get_full_year().into()),
            ("month", (today.get_month() + 1).into()),
            ("day", today.get_date().into()),
        ]);
        worker.post_message(&js::object(&[
            ("type", "card_load".into()),
            ("model", MODEL.into()),
            ("today", today),
        ]))?;
        state.watch(LOAD_MS);
        let at_crash = OnCrash::call(&worker, "terminate");
        Ok(Self {
            worker,
            _at_crash: at_crash,
            state,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Whether a frame would be taken now.
    pub(crate) fn wants_frame(&self) -> bool {
        self.state.takes_frames.get()
    }

    /// Hands a frame over; its buffer moves to the worker.
    pub(crate) fn read(&self, frame: &Frame) {
        let (name, pixels) = frame.pixels.field();
        let message = js::object(&[
            ("type", "card_frame".into()),
            ("id", 0.into()),
            ("width", frame.width.into()),
            ("height", frame.height.into()),
            (name, pixels.clone()),
            ("t_ms", 0.into()),
        ]);
        self.state.takes_frames.set(false);
        if self.worker.post_message_with_transfer(&message, &Array::of1(pixels)).is_err() {
            return self.state.give_up("message not taken");
        }
        self.state.watch(STALL_MS);
    }
}

impl State {
    fn received(self: &Rc<Self>, data: &JsValue) {
        self.watchdog.take();
        match js::text(data, "type").as_deref() {
            Some("card_ready") => {
                self.takes_frames.set(true);
                (self.on_event)(CardEvent::Ready);
            }
            Some("card_seen") => {
                self.takes_frames.set(true);
                self.seen(data);
            }
            Some("failed") => self.give_up(&js::text(data, "reason").unwrap_or_default()),
            _ => {}
        }
    }

    fn seen(&self, data: &JsValue) {
        let numbers = js::get(data, "numbers");
        if let Some(form) = form(&numbers) {
            return (self.on_event)(CardEvent::Numbers(form));
        }
        let corners = js::get(data, "corners").dyn_into::<Array>().ok();
        let corners = corners.map(|parts| parts.iter().filter_map(|part| part.as_f64()).collect());
        (self.on_event)(CardEvent::Seen(Seen {
            corners: corners.filter(|corners: &Vec<f64>| corners.len() == 8),
            read: js::get(data, "read").is_truthy(),
            progress: js::number(data, "progress").unwrap_or_default(),
            ms: js::number(data, "ms").unwrap_or_default(),
        }));
    }

    /// The reason has nothing personal in it.
    fn give_up(&self, reason: &str) {
        leptos::logging::warn!("card worker: {reason}");
        self.watchdog.take();
        self.takes_frames.set(false);
        (self.on_event)(CardEvent::GivenUp);
    }

    fn watch(self: &Rc<Self>, limit_ms: u32) {
        let state = Rc::downgrade(self);
        let watchdog = Timeout::new(limit_ms, move || {
            if let Some(state) = state.upgrade() {
                Timeout::new(0, move || state.give_up("no answer")).forget();
            }
        });
        self.watchdog.replace(Some(watchdog));
    }
}

/// The numbers of the worker as if they had been typed; `None` unless all are there.
fn form(numbers: &JsValue) -> Option<CodeForm> {
    let part = |name: &str| js::text(numbers, name);
    CodeForm::filled(
        &part("era")?,
        [
            &part("era_year")?,
            &part("month")?,
            &part("day")?,
            &part("expiry_year")?,
            &part("security_code")?,
        ],
    )
}
