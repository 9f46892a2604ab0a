//! What happens beside the straight way: the card taken and put back, late answers, the navigator.

use crate::kiosk::*;
use checkin::card::{CardProblem, Doubt, TriesLeft};
use checkin::claim::ClaimNote;
use checkin::consent::Topic;
use checkin::documents::Document;
use checkin::eligibility::Validity;
use checkin::event::*;
use checkin::fallback::{Way, Why};
use checkin::gateway::*;
use checkin::identity::Method;
use checkin::number::{Field, FieldProblem};
use checkin::reception::ReceptionNumber;
use checkin::secret::{Pin, Serial};
use checkin::view::{After, Outcome, Withdrawal};
use checkin::{Action, Answer, Config, Event, ReaderEvent, Record, Request, Screen};

pub(crate) fn querying(kiosk: &mut Kiosk) -> &mut Kiosk {
    kiosk.consenting().act(Action::ConsentAll(Overall::All)).shows("Waiting")
}

fn ended(kiosk: &Kiosk) -> Vec<Outcome> {
    let ends = kiosk.records().into_iter().filter_map(|record| match record {
        Record::Ended(outcome) => Some(outcome),
        _ => None,
    });
    ends.collect()
}

#[test]
fn the_same_card_goes_on_where_it_was() {
    let mut kiosk = Kiosk::new();
    kiosk.consenting().act(Action::ConsentAll(Overall::Choose));
    let before = kiosk.screen();
    kiosk.reader(ReaderEvent::CardRemoved).shows("CardAway").advance(59_999).shows("CardAway");
    kiosk.reader(ReaderEvent::CardPlaced).shows("Reading");
    kiosk.answer(Answer::Inspected(Ok(card())));
    assert_eq!(kiosk.screen(), before);
    assert_eq!(ended(&kiosk), []);
}

#[test]
fn a_card_that_does_not_come_back_ends_the_visit() {
    let mut kiosk = Kiosk::new();
    kiosk.facing().reader(ReaderEvent::CardRemoved).advance(60_000).shows("Idle");
    assert_eq!(ended(&kiosk), [Outcome::CardTaken]);
    assert!(kiosk.asked.contains(&Request::ForgetPerson));
}

#[test]
fn another_card_begins_another_visit() {
    let mut kiosk = Kiosk::new();
    kiosk.facing().reader(ReaderEvent::CardRemoved).reader(ReaderEvent::CardPlaced);
    let mut other = card();
    other.serial = Serial::new(vec![9, 9, 9]);
    kiosk.answer(Answer::Inspected(Ok(other)));
    kiosk.answer(Reply::LookedUp(Ok(Registration::Registered))).shows("Method");
    assert_eq!(ended(&kiosk), [Outcome::CardTaken]);
    let forgotten = kiosk.asked.iter().filter(|r| **r == Request::ForgetPerson).count();
    assert_eq!(forgotten, 1);
}

#[test]
fn a_wrong_card_in_between_loses_nothing() {
    let mut kiosk = Kiosk::new();
    kiosk.facing().reader(ReaderEvent::CardRemoved).reader(ReaderEvent::CardPlaced);
    kiosk.answer(Answer::Inspected(Err(CardProblem::NotMyNumber)));
    let problem = Some(CardProblem::NotMyNumber);
    assert_eq!(kiosk.screen(), Screen::CardAway { problem, reader_lost: false });
    kiosk.reader(ReaderEvent::CardRemoved).reader(ReaderEvent::CardPlaced);
    kiosk.answer(Answer::Inspected(Ok(card()))).shows("Face");
}

#[test]
fn a_card_pulled_while_it_checks_a_pin_comes_back_with_its_counter() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Pin));
    kiosk.act(Action::Pin(Pin::parse("1234").unwrap())).shows("CheckingPin");
    kiosk.reader(ReaderEvent::CardRemoved).shows("CardAway");
    kiosk.answer(Answer::Signed(Err(PinProblem::CardFailed)));
    let mut counted = card();
    counted.pin_tries = TriesLeft::Count(2);
    kiosk.reader(ReaderEvent::CardPlaced).answer(Answer::Inspected(Ok(counted))).shows("Method");
    kiosk.act(Action::Choose(Method::Pin));
    assert_eq!(kiosk.screen(), Screen::Pin { tries_left: 2, wrong: false });
}

#[test]
fn the_visit_waits_for_a_reader_that_comes_back() {
    let mut kiosk = Kiosk::new();
    kiosk.consenting().reader(ReaderEvent::Gone);
    assert_eq!(kiosk.screen(), Screen::CardAway { problem: None, reader_lost: true });
    kiosk.reader(ReaderEvent::Ready).reader(ReaderEvent::CardPlaced);
    kiosk.answer(Answer::Inspected(Ok(card()))).shows("ConsentAll");
    kiosk.reader(ReaderEvent::Gone).advance(60_000).shows("OutOfService");
    assert_eq!(ended(&kiosk), [Outcome::ReaderLost]);
}

