//! Whole visits, one per path.

use crate::kiosk::*;
use checkin::card::{CardFacts, TriesLeft, Trust};
use checkin::consent::{ConsentSkipped, Topic};
use checkin::eligibility::Validity;
use checkin::event::*;
use checkin::gateway::*;
use checkin::identity::{Method, ToCompare, VisualReason, WhyNot};
use checkin::reception::ReceptionNumber;
use checkin::secret::{Passcode, Pin};
use checkin::view::{MethodNotice, Outcome};
use checkin::{
    ACTS_AFTER_MS, Action, Answer, Event, ReaderEvent, Record, Request, Screen, VisitId,
};

#[test]
fn face_to_confirmed() {
    let mut kiosk = Kiosk::new();
    kiosk.consenting().shows("ConsentAll");
    kiosk.act(Action::ConsentAll(Overall::All)).shows("Waiting");
    kiosk.answer(Reply::Queried(Ok(eligibility(Validity::Valid)))).shows("Waiting");
    kiosk.closed().shows("Finished");
    let Screen::Finished(finished) = kiosk.screen() else { unreachable!() };
    assert_eq!(finished.outcome, Outcome::Confirmed);
    assert_eq!(finished.name.as_deref(), Some("診療　太郎"));
    assert_eq!(finished.agreed.len(), 2);
    assert_eq!(finished.agreed[0].1, kiosk.now.wall + checkin::consent::CONSENT_LIFE);
    assert_eq!(finished.after.number, Some(ReceptionNumber(12)));
    kiosk.act(Action::Continue).shows("TakeCard");
    kiosk.reader(ReaderEvent::CardRemoved).shows("Farewell").advance(15_000).shows("Idle");
    let names: Vec<String> = kiosk.records().iter().map(name_of).collect();
    let expected = ["Started", "FaceAttempt", "Identified", "Consent", "Consent", "Ended"];
    assert_eq!(names, expected);
}

#[test]
fn another_person_is_never_matched_and_never_locks_the_card() {
    let mut kiosk = Kiosk::new();
    kiosk.facing().act(claim(1, 0.39)).shows("Face");
    kiosk.act(claim(2, 0.1)).shows("Method");
    let notice = |kiosk: &Kiosk| match kiosk.screen() {
        Screen::Method { notice, offers, .. } => (notice, offers),
        other => panic!("{other:?}"),
    };
    let (missed, offers) = notice(&kiosk);
    assert_eq!(missed, Some(MethodNotice::FaceMissed { attempts_left: 1 }));
    assert!(offers.iter().all(|(_, offer)| offer.is_ok()));
    kiosk.act(Action::Choose(Method::Face)).shows("Face");
    kiosk.act(claim(3, 0.39)).shows("Method");
    let (missed, offers) = notice(&kiosk);
    assert_eq!(missed, Some(MethodNotice::FaceMissed { attempts_left: 0 }));
    assert_eq!(offers[0], (Method::Face, Err(WhyNot::FaceAttemptsUsed)));
    assert_eq!(offers[1], (Method::Pin, Ok(())));
    assert_eq!(offers[2], (Method::Visual, Ok(())));
    kiosk.act(Action::Choose(Method::Face)).shows("Method");
}

#[test]
fn a_claim_with_other_models_or_impossible_numbers_is_a_miss() {
    let mut kiosk = Kiosk::new();
    kiosk.facing().act(claim(1, f32::NAN)).shows("Face");
    let Action::Face(mut claim) = claim(2, 0.99) else { unreachable!() };
    claim.model_hash = "other".into();
    kiosk.act(Action::Face(claim)).shows("Method");
    assert!(!kiosk.records().iter().any(|r| matches!(r, Record::Identified { .. })));
}

/// A card of the real root, its photo opened.
fn facing_a_patient() -> Kiosk {
    let mut kiosk = Kiosk::new();
    let card = CardFacts { trust: Trust::Production, ..card() };
    kiosk.reader(ReaderEvent::CardPlaced).answer(Answer::Inspected(Ok(card)));
    kiosk.answer(Reply::LookedUp(Ok(Registration::Registered)));
    kiosk.act(Action::Choose(Method::Face)).act(Action::Code(code()));
    kiosk.answer(Answer::PhotoRead(Ok(born().into()))).act(Action::Reference(Ok(())));
    kiosk
}

