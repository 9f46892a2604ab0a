//! The staff board as it changes: a stream of events for every page that looks on.
//!
//! One task for each kind of reader makes what is told, once for all who look on, and only while somebody does. Each stream
//! takes the newest of it when its connection is ready for more, so a slow one misses what is past and keeps nobody waiting.

use super::alarms::alarms;
use super::staff::refused;
use super::{App, entrance, look};
use crate::reader::Kind;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use checkin::time::rfc3339;
use futures_util::stream;
use protocol::staff::{Alarm, LIVE_ALIVE_MS, Live as Told, OtherBridge};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep, sleep_until};

/// Streams at once: two for each session that there may be.
const MOST: usize = 16;
/// Changes within this time are told together.
const TOGETHER: Duration = Duration::from_millis(50);
/// How often it is looked what is wrong with the site, which changes without a word.
const LOOK: Duration = Duration::from_secs(5);
const ALIVE: Duration = Duration::from_millis(LIVE_ALIVE_MS as u64);
/// A page asks anew after so long, within the time that a connection has (`serve.rs`).
const LONGEST: Duration = Duration::from_mins(4);

/// What is told at each kind of reader.
pub(crate) struct Streams {
    patients: Newest,
    practice: Newest,
    places: Arc<Semaphore>,
}

struct Newest {
    /// `None` while nobody looks on.
    events: watch::Sender<Option<Events>>,
    /// Somebody begins to look on.
    begins: watch::Sender<()>,
    /// What is wrong with the site, as it was looked last.
    alarms: watch::Sender<Vec<Alarm>>,
}

/// The newest events, as they go over the wire.
#[derive(Clone)]
struct Events {
    /// Grows with each.
    number: u64,
    /// The number that had this board first; the kiosks are newer.
    board_of: u64,
    board: Bytes,
    kiosks: Bytes,
}

impl Streams {
    /// Nobody looks on.
    pub(crate) fn new() -> Self {
        let newest = || Newest {
            events: watch::channel(None).0,
            begins: watch::channel(()).0,
            alarms: watch::channel(Vec::new()).0,
        };
        let places = Arc::new(Semaphore::new(MOST));
        Self { patients: newest(), practice: newest(), places }
    }

    fn of(&self, kind: Kind) -> &Newest {
        match kind {
            Kind::Pcsc => &self.patients,
            Kind::Practice => &self.practice,
        }
    }
}

/// Tells what changes at this kind of reader. Never returns.
pub(super) async fn tell(app: &App, kind: Kind) {
    tokio::join!(tell_changes(app, kind), look_for_alarms(app, kind));
}

/// Apart from the rest, because the disk is asked, which may take its time.
async fn look_for_alarms(app: &App, kind: Kind) {
    let newest = app.streams.of(kind);
    let mut begins = newest.begins.subscribe();
    loop {
        if newest.events.receiver_count() > 0 {
            let now = alarms(app, kind).await;
            newest.alarms.send_if_modified(|alarms| {
                let changed = *alarms != now;
                *alarms = now;
                changed
            });
        }
        tokio::select! {
            () = sleep(LOOK) => {}
            _ = begins.changed() => {}
        }
    }
}

async fn tell_changes(app: &App, kind: Kind) {
    let Newest { events, begins, alarms } = app.streams.of(kind);
    let (mut begins, mut alarms) = (begins.subscribe(), alarms.subscribe());
    let mut rows = app.site.ledgers.of(kind).board.changes();
    let mut others = app.site.ledgers.of(kind).others.changes();
    let mut kiosks = app.site.shown.subscribe();
    let (mut tested, mut settings) = (app.self_test.tested(), app.site.settings.changes());
    let mut teller = Teller::default();
    loop {
        tokio::select! {
            // Their other ends live as long as the program.
            _ = rows.changed() => teller.rows_changed = true,
            _ = others.changed() => teller.rows_changed = true,
            _ = kiosks.changed() => {}
            _ = alarms.changed() => teller.rows_changed = true,
            _ = tested.changed() => teller.rows_changed = true,
            _ = settings.changed() => teller.rows_changed = true,
            _ = begins.changed() => {}
            // Whether anybody still looks on.
            () = sleep(LOOK) => {}
        }
        if events.receiver_count() == 0 {
            // Nothing of the persons on it stays here.
            events.send_replace(None);
            // The count goes on: one that begins just now may have had what was there before.
            teller = Teller { count: teller.count, ..Teller::default() };
        } else if let Some(news) = teller.news(app, kind, &alarms.borrow()) {
            events.send_replace(Some(news));
        }
        sleep(TOGETHER).await;
    }
}

