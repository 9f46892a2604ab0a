//! All states, each with exactly the data it needs, and the screen that follows from it.

use super::Config;
use super::away::Away;
use super::case::Case;
use super::closing::{Ending, Steps};
use super::fallback::{self, Page};
use super::person::Person;
use crate::card::{CardFacts, CardProblem, Trust};
use crate::consent::{ConsentAnswer, ConsentSkipped, Topic};
use crate::effect::{EffectId, VisitId};
use crate::event::PasscodeProblem;
use crate::fallback::Why;
use crate::identity::{Method, VisualReason};
use crate::items::ItemsNotice;
use crate::share::Payment;
use crate::view::{After, CodeScreenProblem, Fault, MethodNotice, Outcome, Screen};

/// Where the kiosk is. Sessions are boxed: they move from state to state.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum State {
    OutOfService(Fault),
    Idle,
    /// A card lies there, but a command to the previous one is still unanswered.
    Settling {
        visit: VisitId,
        away: Option<Box<Away>>,
    },
    Inspecting {
        visit: VisitId,
        away: Option<Box<Away>>,
        effect: EffectId,
    },
    LookingUp {
        visit: VisitId,
        card: Box<CardFacts>,
        effect: EffectId,
    },
    CardProblem {
        visit: VisitId,
        problem: CardProblem,
    },
    /// The card was taken in the middle of a visit.
    Away(Box<Away>),
    Application {
        person: Box<Person>,
    },
    Choosing {
        person: Box<Person>,
        notice: Option<MethodNotice>,
    },
    TypingCode {
        person: Box<Person>,
        problem: Option<CodeScreenProblem>,
        /// The person shows the card to the camera, so it may be taken.
        shown: bool,
    },
    ReadingPhoto {
        person: Box<Person>,
        effect: EffectId,
    },
    /// The face worker prepares the reference.
    Preparing {
        person: Box<Person>,
    },
    Facing {
        person: Box<Person>,
    },
    EnteringPin {
        person: Box<Person>,
        wrong: bool,
    },
    PinLastTry {
        person: Box<Person>,
    },
    CheckingPin {
        person: Box<Person>,
        effect: EffectId,
    },
    AskingStaff {
        person: Box<Person>,
        problem: Option<PasscodeProblem>,
    },
    CheckingPasscode {
        person: Box<Person>,
        reason: VisualReason,
        effect: EffectId,
    },
    /// The person is identified: by what are the basic four items of the card to be opened?
    AskingItems {
        person: Box<Person>,
        notice: Option<ItemsNotice>,
    },
    EnteringItemsPin {
        person: Box<Person>,
        wrong: bool,
    },
    /// The card is asked for the items, or for their counters.
    ReadingItems {
        person: Box<Person>,
        effect: EffectId,
    },
    /// The clinic's patient list is asked.
    Finding {
        person: Box<Person>,
        effect: EffectId,
    },
    Opening {
        person: Box<Person>,
        method: Method,
        effect: EffectId,
    },
    ConsentSkipped {
        person: Box<Person>,
        why: ConsentSkipped,
    },
    Consenting {
        person: Box<Person>,
        topics: Vec<Topic>,
        page: ConsentPage,
    },
    Querying {
        person: Box<Person>,
        consents: Vec<ConsentAnswer>,
        effect: EffectId,
    },
    Fallback {
        case: Box<Case>,
        page: Page,
    },
    Closing {
        ending: Box<Ending>,
        steps: Steps,
    },
    Finished {
        ending: Box<Ending>,
        withdrawing: Option<(EffectId, Topic)>,
    },
    TakeCard {
        outcome: Outcome,
        after: After,
        payment: Payment,
        reminder: u8,
    },
    Farewell {
        after: After,
    },
}

/// Where the consent questions are.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ConsentPage {
    Overview,
    /// Answers given so far; the next topic is the one at their number.
    OneByOne(Vec<ConsentAnswer>),
}

