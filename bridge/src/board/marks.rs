//! What staff tick about a visit: called by its number, and where to; done. Each is taken back by its opposite.

use super::Board;
use super::entries::{Entries, Entry};
use crate::call_place::CallPlace;
use crate::store::{Actor, Batch, Op};
use crate::words::{Text as _, maybe, one};
use checkin::time::in_japan;
use checkin::{ACTS_AFTER_MS, Millis, Now, Record, VisitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Numbers on the call display; the oldest calls leave it first.
pub(super) const MOST: usize = 12;

/// A tick, or its opposite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Called, once more where it was before.
    Called(CallPlace),
    /// Not called after all.
    NotCalled,
    /// Staff are done with the visit.
    Done,
    /// They are not, after all.
    NotDone,
}

/// Why a mark was not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotMarked {
    /// There is no such visit.
    Gone,
    /// Its marks are not those that were seen, or have only just become so.
    Changed,
    /// It has no reception number to call.
    NoNumber,
    /// There is nothing to take back.
    Nothing,
}

/// The marks of one visit, as its row has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// Called.
    pub called: Option<Called>,
    /// When staff were done.
    #[serde(with = "maybe")]
    pub done: Option<Timestamp>,
    /// How often they have changed since the program started.
    #[serde(skip)]
    pub seen: u32,
    /// When they did so last.
    #[serde(skip)]
    changed: Option<Millis>,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// When, for the last time, in milliseconds since 1970: later than every call before it, of whatever visit.
    pub at_ms: u64,
    /// How often, from 1.
    pub times: u16,
    /// Where to.
    #[serde(with = "one")]
    pub to: CallPlace,
}

/// A number on the call display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Reception number of the day.
    pub number: u16,
    /// When, how often, where to.
    pub called: Called,
}

impl Called {
    /// When.
    pub fn at(&self) -> Timestamp {
        let ms = i64::try_from(self.at_ms).unwrap_or(i64::MAX);
        Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
    }
}

impl Marks {
    /// Nobody has seen them for long enough to change them again: the rule of a double tap, as a visit has it.
    fn are_new(&self, now: Millis) -> bool {
        self.changed.is_some_and(|at| now.since(at) < ACTS_AFTER_MS)
    }

    /// Sets a mark; gives what the audit says, unless there is nothing to take back. `at_ms`: of a call.
    fn set(&mut self, mark: Mark, at_ms: u64, now: Now) -> Option<Record> {
        let record = self.turn(mark, at_ms, now.wall)?;
        self.seen = self.seen.wrapping_add(1);
        self.changed = Some(now.monotonic);
        Some(record)
    }

    fn turn(&mut self, mark: Mark, at_ms: u64, now: Timestamp) -> Option<Record> {
        match mark {
            Mark::Called(to) => {
                let times = self.called.as_ref().map_or(0, |called| called.times).saturating_add(1);
                let record = Record::Called { to: to.write().into(), times };
                (self.called, self.done) = (Some(Called { at_ms, times, to }), None);
                Some(record)
            }
            Mark::NotCalled => self.called.take().map(|_| Record::CallTakenBack),
            Mark::Done => self.done.replace(now).is_none().then_some(Record::StaffDone),
            Mark::NotDone => self.done.take().map(|_| Record::DoneTakenBack),
        }
    }
}

impl Board {
    /// Sets a mark of a visit whose marks had changed `seen` times, and keeps it together with its audit line.
    ///
    /// # Errors
    /// [`NotMarked`].
    pub fn mark(
        &self,
        visit: VisitId,
        seen: u32,
        mark: Mark,
        by: &Actor,
        now: Now,
    ) -> Result<(), NotMarked> {
        let mut done = Ok(());
        // In one go, so that the lines of the audit have the order of the marks.
        self.writer.send(|| {
            let mut entries = self.entries();
            let marked = set(&mut entries, visit, seen, mark, now);
            if marked.is_ok() {
                self.changes.send_modify(|count| *count += 1);
            }
            drop(entries);
            let ops = marked.map(|(record, row)| {
                [Some(Op::Record { visit, at: now.wall, record, by: Some(by.clone()) }), row]
                    .into_iter()
                    .flatten()
                    .collect()
            });
            let ops = ops.unwrap_or_else(|why| {
                done = Err(why);
                Vec::new()
            });
            Batch { ops, ..Batch::default() }
        });
        self.show_calls(now.wall);
        done
    }

    /// The numbers that are called, and every later change of them.
    pub fn calls(&self) -> tokio::sync::watch::Receiver<Arc<[Call]>> {
        self.calls.subscribe()
    }

    /// Brings the call display up to date: to be called where marks, numbers or the day change.
    pub(super) fn show_calls(&self, now: Timestamp) {
        // Until they are told, so that nobody tells older ones behind them.
        let entries = self.entries();
        let calls = calls(&entries, now);
        self.calls.send_if_modified(|shown| {
            let is_new = **shown != *calls;
            *shown = calls.into();
            is_new
        });
    }
}

fn set(
    entries: &mut Entries,
    visit: VisitId,
    seen: u32,
    mark: Mark,
    now: Now,
) -> Result<(Record, Option<Op>), NotMarked> {
    let at_ms = next_call(entries, now.wall);
    let entry = entries.visits.get_mut(&visit).filter(|entry| entry.told).ok_or(NotMarked::Gone)?;
    let marks = &entry.row.marks;
    if marks.seen != seen || marks.are_new(now.monotonic) {
        return Err(NotMarked::Changed);
    }
    if entry.row.number.is_none() && matches!(mark, Mark::Called(_)) {
        return Err(NotMarked::NoNumber);
    }
    let record = entry.row.marks.set(mark, at_ms, now).ok_or(NotMarked::Nothing)?;
    Ok((record, entry.op(visit)))
}

/// The time of a call now: later than every call before it, whatever becomes of the clock.
fn next_call(entries: &Entries, now: Timestamp) -> u64 {
    let last = called(entries).map(|(_, called)| called.at_ms).max().unwrap_or(0);
    u64::try_from(now.as_millisecond()).unwrap_or(0).max(last + 1)
}

fn called(entries: &Entries) -> impl Iterator<Item = (&Entry, &Called)> {
    entries.visits.values().filter_map(|entry| Some((entry, entry.row.marks.called.as_ref()?)))
}

/// The calls of today with which nobody is done, the last one first.
pub(super) fn calls(entries: &Entries, now: Timestamp) -> Vec<Call> {
    let today = in_japan(now).date();
    let open = called(entries).filter(|(entry, called)| {
        entry.row.marks.done.is_none() && in_japan(called.at()).date() >= today
    });
    let mut calls: Vec<_> = open
        .filter_map(|(entry, called)| {
            Some(Call { number: entry.row.number?, called: called.clone() })
        })
        .collect();
    calls.sort_by_key(|call| std::cmp::Reverse(call.called.at_ms));
    calls.truncate(MOST);
    calls
}
