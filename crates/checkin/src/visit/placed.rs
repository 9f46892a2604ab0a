//! From the placed card to the choice of a method.

use super::away::{self, Away};
use super::case::Case;
use super::closing;
use super::fallback;
use super::person::{Person, Photo};
use super::shared::Shared;
use super::state::State;
use crate::card::{CardFacts, CardProblem, Doubt, Trust};
use crate::certificate::Standing;
use crate::effect::{Record, VisitId};
use crate::event::Action;
use crate::fallback::Why;
use crate::gateway::{GatewayTrouble, Question, Registration};

/// A card was read: a new one, or the one that a visit waits for.
pub(super) fn inspected_again(
    shared: &mut Shared,
    visit: VisitId,
    away: Option<Box<Away>>,
    found: Result<CardFacts, CardProblem>,
) -> State {
    match away {
        Some(away) => away::returned(shared, visit, away, found),
        None => inspected(shared, visit, found),
    }
}

pub(super) fn inspected(
    shared: &mut Shared,
    visit: VisitId,
    found: Result<CardFacts, CardProblem>,
) -> State {
    match found.and_then(|card| usable(shared, card)) {
        Ok(card) => {
            shared.record(visit, Record::Started);
            if !shared.config.reach.hears_of_cards() {
                // No system hears of the card, so none can say that it has to be registered.
                return looked_up(shared, visit, card, Ok(Registration::Registered));
            }
            let effect = shared.ask(Question::LookUp { serial: card.serial.clone() });
            State::LookingUp { visit, card: Box::new(card), effect }
        }
        Err(CardProblem::NotGenuine) => doubted(shared, visit, Doubt::Certificate),
        Err(problem) => {
            if problem == CardProblem::NotVerified {
                shared.record(visit, Record::CardDoubted(Doubt::Root));
            }
            State::CardProblem { visit, problem }
        }
    }
}

fn usable(shared: &Shared, card: CardFacts) -> Result<CardFacts, CardProblem> {
    if card.trust == Trust::Practice && !shared.config.accept_practice_cards {
        return Err(CardProblem::PracticeCard);
    }
    match Standing::of(card.not_after, shared.now.wall) {
        Standing::Expired => Err(CardProblem::CertificateExpired),
        _ => Ok(card),
    }
}

/// A system that is down does not keep the person from being identified: its answer at the end
/// decides, and staff take over there.
pub(super) fn looked_up(
    shared: &mut Shared,
    visit: VisitId,
    card: CardFacts,
    known: Result<Registration, GatewayTrouble>,
) -> State {
    let registration = match known {
        Ok(registration) => registration,
        Err(
            GatewayTrouble::Down
            | GatewayTrouble::Late
            | GatewayTrouble::Refused
            | GatewayTrouble::AboutAnother,
        ) => Registration::Registered,
        Err(trouble @ GatewayTrouble::UnknownCertificate) => {
            return fallback::open(shared, Case::new(visit, Why::Unanswered(trouble)));
        }
    };
    let standing = Standing::of(card.not_after, shared.now.wall);
    let person = Box::new(Person {
        visit,
        card,
        standing,
        registration,
        photo: Photo::Unread,
        not_confirmed: false,
        face_misses: 0,
        face_asked: (shared.nonce, shared.now.monotonic),
        camera: true,
        proved: None,
        method: None,
        owner: None,
        items_tries: None,
    });
    match registration {
        Registration::NotYet => State::Application { person },
        Registration::Registered => State::Choosing { person, notice: None },
    }
}

/// The card could not be verified: audited, told to the staff, and the visit does not go on.
pub(super) fn doubted(shared: &mut Shared, visit: VisitId, doubt: Doubt) -> State {
    shared.record(visit, Record::CardDoubted(doubt));
    closing::warn(shared, visit);
    State::CardProblem { visit, problem: CardProblem::NotGenuine }
}

/// The 申込 was explained: whoever refuses goes on without the card. `Err` gives the state back unchanged.
pub(super) fn explained(shared: &Shared, state: State, action: &Action) -> Result<State, State> {
    match (state, action) {
        (State::Application { person }, Action::OtherWays) => {
            let mut case = Case::new(person.visit, Why::NotRegistered);
            case.person = Some(person);
            Ok(fallback::open(shared, case))
        }
        (State::Application { person }, Action::Continue) => {
            Ok(State::Choosing { person, notice: None })
        }
        (other, _) => Err(other),
    }
}
