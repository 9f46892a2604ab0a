//! One kiosk page over one socket.

use super::bucket::Bucket;
use super::message::{self, Refusal};
use super::{App, guard};
use crate::desk::{Input, KioskLink, ToKiosk};
use crate::wire;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use protocol::{ErrorCode, FromBridge, FromKiosk, MAX_TEXT_BYTES, PROTOCOL_VERSION};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Until the first message.
const HELLO: Duration = Duration::from_secs(5);
/// Between two pings, and the longest silence.
const PING: Duration = Duration::from_secs(15);
const SILENCE: Duration = Duration::from_secs(45);
/// Larger frames end the connection; frames between this and the limit are answered.
const HARD_LIMIT: usize = 4 * MAX_TEXT_BYTES;

pub(super) async fn upgrade(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !guard::is_same_origin(&headers) {
        return (StatusCode::FORBIDDEN, "Only the kiosk page of this program may connect.\n")
            .into_response();
    }
    upgrade
        .max_message_size(HARD_LIMIT)
        .max_frame_size(HARD_LIMIT)
        // Small, and nothing held back: what a person typed or a photo must not linger in a buffer
        // that lives as long as the connection.
        .read_buffer_size(512)
        .write_buffer_size(0)
        .max_write_buffer_size(1024 * 1024)
        .on_upgrade(move |socket| async move {
            let alive = app.alive.clone();
            let mut page = Page { socket, app };
            // An error here is a connection that broke: the page comes back by itself.
            let _ = page.run().await;
            drop(alive);
        })
}

/// The connection is over.
pub(super) struct Closed;

/// One connection.
pub(super) struct Page {
    pub(super) socket: WebSocket,
    app: Arc<App>,
}

impl Page {
    async fn run(&mut self) -> Result<(), Closed> {
        let mut stop = self.app.stop.clone();
        let hello = tokio::select! {
            hello = timeout(HELLO, self.hello()) => Some(hello.map_err(|_| Closed)??),
            _ = stop.changed() => None,
        };
        let Some(hello) = hello else { return self.say(&FromBridge::Goodbye).await };
        if let Err(refusal) = hello {
            self.refuse(refusal).await?;
            return self.close().await;
        }
        let id = self.app.next_kiosk.fetch_add(1, Ordering::Relaxed);
        let (link, messages) = KioskLink::new(id);
        self.say(&FromBridge::Welcome {
            version: PROTOCOL_VERSION,
            kiosk: self.app.kiosk_name.clone(),
            card_camera: self.app.card_camera.clone(),
        })
        .await?;
        self.app.desk.inbox.send(Input::Attach(link)).await.map_err(|_| Closed)?;
        let outcome = self.serve(id, messages).await;
        // The desk may be gone already.
        let _ = self.app.desk.inbox.send(Input::Detach(id)).await;
        outcome
    }

    /// The first message and what is wrong with it.
    async fn hello(&mut self) -> Result<Result<(), Refusal>, Closed> {
        loop {
            let text = match self.receive().await? {
                Message::Text(text) => text,
                Message::Ping(_) | Message::Pong(_) => continue,
                _ => {
                    return Ok(Err(Refusal::new(
                        ErrorCode::HelloFirst,
                        "send hello first, as text",
                    )));
                }
            };
            return Ok(message::read(text).and_then(|message| self.check_hello(&message)));
        }
    }

    fn check_hello(&self, message: &FromKiosk) -> Result<(), Refusal> {
        let FromKiosk::Hello { version, token } = message else {
            return Err(Refusal::new(ErrorCode::HelloFirst, "send hello first"));
        };
        if *version != PROTOCOL_VERSION {
            let detail = format!("this bridge speaks version {PROTOCOL_VERSION}: reload the page");
            return Err(Refusal::new(ErrorCode::VersionMismatch, detail));
        }
        if !self.app.is_token(token.expose()) {
            return Err(Refusal::new(
                ErrorCode::BadToken,
                "the token is in the page of this start: reload the page",
            ));
        }
        Ok(())
    }

    async fn serve(
        &mut self,
        id: u64,
        mut messages: mpsc::Receiver<ToKiosk>,
    ) -> Result<(), Closed> {
        let mut views = self.app.desk.views.clone();
        views.mark_changed();
        let mut bucket = Bucket::new(Instant::now());
        let mut ping = tokio::time::interval(PING);
        let mut heard = Instant::now();
        loop {
            tokio::select! {
                biased;
                changed = views.changed() => {
                    changed.map_err(|_| Closed)?;
                    let view = views.borrow_and_update().clone();
                    self.say(&FromBridge::View(view)).await?;
                }
                message = messages.recv() => match message {
                    Some(ToKiosk::Photo(photo)) => self.send_photo(photo.jp2()).await?,
                    Some(ToKiosk::Forget) => self.say(&FromBridge::Forget).await?,
                    Some(ToKiosk::TakenOver) => {
                        self.say(&FromBridge::TakenOver).await?;
                        return self.close().await;
                    }
                    Some(ToKiosk::Goodbye) => {
                        self.say(&FromBridge::Goodbye).await?;
                        return self.close().await;
                    }
                    None => return Err(Closed),
                },
                incoming = self.receive() => {
                    heard = Instant::now();
                    if !bucket.take(heard) {
                        self.refuse(Refusal::new(ErrorCode::TooMany, "send less often")).await?;
                        return self.close().await;
                    }
                    self.on_message(id, incoming?).await?;
                }
                _ = ping.tick() => {
                    if heard.elapsed() > SILENCE {
                        return Err(Closed);
                    }
                    self.send(Message::Ping(Bytes::new())).await?;
                }
            }
        }
    }

    async fn on_message(&mut self, id: u64, message: Message) -> Result<(), Closed> {
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => {
                return self
                    .refuse(Refusal::new(ErrorCode::TooLarge, "a page sends text only"))
                    .await;
            }
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(Closed),
        };
        let (seen, action) = match message::read(text) {
            Ok(FromKiosk::Act { seen, action }) => (seen, action),
            Ok(FromKiosk::Hello { .. }) => {
                return self.refuse(Refusal::new(ErrorCode::Malformed, "hello is sent once")).await;
            }
            Err(refusal) => return self.refuse(refusal).await,
        };
        match wire::action(&action) {
            Ok(action) => {
                let input = Input::Acted { kiosk: id, seen, action };
                self.app.desk.inbox.send(input).await.map_err(|_| Closed)
            }
            Err(error) => self.refuse(Refusal::new(ErrorCode::Malformed, error.to_string())).await,
        }
    }
}
