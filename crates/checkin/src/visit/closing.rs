//! The end of a visit: result file, reception number, what the staff are told, the card.

use super::case::Case;
use super::owner::Whose;
use super::parked::{self, By, Parked, Unanswered};
use super::person::Person;
use super::shared::{Lying, Shared};
use super::state::State;
use super::withdraw::{self, withdrawal};
use super::{fallback, items, receipt};
use crate::card::{CardProblem, Trust};
use crate::circle::Circles;
use crate::claim::{ClaimNote, NumberSource, Situation, advise};
use crate::consent::{ConsentAnswer, Topic};
use crate::effect::{EffectId, Handover, Record, Request, VisitId};
use crate::eligibility::{Asked, Eligibility, Qualification, Validity};
use crate::event::{Action, DeliveryTrouble};
use crate::fallback::Why;
use crate::gateway::{GatewayTrouble, Reach};
use crate::limit::LimitNotice;
use crate::reception::{ReceptionNumber, StaffNotice};
use crate::secret::Serial;
use crate::view::{After, Finished, Insurer, Outcome, Withdrawal};
use jiff::civil::Date;

/// A visit that has come to its end.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ending {
    pub(super) visit: VisitId,
    pub(super) finished: Finished,
    /// To withdraw consents with.
    pub(super) serial: Option<Serial>,
    /// Of the card, if one was used.
    pub(super) trust: Option<Trust>,
    /// The person came with a card.
    with_card: bool,
    /// Nobody is there to read how it ended.
    unread: bool,
    pub(super) notice: Box<StaffNotice>,
    /// For the result file.
    pub(super) handover: Option<Box<Handover>>,
}

/// What an ending still waits for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Steps {
    pub(super) delivery: Option<EffectId>,
    pub(super) number: Option<EffectId>,
    /// The person is asked where they are going.
    pub(super) asks_destination: bool,
}

impl Ending {
    /// The ending of a case, whatever is known about it.
    pub(super) fn of(shared: &Shared, case: Case, outcome: Outcome) -> Self {
        let parked = shared.parked.holds(case.visit);
        let numbers_typed = case.numbers_typed();
        let known = case.eligibility.as_ref().and_then(|found| found.qualifications.first());
        // Numbers may be anybody's: only the card's owner is greeted by name, and only where something tells that the answer is about them.
        let shown = known.filter(|_| outcome == Outcome::Confirmed && !numbers_typed);
        let named = shown.filter(|_| case.whose == Whose::Owners);
        let given = case.consents.iter().filter(|answer| answer.agreed);
        let agreed: Vec<_> = given.map(|a| (a.topic, a.available_until())).collect();
        let serial = case.person.as_ref().map(|person| person.card.serial.clone());
        let with_card = case.came_with_card();
        let finished = Finished {
            outcome,
            name: named.map(|q| q.name.clone()),
            name_kana: named.filter(|q| has_lost(q)).map(|q| q.name_kana.clone()),
            insurers: named
                .and(case.eligibility.as_deref())
                .map_or_else(Vec::new, |answer| insurers(answer, shared.today())),
            share_percent: shown.and_then(|q| share_of(case.eligibility.as_deref(), q, shared)),
            withdrawal: withdrawal(&agreed, serial.is_some() && case.eligibility.is_some()),
            agreed,
            payment: case.payment(),
            delivery: None,
            paper: case.paper(outcome, shared.today()),
            parked,
            after: After::default(),
            receipt: receipt::of(shared, &case),
            consents_at_reader: with_card && !shared.config.reach.hears_of_cards(),
            card_at_reader: shared.config.reach == Reach::Nothing,
        };
        let notice = Box::new(notice(shared, &case, &finished, serial.clone()));
        let trust = case.person.as_ref().map(|person| person.card.trust);
        let (asked, consents) = (case.asked, case.consents);
        // Receipt computers take files with a qualification only (domain-facts G1).
        let found = case.eligibility.filter(|answer| !answer.qualifications.is_empty());
        let handover = found
            .map(|eligibility| Box::new(Handover { eligibility: *eligibility, asked, consents }));
        let visit = case.visit;
        Self { visit, finished, serial, trust, with_card, unread: false, notice, handover }
    }
}