impl State {
    /// Whether this state waits for the answer to `id`.
    pub(super) fn awaits(&self, id: EffectId) -> bool {
        match self {
            Self::Inspecting { effect, .. }
            | Self::LookingUp { effect, .. }
            | Self::ReadingPhoto { effect, .. }
            | Self::CheckingPin { effect, .. }
            | Self::CheckingPasscode { effect, .. }
            | Self::ReadingItems { effect, .. }
            | Self::Finding { effect, .. }
            | Self::Opening { effect, .. }
            | Self::Querying { effect, .. } => *effect == id,
            Self::Fallback { page, .. } => fallback::awaits(page) == Some(id),
            Self::Closing { steps, .. } => [steps.delivery, steps.number].contains(&Some(id)),
            Self::Finished { withdrawing, .. } => {
                withdrawing.is_some_and(|(effect, _)| effect == id)
            }
            _ => false,
        }
    }

    /// Whether 「やめる」 works here: not while the card is being written to, nothing runs, or the
    /// visit is to be handed to the staff.
    pub(super) fn may_be_stopped(&self) -> bool {
        match self {
            Self::LookingUp { .. } | Self::CardProblem { .. } | Self::Away(_) => true,
            Self::ReadingPhoto { .. }
            | Self::CheckingPin { .. }
            | Self::ReadingItems { .. }
            | Self::Finding { .. }
            | Self::Querying { .. } => false,
            // The step `code` stays on the screen while the card that was shown is looked at again.
            Self::Settling { away, .. } | Self::Inspecting { away, .. } => {
                away.as_ref().is_some_and(|away| away.shown_front().is_some())
            }
            _ => self.person().is_some(),
        }
    }

    /// The person, in the states that lead through the visit by card.
    pub(super) fn person(&self) -> Option<&Person> {
        match self {
            Self::Application { person }
            | Self::Choosing { person, .. }
            | Self::TypingCode { person, .. }
            | Self::ReadingPhoto { person, .. }
            | Self::Preparing { person }
            | Self::Facing { person }
            | Self::EnteringPin { person, .. }
            | Self::PinLastTry { person }
            | Self::CheckingPin { person, .. }
            | Self::AskingStaff { person, .. }
            | Self::CheckingPasscode { person, .. }
            | Self::AskingItems { person, .. }
            | Self::EnteringItemsPin { person, .. }
            | Self::ReadingItems { person, .. }
            | Self::Finding { person, .. }
            | Self::Opening { person, .. }
            | Self::ConsentSkipped { person, .. }
            | Self::Consenting { person, .. }
            | Self::Querying { person, .. } => Some(person),
            _ => None,
        }
    }

    /// What may be said about paying to whoever ends the visit here.
    pub(super) fn payment(&self) -> Payment {
        match self {
            Self::CardProblem { problem, .. } => Why::Card(*problem).payment(),
            Self::LookingUp { .. } | Self::Away(_) => Payment::AsAlways,
            Self::Settling { away, .. } | Self::Inspecting { away, .. } if away.is_some() => {
                Payment::AsAlways
            }
            _ if self.person().is_some() => Payment::AsAlways,
            _ => Payment::AtReception,
        }
    }

    /// Whether the visit is made with a card of the practice root.
    pub(super) fn has_practice_card(&self) -> bool {
        let in_hand = self.away().filter(|away| away.shown_front().is_some());
        let trust = match in_hand.map_or(self, |away| &away.inner) {
            Self::LookingUp { card, .. } => Some(card.trust),
            Self::Fallback { case, .. } => case.person.as_ref().map(|person| person.card.trust),
            Self::Closing { ending, .. } | Self::Finished { ending, .. } => ending.trust,
            other => other.person().map(|person| person.card.trust),
        };
        trust == Some(Trust::Practice)
    }

    /// The person of `person`, to change.
    pub(super) fn person_mut(&mut self) -> Option<&mut Person> {
        match self {
            Self::Application { person }
            | Self::Choosing { person, .. }
            | Self::TypingCode { person, .. }
            | Self::ReadingPhoto { person, .. }
            | Self::Preparing { person }
            | Self::Facing { person }
            | Self::EnteringPin { person, .. }
            | Self::PinLastTry { person }
            | Self::CheckingPin { person, .. }
            | Self::AskingStaff { person, .. }
            | Self::CheckingPasscode { person, .. }
            | Self::AskingItems { person, .. }
            | Self::EnteringItemsPin { person, .. }
            | Self::ReadingItems { person, .. }
            | Self::Finding { person, .. }
            | Self::Opening { person, .. }
            | Self::ConsentSkipped { person, .. }
            | Self::Consenting { person, .. }
            | Self::Querying { person, .. } => Some(person),
            _ => None,
        }
    }

