//! The state machine. `mod.rs` dispatches; each phase of the visit has its own file.

mod consent;
mod desk;
mod identify;
mod outcome;
mod placed;
mod state;
mod wait;

use crate::effect::{Effect, VisitId};
use crate::event::{Action, Answer, Event, ReaderEvent, Revision};
use crate::identity::FaceRule;
use crate::time::{Millis, Now};
use crate::view::{Fault, Outcome, View};
use desk::Desk;
use state::State;
use wait::Wait;

/// What the site decided; fixed while the bridge runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Operating point of the face match.
    pub face: FaceRule,
    /// Accept cards of the practice root.
    pub accept_practice_cards: bool,
    /// The facility has set a passcode for 目視.
    pub passcode_set: bool,
}

/// The visits at one kiosk, one after the other.
///
/// Call [`Visit::handle`], then [`Visit::poll_effect`] until `None`, then read [`Visit::view`] and
/// [`Visit::deadline`]; call `handle` with [`Event::Tick`] at the deadline. Nothing panics, every
/// state that waits has a deadline, and entering `Idle` drops everything about the person.
#[derive(Debug)]
pub struct Visit {
    desk: Desk,
    state: State,
    /// Moment of the last change of screen or act of the person.
    since: Millis,
    asks_presence: bool,
    revision: Revision,
    dropped: u64,
}

impl Visit {
    /// A kiosk without a reader yet. `first` is the number of the first visit.
    #[must_use]
    pub fn new(config: Config, first: VisitId) -> Self {
        Self {
            desk: Desk::new(config, first),
            state: State::OutOfService(Fault::Starting),
            since: Millis::default(),
            asks_presence: false,
            revision: Revision::default(),
            dropped: 0,
        }
    }

    /// Takes one event. Events that mean nothing now are dropped and counted.
    pub fn handle(&mut self, now: Now, event: Event) {
        self.desk.now = now;
        if let Event::Answered { id, .. } = &event {
            self.desk.card_command_answered(*id);
        }
        if let Event::Acted { seen, action } = &event {
            if Wait::of(&self.state).is_prolonged_by_acts() {
                self.since = now.monotonic;
                self.asks_presence = false;
            }
            if *action == Action::Present {
                return;
            }
            if *seen != self.revision {
                self.dropped += 1;
                return;
            }
        }
        let before = self.state.screen(&self.desk.config);
        let state = std::mem::replace(&mut self.state, State::Idle);
        self.state = match event {
            Event::Reader(event) => self.on_reader(state, event),
            Event::Answered { id, answer } => self.on_answer(state, id, answer),
            Event::Acted { action, .. } => self.on_action(state, action),
            Event::Tick => self.on_tick(state),
        };
        self.state = self.desk.inspect_when_free(std::mem::replace(&mut self.state, State::Idle));
        if self.state.screen(&self.desk.config) != before {
            self.revision.0 += 1;
            self.since = now.monotonic;
            self.asks_presence = false;
        }
    }

    /// The next thing to do, in order.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.desk.effects.pop_front()
    }

    /// What the kiosk shows now.
    #[must_use]
    pub fn view(&self) -> View {
        View {
            revision: self.revision,
            screen: self.state.screen(&self.desk.config),
            asks_presence: self.asks_presence,
        }
    }

    /// When [`Event::Tick`] is due.
    #[must_use]
    pub fn deadline(&self) -> Option<Millis> {
        Wait::of(&self.state).deadline(self.since, self.asks_presence)
    }

    /// Late answers, actions on old views and events that meant nothing, since the start.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    fn on_reader(&mut self, state: State, event: ReaderEvent) -> State {
        match event {
            ReaderEvent::Gone => self.desk.leave(&state, State::OutOfService(Fault::ReaderMissing)),
            ReaderEvent::ServiceDown => {
                self.desk.leave(&state, State::OutOfService(Fault::ServiceDown))
            }
            ReaderEvent::Ready => match state {
                State::OutOfService(_) => State::Idle,
                other => other,
            },
            ReaderEvent::CardPlaced => match state {
                State::OutOfService(_) | State::Idle => self.desk.begin(),
                other => self.drop_event(other),
            },
            ReaderEvent::CardRemoved => match state {
                State::OutOfService(_) | State::Idle => state,
                other => self.desk.leave(&other, State::Idle),
            },
        }
    }

    fn on_answer(&mut self, state: State, id: crate::EffectId, answer: Answer) -> State {
        if state.awaits() != Some(id) {
            return self.drop_event(state);
        }
        let desk = &mut self.desk;
        match (state, answer) {
            (State::Inspecting { visit, .. }, Answer::Inspected(found)) => {
                placed::inspected(desk, visit, found)
            }
            (State::LookingUp { visit, card, .. }, Answer::LookedUp(known)) => {
                placed::looked_up(desk, visit, *card, known)
            }
            (State::ReadingPhoto { session, .. }, Answer::PhotoRead(read)) => {
                identify::photo_read(desk, session, read)
            }
            (State::CheckingPin { session, .. }, Answer::Signed(signed)) => {
                identify::signed(desk, session, signed)
            }
            (State::CheckingPasscode { session, reason, .. }, Answer::PasscodeChecked(checked)) => {
                identify::passcode_checked(desk, session, reason, checked)
            }
            (State::Opening { session, .. }, Answer::Opened(topics)) => {
                consent::opened(desk, session, topics)
            }
            (State::Querying { session, consents, .. }, Answer::Queried(found)) => {
                outcome::queried(desk, &session, &consents, found)
            }
            (State::Delivering { finished, .. }, Answer::Delivered(done)) => {
                outcome::delivered(finished, done)
            }
            (other, _) => self.drop_event(other),
        }
    }

    fn on_action(&mut self, state: State, action: Action) -> State {
        if action == Action::Stop && state.may_be_stopped() {
            return self.desk.take_card(&state, Outcome::Stopped);
        }
        let desk = &mut self.desk;
        let handled = match state {
            State::CardProblem { problem, .. } if action == Action::Continue => {
                Ok(desk.take_card(&state, Outcome::Refused(problem)))
            }
            State::Application { .. } => placed::explained(state, &action),
            State::Choosing { .. }
            | State::TypingCode { .. }
            | State::Preparing { .. }
            | State::Facing { .. }
            | State::EnteringPin { .. }
            | State::PinLastTry { .. }
            | State::AskingStaff { .. } => identify::act(desk, state, action),
            State::ConsentSkipped { .. } | State::Consenting { .. } => {
                consent::act(desk, state, &action)
            }
            State::Finished(ref finished) if action == Action::Continue => {
                Ok(desk.take_card(&state, finished.outcome))
            }
            other => Err(other),
        };
        handled.unwrap_or_else(|unchanged| self.drop_event(unchanged))
    }

    fn on_tick(&mut self, state: State) -> State {
        let wait = Wait::of(&state);
        let due = wait.deadline(self.since, self.asks_presence);
        if due.is_none_or(|due| self.desk.now.monotonic < due) {
            return state;
        }
        if wait.asks_first() && !self.asks_presence {
            self.asks_presence = true;
            return state;
        }
        self.since = self.desk.now.monotonic;
        self.desk.overdue(state)
    }

    fn drop_event(&mut self, state: State) -> State {
        self.dropped += 1;
        state
    }
}
