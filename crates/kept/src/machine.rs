//! Disk and result folder of a kiosk under virtual time: what a crash leaves of them, and when it comes.

use crate::by_hand;
use bridge::delivery::{Folder, Receiver};
use bridge::store::{Kept, KeptRow, Op, Settled, Sqlite, Store, StoreError, Waiting};
use checkin::VisitId;
use checkin::reception::ReceptionNumber;
use jiff::Timestamp;
use jiff::civil::Date;
use oqs::{FileName, FolderError, Found};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What outlives a crash, and what makes one.
#[derive(Default)]
pub(crate) struct Machine {
    /// Steps to the crash.
    pub(crate) steps: Option<u32>,
    pub(crate) dead: bool,
    pub(crate) parts: BTreeMap<String, Vec<u8>>,
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// How often a name appeared: more than once is a double import.
    pub(crate) appeared: BTreeMap<String, u32>,
    /// The receipt computer takes every file at once, or none.
    pub(crate) takes: bool,
}

impl Machine {
    /// `false`: the program is dead.
    fn step(&mut self) -> bool {
        if self.steps == Some(0) {
            (self.steps, self.dead) = (None, true);
        }
        self.steps = self.steps.map(|steps| steps - 1);
        !self.dead
    }
}

/// A handle on it, as store and as folder of the outbox.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) machine: Arc<Mutex<Machine>>,
    pub(crate) store: Arc<Sqlite>,
}

impl Shared {
    pub(crate) fn machine(&self) -> MutexGuard<'_, Machine> {
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn disk(&self) -> Result<&Sqlite, StoreError> {
        let dead = || StoreError::Folder(std::io::Error::other("the program is dead"));
        if self.machine().step() { Ok(&self.store) } else { Err(dead()) }
    }

    fn folder(&self) -> Result<MutexGuard<'_, Machine>, FolderError> {
        let mut machine = self.machine();
        let dead = || FolderError::Other(std::io::Error::other("the program is dead"));
        if machine.step() { Ok(machine) } else { Err(dead()) }
    }
}

impl Kept for Shared {
    fn check_chain(&self) -> Result<u64, StoreError> {
        self.disk()?.check_chain()
    }
    fn newest(&self) -> Result<Option<Timestamp>, StoreError> {
        self.disk()?.newest()
    }
    fn outbox(&self) -> Result<Vec<Waiting>, StoreError> {
        self.disk()?.outbox()
    }
    fn has_served(&self, name: &str) -> Result<Option<bool>, StoreError> {
        self.disk()?.has_served(name)
    }
    fn waiting(&self) -> Result<u64, StoreError> {
        self.disk()?.waiting()
    }
    fn waiting_since(&self) -> Result<Option<Timestamp>, StoreError> {
        self.disk()?.waiting_since()
    }
    fn rows(&self) -> Result<Vec<KeptRow>, StoreError> {
        self.disk()?.rows()
    }
    fn lines_of(&self, day: Date) -> Result<Vec<String>, StoreError> {
        self.disk()?.lines_of(day)
    }
    fn by_hand(&self) -> Result<u64, StoreError> {
        self.disk()?.by_hand()
    }
}

impl Store for Shared {
    fn next_visits(&self, count: u32) -> Result<VisitId, StoreError> {
        self.disk()?.next_visits(count)
    }
    fn commit(&self, ops: &[Op]) -> Result<(), StoreError> {
        self.disk()?.commit(ops)
    }
    fn oldest(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        self.disk()?.oldest(now)
    }
    fn take_number(&self, visit: VisitId, day: Date) -> Result<ReceptionNumber, StoreError> {
        self.disk()?.take_number(visit, day)
    }
    fn content(&self, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
        self.disk()?.content(id)
    }
    fn place(&self, id: i64, folder: &str) -> Result<bool, StoreError> {
        self.disk()?.place(id, folder)
    }
    fn forget_served(&self, before: Timestamp) -> Result<(), StoreError> {
        self.disk()?.forget_served(before)
    }
    fn forget_rows(&self, today: Date) -> Result<(), StoreError> {
        self.disk()?.forget_rows(today)
    }
    fn tidy(&self) -> Result<(), StoreError> {
        self.disk()?.tidy()
    }
}

impl Folder for Shared {
    fn identity(&self) -> Result<String, FolderError> {
        self.folder().map(|_| "this one".to_owned())
    }
    fn look(&self, name: &FileName) -> Result<Found, FolderError> {
        let (machine, name) = (self.folder()?, name.to_string());
        Ok(match (machine.files.contains_key(&name), machine.parts.contains_key(&name)) {
            (true, _) => Found::File,
            (false, true) => Found::Part,
            (false, false) => Found::Nothing,
        })
    }
    fn holds(&self, name: &FileName, bytes: &[u8]) -> Result<bool, FolderError> {
        Ok(self.folder()?.files.get(&name.to_string()).is_some_and(|file| file == bytes))
    }
    fn stage(&self, name: &FileName, bytes: &[u8]) -> Result<(), FolderError> {
        let (mut machine, name) = (self.folder()?, name.to_string());
        if machine.files.contains_key(&name) {
            return Err(FolderError::NameTaken);
        }
        machine.parts.insert(name, bytes.to_vec());
        Ok(())
    }
    fn place(&self, name: &FileName) -> Result<(), FolderError> {
        let (mut machine, name) = (self.folder()?, name.to_string());
        let file = machine.parts.remove(&name).ok_or(FolderError::Missing)?;
        *machine.appeared.entry(name.clone()).or_default() += 1;
        if !machine.takes {
            machine.files.insert(name, file);
        }
        Ok(())
    }
    fn unstage(&self, name: &FileName) -> Result<(), FolderError> {
        self.folder()?.parts.remove(&name.to_string());
        Ok(())
    }
    fn parts(&self) -> Result<Vec<(FileName, Duration)>, FolderError> {
        let machine = self.folder()?;
        let names = machine.parts.keys().filter_map(|name| name.parse().ok());
        Ok(names.map(|name| (name, Duration::ZERO)).collect())
    }
}

/// Nothing goes to the staff here: the folder is nobody else's.
impl Receiver for Shared {
    fn delivered(&self, _: &Waiting) {}

    fn late(&self, row: &Waiting, of: Timestamp, _: &[u8]) -> bool {
        self.commit(&[Op::Settle { id: row.id, how: Settled::Delivered, at: of }]).is_ok()
    }

    fn by_hand(&self, row: &Waiting, _: &[u8], _: &str) -> bool {
        let settled = Op::Settle { id: row.id, how: Settled::ByHand, at: Timestamp::UNIX_EPOCH };
        self.commit(&[by_hand(row.visit, Timestamp::UNIX_EPOCH), settled]).is_ok()
    }
}
