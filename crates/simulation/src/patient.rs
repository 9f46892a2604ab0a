//! What the patient does on each screen.

use crate::card::{Card, NO_DATE};
use checkin::consent::Topic;
use checkin::eligibility::{Qualification, Sex};
use checkin::era::TypedDate;
use checkin::event::Overall;
use checkin::fallback::Way;
use checkin::identity::{FaceClaim, FaceFinding, Method, VisualReason};
use checkin::number::TypedNumbers;
use checkin::secret::Passcode;
use checkin::statement::{Insurance, Reason, TypedStatement};
use checkin::{Action, Screen};

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
            face_misses: 0,
            consents: Consents::All,
            withdraw: None,
            ways: Vec::new(),
        }
    }
}

/// The patient at the kiosk.
pub(crate) struct Patient {
    plan: Plan,
    pins_typed: u8,
    faces_shown: u8,
    withdrawn: bool,
    /// What the method screen offered last.
    offered: Vec<Method>,
    /// Ways of the navigator that were tried.
    tried: usize,
    /// What the paper in the bag says.
    paper: Option<Qualification>,
}

impl Patient {
    pub(crate) fn new(plan: Plan, paper: Option<Qualification>) -> Self {
        let offered = Vec::new();
        Self { plan, pins_typed: 0, faces_shown: 0, withdrawn: false, offered, tried: 0, paper }
    }

    /// What the patient does on this screen; `None` = waits, or takes the card where asked.
    pub(crate) fn act(&mut self, screen: &Screen, card: &Card) -> Option<Action> {
        Some(match screen {
            Screen::CardProblem(_) => Action::OtherWays,
            Screen::Application | Screen::ConsentSkipped(_) | Screen::StatementReady => {
                Action::Continue
            }
            Screen::Method { offers, .. } => self.method(*offers),
            Screen::Code { .. } => Action::Code(card.printed_code()?),
            Screen::ReadingPhoto => Action::Reference(Ok(())),
            Screen::Face { attempt, .. } => Action::Face(self.face(*attempt)),
            Screen::Pin { .. } => {
                self.pins_typed += 1;
                Action::Pin(card.pin(self.pins_typed > self.plan.wrong_pins)?)
            }
            Screen::PinLastTry => {
                let mut others = [Method::Face, Method::Visual].into_iter();
                let other = others.find(|method| self.offered.contains(method));
                other.map_or(Action::InsistOnPin, Action::Choose)
            }
            Screen::Staff { .. } => Action::Visual {
                passcode: Passcode::parse(PASSCODE).ok()?,
                reason: VisualReason::PinUnavailable,
            },
            Screen::ConsentAll { .. } => Action::ConsentAll(match self.plan.consents {
                Consents::All => Overall::All,
                Consents::None => Overall::None,
                Consents::EverySecond => Overall::Choose,
            }),
            Screen::ConsentOne { topic, number, .. } => {
                Action::ConsentOne { topic: *topic, agreed: number % 2 == 1 }
            }
            Screen::Fallback { ways, .. } => Action::Take(self.way(ways)),
            Screen::Numbers { .. } => match &self.paper {
                Some(paper) => Action::Numbers(typed(paper)),
                None => Action::Back,
            },
            Screen::LimitCertificate => Action::LimitCertificate { agreed: true },
            Screen::Statement { .. } => Action::Statement(Box::new(statement(card)?)),
            Screen::Destination => Action::Destination(0),
            Screen::Finished(_) => match self.plan.withdraw {
                Some(topic) if !self.withdrawn => {
                    self.withdrawn = true;
                    Action::Withdraw(topic)
                }
                _ => Action::Continue,
            },
            Screen::Farewell { .. } => Action::Continue,
            Screen::OutOfService(_)
            | Screen::Idle
            | Screen::Reading
            | Screen::CardAway { .. }
            | Screen::CheckingPin
            | Screen::CheckingPasscode
            | Screen::Opening
            | Screen::Waiting
            | Screen::TakeCard { .. } => return None,
        })
    }

    fn method(&mut self, offers: [(Method, Result<(), checkin::identity::WhyNot>); 3]) -> Action {
        let possible = offers.iter().filter(|(_, offer)| offer.is_ok());
        self.offered = possible.map(|(method, _)| *method).collect();
        let order = [self.plan.method, Method::Face, Method::Pin, Method::Visual];
        match order.into_iter().find(|method| self.offered.contains(method)) {
            Some(method) => Action::Choose(method),
            None => Action::OtherWays,
        }
    }

    fn face(&mut self, attempt: u8) -> FaceClaim {
        self.faces_shown += 1;
        let score = if self.faces_shown > self.plan.face_misses { 0.9 } else { 0.1 };
        let finding = FaceFinding::Compared { score, liveness: 0.9 };
        FaceClaim { attempt, finding, model_hash: MODEL.to_owned() }
    }

    /// The next thing in the bag that counts here; a way is not tried twice.
    fn way(&mut self, offered: &[Way]) -> Way {
        while let Some(way) = self.plan.ways.get(self.tried) {
            self.tried += 1;
            if offered.contains(way) {
                return *way;
            }
        }
        Way::Desk
    }
}

/// The facility's passcode.
pub(crate) const PASSCODE: &str = "2468";
/// The hash of the face models.
pub(crate) const MODEL: &str = "practice";

fn typed(paper: &Qualification) -> TypedNumbers {
    TypedNumbers {
        insurer_number: paper.insurer_number.clone(),
        symbol: paper.symbol.clone(),
        number: paper.number.clone(),
        branch: paper.branch.clone().unwrap_or_default(),
        birth: TypedDate::from(paper.birth),
    }
}

fn statement(card: &Card) -> Option<TypedStatement> {
    let holder = card.holder()?;
    Some(TypedStatement {
        reason: Reason::NotConfirmed,
        insurance: Insurance::Unknown,
        insurer: String::new(),
        employer: "練習商事".to_owned(),
        since: NO_DATE,
        share_percent: None,
        name: holder.name.clone(),
        name_kana: holder.name_kana.clone(),
        birth: TypedDate::from(holder.birth),
        sex: match holder.sex {
            virtual_card::Sex::Male => Sex::Male,
            virtual_card::Sex::Female => Sex::Female,
            virtual_card::Sex::NotApplicable => Sex::NotSet,
        },
        address: holder.address.clone(),
        phone: "03-1234-5678".to_owned(),
        no_phone: false,
    })
}
