//! The door to the eligibility system. Built in: the simulator, in this process.

use checkin::Answer;
use checkin::consent::{ConsentAnswer, Topic};
use checkin::eligibility::Eligibility;
use checkin::event::{GatewayTrouble, Registration};
use checkin::identity::Method;
use checkin::number::Numbers;
use checkin::secret::Serial;
use eligibility_sim::NationalSystem;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Small requests are answered within this time, or are late.
const SMALL: Duration = Duration::from_secs(8);
/// The national system aims at 3 to 7 seconds for a qualification.
const QUERY: Duration = Duration::from_secs(18);
/// How long a practice person waits for an answer that does not come.
const LATE: Duration = Duration::from_secs(12);

/// What an eligibility system does. Calls may block for as long as they like: the deadline is kept
/// by [`ask`], and a late answer is thrown away.
pub trait EligibilityGateway: Send + Sync + 'static {
    /// Whether the answers are invented: said on every screen that shows them.
    fn simulated(&self) -> bool;

    /// Whether the card is registered as health insurance card.
    ///
    /// # Errors
    /// [`GatewayTrouble`].
    fn look_up(&self, serial: &Serial) -> Result<Registration, GatewayTrouble>;

    /// Hands the identity over, registering the card first if asked; gives the topics that apply.
    ///
    /// # Errors
    /// [`GatewayTrouble`].
    fn open(
        &self,
        serial: &Serial,
        method: Method,
        register: bool,
    ) -> Result<Vec<Topic>, GatewayTrouble>;

    /// The qualification, with the person's consents.
    ///
    /// # Errors
    /// [`GatewayTrouble`].
    fn query(
        &self,
        serial: &Serial,
        consents: &[ConsentAnswer],
    ) -> Result<Eligibility, GatewayTrouble>;

    /// The qualification by the numbers of a document. `limit_certificate`: 限度額適用認定証 may be
    /// shown.
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
    ) -> Result<Vec<Topic>, GatewayTrouble> {
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
        let found = self.system().query_by_number(numbers, Timestamp::now());
        let found = in_time(found)?;
        let system = self.system();
        let limit = system.limit_by_number(numbers, limit_certificate, Timestamp::now());
        tracing::debug!(shown = limit.is_some(), "限度額適用認定");
        Ok(found)
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

/// Asks, and answers `Late` when the deadline passes.
pub async fn ask(gateway: Arc<dyn EligibilityGateway>, question: Question) -> Answer {
    let (deadline, late) = match &question {
        Question::LookUp(_) => (SMALL, Answer::LookedUp(Err(GatewayTrouble::Late))),
        Question::Open(..) => (SMALL, Answer::Opened(Err(GatewayTrouble::Late))),
        Question::Query(..) | Question::QueryNumbers(..) => {
            (QUERY, Answer::Queried(Err(GatewayTrouble::Late)))
        }
        Question::Withdraw(..) => (SMALL, Answer::Withdrawn(Err(GatewayTrouble::Late))),
    };
    let asked = tokio::task::spawn_blocking(move || match question {
        Question::LookUp(serial) => Answer::LookedUp(gateway.look_up(&serial)),
        Question::Open(serial, method, register) => {
            Answer::Opened(gateway.open(&serial, method, register))
        }
        Question::Query(serial, consents) => Answer::Queried(gateway.query(&serial, &consents)),
        Question::QueryNumbers(numbers, limit_certificate) => {
            Answer::Queried(gateway.query_numbers(&numbers, limit_certificate))
        }
        Question::Withdraw(serial, topic) => Answer::Withdrawn(gateway.withdraw(&serial, topic)),
    });
    match tokio::time::timeout(deadline, asked).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) | Err(_) => late,
    }
}
