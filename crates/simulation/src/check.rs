//! What must hold in every visit, whatever goes wrong.

use checkin::consent::{ConsentAnswer, Topic};
use checkin::effect::{Record, Request};
use checkin::event::Overall;
use checkin::view::{Finished, Outcome};
use checkin::{Action, Answer, EffectId, Reply, Screen, VisitId};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Watches one kiosk.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "what a bystander ticks off")]
pub(crate) struct Check {
    /// What the person answered on the screens of each visit.
    given: BTreeMap<VisitId, BTreeMap<Topic, bool>>,
    /// The visit at the kiosk.
    present: VisitId,
    started: BTreeSet<VisitId>,
    ended: BTreeMap<VisitId, Outcome>,
    announced: BTreeSet<VisitId>,
    card_commands: BTreeSet<EffectId>,
    /// Answers that count: all questions of the visit were answered.
    counted: BTreeSet<(VisitId, Topic)>,
    /// The last word on each topic, whichever visit it was said in.
    last_word: BTreeMap<Topic, (VisitId, bool)>,
    /// When the card's owner was born.
    owner: Option<Date>,
    /// The chip took 照合番号B, so that the kiosk knows the owner's birth date.
    proved: bool,
    /// Whom the system answered about: name and birth date.
    answered: BTreeMap<String, Date>,
    /// The records that are linked to the card are somebody else's.
    linked_to_another: bool,
    /// The certificate is in its grace period (and the clock is trusted).
    pub(crate) in_grace: bool,
    /// The program was killed: what it had not kept never happened.
    killed: bool,
    broken: Option<String>,
}

impl Check {
    pub(crate) fn new(in_grace: bool, owner: Option<Date>) -> Self {
        Self { owner, in_grace, ..Self::default() }
    }

    /// What card and system told.
    pub(crate) fn told(&mut self, answer: &Answer) {
        match answer {
            Answer::PhotoRead(Ok(_)) | Answer::ItemsRead(Ok(_)) => self.proved = true,
            Answer::Replied(Reply::Opened(Ok(opened))) => {
                self.linked_to_another = opened
                    .births
                    .iter()
                    .any(|birth| self.owner.is_none_or(|owner| *birth != owner));
            }
            Answer::Replied(Reply::Queried(Ok(found))) => {
                let people = found
                    .qualifications
                    .iter()
                    .filter_map(|q| Some((q.name.clone(), q.birth.date()?)));
                self.answered.extend(people);
            }
            _ => {}
        }
    }

    /// What is on the screen: nobody else's name, and no question about somebody else's records.
    pub(crate) fn screen(&mut self, screen: &Screen) {
        match screen {
            Screen::Finished(Finished { name: Some(name), .. }) => {
                let birth = self.answered.get(name).copied();
                self.hold(birth.is_some() && birth == self.owner, "somebody else's name is shown");
            }
            Screen::ConsentAll { .. } | Screen::ConsentOne { .. } => {
                let owners = !(self.proved && self.linked_to_another);
                self.hold(owners, "a consent asked about somebody else's records");
            }
            _ => {}
        }
    }

    pub(crate) fn action(&mut self, screen: &Screen, action: &Action) {
        let given = self.given.entry(self.present).or_default();
        match (screen, action) {
            (Screen::ConsentAll { topics }, Action::ConsentAll(Overall::All)) => {
                given.extend(topics.iter().map(|topic| (*topic, true)));
            }
            (Screen::ConsentAll { topics }, Action::ConsentAll(Overall::None)) => {
                given.extend(topics.iter().map(|topic| (*topic, false)));
            }
            (Screen::ConsentOne { topic: shown, .. }, Action::ConsentOne { topic, agreed })
                if shown == topic =>
            {
                given.insert(*topic, *agreed);
            }
            _ => {}
        }
    }

    /// The program is killed, and starts again with an empty memory.
    /// Visits from `next` on were never heard of.
    pub(crate) fn killed(&mut self, next: VisitId) {
        self.killed = true;
        self.card_commands.clear();
        self.ended.retain(|visit, _| *visit < next);
        self.given.retain(|visit, _| *visit < next);
        self.started.retain(|visit| self.ended.contains_key(visit));
    }

    pub(crate) fn answered(&mut self, id: EffectId) {
        self.card_commands.remove(&id);
    }

    pub(crate) fn request(&mut self, id: EffectId, request: &Request) {
        if request.is_card_command() {
            self.card_commands.insert(id);
            self.hold(self.card_commands.len() == 1, "two commands to the card at once");
        }
        match request {
            Request::Record { visit, record, .. } => self.record(*visit, record),
            Request::Announce { visit, notice } => {
                self.announced.insert(*visit);
                let full = notice.advice.share.candidates.iter().any(|percent| *percent > 30);
                self.hold(!full, "more than 3割 advised");
            }
            Request::Deliver { visit, handover } => {
                for answer in &handover.consents {
                    self.consent(*visit, answer);
                }
            }
            _ => {}
        }
    }

