//! Where the eligibility system is reached by numbers only: the card names its owner, the clinic's list knows the insurance.

use crate::kiosk::*;
use checkin::card::{Doubt, TriesLeft};
use checkin::claim::{ClaimNote, NumberSource};
use checkin::deadlines::{LIST_MS, TERMINAL_SHOWN_MS};
use checkin::documents::Document;
use checkin::effect::Handover;
use checkin::eligibility::{Asked, Validity};
use checkin::era::{Era, TypedDate};
use checkin::event::CardFace;
use checkin::fallback::{NoNumbers, Way, Why};
use checkin::gateway::{GatewayTrouble, Question, Reply};
use checkin::identity::{Method, WhyNot};
use checkin::items::{ItemsKey, ItemsNotice, ItemsProblem, ItemsWay, Sought};
use checkin::number::{Field, FieldProblem};
use checkin::patient::Found;
use checkin::reception::StaffNotice;
use checkin::secret::{ItemsPin, Passcode};
use checkin::view::{CodePurpose, Finished};
use checkin::{Action, Answer, ReaderEvent, Record, Request, Screen};

fn kiosk() -> Kiosk {
    Kiosk::with(by_numbers())
}

fn items_pin() -> Action {
    Action::ItemsPin(ItemsPin::parse("5678").unwrap())
}

fn wrong_pin(left: u8) -> Answer {
    Answer::ItemsRead(Err(ItemsProblem::WrongPin(TriesLeft::Count(left))))
}

/// Identified by the face; 照合番号B opened photo and items.
fn by_face(kiosk: &mut Kiosk) -> &mut Kiosk {
    kiosk.placed().act(Action::Choose(Method::Face)).act(Action::Code(code()));
    let face = CardFace { birth: born(), owner: Some(owner()) };
    kiosk.answer(Answer::PhotoRead(Ok(face))).act(Action::Reference(Ok(()))).act(claim(1, 0.9))
}

fn by_items_pin(kiosk: &mut Kiosk) -> &mut Kiosk {
    kiosk.asking_items().act(Action::ChooseItems(ItemsWay::Pin)).act(items_pin());
    kiosk.answer(Answer::ItemsRead(Ok(owner())))
}

fn finished(kiosk: &Kiosk) -> Finished {
    let Screen::Finished(finished) = kiosk.screen() else { panic!("{:?}", kiosk.screen()) };
    finished
}

fn last_notice(kiosk: &Kiosk) -> StaffNotice {
    let mut notices = kiosk.asked.iter().filter_map(|request| match request {
        Request::Announce { notice, .. } => Some(*notice.clone()),
        _ => None,
    });
    notices.next_back().expect("staff were told")
}

fn delivered(kiosk: &Kiosk) -> Option<Handover> {
    kiosk.asked.iter().find_map(|request| match request {
        Request::Deliver { handover, .. } => Some(*handover.clone()),
        _ => None,
    })
}

fn asked_by_card(kiosk: &Kiosk) -> bool {
    kiosk.asked.iter().any(|request| match request {
        Request::Ask(question) => !matches!(question, Question::QueryNumbers { .. }),
        _ => false,
    })
}

#[test]
fn found_by_the_face() {
    let mut kiosk = kiosk();
    by_face(&mut kiosk).shows("Finding").answer(Answer::PatientFound(known(true)));
    kiosk.shows("Waiting");
    let asked = kiosk.asked.last().unwrap().clone();
    let numbers = Box::new(known_numbers());
    assert_eq!(asked, Request::Ask(Question::QueryNumbers { numbers, limit_certificate: false }));
    kiosk.answer(Reply::Queried(Ok(eligibility(Validity::Valid)))).closed();
    let end = finished(&kiosk);
    assert_eq!(end.name.as_deref(), Some("診療　太郎"));
    assert!(end.consents_at_reader && end.agreed.is_empty());
    let receipt = end.receipt;
    assert!(receipt.items_read && receipt.known_numbers_sent && receipt.photo_read);
    assert!(receipt.card_used && !receipt.card_sent, "nothing of the card was sent");
    assert!(!receipt.numbers_sent, "nobody typed them");
    assert_eq!(delivered(&kiosk).unwrap().asked, Asked::Numbers { limit_certificate: None });
    assert_eq!(end.paper, None, "there is no paper to look at");
    assert!(!asked_by_card(&kiosk));
    assert!(kiosk.records().contains(&Record::PatientSought(Sought::Known)));
}

