//! Appends records in order, away from the desk.

use crate::store::Store;
use crate::vital::Vital;
use checkin::{Record, VisitId};
use jiff::Timestamp;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::sync::mpsc;

/// Records that wait for the disk.
const WAITING: usize = 256;

pub(super) type Entry = (VisitId, Timestamp, Record);

/// Its own thread, because the disk may take its time.
pub(super) struct Recorder {
    sender: mpsc::Sender<Entry>,
    thread: JoinHandle<()>,
}

impl Recorder {
    pub(super) fn start(store: Arc<dyn Store>, vital: &Vital) -> Self {
        let (sender, mut entries) = mpsc::channel::<Entry>(WAITING);
        let write = move || {
            while let Some((visit, at, record)) = entries.blocking_recv() {
                if let Err(error) = store.append(visit, at, &record) {
                    tracing::error!(%error, visit = visit.0, "a record was not kept");
                }
            }
        };
        Self { sender, thread: vital.spawn("store", write) }
    }

    pub(super) fn append(&self, entry: Entry) {
        if self.sender.try_send(entry).is_err() {
            tracing::error!("the store does not keep up: a record was lost");
        }
    }

    /// Waits until everything is written.
    pub(super) async fn finish(self) {
        drop(self.sender);
        let waited = tokio::task::spawn_blocking(|| self.thread.join()).await;
        if !matches!(waited, Ok(Ok(()))) {
            tracing::error!("the store ended in a panic");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Sqlite;

    #[tokio::test]
    async fn the_end_of_the_thread_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let (vital, mut ended) = Vital::new();
        let recorder = Recorder::start(Arc::new(Sqlite::open(folder.path()).unwrap()), &vital);
        recorder.finish().await;
        assert_eq!(ended.next().await, "store");
    }
}
