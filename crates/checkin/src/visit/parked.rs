//! Visits whose answer is late: the person goes on, the question goes on in the background.

use super::case::{Case, Typed};
use super::owner::Known;
use super::person::Person;
use super::shared::Shared;
use crate::consent::{ConsentAnswer, LimitAnswer, Topic};
use crate::deadlines::{GIVE_UP_MS, LOST_MS, TERMINAL_LOST_MS};
use crate::effect::{EffectId, Record, Request, VisitId};
use crate::eligibility::Eligibility;
use crate::event::Answer;
use crate::fallback::Why;
use crate::gateway::{GatewayTrouble, Question, Registration, Reply};
use crate::identity::Method;
use crate::number::Numbers;
use crate::secret::Serial;
use crate::time::Millis;

/// At most this many wait; the oldest is given up first, and the staff are told.
const MOST: usize = 64;
/// First pause between two tries; each is twice as long as the one before, up to [`LONGEST_MS`].
const FIRST_MS: u64 = 15_000;
const LONGEST_MS: u64 = 300_000;

/// One question that waits.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parked {
    pub(super) visit: VisitId,
    pub(super) by: By,
    /// What is known about the person: the answer is compared with it.
    pub(super) known: Known,
    /// What the person typed meanwhile: the claim may need it still.
    pub(super) typed: Typed,
    in_flight: Option<EffectId>,
    /// Next try, or the end of the present one.
    due: Millis,
    pause_ms: u64,
    give_up: Millis,
}

/// By what the system is asked about the person.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum By {
    /// By the card.
    Card {
        serial: Serial,
        consents: Vec<ConsentAnswer>,
        /// The identity is still to be handed over: how, and whether to register first.
        open: Option<(Method, bool)>,
    },
    /// By the numbers of a document.
    Numbers {
        numbers: Box<Numbers>,
        /// Whether 限度額適用認定証 may be shown, where that was asked.
        limit: Option<LimitAnswer>,
        /// What led to the document.
        why: Why,
    },
}

impl By {
    /// So long a try of it may take.
    fn lost_ms(&self) -> u64 {
        match self {
            Self::Card { .. } => LOST_MS,
            Self::Numbers { .. } => TERMINAL_LOST_MS,
        }
    }

    fn question(&self) -> Question {
        match self {
            Self::Card { serial, open: Some((method, register)), .. } => {
                Question::Open { serial: serial.clone(), method: *method, register: *register }
            }
            Self::Card { serial, consents, open: None } => {
                Question::Query { serial: serial.clone(), consents: consents.clone() }
            }
            Self::Numbers { numbers, limit, .. } => Question::QueryNumbers {
                numbers: numbers.clone(),
                limit_certificate: limit.is_some_and(|answer| answer.agreed),
            },
        }
    }
}

impl Parked {
    /// Of the card by which is asked.
    fn serial(&self) -> Option<&Serial> {
        match &self.by {
            By::Card { serial, .. } => Some(serial),
            By::Numbers { .. } => None,
        }
    }

    /// What is told to the system with the question.
    fn consents_mut(&mut self) -> Option<&mut Vec<ConsentAnswer>> {
        match &mut self.by {
            By::Card { consents, .. } => Some(consents),
            By::Numbers { .. } => None,
        }
    }
}

/// What came of an answer to a parked question.
pub(super) enum Outcome {
    /// Nobody waits for it.
    NotParked,
    /// Goes on waiting.
    Waiting,
    /// Answered.
    Answered(Box<Parked>, Box<Eligibility>),
}

/// The questions that wait, oldest first.
#[derive(Debug, Default)]
pub(super) struct Lot(Vec<Parked>);