fn share_of(answer: Option<&Eligibility>, q: &Qualification, shared: &Shared) -> Option<u8> {
    let assistance = answer.is_some_and(|answer| answer.has_medical_assistance(shared.today()));
    if assistance { Some(0) } else { q.share_on(shared.today()).percent() }
}

/// Everything that holds on that day. 医療扶助 that has no qualification of its own (a 医療券 beside an
/// insurance, or none of its marks but the validity) is named all the same.
fn insurers(answer: &Eligibility, today: Date) -> Vec<Insurer> {
    let insurer = |q: &&Qualification| Insurer {
        name: q.insurer_name.clone(),
        medical_assistance: !q.is_insurance(),
    };
    let mut all: Vec<Insurer> = answer.holding(today).iter().map(insurer).collect();
    let named = all.iter().any(|insurer| insurer.medical_assistance);
    if answer.has_medical_assistance(today) && !named {
        all.push(Insurer { name: String::new(), medical_assistance: true });
    }
    all
}

fn has_lost(qualification: &Qualification) -> bool {
    Circles::of(&qualification.name, &qualification.name_kana).is_some()
}

fn notice(
    shared: &Shared,
    case: &Case,
    finished: &Finished,
    serial: Option<Serial>,
) -> StaffNotice {
    let known = case.eligibility.as_ref().and_then(|found| found.qualifications.first());
    let declared = case.statement.as_ref();
    let birth = case.known().birth.or(known.map(|q| q.birth));
    let situation = Situation {
        eligibility: case.eligibility.as_deref(),
        numbers: case.numbers.as_deref(),
        statement: case.statement.as_deref(),
        card_shown: case.card_was_shown(),
        oral: case.oral,
        birth,
        today: shared.today(),
        rules: &shared.config.claim,
    };
    let mut advice = advise(&situation);
    if case.why == Why::Card(CardProblem::NotGenuine) {
        advice.notes.insert(0, ClaimNote::CardNotVerified);
    }
    match case.whose {
        Whose::SomebodyElses => advice.notes.insert(0, ClaimNote::AnswerAboutAnother),
        Whose::Unproved => advice.notes.push(ClaimNote::CompareBirth),
        Whose::Owners | Whose::Untold => {}
    }
    if case.numbers_known() && advice.source == NumberSource::Typed {
        advice.source = NumberSource::Known;
    }
    if let Why::NoNumbers(why) = case.opened() {
        advice.notes.extend(items::note_of(why));
    }
    let agreed: Vec<Topic> = finished.agreed.iter().map(|(topic, _)| *topic).collect();
    StaffNotice {
        outcome: finished.outcome,
        parked: finished.parked,
        name: known.map(|q| q.name.clone()).or(declared.map(|s| s.name.clone())),
        name_kana: known
            .map(|q| q.name_kana.clone())
            .or(declared.and_then(|s| s.name_kana.clone())),
        advice,
        owner: case.person.as_deref().and_then(|person| person.owner.clone()),
        numbers: case.numbers.clone(),
        paper: finished.paper.clone(),
        limit: LimitNotice::of(case.limit, case.eligibility.as_deref(), shared.today()),
        destination: None,
        serial: serial.filter(|_| !agreed.is_empty()),
        agreed,
    }
}

/// The system's answer to the card's query.
pub(super) fn queried(
    shared: &mut Shared,
    person: Box<Person>,
    consents: Vec<ConsentAnswer>,
    found: Eligibility,
) -> State {
    let mut case = Case::new(person.visit, Why::NotIdentified);
    case.consents = consents;
    case.person = Some(person);
    match case.take(shared, Asked::Card, Box::new(found)) {
        Outcome::NotConfirmed(validity) => {
            case.why = Why::NotConfirmed(validity);
            fallback::open(shared, case)
        }
        confirmed => {
            let ending = Ending::of(shared, case, confirmed);
            close(shared, ending)
        }
    }
}

