//! A worker while it runs: typed messages in both directions, and what is large beside them.

use super::crash::OnCrash;
use js_sys::Array;
use std::cell::Cell;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Event, MessageEvent, WorkerOptions, WorkerType};
use worker_messages::{FromWorker, NotUnderstood, ToWorker, envelope};

/// What comes from a worker.
pub(super) enum Heard {
    /// A message.
    Message(FromWorker),
    /// Something else, for the so many-th time: it is of another build.
    NotUnderstood(u32),
    /// It does not run any more.
    Crashed,
}

/// A running worker. Dropping it ends it, and everything that it saw is gone.
pub(super) struct Worker {
    running: web_sys::Worker,
    _at_crash: Option<OnCrash>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Worker {
    /// Starts the script.
    ///
    /// # Errors
    /// When the browser does not start workers.
    pub(super) fn start(
        script: &str,
        heard: impl Fn(Heard) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let running = web_sys::Worker::new_with_options(script, &options)?;
        let crashed = heard.clone();
        let refused = Cell::new(0_u32);
        let on_message = Closure::new(move |event: MessageEvent| {
            let understood = envelope::unpack(&event.data());
            heard(understood.map_or_else(
                |NotUnderstood| {
                    refused.set(refused.get().saturating_add(1));
                    Heard::NotUnderstood(refused.get())
                },
                |(message, _)| Heard::Message(message),
            ));
        });
        let on_error = Closure::new(move |_: Event| crashed(Heard::Crashed));
        running.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        running.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            _at_crash: OnCrash::call(&running, "terminate"),
            running,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Sends a message; `attached` moves to the worker.
    ///
    /// # Errors
    /// When the browser does not take it.
    pub(super) fn post(
        &self,
        message: &ToWorker,
        attached: Option<&JsValue>,
    ) -> Result<(), JsValue> {
        let transfer: Array = attached.into_iter().collect();
        self.running.post_message_with_transfer(&envelope::pack(message, attached), &transfer)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.running.set_onmessage(None);
        self.running.set_onerror(None);
        self.running.terminate();
    }
}
