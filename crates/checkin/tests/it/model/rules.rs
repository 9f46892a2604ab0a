//! The rules of a visit as a bystander would check them: from what lies on the reader, what is
//! touched, what is asked of card and system, and what the screen shows. Knows no state of the machine.

use super::judge::{all_given, belongs_to_a_card, ended_well, is_claimable};
use super::world::{Thing, World};
use checkin::consent::{LimitAnswer, Topic};
use checkin::effect::{Handover, Record, Request};
use checkin::eligibility::{Asked, Validity};
use checkin::event::{Overall, ReferenceProblem};
use checkin::fallback::{NoNumbers, Why};
use checkin::gateway::{Question, Reply};
use checkin::identity::{FaceFinding, Method, WhyNot};
use checkin::items::ItemsKey;
use checkin::secret::Serial;
use checkin::view::{CodePurpose, Outcome};
use checkin::{Action, Answer, EffectId, Screen, VisitId};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// One person's visit.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "what a bystander ticks off")]
pub(super) struct Visit {
    pub(super) card: Option<Thing>,
    pub(super) photo_opened: bool,
    pub(super) items_read: bool,
    pub(super) photo_ready: bool,
    pub(super) proved: BTreeSet<Method>,
    /// Staff did not confirm.
    pub(super) not_confirmed: bool,
    /// What the system wanted to ask, once for each time that it was asked.
    pub(super) topics: Vec<Vec<Topic>>,
    /// What the person touched last on the consent screens.
    pub(super) given: BTreeMap<Topic, (bool, Timestamp)>,
    pub(super) limits: Vec<LimitAnswer>,
    pub(super) answered: bool,
    pub(super) confirmed_by_card: bool,
    pub(super) parked: bool,
    pub(super) ended: Option<Outcome>,
    pub(super) numbers: u32,
    pub(super) announced: bool,
}

/// Card counters: PIN (`None` = the card has none) and 照合番号B.
pub(super) type Counters = (Option<u8>, u8);

/// Of a record that is linked to the card by mistake; no certificate here ends on that day.
pub(super) const ANOTHERS_BIRTH: Date = Date::constant(1975, 3, 30);

#[derive(Default)]
pub(super) struct Rules {
    visits: BTreeMap<VisitId, Visit>,
    /// The visit at the kiosk.
    present: VisitId,
    /// In which visit something was asked for.
    asked_in: BTreeMap<EffectId, VisitId>,
    /// The unanswered command to the card.
    command: Option<EffectId>,
    /// The card that was looked at, and which placing that was.
    looked_at: Option<(Thing, u32)>,
    insisted: bool,
    /// The card is shown to the camera: the step `code` stays while it is in the person's hand.
    showing: bool,
    /// Somebody with a card was led to the navigator: the visit must end with a number.
    owed: bool,
}

impl Rules {
    fn visit(&mut self) -> &mut Visit {
        self.visits.entry(self.present).or_default()
    }

    /// The visit that a question with this card may belong to: the one at the kiosk, or parked ones.
    fn of_card(&self, serial: &Serial) -> impl Iterator<Item = &Visit> {
        let (card, present) = (Thing::of(serial), self.present);
        let concerned = move |(id, v): &(&VisitId, &Visit)| {
            v.card == Some(card) && (**id == present || v.parked)
        };
        self.visits.iter().filter(concerned).map(|(_, visit)| visit)
    }

