//! Everything around the visit, turned by hand.

use crate::card::Card;
use crate::cast::Role;
use crate::check::Check;
use crate::faults::{Chance, Fate, Fault};
use crate::journal::Journal;
use crate::patient::{MODEL, Patient, Plan};
use checkin::certificate::Standing;
use checkin::claim::ClaimRules;
use checkin::identity::FaceRule;
use checkin::view::Outcome;
use checkin::{
    Action, Answer, Config, EffectId, Event, Millis, Now, ReaderEvent, Screen, Visit, VisitId,
};
use eligibility_sim::NationalSystem;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

mod answers;

/// A person reads a screen and acts, in milliseconds.
const PERSON_MS: u64 = 3_000;
/// The bridge gives a card that does not answer so long.
const CARD_DEADLINE_MS: u64 = 30_000;
/// Staff take a card that was left, or a person comes back to it, after so many reminders.
const REMINDERS: u8 = 3;
/// A visit with more events is stuck: a parked question asks some hundred times a day.
const MOST_EVENTS: usize = 10_000;

/// One kiosk with one card and one patient.
pub struct World {
    visit: Visit,
    system: NationalSystem,
    card: Card,
    patient: Patient,
    now: Now,
    /// Events on their way, by arrival and order.
    coming: BTreeMap<(Millis, u64), Event>,
    order: u64,
    /// When the patient acts next.
    acts_at: Option<Millis>,
    card_lies_there: bool,
    walked_away: bool,
    chance: Option<Chance>,
    check: Check,
    journal: Option<Journal>,
    summary: Summary,
}

/// What a visit came to.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// How the visits ended: one, or more when the card was placed again.
    pub outcomes: Vec<Outcome>,
    /// Acts of the person.
    pub acts: u32,
    /// Screens shown.
    pub screens: u32,
    /// Virtual time until the kiosk was idle again and nothing parked, in milliseconds.
    pub took_ms: u64,
    /// Of that, in front of a screen that waits for a machine.
    pub machine_ms: u64,
    /// Answers and acts that came too late to mean anything.
    pub dropped: u64,
}

impl World {
    /// Lets the persona (TOML) come in at `start`, and gives the journal of the visit. Ends when
    /// the kiosk is idle again and no question is parked.
    ///
    /// # Errors
    /// One sentence when the file is not a persona, or a rule is broken.
    pub fn visit(persona: &str, start: Timestamp, plan: Plan) -> Result<Journal, String> {
        let role = Role::from_toml(persona)?;
        let mut world = Self::new(&role, start, plan);
        world.journal = Some(Journal::new(start));
        let (_, journal) = world.run()?;
        Ok(journal.expect("it was just begun"))
    }

    /// One visit by chance: somebody of the cast, any intentions, any faults. The same seed brings
    /// the same visit.
    ///
    /// # Errors
    /// The broken rule, with the seed.
    pub fn random(cast: &[Role], start: Timestamp, seed: u64) -> Result<Summary, String> {
        let world = Self::by_chance(cast, start, seed);
        world.run().map(|(summary, _)| summary).map_err(|broken| format!("seed {seed}: {broken}"))
    }

    /// The journal of the same visit, whether a rule is broken or not.
    #[must_use]
    pub fn replay(cast: &[Role], start: Timestamp, seed: u64) -> Journal {
        let mut world = Self::by_chance(cast, start, seed);
        world.journal = Some(Journal::new(start));
        // What is broken is known from `random`; the way there is wanted here.
        let _ = world.go_on();
        world.remember();
        world.journal.unwrap_or_default()
    }

    fn by_chance(cast: &[Role], start: Timestamp, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let role = &cast[chance.below(cast.len())];
        let plan = chance.plan();
        let mut world = Self::new(role, start, plan);
        world.chance = Some(chance);
        world
    }