impl Lot {
    /// The next moment at which something is to be done.
    pub(super) fn deadline(&self) -> Option<Millis> {
        self.0.iter().map(|parked| parked.due.min(parked.give_up)).min()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn holds(&self, visit: VisitId) -> bool {
        self.0.iter().any(|parked| parked.visit == visit)
    }
}

/// A question to go on with. `in_flight`: asked already and not answered yet.
pub(super) struct Unanswered {
    pub(super) visit: VisitId,
    pub(super) by: By,
    pub(super) known: Known,
    pub(super) in_flight: Option<EffectId>,
}

impl Unanswered {
    /// The question about a person whose identity was handed over.
    pub(super) fn query(
        person: &Person,
        consents: Vec<ConsentAnswer>,
        in_flight: Option<EffectId>,
    ) -> Self {
        let (serial, known) = (person.card.serial.clone(), Known::of(person));
        let by = By::Card { serial, consents, open: None };
        Self { visit: person.visit, by, known, in_flight }
    }

    /// The question about a person whose numbers were typed. `None`: there are none.
    pub(super) fn numbers(
        case: &Case,
        limit: Option<LimitAnswer>,
        in_flight: Option<EffectId>,
    ) -> Option<Self> {
        let numbers = case.numbers.clone()?;
        let by = By::Numbers { numbers, limit, why: case.why };
        Some(Self { visit: case.visit, by, known: case.known(), in_flight })
    }

    /// The consents that are told with it.
    pub(super) fn consents(&self) -> &[ConsentAnswer] {
        match &self.by {
            By::Card { consents, .. } => consents,
            By::Numbers { .. } => &[],
        }
    }

