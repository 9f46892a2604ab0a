//! What is kept: the store with its one writer, the staff board, and the results on their way.

use crate::board::Board;
use crate::config::Config;
use crate::delivery::Delivery;
use crate::reader::Kind;
use crate::store::{Sqlite, Store, StoreError, Writer};
use checkin::consent::Topic;
use checkin::secret::Serial;
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Names of the day before are wiped so long after midnight at most.
const TICK: Duration = Duration::from_secs(30);

/// One for the patients and one for practice, which are never mixed.
#[derive(Clone)]
pub struct Ledgers {
    patients: Arc<Ledger>,
    practice: Arc<Ledger>,
}

impl Ledgers {
    /// In the data folder; practice has a folder of its own in it, for its results too, whatever the
    /// configuration says. A kiosk that accepts practice cards at its reader has none for patients: its
    /// store is one of practice as well, and the configuration gives it no folder of a receipt computer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(config: &Config) -> Result<Self, StoreError> {
        let [_, practice] = Self::folders(&config.data);
        let rehearses = config.accept_practice_cards;
        let patients = Ledger::open(config, &config.data, &config.result_folder, rehearses)?;
        let practice = Ledger::open(config, &practice, &practice.join("face"), true)?;
        Ok(Self { patients: Arc::new(patients), practice: Arc::new(practice) })
    }

    /// Where they are kept in a data folder: that of the patients, that of practice.
    pub fn folders(data: &Path) -> [PathBuf; 2] {
        [data.to_owned(), data.join("practice")]
    }

    /// The one for this kind of reader.
    pub fn of(&self, kind: Kind) -> &Arc<Ledger> {
        match kind {
            Kind::Pcsc => &self.patients,
            Kind::Practice => &self.practice,
        }
    }

    /// See [`Ledger::run`].
    pub async fn run(self) {
        tokio::select! {
            () = self.patients.run() => {}
            () = self.practice.run() => {}
        }
    }

    /// See [`Ledger::finish`].
    pub async fn finish(&self) {
        tokio::join!(self.patients.finish(), self.practice.finish());
    }
}

/// See the module.
pub struct Ledger {
    /// Visits, audit, outbox, rows.
    pub store: Arc<dyn Store>,
    /// The one way into it.
    pub writer: Arc<Writer>,
    /// What the staff see.
    pub board: Arc<Board>,
    /// Result files.
    pub delivery: Arc<Delivery>,
}

impl Ledger {
    /// Opens the store in `data` and starts its threads.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(
        config: &Config,
        data: &Path,
        results: &Path,
        practice: bool,
    ) -> Result<Self, StoreError> {
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(data, practice)?);
        let writer = Arc::new(Writer::start(Arc::clone(&store)));
        let board =
            Board::open(Arc::clone(&store), Arc::clone(&writer), config.destinations.clone())?;
        let board = Arc::new(board);
        let delivery = Delivery::start(
            config,
            practice,
            results.to_owned(),
            Arc::clone(&store),
            Arc::clone(&board),
        );
        Ok(Self { store, writer, board, delivery })
    }

    /// The owner of this card took a consent back. The files of today's visits say so: in place of what
    /// waits, and behind what has appeared. To be called on the runtime.
    pub fn withdraw(&self, serial: &Serial, topic: Topic, at: Timestamp) {
        for (visit, handover) in self.board.withdraw(serial, topic, at) {
            match handover {
                Some(handover) => {
                    let kept = self.delivery.tell_again(visit, &handover, at);
                    let delivery = Arc::clone(&self.delivery);
                    tokio::spawn(async move {
                        // Should the program end before, the next start looks.
                        let _ = kept.await;
                        delivery.poke();
                    });
                }
                None => self.board.save(visit),
            }
        }
    }

    /// Wipes what has had its day, until a thread ends by itself, which is a bug.
    pub async fn run(&self) {
        let wipe = async {
            loop {
                tokio::time::sleep(TICK).await;
                let board = Arc::clone(&self.board);
                let store = Arc::clone(&self.store);
                let done = tokio::task::spawn_blocking(move || {
                    board.forget(Timestamp::now()).and_then(|()| store.tidy())
                });
                if let Ok(Err(error)) = done.await {
                    tracing::warn!(%error, "rows of the day before were not wiped");
                }
            }
        };
        tokio::select! {
            () = wipe => {}
            () = self.writer.ended() => tracing::error!("the thread of the store ended"),
            () = self.delivery.ended() => tracing::error!("the thread of the result files ended"),
        }
    }

    /// Ends the threads when everything is kept, for a while.
    pub async fn finish(&self) {
        self.delivery.finish().await;
        self.writer.finish().await;
    }
}
