//! An official reader (顔認証付きカードリーダー) stands beside the kiosk. Nobody can be asked there; its result files are read as
//! they appear in its folder `face` (domain-facts B1, B2, B9, G3), and never changed or removed.

use super::EligibilityGateway;
use ::beside::{Files, Reading};
use checkin::gateway::{GatewayTrouble, Reach};
use checkin::{Millis, Question, Reply};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use oqs::{FileName, FolderError, Message};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Between two looks. Shares do not tell of new files; a program of the field looks as often.
const POLL: Duration = Duration::from_millis(500);
/// Names of files in the folder that are looked at: what lies there for years is more than anybody needs.
const MOST: usize = 100_000;

/// Hears what an eligibility system tells without having been asked.
pub trait Unasked: Send + Sync {
    /// The names of the files that were taken before.
    fn taken(&self) -> Vec<String>;

    /// A new file is whole. `false`: it could not be kept, because the program ends. May block.
    fn arrived(&self, name: &FileName, message: &Message) -> bool;
}

/// See the module.
pub struct Beside {
    folder: PathBuf,
    well: Arc<AtomicBool>,
    /// The thread ends with it.
    alive: Mutex<Option<Sender<()>>>,
}

impl Beside {
    /// With this folder. Nothing is looked for before somebody hears of it.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, well: Arc::new(AtomicBool::new(true)), alive: Mutex::default() }
    }
}

impl EligibilityGateway for Beside {
    fn simulated(&self) -> bool {
        false
    }

    fn may_practise(&self) -> bool {
        false
    }

    fn reach(&self) -> Reach {
        Reach::Nothing
    }

    fn is_well(&self) -> bool {
        self.well.load(Relaxed)
    }

    /// Asking once more would change nothing.
    fn ask(&self, question: Question) -> BoxFuture<'_, Reply> {
        std::future::ready(question.failed(GatewayTrouble::Refused)).boxed()
    }

    fn tell_unasked(&self, hears: Arc<dyn Unasked>) {
        let (alive, ends) = channel();
        *self.alive.lock().unwrap_or_else(PoisonError::into_inner) = Some(alive);
        let files = Files::new(hears.taken());
        let (folder, well, reached) = (self.folder.clone(), Arc::clone(&self.well), true);
        let watch = Watch { folder, well, reached, files, hears, started: Instant::now(), ends };
        let thread = std::thread::Builder::new().name("beside".into());
        thread.spawn(move || watch.run()).expect("the system can start a thread at program start");
    }

    fn stop(&self) {
        self.alive.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// The thread that looks into the folder: the only one, because a share may block for as long as it likes.
struct Watch {
    folder: PathBuf,
    well: Arc<AtomicBool>,
    /// The folder could be used at the last look.
    reached: bool,
    files: Files,
    hears: Arc<dyn Unasked>,
    started: Instant,
    ends: Receiver<()>,
}

impl Watch {
    fn run(mut self) {
        loop {
            self.look();
            if self.ends.recv_timeout(POLL) == Err(RecvTimeoutError::Disconnected) {
                return;
            }
        }
    }

    fn look(&mut self) {
        let names = names(&self.folder);
        self.heed(names.as_ref().err());
        let Ok(names) = names else { return };
        for name in self.files.listed(names, Timestamp::now()) {
            // It may have been taken by the receipt computer meanwhile, and the others are read all the same.
            let Ok(Some(bytes)) = oqs::read(&self.folder, &name) else { continue };
            let ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
            match self.files.read(&name, &bytes, Millis(ms)) {
                Reading::Waits => {}
                Reading::Whole(message) => {
                    if !self.hears.arrived(&name, &message) {
                        self.files.again(&name);
                    }
                }
                Reading::Given(why) => {
                    tracing::error!(%name, why, "a file of the official reader cannot be read: it is left to the receipt computer");
                }
            }
        }
    }

    /// Whether the folder can be used, told when it changes.
    fn heed(&mut self, error: Option<&FolderError>) {
        let before = std::mem::replace(&mut self.reached, error.is_none());
        self.well.store(self.reached, Relaxed);
        match error {
            Some(error) if before => {
                tracing::error!(%error, folder = %self.folder.display(), "the folder of the official reader cannot be used");
            }
            None if !before => {
                tracing::info!("the folder of the official reader can be used again");
            }
            _ => {}
        }
    }
}

/// The result files that lie in the folder.
pub(crate) fn names(folder: &Path) -> Result<Vec<FileName>, FolderError> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)?.take(MOST) {
        let name = entry?.file_name();
        found.extend(name.to_str().and_then(|name| name.parse::<FileName>().ok()));
    }
    Ok(found)
}