    fn new(role: &Role, start: Timestamp, plan: Plan) -> Self {
        let card = role.card(start);
        let grace = matches!(Standing::of(card.not_after(), start), Standing::Grace { .. });
        Self {
            visit: Visit::new(config(), VisitId(1)),
            system: role.system(),
            card,
            patient: Patient::new(plan, role.paper()),
            now: Now { monotonic: Millis(0), wall: start },
            coming: BTreeMap::new(),
            order: 0,
            acts_at: None,
            card_lies_there: true,
            walked_away: false,
            chance: None,
            check: Check::new(grace),
            journal: None,
            summary: Summary::default(),
        }
    }

    fn run(mut self) -> Result<(Summary, Option<Journal>), String> {
        self.go_on()?;
        self.remember();
        let mut summary = self.summary;
        summary.took_ms = self.now.monotonic.0;
        summary.dropped = self.visit.dropped();
        summary.outcomes = self.check.rest()?;
        Ok((summary, self.journal))
    }

    /// From the placed card to an idle kiosk.
    fn go_on(&mut self) -> Result<(), String> {
        self.handle(Event::Reader(ReaderEvent::Ready));
        self.handle(Event::Reader(ReaderEvent::CardPlaced));
        for _ in 0..MOST_EVENTS {
            let idle = self.visit.view().screen == Screen::Idle;
            if idle && self.visit.parked() == 0 && self.coming.is_empty() {
                return Ok(());
            }
            self.step()?;
        }
        Err(format!("the visit does not end: {:?}", self.visit.view().screen))
    }

    fn step(&mut self) -> Result<(), String> {
        let coming = self.coming.keys().next().copied();
        let times = [coming.map(|(at, _)| at), self.acts_at, self.visit.deadline()];
        let Some(next) = times.into_iter().flatten().min() else {
            return Err(format!("nothing will ever happen: {:?}", self.visit.view().screen));
        };
        self.advance_to(next);
        match coming {
            Some(key @ (at, _)) if at <= next => {
                let event = self.coming.remove(&key).expect("it was just seen");
                self.arrive(event);
            }
            _ if self.acts_at.is_some_and(|at| at <= next) => self.act(),
            _ => self.handle(Event::Tick),
        }
        Ok(())
    }

    fn advance_to(&mut self, at: Millis) {
        let passed = at.since(self.now.monotonic);
        if is_machine(&self.visit.view().screen) {
            self.summary.machine_ms += passed;
        }
        self.now.monotonic = self.now.monotonic.plus(passed);
        self.set_clock(SignedDuration::from_millis(passed.cast_signed()));
    }

    fn set_clock(&mut self, by: SignedDuration) {
        self.now.wall = self.now.wall.saturating_add(by).unwrap_or(self.now.wall);
    }

    fn later(&mut self, after_ms: u64, event: Event) {
        self.coming.insert((self.now.monotonic.plus(after_ms), self.order), event);
        self.order += 1;
    }

    fn arrive(&mut self, event: Event) {
        match &event {
            Event::Reader(ReaderEvent::CardPlaced) => {
                if self.card_lies_there {
                    return;
                }
                self.card_lies_there = true;
            }
            Event::Answered { id, .. } => self.check.answered(*id),
            _ => {}
        }
        self.handle(event);
    }

    fn handle(&mut self, event: Event) {
        let before = self.visit.view().revision;
        self.visit.handle(self.now, event);
        while let Some(effect) = self.visit.poll_effect() {
            self.check.request(effect.id, &effect.request);
            if let Some(journal) = &mut self.journal {
                journal.request(&effect.request, self.now.wall);
            }
            if let Some((after, answer)) = self.carry_out(effect.request) {
                self.send(after, effect.id, answer);
            }
        }
        let view = self.visit.view();
        if let Some(journal) = &mut self.journal {
            journal.screen(&view, self.now.wall);
        }
        if view.revision != before {
            self.summary.screens += 1;
        }
        let acts = !self.walked_away && !matches!(view.screen, Screen::Idle);
        if acts && (view.revision != before || self.acts_at.is_none()) {
            self.acts_at = Some(self.now.monotonic.plus(PERSON_MS));
        }
        if matches!(view.screen, Screen::TakeCard { reminder: REMINDERS.., .. }) {
            // Staff take the card that was left.
            self.acts_at = Some(self.now.monotonic);
        }
    }

