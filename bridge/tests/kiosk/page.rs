//! What a kiosk page does, without a browser.

use crate::site::Site;
use futures_util::{SinkExt as _, StreamExt as _};
use protocol::screen::{Fault, Method, Screen, Way};
use protocol::{ACTS_AFTER_MS, Action, FromBridge, FromKiosk, PROTOCOL_VERSION, Redacted, View};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};
use tokio::time::{timeout, timeout_at};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Longer than anything takes here, also on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Page {
    pub(crate) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(crate) view: Option<View>,
    pub(crate) photo: Option<Vec<u8>>,
    pub(crate) forgotten: u32,
    /// The question that is shown, and when it was first seen.
    question: (u64, Instant),
}

/// Opens the socket with these two headers.
pub(crate) async fn open(
    site: &Site,
    host: Option<&str>,
    origin: Option<&str>,
) -> Result<Page, Error> {
    open_at(site.bridge.address, "", host, origin).await
}

/// At the kiosk whose addresses begin so.
async fn open_at(
    address: SocketAddr,
    base: &str,
    host: Option<&str>,
    origin: Option<&str>,
) -> Result<Page, Error> {
    let mut request = format!("ws://{address}{base}/kiosk").into_client_request()?;
    if let Some(host) = host {
        request.headers_mut().insert("host", host.parse().unwrap());
    }
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().unwrap());
    }
    let (socket, _) = connect_async(request).await?;
    Ok(Page { socket, view: None, photo: None, forgotten: 0, question: (0, Instant::now()) })
}

/// A page that was let in.
pub(crate) async fn page(site: &Site) -> Page {
    page_at(site.bridge.address, &site.bridge.token).await
}

/// A page that was let in by the bridge there.
pub(crate) async fn page_at(address: SocketAddr, token: &str) -> Page {
    page_of(address, "", token).await
}

/// The same at the kiosk whose addresses begin so.
pub(crate) async fn page_of(address: SocketAddr, base: &str, token: &str) -> Page {
    let origin = format!("http://{address}");
    let mut page = open_at(address, base, None, Some(&origin)).await.unwrap();
    page.hello(PROTOCOL_VERSION, token).await;
    assert!(matches!(
        page.next().await,
        Some(FromBridge::Welcome { version: PROTOCOL_VERSION, .. })
    ));
    page
}

impl Page {
    pub(crate) async fn hello(&mut self, version: u32, token: &str) {
        self.say(&FromKiosk::Hello { version, token: Redacted::new(token.into()) }).await;
    }

    pub(crate) async fn say(&mut self, message: &FromKiosk) {
        self.send(&serde_json::to_string(message).unwrap()).await;
    }

