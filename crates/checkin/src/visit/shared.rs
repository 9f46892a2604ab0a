//! What every phase of a visit shares: the way out (effects and their ids), the time, and common transitions.

use super::away::Away;
use super::parked::{Lot, Unanswered};
use super::state::State;
use super::withdraw::Withdrawals;
use super::{Config, VisitIds, closing, consent, fallback, identify, items, placed};
use crate::card::CardProblem;
use crate::effect::{Effect, EffectId, Record, Request, VisitId};
use crate::gateway::{GatewayTrouble, Question};
use crate::items::ItemsNotice;
use crate::patient::Found;
use crate::share::Payment;
use crate::time::{Millis, Now, in_japan};
use crate::view::{After, Fault, MethodNotice, Outcome};
use jiff::{Timestamp, civil::Date};
use std::collections::VecDeque;

/// What lies on the reader, seen from the present visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lying {
    Nothing,
    /// The card of the present visit.
    Ours,
    /// Placed after the visit's own card was taken: looked at when the visit is over.
    Another,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) config: Config,
    /// Numbers of new visits.
    pub(super) ids: VisitIds,
    pub(super) now: Now,
    pub(super) effects: VecDeque<Effect>,
    pub(super) parked: Lot,
    pub(super) withdrawals: Withdrawals,
    pub(super) card: Lying,
    /// For the next face attempt.
    pub(super) nonce: u64,
    /// Why no card can be read now.
    pub(super) fault: Option<Fault>,
    /// Why no visit may begin now.
    pub(super) blocked: Option<Fault>,
    next_effect: u64,
    /// The unanswered command to the card: there is never a second one.
    card_command: Option<EffectId>,
}

impl Shared {
    pub(super) fn new(config: Config, ids: VisitIds) -> Self {
        let now = Now { monotonic: Millis::default(), wall: Timestamp::UNIX_EPOCH };
        Self {
            config,
            ids,
            now,
            effects: VecDeque::new(),
            parked: Lot::default(),
            withdrawals: Withdrawals::default(),
            card: Lying::Nothing,
            nonce: 0,
            fault: Some(Fault::Starting),
            blocked: None,
            next_effect: 0,
            card_command: None,
        }
    }

    /// Asks the shell for something that is not a card command.
    pub(super) fn request(&mut self, request: Request) -> EffectId {
        let id = EffectId(self.next_effect);
        self.next_effect += 1;
        self.effects.push_back(Effect { id, request });
        id
    }

    /// Asks the eligibility system.
    pub(super) fn ask(&mut self, question: Question) -> EffectId {
        self.request(Request::Ask(question))
    }

    /// Asks for a card command unless one is unanswered.
    pub(super) fn card_request(&mut self, request: Request) -> Option<EffectId> {
        if self.card_command.is_some() {
            return None;
        }
        let id = self.request(request);
        self.card_command = Some(id);
        Some(id)
    }

    /// Whether the answer is to the card command that was under way.
    pub(super) fn card_command_answered(&mut self, id: EffectId) -> bool {
        let under_way = self.card_command == Some(id);
        if under_way {
            self.card_command = None;
        }
        under_way
    }

    pub(super) fn record(&mut self, visit: VisitId, record: Record) {
        let at = self.now.wall;
        self.request(Request::Record { visit, at, record });
    }

    /// The date in Japan.
    pub(super) fn today(&self) -> Date {
        in_japan(self.now.wall).date()
    }

    /// A card was placed: a new visit begins, or the one that waits for its card goes on.
    pub(super) fn begin(&mut self, away: Option<Box<Away>>) -> State {
        if let (Some(fault), None) = (self.blocked, &away) {
            self.card = Lying::Another;
            return State::OutOfService(fault);
        }
        self.card = Lying::Ours;
        State::Settling { visit: self.ids.take(), away }
    }

    /// Reads the waiting card as soon as the previous command is answered.
    pub(super) fn inspect_when_free(&mut self, state: State) -> State {
        let State::Settling { visit, away } = state else {
            return state;
        };
        match self.card_request(Request::Inspect) {
            Some(effect) => State::Inspecting { visit, away, effect },
            None => State::Settling { visit, away },
        }
    }