    /// The person touched the screen that is shown; `in_time` for a face claim that can be believed.
    pub(super) fn acted(&mut self, screen: &Screen, action: &Action, at: Timestamp, in_time: bool) {
        self.insisted |= matches!((screen, action), (Screen::PinLastTry, Action::InsistOnPin));
        match (screen, action) {
            (Screen::Code { .. }, Action::ShowCard) => self.showing = true,
            // Who they are is settled when the items are asked for.
            (Screen::Code { purpose: CodePurpose::Items, .. }, Action::Choose(_)) => {}
            (Screen::Code { purpose: CodePurpose::Items, .. }, Action::Back) => {
                self.showing = false;
            }
            (
                Screen::Code { .. },
                Action::Choose(_) | Action::Code(_) | Action::CameraMissing | Action::Stop,
            ) => self.showing = false,
            _ => {}
        }
        let visit = self.visit();
        match (screen, action) {
            (Screen::ReadingPhoto, Action::Reference(Ok(()))) => {
                visit.photo_ready = visit.photo_opened;
            }
            (
                Screen::ReadingPhoto | Screen::Face { .. },
                Action::Reference(Err(ReferenceProblem::NoFace | ReferenceProblem::Unreadable)),
            ) => visit.photo_ready = false,
            (Screen::Face { attempt, .. }, Action::Face(claim))
                if visit.photo_ready
                    && in_time
                    && claim.attempt == *attempt
                    && matches!(claim.finding, FaceFinding::Compared { score: 0.4.., .. }) =>
            {
                visit.proved.insert(Method::Face);
            }
            (Screen::Staff { .. }, Action::VisualByAccount { .. }) => {
                visit.proved.insert(Method::Visual);
            }
            (Screen::Staff { .. }, Action::NotConfirmed) => visit.not_confirmed = true,
            (Screen::ConsentAll { topics }, Action::ConsentAll(Overall::All)) => {
                visit.given.extend(topics.iter().map(|topic| (*topic, (true, at))));
            }
            (Screen::ConsentAll { topics }, Action::ConsentAll(Overall::None)) => {
                visit.given.extend(topics.iter().map(|topic| (*topic, (false, at))));
            }
            (Screen::ConsentOne { topic: shown, .. }, Action::ConsentOne { topic, agreed })
                if shown == topic =>
            {
                visit.given.insert(*topic, (*agreed, at));
            }
            (Screen::LimitCertificate, Action::LimitCertificate { agreed }) => {
                visit.limits.push(LimitAnswer { agreed: *agreed, at });
            }
            _ => {}
        }
    }

    /// A request was answered while `screen` was shown. `thing` = what a card command was about.
    pub(super) fn answered(
        &mut self,
        screen: &Screen,
        id: EffectId,
        answer: &Answer,
        thing: Option<(Thing, u32)>,
    ) {
        if self.command == Some(id) {
            self.command = None;
        }
        let Some(visit) = self.asked_in.get(&id).and_then(|visit| self.visits.get_mut(visit))
        else {
            if let Answer::Inspected(Ok(_)) = answer {
                self.looked_at = thing;
            }
            return;
        };
        match answer {
            Answer::Inspected(Ok(_)) => self.looked_at = thing,
            // One that comes after the visit has stopped waiting tells it nothing about the person.
            Answer::PhotoRead(Ok(_)) => visit.photo_opened |= *screen == Screen::ReadingPhoto,
            Answer::ItemsRead(Ok(_)) => visit.items_read |= *screen == Screen::ReadingItems,
            Answer::Signed(Ok(())) if visit.card == thing.map(|(thing, _)| thing) => {
                visit.proved.insert(Method::Pin);
            }
            Answer::PasscodeChecked(Ok(())) => {
                visit.proved.insert(Method::Visual);
            }
            // Once the chip has told the birth date, nothing is asked about somebody else's records.
            Answer::Replied(Reply::Opened(Ok(opened)))
                if visit.photo_opened
                    && opened.births.iter().any(|birth| *birth == ANOTHERS_BIRTH) => {}
            Answer::Replied(Reply::Opened(Ok(opened))) => visit.topics.push(opened.topics.clone()),
            Answer::Replied(Reply::Queried(Ok(found))) => {
                visit.answered = true;
                let owners = found.qualifications.iter().all(|q| q.birth != ANOTHERS_BIRTH);
                visit.confirmed_by_card |= found.validity == Validity::Valid && owners;
            }
            _ => {}
        }
    }

