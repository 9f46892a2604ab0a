//! One thread that writes everything into the store, in order, and tries again until it is kept: the
//! disk may be full, or another program may hold the file. What waits is counted.

use super::{Op, Store};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};
use tokio::sync::{oneshot, watch};

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(300);
/// More than a kiosk produces while its store does not work: no visit begins then.
const MOST: u64 = 20_000;
/// When the program stops, the disk gets this long.
const STOPPING: Duration = Duration::from_secs(3);

/// What is kept together, or not at all.
#[derive(Default)]
pub struct Batch {
    /// In order.
    pub ops: Vec<Op>,
    /// To take the result file out again that is among them.
    pub hold: Option<Arc<Hold>>,
    /// Told when everything is kept.
    pub kept: Vec<oneshot::Sender<()>>,
}

/// How the writer gets on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Things that wait to be kept.
    pub waiting: u64,
    /// Things that were given up: too many waited, or the program ended.
    pub lost: u64,
    /// The last try failed.
    pub failing: bool,
}

/// See the module.
pub struct Writer {
    sender: Mutex<Option<mpsc::Sender<Batch>>>,
    shared: Arc<Shared>,
    thread: Thread,
    failing: watch::Receiver<bool>,
    ended: watch::Receiver<bool>,
}

struct Shared {
    waiting: AtomicU64,
    lost: AtomicU64,
    /// Nothing is tried again any more.
    gives_up: AtomicBool,
}

impl Writer {
    /// Starts the thread.
    ///
    /// # Panics
    /// When the system cannot start a thread at program start.
    pub fn start(store: Arc<dyn Store>) -> Self {
        let (sender, batches) = mpsc::channel();
        let (failing, is_failing) = watch::channel(false);
        let (ends, ended) = watch::channel(false);
        let shared = Arc::new(Shared {
            waiting: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            gives_up: AtomicBool::new(false),
        });
        let mine = Arc::clone(&shared);
        let work = move || {
            // Told by its end too, should the thread panic.
            let _ends = OnDrop(ends);
            for batch in batches {
                keep(&*store, batch, &mine, &failing);
            }
        };
        let thread = thread::Builder::new().name("store".into()).spawn(work);
        let thread = thread.expect("the system can start a thread at program start");
        let thread = thread.thread().clone();
        Self { sender: Mutex::new(Some(sender)), shared, thread, failing: is_failing, ended }
    }

    /// Keeps what `make` gives, behind everything that was sent before. `make` runs alone, so that
    /// what it looks at cannot be sent in another order.
    pub fn send(&self, make: impl FnOnce() -> Batch) {
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        let batch = make();
        let count = batch.ops.len() as u64;
        let room = self.shared.waiting.load(SeqCst) + count <= MOST;
        let sender = sender.as_ref().filter(|_| room);
        self.shared.waiting.fetch_add(count, SeqCst);
        if sender.is_none_or(|sender| sender.send(batch).is_err()) {
            self.shared.waiting.fetch_sub(count, SeqCst);
            self.shared.lost.fetch_add(count, SeqCst);
            tracing::error!(count, "the store does not keep up: records were lost");
        }
    }

    /// Resolves when everything sent so far is kept: `true`, or `false` after `patience`.
    pub async fn flush(&self, patience: Duration) -> bool {
        let (kept, is_kept) = oneshot::channel();
        self.send(|| Batch { kept: vec![kept], ..Batch::default() });
        matches!(tokio::time::timeout(patience, is_kept).await, Ok(Ok(())))
    }

    /// How it gets on.
    pub fn standing(&self) -> Standing {
        Standing {
            waiting: self.shared.waiting.load(SeqCst),
            lost: self.shared.lost.load(SeqCst),
            failing: *self.failing.borrow(),
        }
    }

    /// Turns `true` when a try failed, and `false` when one succeeded again.
    pub fn failing(&self) -> watch::Receiver<bool> {
        self.failing.clone()
    }

    /// Resolves when the thread has ended.
    pub async fn ended(&self) {
        // An error means that the thread dropped its end, which is the same.
        let _ = self.ended.clone().wait_for(|ended| *ended).await;
    }

    /// Takes nothing more and waits until everything is kept, for a while.
    pub async fn finish(&self) {
        self.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
        if tokio::time::timeout(STOPPING, self.ended()).await.is_err() {
            self.shared.gives_up.store(true, SeqCst);
            self.thread.unpark();
            let waiting = self.shared.waiting.load(SeqCst);
            tracing::error!(waiting, "the store does not work: records are lost");
        }
    }
}

struct OnDrop(watch::Sender<bool>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.send_replace(true);
    }
}

fn keep(store: &dyn Store, batch: Batch, shared: &Shared, failing: &watch::Sender<bool>) {
    let count = batch.ops.len() as u64;
    let hold = batch.hold.unwrap_or_default();
    let mut told = false;
    let kept = loop {
        let ops = hold.take(&batch.ops);
        match store.commit(ops.as_deref().unwrap_or(&batch.ops)) {
            Ok(()) => break true,
            Err(error) => {
                hold.give_back();
                if !std::mem::replace(&mut told, true) {
                    tracing::error!(%error, "the store does not work: records wait");
                }
            }
        }
        if shared.gives_up.load(SeqCst) {
            break false;
        }
        failing.send_replace(true);
        let until = Instant::now() + PAUSE;
        while let Some(rest) = until.checked_duration_since(Instant::now())
            && !shared.gives_up.load(SeqCst)
        {
            thread::park_timeout(rest);
        }
    };
    shared.waiting.fetch_sub(count, SeqCst);
    if !kept {
        shared.lost.fetch_add(count, SeqCst);
        return;
    }
    if failing.send_replace(false) {
        tracing::info!("the store works again");
    }
    for one in batch.kept {
        // Who asked may have stopped waiting.
        let _ = one.send(());
    }
}

