//! The door to the eligibility system. Built in: the simulator, in this process, the folders of a
//! terminal, the files of an official reader, and a service over HTTP. One for patients and
//! one for practice (`kinds.rs`).

pub(crate) mod beside;
mod blocking;
pub(crate) mod folder;
pub(crate) mod http;
mod kinds;
mod simulator;
mod turns;

pub use beside::{Beside, Unasked};
pub use blocking::OnThreads;
pub use folder::{Folder, Terminal};
pub use http::{ClientError, Http, Service};
pub use kinds::Gateways;
pub use simulator::Simulator;
pub use turns::Turn;

use checkin::gateway::{GatewayTrouble, Reach};
use checkin::number::Numbers;
use checkin::secret::Serial;
use checkin::{Question, Reply};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use turns::Turns;

/// Questions that may be with an eligibility system at the same time, unless it says otherwise; more wait for one of them to be
/// answered. One kiosk asks one question after another; more are under way only when the system does not come back from them.
pub const AT_ONCE: usize = 8;

/// What an eligibility system does. To add one, implement this and hand it to [`crate::start_with`].
pub trait EligibilityGateway: Send + Sync + 'static {
    /// Whether the answers are invented: said on every screen that shows them.
    fn simulated(&self) -> bool;

    /// Whether it may be asked in practice, too.
    fn may_practise(&self) -> bool {
        self.simulated()
    }

    /// By what it can be asked.
    fn reach(&self) -> Reach {
        Reach::Certificate
    }

    /// How many questions may be with it at the same time.
    fn at_once(&self) -> usize {
        AT_ONCE
    }

    /// When a question to it is given up.
    fn late_after(&self, question: &Question) -> Duration {
        Duration::from_millis(question.late_after_ms(self.reach()))
    }

    /// Whether it can be reached, as far as that is known without asking.
    fn is_well(&self) -> bool {
        true
    }

    /// Asks the system. Each question has one kind of reply, see [`Question::failed`]; another one counts as trouble.
    ///
    /// It may take as long as it likes: [`Gateway`] keeps the deadline, and what is answered later is thrown away. It is never
    /// dropped half done, unless the program ends. Once it has replied, with an answer or with trouble, it changes nothing at
    /// the system any more. It must not block; what has to goes through [`OnThreads`].
    fn ask(&self, question: Question) -> BoxFuture<'_, Reply>;

    /// Whether the site has it told by which numbers the clinic knows people.
    fn registers_charts(&self) -> bool {
        false
    }

    /// Tells it by which number the clinic knows the person with this insurance (照会番号). Must not block.
    fn register_chart(&self, _chart: String, _numbers: Numbers) -> BoxFuture<'_, Registered> {
        std::future::ready(Registered::Unanswered).boxed()
    }

    /// A practice card was taken off the reader; of no matter to a system that does not practise.
    /// Must not block.
    fn practice_card_taken(&self, _serial: &Serial) {}

    /// Where to tell what nobody asked for: called once, at the start. Most systems tell nothing. Must not block.
    fn tell_unasked(&self, _hears: Arc<dyn Unasked>) {}

    /// The program ends: nothing is told any more. Must not block.
    fn stop(&self) {}
}

/// What became of a chart number that an eligibility system was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// It has taken it.
    Done,
    /// It answered by an error.
    Refused,
    /// It has not answered in time, or could not be told.
    Unanswered,
    /// The number fits no request, or the answer is about another one.
    Unfit,
}

impl Registered {
    /// In log and audit.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Unanswered => "unanswered",
            Self::Unfit => "unfit",
        }
    }
}

/// The eligibility system behind deadlines and turns, so that a question that is never answered holds nothing else up.
pub struct Gateway {
    system: Arc<dyn EligibilityGateway>,
    places: Arc<Semaphore>,
    turns: Arc<Turns>,
    /// In place of the system's own.
    patience: Option<fn(&Question) -> Duration>,
}

impl Gateway {
    /// In front of this system.
    pub fn new(system: Arc<dyn EligibilityGateway>) -> Self {
        let places = Arc::new(Semaphore::new(system.at_once()));
        Self { system, places, turns: Turns::new(), patience: None }
    }

