//! One kiosk page over one socket.

use super::at::At;
use super::bucket::Bucket;
use super::message::{self, Refusal};
use super::socket::{Closed, Incoming, Socket};
use super::upgrade::{Stream, accept, refusal, upgraded};
use super::{App, guard};
use crate::config::is_label;
use crate::desk::{Input, PageLink, ToPage};
use crate::kiosk::Kiosk;
use crate::name::Name;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use protocol::{
    ALIVE_MS, CAMERAS, ErrorCode, FromBridge, FromKiosk, MAX_TEXT_BYTES, PROTOCOL_VERSION,
    SILENCE_MS, Screen,
};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, interval_at, sleep_until, timeout};
use tungstenite::protocol::frame::coding::CloseCode;

/// Between two signs of life, and the longest silence of a page. Its browser would answer pings although the page is frozen,
/// so the page itself is asked.
const ALIVE: Duration = Duration::from_millis(ALIVE_MS as u64);
const SILENCE: Duration = Duration::from_millis(SILENCE_MS as u64);
/// Larger frames end the connection; frames between this and the limit are answered.
const HARD_LIMIT: usize = 4 * MAX_TEXT_BYTES;

pub(super) async fn upgrade(
    State(app): State<Arc<App>>,
    At(kiosk): At,
    request: Request,
) -> Response {
    let (mut parts, _) = request.into_parts();
    if !guard::is_same_origin(&app, &parts.headers) {
        return (StatusCode::FORBIDDEN, "Only the kiosk page of this program may connect.\n")
            .into_response();
    }
    let Some((response, upgrade)) = accept(&mut parts) else { return refusal() };
    let Ok(place) = Arc::clone(&kiosk.sockets).try_acquire_owned() else {
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            "Too many pages connect at once: wait a moment.\n",
        )
            .into_response();
    };
    tokio::spawn(async move {
        let alive = app.alive.clone();
        if let Some(stream) = upgraded(upgrade).await {
            let bucket = Bucket::new(Instant::now().into_std());
            let mut page = Page { socket: Socket::new(stream, HARD_LIMIT), bucket, app, kiosk };
            if let Err(Closed::Wrong(why)) = page.run().await {
                // Otherwise it broke, and the page comes back by itself.
                let _ = page.socket.dismiss(why).await;
            }
        }
        drop((alive, place));
    });
    response
}

/// One connection.
pub(super) struct Page {
    pub(super) socket: Socket<Stream>,
    bucket: Bucket,
    app: Arc<App>,
    kiosk: Arc<Kiosk>,
}

impl Page {
    async fn run(&mut self) -> Result<(), Closed> {
        let mut stop = self.app.stop.clone();
        let hello = tokio::select! {
            hello = timeout(self.app.limits.hello, self.hello()) => Some(hello.map_err(|_| Closed::Gone)??),
            _ = stop.changed() => None,
        };
        let Some(hello) = hello else { return self.say(&FromBridge::Goodbye).await };
        if let Err(refusal) = hello {
            self.refuse(refusal).await?;
            return self.socket.close().await;
        }
        let id = self.kiosk.next_page.fetch_add(1, Ordering::Relaxed);
        let (link, messages) = PageLink::new(id);
        let welcome = self.welcome();
        self.say(&welcome).await?;
        self.kiosk.desk.inbox.send(Input::Attach(link)).await.map_err(|_| Closed::Gone)?;
        self.kiosk.pages.fetch_add(1, Ordering::Relaxed);
        let outcome = self.serve(id, messages, welcome).await;
        self.kiosk.pages.fetch_sub(1, Ordering::Relaxed);
        // The desk may be gone already.
        let _ = self.kiosk.desk.inbox.send(Input::Detach(id)).await;
        outcome
    }

    /// Who and where the kiosk is, as it is set now.
    fn welcome(&self) -> FromBridge {
        let settings = self.app.site.settings.now();
        let kiosk = settings.kiosk(&self.kiosk.name);
        FromBridge::Welcome {
            version: PROTOCOL_VERSION,
            kiosk: self.kiosk.title.clone(),
            card_camera: kiosk.and_then(|kiosk| kiosk.card_camera.clone()),
            face_camera: kiosk.and_then(|kiosk| kiosk.face_camera.clone()),
            institution_name: settings.institution_name.as_ref().map(Name::to_wire),
            institution_kind: self.app.site.institution,
            own_reader: self.kiosk.own_reader,
        }
    }

    /// Says what has changed of the welcome that the page knows, once nobody is at the kiosk.
    async fn welcome_anew(&mut self, known: &mut FromBridge) -> Result<(), Closed> {
        let rests = matches!(
            self.kiosk.desk.views.borrow().screen,
            Screen::Idle | Screen::OutOfService { .. }
        );
        let welcome = self.welcome();
        if rests && welcome != *known {
            self.say(&welcome).await?;
            *known = welcome;
        }
        Ok(())
    }

