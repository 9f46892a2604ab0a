//! The state machine. `mod.rs` dispatches; each phase of the visit has its own file.

mod away;
mod case;
mod closing;
mod consent;
mod desk;
mod fallback;
mod identify;
mod late;
mod owner;
mod parked;
mod placed;
mod reader;
mod session;
mod state;
mod wait;
mod withdraw;

use crate::EffectId;
use crate::claim::ClaimRules;
use crate::effect::{Effect, VisitId};
use crate::event::{Action, Answer, Event, PinProblem, Revision};
use crate::fallback::Why;
use crate::identity::FaceRule;
use crate::time::{Millis, Now};
use crate::view::{Fault, Outcome, Screen, View};
use case::Case;
use desk::{Desk, Lying};
use state::State;
pub use wait::ACTS_AFTER_MS;
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
    /// Length of the site's list of destinations (departments, desks); the person is asked from two
    /// on.
    pub destinations: u8,
    /// How this site writes claims.
    pub claim: ClaimRules,
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
    /// Since when the question on the screen is asked: at which revision it appeared, and when.
    asked: (Revision, Millis),
    dropped: u64,
    early: u64,
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
            asked: (Revision::default(), Millis::default()),
            dropped: 0,
            early: 0,
        }
    }

    /// Takes one event. Events that mean nothing now are dropped and counted.
    pub fn handle(&mut self, now: Now, event: Event) {
        self.desk.now = now;
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
            if action.is_by_hand() && now.monotonic.since(self.asked.1) < ACTS_AFTER_MS {
                self.early += 1;
                return;
            }
        }
        let (before, dropped) = (self.screen(), self.dropped);
        let answers = matches!(&event, Event::Acted { action, .. } if action.is_typed());
        let state = std::mem::replace(&mut self.state, State::Idle);
        self.state = match event {
            Event::Reader(event) => self.on_reader(state, event),
            Event::Answered { id, answer } => self.on_answer(state, id, answer),
            Event::Acted { action, .. } => self.on_action(state, action),
            Event::StaffWithdrew { serial, topic } => {
                withdraw::staff_withdrew(&mut self.desk, state, &serial, topic)
            }
            Event::Blocked(fault) => self.blocked(state, fault),
            Event::Tick => self.on_tick(state),
            Event::Shutdown => {
                self.desk.fault = Some(Fault::Starting);
                self.desk.card = Lying::Nothing;
                parked::give_up_all(&mut self.desk);
                self.desk.leave(&state, Outcome::ReaderLost)
            }
        };
        self.state = self.desk.inspect_when_free(std::mem::replace(&mut self.state, State::Idle));
        let after = self.screen();
        if after != before {
            self.revision.0 += 1;
            self.wait_anew();
        } else if answers && self.dropped == dropped {
            // The same is wrong again: a new view, or nobody would see that the answer was looked at.
            self.revision.0 += 1;
        }
        if !after.asks_the_same(&before) {
            self.asked = (self.revision, now.monotonic);
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
            question: self.asked.0,
            screen: self.screen(),
            asks_presence: self.asks_presence,
            practice_card: self.state.has_practice_card(),
        }
    }

    /// When [`Event::Tick`] is due.
    #[must_use]
    pub fn deadline(&self) -> Option<Millis> {
        let state = Wait::of(&self.state).deadline(self.since, self.asks_presence);
        let background = [self.desk.parked.deadline(), self.desk.withdrawals.deadline()];
        state.into_iter().chain(background.into_iter().flatten()).min()
    }

    fn screen(&self) -> Screen {
        self.state.screen(&self.desk.config, self.desk.fault)
    }

    /// Visits whose answer is late: their questions go on in the background.
    #[must_use]
    pub fn parked(&self) -> usize {
        self.desk.parked.len()
    }

    /// Withdrawals that the system was asked for and has not answered; for a minute each at most.
    #[must_use]
    pub fn withdrawing(&self) -> usize {
        self.desk.withdrawals.len()
    }

    /// Late answers, actions on old views and events that meant nothing, since the start.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Acts on a question that was not up for [`ACTS_AFTER_MS`], since the start: mostly the second tap of
    /// a double tap.
    #[must_use]
    pub fn early(&self) -> u64 {
        self.early
    }

    fn blocked(&mut self, state: State, fault: Option<Fault>) -> State {
        self.desk.blocked = fault;
        match state {
            State::OutOfService(_) | State::Idle => self.desk.rest(),
            // Whose visit has begun is not sent away.
            other => other,
        }
    }

    fn on_answer(&mut self, mut state: State, id: EffectId, answer: Answer) -> State {
        let from_card = self.desk.card_command_answered(id);
        let session = match &mut state {
            State::Fallback { case, .. } => case.session.as_deref_mut(),
            other => other.session_mut(),
        };
        if let Some(session) = session.filter(|_| from_card) {
            session.note_tries(&answer);
        }
        let state = match withdraw::answered(&mut self.desk, state, id, &answer) {
            Ok(state) => return state,
            Err(state) => state,
        };
        match parked::answered(&mut self.desk, id, &answer) {
            parked::Outcome::Waiting => return state,
            parked::Outcome::Answered(parked, eligibility) => {
                return self.answered_late(state, *parked, eligibility);
            }
            parked::Outcome::NotParked => {}
        }
        let desk = &mut self.desk;
        match (state, answer) {
            // Late, but the person is still at the PIN: it counts, and so does the try.
            (
                State::EnteringPin { session, .. } | State::PinLastTry { session },
                Answer::Signed(signed @ (Ok(()) | Err(PinProblem::WrongPin(_)))),
            ) if from_card => identify::signed(desk, session, signed),
            (state, _) if !state.awaits(id) => self.drop_event(state),
            (State::Inspecting { visit, away, .. }, Answer::Inspected(found)) => {
                if away.is_some() {
                    self.wait_anew();
                }
                placed::inspected_again(&mut self.desk, visit, away, found)
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
            (State::Opening { session, method, .. }, Answer::Opened(opened)) => {
                consent::opened(desk, session, method, opened)
            }
            (State::Querying { session, consents, .. }, Answer::Queried(Ok(found))) => {
                closing::queried(desk, session, consents, found)
            }
            (State::Querying { session, consents, .. }, Answer::Queried(Err(trouble))) => {
                let question = parked::Question::query(&session, consents, None);
                closing::unanswered(desk, session, question, trouble)
            }
            (state, answer) => self.on_late_answer(state, answer),
        }
    }

    fn on_action(&mut self, state: State, action: Action) -> State {
        if action == Action::Stop && state.may_be_stopped() {
            return self.desk.take_card(&state, Outcome::Stopped);
        }
        if action == Action::OtherWays {
            match state {
                State::Idle | State::OutOfService(_) if self.desk.blocked.is_none() => {
                    let visit = self.desk.next_visit();
                    return fallback::open(&self.desk, Case::new(visit, Why::NoCard));
                }
                State::CardProblem { visit, problem } => {
                    return fallback::open(&self.desk, Case::new(visit, Why::Card(problem)));
                }
                _ => {}
            }
        }
        let desk = &mut self.desk;
        let handled = match state {
            State::CardProblem { problem, .. } if action == Action::Continue => {
                Ok(desk.take_card(&state, Outcome::Refused(problem)))
            }
            State::Application { .. } => placed::explained(desk, state, &action),
            State::Choosing { .. }
            | State::TypingCode { .. }
            | State::Preparing { .. }
            | State::Facing { .. }
            | State::EnteringPin { .. }
            | State::PinLastTry { .. }
            | State::AskingStaff { .. } => identify::act(desk, state, action),
            State::Settling { .. } | State::Inspecting { .. } | State::Away(_) => {
                away::act(desk, state, action)
            }
            State::ConsentSkipped { .. } | State::Consenting { .. } => {
                consent::act(desk, state, &action)
            }
            State::Fallback { case, page } => fallback::act(desk, case, page, action),
            State::Closing { ending, steps } => match action {
                Action::Destination(at)
                    if steps.asks_destination && at < desk.config.destinations =>
                {
                    Ok(closing::destined(desk, ending, steps, Some(at)))
                }
                // 「受付で聞く」
                Action::Continue if steps.asks_destination => {
                    Ok(closing::destined(desk, ending, steps, None))
                }
                _ => Err(State::Closing { ending, steps }),
            },
            State::Finished { ending, withdrawing } => {
                closing::act(desk, ending, withdrawing, &action)
            }
            State::Farewell { .. } if action == Action::Continue => Ok(desk.rest()),
            other => Err(other),
        };
        handled.unwrap_or_else(|unchanged| self.drop_event(unchanged))
    }

    fn on_tick(&mut self, state: State) -> State {
        self.desk.withdrawals.tick(self.desk.now.monotonic);
        parked::tick(&mut self.desk);
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
