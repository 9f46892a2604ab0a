//! Where the eligibility system is reached by numbers only: from the identified person over the basic four items of the card and
//! the clinic's patient list to the insurance that the clinic knows.

use super::case::Case;
use super::fallback::{self, Page};
use super::person::Person;
use super::shared::Shared;
use super::state::State;
use super::{away, placed};
use crate::card::TriesLeft;
use crate::claim::ClaimNote;
use crate::code_b::Candidates;
use crate::effect::{Record, Request};
use crate::eligibility::Qualification;
use crate::event::Action;
use crate::fallback::{NoNumbers, Why};
use crate::gateway::Question;
use crate::identity::WhyNot;
use crate::items::{
    ITEMS_PIN_STOP_AT, ItemsKey, ItemsNotice, ItemsProblem, ItemsTries, ItemsWay, Sought,
};
use crate::patient::{CardOwner, Found};
use crate::secret::ItemsPin;
use crate::view::{CodeScreenProblem, Screen};

/// The person is known. What is read already is enough; else the counters come first.
pub(super) fn begin(shared: &mut Shared, person: Box<Person>) -> State {
    if person.owner.is_some() { find(shared, person) } else { count(shared, person) }
}

/// Reads the two counters anew: the card may have been elsewhere.
pub(super) fn count(shared: &mut Shared, mut person: Box<Person>) -> State {
    person.items_tries = None;
    match shared.card_request(Request::CountItemsTries) {
        Some(effect) => State::ReadingItems { person, effect },
        None => State::AskingItems { person, notice: Some(ItemsNotice::CardFailed) },
    }
}

pub(super) fn counted(mut person: Box<Person>, tries: Option<ItemsTries>) -> State {
    person.items_tries = tries;
    let notice = tries.is_none().then_some(ItemsNotice::CardFailed);
    State::AskingItems { person, notice }
}

impl Person {
    /// Whether the items may be opened so. Before the counters are known it may be asked for, and they are read then.
    fn items_offer(&self, way: ItemsWay) -> Result<(), WhyNot> {
        match (way, self.items_tries) {
            (_, None) => Ok(()),
            (ItemsWay::Code, Some(tries)) => tries.code_offer(self.card.code_b_tries),
            (ItemsWay::Pin, Some(tries)) => tries.pin_offer(),
        }
    }

    /// The question by what the items are to be opened.
    pub(super) fn items_screen(&self, notice: Option<ItemsNotice>) -> Screen {
        let offers = [ItemsWay::Code, ItemsWay::Pin].map(|way| (way, self.items_offer(way)));
        Screen::Items { offers, notice }
    }

    /// Tries left on the PIN of the items, as far as they are known.
    pub(super) fn items_pin_tries(&self) -> u8 {
        self.items_tries.map_or(0, |tries| tries.pin.count())
    }

    /// Remembers what the card said about a refused secret.
    pub(super) fn note_items_tries(&mut self, problem: ItemsProblem) {
        let tries = self.items_tries.as_mut();
        match (problem, tries) {
            (ItemsProblem::WrongCode(left), _) => self.card.code_b_tries = left,
            (ItemsProblem::CodeTriesLow, Some(tries)) => tries.code = TriesLeft::Count(0),
            (ItemsProblem::WrongPin(left) | ItemsProblem::PinTriesLow(left), Some(tries)) => {
                tries.pin = left;
            }
            _ => {}
        }
    }
}

/// `Err` gives the state back unchanged.
pub(super) fn act(shared: &mut Shared, state: State, action: Action) -> Result<State, State> {
    match (state, action) {
        (State::AskingItems { person, .. }, Action::ChooseItems(way)) => {
            Ok(choose(shared, person, way))
        }
        (State::AskingItems { person, .. }, Action::OtherWays) => {
            Ok(without(shared, person, NoNumbers::ItemsUnread))
        }
        (
            State::TypingCode { person, .. } | State::EnteringItemsPin { person, .. },
            Action::Back,
        ) => Ok(State::AskingItems { person, notice: None }),
        (State::TypingCode { person, problem, .. }, Action::ShowCard) => {
            Ok(State::TypingCode { person, problem, shown: true })
        }
        (State::TypingCode { person, shown, .. }, Action::Code(typed)) => {
            Ok(match super::identify::possible(shared, &typed) {
                Ok(codes) => read_by_code(shared, person, codes),
                Err(problem) => State::TypingCode { person, problem: Some(problem), shown },
            })
        }
        // It is typed then.
        (State::TypingCode { mut person, problem, .. }, Action::CameraMissing) => {
            person.camera = false;
            Ok(State::TypingCode { person, problem, shown: false })
        }
        (State::EnteringItemsPin { person, .. }, Action::ItemsPin(pin)) => {
            Ok(read_by_pin(shared, person, pin))
        }
        (other, _) => Err(other),
    }
}

fn choose(shared: &mut Shared, person: Box<Person>, way: ItemsWay) -> State {
    if person.items_tries.is_none() {
        return count(shared, person);
    }
    match (person.items_offer(way), way) {
        (Ok(()), ItemsWay::Code) => State::TypingCode { person, problem: None, shown: false },
        (Ok(()), ItemsWay::Pin) => State::EnteringItemsPin { person, wrong: false },
        // Not possible any more: the screen says why.
        (Err(_), _) => State::AskingItems { person, notice: None },
    }
}

