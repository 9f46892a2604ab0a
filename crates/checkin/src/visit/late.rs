//! Answers that come when the person is past the card: in the navigator, at the end, or gone.

use super::Visit;
use super::fallback::{self, Page};
use super::state::State;
use super::{closing, parked};
use crate::eligibility::Eligibility;
use crate::event::Answer;

impl Visit {
    /// Answers to the navigator and to the end of the visit; a withdrawal is not among them.
    pub(super) fn on_late_answer(&mut self, state: State, answer: Answer) -> State {
        let desk = &mut self.desk;
        match (state, answer) {
            (
                State::Fallback { case, page: Page::QueryingNumbers { document, limit, .. } },
                Answer::Queried(found),
            ) => fallback::numbers_queried(desk, case, (document, limit), found),
            (
                State::Fallback { case, page: Page::MakingStatement { .. } },
                Answer::StatementMade(made),
            ) => fallback::statement_made(desk, case, made),
            (State::Closing { ending, steps }, Answer::Delivered(done)) => {
                closing::delivered(desk, ending, steps, done)
            }
            (State::Closing { ending, steps }, Answer::Numbered(number)) => {
                closing::numbered(desk, ending, steps, number)
            }
            (other, _) => self.drop_event(other),
        }
    }

    /// The background question of a visit was answered: of the one at the kiosk, or of one whose
    /// person sits in the waiting room.
    pub(super) fn answered_late(
        &mut self,
        state: State,
        parked: parked::Parked,
        eligibility: Box<Eligibility>,
    ) -> State {
        match state {
            State::Fallback { case, page } if case.visit == parked.visit => {
                fallback::answered_late(&mut self.desk, case, page, eligibility)
            }
            other => {
                closing::answered_late(&mut self.desk, parked, eligibility);
                other
            }
        }
    }
}
