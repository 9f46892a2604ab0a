//! Everything around the visit, turned by hand.

use crate::card::Card;
use crate::cast::Role;
use crate::check::Check;
use crate::faults::{Chance, Fate};
use crate::journal::Journal;
use crate::kept::{Count, Keeper};
use crate::page;
use crate::patient::{Listed, MODEL, Patient, Plan};
use checkin::certificate::Standing;
use checkin::claim::ClaimRules;
use checkin::consent::ConsentAnswer;
use checkin::gateway::Reach;
use checkin::identity::{FaceRule, Method};
use checkin::secret::Serial;
use checkin::view::Outcome;
use checkin::{
    Answer, Config, EffectId, Event, Millis, Now, ReaderEvent, Record, Request, Screen, VisitId,
    VisitIds, Visits,
};
use eligibility_sim::NationalSystem;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

mod acts;
mod answers;
mod keeping;
mod passcodes;
mod stories;

pub use keeping::MakeKeeper;
use passcodes::Passcodes;

/// An answer of the card that gets lost comes so late: long after the visit has given the card up.
const CARD_LOST_MS: u64 = 30_000;
const _: () = assert!(CARD_LOST_MS > checkin::deadlines::CARD_MS);
/// Staff take a card that was left, or a person comes back to it, after so many reminders.
const REMINDERS: u8 = 3;
/// A visit with more events is stuck: a parked question asks some hundred times a day.
const MOST_EVENTS: usize = 10_000;

/// One kiosk with one card and one patient.
pub struct World {
    visit: Visits,
    system: NationalSystem,
    card: Card,
    patient: Patient,
    /// By what the site's eligibility system is reached, and what the clinic's list says of the patient.
    reach: Reach,
    listed: Listed,
    now: Now,
    /// Events on their way, by arrival and order.
    coming: BTreeMap<(Millis, u64), Event>,
    order: u64,
    /// When the patient acts next.
    acts_at: Option<Millis>,
    card_lies_there: bool,
    walked_away: bool,
    /// Names of the site's destinations.
    destinations: Vec<protocol::Name>,
    passcodes: Passcodes,
    chance: Option<Chance>,
    check: Check,
    /// Consents that live at the national system in the end.
    remembered: Vec<ConsentAnswer>,
    journal: Option<Journal>,
    summary: Summary,
    /// What the records are kept in, where that is looked at.
    kept: Option<Box<dyn Keeper>>,
    /// What a stuck system was asked, and carries out when it comes back.
    stuck: Option<(Serial, Vec<ConsentAnswer>)>,
}

/// What a visit came to.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// How the person was identified, once for each visit that came so far.
    pub methods: Vec<Method>,
    /// Questions that went on in the background.
    pub parked: u32,
    /// Reception numbers given.
    pub numbers: u32,
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
    /// What was kept of it, where that was looked at.
    pub kept: Count,
}

impl World {
    fn new(role: &Role, start: Timestamp, plan: Plan) -> Self {
        Self::at_site(role, start, plan, (0, None))
    }

    /// `listed`: the site's eligibility system is reached by numbers only, and so the clinic's list is asked.
    fn at_site(
        role: &Role,
        start: Timestamp,
        plan: Plan,
        (destinations, listed): (usize, Option<Listed>),
    ) -> Self {
        let names = ["内科", "整形外科", "会計"];
        let destinations: Vec<_> =
            names[..destinations].iter().map(|name| protocol::Name::in_japanese(name)).collect();
        let card = role.card();
        let reach = if listed.is_some() { Reach::Numbers } else { Reach::Certificate };
        let owner = card.holder().map(|holder| holder.birth);
        let grace = matches!(Standing::of(card.not_after(), start), Standing::Grace { .. });
        Self {
            visit: Visits::new(
                config(destinations.len(), reach),
                VisitIds::starting_at(VisitId(1)),
            ),
            system: role.system(),
            card,
            patient: Patient::new(plan, role.paper()),
            reach,
            listed: listed.unwrap_or(Listed::Nobody),
            now: Now { monotonic: Millis(0), wall: start },
            coming: BTreeMap::new(),
            order: 0,
            acts_at: None,
            card_lies_there: true,
            walked_away: false,
            destinations,
            passcodes: Passcodes::default(),
            chance: None,
            check: Check::new(grace, owner),
            remembered: Vec::new(),
            journal: None,
            summary: Summary::default(),
            kept: None,
            stuck: None,
        }
    }

    fn run(mut self) -> Result<(Summary, Option<Journal>), String> {
        self.go_on()?;
        self.remember();
        let mut summary = self.summary;
        if let Some(kept) = self.kept {
            summary.kept = kept.finish(self.now.wall)?;
        }
        summary.took_ms = self.now.monotonic.0;
        summary.dropped = self.visit.dropped();
        summary.outcomes = self.check.rest(&self.remembered)?;
        Ok((summary, self.journal))
    }