#[test]
fn found_by_pin_and_the_pin_of_the_items() {
    let mut kiosk = kiosk();
    kiosk.asking_items().shows("Items");
    let Screen::Items { offers, .. } = kiosk.screen() else { panic!() };
    assert_eq!(offers, [(ItemsWay::Code, Ok(())), (ItemsWay::Pin, Ok(()))]);
    kiosk.act(Action::ChooseItems(ItemsWay::Pin)).shows("ItemsPin");
    assert_eq!(kiosk.screen(), Screen::ItemsPin { tries_left: 3, wrong: false });
    kiosk.act(items_pin()).shows("ReadingItems").answer(Answer::ItemsRead(Ok(owner())));
    // The card is not needed any more.
    kiosk.shows("Finding").reader(ReaderEvent::CardRemoved).shows("Finding");
    kiosk.answer(Answer::PatientFound(known(true)));
    kiosk.answer(Reply::Queried(Ok(eligibility(Validity::Valid)))).closed().shows("Farewell");
}

#[test]
fn found_by_pin_and_the_numbers_of_the_card_front() {
    let mut kiosk = kiosk();
    kiosk.asking_items().act(Action::ChooseItems(ItemsWay::Code));
    assert_eq!(kiosk.screen(), Screen::Code { problem: None, purpose: CodePurpose::Items });
    // Another method is no question any more; a missing camera means typing.
    kiosk.act(Action::Choose(Method::Pin)).shows("Code");
    kiosk.act(Action::CameraMissing).shows("Code").act(Action::Code(code())).shows("ReadingItems");
    let Some((_, Request::ReadItems { key: ItemsKey::Code(_) })) = kiosk.open.last() else {
        panic!("{:?}", kiosk.open)
    };
    let wrong = ItemsProblem::WrongCode(TriesLeft::Count(9));
    kiosk.answer(Answer::ItemsRead(Err(wrong))).shows("Code").act(Action::Back).shows("Items");
    kiosk.act(Action::ChooseItems(ItemsWay::Code)).act(Action::Code(code()));
    kiosk.answer(Answer::ItemsRead(Ok(owner()))).shows("Finding");
}

#[test]
fn staff_confirm_and_the_items_follow() {
    let mut kiosk = kiosk();
    kiosk.placed().act(Action::Choose(Method::Visual));
    let passcode = Passcode::parse("0000").unwrap();
    let reason = checkin::identity::VisualReason::CannotOperate;
    kiosk.act(Action::Visual { passcode, reason }).answer(Answer::PasscodeChecked(Ok(())));
    kiosk.shows("ReadingItems").answer(Answer::ItemsCounted(Some(items_tries(3, 10))));
    kiosk.shows("Items");
}

#[test]
fn the_pin_of_the_items_is_never_locked_here() {
    let mut kiosk = kiosk();
    kiosk.asking_items().act(Action::ChooseItems(ItemsWay::Pin)).act(items_pin());
    kiosk.answer(wrong_pin(2)).shows("ItemsPin");
    assert_eq!(kiosk.screen(), Screen::ItemsPin { tries_left: 2, wrong: true });
    kiosk.act(items_pin()).answer(wrong_pin(1)).shows("Items");
    let Screen::Items { offers, notice } = kiosk.screen() else { panic!() };
    assert_eq!(notice, Some(ItemsNotice::PinTriesLow));
    assert_eq!(offers[1], (ItemsWay::Pin, Err(WhyNot::PinTriesLow)));
    kiosk.act(Action::ChooseItems(ItemsWay::Pin)).shows("Items");
    let refused = |record: &&Record| matches!(record, Record::ItemsPinRefused { .. });
    assert_eq!(kiosk.records().iter().filter(refused).count(), 2);
    // 照合番号B is another secret with another counter.
    kiosk.act(Action::ChooseItems(ItemsWay::Code)).shows("Code");
}

