//! What the bridge tells a call display: server-sent events, begun anew whenever they end or fall silent.

use super::page;
use crate::model::backoff::Backoff;
use crate::model::silence::Silence;
use gloo_timers::callback::{Interval, Timeout};
use protocol::call::Calls;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

/// How often is looked whether the bridge has fallen silent, in milliseconds.
const LOOK_MS: u32 = 500;

struct Inner {
    path: String,
    source: RefCell<Option<Source>>,
    heard: Cell<Silence>,
    backoff: RefCell<Backoff>,
    tell: Box<dyn Fn(Option<Calls>)>,
}

/// One stream with its listeners.
struct Source {
    stream: EventSource,
    _listeners: [Closure<dyn FnMut(MessageEvent)>; 2],
}

impl Drop for Source {
    fn drop(&mut self) {
        self.stream.set_onmessage(None);
        self.stream.set_onerror(None);
        self.stream.close();
    }
}

/// Tells what is called, and nothing once the bridge has been silent for too long. For as long as the page lives.
pub(crate) fn listen(path: String, tell: impl Fn(Option<Calls>) + 'static) {
    let inner = Rc::new(Inner {
        path,
        source: RefCell::default(),
        heard: Cell::new(Silence::since(page::now_ms())),
        backoff: RefCell::default(),
        tell: Box::new(tell),
    });
    inner.open();
    Interval::new(LOOK_MS, move || inner.look()).forget();
}

impl Inner {
    fn open(self: &Rc<Self>) {
        self.source.take();
        let Ok(stream) = EventSource::new(&self.path) else { return self.retry_later() };
        let (heard, broke) = (Rc::downgrade(self), Rc::downgrade(self));
        let listeners: [Closure<dyn FnMut(MessageEvent)>; 2] = [
            Closure::new(move |event: MessageEvent| {
                if let Some(inner) = heard.upgrade() {
                    inner.received(&event);
                }
            }),
            Closure::new(move |_| {
                if let Some(inner) = broke.upgrade() {
                    inner.retry_later();
                }
            }),
        ];
        stream.set_onmessage(Some(listeners[0].as_ref().unchecked_ref()));
        stream.set_onerror(Some(listeners[1].as_ref().unchecked_ref()));
        self.source.replace(Some(Source { stream, _listeners: listeners }));
    }

    fn received(&self, event: &MessageEvent) {
        let text = event.data().as_string().unwrap_or_default();
        match serde_json::from_str(&text) {
            Ok(calls) => {
                self.heard.set(Silence::since(page::now_ms()));
                self.backoff.borrow_mut().reset();
                page::forget_reload();
                (self.tell)(Some(calls));
            }
            // Another version of the bridge, which has another page.
            Err(_) => drop(page::reload_once()),
        }
    }

    /// Whether the bridge is still there: one that is frozen leaves its stream open.
    fn look(self: &Rc<Self>) {
        if self.heard.get().is_over(page::now_ms()) {
            (self.tell)(None);
            self.heard.set(Silence::since(page::now_ms()));
            self.open();
        }
    }

    fn retry_later(self: &Rc<Self>) {
        // Out of its own listener first.
        let old = self.source.take();
        Timeout::new(0, move || drop(old)).forget();
        let (inner, wait_ms) = (Rc::clone(self), self.backoff.borrow_mut().next_ms());
        Timeout::new(wait_ms, move || {
            if inner.source.borrow().is_none() {
                inner.open();
            }
        })
        .forget();
    }
}