    fn record(&mut self, visit: VisitId, record: &Record) {
        match record {
            Record::Started => {
                self.present = visit;
                let new = self.started.insert(visit);
                self.hold(new, "a visit started twice");
            }
            Record::Consent(answer) => {
                self.last_word.insert(answer.topic, (visit, answer.agreed));
                self.counted.insert((visit, answer.topic));
                self.consent(visit, answer);
            }
            Record::ConsentWithdrawn(topic) => {
                let given = self.given.entry(visit).or_default().insert(*topic, false);
                // Answered when the person has come again already, it takes nothing newer back.
                let newer = self.last_word.get(topic).is_some_and(|(last, _)| *last > visit);
                if !newer {
                    self.last_word.insert(*topic, (visit, false));
                }
                self.hold(given == Some(true), "a consent withdrawn that was not given");
            }
            Record::Ended(outcome) => {
                let first = self.ended.insert(visit, *outcome).is_none();
                self.hold(first, "a visit ended twice");
            }
            _ => {}
        }
    }

    /// The staff withdraw a consent on their page: of the card's owner, whichever visits they made.
    pub(crate) fn staff_withdraw(&mut self, topic: Topic) {
        for (visit, _) in self.counted.iter().filter(|(_, counted)| *counted == topic) {
            self.given.entry(*visit).or_default().insert(topic, false);
        }
        self.last_word.insert(topic, (self.present, false));
    }

    fn consent(&mut self, visit: VisitId, answer: &ConsentAnswer) {
        let given = self.given.get(&visit).and_then(|given| given.get(&answer.topic));
        let given = given == Some(&answer.agreed);
        self.hold(given, "a consent that was not given");
        self.hold(!(self.in_grace && answer.agreed), "a consent in the grace period");
    }

    fn hold(&mut self, holds: bool, what: &str) {
        if !holds && self.broken.is_none() {
            self.broken = Some(what.to_owned());
        }
    }

    /// At rest: every visit ended, what can be claimed is known to the staff, and the system holds no
    /// consent (`remembered`) that was taken back.
    pub(crate) fn rest(mut self, remembered: &[ConsentAnswer]) -> Result<Vec<Outcome>, String> {
        let last = |answer: &ConsentAnswer| {
            self.last_word.get(&answer.topic).is_some_and(|(_, agreed)| *agreed)
        };
        let meant = self.killed || remembered.iter().all(last);
        self.hold(meant, "the system holds a consent that was taken back");
        self.hold(
            self.started.iter().all(|visit| self.ended.contains_key(visit)),
            "a visit without an end",
        );
        let claimable = |outcome: &Outcome| {
            matches!(
                outcome,
                Outcome::Confirmed
                    | Outcome::NotConfirmed(_)
                    | Outcome::Unanswered(_)
                    | Outcome::ByHand { .. }
            )
        };
        let mut claims = self.ended.iter().filter(|(_, outcome)| claimable(outcome));
        let told = claims.all(|(visit, _)| self.announced.contains(visit));
        self.hold(told, "an end that the staff were not told");
        match self.broken {
            Some(broken) => Err(broken),
            None => Ok(self.ended.into_values().collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use checkin::consent::CONSENT_LIFE;
    use checkin::gateway::Opened;
    use jiff::Timestamp;

    const VISIT: VisitId = VisitId(1);

    fn started(in_grace: bool) -> Check {
        let mut check = Check::new(in_grace, None);
        check.record(VISIT, &Record::Started);
        check
    }

    fn agreed() -> Record {
        let at = Timestamp::UNIX_EPOCH + CONSENT_LIFE;
        Record::Consent(ConsentAnswer { topic: Topic::Operation, agreed: true, at })
    }

    #[track_caller]
    fn broken(mut check: Check, expected: &str) {
        check.record(VISIT, &Record::Ended(Outcome::Stopped));
        assert_eq!(check.rest(&[]).err().as_deref(), Some(expected));
    }

    #[test]
    fn broken_rules_are_seen() {
        let mut check = started(false);
        check.record(VISIT, &agreed());
        broken(check, "a consent that was not given");

        let mut check = started(true);
        let screen = Screen::ConsentAll { topics: vec![Topic::Operation] };
        check.action(&screen, &Action::ConsentAll(Overall::All));
        check.record(VISIT, &agreed());
        broken(check, "a consent in the grace period");

        let mut check = started(false);
        check.record(VISIT, &Record::Ended(Outcome::Confirmed));
        broken(check, "a visit ended twice");
        assert_eq!(started(false).rest(&[]).err().as_deref(), Some("a visit without an end"));

        let mut check = started(false);
        check.record(VISIT, &Record::Ended(Outcome::Confirmed));
        assert_eq!(check.rest(&[]).err().as_deref(), Some("an end that the staff were not told"));

        let mut check = started(false);
        check.owner = Some(Date::constant(1981, 11, 11));
        let births = vec![Date::constant(1975, 3, 30).into()];
        check.told(&Answer::PhotoRead(Ok(None.into())));
        let opened = Opened { topics: vec![Topic::Operation], births };
        check.told(&Reply::Opened(Ok(opened)).into());
        check.screen(&Screen::ConsentAll { topics: vec![Topic::Operation] });
        broken(check, "a consent asked about somebody else's records");

        let mut check = started(false);
        check.request(EffectId(1), &Request::Inspect);
        check.request(EffectId(2), &Request::Inspect);
        broken(check, "two commands to the card at once");
    }

    #[test]
    fn a_visit_that_keeps_the_rules_passes() {
        let mut check = started(false);
        check.request(EffectId(1), &Request::Inspect);
        check.answered(EffectId(1));
        check.record(VISIT, &Record::Ended(Outcome::TimedOut));
        assert_eq!(check.rest(&[]), Ok(vec![Outcome::TimedOut]));
    }
}
