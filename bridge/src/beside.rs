//! An official reader stands beside the kiosks: its files become rows of the staff board, of the visit they are about or of their
//! own. Who that is, `crates/beside` decides; the official reader hands its file to the receipt computer itself, and nothing is
//! written here besides the board.

use crate::board::{Arrived, Sought};
use crate::gateway::Unasked;
use crate::ledger::Ledger;
use crate::patients::Clue;
use crate::store::{Batch, Op};
use ::beside::{Book, Heard, Person, Standing, Waits};
use checkin::patient::CardOwner;
use checkin::reception::StaffNotice;
use checkin::time::in_japan;
use checkin::{Record, VisitId};
use jiff::Timestamp;
use oqs::{FileName, Message};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// See the module.
pub struct Beside {
    ledger: Arc<Ledger>,
    book: Mutex<Book>,
}

impl Beside {
    /// As the rows of the board say, after a restart too.
    pub fn open(ledger: Arc<Ledger>) -> Self {
        let mut book = Book::default();
        for (visit, at, row) in ledger.board.beside() {
            let Some(person) = row.person.as_ref().and_then(Sought::person) else { continue };
            let written = row.files.last().and_then(|name| name.parse::<FileName>().ok());
            match written.map(|name| name.at()) {
                None => book.restore_waiting(visit, at, person, row.standing),
                Some(at) if row.own => book.restore_file(visit, at, person, row.standing),
                Some(written) => {
                    book.restore_waiting(visit, at, person.clone(), Standing::Joined);
                    book.restore_file(visit, written, person, Standing::Joined);
                }
            }
        }
        Self { ledger, book: Mutex::new(book) }
    }

    /// A visit tells staff of itself: whoever it is about may have been at the official reader, or is going there. Gives what is
    /// to be kept with it.
    pub fn tells(&self, visit: VisitId, notice: &StaffNotice) -> Vec<Op> {
        let Some(person) = self.person(visit, notice) else { return Vec::new() };
        let board = &self.ledger.board;
        let mut book = self.book();
        // Under one lock, so that no row is begun with in between unseen.
        for (own, ..) in board.beside().iter().filter(|(_, _, row)| row.own) {
            if board.is_begun(*own) {
                book.leave(*own);
            }
        }
        match book.waits(visit, Timestamp::now(), person.clone()) {
            Waits::Waits => {
                board.waits_beside(visit, &person, book.standing(visit));
                Vec::new()
            }
            Waits::Unsure(files) => {
                board.waits_beside(visit, &person, Standing::Unsure);
                for file in files {
                    board.unsure_beside(file, Standing::Unsure);
                    board.save(file);
                }
                Vec::new()
            }
            Waits::Joined(own) => {
                let gone = board.take_over(own, visit);
                tracing::info!(
                    visit = visit.0,
                    "a file of the official reader is about this visit"
                );
                gone.into_iter().chain([record(visit, true)]).collect()
            }
        }
    }

    /// What the kiosk knows about the person: what the chip told, what was typed, and what the clinic's list says. `None`: no birth
    /// date is known.
    fn person(&self, visit: VisitId, notice: &StaffNotice) -> Option<Person> {
        let owner = notice.owner.as_deref();
        let numbers = notice.numbers.as_deref();
        let birth = owner.map(|owner| owner.birth).or(numbers.map(|numbers| numbers.birth))?;
        // The answer's own name is about nobody who still waits.
        let name = owner.map(|owner| owner.name.clone());
        let kana = owner.and_then(|owner| self.kana(visit, owner));
        let doubtful = self.ledger.board.is_doubtful(visit);
        Some(Person { birth, name, kana, numbers: numbers.cloned(), doubtful })
    }

