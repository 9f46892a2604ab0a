//! Carrying effects out.

use super::{Desk, Finished, ToPage};
use crate::board::Board;
use crate::patients::Clue;
use crate::reader::Kind;
use crate::store::{Actor, Op, Store};
use card::{Done, Verb};
use checkin::deadlines::KEEPING_MS;
use checkin::effect::Handover;
use checkin::event::{DeliveryTrouble, StatementTrouble};
use checkin::identity::Method;
use checkin::reception::ReceptionNumber;
use checkin::time::in_japan;
use checkin::{Answer, Effect, EffectId, Question, Record, Reply, Request, VisitId};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A visit that waits for the store is told before its own patience ends.
const KEEPING: Duration = Duration::from_millis(KEEPING_MS);
/// Why a result that fits its file goes to the staff all the same.
const STORE_DOWN: &str = "受付の記録装置に書けなかったため、ファイルを作れませんでした / the kiosk's disk did not take it";

impl Desk {
    pub(super) fn carry_out(&mut self, effect: Effect) {
        let id = effect.id;
        match effect.request {
            Request::Inspect => self.card(id, "inspect", Verb::Inspect),
            Request::ReadPhoto { codes, items } => {
                self.card(id, "read_photo", Verb::ReadPhoto { codes, items });
            }
            Request::CountItemsTries => self.card(id, "count_items", Verb::CountItemsTries),
            Request::ReadItems { key } => self.card(id, "read_items", Verb::ReadItems(key)),
            Request::FindPatient { owner } => {
                let patients = self.site.patients_of(self.kind);
                let found = async move { Answer::PatientFound(patients.find(&owner).await).into() };
                self.spawn(id, "find_patient", found);
            }
            Request::Sign { pin } => self.card(id, "sign", Verb::Sign(pin)),
            Request::ReleaseCard => self.card(id, "release", Verb::Release),
            Request::HandOverPhoto => {
                if let Some(photo) = self.photo_read.take() {
                    self.photo = Some(photo.clone());
                    self.tell(ToPage::Photo(photo));
                }
            }
            Request::ForgetPerson => {
                self.photo = None;
                self.place.printout.clear();
                self.tell(ToPage::Forget);
            }
            Request::CheckPasscode { passcode } => {
                let (door, by) = self.typed.clone();
                let checked = self.site.guards.check(self.kind, door, passcode);
                self.by_eye = Some(by);
                self.spawn(id, "passcode", async { Answer::PasscodeChecked(checked.await).into() });
            }
            Request::Ask(question) => self.ask(id, question),
            Request::MakeStatement { statement } => {
                let practice = self.kind == Kind::Practice || self.visit.view().practice_card;
                let printout = Arc::clone(&self.place.printout);
                let settings = self.site.settings.now();
                let otherwise = Answer::StatementMade(Err(StatementTrouble::NotPrintable));
                self.blocking(id, "statement", otherwise, move || {
                    let institution = settings.institution_name.as_ref().map(|name| &*name.ja);
                    Answer::StatementMade(printout.make(&statement, institution, practice))
                });
            }
            Request::TakeNumber { visit } => {
                let ledger = Arc::clone(self.ledger());
                self.blocking(id, "number", Answer::Numbered(None), move || {
                    Answer::Numbered(take_number(&*ledger.store, &ledger.board, visit))
                });
            }
            Request::Announce { visit, notice } => {
                if let Some(owner) = &notice.owner {
                    self.ledger().recognise(visit, &Clue::Owner(owner));
                }
                if let Some(numbers) = &notice.numbers {
                    self.ledger().recognise(visit, &Clue::Typed(numbers));
                }
                let kiosk = &self.place.title;
                let board = &self.ledger().board;
                board.announce(visit, kiosk, &notice, Timestamp::now());
                let name = |at: u8| self.destinations.get(usize::from(at));
                if let Some(name) = notice.destination.and_then(name) {
                    board.goes_to(visit, &name.ja);
                }
                self.pending.rows.insert(visit);
                if let Some(beside) = self.site.beside.as_ref().filter(|_| self.kind == Kind::Pcsc)
                {
                    self.pending.ops.extend(beside.tells(visit, &notice));
                }
            }
            Request::Unpark { visit } => {
                self.ledger().board.unpark(visit);
                self.pending.rows.insert(visit);
            }
            Request::Deliver { visit, handover } => self.deliver(id, visit, handover),
            Request::Record { visit, at, record } => {
                self.ledger().recorded(at);
                let by = self.actor(&record);
                self.pending.ops.push(Op::Record { visit, at, record, by });
            }
        }
    }

