//! From the system's answer to the taken card.

use super::desk::Desk;
use super::state::{Session, State};
use crate::consent::ConsentAnswer;
use crate::effect::{Record, Request, VisitId};
use crate::eligibility::{Eligibility, Validity};
use crate::event::{DeliveryTrouble, GatewayTrouble};
use crate::view::{Finished, Outcome};

/// Every answer is handed to the receipt computer, not only the good ones: a lost qualification
/// is what the second claim route needs.
pub(super) fn queried(
    desk: &mut Desk,
    session: &Session,
    consents: &[ConsentAnswer],
    found: Result<Eligibility, GatewayTrouble>,
) -> State {
    let visit = session.visit;
    let eligibility = match found {
        Ok(eligibility) => eligibility,
        Err(trouble) => return without_answer(desk, visit, Outcome::Unanswered(trouble)),
    };
    let finished = Box::new(finished(&eligibility, consents));
    let eligibility = Box::new(eligibility);
    let effect = desk.request(Request::Deliver { visit, eligibility, consents: consents.to_vec() });
    desk.record(visit, Record::Ended(finished.outcome));
    State::Delivering { visit, finished, effect }
}

fn finished(eligibility: &Eligibility, consents: &[ConsentAnswer]) -> Finished {
    let agreed = consents.iter().filter(|answer| answer.agreed);
    let agreed = agreed.map(|answer| (answer.topic, answer.available_until())).collect();
    let confirmed = eligibility.is_valid();
    let current = eligibility.qualifications.first().filter(|_| confirmed);
    let outcome = match eligibility.validity {
        _ if confirmed => Outcome::Confirmed,
        // Contradictory: called valid, but without a qualification.
        Validity::Valid | Validity::ValidUnregistered => Outcome::NotConfirmed(Validity::NoneFound),
        other => Outcome::NotConfirmed(other),
    };
    Finished {
        outcome,
        name: current.map(|qualification| qualification.name.clone()),
        share_percent: current.and_then(|qualification| qualification.share_percent),
        agreed,
        delivery_queued: false,
    }
}

/// The system gave no answer: staff go on from here, the share stays the usual one.
pub(super) fn without_answer(desk: &mut Desk, visit: VisitId, outcome: Outcome) -> State {
    desk.record(visit, Record::Ended(outcome));
    State::Finished(Box::new(Finished {
        outcome,
        name: None,
        share_percent: None,
        agreed: Vec::new(),
        delivery_queued: false,
    }))
}

pub(super) fn delivered(finished: Box<Finished>, done: Result<(), DeliveryTrouble>) -> State {
    match done {
        Ok(()) => State::Finished(finished),
        Err(DeliveryTrouble::Queued) => queued(finished),
    }
}

pub(super) fn queued(mut finished: Box<Finished>) -> State {
    finished.delivery_queued = true;
    State::Finished(finished)
}