    /// With other deadlines than [`EligibilityGateway::late_after`] says: tests have no time.
    #[must_use]
    pub fn with_patience(self, patience: fn(&Question) -> Duration) -> Self {
        Self { patience: Some(patience), ..self }
    }

    /// See [`EligibilityGateway::simulated`].
    pub fn simulated(&self) -> bool {
        self.system.simulated()
    }

    /// See [`EligibilityGateway::reach`].
    pub fn reach(&self) -> Reach {
        self.system.reach()
    }

    /// See [`EligibilityGateway::registers_charts`].
    pub fn registers_charts(&self) -> bool {
        self.system.registers_charts()
    }

    /// See [`EligibilityGateway::register_chart`]: it keeps its own deadline.
    pub fn register_chart(
        &self,
        chart: String,
        numbers: Numbers,
    ) -> impl Future<Output = Registered> + Send + use<> {
        let system = Arc::clone(&self.system);
        async move { system.register_chart(chart, numbers).await }
    }

    /// See [`EligibilityGateway::practice_card_taken`].
    pub fn practice_card_taken(&self, serial: &Serial) {
        self.system.practice_card_taken(serial);
    }

    /// See [`EligibilityGateway::tell_unasked`].
    pub fn tell_unasked(&self, hears: Arc<dyn Unasked>) {
        self.system.tell_unasked(hears);
    }

    /// See [`EligibilityGateway::stop`].
    pub fn stop(&self) {
        self.system.stop();
    }

    /// See [`EligibilityGateway::is_well`].
    pub fn is_reached(&self) -> bool {
        self.system.is_well()
    }

    /// Whether it can be reached and comes back from what it is asked, as far as that is known.
    pub fn is_well(&self) -> bool {
        !self.is_stuck() && self.is_reached()
    }

    /// Whether so many questions are not answered that no further one is put.
    pub fn is_stuck(&self) -> bool {
        self.places.available_permits() == 0
    }

    /// Asks at once; see [`Gateway::ask_when`].
    pub fn ask(
        &self,
        question: Question,
    ) -> impl Future<Output = (Reply, Option<Turn>)> + Send + use<> {
        self.ask_when(std::future::ready(true), question)
    }

    /// Asks as soon as `ready` says so (`Down` if that is not to be), and replies `Late` when the deadline passes.
    ///
    /// What is told about the consents of one card has its turn from this call on: a withdrawal that overtook a question which
    /// is stuck would be undone by it. Until it is put to the system, a question that nobody waits for any more is not put at
    /// all, and its turn passes on. From then on it belongs to a task of its own, with its turn: whoever stops waiting changes
    /// nothing, and the next question about this card comes when the system has replied. The turn that comes with the reply
    /// holds that one up until the reply was taken in.
    pub fn ask_when<R: Future<Output = bool> + Send>(
        &self,
        ready: R,
        question: Question,
    ) -> impl Future<Output = (Reply, Option<Turn>)> + Send + use<R> {
        let turn = question.changes_consents_of().map(|serial| self.turns.take(serial));
        let (system, places) = (Arc::clone(&self.system), Arc::clone(&self.places));
        let deadline = match self.patience {
            Some(patience) => patience(&question),
            None => system.late_after(&question),
        };
        async move {
            let down = question.failed(GatewayTrouble::Down);
            let late = question.failed(GatewayTrouble::Late);
            if !ready.await {
                return (down, None);
            }
            let put = async {
                if let Some(turn) = &turn {
                    turn.come().await;
                }
                let place = places.acquire_owned().await.ok()?;
                let answered = tokio::spawn(async move {
                    let reply = system.ask(question).await;
                    drop(place);
                    (reply, turn)
                });
                answered.await.ok()
            };
            match tokio::time::timeout(deadline, put).await {
                Ok(Some((reply, turn))) if reply.is_like(&late) => (reply, turn),
                Ok(Some((_, turn))) => {
                    tracing::error!("the eligibility system answered another question");
                    (down, turn)
                }
                Ok(None) | Err(_) => (late, None),
            }
        }
    }
}
