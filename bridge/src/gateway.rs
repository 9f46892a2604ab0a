//! The door to the eligibility system. Built in: the simulator, in this process.

mod turns;

pub use turns::Turn;

use crate::workers::Workers;
use checkin::Answer;
use checkin::consent::{ConsentAnswer, Topic};
use checkin::eligibility::Eligibility;
use checkin::event::{GatewayTrouble, Opened, Registration};
use checkin::identity::Method;
use checkin::number::Numbers;
use checkin::secret::Serial;
use eligibility_sim::NationalSystem;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use turns::Turns;

/// Small requests are answered within this time, or are late.
const SMALL: Duration = Duration::from_secs(8);
/// The national system aims at 3 to 7 seconds for a qualification.
const QUERY: Duration = Duration::from_secs(18);
/// How long a practice person waits for an answer that does not come.
const LATE: Duration = Duration::from_secs(12);

/// What an eligibility system does. Calls may block for as long as they like: the deadline is kept
/// by [`Gateway::ask`], and a late answer is thrown away. A call that has come back, with an answer or with trouble, changes
/// nothing at the system any more.
pub trait EligibilityGateway: Send + Sync + 'static {
    /// Whether the answers are invented: said on every screen that shows them.
    fn simulated(&self) -> bool;

    /// Whether the card is registered as health insurance card.
    ///
    /// # Errors
    /// [`GatewayTrouble`].
    fn look_up(&self, serial: &Serial) -> Result<Registration, GatewayTrouble>;

    /// Hands the identity over, registering the card first if asked; gives the topics that apply and
    /// the birth dates of the linked records.
    ///
    /// # Errors
    /// [`GatewayTrouble`].
    fn open(
        &self,
        serial: &Serial,
        method: Method,
        register: bool,
    ) -> Result<Opened, GatewayTrouble>;

    /// The qualification, with the person's consents.
    ///
    /// # Errors
    /// [`GatewayTrouble`].
    fn query(
        &self,
        serial: &Serial,
        consents: &[ConsentAnswer],
    ) -> Result<Eligibility, GatewayTrouble>;

    /// The qualification by the numbers of a document, with the 限度額適用認定証 if that may be shown.
    ///
    /// # Errors
    /// [`GatewayTrouble`].
    fn query_numbers(
        &self,
        numbers: &Numbers,
        limit_certificate: bool,
    ) -> Result<Eligibility, GatewayTrouble>;

    /// Withdraws a consent.
    ///
    /// # Errors
    /// [`GatewayTrouble`].
    fn withdraw(&self, serial: &Serial, topic: Topic) -> Result<(), GatewayTrouble>;

    /// A practice card was taken off the reader; of no matter to a system that does not practise.
    /// Must not block.
    fn practice_card_taken(&self, _serial: &Serial) {}
}

/// The built-in simulator. Its people are invented; registrations and consents live until the card
/// is taken off and comes back, or until the stop.
pub struct Simulator(Mutex<NationalSystem>);

impl Simulator {
    /// With the people of the practice cards, made now.
    pub fn practice() -> Self {
        Self(Mutex::new(NationalSystem::practice(Timestamp::now())))
    }

    fn system(&self) -> MutexGuard<'_, NationalSystem> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EligibilityGateway for Simulator {
    fn simulated(&self) -> bool {
        true
    }

    fn look_up(&self, serial: &Serial) -> Result<Registration, GatewayTrouble> {
        self.system().look_up(serial)
    }

    fn open(
        &self,
        serial: &Serial,
        method: Method,
        register: bool,
    ) -> Result<Opened, GatewayTrouble> {
        self.system().open(serial, method, register, Timestamp::now())
    }

    fn query(
        &self,
        serial: &Serial,
        consents: &[ConsentAnswer],
    ) -> Result<Eligibility, GatewayTrouble> {
        let answer = self.system().query(serial, consents, Timestamp::now());
        in_time(answer)
    }

    fn query_numbers(
        &self,
        numbers: &Numbers,
        limit_certificate: bool,
    ) -> Result<Eligibility, GatewayTrouble> {
        let now = Timestamp::now();
        let found = self.system().query_by_number(numbers, limit_certificate, now);
        in_time(found)
    }

    fn withdraw(&self, serial: &Serial, topic: Topic) -> Result<(), GatewayTrouble> {
        // Withdrawing what is not there is no trouble to the person.
        self.system().withdraw(serial, topic);
        Ok(())
    }

    fn practice_card_taken(&self, serial: &Serial) {
        self.system().practice_card_taken(serial, Timestamp::now());
    }
}

/// A late answer lets the person wait before it is given up, as the real system would: waiting is
/// what such a card rehearses.
fn in_time<T>(answer: Result<T, GatewayTrouble>) -> Result<T, GatewayTrouble> {
    if matches!(answer, Err(GatewayTrouble::Late)) {
        std::thread::sleep(LATE);
    }
    answer
}