#[test]
fn a_claim_sooner_than_its_movements_allow_is_a_miss() {
    let mut kiosk = facing_a_patient();
    kiosk.advance(2 * 350 - 1).act(claim(1, 0.9));
    assert_eq!(kiosk.screen(), Screen::Face { attempt: 2, of: 3, nonce: NONCE });
    kiosk.advance(2 * 350).act(claim(2, 0.9)).shows("Opening");
}

#[test]
fn a_claim_for_another_attempt_is_a_miss() {
    let mut kiosk = facing_a_patient();
    let Action::Face(mut forged) = claim(1, 0.9) else { unreachable!() };
    forged.nonce ^= 1;
    kiosk.advance(10_000).act(Action::Face(forged));
    assert_eq!(kiosk.screen(), Screen::Face { attempt: 2, of: 3, nonce: NONCE });
}

#[test]
fn each_face_attempt_has_a_nonce_of_its_own() {
    let mut kiosk = facing_a_patient();
    let seen = kiosk.visit.view().revision;
    kiosk.visit.supply(7);
    let action = claim(1, 0.1);
    kiosk.visit.handle(kiosk.now, Event::Acted { seen, action });
    assert_eq!(kiosk.screen(), Screen::Face { attempt: 2, of: 3, nonce: 7 });
}

#[test]
fn the_photo_is_handed_over_by_the_visit_that_opened_it() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Face)).act(Action::Code(code()));
    let handed_over = |kiosk: &Kiosk| kiosk.asked.contains(&Request::HandOverPhoto);
    assert!(!handed_over(&kiosk));
    kiosk.answer(Answer::PhotoRead(Ok(born().into())));
    assert!(handed_over(&kiosk));
    // One that comes when the visit has gone on is not.
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Face)).act(Action::Code(code()));
    kiosk.advance(12_000).shows("Method").answer(Answer::PhotoRead(Ok(born().into())));
    assert!(!handed_over(&kiosk));
}

#[test]
fn nobody_before_the_camera_is_not_a_miss() {
    let mut kiosk = Kiosk::new();
    kiosk.facing().act(no_face(1)).shows("Method").act(Action::Choose(Method::Face));
    assert_eq!(kiosk.screen(), Screen::Face { attempt: 1, of: 3, nonce: NONCE });
}

#[test]
fn wrong_pins_stop_with_one_try_left() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Pin));
    assert_eq!(kiosk.screen(), Screen::Pin { tries_left: 3, wrong: false });
    let pin = || Action::Pin(Pin::parse("9999").unwrap());
    let wrong = |left| Answer::Signed(Err(PinProblem::WrongPin(TriesLeft::Count(left))));
    kiosk.act(pin()).shows("CheckingPin").answer(wrong(2));
    assert_eq!(kiosk.screen(), Screen::Pin { tries_left: 2, wrong: true });
    kiosk.act(pin()).answer(wrong(1)).shows("PinLastTry");
    kiosk.act(pin()).shows("PinLastTry");
    assert!(kiosk.open.is_empty(), "the card must not see a PIN here");
    kiosk.act(Action::Choose(Method::Pin)).shows("PinLastTry");
    kiosk.act(Action::InsistOnPin).shows("Pin").act(pin()).answer(wrong(0)).shows("Method");
    kiosk.act(Action::Choose(Method::Pin)).shows("Method");
    kiosk.act(Action::Choose(Method::Visual)).shows("Staff");
}

#[test]
fn right_pin_goes_on() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Pin));
    kiosk.act(Action::Pin(Pin::parse("1234").unwrap())).answer(Answer::Signed(Ok(())));
    kiosk.shows("Opening").answer(Reply::Opened(Ok(opened()))).shows("ConsentAll");
}

