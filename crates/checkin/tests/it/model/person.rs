//! What a person does in front of a screen.

use crate::kiosk::*;
use checkin::consent::Topic;
use checkin::documents::Document;
use checkin::event::*;
use checkin::fallback::Way;
use checkin::identity::{Method, VisualReason};
use checkin::items::ItemsWay;
use checkin::secret::{ItemsPin, Passcode, Pin};
use checkin::{Action, Screen};

const METHODS: [Method; 3] = [Method::Face, Method::Pin, Method::Visual];

fn pick<T: Clone>(from: &[T], choice: u8) -> T {
    from[usize::from(choice) % from.len()].clone()
}

/// Something that the screen offers; `None` = waits, or takes the card.
pub(super) fn act(screen: &Screen, choice: u8) -> Option<Action> {
    let switch = || Action::Choose(pick(&METHODS, choice / 8));
    // One in eight does not answer the question.
    if choice.is_multiple_of(8) {
        return Some(match screen {
            Screen::Code { .. }
            | Screen::Face { .. }
            | Screen::Pin { .. }
            | Screen::Staff { .. }
            | Screen::PinLastTry => switch(),
            Screen::Application | Screen::Method { .. } | Screen::CardProblem(_) => {
                Action::OtherWays
            }
            Screen::Items { .. } => Action::OtherWays,
            Screen::Numbers { .. } | Screen::Statement { .. } | Screen::ItemsPin { .. } => {
                Action::Back
            }
            _ => Action::Stop,
        });
    }
    Some(match screen {
        Screen::Idle | Screen::OutOfService(_) | Screen::CardProblem(_) => Action::OtherWays,
        Screen::Application
        | Screen::ConsentSkipped(_)
        | Screen::StatementReady
        | Screen::Farewell { .. } => Action::Continue,
        Screen::Method { .. } => switch(),
        Screen::Code { .. } if choice > 150 => Action::ShowCard,
        Screen::Code { .. } => Action::Code(code()),
        Screen::ReadingPhoto if choice > 240 => Action::Reference(Err(ReferenceProblem::NoFace)),
        Screen::ReadingPhoto => Action::Reference(Ok(())),
        Screen::Face { attempt, .. } if choice > 230 => no_face(*attempt),
        Screen::Face { attempt, .. } => {
            claim(*attempt, if choice.is_multiple_of(2) { 0.3 } else { 0.5 })
        }
        Screen::Pin { .. } => Action::Pin(Pin::parse("1234").unwrap()),
        Screen::PinLastTry => Action::InsistOnPin,
        Screen::Items { .. } => Action::ChooseItems(pick(&[ItemsWay::Code, ItemsWay::Pin], choice)),
        Screen::ItemsPin { .. } => Action::ItemsPin(ItemsPin::parse("5678").unwrap()),
        Screen::Staff { .. } if choice > 230 => Action::NotConfirmed,
        Screen::Staff { .. } if choice > 190 => {
            Action::VisualByAccount { reason: VisualReason::FaceNotMatched }
        }
        Screen::Staff { .. } => Action::Visual {
            passcode: Passcode::parse("0000").unwrap(),
            reason: VisualReason::CannotOperate,
        },
        Screen::ConsentAll { .. } => {
            Action::ConsentAll(pick(&[Overall::All, Overall::None, Overall::Choose], choice))
        }
        Screen::ConsentOne { topic, .. } => {
            Action::ConsentOne { topic: *topic, agreed: choice.is_multiple_of(2) }
        }
        Screen::Fallback { back: true, .. } if choice > 200 => Action::Back,
        Screen::Fallback { ways, .. } => Action::Take(pick(ways, choice)),
        Screen::Numbers { .. } => Action::Numbers(numbers()),
        Screen::LimitCertificate => Action::LimitCertificate { agreed: choice.is_multiple_of(2) },
        Screen::Statement { .. } => Action::Statement(Box::new(statement())),
        Screen::Destination if choice > 230 => Action::Continue,
        Screen::Destination => Action::Destination(choice % 3),
        Screen::Finished(finished) => match finished.agreed.first() {
            Some((topic, _)) if choice > 60 => Action::Withdraw(*topic),
            _ => Action::Continue,
        },
        Screen::CardAway { .. }
        | Screen::Reading
        | Screen::CheckingPin
        | Screen::CheckingPasscode
        | Screen::ReadingItems
        | Screen::Finding
        | Screen::Opening
        | Screen::Waiting
        | Screen::TakeCard { .. } => return None,
    })
}

/// Anything that a page could send, whatever it shows.
pub(super) fn fumble(what: u8) -> Action {
    let document = Way::Document(Document::EligibilityCertificate);
    let topic = pick(&Topic::ALL, what / 32);
    pick(
        &[
            Action::Present,
            Action::Stop,
            Action::Continue,
            Action::Back,
            Action::OtherWays,
            Action::Take(pick(&[Way::Desk, Way::Oral, Way::Statement, document], what / 32)),
            Action::Choose(pick(&METHODS, what / 32)),
            Action::ShowCard,
            Action::Code(code()),
            Action::Reference(Ok(())),
            claim(1 + what / 90, 0.9),
            Action::CameraMissing,
            Action::InsistOnPin,
            Action::ChooseItems(ItemsWay::Code),
            Action::ItemsPin(ItemsPin::parse("5678").unwrap()),
            Action::Pin(Pin::parse("1234").unwrap()),
            Action::ConsentAll(Overall::All),
            Action::ConsentOne { topic, agreed: true },
            Action::Numbers(numbers()),
            Action::LimitCertificate { agreed: true },
            Action::Destination(what / 64),
            Action::Withdraw(topic),
            Action::VisualByAccount { reason: VisualReason::CannotOperate },
            Action::NotConfirmed,
        ],
        what,
    )
}