    /// Something is asked for, at that time.
    pub(super) fn asked(
        &mut self,
        (id, request): (EffectId, &Request),
        world: &World,
        counters: Counters,
        at: Timestamp,
    ) {
        self.asked_in.insert(id, self.present);
        if request.is_card_command() {
            assert!(self.command.is_none(), "two commands to the card at once");
            self.command = Some(id);
        }
        if world.by_numbers {
            let by_card = matches!(
                request,
                Request::Ask(question) if !matches!(question, Question::QueryNumbers { .. })
            );
            assert!(!by_card, "{request:?} to a system that hears of no card");
        } else {
            let items = matches!(
                request,
                Request::CountItemsTries
                    | Request::ReadItems { .. }
                    | Request::FindPatient { .. }
                    | Request::ReadPhoto { items: true, .. }
            );
            assert!(!items, "{request:?} where the certificate is enough");
        }
        match request {
            Request::ReadItems { .. } => self.only_to_the_visits_own_card(world),
            Request::FindPatient { .. } => {
                assert!(!self.visit().proved.is_empty(), "looked up before the person is known");
            }
            Request::ReadPhoto { .. } => {
                self.only_to_the_visits_own_card(world);
                assert!(counters.1 > 5, "照合番号B with {} tries left", counters.1);
            }
            Request::Sign { .. } => {
                self.only_to_the_visits_own_card(world);
                let insisted = std::mem::take(&mut self.insisted);
                match counters.0 {
                    None | Some(0) => panic!("a PIN to a card that takes none"),
                    Some(1) => assert!(insisted, "the last try without insisting"),
                    Some(_) => {}
                }
            }
            Request::Ask(Question::LookUp { serial }) => {
                let last = Thing::of(serial).usable_until();
                assert!(at.as_second() <= last.as_second(), "an expired card was used");
            }
            Request::Ask(Question::Open { serial, method, .. }) => {
                let mut proofs = self.of_card(serial).map(|visit| &visit.proved);
                assert!(proofs.any(|proved| proved.contains(method)), "{method:?} without proof");
            }
            Request::Ask(Question::Query { serial, consents }) => {
                let given = self.of_card(serial).any(|visit| all_given(visit, consents));
                assert!(given, "consents that were not given: {consents:?}");
            }
            Request::Deliver { visit, handover } => self.delivered(*visit, handover),
            Request::TakeNumber { visit } => self.entry(*visit).numbers += 1,
            Request::Announce { visit, notice } => {
                let visit = self.entry(*visit);
                visit.announced = true;
                let given = |topic| visit.given.get(topic).is_some_and(|(agreed, _)| *agreed);
                assert!(notice.agreed.iter().all(given), "staff see a consent not given");
            }
            Request::Record { visit, record, .. } => self.recorded(*visit, record),
            _ => {}
        }
    }

    /// No secret that may lock the card; `counters` are those of the application that holds the items.
    pub(super) fn items_asked(request: &Request, counters: Option<Counters>) {
        match (request, counters) {
            (Request::ReadItems { key: ItemsKey::Pin(_) }, Some((pin, _))) => {
                assert!(pin.is_some_and(|left| left > 1), "the PIN of the items with {pin:?} left");
            }
            (Request::ReadItems { key: ItemsKey::Code(_) }, Some((_, code))) => {
                assert!(code > 5, "照合番号B to the items with {code} tries left");
            }
            _ => {}
        }
    }

    fn entry(&mut self, visit: VisitId) -> &mut Visit {
        self.visits.entry(visit).or_default()
    }

    fn only_to_the_visits_own_card(&mut self, world: &World) {
        let placing = world.lying.map(|thing| (thing, world.lifted));
        assert!(placing.is_some(), "a secret to an empty reader");
        assert_eq!(self.looked_at, placing, "a secret to a card that was not looked at");
        assert_eq!(self.visit().card, world.lying, "a secret to the card of another visit");
    }

    fn delivered(&mut self, id: VisitId, handover: &Handover) {
        let visit = self.entry(id);
        assert!(visit.answered, "a result without an answer");
        let mut found = handover.eligibility.qualifications.iter();
        let others = found.any(|q| q.birth == ANOTHERS_BIRTH);
        assert!(
            !(others && (visit.photo_opened || visit.items_read)),
            "another's result, though the chip told who it is"
        );
        assert!(all_given(visit, &handover.consents), "{:?} not given", handover.consents);
        if let Asked::Numbers { limit_certificate: Some(answer) } = handover.asked {
            assert!(visit.limits.contains(&answer), "限度額 not answered so");
        }
    }