    /// Of all that a visit records, one thing is staff's act: 目視, and a try at it.
    fn actor(&self, record: &Record) -> Option<Actor> {
        match record {
            Record::PasscodeRefused
            | Record::NotConfirmed
            | Record::Identified { method: Method::Visual, .. } => self.by_eye.clone(),
            Record::EndedByStaff => self.ended_by.clone(),
            _ => None,
        }
    }

    /// The result goes into the outbox together with the end of its visit, and from there into the
    /// folder. What fits no file is kept for the staff in its place.
    fn deliver(&mut self, id: EffectId, visit: VisitId, handover: Box<Handover>) {
        let ledger = Arc::clone(self.ledger());
        ledger.recognise(visit, &Clue::Answer(&handover.eligibility));
        self.register_chart(visit, &handover);
        if !ledger.board.hand_over(visit, &handover) {
            self.spawn(id, "deliver", async { Answer::Delivered(Ok(())).into() });
            return;
        }
        let prepared = ledger.delivery.prepare(visit, &handover, Timestamp::now());
        let kept = self.pending.kept();
        match prepared {
            Ok(prepared) => {
                ledger.board.fits(visit, prepared.lost);
                self.pending.rows.insert(visit);
                self.pending.ops.push(prepared.op);
                let hold = self.pending.hold();
                self.spawn(id, "deliver", async move {
                    let instead =
                        || ledger.board.by_hand_instead(visit, STORE_DOWN.into(), &handover);
                    let done = ledger.delivery.deliver(prepared.name, (kept, hold), instead).await;
                    Answer::Delivered(done).into()
                });
            }
            Err(why) => {
                ledger.board.by_hand(visit, why, Some(&handover));
                self.pending.rows.insert(visit);
                self.spawn(id, "deliver", async move {
                    // Told either way; the row waits for its store.
                    let _ = tokio::time::timeout(KEEPING, kept).await;
                    Answer::Delivered(Err(DeliveryTrouble::ByHand)).into()
                });
            }
        }
    }

    /// No consent reaches the system before it is kept. Of a withdrawal the receipt computer learns, for this person's earlier
    /// visits too, and so do the other kiosks, where a question about this card may wait.
    fn ask(&mut self, id: EffectId, question: Question) {
        let step = question.name();
        let kept = matches!(question, Question::Query { .. }).then(|| self.pending.kept());
        let ready = async {
            let Some(kept) = kept else { return true };
            let kept = matches!(tokio::time::timeout(KEEPING, kept).await, Ok(Ok(())));
            if !kept {
                tracing::error!("the system is not asked: the consents are not kept yet");
            }
            kept
        };
        let withdrawn = match &question {
            Question::Withdraw { serial, topic } => Some((serial.clone(), *topic)),
            _ => None,
        };
        let (site, ledger, at) = (Arc::clone(&self.site), Arc::clone(self.ledger()), self.at);
        let replied = self.site.gateways.of(self.kind).ask_when(ready, question);
        self.spawn(id, step, async move {
            let (reply, turn) = replied.await;
            if let (Some((serial, topic)), Reply::Withdrawn(Ok(()))) = (withdrawn, &reply) {
                ledger.withdraw(&serial, topic, Timestamp::now());
                site.desks.withdrawn(Some(at), &serial, topic, turn).await;
            }
            Answer::from(reply).into()
        });
    }

    fn card(&mut self, id: EffectId, step: &'static str, verb: Verb) {
        let job = self.place.switch.send(verb);
        self.spawn(id, step, job);
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