#[test]
fn the_card_is_not_needed_for_the_answer() {
    let mut kiosk = Kiosk::new();
    querying(&mut kiosk).reader(ReaderEvent::CardRemoved).shows("Waiting");
    kiosk.answer(Reply::Queried(Ok(eligibility(Validity::Valid)))).closed();
    let after = After { number: Some(ReceptionNumber(12)), destination: None };
    assert_eq!(kiosk.screen(), Screen::Farewell { after }, "nothing personal");
    kiosk.reader(ReaderEvent::CardPlaced).shows("Reading");
}

#[test]
fn a_late_answer_parks_the_visit_and_reaches_the_staff() {
    let mut kiosk = Kiosk::new();
    querying(&mut kiosk).advance(10_000).shows("Fallback");
    assert!(kiosk.records().contains(&Record::Parked));
    let (query, _) = kiosk.open.pop().expect("the query is still under way");
    kiosk.act(Action::Take(Way::Desk)).shows("Waiting");
    kiosk.answer(Answer::Numbered(Some(ReceptionNumber(4)))).shows("Finished");
    let Screen::Finished(finished) = kiosk.screen() else { unreachable!() };
    let why = Why::Unanswered(GatewayTrouble::Late);
    assert_eq!(finished.outcome, Outcome::ByHand { why, way: Way::Desk });
    assert!(finished.parked && finished.name.is_none());
    kiosk.act(Action::Continue).reader(ReaderEvent::CardRemoved).advance(15_000).shows("Idle");
    kiosk.asked.clear();
    let found = eligibility(Validity::Valid);
    kiosk.event(Event::Answered { id: query, answer: Reply::Queried(Ok(found)).into() });
    kiosk.shows("Idle");
    let delivered = |r: &Request| matches!(r, Request::Deliver { handover, .. } if handover.consents.len() == 2);
    assert!(kiosk.asked.iter().any(delivered));
    let Some(Request::Announce { notice, .. }) = kiosk.asked.last() else { panic!() };
    assert_eq!((notice.outcome, notice.parked), (Outcome::Confirmed, false));
    assert_eq!(notice.name.as_deref(), Some("診療　太郎"));
    assert_eq!(kiosk.visit.parked(), 0);
}

#[test]
fn an_answer_that_comes_while_the_person_reads_the_ways_ends_the_visit_well() {
    let mut kiosk = Kiosk::new();
    querying(&mut kiosk).advance(10_000).shows("Fallback");
    kiosk.answer(Reply::Queried(Ok(eligibility(Validity::Valid)))).closed().shows("Finished");
    let Screen::Finished(finished) = kiosk.screen() else { unreachable!() };
    assert_eq!(finished.outcome, Outcome::Confirmed);
    assert_eq!(finished.agreed.len(), 2);
}

#[test]
fn a_system_that_is_down_is_asked_again_until_it_answers() {
    let mut kiosk = Kiosk::new();
    kiosk.placed().answer(Reply::LookedUp(Err(GatewayTrouble::Down))).shows("Method");
    kiosk.act(Action::Choose(Method::Pin)).act(Action::Pin(Pin::parse("1234").unwrap()));
    kiosk.answer(Answer::Signed(Ok(()))).answer(Reply::Opened(Err(GatewayTrouble::Down)));
    kiosk.shows("Fallback").act(Action::Take(Way::Desk));
    kiosk.answer(Answer::Numbered(Some(ReceptionNumber(4)))).act(Action::Continue);
    kiosk.reader(ReaderEvent::CardRemoved);
    kiosk.advance(15_000);
    kiosk.answer(Reply::Opened(Err(GatewayTrouble::Down)));
    kiosk.advance(15_000).answer(Reply::Opened(Ok(opened())));
    let Some(Request::Ask(Question::Query { consents, .. })) = kiosk.asked.last() else { panic!() };
    assert!(consents.is_empty(), "nobody was asked, so nobody consented");
    kiosk.answer(Reply::Queried(Ok(eligibility(Validity::Valid))));
    assert!(kiosk.records().contains(&Record::AnsweredLate(Validity::Valid)));
}

#[test]
fn a_question_that_nobody_answers_is_given_up_within_the_day() {
    let mut kiosk = Kiosk::new();
    querying(&mut kiosk).advance(10_000).act(Action::Take(Way::Desk));
    kiosk.reader(ReaderEvent::CardRemoved);
    for _ in 0..400 {
        if let Some(due) = kiosk.visit.deadline() {
            kiosk.advance(due.since(kiosk.now.monotonic));
        }
    }
    assert_eq!(kiosk.visit.parked(), 0);
    assert!(kiosk.records().contains(&Record::GaveUp));
    assert!(kiosk.asked.iter().any(|r| matches!(r, Request::Unpark { .. })));
}

