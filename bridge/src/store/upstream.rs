//! One thread that brings everything that a bridge keeps to the site's database, in order and once: from the journal in the
//! bridge's own store, so that nothing of it is lost while the database is away, however long. Nobody waits for it. It also hears
//! there what other bridges of the site have on their boards.

use super::others::{Known, News};
use super::postgres::{Address, Bell, Place, Run, Session, Trouble};
use super::{Sqlite, StoreError};
use checkin::time::in_japan;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tokio::runtime::Builder;
use tokio::sync::watch;
use tokio::time::timeout;

/// Entries of the journal in one transaction, at most. Half as many after one that did not come through, for a slow line.
const MOST: u32 = 500;
/// So many more after one that did.
const FURTHER: u32 = 25;
/// After a failure, doubled with each until [`LONGEST`].
const PAUSE: Duration = Duration::from_millis(500);
/// Between two tries at most.
const LONGEST: Duration = Duration::from_secs(30);
/// A connection over which nothing went for so long is asked whether it is there.
const QUIET: Duration = Duration::from_secs(15);
/// What other bridges have on their boards is looked at so often, should the database not tell of changes by itself.
const AROUND: Duration = Duration::from_secs(5);
/// Names that a bridge has left behind that is gone for good are deleted by the others after this. Not at once: a clock may be wrong.
const LEFT_BEHIND: SignedDuration = SignedDuration::from_hours(7 * 24);
/// When the program stops, the rest may take so long; what is not sent then is sent after the next start.
const STOPPING: Duration = Duration::from_secs(2);

/// Where it goes to, and in whose name.
#[derive(Clone, Debug)]
pub struct Target {
    /// The database.
    pub address: Address,
    /// The bridge in it.
    pub place: Place,
}

/// How it gets on. Nothing in it names anybody, nor says a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What there is to say.
    pub state: LinkState,
    /// Since when.
    pub since: Timestamp,
}

/// See [`Link`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It was not asked yet.
    Starting,
    /// It has everything, or is being sent it.
    Up,
    /// It cannot be reached: tried again and again.
    Away(String),
    /// It refuses this bridge until somebody has put something right: tried again now and then.
    Refused(String),
}

impl LinkState {
    /// In one word, for monitoring.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Up => "up",
            Self::Away(_) => "away",
            Self::Refused(_) => "refused",
        }
    }

    /// Why it does not work.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Starting | Self::Up => None,
            Self::Away(why) | Self::Refused(why) => Some(why),
        }
    }
}

/// See the module.
pub struct Upstream {
    own: Arc<Sqlite>,
    link: watch::Receiver<Link>,
    stop: Arc<Stop>,
    ended: watch::Receiver<bool>,
}

#[derive(Default)]
struct Stop {
    asked: watch::Sender<bool>,
}

impl Upstream {
    /// Starts the thread, which writes the journal from now on. `hear` is told what other bridges of the site have on their boards,
    /// and each change of it, for as long as the database is there.
    ///
    /// # Errors
    /// [`StoreError`] of the bridge's own store.
    ///
    /// # Panics
    /// When the system cannot start a thread at program start.
    pub fn start(
        own: Arc<Sqlite>,
        target: Target,
        hear: impl Fn(News) + Send + 'static,
    ) -> Result<Self, StoreError> {
        let bell = Arc::new(Bell::default());
        let wake = Arc::clone(&bell);
        own.follow(&target.place, move || wake.ring())?;
        let (tell, link) =
            watch::channel(Link { state: LinkState::Starting, since: Timestamp::now() });
        let stop = Arc::new(Stop::default());
        let (ends, ended) = watch::channel(false);
        let sender = Sender {
            own: Arc::clone(&own),
            target,
            run: Run::new(crate::sessions::new_token()),
            bell,
            around: Around { known: Known::default(), hear: Box::new(hear), looked: None },
            seen: None,
            most: MOST,
            tell,
            stop: stop.asked.subscribe(),
        };
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let work = move || {
            runtime.block_on(sender.work());
            drop(ends);
        };
        let thread = thread::Builder::new().name("upstream".into()).spawn(work);
        thread.expect("the system can start a thread at program start");
        Ok(Self { own, link, stop, ended })
    }

    /// How it gets on.
    pub fn link(&self) -> Link {
        let mut link = self.link.borrow().clone();
        if self.link.has_changed().is_err() {
            // A bug, for which no patient has to wait: what is kept here is sent after the next start.
            link.state = LinkState::Away("its thread ended".into());
        }
        link
    }

    /// Changes that are not sent yet. Blocks.
    ///
    /// # Errors
    /// [`StoreError`] of the bridge's own store.
    pub fn unsent(&self) -> Result<u64, StoreError> {
        self.own.unsent()
    }

    /// Resolves when the thread has ended.
    pub async fn ended(&self) {
        // An error means that the thread dropped its end.
        let _ = self.ended.clone().wait_for(|ended| *ended).await;
    }

