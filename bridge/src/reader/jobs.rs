//! A bounded queue of card jobs, answered one by one.

use card::{Done, Verb};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use tokio::sync::oneshot;

/// Jobs waiting. The visit has one command in the air; a release may wait behind it.
const WAITING: usize = 4;

/// One verb and where its answer goes.
pub(super) struct Job {
    pub(super) verb: Verb,
    pub(super) answer: oneshot::Sender<Done>,
}

/// The sending end; `None`: there is nobody at the other one.
#[derive(Clone)]
pub struct Jobs(Option<SyncSender<Job>>);

impl Jobs {
    pub(super) fn new() -> (Self, Receiver<Job>) {
        let (sender, receiver) = sync_channel(WAITING);
        (Self(Some(sender)), receiver)
    }

    /// Of a kiosk without a reader: every verb fails at once.
    pub(super) fn nowhere() -> Self {
        Self(None)
    }

    /// Queues a verb. The answer is [`Verb::failed`] when the thread is stuck or gone.
    pub(super) fn send(&self, verb: Verb) -> impl Future<Output = Done> + Send + use<> {
        let failed = verb.failed();
        let (answer, wait) = oneshot::channel();
        let queued = self.0.as_ref().map(|jobs| jobs.try_send(Job { verb, answer }).is_ok());
        async move {
            let Some(queued) = queued else { return failed };
            if !queued {
                tracing::error!("the reader does not take jobs any more");
                return failed;
            }
            wait.await.unwrap_or(failed)
        }
    }
}