#[test]
fn staff_confirm_by_eye_for_one_visit() {
    let mut kiosk = Kiosk::new();
    let visual = || Action::Visual {
        passcode: Passcode::parse("0000").unwrap(),
        reason: VisualReason::CannotOperate,
    };
    kiosk.choosing().act(Action::Choose(Method::Visual)).act(visual()).shows("CheckingPasscode");
    kiosk.answer(Answer::PasscodeChecked(Err(PasscodeProblem::Wrong))).shows("Staff");
    kiosk.act(visual()).answer(Answer::PasscodeChecked(Ok(()))).shows("Opening");
    let identified =
        Record::Identified { method: Method::Visual, reason: Some(VisualReason::CannotOperate) };
    assert!(kiosk.records().contains(&identified));
    kiosk.reader(ReaderEvent::CardRemoved).act(Action::Stop).open.clear();
    kiosk.choosing().shows("Method");
}

#[test]
fn staff_with_an_account_confirm_without_the_passcode_and_only_when_it_is_their_turn() {
    let mut kiosk = Kiosk::new();
    let confirm = || Action::VisualByAccount { reason: VisualReason::FaceNotMatched };
    kiosk.facing();
    assert_eq!(kiosk.visit.to_compare(), None, "nobody asked for staff");
    kiosk.act_at_once(confirm()).shows("Face").act(Action::NotConfirmed).shows("Face");
    kiosk.act(Action::Choose(Method::Visual)).shows("Staff");
    assert_eq!(kiosk.visit.to_compare(), Some(ToCompare { visit: VisitId(7), birth: born() }));
    kiosk.act_at_once(confirm()).shows("Opening");
    assert_eq!(kiosk.visit.to_compare(), None);
    let identified =
        Record::Identified { method: Method::Visual, reason: Some(VisualReason::FaceNotMatched) };
    assert!(kiosk.records().contains(&identified));
    assert!(!kiosk.asked.iter().any(|asked| matches!(asked, Request::CheckPasscode { .. })));
}

#[test]
fn a_no_of_staff_leads_back_and_ends_the_check_by_eye_for_this_visit() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Visual)).advance(ACTS_AFTER_MS - 1);
    kiosk.act_at_once(Action::NotConfirmed).shows("Staff").advance(1);
    kiosk.act_at_once(Action::NotConfirmed);
    let Screen::Method { offers, notice, .. } = kiosk.screen() else { panic!() };
    assert_eq!(notice, Some(MethodNotice::NotConfirmed));
    let why: Vec<_> = offers.iter().map(|(_, offer)| *offer).collect();
    assert_eq!(why, [Ok(()), Ok(()), Err(WhyNot::NotConfirmed)], "the other ways are open");
    assert!(kiosk.records().contains(&Record::NotConfirmed));
    kiosk.act(Action::Choose(Method::Visual)).shows("Method");
    kiosk.act(Action::OtherWays).shows("Fallback").reader(ReaderEvent::CardRemoved).open.clear();
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Visual)).act(Action::NotConfirmed);
    kiosk.reader(ReaderEvent::CardRemoved).act(Action::Stop).open.clear();
    kiosk.choosing().act(Action::Choose(Method::Visual)).shows("Staff");
}

#[test]
fn first_time_is_explained_and_registered() {
    let mut kiosk = Kiosk::new();
    kiosk.placed().answer(Reply::LookedUp(Ok(Registration::NotYet))).shows("Application");
    kiosk.act(Action::Continue).shows("Method").act(Action::Choose(Method::Pin));
    kiosk.act(Action::Pin(Pin::parse("1234").unwrap())).answer(Answer::Signed(Ok(())));
    assert!(
        kiosk
            .asked
            .iter()
            .any(|r| matches!(r, Request::Ask(Question::Open { register: true, .. })))
    );
    kiosk.answer(Reply::Opened(Ok(opened()))).shows("ConsentAll");
    assert!(kiosk.records().contains(&Record::Registered));
}

