//! The clinic's 資格確認端末, asked by files: a request into its folder `req`, the answer from `res` (domain-facts B1 to B5, B9).
//!
//! One thread looks after both folders (`watch.rs`), because a share may block for as long as it likes; [`Folder::ask`] hands it a
//! question and waits. What an answer has to say so that it is taken for the person asked about is in `answer.rs`.

mod answer;
mod asked;
pub(crate) mod bulk;
mod names;
mod register;
mod watch;

use super::{EligibilityGateway, Registered};
use crate::config::PRACTICE_INSTITUTION;
use asked::Put;
use checkin::deadlines::{TERMINAL_MS, TERMINAL_STUCK_MS};
use checkin::gateway::{GatewayTrouble, Reach};
use checkin::number::Numbers;
use checkin::{Question, Reply};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use oqs::{Encoding, InstitutionCode, Message, WriteError, Xml, to_xml};
use register::Registering;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;
use tokio::sync::oneshot;
use watch::Watch;

pub(crate) use answer::Said;
pub(crate) use names::{UNTAKEN, is_untaken};

/// Questions that may be under way at the same time: more than a site has people at its kiosks.
const AT_ONCE: usize = 256;
/// Between two looks into `res`. Shares do not tell of new files; a look is one call.
const POLL: Duration = Duration::from_millis(150);
/// A file is whole that was the same twice, so far apart (domain-facts B3).
const SETTLED: Duration = Duration::from_millis(300);

/// The terminal of a site.
#[derive(Clone, Debug)]
pub struct Terminal {
    /// The folder with `req` and `res`.
    pub folder: PathBuf,
    /// Who asks.
    pub institution: InstitutionCode,
    /// How requests are written.
    pub encoding: Encoding,
    /// So long an answer is waited for.
    pub wait: Duration,
    /// It is told the chart numbers (照会番号) of people who are certain in the clinic's list.
    pub register_charts: bool,
}

impl Terminal {
    /// With the time that [`Question::late_after_ms`] gives it.
    pub fn new(folder: PathBuf, institution: InstitutionCode) -> Self {
        let wait = Duration::from_millis(TERMINAL_MS);
        Self { folder, institution, encoding: Encoding::Utf8, wait, register_charts: false }
    }

    /// The request about the person with these numbers; see [`Message::of_numbers`].
    pub(crate) fn request(
        &self,
        identifier: &str,
        numbers: &Numbers,
        limit: bool,
        now: Timestamp,
    ) -> Result<Xml, WriteError> {
        let institution = self.institution.clone();
        let message = Message::of_numbers(institution, identifier, numbers, limit, now)?;
        to_xml(&message, self.encoding)
    }

    /// Where requests go.
    pub(crate) fn req(&self) -> PathBuf {
        self.folder.join("req")
    }

    /// Where answers come.
    pub(crate) fn res(&self) -> PathBuf {
        self.folder.join("res")
    }
}

/// What the thread is to do.
enum Task {
    Ask(Put),
    Register(Registering),
}

/// See the module.
pub struct Folder {
    tasks: SyncSender<Task>,
    wait: Duration,
    register_charts: bool,
    stand_in: bool,
    well: Arc<AtomicBool>,
}

impl Folder {
    /// Starts the thread. Nothing is looked for before.
    ///
    /// # Panics
    /// When the system cannot start a thread at program start.
    pub fn start(terminal: Terminal) -> Self {
        let (tasks, queue) = sync_channel(AT_ONCE);
        let register_charts = terminal.register_charts;
        let stand_in = terminal.institution.as_str() == PRACTICE_INSTITUTION;
        let (wait, well) = (terminal.wait, Arc::new(AtomicBool::new(true)));
        let watch = Watch::new(terminal, queue, Arc::clone(&well));
        let thread = std::thread::Builder::new().name("terminal".into());
        thread.spawn(move || watch.run()).expect("the system can start a thread at program start");
        Self { tasks, wait, register_charts, stand_in, well }
    }
}

impl EligibilityGateway for Folder {
    /// No institution has the code of practice, so no real terminal answers it.
    fn simulated(&self) -> bool {
        self.stand_in
    }

    /// What is practised leaves no files, at a stand-in either.
    fn may_practise(&self) -> bool {
        false
    }

    fn reach(&self) -> Reach {
        Reach::Numbers
    }

    fn at_once(&self) -> usize {
        AT_ONCE
    }

    /// What is asked by numbers has the site's own time; the thread keeps it, and is waited for a little longer.
    fn late_after(&self, question: &Question) -> Duration {
        match question {
            Question::QueryNumbers { .. } => self.wait + Duration::from_millis(TERMINAL_STUCK_MS),
            other => Duration::from_millis(other.late_after_ms(self.reach())),
        }
    }

    fn is_well(&self) -> bool {
        self.well.load(Relaxed)
    }

    /// A terminal hears of no card: whatever is asked about one is [`GatewayTrouble::Down`], and its folders are not touched.
    fn ask(&self, question: Question) -> BoxFuture<'_, Reply> {
        let down = question.failed(GatewayTrouble::Down);
        let Question::QueryNumbers { numbers, limit_certificate } = question else {
            return std::future::ready(down).boxed();
        };
        let (tell, told) = oneshot::channel();
        let put = Put::new(numbers, limit_certificate, self.wait, tell);
        let taken = self.tasks.try_send(Task::Ask(put)).is_ok();
        // Between the end of the thread's own patience and that of whoever asks.
        let patience = self.wait + Duration::from_millis(TERMINAL_STUCK_MS / 2);
        async move {
            if !taken {
                tracing::error!("too many questions wait for the terminal's folders");
                return down;
            }
            match tokio::time::timeout(patience, told).await {
                Ok(Ok(reply)) => reply,
                Ok(Err(_)) => down,
                Err(_) => {
                    tracing::error!("the terminal's folders do not answer: check the share");
                    down
                }
            }
        }
        .boxed()
    }
    fn registers_charts(&self) -> bool {
        self.register_charts
    }

    fn register_chart(&self, chart: String, numbers: Numbers) -> BoxFuture<'_, Registered> {
        let (tell, told) = oneshot::channel();
        let task = Task::Register(Registering::new(chart, Box::new(numbers), self.wait, tell));
        let taken = self.register_charts && self.tasks.try_send(task).is_ok();
        let patience = self.wait + Duration::from_millis(TERMINAL_STUCK_MS);
        async move {
            if !taken {
                return Registered::Unanswered;
            }
            match tokio::time::timeout(patience, told).await {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(_)) | Err(_) => Registered::Unanswered,
            }
        }
        .boxed()
    }
}