/// Presents 照合番号B, unless the card came back with too few tries.
pub(super) fn read_by_code(shared: &mut Shared, person: Box<Person>, codes: Candidates) -> State {
    if person.items_offer(ItemsWay::Code).is_err() {
        return State::AskingItems { person, notice: Some(ItemsNotice::CodeTriesLow) };
    }
    read(shared, person, ItemsKey::Code(codes))
}

fn read_by_pin(shared: &mut Shared, person: Box<Person>, pin: ItemsPin) -> State {
    if person.items_offer(ItemsWay::Pin).is_err() {
        return State::AskingItems { person, notice: Some(ItemsNotice::PinTriesLow) };
    }
    read(shared, person, ItemsKey::Pin(pin))
}

fn read(shared: &mut Shared, person: Box<Person>, key: ItemsKey) -> State {
    match shared.card_request(Request::ReadItems { key }) {
        Some(effect) => State::ReadingItems { person, effect },
        None => State::AskingItems { person, notice: Some(ItemsNotice::CardFailed) },
    }
}

pub(super) fn was_read(
    shared: &mut Shared,
    mut person: Box<Person>,
    read: Result<Box<CardOwner>, ItemsProblem>,
) -> State {
    let problem = match read {
        Ok(owner) if person.may_be(&owner) => {
            person.owner = Some(owner);
            return find(shared, person);
        }
        Ok(_) => ItemsProblem::NotVerified,
        Err(problem) => problem,
    };
    let notice = match problem {
        ItemsProblem::WrongCode(left) if person.items_offer(ItemsWay::Code).is_ok() => {
            let problem = Some(CodeScreenProblem::Wrong { tries_left: left.count() });
            return State::TypingCode { person, problem, shown: false };
        }
        ItemsProblem::WrongCode(_) | ItemsProblem::CodeTriesLow => ItemsNotice::CodeTriesLow,
        ItemsProblem::WrongPin(left) => {
            let tries_left = left.count();
            shared.record(person.visit, Record::ItemsPinRefused { tries_left });
            if left.count() > ITEMS_PIN_STOP_AT && person.items_offer(ItemsWay::Pin).is_ok() {
                return State::EnteringItemsPin { person, wrong: true };
            }
            ItemsNotice::PinTriesLow
        }
        ItemsProblem::PinTriesLow(_) => ItemsNotice::PinTriesLow,
        ItemsProblem::NotVerified => ItemsNotice::Unreadable,
        ItemsProblem::NotGenuine(doubt) => return placed::doubted(shared, person.visit, doubt),
        ItemsProblem::CardFailed => ItemsNotice::CardFailed,
    };
    State::AskingItems { person, notice: Some(notice) }
}

impl Person {
    /// The items name the same birth date as the signed record with the photo, where that was read.
    pub(super) fn may_be(&self, owner: &CardOwner) -> bool {
        self.proved.is_none_or(|birth| Qualification::is_born_on(owner.birth, birth))
    }
}

/// From here on the card is not needed any more.
fn find(shared: &mut Shared, person: Box<Person>) -> State {
    let Some(owner) = person.owner.clone() else {
        return without(shared, person, NoNumbers::ItemsUnread);
    };
    shared.request(Request::ForgetPerson);
    shared.request(Request::ReleaseCard);
    let effect = shared.request(Request::FindPatient { owner });
    State::Finding { person, effect }
}

/// What the clinic's list said. One that does not answer in time has told nobody who it is: staff look.
pub(super) fn found(shared: &mut Shared, person: Box<Person>, found: Found) -> State {
    let (sought, why) = match found {
        Found::One(known) => match known.numbers {
            Some(numbers) => {
                shared.record(person.visit, Record::PatientSought(Sought::Known));
                let mut case = Case::new(person.visit, Why::NotIdentified);
                case.person = Some(person);
                case.numbers = Some(Box::new(numbers));
                return ask(shared, Box::new(case));
            }
            None => (Sought::WithoutNumbers, NoNumbers::NotKnown),
        },
        Found::Nobody => (Sought::Nobody, NoNumbers::NotInList),
        Found::Unsure => (Sought::Unsure, NoNumbers::Unsure),
    };
    shared.record(person.visit, Record::PatientSought(sought));
    without(shared, person, why)
}

/// Asks about the insurance that the clinic knows. 限度額 is not asked: the person is not in front of a paper.
fn ask(shared: &mut Shared, case: Box<Case>) -> State {
    let Some(numbers) = case.numbers.clone() else {
        return fallback::open(shared, *case);
    };
    let effect = shared.ask(Question::QueryNumbers { numbers, limit_certificate: false });
    State::Fallback { case, page: Page::QueryingKnown { effect } }
}

/// There are no numbers: the papers have some.
fn without(shared: &Shared, person: Box<Person>, why: NoNumbers) -> State {
    let mut case = Case::new(person.visit, Why::NoNumbers(why));
    case.person = Some(person);
    fallback::open(shared, case)
}

/// Back from the navigator to the question by what the items are opened.
pub(super) fn ask_again(shared: &mut Shared, person: Box<Person>) -> State {
    away::resume(shared, State::AskingItems { person, notice: None })
}

/// What staff are told to look at.
pub(super) fn note_of(why: NoNumbers) -> Option<ClaimNote> {
    match why {
        NoNumbers::ItemsUnread => None,
        NoNumbers::NotInList => Some(ClaimNote::PatientNotInList),
        NoNumbers::NotKnown => Some(ClaimNote::PatientWithoutNumbers),
        NoNumbers::Unsure => Some(ClaimNote::PatientUnsure),
    }
}
