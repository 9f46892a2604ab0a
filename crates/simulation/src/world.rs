//! Everything around the visit, turned by hand.

use crate::card::Card;
use crate::journal::Journal;
use crate::patient::{MODEL, PASSCODE, Patient, Plan};
use checkin::claim::ClaimRules;
use checkin::event::{GatewayTrouble, PasscodeProblem};
use checkin::identity::FaceRule;
use checkin::reception::ReceptionNumber;
use checkin::{
    Action, Answer, Config, EffectId, Event, Millis, Now, ReaderEvent, Request, Screen, Visit,
    VisitId,
};
use eligibility_sim::{NationalSystem, Person};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use virtual_card::Persona;

/// A person reads a screen and acts, in milliseconds.
const PERSON_MS: u64 = 3_000;
/// Card, store and files.
const LOCAL_MS: u64 = 400;
/// The national system, when it works.
const SYSTEM_MS: u64 = 2_500;
/// The bridge waits so long for the small answers of a system that is late, and for a query.
const LATE_MS: (u64, u64) = (8_000, 18_000);
/// A visit that goes on longer is stuck; parked ones may take the day.
const MOST_EVENTS: usize = 10_000;

/// One kiosk with one card and one patient.
pub struct World {
    visit: Visit,
    system: NationalSystem,
    card: Card,
    patient: Patient,
    now: Now,
    /// Answers on their way, by arrival and order.
    coming: BTreeMap<(Millis, EffectId), Answer>,
    /// When the patient acts next.
    acts_at: Option<Millis>,
    card_lies_there: bool,
    journal: Journal,
}

impl World {
    /// Lets the persona (TOML) come in at `start`, and gives the journal of the visit. Ends when
    /// the kiosk is idle again and no question is parked.
    ///
    /// # Errors
    /// One sentence when the file is not a persona, or the visit does not come to an end.
    pub fn visit(persona: &str, start: Timestamp, plan: Plan) -> Result<Journal, String> {
        let person = Person::from_toml(persona).map_err(|error| error.to_string())?;
        let card = Persona::from_toml(persona).map_err(|error| error.to_string())?;
        // The paper in the bag names the newest qualification, known to the system or not.
        let paper = person.as_ref().and_then(|p| p.eligibility.qualifications.first().cloned());
        let system = NationalSystem::new(person).map_err(|error| error.to_string())?;
        let now = Now { monotonic: Millis(0), wall: start };
        let mut world = Self {
            visit: Visit::new(config(), VisitId(1)),
            system,
            card: Card::new(card, start),
            patient: Patient::new(plan, paper),
            now,
            coming: BTreeMap::new(),
            acts_at: None,
            card_lies_there: true,
            journal: Journal::new(start),
        };
        world.run()?;
        world.close();
        Ok(world.journal)
    }

    fn run(&mut self) -> Result<(), String> {
        self.handle(Event::Reader(ReaderEvent::Ready));
        self.handle(Event::Reader(ReaderEvent::CardPlaced));
        for _ in 0..MOST_EVENTS {
            let idle = self.visit.view().screen == Screen::Idle;
            if idle && self.visit.parked() == 0 {
                return Ok(());
            }
            let answer = self.coming.keys().next().copied();
            let times = [answer.map(|(at, _)| at), self.acts_at, self.visit.deadline()];
            let Some(next) = times.into_iter().flatten().min() else {
                return Err("nothing will ever happen".to_owned());
            };
            self.advance_to(next);
            match answer {
                Some((at, id)) if at <= next => {
                    let answer = self.coming.remove(&(at, id)).expect("it was just seen");
                    self.handle(Event::Answered { id, answer });
                }
                _ if self.acts_at.is_some_and(|at| at <= next) => self.act(),
                _ => self.handle(Event::Tick),
            }
        }
        Err(format!("the visit does not end: {:?}", self.visit.view().screen))
    }

    fn advance_to(&mut self, at: Millis) {
        let passed = at.since(self.now.monotonic);
        self.now.monotonic = self.now.monotonic.plus(passed);
        let passed = SignedDuration::from_millis(passed.cast_signed());
        self.now.wall = self.now.wall.saturating_add(passed).unwrap_or(Timestamp::MAX);
    }

