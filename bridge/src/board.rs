//! What the staff see: the visits of today. The rows lie in the store as well, so that a restart does
//! not lose them, and leave both with the day: at midnight, whether somebody is there or not. What a withdrawal needs, the
//! certificate's serial and the result as it was handed over, is in memory only.

use crate::store::{Batch, Op, Store, StoreError, Writer};
use crate::wire;
use ::wire::Twin as _;
use checkin::VisitId;
use checkin::circle::{CircleError, CompletedName};
use checkin::claim::TypedKnown;
use checkin::consent::Topic;
use checkin::effect::Handover;
use checkin::number::FieldError;
use checkin::reception::{ReceptionNumber, StaffNotice};
use checkin::secret::Serial;
use checkin::time::in_japan;
use jiff::Timestamp;
use jiff::civil::Date;
use protocol::screen::Outcome;
use protocol::staff::{ByHand, Claim, Note, PaperItem, Visit};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// More visits than one kiosk sees in a day; the oldest go first, but for results that staff still have
/// to enter.
const MOST: usize = 1000;

/// One visit of today.
struct Entry {
    /// When it ended.
    at: Timestamp,
    /// What the visit told.
    told: Option<Visit>,
    /// To withdraw consents with.
    serial: Option<Serial>,
    /// What a file that tells of a withdrawal is made of.
    handed_over: Option<Handover>,
    number: Option<ReceptionNumber>,
    /// The name with the characters that staff entered in the places of ●.
    completed: Option<String>,
    /// The result that no file could take.
    by_hand: Option<ByHand>,
    /// What its file could not hold: label and characters.
    lost: Vec<(String, String)>,
    /// When its result came, on a later day than the visit's.
    late: Option<Timestamp>,
    /// Its day is over while its answer is waited for: nothing is left of it but when it was.
    awaited: bool,
    /// Staff have looked at the document whose numbers were typed.
    paper_seen: bool,
    /// How to claim on the number that staff know of a person who was here before.
    known: Option<Claim>,
}

/// See the module.
pub struct Board {
    entries: Mutex<BTreeMap<VisitId, Entry>>,
    store: Arc<dyn Store>,
    writer: Arc<Writer>,
    /// Names of the site's destinations.
    destinations: Vec<String>,
}