/// One question.
#[derive(Debug)]
pub enum Question {
    /// See [`EligibilityGateway::look_up`].
    LookUp(Serial),
    /// See [`EligibilityGateway::open`].
    Open(Serial, Method, bool),
    /// See [`EligibilityGateway::query`].
    Query(Serial, Vec<ConsentAnswer>),
    /// See [`EligibilityGateway::query_numbers`].
    QueryNumbers(Box<Numbers>, bool),
    /// See [`EligibilityGateway::withdraw`].
    Withdraw(Serial, Topic),
}

/// Calls of the eligibility system that may be under way at the same time, and that may wait for one of them to end. One kiosk
/// asks one question after another; more are under way only when the system does not come back from them.
const CALLS: (usize, usize) = (8, 16);

/// The eligibility system behind threads of its own, so that a call that never comes back holds nothing else up.
pub struct Gateway {
    system: Arc<dyn EligibilityGateway>,
    workers: Arc<Workers>,
    turns: Arc<Turns>,
}

impl Gateway {
    /// In front of this system.
    pub fn new(system: Arc<dyn EligibilityGateway>) -> Self {
        let workers = Arc::new(Workers::new("gateway", CALLS.0, CALLS.1));
        Self { system, workers, turns: Turns::new() }
    }

    /// See [`EligibilityGateway::simulated`].
    pub fn simulated(&self) -> bool {
        self.system.simulated()
    }

    /// Whether so many calls do not come back that no further one begins.
    pub fn is_stuck(&self) -> bool {
        self.workers.all_busy()
    }

    /// Asks, and answers `Late` when the deadline passes.
    ///
    /// What is told about the consents of one card has its turn from this call on: a withdrawal that overtook a question which
    /// is stuck would be undone by it.
    pub fn ask(&self, question: Question) -> impl Future<Output = Answer> + Send + use<> {
        let asked = self.ask_when(std::future::ready(true), question);
        async { asked.await.0 }
    }

    /// As [`Gateway::ask`], with a beginning that waits; `Down` if that is not to be. The turn is still on if the call has come
    /// back: the next question about this card's consents waits until it is dropped.
    pub fn ask_when<R: Future<Output = bool> + Send>(
        &self,
        ready: R,
        question: Question,
    ) -> impl Future<Output = (Answer, Option<Turn>)> + Send + use<R> {
        let turn = question.tells_consents_of().map(|serial| self.turns.take(serial));
        let (deadline, trouble) = question.deadline();
        let (system, workers) = (Arc::clone(&self.system), Arc::clone(&self.workers));
        async move {
            if !ready.await {
                return (trouble(GatewayTrouble::Down), None);
            }
            let asked = async {
                if let Some(turn) = &turn {
                    turn.come().await;
                }
                workers.call(deadline, move || (question.put_to(&*system), turn)).await
            };
            match tokio::time::timeout(deadline, asked).await {
                Ok(Ok(answered)) => answered,
                Ok(Err(_)) | Err(_) => (trouble(GatewayTrouble::Late), None),
            }
        }
    }
}

impl Question {
    /// How long its answer may take, and what is answered when there is none.
    fn deadline(&self) -> (Duration, fn(GatewayTrouble) -> Answer) {
        match self {
            Self::LookUp(_) => (SMALL, |trouble| Answer::LookedUp(Err(trouble))),
            Self::Open(..) => (SMALL, |trouble| Answer::Opened(Err(trouble))),
            Self::Query(..) | Self::QueryNumbers(..) => {
                (QUERY, |trouble| Answer::Queried(Err(trouble)))
            }
            Self::Withdraw(..) => (SMALL, |trouble| Answer::Withdrawn(Err(trouble))),
        }
    }

    /// The card whose consents at the system it changes.
    fn tells_consents_of(&self) -> Option<&Serial> {
        match self {
            Self::Query(serial, _) | Self::Withdraw(serial, _) => Some(serial),
            Self::LookUp(_) | Self::Open(..) | Self::QueryNumbers(..) => None,
        }
    }

    fn put_to(self, system: &dyn EligibilityGateway) -> Answer {
        match self {
            Self::LookUp(serial) => Answer::LookedUp(system.look_up(&serial)),
            Self::Open(serial, method, register) => {
                Answer::Opened(system.open(&serial, method, register))
            }
            Self::Query(serial, consents) => Answer::Queried(system.query(&serial, &consents)),
            Self::QueryNumbers(numbers, limit_certificate) => {
                Answer::Queried(system.query_numbers(&numbers, limit_certificate))
            }
            Self::Withdraw(serial, topic) => Answer::Withdrawn(system.withdraw(&serial, topic)),
        }
    }
}

#[cfg(test)]
mod tests;