#[test]
fn counters_that_are_low_are_not_touched() {
    for (tries, expected) in [
        (items_tries(0, 10), [Ok(()), Err(WhyNot::PinLocked)]),
        (items_tries(1, 5), [Err(WhyNot::CodeTriesLow), Err(WhyNot::PinTriesLow)]),
    ] {
        let mut kiosk = kiosk();
        kiosk.placed().act(Action::Choose(Method::Pin));
        kiosk.act(Action::Pin(checkin::secret::Pin::parse("1234").unwrap()));
        kiosk.answer(Answer::Signed(Ok(()))).answer(Answer::ItemsCounted(Some(tries)));
        let Screen::Items { offers, .. } = kiosk.screen() else { panic!() };
        assert_eq!(offers.map(|(_, offer)| offer), expected);
        kiosk.act(Action::OtherWays).shows("Fallback").act(Action::Back).shows("Items");
    }
}

#[test]
fn whoever_is_not_in_the_list_goes_on_with_a_paper() {
    let cases = [
        (
            known(false),
            NoNumbers::NotKnown,
            Sought::WithoutNumbers,
            ClaimNote::PatientWithoutNumbers,
        ),
        (Found::Nobody, NoNumbers::NotInList, Sought::Nobody, ClaimNote::PatientNotInList),
        (Found::Unsure, NoNumbers::Unsure, Sought::Unsure, ClaimNote::PatientUnsure),
    ];
    for (found, why, sought, note) in cases {
        let mut kiosk = kiosk();
        by_items_pin(&mut kiosk).answer(Answer::PatientFound(found));
        let Screen::Fallback { why: shown, ways, .. } = kiosk.screen() else { panic!() };
        assert_eq!(shown, Why::NoNumbers(why));
        assert!(ways.contains(&Way::Document(Document::QualificationNotice)));
        assert!(kiosk.records().contains(&Record::PatientSought(sought)));
        // The birth date of the chip has to be that of the paper.
        kiosk.act(Action::Take(Way::Document(Document::QualificationNotice)));
        let mut another = numbers();
        another.birth = TypedDate { era: Era::Showa, year: 50, month: 3, day: 30 };
        kiosk.act(Action::Numbers(another));
        let Screen::Numbers { problem: Some(problem), .. } = kiosk.screen() else { panic!() };
        assert_eq!((problem.field, problem.problem), (Field::BirthDate, FieldProblem::NotOfCard));
        kiosk.act(Action::Numbers(numbers()));
        kiosk.answer(Reply::Queried(Ok(eligibility(Validity::Valid)))).closed();
        let end = finished(&kiosk);
        assert!(end.consents_at_reader && end.receipt.numbers_sent);
        assert!(!end.receipt.known_numbers_sent && end.name.is_none());
        assert!(last_notice(&kiosk).advice.notes.contains(&note), "{why:?}");
    }
}

#[test]
fn an_answer_about_somebody_else_is_not_shown() {
    let mut kiosk = kiosk();
    by_items_pin(&mut kiosk).answer(Answer::PatientFound(known(true)));
    kiosk.answer(Reply::Queried(Ok(of_another()))).shows("Fallback");
    kiosk.act(Action::Take(Way::Desk)).closed_without_file();
    assert!(delivered(&kiosk).is_none());
    assert!(last_notice(&kiosk).advice.notes.contains(&ClaimNote::AnswerAboutAnother));
}