    /// The kana that the clinic's list has for the card's owner: there are none on the card.
    fn kana(&self, visit: VisitId, owner: &CardOwner) -> Option<zeroize::Zeroizing<String>> {
        let reading = self.ledger.board.reading(visit)?;
        // Where the list has no kana its reading is the name.
        let is_kanji = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c) || c > '\u{ffff}';
        (!reading.contains(is_kanji) && *reading != *owner.name).then_some(reading)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Under which number a file stands. If that is a row of its own, how far it is there, and whether other rows may belong to it.
    fn place(
        &self,
        book: &mut Book,
        name: &FileName,
        person: Option<&Person>,
    ) -> (VisitId, Option<(Standing, bool)>) {
        let own = self.ledger.visits.take();
        let Some(person) = person else { return (own, Some((Standing::Open, false))) };
        match book.file(own, name.at(), person.clone()) {
            Heard::Joined(visit) | Heard::Again(visit) => (visit, None),
            Heard::Alone(perhaps) => {
                for visit in &perhaps {
                    self.ledger.board.unsure_beside(*visit, book.standing(*visit));
                    self.ledger.board.save(*visit);
                }
                (own, Some((book.standing_of_file(own), !perhaps.is_empty())))
            }
        }
    }
}

impl Unasked for Beside {
    fn taken(&self) -> Vec<String> {
        self.ledger.board.beside().into_iter().flat_map(|(_, _, row)| row.files).collect()
    }

    fn arrived(&self, name: &FileName, message: &Message) -> bool {
        let Ok(handover) = message.handover() else { return false };
        let person = Person::of(&handover.eligibility);
        let (file, at) = (name.to_string(), name.at());
        let arrived = Arrived { file, at, handover: &handover, person: person.as_ref() };
        let Ledger { board, store, .. } = &*self.ledger;
        let (visit, own) = {
            // Under one lock: a visit that is joined with this file at once finds its row.
            let mut book = self.book();
            let (visit, own) = self.place(&mut book, name, person.as_ref());
            board.answered_beside(visit, &arrived, own.map(|(standing, _)| standing));
            if let Some((standing, true)) = own {
                board.unsure_beside(visit, standing);
            }
            (visit, own)
        };
        self.ledger.recognise(visit, &Clue::Answer(&handover.eligibility));
        if own.is_some() {
            match store.take_number(visit, in_japan(Timestamp::now()).date()) {
                Ok(number) => board.number(visit, number),
                Err(error) => tracing::error!(%error, visit = visit.0, "no reception number"),
            }
        }
        let (kept, is_kept) = tokio::sync::oneshot::channel();
        board.keep(&[visit], || {
            let ops = vec![record(visit, own.is_none())];
            Batch { ops, kept: vec![kept], ..Batch::default() }
        });
        tracing::info!(visit = visit.0, joined = own.is_none(), "a file of the official reader");
        // The store keeps trying; the thread of the folder has nothing better to do.
        is_kept.blocking_recv().is_ok()
    }
}