    /// From the placed card to an idle kiosk.
    fn go_on(&mut self) -> Result<(), String> {
        self.handle(Event::Reader(ReaderEvent::Ready))?;
        self.handle(Event::Reader(ReaderEvent::CardPlaced))?;
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
                self.arrive(event)
            }
            _ if self.acts_at.is_some_and(|at| at <= next) => self.act(),
            _ => self.handle(Event::Tick),
        }
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

    fn arrive(&mut self, event: Event) -> Result<(), String> {
        match &event {
            Event::Reader(ReaderEvent::CardPlaced) => {
                if self.card_lies_there {
                    return Ok(());
                }
                self.card_lies_there = true;
            }
            Event::Answered { id, answer } => {
                self.check.answered(*id);
                self.check.told(answer);
            }
            // The staff are told to try again.
            Event::StaffWithdrew { .. } if self.is_stuck() => return Ok(()),
            Event::StaffWithdrew { serial, topic } => {
                self.come_back();
                self.check.staff_withdraw(*topic);
                self.system.withdraw(serial, *topic);
            }
            _ => {}
        }
        self.handle(event)
    }

    /// What the page shows now.
    fn page(&self) -> Result<protocol::View, String> {
        page::shown(&self.visit.view(), &self.destinations)
    }

    fn handle(&mut self, event: Event) -> Result<(), String> {
        let before = self.visit.view().revision;
        self.visit.supply(self.now.monotonic.0);
        self.visit.handle(self.now, event);
        let effects: Vec<_> = std::iter::from_fn(|| self.visit.poll_effect()).collect();
        for effect in &effects {
            self.check.request(effect.id, &effect.request);
        }
        if !self.keep(&effects) {
            return self.start_again();
        }
        for effect in effects {
            self.note(&effect.request);
            if let Some(journal) = &mut self.journal {
                journal.request(&effect.request, self.now.wall);
            }
            if let Some((after, answer)) = self.carry_out(effect.request) {
                self.send(after, effect.id, answer);
            }
        }
        let view = self.visit.view();
        self.check.screen(&view.screen);
        if let Some(journal) = &mut self.journal {
            journal.screen(&view, self.now.wall);
        }
        if view.revision != before {
            self.summary.screens += 1;
        }
        let shown = self.page()?;
        let acts = !self.walked_away && !matches!(view.screen, Screen::Idle);
        if acts && (view.revision != before || self.acts_at.is_none()) {
            self.acts_at = Some(self.now.monotonic.plus(Patient::takes_ms(&shown.screen)));
        }
        if acts && view.asks_presence {
            self.touch(&shown, &protocol::Action::Present)?;
        }
        if matches!(view.screen, Screen::TakeCard { reminder: REMINDERS.., .. }) {
            // Staff take the card that was left.
            self.acts_at = Some(self.now.monotonic);
        }
        Ok(())
    }

    /// For the summary; and the staff may come back to what they were told.
    fn note(&mut self, request: &Request) {
        match request {
            Request::TakeNumber { .. } => self.summary.numbers += 1,
            Request::Record { record: Record::Parked, .. } => self.summary.parked += 1,
            Request::Record { record: Record::Identified { method, .. }, .. } => {
                self.summary.methods.push(*method);
            }
            Request::Announce { notice, .. } => {
                let chance = self.chance.as_mut();
                let withdrawn = chance.and_then(|c| c.staff_withdraw(&notice.agreed));
                if let (Some((after, topic)), Some(serial)) = (withdrawn, notice.serial.clone()) {
                    self.later(after, Event::StaffWithdrew { serial, topic });
                }
            }
            _ => {}
        }
    }

    /// Puts an answer on its way, or does not.
    fn send(&mut self, after: u64, id: EffectId, answer: Answer) {
        let fate = self.chance.as_mut().map_or(Fate::Arrives, Chance::fate);
        let event = Event::Answered { id, answer };
        match fate {
            Fate::Arrives => self.later(after, event),
            // The bridge answers every command to the card, however late.
            Fate::Lost if is_card_answer(&event) => self.later(after + CARD_LOST_MS, event),
            Fate::Lost => {}
            Fate::Delayed(ms) => self.later(after + ms, event),
            Fate::Doubled(ms) => {
                self.later(after, event.clone());
                self.later(after + ms, event);
            }
        }
    }

    /// What the national system remembers afterwards.
    fn remember(&mut self) {
        self.come_back();
        if let Ok(facts) = self.card.inspect() {
            self.remembered = self.system.consents(&facts.serial, self.now.wall);
        }
        if let Some(journal) = &mut self.journal {
            journal.remembered(&self.remembered);
        }
    }
}

fn is_card_answer(event: &Event) -> bool {
    let Event::Answered { answer, .. } = event else { return false };
    matches!(
        answer,
        Answer::Inspected(_)
            | Answer::PhotoRead(_)
            | Answer::Signed(_)
            | Answer::ItemsCounted(_)
            | Answer::ItemsRead(_)
    )
}

/// Whether the person can only wait.
fn is_machine(screen: &Screen) -> bool {
    matches!(
        screen,
        Screen::Reading
            | Screen::CheckingPin
            | Screen::CheckingPasscode
            | Screen::ReadingItems
            | Screen::Finding
            | Screen::Opening
            | Screen::Waiting
    )
}

fn config(destinations: usize, reach: Reach) -> Config {
    Config {
        face: FaceRule { threshold: 0.4, min_liveness: 0.05, model_hash: MODEL.to_owned() },
        accept_practice_cards: true,
        passcode_set: true,
        destinations: u8::try_from(destinations).unwrap_or(u8::MAX),
        claim: ClaimRules::default(),
        reach,
        patience: checkin::Patience::default(),
    }
}
