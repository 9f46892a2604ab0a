//! How card, national system, store and staff carry out what the visit asks for.

use super::{World, keeping};
use crate::patient::PASSCODE;
use checkin::event::GatewayTrouble;
use checkin::reception::ReceptionNumber;
use checkin::{Answer, Request};

/// Card, store and files, in milliseconds.
const LOCAL_MS: u64 = 400;
/// The national system, when it works.
const SYSTEM_MS: u64 = 2_500;
/// The bridge waits so long for the small answers of a system that is late, and for a query.
const LATE_MS: (u64, u64) = (8_000, 18_000);

impl World {
    /// After how many milliseconds, and what is answered.
    pub(super) fn carry_out(&mut self, request: Request) -> Option<(u64, Answer)> {
        let wall = self.now.wall;
        if self.kept.as_ref().is_some_and(|kept| kept.holds_up(&request)) {
            self.get_stuck(&request);
            return keeping::refusal(&request, self.is_stuck());
        }
        if !self.is_stuck() {
            self.come_back();
        }
        let system = &mut self.system;
        let (small, large) = LATE_MS;
        Some(match request {
            Request::Inspect => (LOCAL_MS, Answer::Inspected(self.card.inspect())),
            Request::ReadPhoto { codes } => {
                (LOCAL_MS, Answer::PhotoRead(self.card.read_photo(&codes)))
            }
            Request::Sign { pin } => (LOCAL_MS, Answer::Signed(self.card.sign(&pin))),
            Request::CheckPasscode { passcode } => {
                let right = passcode.expose() == PASSCODE.as_bytes();
                let checked = self.passcodes.check(right, self.now.monotonic);
                (LOCAL_MS, Answer::PasscodeChecked(checked))
            }
            Request::LookUp { serial } => {
                let known = system.look_up(&serial);
                (after(&known, small), Answer::LookedUp(known))
            }
            Request::Open { serial, method, register } => {
                let opened = system.open(&serial, method, register, wall);
                (after(&opened, small), Answer::Opened(opened))
            }
            Request::Query { serial, consents } => {
                let found = system.query(&serial, &consents, wall);
                (after(&found, large), Answer::Queried(found))
            }
            Request::QueryNumbers { numbers, limit_certificate } => {
                let found = system.query_by_number(&numbers, limit_certificate, wall);
                (after(&found, large), Answer::Queried(found))
            }
            Request::Withdraw { serial, topic } => {
                system.withdraw(&serial, topic);
                (SYSTEM_MS, Answer::Withdrawn(Ok(())))
            }
            Request::Deliver { visit, .. } => {
                let done = self.kept.as_ref().map_or(Ok(()), |kept| kept.delivered(visit));
                (LOCAL_MS, Answer::Delivered(done))
            }
            Request::MakeStatement { .. } => (LOCAL_MS, Answer::StatementMade(Ok(()))),
            Request::TakeNumber { .. } => (LOCAL_MS, Answer::Numbered(Some(ReceptionNumber(1)))),
            Request::ReleaseCard
            | Request::ForgetPerson
            | Request::HandOverPhoto
            | Request::Announce { .. }
            | Request::Unpark { .. }
            | Request::Record { .. } => return None,
        })
    }
}

/// A late answer arrives as trouble when the bridge has waited for it.
fn after<T>(answer: &Result<T, GatewayTrouble>, late: u64) -> u64 {
    match answer {
        Err(GatewayTrouble::Late) => late,
        _ => SYSTEM_MS,
    }
}
