//! What a row has to do with the files of the official reader beside the kiosk: whom it waits for, and which file it tells.
//! It lies in the row, so that a restart neither joins twice nor takes a file again; it goes with the row.

use super::Board;
use super::claim::Claim;
use super::listed::Insured;
use super::row::Row;
use crate::store::{OldRow, Op};
use crate::words::{one, words};
use ::beside::{Person, Standing};
use checkin::VisitId;
use checkin::birth::Birth;
use checkin::claim::ClaimNote;
use checkin::effect::Handover;
use checkin::ended::Ended;
use checkin::number::Numbers;
use checkin::time::in_japan;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Files of one person that are remembered: nobody lays a card on a reader so often.
const MOST: usize = 16;

words!(Standing: Open = "open", Unsure = "unsure", Joined = "joined");

/// See the module. No `Debug`: it names somebody.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// Whom the kiosk knows, or whom the file is about; `None`: the file names nobody.
    pub(crate) person: Option<Sought>,
    /// How far it is.
    #[serde(with = "one")]
    pub(crate) standing: Standing,
    /// Nobody took this number at a kiosk: the row came to be by the file.
    pub(crate) own: bool,
    /// Names of the files that the row tells, the newest last; none while it waits.
    pub(crate) files: Vec<String>,
}

/// By what a person is told apart.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sought {
    /// `yyyyMMdd`.
    birth: String,
    name: Option<String>,
    kana: Option<String>,
    numbers: Option<Insured>,
    doubtful: bool,
}

/// What a file told, to be told again when the visit tells of itself once more. No `Debug`: it names somebody.
#[derive(Clone)]
pub(super) struct Told {
    outcome: Ended,
    claim: Claim,
    name: Option<String>,
    name_kana: Option<String>,
}

/// A file of the official reader, for a row. No `Debug`: it names somebody.
pub(crate) struct Arrived<'a> {
    /// Its name.
    pub(crate) file: String,
    /// When the reader wrote it.
    pub(crate) at: Timestamp,
    /// What it says.
    pub(crate) handover: &'a Handover,
    /// Whom it is about.
    pub(crate) person: Option<&'a Person>,
}

impl Sought {
    pub(crate) fn of(person: &Person) -> Self {
        let text = |text: &Option<zeroize::Zeroizing<String>>| text.as_ref().map(|t| t.to_string());
        let numbers = person.numbers.as_ref().map(|numbers| Insured {
            insurer_number: numbers.insurer_number.clone(),
            symbol: numbers.symbol.clone(),
            number: numbers.number.clone(),
            branch: numbers.branch.clone(),
        });
        Self {
            birth: person.birth.digits(),
            name: text(&person.name),
            kana: text(&person.kana),
            numbers,
            doubtful: person.doubtful,
        }
    }

    /// `None`: the row is damaged.
    pub(crate) fn person(&self) -> Option<Person> {
        let birth = Birth::parse(&self.birth)?;
        let numbers = self.numbers.clone().map(|known| Numbers {
            insurer_number: known.insurer_number,
            symbol: known.symbol,
            number: known.number,
            branch: known.branch,
            birth,
        });
        let text = |text: &Option<String>| text.clone().map(Into::into);
        let (name, kana) = (text(&self.name), text(&self.kana));
        Some(Person { birth, name, kana, numbers, doubtful: self.doubtful })
    }
}

impl Told {
    fn of(row: &Row) -> Self {
        let Row { outcome, claim, name, name_kana, .. } = row;
        Self {
            outcome: *outcome,
            claim: claim.clone(),
            name: name.clone(),
            name_kana: name_kana.clone(),
        }
    }

    pub(super) fn tell(&self, row: &mut Row) {
        row.outcome = self.outcome;
        row.claim.clone_from(&self.claim);
        row.name.clone_from(&self.name);
        row.name_kana.clone_from(&self.name_kana);
        row.parked = false;
        if row.outcome == Ended::Confirmed {
            // The card counts, and no paper has to be looked at.
            row.paper = None;
        }
    }
}