/// The records that are linked to the card are of somebody born on another day: nothing is asked about
/// them. The person goes on as if none had been found.
pub(super) fn about_another(shared: &mut Shared, person: Box<Person>) -> State {
    let visit = person.visit;
    shared.record(visit, Record::AnswerAboutAnother);
    let mut case = Case::new(visit, Why::NotConfirmed(Validity::NoneFound));
    case.person = Some(person);
    case.whose = Whose::SomebodyElses;
    fallback::open(shared, case)
}

/// What an answer means. Called valid but without a qualification that holds today, it contradicts
/// itself and is not believed.
pub(super) fn outcome_of(found: &Eligibility, today: Date) -> Outcome {
    match found.validity {
        Validity::Valid | Validity::ValidUnregistered if found.qualifications.is_empty() => {
            Outcome::NotConfirmed(Validity::NoneFound)
        }
        Validity::Valid | Validity::ValidUnregistered if found.is_contradictory(today) => {
            Outcome::NotConfirmed(Validity::Invalid)
        }
        Validity::Valid | Validity::ValidUnregistered => Outcome::Confirmed,
        other => Outcome::NotConfirmed(other),
    }
}

/// No answer to `question`: it goes on in the background, the person goes on in the navigator.
pub(super) fn unanswered(
    shared: &mut Shared,
    person: Box<Person>,
    question: Unanswered,
    trouble: GatewayTrouble,
) -> State {
    let mut case = Case::new(person.visit, Why::Unanswered(trouble));
    case.person = Some(person);
    case.consents = question.consents().to_vec();
    if parked::may_pass(trouble) {
        parked::park(shared, question);
    }
    fallback::open(shared, case)
}

/// Ends the visit: everything that is to be done is asked for at once.
pub(super) fn close(shared: &mut Shared, mut ending: Ending) -> State {
    let visit = ending.visit;
    shared.record(visit, Record::Ended(ending.finished.outcome));
    let delivery = deliver(shared, &ending);
    let number = Some(shared.request(Request::TakeNumber { visit }));
    shared.request(Request::Announce { visit, notice: ending.notice.clone() });
    let asks_destination = shared.config.destinations > 1;
    if shared.config.destinations == 1 {
        ending.finished.after.destination = Some(0);
    }
    let steps = Steps { delivery, number, asks_destination };
    State::Closing { ending: Box::new(ending), steps }
}

/// The card could not be verified: the staff see it at once, whatever its holder does next.
pub(super) fn warn(shared: &mut Shared, visit: VisitId) {
    let problem = CardProblem::NotGenuine;
    let case = Case::new(visit, Why::Card(problem));
    let notice = Ending::of(shared, case, Outcome::Refused(problem)).notice;
    shared.request(Request::Announce { visit, notice });
}

/// Hands the result to the receipt computer, if there is one.
pub(super) fn deliver(shared: &mut Shared, ending: &Ending) -> Option<EffectId> {
    let visit = ending.visit;
    let handover = ending.handover.clone()?;
    Some(shared.request(Request::Deliver { visit, handover }))
}

pub(super) fn delivered(
    shared: &mut Shared,
    mut ending: Box<Ending>,
    mut steps: Steps,
    done: Result<(), DeliveryTrouble>,
) -> State {
    steps.delivery = None;
    ending.finished.delivery = done.err();
    closed(shared, ending, steps)
}

pub(super) fn numbered(
    shared: &mut Shared,
    mut ending: Box<Ending>,
    mut steps: Steps,
    number: Option<ReceptionNumber>,
) -> State {
    steps.number = None;
    ending.finished.after.number = number;
    closed(shared, ending, steps)
}