#[test]
fn an_invalid_answer_leads_to_the_navigator_and_is_delivered_at_the_end() {
    let mut kiosk = Kiosk::new();
    querying(&mut kiosk).answer(Reply::Queried(Ok(eligibility(Validity::Invalid))));
    let Screen::Fallback { why, ways, back, .. } = kiosk.screen() else { panic!() };
    assert_eq!((why, back), (Why::NotConfirmed(Validity::Invalid), false));
    assert!(ways.contains(&Way::Oral) && ways.contains(&Way::Statement));
    kiosk.act(Action::Take(Way::Oral));
    assert!(kiosk.asked.iter().any(|r| matches!(r, Request::Deliver { .. })));
    kiosk.closed();
    let Screen::Finished(finished) = kiosk.screen() else { panic!() };
    assert_eq!(finished.outcome, Outcome::ByHand { why, way: Way::Oral });
}

#[test]
fn numbers_of_a_certificate_are_checked_before_anybody_is_asked() {
    let mut kiosk = Kiosk::new();
    kiosk.act(Action::OtherWays).shows("Fallback");
    let document = Document::EligibilityCertificate;
    kiosk.act(Action::Take(Way::Document(document))).shows("Numbers");
    let mut wrong = numbers();
    wrong.insurer_number = "33120016".into();
    kiosk.act(Action::Numbers(wrong));
    let Screen::Numbers { problem: Some(problem), .. } = kiosk.screen() else { panic!() };
    assert_eq!((problem.field, problem.problem), (Field::InsurerNumber, FieldProblem::CheckDigit));
    kiosk.act(Action::Numbers(numbers())).shows("LimitCertificate");
    kiosk.act(Action::LimitCertificate { agreed: true }).shows("Waiting");
    let Some(Request::Ask(Question::QueryNumbers { numbers, limit_certificate: true })) =
        kiosk.asked.last()
    else {
        panic!()
    };
    assert_eq!(numbers.insurer_number, "33120015");
    kiosk.answer(Reply::Queried(Ok(eligibility(Validity::Valid)))).closed().shows("Finished");
    let Screen::Finished(finished) = kiosk.screen() else { unreachable!() };
    assert_eq!(finished.outcome, Outcome::Confirmed);
    assert_eq!(finished.name, None, "anybody may have typed these numbers");
    kiosk.act(Action::Continue).shows("Idle");
}

#[test]
fn without_a_card_one_can_always_go_back_and_nothing_is_claimed() {
    let mut kiosk = Kiosk::new();
    kiosk.act(Action::OtherWays).act(Action::Take(Way::Statement)).shows("Fallback");
    kiosk.act(Action::Back).shows("Idle");
    kiosk.act(Action::OtherWays).advance(60_000).advance(30_000).shows("Idle");
    assert_eq!(ended(&kiosk), [Outcome::Stopped, Outcome::TimedOut]);
}

#[test]
fn stopping_in_the_navigator_hands_over_what_is_known() {
    let mut kiosk = Kiosk::new();
    querying(&mut kiosk).answer(Reply::Queried(Ok(eligibility(Validity::Invalid))));
    kiosk.act(Action::Take(Way::Statement)).shows("Statement").act(Action::Stop).shows("Waiting");
    assert!(kiosk.asked.iter().any(|r| matches!(r, Request::Announce { .. })));
    kiosk.closed().shows("Finished");
    let mut kiosk = Kiosk::new();
    kiosk.act(Action::OtherWays).act(Action::Stop).shows("Idle");
    assert_eq!(ended(&kiosk), [Outcome::Stopped]);
}

#[test]
fn an_expired_card_leads_on() {
    let mut kiosk = Kiosk::new();
    kiosk.reader(ReaderEvent::CardPlaced);
    kiosk.answer(Answer::Inspected(Ok(card_until("2026-07-31T23:59:59+09:00"))));
    kiosk.shows("CardProblem").act(Action::OtherWays).shows("Fallback");
    kiosk.act(Action::Take(Way::Statement)).shows("Statement");
    kiosk.act(Action::Statement(Box::new(statement()))).shows("Waiting");
    kiosk.answer(Answer::StatementMade(Ok(()))).shows("StatementReady");
    kiosk.act(Action::Continue).answer(Answer::Numbered(Some(ReceptionNumber(1))));
    kiosk.shows("Finished").act(Action::Continue).shows("TakeCard");
}

