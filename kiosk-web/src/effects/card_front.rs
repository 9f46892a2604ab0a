//! The worker that reads the numbers of the card front: lives while the card is shown, one frame in flight, given up when
//! it falls silent, because the numbers can be typed.

use super::camera::Frame;
use super::worker::{Heard, Worker};
use crate::model::code_form::CodeForm;
use gloo_timers::callback::Timeout;
use js_sys::Date;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use worker_messages::{CardSeen, Day, FromWorker, ToWorker};

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
    /// A frame was looked at.
    Seen(CardSeen),
    /// Enough frames agree; for the person to confirm.
    Numbers(CodeForm),
    /// It cannot be read on this kiosk now.
    GivenUp,
}

/// The running worker. Dropping it ends it, and everything that it saw is gone.
pub(crate) struct CardWorker {
    worker: Worker,
    state: Rc<State>,
}

struct State {
    takes_frames: Cell<bool>,
    watchdog: RefCell<Option<Timeout>>,
    on_event: Box<dyn Fn(CardEvent)>,
}

impl Drop for CardWorker {
    fn drop(&mut self) {
        self.state.watchdog.take();
    }
}

impl CardWorker {
    /// Starts it.
    ///
    /// # Errors
    /// When the browser does not start workers.
    pub(crate) fn start(on_event: impl Fn(CardEvent) + 'static) -> Result<Self, JsValue> {
        let state = Rc::new(State {
            takes_frames: Cell::new(false),
            watchdog: RefCell::default(),
            on_event: Box::new(on_event),
        });
        let told = Rc::clone(&state);
        let worker = Worker::start(SCRIPT, move |heard| told.heard(heard))?;
        worker.post(&ToWorker::CardLoad { model: MODEL.to_owned(), today: today() }, None)?;
        state.watch(LOAD_MS);
        Ok(Self { worker, state })
    }

    /// Whether a frame would be taken now.
    pub(crate) fn wants_frame(&self) -> bool {
        self.state.takes_frames.get()
    }

    /// Hands a frame over; its pixels move to the worker.
    pub(crate) fn read(&self, frame: &Frame) {
        self.state.takes_frames.set(false);
        let message = ToWorker::CardFrame { size: frame.size };
        if self.worker.post(&message, Some(&frame.pixels)).is_err() {
            return self.state.give_up("message not taken");
        }
        self.state.watch(STALL_MS);
    }
}

impl State {
    fn heard(&self, heard: Heard) {
        self.watchdog.take();
        match heard {
            Heard::Message(FromWorker::CardReady) => self.takes_frames.set(true),
            Heard::Message(FromWorker::CardSeen(seen)) => {
                self.takes_frames.set(true);
                let form = seen.numbers.as_ref().and_then(CodeForm::filled);
                (self.on_event)(form.map_or(CardEvent::Seen(seen), CardEvent::Numbers));
            }
            Heard::Message(FromWorker::Failed { reason, .. }) => {
                self.give_up(&format!("{reason:?}"));
            }
            Heard::Message(_) => {}
            Heard::NotUnderstood(_) => self.give_up("says what is no message"),
            Heard::Crashed => self.give_up("crashed"),
        }
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

/// By the clock and the time zone of this computer.
fn today() -> Day {
    let now = Date::new_0();
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    Day {
        year: u16::try_from(now.get_full_year()).unwrap_or_default(),
        month: small(now.get_month() + 1),
        day: small(now.get_date()),
    }
}