/// `None`: the person did not say.
pub(super) fn destined(
    shared: &mut Shared,
    mut ending: Box<Ending>,
    mut steps: Steps,
    destination: Option<u8>,
) -> State {
    steps.asks_destination = false;
    ending.finished.after.destination = destination;
    if destination.is_some() {
        ending.notice.destination = destination;
        let visit = ending.visit;
        shared.request(Request::Announce { visit, notice: ending.notice.clone() });
    }
    closed(shared, ending, steps)
}

/// Staff ended the visit: nothing is asked any more, and the result goes to them only.
pub(super) fn unread(shared: &mut Shared, mut ending: Box<Ending>, mut steps: Steps) -> State {
    ending.unread = true;
    steps.asks_destination = false;
    closed(shared, ending, steps)
}

/// The machines did not answer in time.
pub(super) fn overdue(shared: &mut Shared, mut ending: Box<Ending>, mut steps: Steps) -> State {
    if steps.asks_destination {
        return destined(shared, ending, steps, None);
    }
    if steps.delivery.take().is_some() {
        // Nobody knows that it is queued: whatever became of it, staff see it.
        ending.finished.delivery = Some(DeliveryTrouble::ByHand);
    }
    steps.number = None;
    closed(shared, ending, steps)
}

fn closed(shared: &mut Shared, ending: Box<Ending>, steps: Steps) -> State {
    if steps.asks_destination || steps.delivery.is_some() || steps.number.is_some() {
        return State::Closing { ending, steps };
    }
    if ending.unread {
        return leave(shared, &ending);
    }
    if ending.with_card && shared.card != Lying::Ours {
        // The card was taken already: nothing personal is shown to whoever stands there.
        return State::Farewell { after: ending.finished.after };
    }
    State::Finished { ending, withdrawing: None }
}

/// `Err` gives the state back unchanged.
pub(super) fn act(
    shared: &mut Shared,
    mut ending: Box<Ending>,
    withdrawing: Option<(EffectId, Topic)>,
    action: &Action,
) -> Result<State, State> {
    match (action, withdrawing, ending.serial.clone()) {
        (Action::Continue, _, _) => Ok(leave(shared, &ending)),
        (Action::Withdraw(topic), None, Some(serial))
            if ending.finished.withdrawal != Withdrawal::AtReception
                && ending.finished.agreed.iter().any(|(agreed, _)| agreed == topic) =>
        {
            let effect = withdraw::ask(shared, ending.visit, serial, *topic);
            ending.finished.withdrawal = Withdrawal::Asking;
            Ok(State::Finished { ending, withdrawing: Some((effect, *topic)) })
        }
        _ => Err(State::Finished { ending, withdrawing }),
    }
}

/// From the result screen: to the card if it lies there, else to the next person.
pub(super) fn leave(shared: &mut Shared, ending: &Ending) -> State {
    let Finished { outcome, after, payment, .. } = ending.finished;
    shared.part(outcome, after, payment)
}

/// A parked question was answered after its person had gone on.
pub(super) fn answered_late(shared: &mut Shared, parked: Parked, eligibility: Box<Eligibility>) {
    let (why, asked, consents, serial) = match parked.by {
        By::Card { serial, consents, .. } => {
            (Why::Unanswered(GatewayTrouble::Late), Asked::Card, consents, Some(serial))
        }
        By::Numbers { limit, why, .. } => {
            (why, Asked::Numbers { limit_certificate: limit }, Vec::new(), None)
        }
    };
    let mut case = Case::new(parked.visit, why).with_typed(parked.typed);
    case.consents = consents;
    case.known = parked.known;
    let outcome = case.take(shared, asked, eligibility);
    let mut ending = Ending::of(shared, case, outcome);
    ending.notice.parked = false;
    ending.notice.serial = serial.filter(|_| !ending.notice.agreed.is_empty());
    deliver(shared, &ending);
    shared.request(Request::Announce { visit: parked.visit, notice: ending.notice });
}
