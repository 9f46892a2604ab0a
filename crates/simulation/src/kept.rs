//! The bridge's own store and outbox under virtual time, with a folder in memory, and everything that
//! can happen to them: a crash between any two steps, a full disk, a folder or a system that is stuck.

use bridge::delivery::{Folder, Outbox, Receiver};
use bridge::store::{Op, Settled, Sqlite, Store, StoreError, Waiting};
use checkin::event::DeliveryTrouble;
use checkin::reception::ReceptionNumber;
use checkin::time::in_japan;
use checkin::{Effect, Record, Request, VisitId};
use jiff::Timestamp;
use jiff::civil::Date;
use oqs::{Encoding, FileName, FolderError, Found, InstitutionCode, ResultFile};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What happens to the kiosk during a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    Nothing,
    /// The program is killed after so many steps of keeping and delivering.
    Crash(u32),
    /// The disk is full from one of these events to the other.
    FullDisk(u32, u32),
    /// The folder does not answer until the visit is over.
    StuckFolder,
    /// The system does not answer this many questions.
    StuckGateway(u32),
}

/// Of one person, or many together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Count {
    /// Crashes that happened.
    pub crashes: u64,
    /// Visits to which a disk was full, a folder or the system stuck.
    pub troubled: u64,
    /// Visits that ended with a confirmed qualification.
    pub confirmed: u64,
    /// Of those, with exactly one file and nothing to enter by hand.
    pub one_file: u64,
    /// Of those, with a row for the staff and no file.
    pub by_hand: u64,
    /// Of those, with a further file that tells of a withdrawal or of a late answer.
    pub told_again: u64,
    /// Consents that were kept.
    pub consents: u64,
    /// Audit lines about them.
    pub consent_lines: u64,
}

impl Count {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            crashes: self.crashes + other.crashes,
            troubled: self.troubled + other.troubled,
            confirmed: self.confirmed + other.confirmed,
            one_file: self.one_file + other.one_file,
            by_hand: self.by_hand + other.by_hand,
            told_again: self.told_again + other.told_again,
            consents: self.consents + other.consents,
            consent_lines: self.consent_lines + other.consent_lines,
        }
    }
}

