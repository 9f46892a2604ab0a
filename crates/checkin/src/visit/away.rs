//! The card taken in the middle and put back: the same card goes on where it was.

use super::desk::{Desk, Lying};
use super::placed;
use super::state::{Session, State};
use crate::card::{CardFacts, CardProblem};
use crate::effect::{Record, Request, VisitId};
use crate::view::{MethodNotice, Outcome};

/// A state that waits for its card.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Away {
    /// Where the visit goes on.
    pub(super) inner: State,
    /// What was put there instead.
    pub(super) problem: Option<CardProblem>,
}

/// The state in which `state` waits while its card is away; `Err` gives back a state that keeps
/// nothing worth waiting for. Commands that were under way fail with the card.
pub(super) fn pause(state: State) -> Result<Box<Away>, State> {
    let inner = match state {
        State::ReadingPhoto { session, .. } | State::CheckingPin { session, .. } => {
            State::Choosing { session, notice: Some(MethodNotice::CardFailed) }
        }
        State::CheckingPasscode { session, .. } => State::AskingStaff { session, problem: None },
        State::Application { .. }
        | State::Choosing { .. }
        | State::TypingCode { .. }
        | State::Preparing { .. }
        | State::Facing { .. }
        | State::EnteringPin { .. }
        | State::PinLastTry { .. }
        | State::AskingStaff { .. }
        | State::Opening { .. }
        | State::ConsentSkipped { .. }
        | State::Consenting { .. } => state,
        other => return Err(other),
    };
    Ok(Box::new(Away { inner, problem: None }))
}

/// Goes on with `inner` if its card still lies there; else waits for the card, or looks at the one
/// that was put there meanwhile: a PIN must never reach a card that was not looked at.
pub(super) fn resume(desk: &mut Desk, inner: State) -> State {
    let away = |inner| Box::new(Away { inner, problem: None });
    match desk.card {
        Lying::Ours => inner,
        Lying::Nothing => State::Away(away(inner)),
        Lying::Another => desk.begin(Some(away(inner))),
    }
}

/// A card lies there again, and this is what it is.
pub(super) fn returned(
    desk: &mut Desk,
    visit: VisitId,
    mut away: Box<Away>,
    found: Result<CardFacts, CardProblem>,
) -> State {
    let card = match found {
        Ok(card) => card,
        Err(problem) => {
            away.problem = Some(problem);
            return State::Away(away);
        }
    };
    if away.inner.session().is_some_and(|session| session.card.serial == card.serial) {
        return go_on(desk, away.inner, card);
    }
    if let Some(before) = away.inner.open_visit() {
        desk.record(before, Record::Ended(Outcome::CardTaken));
    }
    desk.request(Request::ForgetPerson);
    placed::inspected(desk, visit, Ok(card))
}

fn go_on(desk: &mut Desk, inner: State, card: CardFacts) -> State {
    let mut state = inner;
    if let Some(session) = state.session_mut() {
        session.card = card;
    }
    match state {
        // The answer may have come while the card was away; asking twice does no harm.
        State::Opening { session, method, .. } => open(desk, session, method),
        // Only one try is left now, for instance.
        State::EnteringPin { session, .. } if session.card.pin_tries.count() == 0 => {
            State::Choosing { session, notice: Some(MethodNotice::PinLocked) }
        }
        other => other,
    }
}

pub(super) fn open(
    desk: &mut Desk,
    session: Box<Session>,
    method: crate::identity::Method,
) -> State {
    let effect = desk.request(session.open_request(method));
    State::Opening { session, method, effect }
}
