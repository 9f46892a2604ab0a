//! A second tap lands on a question that nobody has read: it does not count.

use crate::kiosk::*;
use checkin::code_b::TypedCode;
use checkin::consent::Topic;
use checkin::documents::Document;
use checkin::event::*;
use checkin::fallback::Way;
use checkin::gateway::*;
use checkin::identity::Method;
use checkin::number::TypedNumbers;
use checkin::secret::Pin;
use checkin::statement::TypedStatement;
use checkin::view::Outcome;
use checkin::{ACTS_AFTER_MS, Action, Answer, Screen};

#[test]
fn a_second_tap_on_the_pin_does_not_refuse_the_consents() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Pin));
    kiosk.act(Action::Pin(Pin::parse("1234").unwrap())).answer(Answer::Signed(Ok(())));
    kiosk.answer(Reply::Opened(Ok(opened()))).shows("ConsentAll");
    for _ in [250, 500] {
        kiosk.advance(250).act_at_once(Action::ConsentAll(Overall::None)).shows("ConsentAll");
    }
    kiosk.advance(ACTS_AFTER_MS - 501).act_at_once(Action::ConsentAll(Overall::None));
    assert_eq!((kiosk.visit.early(), kiosk.visit.dropped()), (3, 0));
    kiosk.advance(1).act_at_once(Action::ConsentAll(Overall::All)).shows("Waiting");
}

#[test]
fn a_double_tap_answers_one_topic() {
    let mut kiosk = Kiosk::new();
    let agree = |topic| Action::ConsentOne { topic, agreed: true };
    kiosk.consenting().act(Action::ConsentAll(Overall::Choose)).act(agree(Topic::Operation));
    kiosk.advance(400).act_at_once(agree(Topic::TreatmentAndMedicine)).shows("ConsentOne");
    kiosk.act(agree(Topic::TreatmentAndMedicine)).shows("Waiting");
}

#[test]
fn stopping_waits_too() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().advance(699).act_at_once(Action::Stop).shows("Method");
    kiosk.advance(1).act_at_once(Action::Stop).shows("TakeCard");
}

#[test]
fn a_remark_beside_the_question_does_not_make_it_a_new_one() {
    let mut kiosk = Kiosk::new();
    let asked = kiosk.choosing().act(Action::Choose(Method::Face)).visit.view();
    kiosk.act(Action::Code(TypedCode { month: 13, ..code() }));
    let remarked = kiosk.visit.view();
    assert!(matches!(remarked.screen, Screen::Code { problem: Some(_), .. }));
    assert!(remarked.revision > asked.revision && remarked.question == asked.question);
    kiosk.act_at_once(Action::Code(code())).shows("ReadingPhoto");
}

/// The same answer wrong twice: two views of one question.
fn twice(kiosk: &mut Kiosk, wrong: &Action) {
    let first = kiosk.act(wrong.clone()).visit.view();
    let again = kiosk.act(wrong.clone()).visit.view();
    assert_eq!((&again.screen, again.question), (&first.screen, first.question));
    assert_eq!(again.revision.0, first.revision.0 + 1, "{wrong:?}");
}

#[test]
fn the_same_problem_again_is_a_new_view_of_the_same_question() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Face));
    twice(&mut kiosk, &Action::Code(TypedCode { month: 13, ..code() }));
    // What means nothing here is no answer.
    let before = kiosk.visit.view();
    assert_eq!(kiosk.act(Action::Numbers(numbers())).visit.view(), before);
    let mut kiosk = Kiosk::new();
    kiosk.act(Action::OtherWays).act(Action::Take(Way::Document(Document::EligibilityCertificate)));
    twice(&mut kiosk, &Action::Numbers(TypedNumbers { insurer_number: "1".into(), ..numbers() }));
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::OtherWays).act(Action::Take(Way::Statement));
    let wrong = TypedStatement { name: String::new(), ..statement() };
    twice(&mut kiosk, &Action::Statement(Box::new(wrong)));
}

#[test]
fn camera_and_face_worker_need_not_read() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Face)).act(Action::Code(code()));
    kiosk
        .answer(Answer::PhotoRead(Ok(None.into())))
        .act_at_once(Action::Reference(Ok(())))
        .shows("Face");
    kiosk.act_at_once(Action::CameraMissing).shows("Method");
}

#[test]
fn presence_answers_nothing_and_counts_at_once() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Pin)).advance(30_000);
    assert!(kiosk.visit.view().asks_presence);
    kiosk.act_at_once(Action::Present);
    assert!(!kiosk.visit.view().asks_presence);
    kiosk.act(Action::Stop);
    let Screen::TakeCard { outcome, .. } = kiosk.screen() else { panic!() };
    assert_eq!(outcome, Outcome::Stopped);
}
