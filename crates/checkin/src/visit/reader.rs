//! What the reader says: cards placed and removed, the reader itself lost and back.

use super::fallback::Page;
use super::shared::Lying;
use super::state::State;
use super::{Visits, away};
use crate::effect::Request;
use crate::event::ReaderEvent;
use crate::fallback::Why;
use crate::view::{Fault, Outcome};

impl Visits {
    pub(super) fn on_reader(&mut self, state: State, event: ReaderEvent) -> State {
        match event {
            ReaderEvent::Gone => self.reader_lost(state, Fault::ReaderMissing),
            ReaderEvent::ServiceDown => self.reader_lost(state, Fault::ServiceDown),
            ReaderEvent::Ready => {
                self.shared.fault = None;
                match state {
                    State::OutOfService(_) => self.shared.rest(),
                    other => other,
                }
            }
            ReaderEvent::CardPlaced => {
                self.shared.fault = None;
                self.card_placed(state)
            }
            ReaderEvent::CardRemoved => {
                self.shared.card = Lying::Nothing;
                self.card_removed(state)
            }
        }
    }

    fn card_placed(&mut self, state: State) -> State {
        match state {
            State::OutOfService(_) | State::Idle | State::Farewell { .. } => {
                self.shared.begin(None)
            }
            State::Away(away) => {
                self.wait_anew();
                self.shared.begin(Some(away))
            }
            // The card was found after all.
            State::Fallback { ref case, page: Page::Ways(_) } if case.why == Why::NoCard => {
                self.shared.leave(&state, Outcome::Stopped);
                self.shared.begin(None)
            }
            other if self.shared.card == Lying::Nothing => {
                self.shared.card = Lying::Another;
                other
            }
            other => self.drop_event(other),
        }
    }

    fn card_removed(&mut self, state: State) -> State {
        match state {
            State::Settling { away: Some(away), .. }
            | State::Inspecting { away: Some(away), .. } => {
                self.wait_anew();
                State::Away(away)
            }
            State::Finished { ending, .. } => {
                self.shared.request(Request::ForgetPerson);
                State::Farewell { after: ending.finished.after }
            }
            State::TakeCard { after, .. } if after.number.is_some() => State::Farewell { after },
            State::Away(mut away) => {
                away.problem = None;
                State::Away(away)
            }
            // From here on the card is not needed any more.
            State::OutOfService(_)
            | State::Idle
            | State::Finding { .. }
            | State::Querying { .. }
            | State::Fallback { .. }
            | State::Closing { .. }
            | State::Farewell { .. } => state,
            other => match away::pause(other) {
                Ok(away) => {
                    self.wait_anew();
                    State::Away(away)
                }
                Err(other) => self.shared.leave(&other, Outcome::CardTaken),
            },
        }
    }

    /// The state changes behind a screen that may stay: its time starts now.
    pub(super) fn wait_anew(&mut self) {
        self.since = self.shared.now.monotonic;
        self.asks_presence = false;
    }

    pub(super) fn reader_lost(&mut self, state: State, fault: Fault) -> State {
        self.shared.fault = Some(fault);
        self.shared.card = Lying::Nothing;
        match self.card_removed(state) {
            State::OutOfService(_) | State::Idle => State::OutOfService(fault),
            other => other,
        }
    }
}
