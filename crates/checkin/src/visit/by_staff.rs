//! Staff end a visit at their board: whoever began it is gone, or cannot go on. It ends as it would by itself in time, without the
//! wait: what is known goes to the staff, what was confirmed is handed over, and the next person finds the kiosk free as soon as
//! the card is taken.

use super::closing;
use super::fallback::{self, Page};
use super::shared::Shared;
use super::state::State;
use crate::effect::{Record, VisitId};
use crate::fallback::Way;
use crate::view::Outcome;

/// `Err` gives the state back unchanged: it is another visit, or a machine is asked and the answer comes by itself.
pub(super) fn end(shared: &mut Shared, state: State, visit: VisitId) -> Result<State, State> {
    let waits_for_machine = match &state {
        State::Fallback { page, .. } => fallback::awaits(page).is_some(),
        State::Closing { steps, .. } => !steps.asks_destination,
        State::CardProblem { .. } | State::Finished { .. } => false,
        other => !other.may_be_stopped(),
    };
    if waits_for_machine || state.visit() != Some(visit) {
        return Err(state);
    }
    shared.record(visit, Record::EndedByStaff);
    Ok(match state {
        State::CardProblem { problem, .. } => shared.take_card(&state, Outcome::Refused(problem)),
        State::Fallback { case, page: Page::StatementReady } => {
            leaving(fallback::by_hand(shared, *case, Way::Statement), shared)
        }
        State::Fallback { case, .. } => leaving(fallback::stop(shared, *case), shared),
        state @ State::Closing { .. } => leaving(state, shared),
        State::Finished { ending, .. } => closing::leave(shared, &ending),
        other => shared.take_card(&other, Outcome::Stopped),
    })
}

/// An end that nobody reads.
fn leaving(state: State, shared: &mut Shared) -> State {
    match state {
        State::Closing { ending, steps } => closing::unread(shared, ending, steps),
        other => other,
    }
}
