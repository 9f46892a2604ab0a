//! Mornings at a reception with an official reader beside the kiosk: two people at a time, and files as such a reader leaves them.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod clinic;

use beside::{Book, Files, Heard, Reading, Waits};
use checkin::{Millis, VisitId};
use clinic::{Clinic, Happening, What};
use jiff::{SignedDuration, Timestamp};
use oqs::FileName;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Two of them at a time, each with one file at least.
const PAIRS: usize = 5_000;

/// What came of all of them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    files: u32,
    joined: u32,
    again: u32,
    alone: u32,
    wrong: u32,
    doubled: u32,
}

/// The folder as it is at a moment, and what the program makes of it.
struct Reception {
    files: Files,
    book: Book,
    folder: BTreeMap<String, (FileName, Vec<u8>)>,
    next: u64,
    /// Who is behind a number of the kiosk, or behind that of a file of its own.
    people: HashMap<VisitId, usize>,
    joined: HashSet<VisitId>,
    /// Who used the reader, by the name of the file.
    used: HashMap<String, usize>,
    tally: Tally,
}

impl Reception {
    fn number(&mut self, person: usize) -> VisitId {
        self.next += 1;
        self.people.insert(VisitId(self.next), person);
        VisitId(self.next)
    }

    fn join(&mut self, kiosk: VisitId, file: usize) {
        let right = self.people[&kiosk] == file;
        self.tally.joined += 1;
        self.tally.wrong += u32::from(!right);
        self.tally.doubled += u32::from(!self.joined.insert(kiosk));
    }

    fn look(&mut self, now: Timestamp) {
        let names = self.folder.values().map(|(name, _)| name.clone()).collect();
        for name in self.files.listed(names, now) {
            let bytes = &self.folder[&name.to_string()].1;
            let ms = Millis(u64::try_from(now.as_millisecond()).unwrap());
            match self.files.read(&name, bytes, ms) {
                Reading::Waits => {}
                Reading::Whole(message) => self.take(&name, &message.eligibility().unwrap()),
                Reading::Given(why) => panic!("{why}"),
            }
        }
    }

    fn take(&mut self, name: &FileName, answer: &checkin::eligibility::Eligibility) {
        let person = self.used[&name.to_string()];
        let own = self.number(person);
        self.tally.files += 1;
        match self.book.file(own, name.at(), beside::Person::of(answer).unwrap()) {
            Heard::Joined(visit) => self.join(visit, person),
            Heard::Again(visit) => {
                self.tally.again += 1;
                self.tally.wrong += u32::from(self.people[&visit] != person);
            }
            Heard::Alone(_) => self.tally.alone += 1,
        }
    }

    fn happens(&mut self, Happening { at, what }: Happening) {
        match what {
            What::Kiosk { person, known } => {
                let visit = self.number(person);
                if let Waits::Joined(file) = self.book.waits(visit, at, known) {
                    let file = self.people[&file];
                    self.tally.alone -= 1;
                    self.join(visit, file);
                }
            }
            What::File { person, name, bytes } => {
                self.used.insert(name.to_string(), person);
                self.folder.insert(name.to_string(), (name, bytes));
            }
            What::Gone { name } => drop(self.folder.remove(&name.to_string())),
            What::Look => {}
        }
        self.look(at);
    }
}

fn simulate(seed: u64) -> (Tally, u32) {
    let clinic = Clinic::new(seed, PAIRS);
    let known = u32::try_from(clinic.recognisable).unwrap();
    let mut reception = Reception {
        files: Files::new([]),
        book: Book::default(),
        folder: BTreeMap::new(),
        next: 0,
        people: HashMap::new(),
        joined: HashSet::new(),
        used: HashMap::new(),
        tally: Tally::default(),
    };
    reception.look(clinic.opens - SignedDuration::from_hours(1));
    for happening in clinic.happenings {
        reception.happens(happening);
    }
    (reception.tally, known)
}

#[test]
fn ten_thousand_arrivals_two_at_a_time_are_never_mixed_up() {
    for seed in [14, 2026] {
        let (tally, known) = simulate(seed);
        println!("seed {seed}: {tally:?}; could be recognised: {known}");
        assert_eq!((tally.wrong, tally.doubled), (0, 0), "{tally:?}");
        assert!(tally.files >= 10_000, "{tally:?}");
        assert_eq!(
            tally.joined + tally.again + tally.alone,
            tally.files,
            "every file is somewhere"
        );
        // It would be easy never to be wrong by joining nothing.
        assert!(tally.joined * 10 >= known * 9, "{tally:?} of {known}");
        assert!(known > 4_000 && tally.again > 100 && tally.alone > 1_000, "{tally:?} of {known}");
    }
}
