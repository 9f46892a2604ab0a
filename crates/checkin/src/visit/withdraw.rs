//! A consent that was given is withdrawn, here or by the staff: nowhere is it shown or handed on any more.

use super::closing::{Ending, deliver};
use super::parked;
use super::shared::Shared;
use super::state::State;
use crate::consent::Topic;
use crate::deadlines::LOST_MS;
use crate::effect::{EffectId, Record, Request, VisitId};
use crate::event::Answer;
use crate::gateway::{Question, Reply};
use crate::secret::Serial;
use crate::time::Millis;
use crate::view::Withdrawal;

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
pub(super) fn ask(shared: &mut Shared, visit: VisitId, serial: Serial, topic: Topic) -> EffectId {
    let effect = shared.ask(Question::Withdraw { serial: serial.clone(), topic });
    let until = shared.now.monotonic.plus(LOST_MS);
    shared.withdrawals.0.push(Asked { effect, visit, serial, topic, until, recorded: false });
    effect
}

/// Takes the answer to a withdrawal, wherever its person is now. `Err`: it is the answer to something else.
pub(super) fn answered(
    shared: &mut Shared,
    state: State,
    id: EffectId,
    answer: &Answer,
) -> Result<State, State> {
    let Answer::Replied(Reply::Withdrawn(answer)) = answer else { return Err(state) };
    let Some(at) = shared.withdrawals.0.iter().position(|asked| asked.effect == id) else {
        return Err(state);
    };
    let asked = shared.withdrawals.0.remove(at);
    let done = answer.is_ok();
    if done {
        if !asked.recorded {
            shared.record(asked.visit, Record::ConsentWithdrawn(asked.topic));
        }
        parked::withdraw(shared, &asked.serial, asked.topic, Some(asked.visit));
    }
    parked::go_on(shared, &asked.serial);
    Ok(match state {
        State::Finished { mut ending, withdrawing: Some((effect, topic)) } if effect == id => {
            if !done {
                ending.finished.withdrawal = Withdrawal::Failed;
            } else if ending.finished.agreed.iter().any(|(agreed, _)| *agreed == topic) {
                without_consent(shared, &mut ending, topic);
            }
            State::Finished { ending, withdrawing: None }
        }
        gone_on => gone_on,
    })
}

/// Staff withdrew a consent of somebody who may still be here, or whose question waits.
pub(super) fn staff_withdrew(
    shared: &mut Shared,
    mut state: State,
    serial: &Serial,
    topic: Topic,
) -> State {
    for asked in &mut shared.withdrawals.0 {
        asked.recorded |= asked.serial == *serial && asked.topic == topic;
    }
    let mut asked_with_it = parked::withdraw(shared, serial, topic, None);
    let at = shared.now.wall;
    match &mut state {
        State::Querying { person, consents, .. } if person.card.serial == *serial => {
            for answer in consents.iter_mut() {
                asked_with_it |= answer.agreed && answer.topic == topic;
                answer.withdraw(topic, at);
            }
        }
        State::Fallback { case, .. }
            if case.person.as_ref().is_some_and(|person| person.card.serial == *serial) =>
        {
            for answer in &mut case.consents {
                answer.withdraw(topic, at);
            }
        }
        State::Closing { ending, .. } | State::Finished { ending, .. }
            if ending.serial.as_ref() == Some(serial) =>
        {
            without_consent(shared, ending, topic);
        }
        _ => {}
    }
    if asked_with_it {
        // The system may have heard of the withdrawal before it hears of the consent.
        shared.ask(Question::Withdraw { serial: serial.clone(), topic });
    }
    state
}

/// The consent was withdrawn: nowhere is it shown or handed on any more.
pub(super) fn without_consent(shared: &mut Shared, ending: &mut Ending, topic: Topic) {
    let visit = ending.visit;
    ending.finished.agreed.retain(|(agreed, _)| *agreed != topic);
    if ending.finished.withdrawal != Withdrawal::AtReception {
        ending.finished.withdrawal = withdrawal(&ending.finished.agreed, true);
    }
    ending.notice.agreed.retain(|agreed| *agreed != topic);
    let at = shared.now.wall;
    for answer in ending.handover.iter_mut().flat_map(|handover| &mut handover.consents) {
        answer.withdraw(topic, at);
    }
    // The receipt computer learns of it; a folder that is away is tried again by the outbox.
    deliver(shared, ending);
    shared.request(Request::Announce { visit, notice: ending.notice.clone() });
}
