//! Result files on their way to the receipt computer, and the outbox for a folder that is away.

use crate::config::Config;
use crate::store::Store;
use checkin::effect::Handover;
use jiff::Timestamp;
use oqs::{FileName, FolderError, InstitutionCode, ResultFile, write_atomically};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// First and longest pause between two tries of the outbox.
const PAUSE: (Duration, Duration) = (Duration::from_secs(2), Duration::from_mins(1));

/// Why a result is not where the receipt computer reads it.
#[derive(Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// It waits in the outbox and leaves it by itself.
    Queued,
    /// No file can take it, for this reason, which does not repeat it: staff enter it by hand.
    ByHand(String),
}

/// Writes result files.
pub struct Delivery {
    folder: PathBuf,
    institution: InstitutionCode,
    encoding: oqs::Encoding,
    store: Arc<dyn Store>,
    /// One writer per folder.
    writing: Mutex<()>,
    queued: Notify,
}

impl Delivery {
    /// For the folder of the configuration, which is made when it lies in the data folder.
    pub fn new(config: &Config, store: Arc<dyn Store>) -> Self {
        if config.result_folder.starts_with(&config.data) {
            // A failure shows at the first delivery, with its reason.
            let _ = std::fs::create_dir_all(&config.result_folder);
        }
        Self {
            folder: config.result_folder.clone(),
            institution: config.institution.clone(),
            encoding: config.encoding,
            store,
            writing: Mutex::new(()),
            queued: Notify::new(),
        }
    }

    /// Writes one result, or keeps it in the outbox. Blocks.
    ///
    /// # Errors
    /// [`Undelivered`].
    pub fn deliver(&self, handover: &Handover, now: Timestamp) -> Result<(), Undelivered> {
        let id: [u8; 10] = rand::random();
        let name = FileName::face(self.institution.clone(), &hex::encode(id), now);
        let name = name.expect("20 hex digits and the present time make a name");
        let file = ResultFile::of_check_in(self.institution.clone(), "", handover, now);
        let xml = match oqs::to_xml(&file, self.encoding) {
            Ok(xml) => xml.bytes,
            Err(error) => {
                // Values come from the gateway; the error names the element, not its value.
                tracing::error!(%error, "the result does not fit the file: staff enter it by hand");
                return Err(Undelivered::ByHand(error.to_string()));
            }
        };
        match self.write(&name, &xml) {
            Ok(()) => Ok(()),
            Err(error) => {
                tracing::error!(%error, "the result file waits in the outbox");
                if let Err(error) = self.store.queue(&name.to_string(), &xml) {
                    tracing::error!(%error, "the outbox does not work either: staff enter the result by hand");
                    return Err(Undelivered::ByHand(format!("the outbox does not work: {error}")));
                }
                self.queued.notify_one();
                Err(Undelivered::Queued)
            }
        }
    }

    fn write(&self, name: &FileName, xml: &[u8]) -> Result<(), FolderError> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        write_atomically(&self.folder, name, xml).map(|_| ())
    }

    /// Tries the oldest waiting file once: `true` = one was delivered, `false` = none waits.
    ///
    /// # Errors
    /// One sentence, when it still waits.
    pub fn retry(&self) -> Result<bool, String> {
        let Some(waiting) = self.store.first_waiting().map_err(|error| error.to_string())? else {
            return Ok(false);
        };
        let name: FileName = waiting.name.parse().map_err(|error| format!("outbox: {error}"))?;
        self.write(&name, &waiting.content).map_err(|error| error.to_string())?;
        self.store.delivered(waiting.id).map_err(|error| error.to_string())?;
        tracing::info!("a result file left the outbox");
        Ok(true)
    }

    /// Empties the outbox, again and again, until cancelled.
    pub async fn run(self: Arc<Self>) {
        let mut pause = PAUSE.0;
        loop {
            let this = Arc::clone(&self);
            match tokio::task::spawn_blocking(move || this.retry()).await {
                Ok(Ok(true)) => pause = PAUSE.0,
                Ok(Ok(false)) => {
                    pause = PAUSE.0;
                    self.queued.notified().await;
                    tokio::time::sleep(pause).await;
                }
                Ok(Err(error)) => {
                    tracing::warn!(error, "the outbox waits");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(PAUSE.1);
                }
                Err(_) => return,
            }
        }
    }
}
