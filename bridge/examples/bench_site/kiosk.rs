//! A page at one kiosk, and its person, who reads every question for as long as it has to be up.

use crate::program::{Program, request};
use anyhow::{Context as _, Result, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use protocol::action::Overall;
use protocol::screen::{Method, Screen};
use protocol::{ACTS_AFTER_MS, Action, FromBridge, FromKiosk, PROTOCOL_VERSION, Redacted, View};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Longer than anything takes that does not hang.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Kiosk {
    address: SocketAddr,
    token: String,
    base: String,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    view: Option<View>,
    /// From each act to the view that answered it.
    pub(crate) waited: Vec<Duration>,
}

impl Kiosk {
    /// Opens the page and waits until nobody's visit is shown.
    pub(crate) async fn open(program: &Program, base: String) -> Result<Self> {
        let (address, token) = (program.address, program.token.clone());
        let mut asked = format!("ws://{address}{base}/kiosk").into_client_request()?;
        asked.headers_mut().insert("origin", format!("http://{address}").parse()?);
        let (socket, _) = connect_async(asked).await?;
        let secret = Redacted::new(token.clone());
        let mut kiosk = Self { address, token, base, socket, view: None, waited: Vec::new() };
        kiosk.say(&FromKiosk::Hello { version: PROTOCOL_VERSION, token: secret }).await?;
        while !matches!(kiosk.screen(), Some(Screen::Idle)) {
            kiosk.hear().await?;
        }
        Ok(kiosk)
    }

    fn screen(&self) -> Option<&Screen> {
        self.view.as_ref().map(|view| &view.screen)
    }

    async fn say(&mut self, message: &FromKiosk) -> Result<()> {
        Ok(self.socket.send(Message::text(serde_json::to_string(message)?)).await?)
    }

    /// Until the next view.
    async fn hear(&mut self) -> Result<()> {
        loop {
            let heard = timeout(PATIENCE, self.socket.next()).await;
            let message = heard.with_context(|| format!("silent at {:?}", self.view))?;
            let Message::Text(text) = message.context("the bridge went away")?? else { continue };
            match serde_json::from_str(&text)? {
                FromBridge::View(view) => {
                    self.view = Some(view);
                    return Ok(());
                }
                FromBridge::Alive => self.say(&FromKiosk::Alive).await?,
                FromBridge::Refused { detail, .. } => bail!("refused: {detail}"),
                _ => {}
            }
        }
    }

    async fn tray(&self, verb: &str, body: String) -> Result<()> {
        let line = format!("POST {}/practice/api/{verb} HTTP/1.1", self.base);
        let (address, token) = (self.address, self.token.clone());
        let asked = tokio::task::spawn_blocking(move || request(address, &token, &line, &body));
        asked.await?.map(drop)
    }

    /// What the person does there, and `None` where they wait.
    fn next_act(&self) -> Option<Action> {
        match self.screen()? {
            Screen::Method { .. } => Some(Action::Choose { method: Method::Pin }),
            Screen::Pin { .. } => Some(Action::Pin { pin: Redacted::new("1234".into()) }),
            Screen::ConsentAll { .. } => Some(Action::ConsentAll { answer: Overall::All }),
            Screen::ConsentSkipped { .. } | Screen::Finished { .. } | Screen::Farewell { .. } => {
                Some(Action::Continue)
            }
            _ => None,
        }
    }

    /// From the card on the reader to the idle screen after it was taken.
    pub(crate) async fn visit(&mut self) -> Result<()> {
        self.tray("place", r#"{"id":"valid"}"#.into()).await?;
        let (mut begun, mut taken) = (false, false);
        while !(begun && matches!(self.screen(), Some(Screen::Idle))) {
            begun |= !matches!(self.screen(), Some(Screen::Idle));
            if matches!(self.screen(), Some(Screen::TakeCard { .. })) && !taken {
                self.tray("remove", String::new()).await?;
                taken = true;
            }
            match self.next_act() {
                Some(action) => self.act(action).await?,
                None => self.hear().await?,
            }
        }
        Ok(())
    }

    /// When the question has been up for long enough, and waits for the view that answers.
    async fn act(&mut self, action: Action) -> Result<()> {
        tokio::time::sleep(Duration::from_millis(u64::from(ACTS_AFTER_MS) + 20)).await;
        let seen = self.view.as_ref().map_or(0, |view| view.revision);
        let asked = Instant::now();
        self.say(&FromKiosk::Act { seen, action }).await?;
        while self.view.as_ref().is_none_or(|view| view.revision <= seen) {
            self.hear().await?;
        }
        self.waited.push(asked.elapsed());
        Ok(())
    }
}
