//! A stream of events from the bridge. The browser's own `EventSource` cannot send the headers by which the bridge knows a page, so
//! it is read out of an ordinary answer.

use super::{js, page};
use crate::model::events::Events;
use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestInit};

/// An open one; it ends when it is dropped.
pub(crate) struct EventStream {
    reader: ReadableStreamDefaultReader,
    abort: AbortController,
    events: Events,
    /// After so long without a word it is given up, in milliseconds.
    silence_ms: u32,
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.abort.abort();
    }
}

impl EventStream {
    /// Asks for one.
    ///
    /// # Errors
    /// HTTP status of a refusal; nothing when there was no answer.
    pub(crate) async fn open(
        path: &str,
        headers: &[(&str, &str)],
        silence_ms: u32,
    ) -> Result<Self, Option<u16>> {
        let abort = AbortController::new().map_err(|_| None)?;
        let options = RequestInit::new();
        options.set_signal(Some(&abort.signal()));
        let _silent = silent(&abort, silence_ms);
        let response = page::ask(&options, path, "GET", headers, JsValue::UNDEFINED).await;
        let response = response.map_err(|_| None)?;
        if !response.ok() {
            return Err(Some(response.status()));
        }
        let body = response.body().ok_or(None)?;
        let reader = body.get_reader().unchecked_into();
        Ok(Self { reader, abort, events: Events::default(), silence_ms })
    }

    /// The data of what comes next; `None`: it has ended, whoever ended it.
    pub(crate) async fn next(&mut self) -> Option<Vec<String>> {
        let _silent = silent(&self.abort, self.silence_ms);
        let read = JsFuture::from(self.reader.read()).await.ok()?;
        let piece = js::get(&read, "value").dyn_into::<js_sys::Uint8Array>().ok()?;
        self.events.push(&piece.to_vec())
    }
}

/// Ends it unless this is dropped in time.
fn silent(abort: &AbortController, silence_ms: u32) -> Timeout {
    let abort = abort.clone();
    Timeout::new(silence_ms, move || abort.abort())
}