    /// A person whose identity could not be handed over; nothing was asked, so there are no
    /// consents.
    pub(super) fn open(person: &Person, method: Method) -> Self {
        let open = Some((method, person.registration == Registration::NotYet));
        let (serial, known) = (person.card.serial.clone(), Known::of(person));
        let by = By::Card { serial, consents: Vec::new(), open };
        Self { visit: person.visit, by, known, in_flight: None }
    }
}

/// Whether the same question may be answered at another time.
pub(super) fn may_pass(trouble: GatewayTrouble) -> bool {
    match trouble {
        GatewayTrouble::Down | GatewayTrouble::Late => true,
        GatewayTrouble::UnknownCertificate
        | GatewayTrouble::Refused
        | GatewayTrouble::AboutAnother => false,
    }
}

/// Goes on with a question in the background.
pub(super) fn park(shared: &mut Shared, question: Unanswered) {
    shared.record(question.visit, Record::Parked);
    if shared.parked.0.len() == MOST {
        let oldest = shared.parked.0.remove(0);
        give_up(shared, &oldest);
    }
    let now = shared.now.monotonic;
    let wait = if question.in_flight.is_some() { question.by.lost_ms() } else { FIRST_MS };
    shared.parked.0.push(Parked {
        visit: question.visit,
        by: question.by,
        known: question.known,
        typed: Typed::default(),
        in_flight: question.in_flight,
        due: now.plus(wait),
        pause_ms: FIRST_MS,
        give_up: now.plus(GIVE_UP_MS),
    });
}

/// The person goes from the navigator: what they typed waits with their question.
pub(super) fn keep(shared: &mut Shared, case: &Case) {
    let waiting = shared.parked.0.iter_mut().find(|parked| parked.visit == case.visit);
    if let Some(parked) = waiting {
        parked.typed = case.typed();
    }
}

/// The card's owner withdrew a consent, of the visits up to `last` only: a later answer must not bring it
/// back. Whether the system is being asked with it now.
pub(super) fn withdraw(
    shared: &mut Shared,
    serial: &Serial,
    topic: Topic,
    last: Option<VisitId>,
) -> bool {
    let at = shared.now.wall;
    let mut asked_with_it = false;
    let meant = |parked: &&mut Parked| {
        parked.serial() == Some(serial) && last.is_none_or(|last| parked.visit <= last)
    };
    for parked in shared.parked.0.iter_mut().filter(meant) {
        let in_flight = parked.in_flight.is_some();
        for answer in parked.consents_mut().into_iter().flatten() {
            let stood = answer.agreed && answer.topic == topic;
            asked_with_it |= stood && in_flight;
            answer.withdraw(topic, at);
        }
    }
    asked_with_it
}

/// A withdrawal of the card's owner was answered: what waited for it is asked soon.
pub(super) fn go_on(shared: &mut Shared, serial: &Serial) {
    let soon = shared.now.monotonic.plus(FIRST_MS);
    for parked in shared.parked.0.iter_mut().filter(|parked| parked.serial() == Some(serial)) {
        if parked.in_flight.is_none() {
            parked.due = parked.due.min(soon);
        }
    }
}

/// The same card's owner answered anew: an older question must not undo that.
pub(super) fn supersede(shared: &mut Shared, serial: &Serial, newer: &[ConsentAnswer]) {
    for older in shared.parked.0.iter_mut().filter(|parked| parked.serial() == Some(serial)) {
        if let Some(consents) = older.consents_mut() {
            consents.retain(|answer| newer.iter().all(|newer| newer.topic != answer.topic));
        }
    }
}

/// Takes an answer that may belong to a parked question.
pub(super) fn answered(shared: &mut Shared, id: EffectId, answer: &Answer) -> Outcome {
    let Some(at) = shared.parked.0.iter().position(|parked| parked.in_flight == Some(id)) else {
        return Outcome::NotParked;
    };
    match answer {
        Answer::Replied(Reply::Opened(Ok(_))) => {
            if let By::Card { open, .. } = &mut shared.parked.0[at].by {
                *open = None;
            }
            ask(shared, at);
            Outcome::Waiting
        }
        Answer::Replied(Reply::Queried(Ok(eligibility))) => {
            let parked = shared.parked.0.remove(at);
            shared.record(parked.visit, Record::AnsweredLate(eligibility.validity));
            Outcome::Answered(Box::new(parked), Box::new(eligibility.clone()))
        }
        Answer::Replied(Reply::Opened(Err(trouble)) | Reply::Queried(Err(trouble)))
            if !may_pass(*trouble) =>
        {
            let parked = shared.parked.0.remove(at);
            if *trouble == GatewayTrouble::AboutAnother {
                shared.record(parked.visit, Record::AnswerAboutAnother);
            }
            give_up(shared, &parked);
            Outcome::Waiting
        }
        _ => {
            rest(shared, at);
            Outcome::Waiting
        }
    }
}

/// Does what is due.
pub(super) fn tick(shared: &mut Shared) {
    let now = shared.now.monotonic;
    while let Some(at) = shared.parked.0.iter().position(|parked| parked.give_up <= now) {
        let parked = shared.parked.0.remove(at);
        give_up(shared, &parked);
    }
    for at in 0..shared.parked.0.len() {
        let parked = &shared.parked.0[at];
        if parked.due > now {
            continue;
        }
        if parked.in_flight.is_some() {
            rest(shared, at);
        } else if let Some(until) = parked.serial().and_then(|serial| shared.withdrawals.of(serial))
        {
            // Asked now, it would bring back what is being withdrawn.
            shared.parked.0[at].due = until;
        } else {
            ask(shared, at);
        }
    }
}

fn ask(shared: &mut Shared, at: usize) {
    let question = shared.parked.0[at].by.question();
    let effect = shared.ask(question);
    let now = shared.now.monotonic;
    let parked = &mut shared.parked.0[at];
    parked.in_flight = Some(effect);
    parked.due = now.plus(parked.by.lost_ms());
}

fn rest(shared: &mut Shared, at: usize) {
    let now = shared.now.monotonic;
    let parked = &mut shared.parked.0[at];
    parked.in_flight = None;
    parked.due = now.plus(parked.pause_ms);
    parked.pause_ms = (parked.pause_ms * 2).min(LONGEST_MS);
}

/// The shell stops: staff look the rest up by hand.
pub(super) fn give_up_all(shared: &mut Shared) {
    for parked in std::mem::take(&mut shared.parked.0) {
        give_up(shared, &parked);
    }
}

fn give_up(shared: &mut Shared, parked: &Parked) {
    shared.record(parked.visit, Record::GaveUp);
    shared.request(Request::Unpark { visit: parked.visit });
}