    pub(crate) async fn send(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    /// The next text message; photo frames are kept. `None` = the connection ended.
    pub(crate) async fn next(&mut self) -> Option<FromBridge> {
        // Over all of them: `alive` comes every few seconds, also from a bridge that says nothing more.
        let deadline = Instant::now() + PATIENCE;
        loop {
            let message = timeout_at(deadline, self.socket.next()).await;
            let shown = &self.view;
            match message.unwrap_or_else(|_| panic!("no answer in time while {shown:?} was shown"))
            {
                Some(Ok(Message::Text(text))) => {
                    let message = serde_json::from_str(&text).unwrap();
                    match &message {
                        FromBridge::View(view) => self.shown(view),
                        FromBridge::Alive => {
                            self.say(&FromKiosk::Alive).await;
                            continue;
                        }
                        _ => {}
                    }
                    if message == FromBridge::Forget {
                        self.forgotten += 1;
                    }
                    return Some(message);
                }
                Some(Ok(Message::Binary(frame))) => {
                    self.photo = Some(protocol::photo::decode(&frame).unwrap().to_vec());
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    fn shown(&mut self, view: &View) {
        if self.view.as_ref().is_none_or(|before| before.question != view.question) {
            self.question = (view.question, Instant::now());
        }
        self.view = Some(view.clone());
    }

    /// Reads one message, be it text or photo.
    pub(crate) async fn next_of_any_kind(&mut self) {
        let message = timeout(PATIENCE, self.socket.next()).await;
        let shown = &self.view;
        let message =
            message.unwrap_or_else(|_| panic!("no answer in time while {shown:?} was shown"));
        let message = message.unwrap_or_else(|| panic!("closed while {shown:?} was shown"));
        match message.unwrap() {
            Message::Text(text) => match serde_json::from_str(&text) {
                Ok(FromBridge::View(view)) => self.shown(&view),
                Ok(FromBridge::Alive) => self.say(&FromKiosk::Alive).await,
                _ => {}
            },
            Message::Binary(frame) => {
                self.photo = Some(protocol::photo::decode(&frame).unwrap().to_vec());
            }
            _ => {}
        }
    }

    /// Reads until a screen is shown that `wanted` accepts.
    pub(crate) async fn until(&mut self, wanted: impl Fn(&Screen) -> bool) -> Screen {
        loop {
            if let Some(view) = &self.view
                && wanted(&view.screen)
            {
                return view.screen.clone();
            }
            let shown = self.view.clone();
            assert!(self.next().await.is_some(), "closed while {shown:?} was shown");
        }
    }

    /// Reads until nobody's visit is shown. A visit that waits for its card is stopped; a number that
    /// is shown once more is read.
    pub(crate) async fn idle(&mut self) {
        loop {
            let clear = |screen: &Screen| {
                matches!(screen, Screen::Idle | Screen::CardAway { .. } | Screen::Farewell { .. })
            };
            match self.until(clear).await {
                Screen::CardAway { .. } => self.act(Action::Stop).await,
                Screen::Farewell { .. } => self.act(Action::Continue).await,
                _ => return,
            }
            assert!(self.next().await.is_some(), "closed on the way to rest");
        }
    }

    /// Reads until this face attempt is asked for, and gives its nonce.
    pub(crate) async fn nonce(&mut self, wanted: u8) -> String {
        let at =
            |screen: &Screen| matches!(screen, Screen::Face { attempt, .. } if *attempt == wanted);
        match self.until(at).await {
            Screen::Face { nonce, .. } => nonce,
            other => unreachable!("{other:?}"),
        }
    }

    /// Reads until the photo arrived.
    pub(crate) async fn until_photo(&mut self) -> Vec<u8> {
        loop {
            if let Some(photo) = self.photo.take() {
                return photo;
            }
            self.next_of_any_kind().await;
        }
    }

    /// Waits until an act on the question counts.
    pub(crate) async fn until_read(&self) {
        sleep_until(self.question.1 + Duration::from_millis(ACTS_AFTER_MS.into())).await;
    }

    /// Acts on the view that was seen last, as soon as that counts.
    pub(crate) async fn act(&mut self, action: Action) {
        if wire::action(&action).is_ok_and(|action| action.is_by_hand()) {
            self.until_read().await;
        }
        self.act_at_once(action).await;
    }

    /// The same without having read it.
    pub(crate) async fn act_at_once(&mut self, action: Action) {
        let seen = self.view.as_ref().unwrap().revision;
        self.say(&FromKiosk::Act { seen, action }).await;
    }

    /// Waits for a screen, then acts on it.
    pub(crate) async fn on(&mut self, wanted: impl Fn(&Screen) -> bool, action: Action) -> Screen {
        let screen = self.until(wanted).await;
        self.act(action).await;
        screen
    }

    /// Acts on every view that `ready` accepts until one is shown that `wanted` accepts: a kiosk without its reader says once more
    /// what is missing whenever the card service comes or goes, and an act on the view before does not count.
    pub(crate) async fn press_until(
        &mut self,
        ready: impl Fn(&Screen) -> bool,
        action: Action,
        wanted: impl Fn(&Screen) -> bool,
    ) {
        while !wanted(&self.until(|screen| ready(screen) || wanted(screen)).await) {
            self.act(action.clone()).await;
            assert!(self.next().await.is_some(), "closed after an act");
        }
    }

    /// One of the other ways, at a kiosk that may be without its reader. Not while it starts: an act on that view would be one on an
    /// old view a moment later.
    pub(crate) async fn take_without_a_reader(&mut self, way: Way) {
        let ready = |screen: &Screen| match screen {
            Screen::Idle => true,
            Screen::OutOfService { fault, .. } => {
                matches!(fault, Fault::ReaderMissing | Fault::ServiceDown)
            }
            _ => false,
        };
        let ways = |screen: &Screen| matches!(screen, Screen::Fallback { .. });
        self.press_until(ready, Action::OtherWays, ways).await;
        self.on(ways, Action::Take { way }).await;
    }

    /// From the method screen to the PIN pad, and types it.
    pub(crate) async fn pin(&mut self, pin: &str) {
        let choose = Action::Choose { method: Method::Pin };
        self.on(|screen| matches!(screen, Screen::Method { .. }), choose).await;
        self.on(|screen| matches!(screen, Screen::Pin { .. }), typed(pin)).await;
    }
}

pub(crate) fn typed(pin: &str) -> Action {
    Action::Pin { pin: Redacted::new(pin.into()) }
}

/// 照合番号B of the practice card `valid` today.
pub(crate) fn code_b() -> String {
    crate::lane::persona("valid").holder.unwrap().verification_code_b().reveal().to_owned()
}

/// The front of the practice card `valid`, with a security code.
pub(crate) fn code(day: &str, security_code: &str) -> Action {
    let text = |text: &str| Redacted::new(text.into());
    Action::Code(protocol::action::PrintedCode {
        era: protocol::action::Era::Showa,
        era_year: text("59"),
        month: text("5"),
        day: text(day),
        expiry_year: text(&code_b()[6..10]),
        security_code: text(security_code),
    })
}
