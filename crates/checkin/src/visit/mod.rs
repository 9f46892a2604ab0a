//! The state machine. `mod.rs` dispatches; each phase of the visit has its own file.

mod away;
mod by_staff;
mod case;
mod closing;
mod consent;
mod fallback;
mod identify;
mod ids;
mod items;
mod late;
mod owner;
mod parked;
mod person;
mod placed;
mod reader;
mod receipt;
mod shared;
mod state;
mod wait;
mod withdraw;

use crate::EffectId;
use crate::claim::ClaimRules;
use crate::deadlines::ACTS_AFTER_MS;
use crate::effect::{Effect, VisitId};
use crate::event::{Action, Answer, Event, PinProblem, Revision};
use crate::fallback::Why;
use crate::gateway::{Reach, Reply};
use crate::identity::FaceRule;
use crate::time::{Millis, Now};
use crate::view::{Fault, Outcome, Screen, View};
use case::Case;
pub use ids::VisitIds;
use shared::{Lying, Shared};
use state::State;
pub use wait::Patience;
use wait::Wait;

/// What the site decided; fixed while the bridge runs, but for [`Visits::take_over`].
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
    /// By what the eligibility system can be asked.
    pub reach: Reach,
    /// How long it waits for a person.
    pub patience: Patience,
}

/// The visits at one kiosk, one after the other.
///
/// Call [`Visits::handle`], then [`Visits::poll_effect`] until `None`, then read [`Visits::view`] and
/// [`Visits::deadline`]; call `handle` with [`Event::Tick`] at the deadline. Nothing panics, every
/// state that waits has a deadline, and entering `Idle` drops everything about the person.
#[derive(Debug)]
pub struct Visits {
    shared: Shared,
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

impl Visits {
    /// A kiosk without a reader yet. `ids` is shared with all kiosks whose visits are kept together.
    #[must_use]
    pub fn new(config: Config, ids: VisitIds) -> Self {
        Self {
            shared: Shared::new(config, ids),
            state: State::OutOfService(Fault::Starting),
            since: Millis::default(),
            asks_presence: false,
            revision: Revision::default(),
            asked: (Revision::default(), Millis::default()),
            dropped: 0,
            early: 0,
        }
    }

    /// The site's list of destinations has so many from now on, and it waits so long. `false`: somebody is here and goes on as they
    /// began; ask again when nobody is.
    pub fn take_over(&mut self, destinations: u8, patience: Patience) -> bool {
        let is_free = matches!(self.state, State::Idle | State::OutOfService(_));
        if is_free {
            self.shared.config.destinations = destinations;
            self.shared.config.patience = patience;
        }
        is_free
    }

