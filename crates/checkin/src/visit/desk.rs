//! The visit's way out: effects, their ids, and the transitions that every phase shares.

use super::state::State;
use super::{Config, consent, identify, outcome, placed};
use crate::effect::{Effect, EffectId, Record, Request, VisitId};
use crate::event::GatewayTrouble;
use crate::time::{Millis, Now};
use crate::view::{MethodNotice, Outcome};
use jiff::Timestamp;
use std::collections::VecDeque;

#[derive(Debug)]
pub(super) struct Desk {
    pub(super) config: Config,
    pub(super) now: Now,
    pub(super) effects: VecDeque<Effect>,
    next_effect: u64,
    next_visit: VisitId,
    /// The unanswered command to the card: there is never a second one.
    card_command: Option<EffectId>,
}

impl Desk {
    pub(super) fn new(config: Config, first: VisitId) -> Self {
        let now = Now { monotonic: Millis::default(), wall: Timestamp::UNIX_EPOCH };
        Self {
            config,
            now,
            effects: VecDeque::new(),
            next_effect: 0,
            next_visit: first,
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

    /// Asks for a card command unless one is unanswered.
    pub(super) fn card_request(&mut self, request: Request) -> Option<EffectId> {
        if self.card_command.is_some() {
            return None;
        }
        let id = self.request(request);
        self.card_command = Some(id);
        Some(id)
    }

    pub(super) fn card_command_answered(&mut self, id: EffectId) {
        if self.card_command == Some(id) {
            self.card_command = None;
        }
    }

    pub(super) fn record(&mut self, visit: VisitId, record: Record) {
        let at = self.now.wall;
        self.request(Request::Record { visit, at, record });
    }

    /// A card was placed: a new visit begins.
    pub(super) fn begin(&mut self) -> State {
        let visit = self.next_visit;
        self.next_visit.0 += 1;
        State::Settling { visit }
    }

    /// Reads the waiting card as soon as the previous command is answered.
    pub(super) fn inspect_when_free(&mut self, state: State) -> State {
        let State::Settling { visit } = state else {
            return state;
        };
        match self.card_request(Request::Inspect) {
            Some(effect) => State::Inspecting { visit, effect },
            None => state,
        }
    }

    /// Leaves a visit because card or reader went away.
    pub(super) fn leave(&mut self, from: &State, to: State) -> State {
        let outcome = match to {
            State::Idle => Outcome::CardTaken,
            _ => Outcome::ReaderLost,
        };
        if let Some(visit) = from.open_visit() {
            self.record(visit, Record::Ended(outcome));
        }
        if !matches!(from, State::OutOfService(_) | State::Idle) {
            self.request(Request::ForgetPerson);
        }
        to
    }

    /// Ends the visit and asks for the card to be taken. The card is reset, so that no verified
    /// state stays on it.
    pub(super) fn take_card(&mut self, from: &State, outcome: Outcome) -> State {
        if let Some(visit) = from.open_visit() {
            self.record(visit, Record::Ended(outcome));
        }
        self.request(Request::ReleaseCard);
        self.request(Request::ForgetPerson);
        State::TakeCard { outcome, reminder: 0 }
    }

    /// The deadline of `state` passed.
    pub(super) fn overdue(&mut self, state: State) -> State {
        match state {
            State::Settling { visit } | State::Inspecting { visit, .. } => {
                placed::unreadable(visit)
            }
            State::LookingUp { visit, card, .. } => {
                placed::looked_up(self, visit, *card, Err(GatewayTrouble::Late))
            }
            State::ReadingPhoto { session, .. } | State::CheckingPin { session, .. } => {
                State::Choosing { session, notice: Some(MethodNotice::CardFailed) }
            }
            State::Preparing { session } => identify::without_camera(session),
            State::CheckingPasscode { session, .. } => {
                State::AskingStaff { session, problem: None }
            }
            State::Opening { session, .. } => {
                consent::opened(self, session, Err(GatewayTrouble::Late))
            }
            State::Querying { session, consents, .. } => {
                outcome::queried(self, &session, &consents, Err(GatewayTrouble::Late))
            }
            State::Delivering { finished, .. } => outcome::queued(finished),
            State::Finished(ref finished) => self.take_card(&state, finished.outcome),
            State::CardProblem { problem, .. } => self.take_card(&state, Outcome::Refused(problem)),
            State::TakeCard { outcome, reminder } => {
                State::TakeCard { outcome, reminder: reminder.saturating_add(1) }
            }
            State::OutOfService(_) | State::Idle => state,
            _ => self.take_card(&state, Outcome::TimedOut),
        }
    }
}
