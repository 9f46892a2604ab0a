//! The bridge's own store and outbox under virtual time, with a folder in memory, and everything that
//! can happen to them: a crash between any two steps, a full disk, a folder or a system that is stuck.

mod machine;

use bridge::delivery::Outbox;
use bridge::store::{Op, Sqlite, Store, StoreError};
use checkin::event::DeliveryTrouble;
use checkin::time::in_japan;
use checkin::{Effect, Question, Record, Request, VisitId};
use jiff::Timestamp;
use machine::{Machine, Shared};
use oqs::{Encoding, FileName, InstitutionCode, ResultFile};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};

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
    /// The system does not come back from one of these events to the other.
    StuckGateway(u32, u32),
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
        let asks = effects
            .iter()
            .any(|effect| matches!(effect.request, Request::Ask(Question::Query { .. })));
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
                let taken = file.check_face().is_ok() && !self.full();
                let xml = oqs::to_xml(&file, Encoding::Utf8).ok().filter(|_| taken);
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

    /// Whether the system does not come back from what it is asked now.
    pub(crate) fn is_stuck(&self) -> bool {
        matches!(self.trouble, Trouble::StuckGateway(from, to) if (from..to).contains(&self.events))
    }

    /// Whether a question does not get through: its consents are not kept, or the system is stuck.
    pub(crate) fn holds_up(&self, request: &Request) -> bool {
        let Request::Ask(question) = request else { return false };
        let waits = matches!(question, Question::Query { .. }) && !self.waiting.is_empty();
        self.is_stuck() || waits
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