impl Board {
    /// The rows that have to do with the official reader.
    pub(crate) fn beside(&self) -> Vec<(VisitId, Timestamp, Beside)> {
        let entries = self.entries();
        let with = |(visit, entry): (&VisitId, &super::Entry)| {
            entry.row.beside.clone().map(|beside| (*visit, entry.row.at, beside))
        };
        entries.visits.iter().filter_map(with).collect()
    }

    /// Whether staff have begun to work with this row.
    pub(crate) fn is_begun(&self, visit: VisitId) -> bool {
        let entries = self.entries();
        entries.visits.get(&visit).is_some_and(|entry| {
            let row = &entry.row;
            row.marks.called.is_some() || row.marks.done.is_some() || row.note.is_some()
        })
    }

    /// Whether the patient list leaves open who the person is.
    pub(crate) fn is_doubtful(&self, visit: VisitId) -> bool {
        let entries = self.entries();
        let listed = entries.visits.get(&visit).and_then(|entry| entry.row.listed.as_ref());
        listed.is_some_and(|listed| !listed.sure)
    }

    /// The person of this visit waits for a file of the official reader.
    pub(crate) fn waits_beside(&self, visit: VisitId, person: &Person, standing: Standing) {
        self.change(visit, |entry| {
            let row = &mut entry.row;
            if row.beside.as_ref().is_some_and(|beside| !beside.files.is_empty()) {
                return;
            }
            let (person, files) = (Some(Sought::of(person)), Vec::new());
            row.beside = Some(Beside { person, standing, own: false, files });
            if standing == Standing::Unsure {
                note(row, ClaimNote::AtReaderUnsure);
            }
        });
    }

    /// It and a file may belong together.
    pub(crate) fn unsure_beside(&self, visit: VisitId, standing: Standing) {
        self.change(visit, |entry| {
            if let Some(beside) = &mut entry.row.beside {
                beside.standing = standing;
            }
            note(&mut entry.row, ClaimNote::AtReaderUnsure);
        });
    }

    /// This row tells what a file says; `own`: the file's own row, with how far it is.
    pub(crate) fn answered_beside(
        &self,
        visit: VisitId,
        arrived: &Arrived<'_>,
        own: Option<Standing>,
    ) {
        self.change(visit, |entry| {
            if own.is_some() {
                entry.row.at = arrived.at;
            }
            entry.told = true;
            let row = &mut entry.row;
            row.tell_result(arrived.handover, in_japan(arrived.at).date());
            let before = row.beside.take();
            let stays_own = before.as_ref().filter(|beside| beside.own).map(|own| own.standing);
            let mut files = before.map(|beside| beside.files).unwrap_or_default();
            files.push(arrived.file.clone());
            if files.len() > MOST {
                files.remove(0);
            }
            let own = own.or(stays_own);
            if own.is_some() {
                note(row, ClaimNote::AtReaderOnly);
            }
            let standing = own.unwrap_or(Standing::Joined);
            let person = arrived.person.map(Sought::of);
            row.beside = Some(Beside { person, standing, own: own.is_some(), files });
            let told = Told::of(row);
            told.tell(row);
            entry.beside = Some(told);
        });
    }

    /// What stood in a row of its own is that of this visit: the visit's row tells it, and the other one goes. Gives what takes it
    /// out of the store.
    pub(crate) fn take_over(&self, own: VisitId, visit: VisitId) -> Option<Op> {
        let from = self.entries_to_change().visits.remove(&own)?.row;
        self.change(visit, |entry| {
            let mut told = Told::of(&from);
            let ours = [ClaimNote::AtReaderOnly, ClaimNote::AtReaderUnsure];
            told.claim.notes.retain(|note| !ours.contains(note));
            told.tell(&mut entry.row);
            entry.row.beside = from.beside.map(|beside| Beside {
                standing: Standing::Joined,
                own: false,
                ..beside
            });
            if entry.row.listed.is_none() {
                entry.row.listed = from.listed;
            }
            entry.beside = Some(told);
        });
        let version = super::kept::VERSION;
        Some(Op::OldRow { visit: own, version, change: OldRow::Renewed })
    }
}

fn note(row: &mut Row, note: ClaimNote) {
    if !row.claim.notes.contains(&note) {
        row.claim.notes.insert(0, note);
    }
}
