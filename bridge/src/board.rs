//! What the staff see: the visits of today. In memory only, because it names people; the store keeps
//! what is to be kept.

use checkin::VisitId;
use checkin::circle::{CircleError, CompletedName};
use checkin::consent::Topic;
use checkin::reception::{ReceptionNumber, StaffNotice};
use checkin::secret::Serial;
use checkin::time::in_japan;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// More visits than one kiosk sees in a day; the oldest go first.
const MOST: usize = 1000;

/// One visit of today.
#[derive(Clone)]
pub struct Entry {
    /// When it ended.
    pub at: Timestamp,
    /// What the visit told.
    pub notice: Option<StaffNotice>,
    /// Reception number.
    pub number: Option<ReceptionNumber>,
    /// The name with the characters that staff entered in the places of ●.
    pub completed: Option<CompletedName>,
}

/// See the module.
#[derive(Default)]
pub struct Board(Mutex<BTreeMap<VisitId, Entry>>);

impl Board {
    /// A notice about a visit; it replaces an earlier one, whose destination stays.
    pub fn announce(&self, visit: VisitId, notice: StaffNotice, at: Timestamp) {
        let mut entries = self.entries();
        forget(&mut entries, at);
        let entry = entries.entry(visit).or_insert_with(|| Entry::new(at));
        let before = entry.notice.take();
        let mut notice = notice;
        if notice.destination.is_none() {
            notice.destination = before.and_then(|before| before.destination);
        }
        entry.notice = Some(notice);
    }

    /// The question in the background ended without an answer.
    pub fn unpark(&self, visit: VisitId) {
        if let Some(notice) = self.entries().get_mut(&visit).and_then(|entry| entry.notice.as_mut())
        {
            notice.parked = false;
        }
    }

    /// The reception number of a visit.
    pub fn number(&self, visit: VisitId, number: ReceptionNumber) {
        let mut entries = self.entries();
        let entry = entries.entry(visit).or_insert_with(|| Entry::new(Timestamp::now()));
        entry.number = Some(number);
    }

    /// The visits, newest first.
    pub fn look(&self) -> Vec<(VisitId, Entry)> {
        let mut entries = self.entries();
        forget(&mut entries, Timestamp::now());
        entries.iter().rev().map(|(visit, entry)| (*visit, entry.clone())).collect()
    }

    /// The serial to withdraw a consent of `visit` with, if `topic` was agreed to.
    pub fn to_withdraw(&self, visit: VisitId, topic: Topic) -> Option<Serial> {
        let entries = self.entries();
        let notice = entries.get(&visit)?.notice.as_ref()?;
        notice.agreed.contains(&topic).then(|| notice.serial.clone()).flatten()
    }

    /// The consent is withdrawn.
    pub fn withdrawn(&self, visit: VisitId, topic: Topic) {
        if let Some(notice) = self.entries().get_mut(&visit).and_then(|entry| entry.notice.as_mut())
        {
            notice.agreed.retain(|agreed| *agreed != topic);
            if notice.agreed.is_empty() {
                notice.serial = None;
            }
        }
    }

    /// Puts the known characters in the places of ●. `None`: no such visit, or no name.
    ///
    /// # Errors
    /// [`CircleError`].
    pub fn complete(&self, visit: VisitId, known: &str) -> Option<Result<(), CircleError>> {
        let mut entries = self.entries();
        let entry = entries.get_mut(&visit)?;
        let name = entry.notice.as_ref()?.name.as_deref()?;
        Some(CompletedName::new(name, known).map(|name| entry.completed = Some(name)))
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<VisitId, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn new(at: Timestamp) -> Self {
        Self { at, notice: None, number: None, completed: None }
    }
}

/// Drops the visits of other days, and the oldest when there are too many.
fn forget(entries: &mut BTreeMap<VisitId, Entry>, now: Timestamp) {
    let today = in_japan(now).date();
    entries.retain(|_, entry| in_japan(entry.at).date() == today);
    while entries.len() > MOST {
        entries.pop_first();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use checkin::claim::{ClaimRules, Situation, advise};
    use checkin::view::Outcome;

    fn notice(name: &str) -> StaffNotice {
        let now = Timestamp::now();
        let today = in_japan(now).date();
        let rules = ClaimRules::default();
        let (eligibility, numbers, statement, birth) = (None, None, None, None);
        let situation = Situation { eligibility, numbers, statement, birth, today, rules: &rules };
        StaffNotice {
            outcome: Outcome::Confirmed,
            parked: true,
            name: Some(name.into()),
            name_kana: None,
            advice: advise(&situation),
            destination: Some(1),
            agreed: vec![Topic::Operation],
            serial: Some(Serial::new(vec![1])),
        }
    }

    #[test]
    fn a_second_notice_replaces_the_first_and_keeps_the_destination() {
        let board = Board::default();
        let now = Timestamp::now();
        board.announce(VisitId(1), notice("練習　太郎"), now);
        board.number(VisitId(1), ReceptionNumber(3));
        let later = StaffNotice { destination: None, parked: false, ..notice("練習　花子") };
        board.announce(VisitId(1), later, now);
        let seen = board.look();
        let told = seen[0].1.notice.as_ref().unwrap();
        assert_eq!((told.destination, told.parked), (Some(1), false));
        assert_eq!(seen[0].1.number, Some(ReceptionNumber(3)));
    }

    #[test]
    fn yesterday_is_forgotten() {
        let board = Board::default();
        let yesterday = Timestamp::now() - jiff::SignedDuration::from_hours(24);
        board.announce(VisitId(1), notice("練習　太郎"), yesterday);
        assert!(board.look().is_empty());
    }

    #[test]
    fn known_characters_stand_beside_the_sent_name() {
        let board = Board::default();
        board.announce(VisitId(1), notice("●﨑　春子"), Timestamp::now());
        assert!(board.complete(VisitId(1), "吉田").unwrap().is_err(), "one ●, one character");
        board.complete(VisitId(1), "𠮷").unwrap().unwrap();
        let completed = board.look()[0].1.completed.clone().unwrap();
        assert_eq!(
            (completed.sent.as_str(), completed.completed.as_str()),
            ("●﨑　春子", "𠮷﨑　春子")
        );
        assert!(board.complete(VisitId(2), "𠮷").is_none());
    }

    #[test]
    fn the_serial_goes_with_the_last_consent() {
        let board = Board::default();
        board.announce(VisitId(1), notice("練習　太郎"), Timestamp::now());
        assert!(board.to_withdraw(VisitId(1), Topic::HealthCheckups).is_none());
        assert!(board.to_withdraw(VisitId(1), Topic::Operation).is_some());
        board.withdrawn(VisitId(1), Topic::Operation);
        assert!(board.look()[0].1.notice.as_ref().unwrap().serial.is_none());
    }
}
