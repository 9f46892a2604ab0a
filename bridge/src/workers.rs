//! Threads for calls that may take as long as they like: another program's system, a folder on the network, a slow disk.
//!
//! The runtime's own blocking threads serve the pages, and a call that never comes back would take one of them away for good.
//! So each kind of call has its own few threads here, and a bounded queue before them. Nobody waits for these threads: a call
//! whose deadline has passed is left alone (one that had not begun never begins), and the program ends without it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// Why a call gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undone {
    /// More calls wait than may: this one was not taken.
    #[error("too many calls wait")]
    Full,
    /// The deadline passed. The call may still be under way, or did never begin.
    #[error("the deadline passed")]
    Late,
    /// The call panicked; its thread lives on.
    #[error("the call panicked")]
    Panicked,
}

/// A few threads with a bounded queue. Calls begin in the order in which they were made.
pub struct Workers {
    name: &'static str,
    threads: usize,
    queue: SyncSender<Job>,
    busy: Arc<AtomicUsize>,
}

impl Workers {
    /// Starts `threads` threads; at most `waiting` more calls may wait for one.
    pub fn new(name: &'static str, threads: usize, waiting: usize) -> Self {
        let (queue, jobs) = sync_channel::<Job>(waiting);
        let jobs = Arc::new(Mutex::new(jobs));
        let busy = Arc::new(AtomicUsize::new(0));
        for _ in 0..threads {
            let (jobs, busy) = (Arc::clone(&jobs), Arc::clone(&busy));
            let thread = std::thread::Builder::new().name(name.into());
            let started = thread.spawn(move || work(name, &jobs, &busy));
            started.expect("the system can start a thread at program start");
        }
        Self { name, threads, queue, busy }
    }

    /// Queues a call at once, and waits for its answer until `deadline` has passed.
    ///
    /// # Errors
    /// [`Undone`].
    pub fn call<T: Send + 'static, F: FnOnce() -> T + Send + 'static>(
        &self,
        deadline: Duration,
        call: F,
    ) -> impl Future<Output = Result<T, Undone>> + Send + use<T, F> {
        let answer = self.run(call);
        async move { tokio::time::timeout(deadline, answer).await.unwrap_or(Err(Undone::Late)) }
    }

    /// The same, without a deadline: the caller has one of its own, or goes by when the call has come back.
    ///
    /// # Errors
    /// [`Undone`], except `Late`.
    pub fn run<T: Send + 'static, F: FnOnce() -> T + Send + 'static>(
        &self,
        call: F,
    ) -> impl Future<Output = Result<T, Undone>> + Send + use<T, F> {
        let (answer, wait) = oneshot::channel();
        let job = move || {
            // Nobody waits any more, so nobody would learn what it did.
            if !answer.is_closed() {
                // The other side may stop waiting at any time.
                let _ = answer.send(call());
            }
        };
        let queued = self.queue.try_send(Box::new(job)).is_ok();
        let name = self.name;
        async move {
            if !queued {
                tracing::error!(threads = name, "too many calls wait for these threads");
                return Err(Undone::Full);
            }
            wait.await.map_err(|_| Undone::Panicked)
        }
    }

    /// Whether every thread is in a call now, so that another one has to wait.
    pub fn all_busy(&self) -> bool {
        self.busy.load(Ordering::Relaxed) >= self.threads
    }
}

/// One thread, until the queue closes.
fn work(name: &str, jobs: &Mutex<Receiver<Job>>, busy: &AtomicUsize) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        busy.fetch_add(1, Ordering::Relaxed);
        if catch_unwind(AssertUnwindSafe(job)).is_err() {
            tracing::error!(threads = name, "a call panicked");
        }
        busy.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Longer than anything takes here.
    const PATIENCE: Duration = Duration::from_mins(1);

    #[tokio::test]
    async fn calls_begin_in_order_and_a_panic_costs_its_own_answer_only() {
        let workers = Workers::new("test", 1, 8);
        let order = Arc::new(Mutex::new(Vec::new()));
        let note = |number: u8| {
            let order = Arc::clone(&order);
            workers.call(PATIENCE, move || order.lock().unwrap().push(number))
        };
        let (first, second) = (note(1), note(2));
        let third = workers.call(PATIENCE, || panic!("as asked"));
        let fourth = note(4);
        assert_eq!(second.await, Ok(()));
        assert_eq!(first.await, Ok(()));
        assert_eq!(third.await, Err::<(), _>(Undone::Panicked));
        assert_eq!(fourth.await, Ok(()));
        assert_eq!(*order.lock().unwrap(), [1, 2, 4]);
    }

    #[tokio::test]
    async fn what_is_stuck_or_given_up_is_bounded_and_never_begins_late() {
        let workers = Workers::new("test", 2, 1);
        let (began, starts) = sync_channel(2);
        let (never, stuck) = sync_channel::<()>(0);
        let stuck = Arc::new(Mutex::new(stuck));
        for _ in 0..2 {
            let (began, stuck) = (began.clone(), Arc::clone(&stuck));
            let call = workers.call(Duration::ZERO, move || {
                began.send(()).unwrap();
                let _ = stuck.lock().unwrap().recv();
            });
            starts.recv_timeout(PATIENCE).unwrap();
            assert_eq!(call.await, Err(Undone::Late));
        }
        assert!(workers.all_busy());
        let ran = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&ran);
        let waits = workers.call(Duration::ZERO, move || count.fetch_add(1, Ordering::Relaxed));
        assert_eq!(workers.call(PATIENCE, || ()).await, Err(Undone::Full));
        assert_eq!(waits.await, Err(Undone::Late));
        // The stuck ones come back; the one that was given up is passed over, the next is served.
        drop(never);
        let served = loop {
            match workers.call(PATIENCE, || "served").await {
                Err(Undone::Full) => tokio::task::yield_now().await,
                other => break other,
            }
        };
        assert_eq!(served, Ok("served"));
        assert_eq!(ran.load(Ordering::Relaxed), 0);
    }
}
