//! What the patient does on each screen, as the page would send it: everything here is of the wire.

use crate::card::Card;
use crate::typed;
use checkin::consent::Topic;
use checkin::eligibility::Qualification;
use checkin::fallback::Way;
use checkin::identity::Method;
use checkin::number::TypedNumbers;
use checkin::patient::{ChartNumber, Found, KnownPatient};
use jiff::civil::Date;
use protocol::action::{Overall, ReferenceOutcome, VisualReason};
use protocol::screen::{self, ItemsOffer, ItemsWay, Offer, PasscodeProblem, Screen};
use protocol::{Action, Redacted};
use wire::Twin;

/// How the patient answers the consent questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consents {
    /// To all.
    All,
    /// To none.
    None,
    /// One by one, to every second topic from the first on.
    EverySecond,
}

/// A patient's intentions. Where one is not possible, the next best is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The preferred way to be identified.
    pub method: Method,
    /// Wrong PINs typed before the right one.
    pub wrong_pins: u8,
    /// Wrong passcodes typed by the staff before the right one.
    pub wrong_passcodes: u8,
    /// Faces that are not matched before one is.
    pub face_misses: u8,
    /// Consents.
    pub consents: Consents,
    /// Withdrawn on the result screen.
    pub withdraw: Option<Topic>,
    /// What the patient has when the card does not do, best first; the reception is the last resort.
    pub ways: Vec<Way>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            method: Method::Face,
            wrong_pins: 0,
            wrong_passcodes: 0,
            face_misses: 0,
            consents: Consents::All,
            withdraw: None,
            ways: Vec::new(),
        }
    }
}

/// What the clinic's list knows of the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// The person, with the insurance of last time where there was one.
    Known,
    /// Nobody of that name.
    Nobody,
    /// More than one who may be it.
    Unsure,
}

/// The patient at the kiosk.
pub(crate) struct Patient {
    plan: Plan,
    pins_typed: u8,
    items_pins_typed: u8,
    passcodes_typed: u8,
    faces_shown: u8,
    withdrawn: bool,
    /// What the method screen offered last.
    offered: Vec<screen::Method>,
    /// Ways of the navigator that were tried.
    tried: usize,
    /// What the paper in the bag says.
    paper: Option<Qualification>,
}

impl Patient {
    pub(crate) fn new(plan: Plan, paper: Option<Qualification>) -> Self {
        Self {
            plan,
            pins_typed: 0,
            items_pins_typed: 0,
            passcodes_typed: 0,
            faces_shown: 0,
            withdrawn: false,
            offered: Vec::new(),
            tried: 0,
            paper,
        }
    }

    /// What the clinic's list says of this patient, whose insurance it has from the last time.
    pub(crate) fn known_as(&self, listed: Listed) -> Found {
        let numbers = self.paper.as_ref().and_then(|paper| {
            let typed = TypedNumbers {
                insurer_number: paper.insurer_number.clone(),
                symbol: paper.symbol.clone(),
                number: paper.number.clone(),
                branch: paper.branch.clone().unwrap_or_default(),
                birth: paper.birth.date()?.into(),
            };
            typed.check(paper.birth.date()?.max(Date::constant(2026, 1, 1))).ok()
        });
        match listed {
            Listed::Known => {
                let chart = ChartNumber::new("000123").expect("digits are a chart number");
                Found::One(Box::new(KnownPatient { chart, numbers }))
            }
            Listed::Nobody => Found::Nobody,
            Listed::Unsure => Found::Unsure,
        }
    }

    /// How long the person needs before [`Self::act`], in milliseconds.
    pub(crate) fn takes_ms(screen: &Screen) -> u64 {
        match screen {
            Screen::Staff { problem: Some(PasscodeProblem::Throttled { wait_s }) } => {
                u64::from(*wait_s) * 1000 + PERSON_MS
            }
            _ => PERSON_MS,
        }
    }