    /// Takes one event. Events that mean nothing now are dropped and counted.
    pub fn handle(&mut self, now: Now, event: Event) {
        self.shared.now = now;
        if let Event::Acted { seen, action } = &event {
            if Wait::of(&self.state, &self.shared.config).is_prolonged_by_acts() {
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
                withdraw::staff_withdrew(&mut self.shared, state, &serial, topic)
            }
            Event::StaffEnded { visit } => by_staff::end(&mut self.shared, state, visit)
                .unwrap_or_else(|unchanged| self.drop_event(unchanged)),
            Event::Blocked(fault) => self.blocked(state, fault),
            Event::Tick => self.on_tick(state),
            Event::Shutdown => {
                self.shared.fault = Some(Fault::Starting);
                self.shared.card = Lying::Nothing;
                parked::give_up_all(&mut self.shared);
                self.shared.leave(&state, Outcome::ReaderLost)
            }
        };
        self.state = self.shared.inspect_when_free(std::mem::replace(&mut self.state, State::Idle));
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
        self.shared.effects.pop_front()
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

    /// The visit that is at the kiosk; `None` where nobody is, or only a card and a number are left of it.
    #[must_use]
    pub fn visit(&self) -> Option<VisitId> {
        self.state.visit()
    }

    /// When [`Event::Tick`] is due.
    #[must_use]
    pub fn deadline(&self) -> Option<Millis> {
        let wait = Wait::of(&self.state, &self.shared.config);
        let state = wait.deadline(self.since, self.asks_presence);
        let background = [self.shared.parked.deadline(), self.shared.withdrawals.deadline()];
        state.into_iter().chain(background.into_iter().flatten()).min()
    }

    fn screen(&self) -> Screen {
        self.state.screen(&self.shared.config, self.shared.fault)
    }

    /// Visits whose answer is late: their questions go on in the background.
    #[must_use]
    pub fn parked(&self) -> usize {
        self.shared.parked.len()
    }

    /// Withdrawals that the system was asked for and has not answered; for a minute each at most.
    #[must_use]
    pub fn withdrawing(&self) -> usize {
        self.shared.withdrawals.len()
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
        self.shared.blocked = fault;
        match state {
            State::OutOfService(_) | State::Idle => self.shared.rest(),
            // Whose visit has begun is not sent away.
            other => other,
        }
    }

    fn on_answer(&mut self, mut state: State, id: EffectId, answer: Answer) -> State {
        let from_card = self.shared.card_command_answered(id);
        let person = match &mut state {
            State::Fallback { case, .. } => case.person.as_deref_mut(),
            other => other.person_mut(),
        };
        if let Some(person) = person.filter(|_| from_card) {
            person.note_tries(&answer);
        }
        let state = match withdraw::answered(&mut self.shared, state, id, &answer) {
            Ok(state) => return state,
            Err(state) => state,
        };
        match parked::answered(&mut self.shared, id, &answer) {
            parked::Outcome::Waiting => return state,
            parked::Outcome::Answered(parked, eligibility) => {
                return self.answered_late(state, *parked, eligibility);
            }
            parked::Outcome::NotParked => {}
        }
        let shared = &mut self.shared;
        match (state, answer) {
            // Late, but the person is still at the PIN: it counts, and so does the try.
            (
                State::EnteringPin { person, .. } | State::PinLastTry { person },
                Answer::Signed(signed @ (Ok(()) | Err(PinProblem::WrongPin(_)))),
            ) if from_card => identify::signed(shared, person, signed),
            (state, _) if !state.awaits(id) => self.drop_event(state),
            (State::Inspecting { visit, away, .. }, Answer::Inspected(found)) => {
                if away.is_some() {
                    self.wait_anew();
                }
                placed::inspected_again(&mut self.shared, visit, away, found)
            }
            (State::LookingUp { visit, card, .. }, Answer::Replied(Reply::LookedUp(known))) => {
                placed::looked_up(shared, visit, *card, known)
            }
            (State::ReadingPhoto { person, .. }, Answer::PhotoRead(read)) => {
                identify::photo_read(shared, person, read.map(|_| ()))
            }
            (State::CheckingPin { person, .. }, Answer::Signed(signed)) => {
                identify::signed(shared, person, signed)
            }
            (State::ReadingItems { person, .. }, Answer::ItemsCounted(tries)) => {
                items::counted(person, tries)
            }
            (State::ReadingItems { person, .. }, Answer::ItemsRead(read)) => {
                items::was_read(shared, person, read)
            }
            (State::Finding { person, .. }, Answer::PatientFound(found)) => {
                items::found(shared, person, found)
            }
            (State::CheckingPasscode { person, reason, .. }, Answer::PasscodeChecked(checked)) => {
                identify::passcode_checked(shared, person, reason, checked)
            }
            (State::Opening { person, method, .. }, Answer::Replied(Reply::Opened(opened))) => {
                consent::opened(shared, person, method, opened)
            }
            (
                State::Querying { person, consents, .. },
                Answer::Replied(Reply::Queried(Ok(found))),
            ) => closing::queried(shared, person, consents, found),
            (
                State::Querying { person, consents, .. },
                Answer::Replied(Reply::Queried(Err(trouble))),
            ) => {
                let question = parked::Unanswered::query(&person, consents, None);
                closing::unanswered(shared, person, question, trouble)
            }
            (state, answer) => self.on_answer_past_the_card(state, answer),
        }
    }

    fn on_action(&mut self, state: State, action: Action) -> State {
        if action == Action::Stop && state.may_be_stopped() {
            return self.shared.take_card(&state, Outcome::Stopped);
        }
        if action == Action::OtherWays {
            match state {
                State::Idle | State::OutOfService(_) if self.shared.blocked.is_none() => {
                    let visit = self.shared.ids.take();
                    return fallback::open(&self.shared, Case::new(visit, Why::NoCard));
                }
                State::CardProblem { visit, problem } => {
                    return fallback::open(&self.shared, Case::new(visit, Why::Card(problem)));
                }
                _ => {}
            }
        }
        let shared = &mut self.shared;
        let handled = match state {
            State::CardProblem { problem, .. } if action == Action::Continue => {
                Ok(shared.take_card(&state, Outcome::Refused(problem)))
            }
            State::Application { .. } => placed::explained(shared, state, &action),
            State::Choosing { .. }
            | State::TypingCode { .. }
            | State::Preparing { .. }
            | State::Facing { .. }
            | State::EnteringPin { .. }
            | State::PinLastTry { .. }
            | State::AskingStaff { .. } => identify::act(shared, state, action),
            State::AskingItems { .. } | State::EnteringItemsPin { .. } => {
                items::act(shared, state, action)
            }
            State::Settling { .. } | State::Inspecting { .. } | State::Away(_) => {
                away::act(shared, state, action)
            }
            State::ConsentSkipped { .. } | State::Consenting { .. } => {
                consent::act(shared, state, &action)
            }
            State::Fallback { case, page } => fallback::act(shared, case, page, action),
            State::Closing { ending, steps } => match action {
                Action::Destination(at)
                    if steps.asks_destination && at < shared.config.destinations =>
                {
                    Ok(closing::destined(shared, ending, steps, Some(at)))
                }
                // 「受付で聞く」
                Action::Continue if steps.asks_destination => {
                    Ok(closing::destined(shared, ending, steps, None))
                }
                _ => Err(State::Closing { ending, steps }),
            },
            State::Finished { ending, withdrawing } => {
                closing::act(shared, ending, withdrawing, &action)
            }
            State::Farewell { .. } if action == Action::Continue => Ok(shared.rest()),
            other => Err(other),
        };
        handled.unwrap_or_else(|unchanged| self.drop_event(unchanged))
    }

    fn on_tick(&mut self, state: State) -> State {
        self.shared.withdrawals.tick(self.shared.now.monotonic);
        parked::tick(&mut self.shared);
        let wait = Wait::of(&state, &self.shared.config);
        let due = wait.deadline(self.since, self.asks_presence);
        if due.is_none_or(|due| self.shared.now.monotonic < due) {
            return state;
        }
        if wait.asks_first() && !self.asks_presence {
            self.asks_presence = true;
            return state;
        }
        self.since = self.shared.now.monotonic;
        self.shared.overdue(state)
    }

    fn drop_event(&mut self, state: State) -> State {
        self.dropped += 1;
        state
    }
}
