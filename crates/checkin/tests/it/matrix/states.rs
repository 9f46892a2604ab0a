//! The states, and how a kiosk comes into each.

use super::{CERTIFICATE, items_pin, pin, take, visual};
use crate::kiosk::*;
use checkin::card::{CardProblem, TriesLeft};
use checkin::consent::Topic;
use checkin::documents::Document;
use checkin::eligibility::Validity;
use checkin::event::*;
use checkin::fallback::Way;
use checkin::gateway::*;
use checkin::identity::Method;
use checkin::items::ItemsWay;
use checkin::patient::Found;
use checkin::{Action, Answer, Config, ReaderEvent};

pub(crate) type Step = fn(&mut Kiosk);

pub(crate) fn states() -> Vec<(&'static str, Step)> {
    [states_of_the_card(), states_by_numbers(), states_beside_the_card()].concat()
}

fn states_of_the_card() -> Vec<(&'static str, Step)> {
    vec![
        ("OutOfService", |k| {
            k.reader(ReaderEvent::Gone);
        }),
        ("Idle", |_| ()),
        ("Settling", |k| {
            k.reader(ReaderEvent::CardPlaced).reader(ReaderEvent::CardRemoved);
            k.reader(ReaderEvent::CardPlaced);
        }),
        ("Inspecting", |k| {
            k.reader(ReaderEvent::CardPlaced);
        }),
        ("LookingUp", |k| {
            k.placed();
        }),
        ("CardProblem", |k| {
            k.reader(ReaderEvent::CardPlaced);
            k.answer(Answer::Inspected(Err(CardProblem::NotMyNumber)));
        }),
        ("Application", |k| {
            k.placed().answer(Reply::LookedUp(Ok(Registration::NotYet)));
        }),
        ("Choosing", |k| {
            k.choosing();
        }),
        ("TypingCode", |k| {
            k.choosing().act(Action::Choose(Method::Face));
        }),
        ("ShowingCard", |k| {
            showing(k);
        }),
        ("ReadingPhoto", |k| {
            k.choosing().act(Action::Choose(Method::Face)).act(Action::Code(code()));
        }),
        ("Preparing", |k| {
            k.choosing().act(Action::Choose(Method::Face)).act(Action::Code(code()));
            k.answer(Answer::PhotoRead(Ok(None.into())));
        }),
        ("Facing", |k| {
            k.facing();
        }),
        ("EnteringPin", |k| {
            k.choosing().act(Action::Choose(Method::Pin));
        }),
        ("CheckingPin", |k| {
            k.choosing().act(Action::Choose(Method::Pin)).act(pin());
        }),
        ("PinLastTry", |k| {
            k.choosing().act(Action::Choose(Method::Pin)).act(pin());
            k.answer(Answer::Signed(Err(PinProblem::WrongPin(TriesLeft::Count(1)))));
        }),
        ("AskingStaff", |k| {
            k.choosing().act(Action::Choose(Method::Visual));
        }),
        ("CheckingPasscode", |k| {
            k.choosing().act(Action::Choose(Method::Visual)).act(visual());
        }),
        ("Opening", |k| {
            k.facing().act(claim(1, 0.9));
        }),
        ("ConsentSkipped", |k| {
            k.facing().act(claim(1, 0.9)).answer(Reply::Opened(Ok(Opened::default())));
        }),
        ("ConsentingAll", |k| {
            k.consenting();
        }),
        ("ConsentingOne", |k| {
            k.consenting().act(Action::ConsentAll(Overall::Choose));
        }),
        ("Querying", |k| {
            k.consenting().act(Action::ConsentAll(Overall::All));
        }),
    ]
}

fn states_by_numbers() -> Vec<(&'static str, Step)> {
    vec![
        ("CountingItems", |k| {
            by_numbers_only(k).placed().act(Action::Choose(Method::Pin)).act(pin());
            k.answer(Answer::Signed(Ok(())));
        }),
        ("AskingItems", |k| {
            by_numbers_only(k).asking_items();
        }),
        ("TypingItemsCode", |k| {
            by_numbers_only(k).asking_items().act(Action::ChooseItems(ItemsWay::Code));
        }),
        ("ShowingCardForItems", |k| {
            by_numbers_only(k).asking_items().act(Action::ChooseItems(ItemsWay::Code));
            k.act(Action::ShowCard).reader(ReaderEvent::CardRemoved);
        }),
        ("EnteringItemsPin", |k| {
            by_numbers_only(k).asking_items().act(Action::ChooseItems(ItemsWay::Pin));
        }),
        ("ReadingItems", |k| {
            by_numbers_only(k).asking_items().act(Action::ChooseItems(ItemsWay::Pin));
            k.act(items_pin());
        }),
        ("Finding", |k| {
            finding(k);
        }),
        ("QueryingKnown", |k| {
            finding(k).answer(Answer::PatientFound(known(true)));
        }),
        ("WaysNotInList", |k| {
            finding(k).answer(Answer::PatientFound(Found::Nobody));
        }),
        ("WaysItemsUnread", |k| {
            by_numbers_only(k).asking_items().act(Action::OtherWays);
        }),
        ("FinishedByNumbers", |k| {
            finding(k).answer(Answer::PatientFound(known(true)));
            k.answer(Reply::Queried(Ok(eligibility(Validity::Valid)))).closed();
        }),
    ]
}

