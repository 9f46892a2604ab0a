//! From the placed card to the choice of a method.

use super::away::{self, Away};
use super::case::Case;
use super::closing;
use super::desk::Desk;
use super::fallback;
use super::session::{Photo, Session};
use super::state::State;
use crate::card::{CardFacts, CardProblem, Doubt, Trust};
use crate::certificate::Standing;
use crate::effect::{Record, Request, VisitId};
use crate::event::{Action, GatewayTrouble, Registration};
use crate::fallback::Why;

/// A card was read: a new one, or the one that a visit waits for.
pub(super) fn inspected_again(
    desk: &mut Desk,
    visit: VisitId,
    away: Option<Box<Away>>,
    found: Result<CardFacts, CardProblem>,
) -> State {
    match away {
        Some(away) => away::returned(desk, visit, away, found),
        None => inspected(desk, visit, found),
    }
}

pub(super) fn inspected(
    desk: &mut Desk,
    visit: VisitId,
    found: Result<CardFacts, CardProblem>,
) -> State {
    match found.and_then(|card| usable(desk, card)) {
        Ok(card) => {
            desk.record(visit, Record::Started);
            let effect = desk.request(Request::LookUp { serial: card.serial.clone() });
            State::LookingUp { visit, card: Box::new(card), effect }
        }
        Err(CardProblem::NotGenuine) => doubted(desk, visit, Doubt::Certificate),
        Err(problem) => {
            if problem == CardProblem::NotVerified {
                desk.record(visit, Record::CardDoubted(Doubt::Root));
            }
            State::CardProblem { visit, problem }
        }
    }
}

fn usable(desk: &Desk, card: CardFacts) -> Result<CardFacts, CardProblem> {
    if card.trust == Trust::Practice && !desk.config.accept_practice_cards {
        return Err(CardProblem::PracticeCard);
    }
    match Standing::of(card.not_after, desk.now.wall) {
        Standing::Expired => Err(CardProblem::CertificateExpired),
        _ => Ok(card),
    }
}

/// A system that is down does not keep the person from being identified: its answer at the end
/// decides, and staff take over there.
pub(super) fn looked_up(
    desk: &mut Desk,
    visit: VisitId,
    card: CardFacts,
    known: Result<Registration, GatewayTrouble>,
) -> State {
    let registration = match known {
        Ok(registration) => registration,
        Err(GatewayTrouble::Down | GatewayTrouble::Late) => Registration::Registered,
        Err(trouble @ GatewayTrouble::UnknownCertificate) => {
            return fallback::open(desk, Case::new(visit, Why::Unanswered(trouble)));
        }
    };
    let standing = Standing::of(card.not_after, desk.now.wall);
    let session = Box::new(Session {
        visit,
        card,
        standing,
        registration,
        photo: Photo::Unread,
        face_misses: 0,
        face_asked: (desk.nonce, desk.now.monotonic),
        camera: true,
        proved: None,
        method: None,
    });
    match registration {
        Registration::NotYet => State::Application { session },
        Registration::Registered => State::Choosing { session, notice: None },
    }
}

/// The card could not be verified: audited, told to the staff, and the visit does not go on.
pub(super) fn doubted(desk: &mut Desk, visit: VisitId, doubt: Doubt) -> State {
    desk.record(visit, Record::CardDoubted(doubt));
    closing::warn(desk, visit);
    State::CardProblem { visit, problem: CardProblem::NotGenuine }
}

/// The 申込 was explained: whoever refuses goes on without the card. `Err` gives the state back unchanged.
pub(super) fn explained(desk: &Desk, state: State, action: &Action) -> Result<State, State> {
    match (state, action) {
        (State::Application { session }, Action::OtherWays) => {
            let mut case = Case::new(session.visit, Why::NotRegistered);
            case.session = Some(session);
            Ok(fallback::open(desk, case))
        }
        (State::Application { session }, Action::Continue) => {
            Ok(State::Choosing { session, notice: None })
        }
        (other, _) => Err(other),
    }
}
