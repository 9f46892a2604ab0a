//! Result files on their way to the receipt computer: first a row in the outbox, then the file, on a
//! thread of its own, because a folder may block for as long as it likes.

mod file;
mod folder;
mod outbox;

pub(crate) use file::Writer;
pub use folder::{Directory, Folder};
pub(crate) use outbox::UNSURE;
pub use outbox::{Outbox, Receiver};

use crate::board::Board;
use crate::config::Config;
use crate::store::{Batch, Hold, Op, Settled, Store, Waiting};
use checkin::VisitId;
use checkin::deadlines::LOCAL_MS;
use checkin::effect::Handover;
use checkin::event::DeliveryTrouble;
use jiff::Timestamp;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{oneshot, watch};

/// First and longest pause between two tries of the outbox.
const PAUSE: (Duration, Duration) = (Duration::from_secs(2), Duration::from_mins(1));
/// Temporary files that nobody waits for are looked for so often.
const SWEEP: Duration = Duration::from_mins(10);
/// The store gets so long to take a result.
const STORE: Duration = Duration::from_secs(4);
/// The folder gets so long, before the person is told that the result waits.
const FILE: Duration = Duration::from_secs(2);
const _: () = assert!(
    STORE.as_millis() + FILE.as_millis() < LOCAL_MS as u128,
    "the visit is told before it gives up"
);
/// Between two looks whether a result can be taken out of the store's queue again.
const LOOK: Duration = Duration::from_millis(100);
/// When the program stops, a folder that answers gets so long.
const STOPPING: Duration = Duration::from_secs(1);

/// A result, ready for the outbox.
pub struct Prepared {
    /// File name, used once.
    pub name: String,
    /// Puts it there.
    pub op: Op,
    /// Texts in which ● stands for characters that the encoding lacks.
    pub lost: Vec<oqs::Lost>,
}

/// See the module.
pub struct Delivery {
    outbox: Outbox,
    writer: Writer,
    board: Arc<Board>,
    /// Who waits for a file of this name to appear.
    asked: Mutex<HashMap<String, oneshot::Sender<Result<(), DeliveryTrouble>>>>,
    work: Mutex<Work>,
    changed: Condvar,
    ended: watch::Sender<bool>,
}

/// What the thread is to do.
#[derive(Default)]
struct Work {
    /// Something was queued.
    queued: bool,
    stop: bool,
}

impl Delivery {
    /// Starts the thread, for a folder that is made when it lies in the data folder. Files of practice
    /// say what they are.
    ///
    /// # Panics
    /// When the system cannot start a thread at program start.
    pub fn start(
        config: &Config,
        practice: bool,
        folder: PathBuf,
        store: Arc<dyn Store>,
        board: Arc<Board>,
    ) -> Arc<Self> {
        if folder.starts_with(&config.data) {
            // A failure shows at the first delivery, with its reason.
            let _ = std::fs::create_dir_all(&folder);
        }
        let writer = Writer::new(config, practice);
        let institution = writer.institution().clone();
        let this = Arc::new(Self {
            outbox: Outbox::new(store, Box::new(Directory(folder)), institution),
            writer,
            board,
            asked: Mutex::default(),
            work: Mutex::default(),
            changed: Condvar::new(),
            ended: watch::Sender::new(false),
        });
        let mine = Arc::clone(&this);
        let thread = std::thread::Builder::new().name("delivery".into()).spawn(move || {
            let _ends = Ends(&mine.ended);
            mine.work();
        });
        thread.expect("the system can start a thread at program start");
        this
    }

    /// The file of a result.
    ///
    /// # Errors
    /// Why no file can take it, without repeating a value: staff enter it by hand.
    pub fn prepare(
        &self,
        visit: VisitId,
        handover: &Handover,
        now: Timestamp,
    ) -> Result<Prepared, String> {
        let file = self.writer.write(handover, self.board.chart(visit).as_deref(), now)?;
        let name = file.name.to_string();
        let op = Op::Queue { visit, name: name.clone(), content: file.content, at: now };
        Ok(Prepared { name, op, lost: file.lost })
    }

    /// Waits until a prepared result is in the folder, or at least in the outbox. A store that does
    /// not take it in time does not get it any more: `by_hand` is kept in its place as soon as it can
    /// be.
    ///
    /// # Errors
    /// [`DeliveryTrouble`]: what to tell the person.
    pub async fn deliver(
        &self,
        name: String,
        (mut kept, hold): (oneshot::Receiver<()>, Arc<Hold>),
        by_hand: impl Fn() -> Option<Op>,
    ) -> Result<(), DeliveryTrouble> {
        let (appeared, mut is_there) = oneshot::channel();
        self.asked().insert(name.clone(), appeared);
        let mut patience = STORE;
        loop {
            match tokio::time::timeout(patience, &mut kept).await {
                Ok(Ok(())) => break,
                // The program stops, or the queue is full: nothing of it was kept.
                Ok(Err(_)) => return Err(DeliveryTrouble::ByHand),
                Err(_) if hold.replace(&by_hand) => return Err(DeliveryTrouble::ByHand),
                // It is being kept right now.
                Err(_) => patience = LOOK,
            }
        }
        self.poke();
        let waited = tokio::time::timeout(FILE, &mut is_there).await;
        self.asked().remove(&name);
        waited.unwrap_or(Ok(Err(DeliveryTrouble::Queued))).unwrap_or(Err(DeliveryTrouble::Queued))
    }