impl Board {
    /// With the rows of today that the store has. Their consents cannot be withdrawn any more and
    /// their questions do not go on, because both need the serial.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(
        store: Arc<dyn Store>,
        writer: Arc<Writer>,
        destinations: Vec<String>,
    ) -> Result<Self, StoreError> {
        store.forget_rows(in_japan(Timestamp::now()).date())?;
        let entries = store.rows()?.into_iter().filter_map(|(visit, row)| {
            // A row of another version of this program is not worth more than its day.
            Some((visit, Entry::restored(serde_json::from_str(&row).ok()?)?))
        });
        let entries = Mutex::new(entries.collect());
        Ok(Self { entries, store, writer, destinations })
    }

    /// A notice about a visit; it replaces an earlier one, whose destination stays.
    pub fn announce(&self, visit: VisitId, notice: &StaffNotice, at: Timestamp) {
        let mut entries = self.entries();
        forget(&mut entries, at);
        let entry = entries.entry(visit).or_insert_with(|| Entry::new(at));
        let before = entry.told.take().and_then(|told| told.destination);
        let mut told = wire::row(visit, entry.at, notice, &self.destinations);
        told.destination = told.destination.or(before);
        entry.told = Some(told);
        entry.serial = notice.serial.clone().filter(|_| !notice.agreed.is_empty());
        if entry.serial.is_none() {
            entry.handed_over = None;
        }
        if std::mem::take(&mut entry.awaited) {
            entry.late = Some(at);
        }
    }

    /// What goes to the receipt computer about a visit. `false`: that went there already, because a
    /// withdrawal was faster.
    pub fn hand_over(&self, visit: VisitId, handover: &Handover) -> bool {
        let mut fresh = true;
        self.change(visit, |entry| {
            fresh = !entry.handed_over.as_ref().is_some_and(|one| one.tells_the_same(handover));
            entry.handed_over = Some(handover.clone());
        });
        fresh
    }

    /// A file takes the result of a visit, but for these characters; nobody enters it by hand any more.
    pub fn fits(&self, visit: VisitId, lost: Vec<(String, String)>) {
        self.change(visit, |entry| (entry.lost, entry.by_hand) = (lost, None));
    }

    /// The file of a visit `of` a day before appeared today.
    pub fn late(&self, visit: VisitId, of: Timestamp, handover: Option<&Handover>, now: Timestamp) {
        let mut entries = self.entries();
        let entry = entries.entry(visit).or_insert_with(|| Entry::new(of));
        (entry.late, entry.awaited) = (Some(now), false);
        if entry.told.is_none() {
            let today = in_japan(now).date();
            let row = |handover| wire::late_row(visit, entry.at, handover, today);
            entry.told = Some(handover.map_or_else(|| wire::bare_row(visit, entry.at), row));
        }
    }

    /// The question in the background ended without an answer.
    pub fn unpark(&self, visit: VisitId) {
        let mut entries = self.entries();
        if entries.get(&visit).is_some_and(|entry| entry.awaited) {
            entries.remove(&visit);
        }
        if let Some(told) = entries.get_mut(&visit).and_then(|entry| entry.told.as_mut()) {
            told.parked = false;
        }
    }

    /// The reception number of a visit.
    pub fn number(&self, visit: VisitId, number: ReceptionNumber) {
        self.change(visit, |entry| entry.number = Some(number));
    }

    /// The result of a visit, for which staff have to do the file's work.
    pub fn by_hand(&self, visit: VisitId, result: ByHand) {
        self.change(visit, |entry| (entry.by_hand, entry.lost) = (Some(result), Vec::new()));
    }

    /// Staff entered it; the row is kept as it is then. `false`: there is nothing to enter.
    pub fn entered(&self, visit: VisitId) -> bool {
        let mut there = false;
        self.writer.send(|| {
            // In one go, because a row of another day is forgotten from here on.
            let mut entries = self.entries();
            let entry = entries.get_mut(&visit);
            there = entry.is_some_and(|entry| entry.by_hand.take().is_some());
            let op = entries.get(&visit).filter(|_| there).and_then(|entry| entry.op(visit));
            Batch { ops: op.into_iter().collect(), ..Batch::default() }
        });
        there
    }

    /// Staff looked at these things on the document of a visit. `None`: there is none to look at;
    /// `false`: something was left out.
    pub fn see_paper(&self, visit: VisitId, seen: &[PaperItem]) -> Option<bool> {
        let mut entries = self.entries();
        let entry = entries.get_mut(&visit)?;
        let paper = entry.told.as_ref()?.paper.as_ref()?;
        let all = paper.items.iter().all(|item| seen.contains(item));
        entry.paper_seen |= all;
        Some(all)
    }

    /// The number that staff know of the person, where they are to ask whether it has changed. `None`:
    /// no such visit.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn know(
        &self,
        visit: VisitId,
        typed: &TypedKnown,
        today: Date,
    ) -> Option<Result<(), FieldError>> {
        let mut entries = self.entries();
        let entry = entries.get_mut(&visit)?;
        let row = entry.told.as_ref().filter(|row| row.outcome == Outcome::Oral)?;
        let claim = wire::known(&row.claim, typed, today);
        Some(claim.map(|claim| entry.known = Some(claim)))
    }

    fn change(&self, visit: VisitId, change: impl FnOnce(&mut Entry)) {
        change(self.entries().entry(visit).or_insert_with(|| Entry::new(Timestamp::now())));
    }

    /// The visits, newest first. One that has a number and no notice yet is a moment old: the next
    /// look shows it.
    pub fn look(&self) -> Vec<Visit> {
        let mut entries = self.entries();
        forget(&mut entries, Timestamp::now());
        entries.iter().rev().filter_map(|(visit, entry)| entry.row(*visit)).collect()
    }

    /// The serial to withdraw a consent of `visit` with, if `topic` was agreed to.
    pub fn to_withdraw(&self, visit: VisitId, topic: Topic) -> Option<Serial> {
        let entries = self.entries();
        let entry = entries.get(&visit)?;
        let agreed = entry.told.as_ref()?.agreed.contains(&topic.to_wire());
        entry.serial.clone().filter(|_| agreed)
    }

    /// The owner of this card took a consent back: in all visits they made today, which it gives, with
    /// what their files have to tell from now on.
    pub fn withdraw(
        &self,
        serial: &Serial,
        topic: Topic,
        at: Timestamp,
    ) -> Vec<(VisitId, Option<Handover>)> {
        let mut entries = self.entries();
        let theirs = entries.iter_mut().filter(|(_, entry)| entry.serial.as_ref() == Some(serial));
        let mut visits = Vec::new();
        for (visit, entry) in theirs {
            let Some(told) = &mut entry.told else { continue };
            if !told.agreed.contains(&topic.to_wire()) {
                continue;
            }
            told.agreed.retain(|agreed| *agreed != topic.to_wire());
            if told.agreed.is_empty() {
                entry.serial = None;
            }
            for answer in entry.handed_over.iter_mut().flat_map(|one| &mut one.consents) {
                answer.withdraw(topic, at);
            }
            visits.push((*visit, entry.handed_over.clone()));
        }
        visits
    }

    /// Puts the known characters in the places of ●. `None`: no such visit, or no name.
    ///
    /// # Errors
    /// [`CircleError`].
    pub fn complete(&self, visit: VisitId, known: &str) -> Option<Result<(), CircleError>> {
        let mut entries = self.entries();
        let entry = entries.get_mut(&visit)?;
        let name = entry.told.as_ref()?.name.as_deref()?;
        let completed = CompletedName::new(name, known);
        Some(completed.map(|name| entry.completed = Some(name.completed)))
    }

    /// Keeps the row of a visit as it is now.
    pub fn save(&self, visit: VisitId) {
        self.writer
            .send(|| Batch { ops: self.row(visit).into_iter().collect(), ..Batch::default() });
    }

    /// What keeps the row of a visit as it is now; to be asked for where [`Writer::send`] says, so that
    /// the newest row is the last one.
    pub fn row(&self, visit: VisitId) -> Option<Op> {
        self.entries().get(&visit)?.op(visit)
    }

    /// Wipes the names and serials of the days before, here and in the store. Blocks.
    ///
    /// # Errors
    /// [`StoreError`]; then it is to be tried again.
    pub fn forget(&self, now: Timestamp) -> Result<(), StoreError> {
        forget(&mut self.entries(), now);
        self.store.forget_rows(in_japan(now).date())
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<VisitId, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn new(at: Timestamp) -> Self {
        Self {
            at,
            told: None,
            serial: None,
            number: None,
            handed_over: None,
            completed: None,
            by_hand: None,
            lost: Vec::new(),
            late: None,
            awaited: false,
            paper_seen: false,
            known: None,
        }
    }

    fn restored(mut row: Visit) -> Option<Self> {
        let mut entry = Self::new(row.at.parse().ok()?);
        entry.number = row.number.map(ReceptionNumber);
        entry.completed = row.completed.take();
        entry.by_hand = row.by_hand.take();
        entry.lost = std::mem::take(&mut row.lost);
        entry.late = row.late.take().and_then(|late| late.parse().ok());
        entry.paper_seen = row.paper.as_ref().is_some_and(|paper| paper.seen);
        row.agreed.clear();
        if std::mem::take(&mut row.parked) && !row.claim.notes.contains(&Note::AskSystemAgain) {
            row.claim.notes.push(Note::AskSystemAgain);
        }
        entry.told = Some(row);
        Some(entry)
    }

    fn op(&self, visit: VisitId) -> Option<Op> {
        let row = self.row(visit)?;
        let text = serde_json::to_string(&row).expect("a row can be written as JSON");
        Some(Op::Row { visit, day: self.day(), row: text, by_hand: row.by_hand.is_some() })
    }

    /// The day in Japan with which it is forgotten.
    fn day(&self) -> Date {
        in_japan(self.late.unwrap_or(self.at)).date()
    }

    fn is_parked(&self) -> bool {
        self.awaited || self.told.as_ref().is_some_and(|told| told.parked)
    }

    /// A result that staff have to enter is shown whether the visit told of itself or not.
    fn row(&self, visit: VisitId) -> Option<Visit> {
        let bare = || self.by_hand.as_ref().map(|_| wire::bare_row(visit, self.at));
        let mut row = Visit {
            number: self.number.map(|number| number.0),
            completed: self.completed.clone(),
            by_hand: self.by_hand.clone(),
            lost: self.lost.clone(),
            late: self.late.map(crate::store::time),
            ..self.told.clone().or_else(bare)?
        };
        if let Some(paper) = &mut row.paper {
            paper.seen = self.paper_seen;
        }
        // A later answer of the system counts more than what was known before.
        if let Some(known) = self.known.clone().filter(|_| row.outcome == Outcome::Oral) {
            row.claim = known;
        }
        Some(row)
    }
}

/// Drops the visits of days before that need nothing more, and the oldest when there are too many.
/// Those of later days stay: the clock may have been wrong. Of one whose answer is waited for it stays
/// when it was.
fn forget(entries: &mut BTreeMap<VisitId, Entry>, now: Timestamp) {
    let today = in_japan(now).date();
    let stays = |entry: &Entry| entry.by_hand.is_some() || entry.day() >= today;
    for entry in entries.values_mut().filter(|entry| !stays(entry) && entry.is_parked()) {
        *entry = Entry { awaited: true, ..Entry::new(entry.at) };
    }
    entries.retain(|_, entry| entry.awaited || stays(entry));
    let mut too_many = entries.len().saturating_sub(MOST);
    entries.retain(|_, entry| {
        let goes = too_many > 0 && entry.by_hand.is_none();
        too_many -= usize::from(goes);
        !goes
    });
}

#[cfg(test)]
mod tests;
