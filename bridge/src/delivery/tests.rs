//! The outbox, with folders and stores that fail at every step.

mod ledger;

use super::*;
use crate::store::{Kept, KeptRow, Sqlite, StoreError};
use checkin::consent::{ConsentAnswer, Topic};
use checkin::eligibility::{Asked, Eligibility, Qualification, Sex, Validity};
use checkin::reception::ReceptionNumber;
use jiff::civil::{Date, date};
use oqs::{FileName, FolderError, Found, InstitutionCode, Message};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

fn at() -> Timestamp {
    "2026-11-23T09:00:00+09:00".parse().unwrap()
}

fn institution() -> InstitutionCode {
    InstitutionCode::new("1310000001").unwrap()
}

fn name(id: char) -> String {
    let id: String = std::iter::repeat_n(id, 20).collect();
    FileName::face(institution(), &id, at()).unwrap().to_string()
}

fn handover() -> Handover {
    let qualification = Qualification {
        class: Some("01".into()),
        insurer_number: "06139992".into(),
        insurer_name: "練習健康保険組合".into(),
        symbol: "２１１３".into(),
        number: "1048".into(),
        branch: None,
        kind: None,
        name: "受付　太郎".into(),
        name_kana: "ｳｹﾂｹ ﾀﾛｳ".into(),
        sex: Sex::Male,
        birth: date(1984, 5, 12).into(),
        post_number: None,
        address: None,
        valid_from: None,
        valid_to: None,
        lost_on: None,
        share_percent: Some(30),
        elderly_recipient: None,
        limit_certificate: None,
        preschool: None,
        specific_diseases: Vec::new(),
        medical_tickets: Vec::new(),
    };
    let agreed = |topic| ConsentAnswer { topic, agreed: true, at: at() };
    let eligibility =
        Eligibility { validity: Validity::Valid, qualifications: vec![qualification] };
    let consents = Topic::ALL.map(agreed).to_vec();
    Handover { eligibility, asked: Asked::Card, consents }
}

fn queue(store: &dyn Store, visit: u64, name: &str, content: &[u8]) {
    let (visit, name, content) = (VisitId(visit), name.to_owned(), content.to_vec());
    store.commit(&[Op::Queue { visit, name, content, at: at() }]).unwrap();
}

fn files(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
    let mut names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|e| name(e).into_string().unwrap()).collect();
    names.sort();
    names
}

/// Counts what a pass tells, and settles what goes to the staff.
#[derive(Default)]
struct Told {
    store: Option<Arc<dyn Store>>,
    delivered: AtomicU32,
    by_hand: Mutex<Vec<String>>,
    late: Mutex<Vec<Timestamp>>,
}

impl Receiver for Told {
    fn delivered(&self, _: &Waiting) {
        self.delivered.fetch_add(1, SeqCst);
    }

    fn late(&self, row: &Waiting, of: Timestamp, _: &[u8]) -> bool {
        self.late.lock().unwrap().push(of);
        let settled = Op::Settle { id: row.id, how: Settled::Delivered, at: at() };
        self.store.as_ref().is_some_and(|store| store.commit(&[settled]).is_ok())
    }

    fn by_hand(&self, row: &Waiting, _: &[u8], _: &str) -> bool {
        self.by_hand.lock().unwrap().push(row.name.clone());
        let settled = Op::Settle { id: row.id, how: Settled::ByHand, at: at() };
        self.store.as_ref().is_some_and(|store| store.commit(&[settled]).is_ok())
    }
}