    /// Puts an answer on its way, or does not.
    fn send(&mut self, after: u64, id: EffectId, answer: Answer) {
        let fate = self.chance.as_mut().map_or(Fate::Arrives, Chance::fate);
        let event = Event::Answered { id, answer };
        match fate {
            Fate::Arrives => self.later(after, event),
            // The bridge answers every command to the card, even if only at its own deadline.
            Fate::Lost if is_card_answer(&event) => self.later(after + CARD_DEADLINE_MS, event),
            Fate::Lost => {}
            Fate::Delayed(ms) => self.later(after + ms, event),
            Fate::Doubled(ms) => {
                self.later(after, event.clone());
                self.later(after + ms, event);
            }
        }
    }

    fn act(&mut self) {
        self.acts_at = None;
        let view = self.visit.view();
        if let Some(fault) = self.chance.as_mut().and_then(Chance::fault) {
            return self.suffer(fault);
        }
        if matches!(view.screen, Screen::TakeCard { .. }) && self.card_lies_there {
            self.card_lies_there = false;
            self.handle(Event::Reader(ReaderEvent::CardRemoved));
        } else if let Some(action) = self.patient.act(&view.screen, &self.card) {
            self.touch(&view, action);
        }
        if matches!(self.visit.view().screen, Screen::Idle | Screen::Reading | Screen::Waiting) {
            self.acts_at = None;
        }
    }

    fn touch(&mut self, view: &checkin::View, action: Action) {
        self.summary.acts += 1;
        self.check.action(&view.screen, &action);
        if let Some(journal) = &mut self.journal {
            journal.action(&action);
        }
        self.handle(Event::Acted { seen: view.revision, action });
    }

    fn suffer(&mut self, fault: Fault) {
        if let Some(journal) = &mut self.journal {
            journal.fault(&format!("{fault:?}"));
        }
        match fault {
            Fault::Pull { back_after_ms } if self.card_lies_there => {
                self.card_lies_there = false;
                self.handle(Event::Reader(ReaderEvent::CardRemoved));
                self.later(back_after_ms, Event::Reader(ReaderEvent::CardPlaced));
            }
            Fault::Pull { .. } => {}
            Fault::Unplug { back_after_ms } => {
                self.card_lies_there = false;
                self.handle(Event::Reader(ReaderEvent::Gone));
                self.later(back_after_ms, Event::Reader(ReaderEvent::Ready));
                self.later(back_after_ms + 1, Event::Reader(ReaderEvent::CardPlaced));
            }
            Fault::Clock { seconds } => {
                self.check.in_grace = false;
                self.set_clock(SignedDuration::from_secs(seconds));
            }
            Fault::WalkAway => self.walked_away = true,
            Fault::Touch { stale } => {
                let mut view = self.visit.view();
                view.revision.0 -= u64::from(stale && view.revision.0 > 0);
                let action = self.chance.as_mut().map_or(Action::Present, Chance::touch);
                if stale {
                    self.handle(Event::Acted { seen: view.revision, action });
                } else {
                    self.touch(&view, action);
                }
            }
        }
        if self.acts_at.is_none() && !self.walked_away {
            self.acts_at = Some(self.now.monotonic.plus(PERSON_MS));
        }
    }

    /// What the national system remembers afterwards.
    fn remember(&mut self) {
        if let (Some(journal), Ok(facts)) = (&mut self.journal, self.card.inspect()) {
            journal.remembered(&self.system.consents(&facts.serial, self.now.wall));
        }
    }
}

fn is_card_answer(event: &Event) -> bool {
    let Event::Answered { answer, .. } = event else { return false };
    matches!(answer, Answer::Inspected(_) | Answer::PhotoRead(_) | Answer::Signed(_))
}

/// Whether the person can only wait.
fn is_machine(screen: &Screen) -> bool {
    matches!(
        screen,
        Screen::Reading
            | Screen::CheckingPin
            | Screen::CheckingPasscode
            | Screen::Opening
            | Screen::Waiting
    )
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