    fn recorded(&mut self, id: VisitId, record: &Record) {
        if matches!(record, Record::Started | Record::WayTaken(_) | Record::Ended(_)) {
            self.present = id;
        }
        let looked_at = self.looked_at;
        let visit = self.entry(id);
        match record {
            Record::Started => {
                assert!(visit.card.is_none(), "a visit started twice");
                visit.card = looked_at.map(|(thing, _)| thing);
            }
            Record::Identified { method, .. } => assert!(visit.proved.contains(method)),
            Record::Consent(answer) => {
                assert!(all_given(visit, &[*answer]), "recorded but not given: {answer:?}");
            }
            Record::ConsentWithdrawn(topic) => {
                let given = visit.given.get_mut(topic).expect("withdrawn but not given");
                assert!(given.0, "withdrawn but refused");
                given.0 = false;
            }
            Record::Parked => visit.parked = true,
            Record::AnsweredLate(_) => {
                visit.parked = false;
                visit.answered = true;
            }
            Record::GaveUp => visit.parked = false,
            Record::Ended(outcome) => {
                assert!(visit.ended.replace(*outcome).is_none(), "a visit ended twice");
                let owed = std::mem::take(&mut self.owed);
                assert!(
                    !owed || is_claimable(*outcome),
                    "sent away from the navigator: {outcome:?}"
                );
            }
            _ => {}
        }
    }

    /// This is shown now.
    pub(super) fn shown(&mut self, screen: &Screen, world: &World, counters: Counters) {
        let stays = matches!(screen, Screen::Code { .. });
        self.showing &= stays || matches!(screen, Screen::CardAway { .. } | Screen::Reading);
        let owns_the_screen = belongs_to_a_card(screen) && !(stays && self.showing);
        if owns_the_screen {
            let placing = world.lying.map(|thing| (thing, world.lifted));
            let looked_at = self.looked_at.filter(|_| world.lying.is_some());
            assert_eq!(looked_at, placing, "{screen:?} while its card is not there");
            assert_eq!(self.visit().card, world.lying, "{screen:?} with another card");
        }
        let settled = self.command.is_none();
        let visit = self.visit();
        match screen {
            Screen::Method { offers, .. } => {
                let pin = match counters.0 {
                    None => Err(WhyNot::CardHasNoPin),
                    Some(0) => Err(WhyNot::PinLocked),
                    Some(_) => Ok(()),
                };
                assert!(!settled || offers[1].1 == pin, "{offers:?} with {counters:?}");
                let by_eye = world.passcode_set && !visit.not_confirmed;
                assert_eq!(offers[2].1.is_ok(), by_eye);
                let opened = visit.photo_opened || counters.1 > 5;
                assert!(
                    !settled || opened || offers[0].1.is_err(),
                    "a code that may lock the card"
                );
            }
            Screen::Face { .. } => assert!(visit.photo_ready, "a face without a photo"),
            Screen::Pin { tries_left, .. } if settled => assert_eq!(Some(*tries_left), counters.0),
            Screen::PinLastTry if settled => assert_eq!(counters.0, Some(1)),
            Screen::Items { .. } | Screen::ItemsPin { .. } | Screen::Finding => {
                assert!(world.by_numbers && !visit.proved.is_empty(), "{screen:?} too early");
            }
            Screen::ConsentAll { topics } => assert!(visit.topics.contains(topics)),
            Screen::ConsentOne { topic, .. } => {
                assert!(visit.topics.iter().flatten().any(|t| t == topic));
            }
            Screen::Fallback { why, ways, .. } => {
                assert!(!ways.is_empty(), "a dead end");
                let leads_back = matches!(
                    why,
                    Why::NoCard
                        | Why::NotIdentified
                        | Why::NotRegistered
                        | Why::NoNumbers(NoNumbers::ItemsUnread)
                );
                self.owed |= !leads_back;
            }
            Screen::Finished(finished) => ended_well(visit, finished),
            Screen::TakeCard { after, .. } | Screen::Farewell { after } => {
                assert!(after.number.is_none() || visit.numbers > 0, "a number out of the air");
            }
            _ => {}
        }
    }

    /// Everybody is gone, and nothing is answered any more.
    pub(super) fn end(&self) {
        assert!(!self.owed, "somebody with a card was left without an end");
        for (id, visit) in &self.visits {
            assert!(visit.card.is_none() || visit.ended.is_some(), "{id:?} did not end");
            assert!(!visit.parked, "{id:?} waits for ever");
            let claimable = visit.ended.is_some_and(is_claimable);
            assert_eq!(visit.numbers, u32::from(claimable), "numbers of {id:?}: {:?}", visit.ended);
            assert_eq!(visit.announced, claimable, "staff about {id:?}: {:?}", visit.ended);
        }
    }
}