    fn handle(&mut self, event: Event) {
        let before = self.visit.view();
        self.visit.handle(self.now, event);
        while let Some(effect) = self.visit.poll_effect() {
            self.journal.request(&effect.request, self.now.wall);
            if let Some((after, answer)) = self.carry_out(effect.request) {
                self.coming.insert((self.now.monotonic.plus(after), effect.id), answer);
            }
        }
        let view = self.visit.view();
        self.journal.screen(&view, self.now.wall);
        if view.revision != before.revision || self.acts_at.is_none() {
            self.acts_at = Some(self.now.monotonic.plus(PERSON_MS));
        }
    }

    fn act(&mut self) {
        self.acts_at = None;
        let view = self.visit.view();
        if matches!(view.screen, Screen::TakeCard { .. }) && self.card_lies_there {
            self.card_lies_there = false;
            self.handle(Event::Reader(ReaderEvent::CardRemoved));
        } else if let Some(action) = self.patient.act(&view.screen, &self.card) {
            self.journal.action(&action);
            self.handle(Event::Acted { seen: view.revision, action });
        }
        if matches!(self.visit.view().screen, Screen::Idle | Screen::Reading | Screen::Waiting) {
            self.acts_at = None;
        }
    }

    /// When and what is answered.
    fn carry_out(&mut self, request: Request) -> Option<(u64, Answer)> {
        let wall = self.now.wall;
        let system = &mut self.system;
        let (small, large) = LATE_MS;
        Some(match request {
            Request::Inspect => (LOCAL_MS, Answer::Inspected(self.card.inspect())),
            Request::ReadPhoto { code } => {
                (LOCAL_MS, Answer::PhotoRead(self.card.read_photo(&code)))
            }
            Request::Sign { pin } => (LOCAL_MS, Answer::Signed(self.card.sign(&pin))),
            Request::CheckPasscode { passcode } => {
                let right = passcode.expose() == PASSCODE.as_bytes();
                let checked = if right { Ok(()) } else { Err(PasscodeProblem::Wrong) };
                (LOCAL_MS, Answer::PasscodeChecked(checked))
            }
            Request::LookUp { serial } => {
                let known = system.look_up(&serial);
                (after(&known, small), Answer::LookedUp(known))
            }
            Request::Open { serial, method, register } => {
                let topics = system.open(&serial, method, register, wall);
                (after(&topics, small), Answer::Opened(topics))
            }
            Request::Query { serial, consents } => {
                let found = system.query(&serial, &consents, wall);
                (after(&found, large), Answer::Queried(found))
            }
            Request::QueryNumbers { numbers, .. } => {
                let found = system.query_by_number(&numbers, wall);
                (after(&found, large), Answer::Queried(found))
            }
            Request::Withdraw { serial, topic } => {
                system.withdraw(&serial, topic);
                (SYSTEM_MS, Answer::Withdrawn(Ok(())))
            }
            Request::Deliver { .. } => (LOCAL_MS, Answer::Delivered(Ok(()))),
            Request::MakeStatement { .. } => (LOCAL_MS, Answer::StatementMade(Ok(()))),
            Request::TakeNumber { .. } => (LOCAL_MS, Answer::Numbered(Some(ReceptionNumber(1)))),
            Request::ReleaseCard
            | Request::ForgetPerson
            | Request::Announce { .. }
            | Request::Unpark { .. }
            | Request::Record { .. } => return None,
        })
    }

    /// What the national system remembers afterwards.
    fn close(&mut self) {
        let Ok(facts) = self.card.inspect() else { return };
        self.journal.remembered(&self.system.consents(&facts.serial, self.now.wall));
    }
}

/// A late answer arrives as trouble when the bridge has waited for it.
fn after<T>(answer: &Result<T, GatewayTrouble>, late: u64) -> u64 {
    match answer {
        Err(GatewayTrouble::Late) => late,
        _ => SYSTEM_MS,
    }
}

fn config() -> Config {
    Config {
        face: FaceRule { threshold: 0.4, min_liveness: 0.05, model_hash: MODEL.to_owned() },
        accept_practice_cards: true,
        passcode_set: true,
        destinations: 0,
        claim: ClaimRules::default(),
    }
}

/// Typed secrets stay out of the journal.
pub(crate) fn name_of(action: &Action) -> String {
    let text = format!("{action:?}");
    text.split(['(', ' ', '{']).next().unwrap_or_default().to_owned()
}