    /// Sends the rest, for a while, and ends the thread.
    pub async fn finish(&self) {
        self.stop.asked.send_replace(true);
        if timeout(STOPPING, self.ended()).await.is_err() {
            tracing::warn!(
                "the site's database does not answer: the rest is sent after the next start"
            );
        }
    }
}

/// What the thread owns.
struct Sender {
    own: Arc<Sqlite>,
    target: Target,
    run: Run,
    bell: Arc<Bell>,
    around: Around,
    /// When this bridge said last that it is there.
    seen: Option<Instant>,
    /// Entries of the next transaction.
    most: u32,
    tell: watch::Sender<Link>,
    stop: watch::Receiver<bool>,
}

/// What it hears of the other bridges.
struct Around {
    known: Known,
    hear: Box<dyn Fn(News) + Send>,
    looked: Option<Instant>,
}

impl Sender {
    async fn work(mut self) {
        let mut session: Option<Session> = None;
        let mut pause = PAUSE;
        while !self.stops() {
            match self.go_on(&mut session).await {
                Ok(()) => {
                    now(&self.tell, LinkState::Up);
                    pause = PAUSE;
                    self.until_news(AROUND).await;
                }
                Err(trouble) => {
                    session = None;
                    let text = trouble.to_string();
                    let refused = matches!(trouble, Trouble::Refused(_));
                    let state =
                        if refused { LinkState::Refused(text) } else { LinkState::Away(text) };
                    now(&self.tell, state);
                    let wait = if refused { LONGEST } else { pause };
                    let mut stop = self.stop.clone();
                    // An error means that the bridge is gone.
                    let _ = timeout(wait, stop.wait_for(|stop| *stop)).await;
                    pause = (pause * 2).min(LONGEST);
                }
            }
        }
        if session.is_some() {
            // What is left is sent after the next start.
            let _ = timeout(STOPPING, self.go_on(&mut session)).await;
        }
    }

    /// It was asked to stop, or there is nobody any more who could ask.
    fn stops(&self) -> bool {
        *self.stop.borrow() || self.stop.has_changed().is_err()
    }

    /// Sends everything that is due, and hears what is new.
    async fn go_on(&mut self, session: &mut Option<Session>) -> Result<(), Trouble> {
        let session = if let Some(session) = session {
            session
        } else {
            let Target { address, place } = &self.target;
            let bell = Arc::clone(&self.bell);
            (self.around.looked, self.seen) = (None, None);
            session.insert(Session::open(address, place, &self.own, &mut self.run, bell).await?)
        };
        while let Some(shipment) = self.own.shipment(self.most)? {
            let sent = session.send(&shipment).await;
            self.most = next_most(self.most, sent.is_ok());
            sent?;
            self.own.sent(shipment.through)?;
            // However much is left.
            now(&self.tell, LinkState::Up);
        }
        // Asking notices a connection that is gone.
        if is_due(self.seen, QUIET) {
            session.be_seen().await?;
            session.forget(in_japan(Timestamp::now() - LEFT_BEHIND).date()).await?;
            self.seen = Some(Instant::now());
        }
        let around = &mut self.around;
        if self.bell.take_others() || is_due(around.looked, AROUND) {
            let news = session.look_around(&mut around.known).await?;
            (around.hear)(news);
            around.looked = Some(Instant::now());
        }
        Ok(())
    }

    /// Waits for news, so long at most.
    async fn until_news(&self, most: Duration) {
        let mut stop = self.stop.clone();
        tokio::select! {
            () = self.bell.rings() => {}
            _ = stop.wait_for(|stop| *stop) => {}
            () = tokio::time::sleep(most) => {}
        }
    }
}

fn is_due(last: Option<Instant>, every: Duration) -> bool {
    last.is_none_or(|last| last.elapsed() >= every)
}

/// Entries of the transaction after one that had so many.
fn next_most(most: u32, came_through: bool) -> u32 {
    if came_through { (most + FURTHER).min(MOST) } else { (most / 2).max(1) }
}

fn now(tell: &watch::Sender<Link>, state: LinkState) {
    tell.send_if_modified(|link| {
        let is_new = link.state != state;
        // Away is away, whatever the reason of the last try.
        let goes_on = matches!((&link.state, &state), (LinkState::Away(_), LinkState::Away(_)));
        if is_new && !goes_on {
            match &state {
                LinkState::Up => tracing::info!("the site's database is there"),
                LinkState::Away(why) => tracing::warn!(
                    why,
                    "the site's database is away: everything goes on, and is sent when it is back"
                ),
                LinkState::Refused(why) => {
                    tracing::error!(why, "the site's database refuses this bridge");
                }
                LinkState::Starting => {}
            }
        }
        if is_new {
            let since = if goes_on { link.since } else { Timestamp::now() };
            *link = Link { state, since };
        }
        is_new
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_line_is_given_less_at_a_time_and_a_good_one_more_again() {
        let mut most = MOST;
        for expected in [250, 125, 62, 31] {
            most = next_most(most, false);
            assert_eq!(most, expected);
        }
        assert_eq!((next_most(most, true), next_most(MOST, true)), (31 + FURTHER, MOST));
        assert_eq!(next_most(1, false), 1);
    }
}
