//! A consent that was given is withdrawn, here or by the staff: nowhere is it shown or handed on any more.

use super::closing::{Ending, deliver};
use super::desk::Desk;
use super::parked;
use super::state::State;
use crate::consent::Topic;
use crate::effect::{Record, Request};
use crate::event::GatewayTrouble;
use crate::secret::Serial;
use crate::view::Withdrawal;

pub(super) fn withdrawal(agreed: &[(Topic, jiff::Timestamp)], known: bool) -> Withdrawal {
    if known && !agreed.is_empty() { Withdrawal::Here } else { Withdrawal::AtReception }
}

pub(super) fn withdrawn(
    desk: &mut Desk,
    mut ending: Box<Ending>,
    topic: Topic,
    done: Result<(), GatewayTrouble>,
) -> State {
    if done.is_err() {
        ending.finished.withdrawal = Withdrawal::Failed;
        return State::Finished { ending, withdrawing: None };
    }
    // The staff may have been faster.
    if ending.finished.agreed.iter().any(|(agreed, _)| *agreed == topic) {
        let visit = ending.visit;
        desk.record(visit, Record::ConsentWithdrawn(topic));
        if let Some(serial) = &ending.serial {
            parked::withdraw(desk, serial, topic);
        }
        without_consent(desk, &mut ending, topic);
    }
    State::Finished { ending, withdrawing: None }
}

/// Staff withdrew a consent of somebody who may still be here, or whose question waits.
pub(super) fn staff_withdrew(
    desk: &mut Desk,
    mut state: State,
    serial: &Serial,
    topic: Topic,
) -> State {
    parked::withdraw(desk, serial, topic);
    let at = desk.now.wall;
    match &mut state {
        State::Querying { session, consents, .. } if session.card.serial == *serial => {
            for answer in consents.iter_mut() {
                answer.withdraw(topic, at);
            }
        }
        State::Fallback { case, .. }
            if case.session.as_ref().is_some_and(|session| session.card.serial == *serial) =>
        {
            for answer in &mut case.consents {
                answer.withdraw(topic, at);
            }
        }
        State::Closing { ending, .. } | State::Finished { ending, .. }
            if ending.serial.as_ref() == Some(serial) =>
        {
            without_consent(desk, ending, topic);
        }
        _ => {}
    }
    state
}

/// The consent was withdrawn: nowhere is it shown or handed on any more.
pub(super) fn without_consent(desk: &mut Desk, ending: &mut Ending, topic: Topic) {
    let visit = ending.visit;
    ending.finished.agreed.retain(|(agreed, _)| *agreed != topic);
    if ending.finished.withdrawal != Withdrawal::AtReception {
        ending.finished.withdrawal = withdrawal(&ending.finished.agreed, true);
    }
    ending.notice.agreed.retain(|agreed| *agreed != topic);
    let at = desk.now.wall;
    for answer in ending.handover.iter_mut().flat_map(|handover| &mut handover.consents) {
        answer.withdraw(topic, at);
    }
    // The receipt computer learns of it; a folder that is away is tried again by the outbox.
    deliver(desk, ending);
    desk.request(Request::Announce { visit, notice: ending.notice.clone() });
}
