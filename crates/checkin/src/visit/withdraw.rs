//! A consent that was given is withdrawn, here or by the staff: nowhere is it shown or handed on any more.

use super::closing::{Ending, deliver};
use super::desk::Desk;
use super::parked;
use super::state::State;
use crate::consent::Topic;
use crate::effect::{EffectId, Record, Request, VisitId};
use crate::event::Answer;
use crate::secret::Serial;
use crate::time::Millis;
use crate::view::Withdrawal;

/// A withdrawal that is not answered by then is lost.
const LOST_MS: u64 = 60_000;

/// A withdrawal that the system was asked for. It outlives its screen: whoever takes the card meanwhile has
/// withdrawn all the same.
#[derive(Debug)]
struct Asked {
    effect: EffectId,
    visit: VisitId,
    serial: Serial,
    topic: Topic,
    until: Millis,
    /// The staff were faster, and it is in the audit.
    recorded: bool,
}

/// The withdrawals that are under way.
#[derive(Debug, Default)]
pub(super) struct Withdrawals(Vec<Asked>);

impl Withdrawals {
    /// When the first one is lost.
    pub(super) fn deadline(&self) -> Option<Millis> {
        self.0.iter().map(|asked| asked.until).min()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Until when nothing is asked with this card's consents: which of them still stand is not known.
    pub(super) fn of(&self, serial: &Serial) -> Option<Millis> {
        self.0.iter().filter(|asked| asked.serial == *serial).map(|asked| asked.until).max()
    }

    /// Forgets what is lost.
    pub(super) fn tick(&mut self, now: Millis) {
        self.0.retain(|asked| asked.until > now);
    }
}

pub(super) fn withdrawal(agreed: &[(Topic, jiff::Timestamp)], known: bool) -> Withdrawal {
    if known && !agreed.is_empty() { Withdrawal::Here } else { Withdrawal::AtReception }
}

/// Asks the system to withdraw a consent of `visit`.
pub(super) fn ask(desk: &mut Desk, visit: VisitId, serial: Serial, topic: Topic) -> EffectId {
    let effect = desk.request(Request::Withdraw { serial: serial.clone(), topic });
    let until = desk.now.monotonic.plus(LOST_MS);
    desk.withdrawals.0.push(Asked { effect, visit, serial, topic, until, recorded: false });
    effect
}

/// Takes the answer to a withdrawal, wherever its person is now. `Err`: it is the answer to something else.
pub(super) fn answered(
    desk: &mut Desk,
    state: State,
    id: EffectId,
    answer: &Answer,
) -> Result<State, State> {
    let Answer::Withdrawn(answer) = answer else { return Err(state) };
    let Some(at) = desk.withdrawals.0.iter().position(|asked| asked.effect == id) else {
        return Err(state);
    };
    let asked = desk.withdrawals.0.remove(at);
    let done = answer.is_ok();
    if done {
        if !asked.recorded {
            desk.record(asked.visit, Record::ConsentWithdrawn(asked.topic));
        }
        parked::withdraw(desk, &asked.serial, asked.topic, Some(asked.visit));
    }
    parked::go_on(desk, &asked.serial);
    Ok(match state {
        State::Finished { mut ending, withdrawing: Some((effect, topic)) } if effect == id => {
            if !done {
                ending.finished.withdrawal = Withdrawal::Failed;
            } else if ending.finished.agreed.iter().any(|(agreed, _)| *agreed == topic) {
                without_consent(desk, &mut ending, topic);
            }
            State::Finished { ending, withdrawing: None }
        }
        gone_on => gone_on,
    })
}

/// Staff withdrew a consent of somebody who may still be here, or whose question waits.
pub(super) fn staff_withdrew(
    desk: &mut Desk,
    mut state: State,
    serial: &Serial,
    topic: Topic,
) -> State {
    for asked in &mut desk.withdrawals.0 {
        asked.recorded |= asked.serial == *serial && asked.topic == topic;
    }
    let mut asked_with_it = parked::withdraw(desk, serial, topic, None);
    let at = desk.now.wall;
    match &mut state {
        State::Querying { session, consents, .. } if session.card.serial == *serial => {
            for answer in consents.iter_mut() {
                asked_with_it |= answer.agreed && answer.topic == topic;
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
    if asked_with_it {
        // The system may have heard of the withdrawal before it hears of the consent.
        desk.request(Request::Withdraw { serial: serial.clone(), topic });
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