/// On a result file in a batch: the file goes into the outbox, or is taken out before, never both.
#[derive(Default)]
pub struct Hold(Mutex<Held>);

#[derive(Default)]
enum Held {
    #[default]
    Free,
    /// Being kept, or kept.
    Taken,
    /// Taken out; this is kept in its place.
    Instead(Option<Op>),
}

impl Hold {
    /// Keeps what `instead` gives in the place of the file. `false`: too late, or not now, because it
    /// is being kept; then `instead` is not called.
    pub fn replace(&self, instead: impl FnOnce() -> Option<Op>) -> bool {
        let mut held = self.held();
        let free = matches!(*held, Held::Free);
        if free {
            *held = Held::Instead(instead());
        }
        free
    }

    /// The changed ops, if they were changed.
    fn take(&self, ops: &[Op]) -> Option<Vec<Op>> {
        let mut held = self.held();
        match &*held {
            Held::Instead(instead) => {
                let others = ops.iter().filter(|op| !matches!(op, Op::Queue { .. }));
                // Behind all others: it may be a newer row of the board than one among them.
                Some(others.chain(instead).cloned().collect())
            }
            Held::Free | Held::Taken => {
                *held = Held::Taken;
                None
            }
        }
    }

    fn give_back(&self) {
        let mut held = self.held();
        if matches!(*held, Held::Taken) {
            *held = Held::Free;
        }
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Sqlite, StoreError};
    use checkin::{Record, VisitId};
    use rusqlite::Connection;

    fn record(record: Record) -> Op {
        Op::Record { visit: VisitId(1), at: jiff::Timestamp::UNIX_EPOCH, record, by: None }
    }

    fn send(writer: &Writer, ops: Vec<Op>, hold: Option<Arc<Hold>>) -> oneshot::Receiver<()> {
        let (kept, is_kept) = oneshot::channel();
        writer.send(|| Batch { ops, hold, kept: vec![kept] });
        is_kept
    }

    #[tokio::test]
    async fn what_a_locked_store_refuses_is_kept_in_order_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(folder.path(), false).unwrap());
        let writer = Writer::start(Arc::clone(&store));
        let other = Connection::open(Sqlite::file(folder.path())).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        let records = [Record::Started, Record::Parked, Record::GaveUp];
        let mut last = None;
        for one in records {
            last = Some(send(&writer, vec![record(one)], None));
        }
        writer.failing().wait_for(|failing| *failing).await.unwrap();
        assert_eq!(writer.standing(), Standing { waiting: 3, lost: 0, failing: true });
        other.execute_batch("COMMIT").unwrap();
        last.unwrap().await.unwrap();
        assert_eq!(writer.standing(), Standing::default());
        assert_eq!(store.check_chain().unwrap(), 3);
        let sql = "SELECT group_concat(json_extract(line, '$.what')) FROM (SELECT line FROM audit ORDER BY seq)";
        let order: String = other.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(order, "started,parked,gave_up");
    }

    #[tokio::test]
    async fn a_file_is_queued_or_taken_out_and_never_both() {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(folder.path(), false).unwrap());
        let writer = Writer::start(Arc::clone(&store));
        let file = |name: &str| {
            let (visit, name) = (VisitId(1), name.to_owned());
            Op::Queue { visit, name, content: vec![1], at: jiff::Timestamp::UNIX_EPOCH }
        };
        let instead = || {
            let (visit, row) = (VisitId(1), "{}".to_owned());
            Op::Row { visit, version: 1, day: jiff::civil::date(2026, 11, 23), row, by_hand: true }
        };
        let hold = Arc::new(Hold::default());
        send(&writer, vec![file("a.xml")], Some(Arc::clone(&hold))).await.unwrap();
        assert!(!hold.replace(|| Some(instead())), "it is kept already");
        let other = Connection::open(Sqlite::file(folder.path())).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        let hold = Arc::new(Hold::default());
        let kept = send(&writer, vec![file("b.xml")], Some(Arc::clone(&hold)));
        writer.failing().wait_for(|failing| *failing).await.unwrap();
        while !hold.replace(|| Some(instead())) {
            tokio::task::yield_now().await;
        }
        other.execute_batch("COMMIT").unwrap();
        kept.await.unwrap();
        let names: Vec<_> = store.outbox().unwrap().into_iter().map(|row| row.name).collect();
        assert_eq!((names.as_slice(), store.by_hand().unwrap()), (&["a.xml".to_owned()][..], 1));
    }

    #[tokio::test]
    async fn the_end_waits_for_the_disk_but_not_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(folder.path(), false).unwrap());
        let writer = Writer::start(Arc::clone(&store));
        let other = Connection::open(Sqlite::file(folder.path())).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        let kept = send(&writer, vec![record(Record::Started)], None);
        writer.finish().await;
        writer.ended().await;
        assert!(kept.await.is_err());
        assert_eq!(writer.standing().lost, 1);
        send(&writer, vec![record(Record::Started)], None).await.unwrap_err();
        assert_eq!(writer.standing().lost, 2, "nothing is dropped unseen");
        assert!(matches!(store.check_chain(), Ok(0) | Err(StoreError::Database(_))));
    }
}