#[test]
fn whoever_does_not_register_the_card_goes_on_with_a_certificate_or_at_the_desk() {
    let mut kiosk = Kiosk::new();
    kiosk.placed().answer(Reply::LookedUp(Ok(Registration::NotYet))).shows("Application");
    kiosk.act(Action::OtherWays);
    let Screen::Fallback { why: Why::NotRegistered, ways, back: true, .. } = kiosk.screen() else {
        panic!()
    };
    let certificate = Way::Document(Document::EligibilityCertificate);
    assert_eq!(ways, [certificate, Way::Desk], "お知らせ and the like count beside a マイナ保険証");
    kiosk.act(Action::Back).shows("Application").act(Action::Continue).shows("Method");
    let mut kiosk = Kiosk::new();
    kiosk.placed().answer(Reply::LookedUp(Ok(Registration::NotYet))).act(Action::OtherWays);
    kiosk.act(Action::Take(Way::Desk)).answer(Answer::Numbered(Some(ReceptionNumber(1))));
    kiosk.shows("Finished");
    assert!(!kiosk.records().contains(&Record::Registered), "nothing is registered");
}

#[test]
fn nobody_who_cannot_be_identified_is_at_a_dead_end() {
    let mut kiosk = Kiosk::with(Config { passcode_set: false, ..config() });
    let mut locked = card();
    locked.pin_tries = TriesLeft::Absent;
    kiosk.reader(ReaderEvent::CardPlaced).answer(Answer::Inspected(Ok(locked)));
    kiosk.answer(Reply::LookedUp(Ok(Registration::Registered))).act(Action::CameraMissing);
    kiosk.act(Action::OtherWays).shows("Fallback").act(Action::Back).shows("Method");
    kiosk.act(Action::OtherWays).act(Action::Take(Way::Oral));
    kiosk.answer(Answer::Numbered(Some(ReceptionNumber(1)))).shows("Finished");
}

#[test]
fn the_person_says_where_they_are_going() {
    let mut kiosk = Kiosk::with(Config { destinations: 3, ..config() });
    querying(&mut kiosk).answer(Reply::Queried(Ok(eligibility(Validity::Valid))));
    kiosk.shows("Destination").closed().shows("Destination");
    kiosk.act(Action::Destination(3)).shows("Destination").act(Action::Destination(2));
    let Screen::Finished(finished) = kiosk.screen() else { panic!() };
    let after = After { number: Some(ReceptionNumber(12)), destination: Some(2) };
    assert_eq!(finished.after, after);
    let Some(Request::Announce { notice, .. }) = kiosk.asked.last() else { panic!() };
    assert_eq!(notice.destination, Some(2));
}

#[test]
fn a_consent_is_withdrawn_on_the_spot() {
    let mut kiosk = Kiosk::new();
    querying(&mut kiosk).answer(Reply::Queried(Ok(eligibility(Validity::Valid)))).closed();
    let finished = |kiosk: &Kiosk| match kiosk.screen() {
        Screen::Finished(finished) => finished,
        other => panic!("{other:?}"),
    };
    assert_eq!(finished(&kiosk).withdrawal, Withdrawal::Here);
    kiosk.act(Action::Withdraw(Topic::HealthCheckups));
    assert!(kiosk.open.is_empty(), "that one was never given");
    kiosk.act(Action::Withdraw(Topic::Operation));
    assert_eq!(finished(&kiosk).withdrawal, Withdrawal::Asking);
    kiosk.answer(Reply::Withdrawn(Err(GatewayTrouble::Down)));
    assert_eq!(finished(&kiosk).withdrawal, Withdrawal::Failed);
    kiosk.act(Action::Withdraw(Topic::Operation)).answer(Reply::Withdrawn(Ok(())));
    let left: Vec<_> = finished(&kiosk).agreed.iter().map(|(topic, _)| *topic).collect();
    assert_eq!(left, [Topic::TreatmentAndMedicine]);
    assert!(kiosk.records().contains(&Record::ConsentWithdrawn(Topic::Operation)));
}

#[test]
fn a_card_that_is_doubted_is_shown_to_the_staff_at_once_and_for_good() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Face)).act(Action::Code(code()));
    kiosk
        .answer(Answer::PhotoRead(Err(PhotoProblem::NotGenuine(Doubt::Chip))))
        .shows("CardProblem");
    let warned =
        |kiosk: &Kiosk| match kiosk.asked.iter().rfind(|r| matches!(r, Request::Announce { .. })) {
            Some(Request::Announce { notice, .. }) => notice.advice.notes.first().copied(),
            _ => None,
        };
    assert_eq!(warned(&kiosk), Some(ClaimNote::CardNotVerified));
    kiosk.asked.clear();
    kiosk.act(Action::OtherWays).act(Action::Take(Way::Desk)).shows("Waiting");
    assert_eq!(warned(&kiosk), Some(ClaimNote::CardNotVerified));
}
