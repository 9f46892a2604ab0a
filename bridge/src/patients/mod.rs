//! The clinic's patient list: encrypted on the disk, in memory while the bridge runs. It comes from the receipt computer by the
//! command `patients import`, which replaces it as a whole; nothing else is kept of it. What cannot be opened is no list: visits
//! go on as without one, and `doctor` says why.

mod place;
mod sealed;

pub use place::{ListError, Place};

use crate::board::Listed;
use checkin::eligibility::Eligibility;
use checkin::number::Numbers;
use checkin::patient::{CardOwner, Found};
use checkin::time::in_japan;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use patients::{Fits, List};
use place::Stamp;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// So often it is looked whether a new list was imported.
const LOOK: Duration = Duration::from_secs(2);

/// Whoever knows the clinic's patients.
pub trait PatientList: Send + Sync + 'static {
    /// Whom the list knows as the owner of this card. Must not block.
    fn find(&self, owner: &CardOwner) -> BoxFuture<'_, Found>;
}

/// By what a person is looked for in the list.
pub enum Clue<'a> {
    /// What the card tells.
    Owner(&'a CardOwner),
    /// Numbers that were typed, with their birth date.
    Typed(&'a Numbers),
    /// The answer of the eligibility system.
    Answer(&'a Eligibility),
}

/// The list of one ledger; see the module.
pub struct Patients {
    place: Place,
    now: RwLock<Now>,
}

struct Now {
    list: Arc<List>,
    /// What the files were like when the list was loaded.
    stamp: Stamp,
    is_well: bool,
}

impl Patients {
    /// Loads what lies there. Never fails: without a list that can be opened there is none.
    pub fn open(place: Place) -> Self {
        let now = load(&place, place.stamp());
        Self { place, now: RwLock::new(now) }
    }

    /// Loads the list anew where another one lies there by now, or where what kept it from being opened has changed. Blocks.
    pub fn refresh(&self) {
        let stamp = self.place.stamp();
        let is_old = {
            let now = self.now.read().unwrap_or_else(PoisonError::into_inner);
            if now.is_well { now.stamp.list != stamp.list } else { now.stamp != stamp }
        };
        if is_old {
            let fresh = load(&self.place, stamp);
            *self.now.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        }
    }

    /// Takes new lists in, for ever.
    pub async fn watch(self: &Arc<Self>) {
        loop {
            tokio::time::sleep(LOOK).await;
            let this = Arc::clone(self);
            // One look at a time, however long a disk takes.
            if let Err(error) = tokio::task::spawn_blocking(move || this.refresh()).await {
                tracing::error!(%error, "the patient list was not looked at");
            }
        }
    }

    /// Whom the list knows by that, for the staff board; `None`: nobody.
    pub(crate) fn listed(&self, clue: &Clue<'_>) -> Option<Listed> {
        let list = self.list();
        let fits = fits(&list, clue);
        let today = in_japan(Timestamp::now()).date();
        (!fits.patients.is_empty()).then(|| Listed::of(&fits, today))
    }

    /// The same, for the visit.
    pub fn found(&self, clue: &Clue<'_>) -> Found {
        fits(&self.list(), clue).found()
    }

    fn list(&self) -> Arc<List> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner).list)
    }
}

impl PatientList for Patients {
    fn find(&self, owner: &CardOwner) -> BoxFuture<'_, Found> {
        Box::pin(std::future::ready(self.found(&Clue::Owner(owner))))
    }
}

fn fits<'a>(list: &'a List, clue: &Clue<'_>) -> Fits<'a> {
    match clue {
        Clue::Owner(owner) => list.by_owner(owner),
        Clue::Typed(numbers) => list.by_numbers(numbers),
        Clue::Answer(answer) => list.by_answer(answer),
    }
}

fn load(place: &Place, stamp: Stamp) -> Now {
    match place.load() {
        Ok(list) => {
            let list = list.unwrap_or_default();
            tracing::info!(patients = list.len(), "patient list");
            Now { list: Arc::new(list), stamp, is_well: true }
        }
        Err(error) => {
            tracing::error!(%error, "there is no patient list: nobody is recognised by it");
            Now { list: Arc::default(), stamp, is_well: false }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Date;
    use patients::{Mapping, read};

    fn list(rows: &str) -> List {
        let text = format!("患者番号,氏名,生年月日,性別\n{rows}");
        read(text.as_bytes(), &Mapping::default(), Date::constant(2026, 11, 29)).unwrap().list
    }

    fn keep(place: &Place, list: &List) {
        place.prepare(list).unwrap().put().unwrap();
    }

    fn count(patients: &Patients) -> usize {
        patients.refresh();
        patients.list().len()
    }

    #[test]
    fn a_running_bridge_takes_what_is_imported_and_nothing_that_it_cannot_open() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path(), None);
        let patients = Patients::open(place.clone());
        assert_eq!(count(&patients), 0);
        keep(&place, &list("1,練習　一,1980/1/1,1\n"));
        assert_eq!(count(&patients), 1);
        keep(&place, &list("1,練習　一,1980/1/1,1\n2,練習　二,1980/1/1,2\n"));
        assert_eq!(count(&patients), 2);
        // A key that is taken away after the start costs nothing until the list changes.
        let key = std::fs::read(place.key()).unwrap();
        std::fs::remove_file(place.key()).unwrap();
        assert_eq!(count(&patients), 2);
        std::fs::write(place.list(), b"damaged").unwrap();
        assert_eq!(count(&patients), 0);
        // It is put back: with another list it is read again.
        std::fs::write(place.key(), key).unwrap();
        keep(&place, &list("1,練習　一,1980/1/1,1\n"));
        assert_eq!(count(&patients), 1);
        place.erase().unwrap();
        assert_eq!(count(&patients), 0);
        assert!(place.load().unwrap().is_none());
    }

    #[tokio::test]
    async fn a_visit_asks_by_the_trait() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path(), None);
        keep(&place, &list("1,練習　一,1980/1/1,1\n"));
        let patients: Arc<dyn PatientList> = Arc::new(Patients::open(place));
        let owner = CardOwner {
            name: String::from("練習　一").into(),
            birth: Date::constant(1980, 1, 1).into(),
            sex: checkin::eligibility::Sex::Male,
        };
        assert!(matches!(patients.find(&owner).await, Found::One(_)));
    }
}
