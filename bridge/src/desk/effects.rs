//! Carrying effects out.

use super::{Desk, Finished, ToKiosk};
use crate::board::Board;
use crate::card::{Done, Verb};
use crate::delivery::Undelivered;
use crate::gateway::Question;
use crate::store::Store;
use crate::wire;
use checkin::event::{DeliveryTrouble, StatementTrouble};
use checkin::reception::ReceptionNumber;
use checkin::time::in_japan;
use checkin::{Answer, Effect, EffectId, Request, VisitId};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Instant;

impl Desk {
    pub(super) fn carry_out(&mut self, effect: Effect) {
        let id = effect.id;
        match effect.request {
            Request::Inspect => self.card(id, "inspect", Verb::Inspect),
            Request::ReadPhoto { code } => self.card(id, "read_photo", Verb::ReadPhoto(code)),
            Request::Sign { pin } => self.card(id, "sign", Verb::Sign(pin)),
            Request::ReleaseCard => self.card(id, "release", Verb::Release),
            Request::ForgetPerson => {
                self.photo = None;
                self.services.printout.clear();
                self.tell(ToKiosk::Forget);
            }
            Request::CheckPasscode { passcode } => {
                let checked = self.services.guards.check(self.kind, self.door, passcode);
                self.spawn(id, "passcode", async { Answer::PasscodeChecked(checked.await).into() });
            }
            Request::LookUp { serial } => self.ask(id, "look_up", Question::LookUp(serial)),
            Request::Open { serial, method, register } => {
                self.ask(id, "open", Question::Open(serial, method, register));
            }
            Request::Query { serial, consents } => {
                self.ask(id, "query", Question::Query(serial, consents));
            }
            Request::QueryNumbers { numbers, limit_certificate } => {
                self.ask(id, "query_numbers", Question::QueryNumbers(numbers, limit_certificate));
            }
            Request::Withdraw { serial, topic } => {
                self.ask(id, "withdraw", Question::Withdraw(serial, topic));
            }
            Request::MakeStatement { statement } => {
                let printout = Arc::clone(&self.services.printout);
                let otherwise = Answer::StatementMade(Err(StatementTrouble::NotPrintable));
                self.blocking(id, "statement", otherwise, move || {
                    Answer::StatementMade(printout.make(&statement))
                });
            }
            Request::TakeNumber { visit } => {
                let (store, board) =
                    (Arc::clone(&self.services.store), Arc::clone(&self.services.board));
                self.blocking(id, "number", Answer::Numbered(None), move || {
                    Answer::Numbered(take_number(&*store, &board, visit))
                });
            }
            Request::Announce { visit, notice } => {
                self.services.board.announce(visit, &notice, Timestamp::now());
                self.save_row(id, visit);
            }
            Request::Unpark { visit } => {
                self.services.board.unpark(visit);
                self.save_row(id, visit);
            }
            Request::Deliver { visit, handover } => {
                let services = &self.services;
                let (delivery, board) =
                    (Arc::clone(&services.delivery), Arc::clone(&services.board));
                let otherwise = Answer::Delivered(Err(DeliveryTrouble::Queued));
                self.blocking(id, "deliver", otherwise, move || {
                    let done = delivery.deliver(&handover, Timestamp::now());
                    Answer::Delivered(done.map_err(|undelivered| match undelivered {
                        Undelivered::Queued => DeliveryTrouble::Queued,
                        Undelivered::ByHand(why) => {
                            board.by_hand(
                                visit,
                                wire::by_hand(why, &handover.eligibility, &handover.consents),
                            );
                            board.save(visit);
                            DeliveryTrouble::ByHand
                        }
                    }))
                });
            }
            Request::Record { visit, at, record } => {
                self.last_visit = self.last_visit.max(visit);
                self.recorder.append((visit, at, record));
            }
        }
    }

    /// Writes the row of a visit on the staff board, away from the desk.
    fn save_row(&mut self, id: EffectId, visit: VisitId) {
        let board = Arc::clone(&self.services.board);
        let saved = tokio::task::spawn_blocking(move || board.save(visit));
        self.spawn(id, "board", async {
            // A panic in there is the store's, and was told.
            let _ = saved.await;
            Done { answer: None, photo: None }
        });
    }

    fn card(&mut self, id: EffectId, step: &'static str, verb: Verb) {
        let job = self.services.switch.send(verb);
        self.spawn(id, step, job);
    }

    fn ask(&mut self, id: EffectId, step: &'static str, question: Question) {
        let answer = self.services.gateway.ask(question);
        self.spawn(id, step, async { answer.await.into() });
    }

    /// `otherwise` is the answer should the work panic.
    fn blocking(
        &mut self,
        id: EffectId,
        step: &'static str,
        otherwise: Answer,
        work: impl FnOnce() -> Answer + Send + 'static,
    ) {
        let work = tokio::task::spawn_blocking(work);
        self.spawn(id, step, async { work.await.unwrap_or(otherwise).into() });
    }

    fn spawn(
        &mut self,
        id: EffectId,
        step: &'static str,
        work: impl Future<Output = Done> + Send + 'static,
    ) {
        let generation = self.generation;
        let begun = Instant::now();
        self.tasks.spawn(async move {
            let done = work.await;
            let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::info!(step, ms, "done");
            Finished { generation, id, done }
        });
    }
}

/// Without a store there is no number, and the screen says to speak to the reception.
fn take_number(store: &dyn Store, board: &Board, visit: VisitId) -> Option<ReceptionNumber> {
    let today = in_japan(Timestamp::now()).date();
    match store.take_number(visit, today) {
        Ok(number) => {
            board.number(visit, number);
            board.save(visit);
            Some(number)
        }
        Err(error) => {
            tracing::error!(%error, visit = visit.0, "no reception number");
            None
        }
    }
}