    /// The first message and what is wrong with it.
    async fn hello(&mut self) -> Result<Result<(), Refusal>, Closed> {
        loop {
            let incoming = self.socket.receive().await?;
            if !self.bucket.take(Instant::now().into_std()) {
                return Ok(Err(Refusal::new(ErrorCode::TooMany, "send less often")));
            }
            let text = match incoming {
                Incoming::Text(text) => text,
                Incoming::Ping(payload) => {
                    self.socket.pong(&payload).await?;
                    continue;
                }
                Incoming::Pong | Incoming::Piece => continue,
                Incoming::Binary | Incoming::Close => {
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
        mut messages: mpsc::Receiver<ToPage>,
        mut welcome: FromBridge,
    ) -> Result<(), Closed> {
        let mut views = self.kiosk.desk.views.clone();
        let mut settings = self.app.site.settings.changes();
        views.mark_changed();
        let mut heard = Instant::now();
        let mut alive = interval_at(heard + ALIVE, ALIVE);
        loop {
            tokio::select! {
                biased;
                changed = views.changed() => {
                    changed.map_err(|_| Closed::Gone)?;
                    let view = views.borrow_and_update().clone();
                    self.say(&FromBridge::View(view)).await?;
                    self.welcome_anew(&mut welcome).await?;
                }
                // The site lives as long as its pages.
                _ = settings.changed() => self.welcome_anew(&mut welcome).await?,
                message = messages.recv() => match message {
                    Some(ToPage::Photo(photo)) => self.send_photo(photo.jp2()).await?,
                    Some(ToPage::Typed(question, typed)) => {
                        self.say(&FromBridge::Typed { question, typed }).await?;
                    }
                    Some(ToPage::Forget) => self.say(&FromBridge::Forget).await?,
                    Some(ToPage::TakenOver) => {
                        self.say(&FromBridge::TakenOver).await?;
                        return self.socket.close().await;
                    }
                    Some(ToPage::Goodbye) => {
                        self.say(&FromBridge::Goodbye).await?;
                        return self.socket.close().await;
                    }
                    None => return Err(Closed::Gone),
                },
                incoming = self.socket.receive() => {
                    let (incoming, now) = (incoming?, Instant::now());
                    if !self.bucket.take(now.into_std()) {
                        self.refuse(Refusal::new(ErrorCode::TooMany, "send less often")).await?;
                        return self.socket.close().await;
                    }
                    // Text comes from the page, everything else from its browser.
                    if matches!(incoming, Incoming::Text(_)) {
                        heard = now;
                    }
                    self.on_message(id, incoming).await?;
                }
                _ = alive.tick() => self.say(&FromBridge::Alive).await?,
                () = sleep_until(heard + SILENCE) => {
                    tracing::warn!("the page does not answer any more: frozen or crashed");
                    return Err(Closed::Gone);
                }
            }
        }
    }

    async fn on_message(&mut self, id: u64, message: Incoming) -> Result<(), Closed> {
        let text = match message {
            Incoming::Text(text) => text,
            Incoming::Binary => {
                return self
                    .refuse(Refusal::new(ErrorCode::TooLarge, "a page sends text only"))
                    .await;
            }
            Incoming::Ping(payload) => return self.socket.pong(&payload).await,
            Incoming::Pong | Incoming::Piece => return Ok(()),
            Incoming::Close => {
                self.socket.farewell(CloseCode::Normal).await?;
                return Err(Closed::Gone);
            }
        };
        let (seen, action) = match message::read(text) {
            Ok(FromKiosk::Act { seen, action }) => (seen, action),
            Ok(FromKiosk::Alive) => return Ok(()),
            Ok(FromKiosk::Cameras { labels }) => {
                let fits = labels.len() <= CAMERAS && labels.iter().all(|label| is_label(label));
                if !fits {
                    let detail = "tell of 16 cameras at most, with names of 120 characters";
                    return self.refuse(Refusal::new(ErrorCode::Malformed, detail)).await;
                }
                self.kiosk.has_cameras(labels);
                return Ok(());
            }
            Ok(FromKiosk::Hello { .. }) => {
                return self.refuse(Refusal::new(ErrorCode::Malformed, "hello is sent once")).await;
            }
            Err(refusal) => return self.refuse(refusal).await,
        };
        match wire::action(&action) {
            Ok(action) => {
                let input = Input::Acted { page: id, seen, action };
                self.kiosk.desk.inbox.send(input).await.map_err(|_| Closed::Gone)
            }
            Err(error) => self.refuse(Refusal::new(ErrorCode::Malformed, error.to_string())).await,
        }
    }
}