#[test]
fn without_an_answer_staff_have_the_numbers_that_the_clinic_knows() {
    for late in [false, true] {
        let mut kiosk = kiosk();
        by_face(&mut kiosk).answer(Answer::PatientFound(known(true))).shows("Waiting");
        if late {
            kiosk.advance(TERMINAL_SHOWN_MS);
        } else {
            kiosk.answer(Reply::Queried(Err(GatewayTrouble::Down)));
        }
        kiosk.answer(Answer::Numbered(None)).shows("Finished");
        let advice = last_notice(&kiosk).advice;
        assert_eq!(advice.source, NumberSource::Known);
        assert!(finished(&kiosk).parked, "the question goes on in the background");
        if late {
            let asks = |(_, request): &(_, Request)| matches!(request, Request::Ask(_));
            let at = kiosk.open.iter().position(asks).unwrap();
            let (id, _) = kiosk.open.remove(at);
            let answer = Reply::Queried(Ok(eligibility(Validity::Valid))).into();
            kiosk.event(checkin::Event::Answered { id, answer });
            assert!(!last_notice(&kiosk).parked);
            assert!(kiosk.asked.iter().any(|request| matches!(request, Request::Deliver { .. })));
            assert!(kiosk.records().contains(&Record::AnsweredLate(Validity::Valid)));
        }
    }
}

#[test]
fn a_list_that_does_not_answer_is_for_staff_to_look_at() {
    let mut kiosk = kiosk();
    by_face(&mut kiosk).shows("Finding").advance(LIST_MS).shows("Fallback");
    assert!(kiosk.records().contains(&Record::PatientSought(Sought::Unsure)));
    let dropped = kiosk.visit.dropped();
    kiosk.answer(Answer::PatientFound(known(true))).shows("Fallback");
    assert_eq!(kiosk.visit.dropped(), dropped + 1, "too late");
}

#[test]
fn the_card_taken_in_between_goes_on_with_its_counters_read_anew() {
    let mut kiosk = kiosk();
    kiosk.asking_items().act(Action::ChooseItems(ItemsWay::Pin)).act(items_pin());
    kiosk.reader(ReaderEvent::CardRemoved).shows("CardAway").reader(ReaderEvent::CardPlaced);
    // The command that was under way fails first.
    let (at, _) = kiosk.open.remove(0);
    kiosk.event(checkin::Event::Answered {
        id: at,
        answer: Answer::ItemsRead(Err(ItemsProblem::CardFailed)),
    });
    kiosk.answer(Answer::Inspected(Ok(card()))).shows("ReadingItems");
    assert_eq!(kiosk.open.last().unwrap().1, Request::CountItemsTries);
    kiosk.answer(Answer::ItemsCounted(Some(items_tries(2, 10)))).shows("Items");
}

#[test]
fn items_that_contradict_the_photo_are_not_used() {
    let mut kiosk = kiosk();
    let another = || {
        let mut another = owner();
        another.birth = checkin::birth::Birth::parse("19750330").unwrap();
        another
    };
    kiosk.placed().act(Action::Choose(Method::Face)).act(Action::Code(code()));
    let face = CardFace { birth: born(), owner: Some(another()) };
    kiosk.answer(Answer::PhotoRead(Ok(face))).act(Action::Reference(Ok(()))).act(claim(1, 0.9));
    kiosk.shows("ReadingItems").answer(Answer::ItemsCounted(Some(items_tries(3, 10))));
    kiosk.act(Action::ChooseItems(ItemsWay::Pin)).act(items_pin());
    kiosk.answer(Answer::ItemsRead(Ok(another()))).shows("Items");
    // A signature that is wrong ends the visit.
    kiosk.act(Action::ChooseItems(ItemsWay::Pin)).act(items_pin());
    let wrong = ItemsProblem::NotGenuine(Doubt::Record);
    kiosk.answer(Answer::ItemsRead(Err(wrong))).shows("CardProblem");
}

#[test]
fn whoever_stops_leaves_nothing() {
    let mut kiosk = kiosk();
    kiosk.asking_items().act(Action::Stop).shows("TakeCard");
    assert!(!format!("{:?}", kiosk.visit).contains("診療"));
    kiosk.reader(ReaderEvent::CardRemoved).shows("Idle");
}