/// What was told last.
#[derive(Default)]
struct Teller {
    last: Option<Events>,
    /// Rows or alarms.
    rows_changed: bool,
    /// How the other bridges of the site were seen, which changes without a word.
    others: Vec<OtherBridge>,
    revision: u64,
    /// How many there were.
    count: u64,
}

impl Teller {
    fn news(&mut self, app: &App, kind: Kind, alarms: &[Alarm]) -> Option<Events> {
        let revision = look::revision(app, kind);
        let others = look::others_standing(app, kind);
        let others_changed = others != self.others;
        self.others = others;
        let board_changed =
            std::mem::take(&mut self.rows_changed) || others_changed || self.last.is_none();
        if !board_changed && revision == self.revision {
            return None;
        }
        self.revision = revision;
        let at = rfc3339(app.site.clock.now().wall);
        let kiosks = || {
            let (kiosks, waiting) = look::kiosks(app, kind);
            event(&Told::Kiosks { at: at.clone(), revision, kiosks, waiting })
        };
        let board = || {
            let board = Box::new(look::board(app, kind, alarms.to_vec()));
            event(&Told::Board { at: at.clone(), board })
        };
        let last = self.last.take().filter(|_| !board_changed);
        self.count += 1;
        let number = self.count;
        let events = match last {
            Some(last) => Events { number, kiosks: kiosks(), ..last },
            None => Events { number, board_of: number, board: board(), kiosks: Bytes::new() },
        };
        self.last = Some(events.clone());
        Some(events)
    }
}

fn event(told: &Told) -> Bytes {
    let json = serde_json::to_string(told).expect("every message can be written as JSON");
    Bytes::from(format!("data: {json}\n\n"))
}

/// `GET /staff/api/live`.
pub(super) async fn live(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let (kind, session) = match entrance::staff_with(&app, &headers) {
        Ok(entered) => entered,
        Err(refused) => return refused.into_response(),
    };
    let Ok(place) = Arc::clone(&app.streams.places).try_acquire_owned() else {
        let advice = "Too many pages look on: close one of them.";
        return refused(StatusCode::SERVICE_UNAVAILABLE, advice).into_response();
    };
    let newest = app.streams.of(kind);
    let events = newest.events.subscribe();
    newest.begins.send_replace(());
    let (ends, stop) = (app.site.sessions.ends(), app.stop.clone());
    let until = Instant::now() + LONGEST;
    let listener = Listener { app, session, events, ends, stop, until, sent: 0, _place: place };
    let events = stream::unfold(listener, |mut listener| async {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(events)).into_response()
}

/// One stream.
struct Listener {
    app: Arc<App>,
    session: String,
    events: watch::Receiver<Option<Events>>,
    ends: watch::Receiver<()>,
    stop: watch::Receiver<bool>,
    until: Instant,
    /// The number of what it was sent last; 0: nothing yet.
    sent: u64,
    _place: OwnedSemaphorePermit,
}

impl Listener {
    /// `None`: it ends, with its session, with the program, or because it has lasted long enough.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if !self.is_open() {
                return None;
            }
            if let Some(event) = self.newest() {
                return Some(event);
            }
            tokio::select! {
                told = self.events.changed() => told.ok()?,
                _ = self.ends.changed() => {}
                _ = self.stop.wait_for(|stop| *stop) => return None,
                () = sleep_until(self.until) => return None,
                () = sleep(ALIVE) => return Some(Bytes::from_static(b": alive\n\n")),
            }
        }
    }

    fn is_open(&self) -> bool {
        let now = self.app.site.clock.now().monotonic;
        self.app.site.sessions.holds(&self.session, self.app.reach, now, false).is_some()
    }

    /// What it has not been sent yet.
    fn newest(&mut self) -> Option<Bytes> {
        let Events { number, board_of, board, kiosks } = self.events.borrow_and_update().clone()?;
        let sent = std::mem::replace(&mut self.sent, number);
        if sent >= number {
            return None;
        }
        // The board and then what is newer, in one go.
        Some(if sent >= board_of { kiosks } else { [board, kiosks].concat().into() })
    }
}