    /// What was handed over of a visit has changed: a new file tells it, in place of what waits and behind
    /// what has appeared. What fits no file goes to the staff. Gives what resolves when that is kept, which
    /// is when to [`Self::poke`].
    pub fn tell_again(
        &self,
        visit: VisitId,
        handover: &Handover,
        at: Timestamp,
    ) -> oneshot::Receiver<()> {
        let queue = match self.prepare(visit, handover, at) {
            Ok(prepared) => {
                self.board.fits(visit, prepared.lost);
                Some(prepared.op)
            }
            Err(why) => {
                self.board.by_hand(visit, why, Some(handover));
                None
            }
        };
        let (kept, is_kept) = oneshot::channel();
        self.board.keep(&[visit], || {
            let ops = queue.into_iter().collect();
            Batch { ops, kept: vec![kept], ..Batch::default() }
        });
        is_kept
    }

    /// There may be something to do.
    pub fn poke(&self) {
        self.lock().queued = true;
        self.changed.notify_all();
    }

    /// Resolves when the thread has ended.
    pub async fn ended(&self) {
        // It cannot fail: the sender lives in here.
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }

    /// Ends the thread, unless its folder does not answer.
    pub async fn finish(&self) {
        self.lock().stop = true;
        self.changed.notify_all();
        if tokio::time::timeout(STOPPING, self.ended()).await.is_err() {
            tracing::warn!(
                "the result folder does not answer: the outbox goes on at the next start"
            );
        }
    }

    /// Empties the outbox, again and again.
    fn work(&self) {
        let (mut pause, mut swept) = (PAUSE.0, None::<Instant>);
        loop {
            let passed = self.outbox.pass(Timestamp::now(), self);
            if passed.is_ok() && swept.is_none_or(|at| at.elapsed() > SWEEP) {
                swept = Some(Instant::now());
                let swept = self.outbox.sweep().and_then(|()| self.outbox.forget(Timestamp::now()));
                if let Err(error) = swept {
                    tracing::warn!(error, "temporary files were not looked for");
                }
            }
            let work = self.lock();
            let work = match passed {
                Ok(()) => {
                    pause = PAUSE.0;
                    let idle = |work: &mut Work| !work.queued && !work.stop;
                    self.changed.wait_timeout_while(work, SWEEP, idle)
                }
                Err(error) => {
                    tracing::warn!(error, "the outbox waits");
                    let waits = pause;
                    pause = (pause * 2).min(PAUSE.1);
                    self.changed.wait_timeout_while(work, waits, |work| !work.stop)
                }
            };
            let mut work = work.unwrap_or_else(PoisonError::into_inner).0;
            if work.stop {
                return;
            }
            work.queued = false;
        }
    }

    /// Settles a row together with what the board is `told` of it. `false`: the program ends before.
    fn settle(&self, row: &Waiting, how: Settled, told: impl FnOnce()) -> bool {
        let (kept, is_kept) = oneshot::channel();
        self.board.keep(&[row.visit], || {
            told();
            let settled = Op::Settle { id: row.id, how, at: Timestamp::now() };
            Batch { ops: vec![settled], kept: vec![kept], ..Batch::default() }
        });
        // The store keeps trying; this thread has nothing better to do.
        is_kept.blocking_recv().is_ok()
    }

    fn tell(&self, name: &str, outcome: Result<(), DeliveryTrouble>) {
        if let Some(asked) = self.asked().remove(name) {
            // Who asked may have stopped waiting.
            let _ = asked.send(outcome);
        }
    }

    fn asked(
        &self,
    ) -> MutexGuard<'_, HashMap<String, oneshot::Sender<Result<(), DeliveryTrouble>>>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a file that was written here says.
fn handover_of(content: &[u8]) -> Option<Handover> {
    oqs::parse(content).ok()?.handover().ok()
}

struct Ends<'a>(&'a watch::Sender<bool>);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.send_replace(true);
    }
}

impl Receiver for Delivery {
    fn delivered(&self, row: &Waiting) {
        tracing::info!(visit = row.visit.0, "a result file is in the folder");
        self.tell(&row.name, Ok(()));
    }

    fn late(&self, row: &Waiting, of: Timestamp, content: &[u8]) -> bool {
        let handover = handover_of(content);
        let now = Timestamp::now();
        let told = || self.board.late(row.visit, of, handover.as_ref(), now);
        self.settle(row, Settled::Delivered, told)
    }

    fn by_hand(&self, row: &Waiting, content: &[u8], why: &str) -> bool {
        tracing::error!(visit = row.visit.0, "a waiting result goes to the staff");
        let handover = handover_of(content);
        let told = || self.board.by_hand(row.visit, why.into(), handover.as_ref());
        let done = self.settle(row, Settled::ByHand, told);
        self.tell(&row.name, Err(DeliveryTrouble::ByHand));
        done
    }
}

#[cfg(test)]
mod tests;
