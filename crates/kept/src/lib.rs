//! The bridge's own store and outbox under virtual time, with a folder in memory, and everything that
//! can happen to them: a crash between any two steps, a full disk, a folder or a system that is stuck.
//!
//! Start at [`keeper`]; the visits come from [`simulation::World::random_kept`].

mod machine;

use bridge::delivery::Outbox;
use bridge::store::{Kept as _, Op, Sqlite, Store, StoreError};
use checkin::event::DeliveryTrouble;
use checkin::time::in_japan;
use checkin::{Effect, Question, Record, Request, VisitId};
use jiff::Timestamp;
use machine::{Machine, Shared};
use oqs::{Encoding, FileName, InstitutionCode, Kind, Message};
use simulation::{Count, Keeper, Trouble};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};

fn by_hand(visit: VisitId, now: Timestamp) -> Op {
    Op::Row { visit, version: 1, day: in_japan(now).date(), row: "{}".into(), by_hand: true }
}

/// See [`keeper`].
struct Kept {
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

/// A store and an outbox of the bridge's own, in memory, to which `trouble` happens.
///
/// # Errors
/// One sentence when there is no store.
pub fn keeper(trouble: Trouble, seed: u64) -> Result<Box<dyn Keeper>, String> {
    Ok(Box::new(Kept::new(trouble, seed)?))
}

impl Kept {
    fn new(trouble: Trouble, seed: u64) -> Result<Self, String> {
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

    fn op(&mut self, effect: &Effect, now: Timestamp) -> Option<Op> {
        match &effect.request {
            Request::Record { visit, at, record } => {
                Some(Op::Record { visit: *visit, at: *at, record: record.clone(), by: None })
            }
            Request::Deliver { visit, handover } => {
                let visit = *visit;
                *self.revisions.entry(visit).or_default() += 1;
                let file = Message::of_check_in(institution(), "", handover, now).ok();
                let file = file.filter(|file| file.check(Kind::Face).is_empty() && !self.full());
                let xml = file.and_then(|file| oqs::to_xml(&file, Encoding::Utf8).ok());
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
}

impl Keeper for Kept {
    fn keep(&mut self, effects: &[Effect], now: Timestamp) -> bool {
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

    fn delivered(&self, visit: VisitId) -> Result<(), DeliveryTrouble> {
        if !self.handed.contains(&visit) {
            return Err(DeliveryTrouble::ByHand);
        }
        let waits =
            self.shared.store.outbox().is_ok_and(|rows| rows.iter().any(|row| row.visit == visit));
        if waits { Err(DeliveryTrouble::Queued) } else { Ok(()) }
    }

    fn is_stuck(&self) -> bool {
        matches!(self.trouble, Trouble::StuckGateway(from, to) if (from..to).contains(&self.events))
    }

    fn holds_up(&self, request: &Request) -> bool {
        let Request::Ask(question) = request else { return false };
        let waits = matches!(question, Question::Query { .. }) && !self.waiting.is_empty();
        self.is_stuck() || waits
    }

    fn start_again(&mut self, now: Timestamp) -> Result<VisitId, String> {
        self.crashes += 1;
        self.waiting.clear();
        self.shared.machine().dead = false;
        self.outbox = outbox(&self.shared);
        self.outbox.pass(now, &self.shared)?;
        self.outbox.sweep()?;
        self.shared.next_visits(1).map_err(|error| error.to_string())
    }

    fn finish(mut self: Box<Self>, now: Timestamp) -> Result<Count, String> {
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