/// What outlives a crash, and what makes one.
#[derive(Default)]
struct Machine {
    /// Steps to the crash.
    steps: Option<u32>,
    dead: bool,
    parts: BTreeMap<String, Vec<u8>>,
    files: BTreeMap<String, Vec<u8>>,
    /// How often a name appeared: more than once is a double import.
    appeared: BTreeMap<String, u32>,
    /// The receipt computer takes every file at once, or none.
    takes: bool,
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
struct Shared {
    machine: Arc<Mutex<Machine>>,
    store: Arc<Sqlite>,
}

impl Shared {
    fn machine(&self) -> MutexGuard<'_, Machine> {
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

impl Store for Shared {
    fn next_visit(&self) -> Result<VisitId, StoreError> {
        self.disk()?.next_visit()
    }
    fn commit(&self, ops: &[Op]) -> Result<(), StoreError> {
        self.disk()?.commit(ops)
    }
    fn take_number(&self, visit: VisitId, day: Date) -> Result<ReceptionNumber, StoreError> {
        self.disk()?.take_number(visit, day)
    }
    fn check_chain(&self) -> Result<u64, StoreError> {
        self.disk()?.check_chain()
    }
    fn newest(&self) -> Result<Option<Timestamp>, StoreError> {
        self.disk()?.newest()
    }
    fn outbox(&self) -> Result<Vec<Waiting>, StoreError> {
        self.disk()?.outbox()
    }
    fn content(&self, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
        self.disk()?.content(id)
    }
    fn place(&self, id: i64, folder: &str) -> Result<bool, StoreError> {
        self.disk()?.place(id, folder)
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
    fn forget_rows(&self, today: Date) -> Result<(), StoreError> {
        self.disk()?.forget_rows(today)
    }
    fn tidy(&self) -> Result<(), StoreError> {
        self.disk()?.tidy()
    }
    fn rows(&self) -> Result<Vec<(VisitId, String)>, StoreError> {
        self.disk()?.rows()
    }
    fn by_hand(&self) -> Result<u64, StoreError> {
        self.disk()?.by_hand()
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

    fn by_hand(&self, row: &Waiting, _: &[u8], _: &str) -> bool {
        let settled = Op::Settle { id: row.id, how: Settled::ByHand, at: Timestamp::UNIX_EPOCH };
        self.commit(&[by_hand(row.visit, Timestamp::UNIX_EPOCH), settled]).is_ok()
    }
}

fn by_hand(visit: VisitId, now: Timestamp) -> Op {
    Op::Row { visit, day: in_japan(now).date(), row: "{}".into(), by_hand: true }
}

/// See the module.
pub(crate) struct Kept {
    trouble: Trouble,
    events: u32,
    shared: Shared,
    outbox: Outbox,
    /// What waits for the disk.
    waiting: VecDeque<Vec<Op>>,
    /// Results of the present event, each by its visit.
    handed: BTreeSet<VisitId>,
    /// Files so far, for their names.
    files: u64,
    seed: u64,
    /// How often a visit handed a result over that was kept.
    revisions: BTreeMap<VisitId, u32>,
    /// Consents that went to the system.
    asked: BTreeMap<VisitId, u64>,
    crashes: u64,
}

impl Kept {
    pub(crate) fn new(trouble: Trouble, seed: u64) -> Result<Self, String> {
        let store = Arc::new(Sqlite::in_memory().map_err(|error| error.to_string())?);
        let steps = if let Trouble::Crash(steps) = trouble { Some(steps) } else { None };
        let machine = Machine { steps, takes: seed.is_multiple_of(2), ..Machine::default() };
        let shared = Shared { machine: Arc::new(Mutex::new(machine)), store };
        Ok(Self {
            trouble,
            events: 0,
            outbox: outbox(&shared),
            shared,
            waiting: VecDeque::new(),
            handed: BTreeSet::new(),
            files: 0,
            seed,
            revisions: BTreeMap::new(),
            asked: BTreeMap::new(),
            crashes: 0,
        })
    }

    /// `false`: the program was killed.
    pub(crate) fn keep(&mut self, effects: &[Effect], now: Timestamp) -> bool {
        self.events += 1;
        self.handed.clear();
        let ops: Vec<Op> = effects.iter().filter_map(|effect| self.op(effect, now)).collect();
        if !ops.is_empty() {
            self.waiting.push_back(ops);
        }
        self.write();
        let asks = effects.iter().any(|effect| matches!(effect.request, Request::Query { .. }));
        if asks && self.waiting.is_empty() {
            for effect in effects {
                if let Request::Record { visit, record: Record::Consent(_), .. } = &effect.request {
                    *self.asked.entry(*visit).or_default() += 1;
                }
            }
        }
        if self.trouble != Trouble::StuckFolder && !self.handed.is_empty() {
            // A folder that fails is tried again at the end.
            let _ = self.outbox.pass(now, &self.shared);
        }
        !self.shared.machine().dead
    }

    fn op(&mut self, effect: &Effect, now: Timestamp) -> Option<Op> {
        match &effect.request {
            Request::Record { visit, at, record } => {
                Some(Op::Record { visit: *visit, at: *at, record: record.clone() })
            }
            Request::Deliver { visit, handover } => {
                let visit = *visit;
                *self.revisions.entry(visit).or_default() += 1;
                let file = ResultFile::of_check_in(institution(), "", handover, now);
                let xml = oqs::to_xml(&file, Encoding::Utf8).ok().filter(|_| !self.full());
                // What fits no file, or finds no disk in time, goes to the staff.
                let Some(xml) = xml else { return Some(by_hand(visit, now)) };
                self.handed.insert(visit);
                self.files += 1;
                let id = format!("{:010x}{:010x}", self.seed & 0xFF_FFFF_FFFF, self.files);
                let name = FileName::face(institution(), &id, now).ok()?.to_string();
                Some(Op::Queue { visit, name, content: xml.bytes, at: now })
            }
            _ => None,
        }
    }

    fn full(&self) -> bool {
        let Trouble::FullDisk(from, to) = self.trouble else { return false };
        (from..to).contains(&self.events)
    }

    /// The writer: in order, again and again.
    fn write(&mut self) {
        while !self.full()
            && let Some(ops) = self.waiting.front()
            && self.shared.commit(ops).is_ok()
        {
            self.waiting.pop_front();
        }
    }

    /// What the person is told of their result.
    pub(crate) fn delivered(&self, visit: VisitId) -> Result<(), DeliveryTrouble> {
        if !self.handed.contains(&visit) {
            return Err(DeliveryTrouble::ByHand);
        }
        let waits =
            self.shared.store.outbox().is_ok_and(|rows| rows.iter().any(|row| row.visit == visit));
        if waits { Err(DeliveryTrouble::Queued) } else { Ok(()) }
    }

    /// Whether a question does not get through: its consents are not kept, or the system is stuck.
    pub(crate) fn holds_up(&self, request: &Request) -> bool {
        let stuck = matches!(self.trouble, Trouble::StuckGateway(events) if self.events < events);
        let to_system = matches!(
            request,
            Request::LookUp { .. }
                | Request::Open { .. }
                | Request::Query { .. }
                | Request::QueryNumbers { .. }
                | Request::Withdraw { .. }
        );
        (stuck && to_system)
            || (matches!(request, Request::Query { .. }) && !self.waiting.is_empty())
    }

    /// The number of the next visit.
    pub(crate) fn start_again(&mut self, now: Timestamp) -> Result<VisitId, String> {
        self.crashes += 1;
        self.waiting.clear();
        self.shared.machine().dead = false;
        self.outbox = outbox(&self.shared);
        self.outbox.pass(now, &self.shared)?;
        self.outbox.sweep()?;
        self.shared.next_visit().map_err(|error| error.to_string())
    }

    /// Everything works again; then the disk is counted.
    pub(crate) fn finish(mut self, now: Timestamp) -> Result<Count, String> {
        let troubled = !matches!(self.trouble, Trouble::Nothing | Trouble::Crash(_));
        self.trouble = Trouble::Nothing;
        self.shared.machine().steps = None;
        self.write();
        self.outbox.pass(now, &self.shared)?;
        self.outbox.sweep()?;
        let text = |error: StoreError| error.to_string();
        self.shared.store.check_chain().map_err(text)?;
        let machine = self.shared.machine();
        if !machine.parts.is_empty() {
            return Err("a temporary file stays".into());
        }
        if machine.appeared.values().any(|times| *times != 1) {
            return Err("a file appeared twice".into());
        }
        let mut count =
            Count { crashes: self.crashes, troubled: troubled.into(), ..Count::default() };
        let mut delivered = BTreeSet::new();
        for visit in self.shared.store.tally().map_err(text)? {
            delivered.extend(visit.delivered.iter().cloned());
            count.consents += visit.consents;
            count.consent_lines += visit.consent_lines;
            let asked = self.asked.get(&visit.visit).copied().unwrap_or_default();
            if visit.consents != visit.consent_lines || visit.consents < asked {
                return Err(format!("a consent without its audit line: {visit:?}"));
            }
            if !visit.confirmed {
                continue;
            }
            count.confirmed += 1;
            let revisions = self.revisions.get(&visit.visit).copied().unwrap_or_default();
            match (visit.delivered.len(), visit.by_hand) {
                (1, false) => count.one_file += 1,
                (0, true) => count.by_hand += 1,
                (2.., _) | (1, true)
                    if revisions > 1 && (visit.by_hand || visit.last_delivered) =>
                {
                    count.told_again += 1;
                }
                _ => return Err(format!("not exactly one file or row by hand: {visit:?}")),
            }
        }
        if !machine.appeared.keys().eq(&delivered) {
            return Err("a file without its row, or a row without its file".into());
        }
        Ok(count)
    }
}

fn outbox(shared: &Shared) -> Outbox {
    Outbox::new(Arc::new(shared.clone()), Box::new(shared.clone()), institution())
}

fn institution() -> InstitutionCode {
    InstitutionCode::new("1319999999").expect("ten digits")
}
