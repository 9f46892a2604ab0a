//! How card, national system, store and staff carry out what the visit asks for.

use super::{World, keeping};
use crate::patient::PASSCODE;
use checkin::event::CardFace;
use checkin::gateway::GatewayTrouble;
use checkin::reception::ReceptionNumber;
use checkin::{Answer, Request};

/// Card, store and files, in milliseconds.
const LOCAL_MS: u64 = 400;
/// The national system, when it works.
const ANSWERS_MS: u64 = 2_500;

impl World {
    /// After how many milliseconds, and what is answered.
    pub(super) fn carry_out(&mut self, request: Request) -> Option<(u64, Answer)> {
        let wall = self.now.wall;
        if self.kept.as_ref().is_some_and(|kept| kept.holds_up(&request)) {
            self.get_stuck(&request);
            return keeping::refusal(&request, self.is_stuck(), self.reach);
        }
        if !self.is_stuck() {
            self.come_back();
        }
        Some(match request {
            Request::Inspect => (LOCAL_MS, Answer::Inspected(self.card.inspect())),
            Request::ReadPhoto { codes, items } => {
                let read = self.card.read_photo(&codes);
                let owner = items.then(|| self.card.owner()).flatten();
                let read = read.map(|birth| CardFace { birth, owner });
                (LOCAL_MS, Answer::PhotoRead(read))
            }
            Request::CountItemsTries => {
                (LOCAL_MS, Answer::ItemsCounted(Some(self.card.items_tries())))
            }
            Request::ReadItems { key } => (LOCAL_MS, Answer::ItemsRead(self.card.read_items(&key))),
            Request::FindPatient { .. } => {
                let found = self.patient.known_as(self.listed);
                (LOCAL_MS, Answer::PatientFound(found))
            }
            Request::Sign { pin } => (LOCAL_MS, Answer::Signed(self.card.sign(&pin))),
            Request::CheckPasscode { passcode } => {
                let right = passcode.expose() == PASSCODE.as_bytes();
                let checked = self.passcodes.check(right, self.now.monotonic);
                (LOCAL_MS, Answer::PasscodeChecked(checked))
            }
            Request::Ask(question) => {
                let reply = self.system.ask(&question, wall);
                // A late answer arrives as trouble when the bridge has waited for it.
                let late = reply == question.failed(GatewayTrouble::Late);
                (if late { question.late_after_ms(self.reach) } else { ANSWERS_MS }, reply.into())
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