#[test]
fn no_medical_consent_in_grace() {
    let mut kiosk = Kiosk::new();
    let expired = card_until("2026-11-01T23:59:59+09:00");
    kiosk.reader(ReaderEvent::CardPlaced).answer(Answer::Inspected(Ok(expired)));
    kiosk.answer(Reply::LookedUp(Ok(Registration::Registered)));
    kiosk.act(Action::Choose(Method::Pin)).act(Action::Pin(Pin::parse("1234").unwrap()));
    kiosk.answer(Answer::Signed(Ok(()))).answer(Reply::Opened(Ok(opened())));
    assert_eq!(kiosk.screen(), Screen::ConsentSkipped(ConsentSkipped::CertificateInGrace));
    kiosk.act(Action::Continue).shows("Waiting");
    let Some(Request::Ask(Question::Query { consents, .. })) = kiosk.asked.last() else { panic!() };
    assert!(consents.is_empty());
}

#[test]
fn consent_one_by_one_counts_only_at_the_end() {
    let mut kiosk = Kiosk::new();
    kiosk.consenting().act(Action::ConsentAll(Overall::Choose));
    let one = |topic, agreed| Action::ConsentOne { topic, agreed };
    kiosk.act(one(Topic::TreatmentAndMedicine, true));
    assert_eq!(
        kiosk.screen(),
        Screen::ConsentOne { topic: Topic::Operation, number: 1, of: 2 },
        "an answer to a topic that is not shown means nothing"
    );
    kiosk.act(one(Topic::Operation, false));
    assert!(!kiosk.records().iter().any(|r| matches!(r, Record::Consent(_))));
    kiosk.act(one(Topic::TreatmentAndMedicine, true)).shows("Waiting");
    let Some(Request::Ask(Question::Query { consents, .. })) = kiosk.asked.last() else { panic!() };
    assert_eq!(consents.iter().map(|c| c.agreed).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn refusing_costs_one_act_like_agreeing() {
    let mut kiosk = Kiosk::new();
    kiosk.consenting().act(Action::ConsentAll(Overall::None)).shows("Waiting");
    kiosk.answer(Reply::Queried(Ok(eligibility(Validity::Valid)))).closed().shows("Finished");
    let Screen::Finished(finished) = kiosk.screen() else { unreachable!() };
    assert_eq!((finished.outcome, finished.agreed.len()), (Outcome::Confirmed, 0));
}

#[test]
fn the_code_is_not_tried_when_few_tries_are_left() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Face)).act(Action::Code(code()));
    let wrong = |n| Answer::PhotoRead(Err(PhotoProblem::WrongCode(TriesLeft::Count(n))));
    kiosk.answer(wrong(6)).shows("Code").act(Action::Code(code())).answer(wrong(5)).shows("Method");
    kiosk.act(Action::Choose(Method::Face)).shows("Method");
}

#[test]
fn an_old_answer_and_an_old_act_mean_nothing() {
    let mut kiosk = Kiosk::new();
    kiosk.reader(ReaderEvent::CardPlaced);
    let (id, _) = kiosk.open[0].clone();
    kiosk.reader(ReaderEvent::CardRemoved).shows("Idle");
    kiosk.event(Event::Answered { id, answer: Answer::Inspected(Ok(card())) }).shows("Idle");
    assert_eq!(kiosk.visit.dropped(), 1);
    let old = kiosk.visit.view().revision;
    kiosk.open.clear();
    kiosk.choosing().event(Event::Acted { seen: old, action: Action::Stop }).shows("Method");
    assert_eq!(kiosk.visit.dropped(), 2);
}

#[test]
fn the_next_card_waits_for_the_answer_to_the_last_command() {
    let mut kiosk = Kiosk::new();
    kiosk.reader(ReaderEvent::CardPlaced).reader(ReaderEvent::CardRemoved);
    kiosk.reader(ReaderEvent::CardPlaced).shows("Reading");
    assert_eq!(kiosk.open.len(), 1, "one command in flight");
    kiosk.answer(Answer::Inspected(Err(checkin::card::CardProblem::Unreadable)));
    kiosk.shows("Reading");
    assert_eq!(kiosk.open.len(), 1, "now the new card is read");
    kiosk.answer(Answer::Inspected(Ok(card()))).shows("Reading");
}