    /// Nobody's visit: out of service, the next card, or idle.
    pub(super) fn rest(&mut self) -> State {
        match (self.fault.or(self.blocked), self.card) {
            (Some(fault), _) => State::OutOfService(fault),
            (None, Lying::Another) => self.begin(None),
            (None, _) => State::Idle,
        }
    }

    /// Leaves a visit because its card or the reader is gone.
    pub(super) fn leave(&mut self, from: &State, outcome: Outcome) -> State {
        if let Some(visit) = from.open_visit() {
            self.record(visit, Record::Ended(outcome));
        }
        if !matches!(from, State::OutOfService(_) | State::Idle) {
            self.request(Request::ForgetPerson);
        }
        self.rest()
    }

    /// Ends the visit and asks for the card to be taken.
    pub(super) fn take_card(&mut self, from: &State, outcome: Outcome) -> State {
        if let Some(visit) = from.open_visit() {
            self.record(visit, Record::Ended(outcome));
        }
        self.part(outcome, After::default(), from.payment())
    }

    /// From the end of a visit to its card, or to the next person. The card is reset, so that no
    /// verified state stays on it.
    pub(super) fn part(&mut self, outcome: Outcome, after: After, payment: Payment) -> State {
        self.request(Request::ForgetPerson);
        if self.card != Lying::Ours {
            return self.rest();
        }
        self.request(Request::ReleaseCard);
        State::TakeCard { outcome, after, payment, reminder: 0 }
    }

    /// The deadline of `state` passed.
    pub(super) fn overdue(&mut self, state: State) -> State {
        match state {
            State::Settling { visit, away } | State::Inspecting { visit, away, .. } => {
                placed::inspected_again(self, visit, away, Err(CardProblem::Unreadable))
            }
            State::Away(ref away) => {
                let outcome = match self.fault {
                    Some(_) => Outcome::ReaderLost,
                    None if away.problem.is_some() => return self.give_back(&state),
                    None => Outcome::CardTaken,
                };
                self.leave(&state, outcome)
            }
            State::LookingUp { visit, card, .. } => {
                placed::looked_up(self, visit, *card, Err(GatewayTrouble::Late))
            }
            State::ReadingPhoto { person, .. } | State::CheckingPin { person, .. } => {
                State::Choosing { person, notice: Some(MethodNotice::CardFailed) }
            }
            State::Preparing { person } => identify::without_camera(person),
            State::CheckingPasscode { person, .. } => State::AskingStaff { person, problem: None },
            State::ReadingItems { person, .. } => {
                State::AskingItems { person, notice: Some(ItemsNotice::CardFailed) }
            }
            State::Finding { person, .. } => items::found(self, person, Found::Unsure),
            State::Opening { person, method, .. } => {
                consent::opened(self, person, method, Err(GatewayTrouble::Late))
            }
            State::Querying { person, consents, effect } => {
                let question = Unanswered::query(&person, consents, Some(effect));
                closing::unanswered(self, person, question, GatewayTrouble::Late)
            }
            State::Fallback { case, page } => fallback::overdue(self, *case, &page),
            State::Closing { ending, steps } => closing::overdue(self, ending, steps),
            State::Finished { ref ending, .. } => closing::leave(self, ending),
            State::CardProblem { problem, .. } => self.take_card(&state, Outcome::Refused(problem)),
            State::TakeCard { outcome, after, payment, reminder } => {
                State::TakeCard { outcome, after, payment, reminder: reminder.saturating_add(1) }
            }
            State::Farewell { .. } => self.leave(&state, Outcome::CardTaken),
            State::OutOfService(_) | State::Idle => state,
            _ => self.take_card(&state, Outcome::TimedOut),
        }
    }

    /// Another card lies there in the place of the one that was taken.
    fn give_back(&mut self, state: &State) -> State {
        self.card = Lying::Ours;
        self.take_card(state, Outcome::CardTaken)
    }
}
