//! What visits, the eligibility system and the way of the result files tell the board.

use super::Board;
use super::by_hand::by_hand;
use super::entries::Entry;
use super::lost::lost;
use crate::store::Op;
use checkin::VisitId;
use checkin::consent::Topic;
use checkin::effect::Handover;
use checkin::reception::{ReceptionNumber, StaffNotice};
use checkin::secret::Serial;
use checkin::time::in_japan;
use jiff::Timestamp;

impl Board {
    /// A notice about a visit at the kiosk of this name; it replaces an earlier one.
    pub fn announce(&self, visit: VisitId, kiosk: &str, notice: &StaffNotice, at: Timestamp) {
        let mut entries = self.entries_to_change();
        entries.make_room(at);
        let entry = entries.of(visit, at);
        entry.row.tell(kiosk, notice);
        if let Some(told) = entry.beside.clone() {
            told.tell(&mut entry.row);
        }
        entry.told = true;
        entry.serial = notice.serial.clone().filter(|_| !notice.agreed.is_empty());
        if entry.serial.is_none() {
            entry.handed_over = None;
        }
        if std::mem::take(&mut entry.awaited) {
            entry.row.late = Some(at);
        }
    }

    /// Where the person of a visit goes, by the name that the site has for it now: the row keeps it, whatever the place is called later.
    pub fn goes_to(&self, visit: VisitId, destination: &str) {
        self.change(visit, |entry| {
            entry.row.destination.get_or_insert_with(|| destination.to_owned());
        });
    }

    /// The reception number of a visit.
    pub fn number(&self, visit: VisitId, number: ReceptionNumber) {
        self.change(visit, |entry| entry.row.number = Some(number.0));
    }

    /// The question in the background ended without an answer.
    pub fn unpark(&self, visit: VisitId) {
        let mut entries = self.entries_to_change();
        if entries.visits.get(&visit).is_some_and(|entry| entry.awaited) {
            entries.visits.remove(&visit);
        }
        if let Some(row) = entries.told(visit) {
            row.parked = false;
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
    pub fn fits(&self, visit: VisitId, characters: Vec<oqs::Lost>) {
        self.change(visit, |entry| {
            (entry.row.lost, entry.row.by_hand) = (lost(characters), None);
        });
    }

    /// No file takes the result of a visit, for this reason: staff have to do the file's work. `None`: not even that can be
    /// read any more.
    pub fn by_hand(&self, visit: VisitId, why: String, result: Option<&Handover>) {
        self.change(visit, |entry| {
            // Shown whether the visit told of itself or not.
            entry.told = true;
            (entry.row.by_hand, entry.row.lost) = (Some(by_hand(why, result)), Vec::new());
        });
    }

    /// The same, where it is kept in the place of something else: gives what keeps the row.
    pub fn by_hand_instead(&self, visit: VisitId, why: String, result: &Handover) -> Option<Op> {
        self.by_hand(visit, why, Some(result));
        self.row(visit)
    }

    /// The file of a visit `of` a day before appeared today.
    pub fn late(&self, visit: VisitId, of: Timestamp, handover: Option<&Handover>, now: Timestamp) {
        let mut entries = self.entries_to_change();
        let entry = entries.of(visit, of);
        (entry.row.late, entry.awaited) = (Some(now), false);
        if !std::mem::replace(&mut entry.told, true)
            && let Some(handover) = handover
        {
            entry.row.tell_result(handover, in_japan(now).date());
        }
    }

    /// The serial to withdraw a consent of `visit` with, if `topic` was agreed to.
    pub fn to_withdraw(&self, visit: VisitId, topic: Topic) -> Option<Serial> {
        let entries = self.entries();
        let entry = entries.visits.get(&visit)?;
        let agreed = entry.row.agreed.contains(&topic);
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
        let mut entries = self.entries_to_change();
        let agreed = |entry: &Entry| {
            entry.serial.as_ref() == Some(serial) && entry.row.agreed.contains(&topic)
        };
        let mut visits = Vec::new();
        for (visit, entry) in entries.visits.iter_mut().filter(|(_, entry)| agreed(entry)) {
            entry.row.agreed.retain(|agreed| *agreed != topic);
            if entry.row.agreed.is_empty() {
                entry.serial = None;
            }
            for answer in entry.handed_over.iter_mut().flat_map(|one| &mut one.consents) {
                answer.withdraw(topic, at);
            }
            visits.push((*visit, entry.handed_over.clone()));
        }
        visits
    }

    pub(super) fn change(&self, visit: VisitId, change: impl FnOnce(&mut Entry)) {
        change(self.entries_to_change().of(visit, Timestamp::now()));
    }
}