/// A store whose calls fail by name.
struct Failing(Sqlite, Mutex<Vec<&'static str>>);

impl Failing {
    fn now(&self, call: &'static str) -> Result<(), StoreError> {
        let mut calls = self.1.lock().unwrap();
        let Some(at) = calls.iter().position(|one| *one == call) else { return Ok(()) };
        calls.remove(at);
        Err(StoreError::Folder(std::io::Error::other("as asked")))
    }
}

impl Kept for Failing {
    fn check_chain(&self) -> Result<u64, StoreError> {
        self.0.check_chain()
    }
    fn newest(&self) -> Result<Option<Timestamp>, StoreError> {
        self.0.newest()
    }
    fn outbox(&self) -> Result<Vec<Waiting>, StoreError> {
        self.0.outbox()
    }
    fn has_served(&self, name: &str) -> Result<Option<bool>, StoreError> {
        self.0.has_served(name)
    }
    fn waiting(&self) -> Result<u64, StoreError> {
        self.0.waiting()
    }
    fn waiting_since(&self) -> Result<Option<Timestamp>, StoreError> {
        self.0.waiting_since()
    }
    fn rows(&self) -> Result<Vec<KeptRow>, StoreError> {
        self.0.rows()
    }
    fn lines_of(&self, day: Date) -> Result<Vec<String>, StoreError> {
        self.0.lines_of(day)
    }
    fn by_hand(&self) -> Result<u64, StoreError> {
        self.0.by_hand()
    }
}

impl Store for Failing {
    fn next_visits(&self, count: u32) -> Result<VisitId, StoreError> {
        self.0.next_visits(count)
    }
    fn commit(&self, ops: &[Op]) -> Result<(), StoreError> {
        if matches!(ops, [Op::Settle { .. }]) {
            self.now("settle")?;
        }
        self.0.commit(ops)
    }
    fn oldest(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        self.0.oldest(now)
    }
    fn take_number(&self, visit: VisitId, day: Date) -> Result<ReceptionNumber, StoreError> {
        self.0.take_number(visit, day)
    }
    fn content(&self, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.content(id)
    }
    fn place(&self, id: i64, folder: &str) -> Result<bool, StoreError> {
        self.now("place")?;
        self.0.place(id, folder)
    }
    fn forget_served(&self, before: Timestamp) -> Result<(), StoreError> {
        self.0.forget_served(before)
    }
    fn forget_rows(&self, today: Date) -> Result<(), StoreError> {
        self.0.forget_rows(today)
    }
    fn tidy(&self) -> Result<(), StoreError> {
        self.0.tidy()
    }
}

fn store(failing: &[&'static str]) -> Arc<dyn Store> {
    Arc::new(Failing(Sqlite::in_memory().unwrap(), Mutex::new(failing.to_vec())))
}

fn outbox(store: &Arc<dyn Store>, folder: &Path) -> Outbox {
    Outbox::new(Arc::clone(store), Box::new(Directory(folder.to_owned())), institution())
}

fn told(store: &Arc<dyn Store>) -> Told {
    Told { store: Some(Arc::clone(store)), ..Told::default() }
}

#[test]
fn a_file_that_was_taken_is_not_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&["settle"]);
    queue(&*store, 1, &name('a'), b"<a/>");
    let told = told(&store);
    assert!(outbox(&store, folder.path()).pass(at(), &told).is_err(), "the row stays");
    assert_eq!(files(folder.path()), [name('a')]);
    // The receipt computer takes it; then the bridge starts anew.
    std::fs::remove_file(folder.path().join(name('a'))).unwrap();
    outbox(&store, folder.path()).pass(at(), &told).unwrap();
    assert!(files(folder.path()).is_empty(), "no second import");
    assert_eq!((store.waiting().unwrap(), told.delivered.load(SeqCst)), (0, 1));
}

#[test]
fn a_crash_between_mark_and_name_is_made_good() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&[]);
    queue(&*store, 1, &name('a'), b"<a/>");
    // As a bridge leaves it that was killed right before the file got its name.
    let row = store.outbox().unwrap().remove(0);
    let file: FileName = row.name.parse().unwrap();
    oqs::stage(folder.path(), &file, b"<a/>").unwrap();
    assert!(store.place(row.id, &oqs::identity(folder.path()).unwrap()).unwrap());
    outbox(&store, folder.path()).pass(at(), &told(&store)).unwrap();
    assert_eq!(files(folder.path()), [name('a')]);
    assert_eq!(store.waiting().unwrap(), 0);
}

#[test]
fn a_file_that_vanished_with_its_folder_goes_to_the_staff() {
    let (before, now) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = store(&[]);
    queue(&*store, 1, &name('a'), b"<a/>");
    let row = store.outbox().unwrap().remove(0);
    assert!(store.place(row.id, &oqs::identity(before.path()).unwrap()).unwrap());
    let told = told(&store);
    outbox(&store, now.path()).pass(at(), &told).unwrap();
    assert_eq!(*told.by_hand.lock().unwrap(), [name('a')]);
    assert!(files(now.path()).is_empty());
}

#[test]
fn a_bad_row_blocks_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&[]);
    queue(&*store, 1, "no name of a result file", b"<a/>");
    queue(&*store, 2, &name('b'), b"<a/>");
    std::fs::write(folder.path().join(name('b')), b"of somebody else").unwrap();
    queue(&*store, 3, &name('c'), b"<a/>");
    std::fs::create_dir(folder.path().join(format!("{}.part", name('c')))).unwrap();
    queue(&*store, 4, &name('d'), b"<a/>");
    let told = told(&store);
    let waits = outbox(&store, folder.path()).pass(at(), &told).unwrap_err();
    assert!(waits.contains("result folder"), "{waits}");
    assert_eq!(told.by_hand.lock().unwrap().len(), 2);
    assert!(files(folder.path()).contains(&name('d')));
    assert_eq!(store.outbox().unwrap().iter().map(|row| row.visit.0).collect::<Vec<_>>(), [3]);
}

