//! The card taken in the middle and put back: the same card goes on where it was.

use super::person::Person;
use super::shared::{Lying, Shared};
use super::state::State;
use super::{identify, items, placed};
use crate::card::{CardFacts, CardProblem};
use crate::code_b::Candidates;
use crate::effect::{Record, Request, VisitId};
use crate::event::Action;
use crate::items::ItemsNotice;
use crate::view::{MethodNotice, Outcome, Screen};

/// A state that waits for its card.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Away {
    /// Where the visit goes on.
    pub(super) inner: State,
    /// What was put there instead.
    pub(super) problem: Option<CardProblem>,
    /// Confirmed while the card was in the person's hand: for this card only, once it is back.
    pub(super) code: Option<Candidates>,
}

impl Away {
    #[expect(clippy::unnecessary_box_returns, reason = "every user keeps it in a box")]
    fn new(inner: State) -> Box<Self> {
        Box::new(Self { inner, problem: None, code: None })
    }

    /// What stays on the screen while the person shows the card to the camera.
    pub(super) fn shown_front(&self) -> Option<Screen> {
        match self {
            Self {
                inner: State::TypingCode { person, problem, shown: true },
                problem: None,
                code: None,
            } => Some(Screen::Code { problem: *problem, purpose: person.code_purpose() }),
            _ => None,
        }
    }
}

impl State {
    /// The visit that waits for its card, also while a card is being looked at.
    pub(super) fn away(&self) -> Option<&Away> {
        match self {
            Self::Settling { away, .. } | Self::Inspecting { away, .. } => away.as_deref(),
            Self::Away(away) => Some(away),
            _ => None,
        }
    }

    /// The person of `person`, to change.
    pub(super) fn away_mut(&mut self) -> Option<&mut Away> {
        match self {
            Self::Settling { away, .. } | Self::Inspecting { away, .. } => away.as_deref_mut(),
            Self::Away(away) => Some(away),
            _ => None,
        }
    }
}

/// The state in which `state` waits while its card is away; `Err` gives back a state that keeps
/// nothing worth waiting for. Commands that were under way fail with the card.
pub(super) fn pause(state: State) -> Result<Box<Away>, State> {
    let inner = match state {
        State::ReadingPhoto { person, .. } | State::CheckingPin { person, .. } => {
            State::Choosing { person, notice: Some(MethodNotice::CardFailed) }
        }
        State::CheckingPasscode { person, .. } => State::AskingStaff { person, problem: None },
        State::ReadingItems { person, .. } => {
            State::AskingItems { person, notice: Some(ItemsNotice::CardFailed) }
        }
        State::Application { .. }
        | State::Choosing { .. }
        | State::TypingCode { .. }
        | State::Preparing { .. }
        | State::Facing { .. }
        | State::EnteringPin { .. }
        | State::PinLastTry { .. }
        | State::AskingStaff { .. }
        | State::AskingItems { .. }
        | State::EnteringItemsPin { .. }
        | State::Opening { .. }
        | State::ConsentSkipped { .. }
        | State::Consenting { .. } => state,
        other => return Err(other),
    };
    Ok(Away::new(inner))
}

/// Goes on with `inner` if its card still lies there; else waits for the card, or looks at the one
/// that was put there meanwhile: a PIN must never reach a card that was not looked at.
pub(super) fn resume(shared: &mut Shared, inner: State) -> State {
    match shared.card {
        Lying::Ours => inner,
        Lying::Nothing => State::Away(Away::new(inner)),
        Lying::Another => shared.begin(Some(Away::new(inner))),
    }
}

/// An act at the step `code` with the card in hand. `Err` gives the state back unchanged.
pub(super) fn act(shared: &mut Shared, mut state: State, action: Action) -> Result<State, State> {
    let readable = shared.fault.is_none();
    let in_hand = state.away_mut().filter(|away| readable && away.shown_front().is_some());
    let Some(away) = in_hand else { return Err(state) };
    let acted = match (std::mem::replace(&mut away.inner, State::Idle), action) {
        (State::TypingCode { person, .. }, Action::Code(typed)) => {
            let checked = identify::possible(shared, &typed);
            let problem = checked.as_ref().err().copied();
            away.code = checked.ok();
            Ok(State::TypingCode { person, problem, shown: true })
        }
        (inner, action) => identify::act(shared, inner, action),
    };
    let taken = acted.is_ok();
    away.inner = acted.unwrap_or_else(|unchanged| unchanged);
    if taken { Ok(state) } else { Err(state) }
}

/// A card lies there again, and this is what it is.
pub(super) fn returned(
    shared: &mut Shared,
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
    if away.inner.person().is_some_and(|person| person.card.serial == card.serial) {
        return go_on(shared, *away, card);
    }
    if let Some(before) = away.inner.open_visit() {
        shared.record(before, Record::Ended(Outcome::CardTaken));
    }
    shared.request(Request::ForgetPerson);
    placed::inspected(shared, visit, Ok(card))
}

fn go_on(shared: &mut Shared, away: Away, card: CardFacts) -> State {
    let mut state = away.inner;
    if let Some(person) = state.person_mut() {
        person.card = card;
    }
    match state {
        State::TypingCode { person, problem, shown } => match away.code {
            Some(code) => identify::present(shared, person, code),
            None => State::TypingCode { person, problem, shown },
        },
        // The camera begins anew, and so does the attempt.
        State::Facing { person } => identify::facing(shared, person),
        State::AskingItems { person, .. } | State::EnteringItemsPin { person, .. } => {
            items::count(shared, person)
        }
        // The answer may have come while the card was away; asking twice does no harm.
        State::Opening { person, method, .. } => open(shared, person, method),
        // Only one try is left now, for instance.
        State::EnteringPin { person, .. } if person.card.pin_tries.count() == 0 => {
            State::Choosing { person, notice: Some(MethodNotice::PinLocked) }
        }
        other => other,
    }
}

pub(super) fn open(
    shared: &mut Shared,
    person: Box<Person>,
    method: crate::identity::Method,
) -> State {
    let effect = shared.ask(person.open_question(method));
    State::Opening { person, method, effect }
}