    /// What the patient does on this screen; `None` = waits, or takes the card where asked.
    pub(crate) fn act(&mut self, screen: &Screen, card: &Card) -> Option<Action> {
        Some(match screen {
            Screen::CardProblem { .. } => Action::OtherWays,
            Screen::Application | Screen::ConsentSkipped { .. } | Screen::StatementReady => {
                Action::Continue
            }
            Screen::Method { offers, .. } => self.method(offers),
            Screen::Code { .. } => typed::code(&card.printed_code()?),
            Screen::ReadingPhoto => Action::Reference { outcome: ReferenceOutcome::Ready },
            Screen::Face { attempt, nonce, .. } => self.face(*attempt, nonce.clone()),
            Screen::Items { offers, .. } => self.items(offers),
            Screen::ItemsPin { .. } => {
                self.items_pins_typed += 1;
                let right = self.items_pins_typed > self.plan.wrong_pins;
                Action::ItemsPin { pin: card.pin(right)? }
            }
            Screen::Pin { .. } => {
                self.pins_typed += 1;
                Action::Pin { pin: card.pin(self.pins_typed > self.plan.wrong_pins)? }
            }
            Screen::PinLastTry => {
                let mut others = [screen::Method::Face, screen::Method::Visual].into_iter();
                match others.find(|method| self.offered.contains(method)) {
                    Some(method) => Action::Choose { method },
                    None => Action::InsistOnPin,
                }
            }
            Screen::Staff { .. } => {
                self.passcodes_typed = self.passcodes_typed.saturating_add(1);
                let right = self.passcodes_typed > self.plan.wrong_passcodes;
                let passcode = Redacted::new(if right { PASSCODE } else { "1111" }.to_owned());
                Action::Visual { passcode, reason: VisualReason::PinUnavailable }
            }
            Screen::ConsentAll { .. } => Action::ConsentAll {
                answer: match self.plan.consents {
                    Consents::All => Overall::All,
                    Consents::None => Overall::None,
                    Consents::EverySecond => Overall::Choose,
                },
            },
            Screen::ConsentOne { topic, number, .. } => {
                Action::ConsentOne { topic: *topic, agreed: number % 2 == 1 }
            }
            Screen::Fallback { ways, .. } => Action::Take { way: self.way(ways) },
            Screen::Numbers { .. } => match &self.paper {
                Some(paper) => typed::numbers(paper),
                None => Action::Back,
            },
            Screen::LimitCertificate => Action::LimitCertificate { agreed: true },
            Screen::Statement { .. } => typed::statement(card)?,
            Screen::Destination { names } => {
                Action::Destination { index: u8::try_from(names.len() - 1).ok()? }
            }
            Screen::Finished { .. } => match self.plan.withdraw {
                Some(topic) if !self.withdrawn => {
                    self.withdrawn = true;
                    Action::Withdraw { topic: topic.to_wire() }
                }
                _ => Action::Continue,
            },
            Screen::Farewell { .. } => Action::Continue,
            Screen::OutOfService { .. }
            | Screen::Idle
            | Screen::Reading
            | Screen::CardAway { .. }
            | Screen::CheckingPin
            | Screen::CheckingPasscode
            | Screen::ReadingItems
            | Screen::Finding
            | Screen::Opening
            | Screen::Waiting
            | Screen::TakeCard { .. } => return None,
        })
    }

    fn method(&mut self, offers: &[Offer]) -> Action {
        let possible = offers.iter().filter(|offer| offer.why_not.is_none());
        self.offered = possible.map(|offer| offer.method).collect();
        let order = [self.plan.method, Method::Face, Method::Pin, Method::Visual];
        match order.map(Twin::to_wire).into_iter().find(|method| self.offered.contains(method)) {
            Some(method) => Action::Choose { method },
            None => Action::OtherWays,
        }
    }

    /// By PIN where that was chosen before, as people keep to what they know; whoever can open nothing shows a paper.
    fn items(&self, offers: &[ItemsOffer]) -> Action {
        let by_pin = self.plan.method == Method::Pin;
        let first = if by_pin { ItemsWay::Pin } else { ItemsWay::Code };
        let possible = |way| offers.iter().any(|offer| offer.way == way && offer.why_not.is_none());
        match [first, ItemsWay::Code, ItemsWay::Pin].into_iter().find(|way| possible(*way)) {
            Some(way) if self.items_pins_typed < 3 => Action::ChooseItems { way },
            _ => Action::OtherWays,
        }
    }

    fn face(&mut self, attempt: u8, nonce: String) -> Action {
        self.faces_shown = self.faces_shown.saturating_add(1);
        let score = if self.faces_shown > self.plan.face_misses { 0.9 } else { 0.1 };
        let model_hash = MODEL.to_owned();
        Action::Face { attempt, nonce, model_hash, score: Some(score), liveness: Some(0.9) }
    }

    /// The next thing in the bag that counts here; a way is not tried twice.
    fn way(&mut self, offered: &[screen::Way]) -> screen::Way {
        while let Some(way) = self.plan.ways.get(self.tried).copied().map(Twin::to_wire) {
            self.tried += 1;
            if offered.contains(&way) {
                return way;
            }
        }
        screen::Way::Desk
    }
}

/// A person reads a screen and acts, in milliseconds.
const PERSON_MS: u64 = 3_000;
/// The facility's passcode.
pub(crate) const PASSCODE: &str = "2468";
/// The hash of the face models.
pub(crate) const MODEL: &str = "f00d000000000000000000000000000000000000000000000000000000000000";
