//! One WebSocket to the browser: calls are matched to answers, events are kept.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// Longest wait for the answer to one call. Heap snapshots of a page with a model in it are the slowest.
const CALL_DEADLINE: Duration = Duration::from_mins(2);
/// Lines of console output that are kept.
const CONSOLE_LINES: usize = 2_000;

/// A connection to the whole browser; pages and workers are sessions on it (flattened).
pub struct Connection {
    outgoing: mpsc::UnboundedSender<Message>,
    shared: Arc<Shared>,
}

/// A worker that the page started.
#[derive(Debug, Clone)]
pub struct Worker {
    /// Session to call it by.
    pub session: String,
    /// Address of its script.
    pub url: String,
}

/// What the browser said without being asked.
#[derive(Debug, Default)]
pub struct Events {
    /// Console output, exceptions and browser log entries of page and workers, oldest first.
    pub console: Vec<String>,
    /// Live workers.
    pub workers: Vec<Worker>,
    /// Heap snapshot text that arrived since the last snapshot was begun, by session.
    pub heap: HashMap<String, String>,
    /// Load events of the page so far.
    pub loads: u64,
}

#[derive(Default)]
struct Shared {
    next_id: AtomicU64,
    pending: Mutex<HashMap<u64, oneshot::Sender<Result<Value, String>>>>,
    events: Mutex<Events>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Connection {
    /// Connects to the browser's `DevTools` address (`ws://127.0.0.1:…/devtools/browser/…`).
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn connect(url: &str) -> Result<Self> {
        // Heap snapshots and screenshots are larger than the usual limits of a WebSocket client.
        let limits = WebSocketConfig::default()
            .max_message_size(Some(512 << 20))
            .max_frame_size(Some(512 << 20));
        let (socket, _) = tokio_tungstenite::connect_async_with_config(url, Some(limits), true)
            .await
            .with_context(|| format!("the browser does not answer at {url}"))?;
        let (mut sink, mut stream) = socket.split();
        let (outgoing, mut queue) = mpsc::unbounded_channel::<Message>();
        let shared = Arc::new(Shared::default());
        tokio::spawn(async move {
            while let Some(message) = queue.recv().await {
                if sink.send(message).await.is_err() {
                    break;
                }
            }
        });
        let (reader_shared, replies) = (Arc::clone(&shared), outgoing.clone());
        tokio::spawn(async move {
            while let Some(Ok(message)) = stream.next().await {
                if let Message::Text(text) = message
                    && let Ok(value) = serde_json::from_str::<Value>(&text)
                {
                    reader_shared.take(value, &replies);
                }
            }
            // Whoever still waits learns that the browser is gone, by the dropped sender.
            locked(&reader_shared.pending).clear();
        });
        Ok(Self { outgoing, shared })
    }

    /// Calls a method of the protocol, on a session or (with `None`) on the browser.
    ///
    /// # Errors
    /// When the browser refuses, is gone, or does not answer in two minutes.
    pub async fn call(&self, session: Option<&str>, method: &str, params: Value) -> Result<Value> {
        let id = self.shared.next_id.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = oneshot::channel();
        locked(&self.shared.pending).insert(id, sender);
        let _ = self.outgoing.send(request(id, session, method, &params));
        let answer = tokio::time::timeout(CALL_DEADLINE, receiver).await;
        locked(&self.shared.pending).remove(&id);
        match answer {
            Ok(Ok(Ok(value))) => Ok(value),
            Ok(Ok(Err(why))) => bail!("{method}: {why}"),
            Ok(Err(_)) => bail!("{method}: the browser is gone"),
            Err(_) => bail!("{method}: no answer in {} s", CALL_DEADLINE.as_secs()),
        }
    }

    /// Looks at or changes what was collected.
    pub fn events<T>(&self, look: impl FnOnce(&mut Events) -> T) -> T {
        look(&mut locked(&self.shared.events))
    }
}

fn request(id: u64, session: Option<&str>, method: &str, params: &Value) -> Message {
    let mut message = json!({ "id": id, "method": method, "params": params });
    if let Some(session) = session {
        message["sessionId"] = json!(session);
    }
    Message::text(message.to_string())
}

impl Shared {
    fn take(&self, message: Value, replies: &mpsc::UnboundedSender<Message>) {
        if let Some(id) = message["id"].as_u64() {
            if let Some(sender) = locked(&self.pending).remove(&id) {
                let _ = sender.send(outcome(message));
            }
            return;
        }
        let method = message["method"].as_str().unwrap_or_default();
        let session = message["sessionId"].as_str().unwrap_or_default();
        let params = &message["params"];
        let mut events = locked(&self.events);
        match method {
            "Target.attachedToTarget" => {
                let id = params["sessionId"].as_str().unwrap_or_default().to_owned();
                if params["targetInfo"]["type"] == "worker" {
                    let url = params["targetInfo"]["url"].as_str().unwrap_or_default().to_owned();
                    let next = self.next_id.fetch_add(1, Ordering::Relaxed);
                    let _ = replies.send(request(next, Some(&id), "Runtime.enable", &json!({})));
                    events.workers.push(Worker { session: id, url });
                }
            }
            "Target.detachedFromTarget" => {
                let gone = params["sessionId"].as_str().unwrap_or_default();
                events.workers.retain(|worker| worker.session != gone);
            }
            "HeapProfiler.addHeapSnapshotChunk" => {
                let chunk = params["chunk"].as_str().unwrap_or_default();
                events.heap.entry(session.to_owned()).or_default().push_str(chunk);
            }
            "Page.loadEventFired" => events.loads += 1,
            "Runtime.consoleAPICalled" => events.say(console_line(params)),
            "Runtime.exceptionThrown" => {
                events.say(format!("exception: {}", exception_text(&params["exceptionDetails"])));
            }
            "Log.entryAdded" => {
                let entry = &params["entry"];
                events.say(format!(
                    "{}: {} ({})",
                    text(&entry["level"]),
                    text(&entry["text"]),
                    text(&entry["url"])
                ));
            }
            "Inspector.targetCrashed" => events.say("the page crashed".to_owned()),
            _ => {}
        }
    }
}

impl Events {
    fn say(&mut self, line: String) {
        if self.console.len() < CONSOLE_LINES {
            self.console.push(line);
        }
    }
}

fn outcome(mut message: Value) -> Result<Value, String> {
    match message.get("error") {
        Some(error) => Err(text(&error["message"]).to_owned()),
        None => Ok(message["result"].take()),
    }
}

/// What went wrong, from an `ExceptionDetails` object.
pub(crate) fn exception_text(details: &Value) -> String {
    let description = text(&details["exception"]["description"]);
    if description.is_empty() { text(&details["text"]).to_owned() } else { description.to_owned() }
}

fn console_line(params: &Value) -> String {
    let words = params["args"].as_array().map_or(&[][..], Vec::as_slice).iter().map(
        |arg| match &arg["value"] {
            Value::Null => text(&arg["description"]).to_owned(),
            Value::String(value) => value.clone(),
            other => other.to_string(),
        },
    );
    format!("{}: {}", text(&params["type"]), words.collect::<Vec<_>>().join(" "))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
