//! Answers that come when the person is past the card: in the navigator, at the end, or gone.

use super::Visits;
use super::fallback::{self, Page};
use super::state::State;
use super::{closing, parked};
use crate::eligibility::Eligibility;
use crate::event::Answer;
use crate::gateway::Reply;

impl Visits {
    /// Answers to the navigator and to the end of the visit; a withdrawal is not among them.
    pub(super) fn on_answer_past_the_card(&mut self, state: State, answer: Answer) -> State {
        let shared = &mut self.shared;
        match (state, answer) {
            (
                State::Fallback { case, page: Page::QueryingNumbers { document, limit, .. } },
                Answer::Replied(Reply::Queried(found)),
            ) => fallback::numbers_queried(shared, case, (document, limit), found),
            (
                State::Fallback { case, page: Page::QueryingKnown { .. } },
                Answer::Replied(Reply::Queried(found)),
            ) => fallback::known_queried(shared, case, found),
            (
                State::Fallback { case, page: Page::MakingStatement { .. } },
                Answer::StatementMade(made),
            ) => fallback::statement_made(shared, case, made),
            (State::Closing { ending, steps }, Answer::Delivered(done)) => {
                closing::delivered(shared, ending, steps, done)
            }
            (State::Closing { ending, steps }, Answer::Numbered(number)) => {
                closing::numbered(shared, ending, steps, number)
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
                fallback::answered_late(&mut self.shared, case, page, eligibility)
            }
            other => {
                closing::answered_late(&mut self.shared, parked, eligibility);
                other
            }
        }
    }
}
