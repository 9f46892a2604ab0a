//! The link to the card: a PC/SC reader, or the practice reader inside this program.
//!
//! Start at [`start`]. Each kind has a hand (`hand.rs`) that carries out card jobs one after another
//! and replaces itself when a reader goes mute; PC/SC has another thread that watches readers and
//! cards, so that a card pulled during a job is noticed too. Each thread owns its own PC/SC context,
//! because calls on one context wait for each other.

mod atr;
mod choose;
mod hand;
mod jobs;
mod pcsc;
pub mod practice;
mod slot;
mod switch;

pub use choose::ReaderChoice;
pub(crate) use choose::is_anothers;
pub use jobs::Jobs;
pub(crate) use pcsc::list;
pub use switch::{Kind, Notice, Status, Switch};

use crate::vital::Vital;
use card::Anchors;
use practice::Tray;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Notices in flight; readers change at human speed, so a full channel means a stuck desk.
const NOTICES: usize = 64;

/// Everything that one kiosk needs of the readers.
pub struct Readers {
    /// Card jobs go here.
    pub switch: Arc<Switch>,
    /// Reader events come from here.
    pub notices: mpsc::Receiver<Notice>,
    /// The practice tray; `None` when the configuration names a real reader, or none.
    pub tray: Option<Arc<Tray>>,
}

/// Starts the reader threads of one kiosk. `others` are what the other kiosks use.
///
/// With `auto`, a PC/SC reader is used when there is one that is not a virtual one; otherwise
/// practice begins. Once a reader was used, practice never comes back: a broken reader must not
/// turn a kiosk that serves patients into a practice kiosk.
pub fn start(
    choice: &ReaderChoice,
    others: Vec<ReaderChoice>,
    anchors: &Arc<Anchors>,
    vital: &Vital,
) -> Readers {
    let (sender, notices) = mpsc::channel(NOTICES);
    let practice_jobs = Jobs::new();
    let pcsc = (*choice != ReaderChoice::None).then(Jobs::new);
    let (to_pcsc, pcsc_jobs) =
        pcsc.map_or((Jobs::nowhere(), None), |(jobs, received)| (jobs, Some(received)));
    let switch = Arc::new(Switch::new(choice, sender, to_pcsc, practice_jobs.0));
    let tray = matches!(choice, ReaderChoice::Auto | ReaderChoice::Practice).then(|| {
        let tray = Arc::new(Tray::new(Arc::clone(&switch)));
        practice::start(&tray, practice_jobs.1, Arc::clone(anchors), vital);
        tray
    });
    match (choice, pcsc_jobs) {
        (ReaderChoice::Practice, _) => switch.begin_practice(),
        (ReaderChoice::Auto | ReaderChoice::Named(_), Some(jobs)) => {
            pcsc::start((choice.clone(), others), &switch, jobs, Arc::clone(anchors), vital);
        }
        (_, _) => switch.begin_without(),
    }
    Readers { switch, notices, tray }
}

/// Which of the readers the kiosk would take, for `doctor`.
pub(crate) fn chosen<'a>(choice: &ReaderChoice, names: &'a [String]) -> Option<&'a String> {
    choose::choose(choice, names, None).map(|at| &names[at])
}

/// Starts a named thread while the program runs; the hand starts another one should it end.
fn try_spawn(name: &str, body: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    std::thread::Builder::new().name(name.into()).spawn(body).map(drop)
}
