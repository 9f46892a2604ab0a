//! The card is shown to the camera, so it is not on the reader.

use crate::kiosk::*;
use checkin::code_b::CodeError;
use checkin::gateway::*;
use checkin::identity::Method;
use checkin::secret::Serial;
use checkin::view::{CodePurpose, CodeScreenProblem, MethodNotice, Outcome};
use checkin::{Action, Answer, ReaderEvent, Record, Request, Screen};

fn at_code() -> Kiosk {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Face)).shows("Code");
    kiosk
}

fn in_hand() -> Kiosk {
    let mut kiosk = at_code();
    let seen = kiosk.visit.view();
    kiosk.act(Action::ShowCard).reader(ReaderEvent::CardRemoved);
    assert_eq!(kiosk.visit.view(), seen, "nothing changes before the person's eyes");
    kiosk
}

fn presented(kiosk: &Kiosk) -> bool {
    kiosk.asked.iter().any(|request| matches!(request, Request::ReadPhoto { .. }))
}

#[test]
fn shown_lifted_confirmed_and_put_back_opens_the_photo() {
    let mut kiosk = in_hand();
    kiosk.act(Action::Code(code())).shows("CardAway");
    let kept = format!("{:?}", kiosk.visit);
    assert!(!kept.contains("5502"), "the number in {kept}");
    kiosk.reader(ReaderEvent::CardPlaced).shows("Reading");
    assert!(!presented(&kiosk), "the card is looked at first");
    kiosk.answer(Answer::Inspected(Ok(card()))).shows("ReadingPhoto");
    assert!(presented(&kiosk));
    kiosk.answer(Answer::PhotoRead(Ok(None.into()))).act(Action::Reference(Ok(()))).shows("Face");
}

#[test]
fn put_back_before_confirming_nothing_changes_on_the_screen() {
    let mut kiosk = in_hand();
    let seen = kiosk.visit.view();
    kiosk.advance(50_000).reader(ReaderEvent::CardPlaced).shows("Code");
    kiosk.advance(11_000).answer(Answer::Inspected(Ok(card()))).shows("Code");
    kiosk.advance(59_000);
    assert_eq!(kiosk.visit.view(), seen);
    kiosk.act(Action::Code(code())).shows("ReadingPhoto");
}

#[test]
fn confirmed_while_the_card_is_looked_at_waits_for_it() {
    let mut kiosk = in_hand();
    kiosk.reader(ReaderEvent::CardPlaced).act(Action::Code(code())).shows("Reading");
    assert!(!presented(&kiosk));
    kiosk.answer(Answer::Inspected(Ok(card()))).shows("ReadingPhoto");
}

#[test]
fn taken_without_showing_is_away() {
    let mut kiosk = at_code();
    kiosk.reader(ReaderEvent::CardRemoved).shows("CardAway").act(Action::ShowCard);
    kiosk.shows("CardAway").act(Action::Code(code())).shows("CardAway");
    kiosk.reader(ReaderEvent::CardPlaced).answer(Answer::Inspected(Ok(card()))).shows("Code");
    assert!(!presented(&kiosk));
}

#[test]
fn going_back_to_typing_ends_the_showing() {
    let mut kiosk = at_code();
    kiosk.act(Action::ShowCard).act(Action::Choose(Method::Face)).shows("Code");
    kiosk.reader(ReaderEvent::CardRemoved).shows("CardAway");
    let mut kiosk = in_hand();
    kiosk.act(Action::Choose(Method::Face)).shows("CardAway");
    let mut kiosk = in_hand();
    kiosk.act(Action::Choose(Method::Pin)).shows("CardAway");
    kiosk.reader(ReaderEvent::CardPlaced).answer(Answer::Inspected(Ok(card()))).shows("Pin");
}

/// The screen still shows 「やめる」 while the card that was put back is looked at.
#[test]
fn one_can_stop_while_the_card_is_looked_at_again() {
    let mut kiosk = in_hand();
    kiosk.reader(ReaderEvent::CardPlaced).shows("Code").act(Action::Stop).shows("TakeCard");
    assert!(kiosk.records().contains(&Record::Ended(Outcome::Stopped)));
    assert!(kiosk.asked.contains(&Request::ForgetPerson) && !presented(&kiosk));
    kiosk.answer(Answer::Inspected(Ok(card()))).shows("TakeCard");
}

#[test]
fn another_card_never_sees_the_number() {
    for confirmed_first in [true, false] {
        let mut kiosk = in_hand();
        if confirmed_first {
            kiosk.act(Action::Code(code())).reader(ReaderEvent::CardPlaced);
        } else {
            kiosk.reader(ReaderEvent::CardPlaced).act(Action::Code(code()));
        }
        let other = checkin::card::CardFacts { serial: Serial::new(vec![9]), ..card() };
        kiosk.answer(Answer::Inspected(Ok(other))).shows("Reading");
        assert!(kiosk.asked.contains(&Request::ForgetPerson));
        kiosk.answer(Reply::LookedUp(Ok(Registration::Registered))).shows("Method");
        kiosk.act(Action::Choose(Method::Face)).shows("Code");
        assert!(!presented(&kiosk) && kiosk.open.is_empty());
    }
}

#[test]
fn an_impossible_number_is_answered_with_the_card_in_hand() {
    let mut kiosk = in_hand();
    let mut impossible = code();
    impossible.month = 13;
    kiosk.act(Action::Code(impossible));
    let problem = Some(CodeScreenProblem::Impossible(CodeError::BirthDate));
    assert_eq!(kiosk.screen(), Screen::Code { problem, purpose: CodePurpose::Photo });
    kiosk.act(Action::Code(code())).shows("CardAway");
}

#[test]
fn the_counter_counts_as_it_is_when_the_card_is_back() {
    let mut kiosk = in_hand();
    kiosk.act(Action::Code(code())).reader(ReaderEvent::CardPlaced);
    let mut tried = card();
    tried.code_b_tries = checkin::card::TriesLeft::Count(5);
    kiosk.answer(Answer::Inspected(Ok(tried)));
    let Screen::Method { notice, .. } = kiosk.screen() else { panic!() };
    assert_eq!(notice, Some(MethodNotice::CodeTriesLow));
    assert!(!presented(&kiosk));
}

#[test]
fn the_visit_waits_as_for_any_card_that_is_away() {
    let mut kiosk = at_code();
    kiosk.act(Action::ShowCard).advance(59_000).reader(ReaderEvent::CardRemoved).shows("Code");
    kiosk.act(Action::Present).advance(59_000).shows("Code").advance(1_000).shows("Idle");
    assert!(kiosk.records().contains(&Record::Ended(Outcome::CardTaken)));
    let mut kiosk = in_hand();
    kiosk.act(Action::Code(code())).advance(60_000).shows("Idle");
    let mut kiosk = in_hand();
    kiosk.act(Action::Stop).shows("Idle");
    let mut kiosk = in_hand();
    kiosk.reader(ReaderEvent::Gone);
    assert_eq!(kiosk.screen(), Screen::CardAway { problem: None, reader_lost: true });
}