fn by_numbers_only(kiosk: &mut Kiosk) -> &mut Kiosk {
    *kiosk = Kiosk::with(by_numbers());
    kiosk
}

fn finding(kiosk: &mut Kiosk) -> &mut Kiosk {
    by_numbers_only(kiosk).asking_items().act(Action::ChooseItems(ItemsWay::Pin));
    kiosk.act(items_pin()).answer(Answer::ItemsRead(Ok(owner())))
}

fn states_beside_the_card() -> Vec<(&'static str, Step)> {
    vec![
        ("Away", |k| {
            k.choosing().reader(ReaderEvent::CardRemoved);
        }),
        ("Returning", |k| {
            k.choosing().reader(ReaderEvent::CardRemoved).reader(ReaderEvent::CardPlaced);
        }),
        ("CardInHand", |k| {
            showing(k).reader(ReaderEvent::CardRemoved);
        }),
        ("CardInHandReturning", |k| {
            showing(k).reader(ReaderEvent::CardRemoved).reader(ReaderEvent::CardPlaced);
        }),
        ("AwayWithCode", |k| {
            showing(k).reader(ReaderEvent::CardRemoved).act(Action::Code(code()));
        }),
        ("ReturningWithCode", |k| {
            showing(k).reader(ReaderEvent::CardRemoved).act(Action::Code(code()));
            k.reader(ReaderEvent::CardPlaced);
        }),
        ("WaysWithoutCard", |k| {
            k.act(Action::OtherWays);
        }),
        ("Ways", |k| {
            ways(k);
        }),
        ("TypingNumbers", |k| {
            ways(k).act(take(CERTIFICATE));
        }),
        ("AskingLimit", |k| {
            ways(k).act(take(CERTIFICATE)).act(Action::Numbers(numbers()));
        }),
        ("QueryingNumbers", |k| {
            ways(k).act(take(Document::QualificationNotice)).act(Action::Numbers(numbers()));
        }),
        ("TypingStatement", |k| {
            ways(k).act(Action::Take(Way::Statement));
        }),
        ("MakingStatement", |k| {
            ways(k).act(Action::Take(Way::Statement));
            k.act(Action::Statement(Box::new(statement())));
        }),
        ("StatementReady", |k| {
            ways(k).act(Action::Take(Way::Statement));
            k.act(Action::Statement(Box::new(statement()))).answer(Answer::StatementMade(Ok(())));
        }),
        ("AskingDestination", |k| {
            *k = Kiosk::with(Config { destinations: 2, ..config() });
            k.consenting().act(Action::ConsentAll(Overall::All));
            k.answer(Reply::Queried(Ok(eligibility(Validity::Valid))));
        }),
        ("Closing", |k| {
            k.consenting().act(Action::ConsentAll(Overall::All));
            k.answer(Reply::Queried(Ok(eligibility(Validity::Valid))));
        }),
        ("Finished", |k| {
            finished(k);
        }),
        ("Withdrawing", |k| {
            finished(k).act(Action::Withdraw(Topic::Operation));
        }),
        ("Farewell", |k| {
            finished(k).reader(ReaderEvent::CardRemoved);
        }),
        ("TakeCard", |k| {
            k.choosing().act(Action::Stop);
        }),
    ]
}

fn showing(kiosk: &mut Kiosk) -> &mut Kiosk {
    kiosk.choosing().act(Action::Choose(Method::Face)).act(Action::ShowCard)
}

fn ways(kiosk: &mut Kiosk) -> &mut Kiosk {
    kiosk.consenting().act(Action::ConsentAll(Overall::All));
    kiosk.answer(Reply::Queried(Ok(eligibility(Validity::Invalid))))
}

fn finished(kiosk: &mut Kiosk) -> &mut Kiosk {
    kiosk.consenting().act(Action::ConsentAll(Overall::All));
    kiosk.answer(Reply::Queried(Ok(eligibility(Validity::Valid)))).closed()
}