fn record(visit: VisitId, joined: bool) -> Op {
    let (at, by) = (Timestamp::now(), None);
    Op::Record { visit, at, record: Record::AnsweredBeside { joined }, by }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Options};
    use checkin::claim::{ClaimRules, Situation, advise};
    use checkin::effect::Handover;
    use checkin::eligibility::{Asked, Eligibility, Sex};
    use checkin::fallback::{NoNumbers, Way, Why};
    use checkin::view::Outcome;
    use eligibility_sim::personas;
    use jiff::SignedDuration;
    use oqs::InstitutionCode;

    fn answer(persona: &str) -> Eligibility {
        let text = personas().iter().find(|(id, _)| *id == persona).unwrap().1;
        let person = eligibility_sim::Person::from_toml(text, Timestamp::now()).unwrap().unwrap();
        person.eligibility
    }

    fn file(eligibility: &Eligibility, id: u8) -> (FileName, Message) {
        let (now, institution) = (Timestamp::now(), InstitutionCode::new("1312345678").unwrap());
        let name = FileName::face(institution.clone(), &format!("{id:020}"), now).unwrap();
        let eligibility = eligibility.clone();
        let handover = Handover { eligibility, asked: Asked::Card, consents: Vec::new() };
        (name, Message::of_check_in(institution, "", &handover, now).unwrap())
    }

    /// Somebody whom the chip named, and whom the clinic's list does not have.
    fn notice(owner: &Eligibility) -> StaffNotice {
        let q = &owner.qualifications[0];
        let situation = Situation {
            eligibility: None,
            numbers: None,
            statement: None,
            card_shown: true,
            oral: false,
            birth: Some(q.birth),
            today: today(),
            rules: &ClaimRules::default(),
        };
        let why = Why::NoNumbers(NoNumbers::NotInList);
        StaffNotice {
            outcome: Outcome::ByHand { why, way: Way::Desk },
            parked: false,
            name: None,
            name_kana: None,
            advice: advise(&situation),
            owner: Some(Box::new(CardOwner {
                name: q.name.clone().into(),
                birth: q.birth,
                sex: Sex::NotSet,
            })),
            numbers: None,
            paper: None,
            limit: None,
            destination: None,
            agreed: Vec::new(),
            serial: None,
        }
    }

    /// With its store in this folder.
    fn ledger(folder: &std::path::Path) -> Arc<Ledger> {
        let data = folder.join("data");
        let options = Options { data: Some(data.clone()), ..Options::default() };
        let config = Config::from_options(options).unwrap();
        Arc::new(Ledger::open(&config, &data, &data.join("face"), false, None).unwrap())
    }

    fn today() -> jiff::civil::Date {
        in_japan(Timestamp::now()).date()
    }

    #[test]
    fn twins_whom_their_cards_name_get_each_their_own_file() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = ledger(folder.path());
        let beside = Beside::open(Arc::clone(&ledger));
        let (elder, younger) = (answer("twin-elder"), answer("twin-younger"));
        let tell = |owner: &Eligibility| {
            let (visit, notice) = (ledger.visits.take(), notice(owner));
            ledger.board.announce(visit, "受付1", &notice, Timestamp::now());
            ledger.board.number(visit, ledger.store.take_number(visit, today()).unwrap());
            beside.tells(visit, &notice);
            visit
        };
        let first = tell(&elder);
        let arrive = |owner: &Eligibility, id| {
            let (name, message) = file(owner, id);
            assert!(beside.arrived(&name, &message));
        };
        arrive(&younger, 1);
        arrive(&elder, 2);
        let second = tell(&younger);
        let row = |visit| ledger.board.look().into_iter().find(|(of, _)| *of == visit).unwrap().1;
        assert_eq!(ledger.board.look().len(), 2);
        for (visit, twin) in [(first, &elder), (second, &younger)] {
            assert_eq!(row(visit).name.as_ref(), Some(&twin.qualifications[0].name));
            assert_eq!(row(visit).outcome, checkin::ended::Ended::Confirmed);
        }
        // The visit tells of itself once more: its destination was chosen. What the file told stays.
        ledger.board.announce(second, "受付1", &notice(&younger), Timestamp::now());
        assert!(beside.tells(second, &notice(&younger)).is_empty());
        assert_eq!(row(second).outcome, checkin::ended::Ended::Confirmed);
    }

    #[test]
    fn a_row_that_staff_have_begun_with_is_not_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = ledger(folder.path());
        let beside = Beside::open(Arc::clone(&ledger));
        let owner = answer("valid");
        let (name, message) = file(&owner, 1);
        assert!(beside.arrived(&name, &message));
        assert_eq!(beside.taken(), [name.to_string()]);
        let own = ledger.board.look()[0].0;
        let by = crate::store::Actor::PasscodeAtBoard;
        ledger.board.note(own, None, "お呼びしました", &by).unwrap();
        let visit = ledger.visits.take();
        ledger.board.announce(visit, "受付1", &notice(&owner), Timestamp::now());
        beside.tells(visit, &notice(&owner));
        let rows = ledger.board.look();
        assert_eq!(rows.len(), 2);
        let unsure = checkin::claim::ClaimNote::AtReaderUnsure;
        assert!(rows.iter().all(|(_, row)| row.claim.notes.contains(&unsure)));
        // A day later nothing of it is left.
        ledger.board.forget(Timestamp::now() + SignedDuration::from_hours(24)).unwrap();
        assert!(ledger.board.look().is_empty() && beside.taken().is_empty());
    }
}