    /// The visit that has not ended yet.
    pub(super) fn open_visit(&self) -> Option<VisitId> {
        match self {
            Self::Settling { away: Some(away), .. } | Self::Inspecting { away: Some(away), .. } => {
                away.inner.open_visit()
            }
            Self::Away(away) => away.inner.open_visit(),
            Self::Settling { visit, .. }
            | Self::Inspecting { visit, .. }
            | Self::LookingUp { visit, .. }
            | Self::CardProblem { visit, .. } => Some(*visit),
            Self::Fallback { case, .. } => Some(case.visit),
            _ => self.person().map(|person| person.visit),
        }
    }

    /// The visit whose person is at the kiosk, open or at its end.
    pub(super) fn visit(&self) -> Option<VisitId> {
        match self {
            Self::Closing { ending, .. } | Self::Finished { ending, .. } => Some(ending.visit),
            other => other.open_visit(),
        }
    }

    /// What the kiosk shows.
    pub(super) fn screen(&self, config: &Config, fault: Option<Fault>) -> Screen {
        if let (Some(front), None) = (self.away().and_then(Away::shown_front), fault) {
            return front;
        }
        match self {
            Self::OutOfService(fault) => Screen::OutOfService(*fault),
            Self::Idle => Screen::Idle,
            Self::Settling { .. } | Self::Inspecting { .. } | Self::LookingUp { .. } => {
                Screen::Reading
            }
            Self::CardProblem { problem, .. } => Screen::CardProblem(*problem),
            Self::Away(away) => {
                Screen::CardAway { problem: away.problem, reader_lost: fault.is_some() }
            }
            Self::Application { .. } => Screen::Application,
            Self::Choosing { person, notice } => Screen::Method {
                offers: person.offers(config),
                standing: person.standing,
                notice: *notice,
            },
            Self::TypingCode { person, problem, .. } => {
                Screen::Code { problem: *problem, purpose: person.code_purpose() }
            }
            Self::ReadingPhoto { .. } | Self::Preparing { .. } => Screen::ReadingPhoto,
            Self::Facing { person } => person.face_screen(),
            Self::EnteringPin { person, wrong } => {
                Screen::Pin { tries_left: person.card.pin_tries.count(), wrong: *wrong }
            }
            Self::PinLastTry { .. } => Screen::PinLastTry,
            Self::CheckingPin { .. } => Screen::CheckingPin,
            Self::AskingStaff { problem, .. } => Screen::Staff { problem: *problem },
            Self::CheckingPasscode { .. } => Screen::CheckingPasscode,
            Self::AskingItems { person, notice } => person.items_screen(*notice),
            Self::EnteringItemsPin { person, wrong } => {
                Screen::ItemsPin { tries_left: person.items_pin_tries(), wrong: *wrong }
            }
            Self::ReadingItems { .. } => Screen::ReadingItems,
            Self::Finding { .. } => Screen::Finding,
            Self::Opening { .. } => Screen::Opening,
            Self::ConsentSkipped { why, .. } => Screen::ConsentSkipped(*why),
            Self::Consenting { topics, page, .. } => consent_screen(topics, page),
            Self::Fallback { case, page } => fallback::screen(case, page),
            Self::Closing { steps, .. } if steps.asks_destination => Screen::Destination,
            Self::Querying { .. } | Self::Closing { .. } => Screen::Waiting,
            Self::Finished { ending, .. } => Screen::Finished(ending.finished.clone()),
            Self::TakeCard { outcome, after, payment, reminder } => Screen::TakeCard {
                outcome: *outcome,
                after: *after,
                payment: *payment,
                reminder: *reminder,
            },
            Self::Farewell { after } => Screen::Farewell { after: *after },
        }
    }
}

fn consent_screen(topics: &[Topic], page: &ConsentPage) -> Screen {
    let ConsentPage::OneByOne(answers) = page else {
        return Screen::ConsentAll { topics: topics.to_vec() };
    };
    match topics.get(answers.len()) {
        Some(topic) => Screen::ConsentOne {
            topic: *topic,
            number: u8::try_from(answers.len() + 1).unwrap_or(u8::MAX),
            of: u8::try_from(topics.len()).unwrap_or(u8::MAX),
        },
        // Answering the last topic leaves this state, so there is always a next one.
        None => Screen::Waiting,
    }
}