#[test]
fn nothing_is_written_past_older_rows_of_the_same_visit() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&[]);
    queue(&*store, 1, &name('a'), b"<agreed/>");
    let row = store.outbox().unwrap().remove(0);
    assert!(store.place(row.id, &oqs::identity(folder.path()).unwrap()).unwrap());
    oqs::stage(folder.path(), &name('a').parse::<FileName>().unwrap(), b"<agreed/>").unwrap();
    queue(&*store, 1, &name('b'), b"<withdrawn/>");
    queue(&*store, 2, &name('c'), b"<other/>");
    // The first one cannot get its name for now.
    let in_the_way = Stuck(Directory(folder.path().to_owned()), Mutex::new(vec![name('a')]));
    let stuck = Outbox::new(Arc::clone(&store), Box::new(in_the_way), institution());
    assert!(stuck.pass(at(), &told(&store)).is_err());
    assert!(!files(folder.path()).contains(&name('b')), "not before the older one");
    assert!(files(folder.path()).contains(&name('c')));
    outbox(&store, folder.path()).pass(at(), &told(&store)).unwrap();
    assert_eq!(files(folder.path()), [name('a'), name('b'), name('c')]);
}

/// Files of these names do not get them.
struct Stuck(Directory, Mutex<Vec<String>>);

impl Folder for Stuck {
    fn identity(&self) -> Result<String, FolderError> {
        self.0.identity()
    }
    fn look(&self, name: &FileName) -> Result<Found, FolderError> {
        self.0.look(name)
    }
    fn holds(&self, name: &FileName, bytes: &[u8]) -> Result<bool, FolderError> {
        self.0.holds(name, bytes)
    }
    fn stage(&self, name: &FileName, bytes: &[u8]) -> Result<(), FolderError> {
        self.0.stage(name, bytes)
    }
    fn place(&self, name: &FileName) -> Result<(), FolderError> {
        if self.1.lock().unwrap().contains(&name.to_string()) {
            return Err(FolderError::NotWritable);
        }
        self.0.place(name)
    }
    fn unstage(&self, name: &FileName) -> Result<(), FolderError> {
        self.0.unstage(name)
    }
    fn parts(&self) -> Result<Vec<(FileName, Duration)>, FolderError> {
        self.0.parts()
    }
}

#[test]
fn temporary_files_that_nobody_waits_for_are_swept() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&[]);
    queue(&*store, 1, &name('a'), b"<agreed/>");
    queue(&*store, 1, &name('b'), b"<withdrawn/>");
    let part = |id, age| {
        let path = folder.path().join(format!("{}.part", name(id)));
        let file = std::fs::File::create(path).unwrap();
        file.set_modified(std::time::SystemTime::now() - age).unwrap();
    };
    let (young, old) = (Duration::ZERO, Duration::from_hours(25));
    part('a', young); // replaced
    part('b', young); // waits
    part('c', young); // of another kiosk
    part('d', old); // of a kiosk that is gone
    outbox(&store, folder.path()).sweep().unwrap();
    let left = [format!("{}.part", name('b')), format!("{}.part", name('c'))];
    assert_eq!(files(folder.path()), left);
}

#[test]
fn names_are_forgotten_a_day_after_they_served() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&[]);
    for (visit, id) in [(1, 'a'), (2, 'b'), (3, 'c')] {
        queue(&*store, visit, &name(id), b"<a/>");
    }
    let outbox = outbox(&store, folder.path());
    outbox.pass(at(), &told(&store)).unwrap();
    queue(&*store, 4, &name('d'), b"<a/>");
    let day = jiff::SignedDuration::from_hours(24);
    outbox.forget(at() + day).unwrap();
    assert_eq!(store.has_served(&name('a')).unwrap(), Some(true), "a temporary file may be left");
    outbox.forget(at() + day + jiff::SignedDuration::from_secs(1)).unwrap();
    let known = ['a', 'c', 'd'].map(|id| store.has_served(&name(id)).unwrap());
    assert_eq!(known, [None, None, Some(false)], "what waits stays");
    // The receipt computer takes the files: none of them comes again.
    for id in ['a', 'b', 'c'] {
        std::fs::remove_file(folder.path().join(name(id))).unwrap();
    }
    outbox.pass(at(), &told(&store)).unwrap();
    assert_eq!(files(folder.path()), [name('d')]);
    assert_eq!(store.next_visits(1).unwrap(), VisitId(5));
}

#[test]
fn a_file_of_yesterday_is_told_to_staff() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&[]);
    queue(&*store, 1, &name('a'), b"<a/>");
    let midnight: Timestamp = "2026-11-24T00:00:00+09:00".parse().unwrap();
    let told = told(&store);
    outbox(&store, folder.path()).pass(midnight, &told).unwrap();
    assert_eq!((&*told.late.lock().unwrap(), store.waiting().unwrap()), (&vec![at()], 0));
    queue(&*store, 2, &name('b'), b"<a/>");
    let evening = midnight - jiff::SignedDuration::from_secs(1);
    outbox(&store, folder.path()).pass(evening, &told).unwrap();
    assert_eq!((told.late.lock().unwrap().len(), store.waiting().unwrap()), (1, 0));
}
