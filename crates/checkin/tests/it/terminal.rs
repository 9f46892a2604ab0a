//! Numbers where the system is a terminal: its answer may come when the person has gone on.

use crate::kiosk::*;
use checkin::claim::ClaimNote;
use checkin::deadlines::{TERMINAL_LOST_MS, TERMINAL_SHOWN_MS};
use checkin::documents::Document;
use checkin::eligibility::{Asked, Validity};
use checkin::fallback::{Way, Why};
use checkin::gateway::{GatewayTrouble, Reach, Reply};
use checkin::reception::{ReceptionNumber, StaffNotice};
use checkin::view::Outcome;
use checkin::{Action, Answer, Config, EffectId, Question, Record, Request};

const WAY: Way = Way::Document(Document::EligibilityCertificate);

/// Numbers were typed and the terminal is asked.
fn asking() -> Kiosk {
    let mut kiosk = Kiosk::with(Config { reach: Reach::Numbers, ..config() });
    kiosk.act(Action::OtherWays).act(Action::Take(WAY)).act(Action::Numbers(numbers()));
    kiosk.act(Action::LimitCertificate { agreed: true }).shows("Waiting");
    kiosk
}

/// The questions that nobody answered yet.
fn questions(kiosk: &Kiosk) -> Vec<EffectId> {
    let asks = |(id, request): &(EffectId, Request)| match request {
        Request::Ask(Question::QueryNumbers { limit_certificate: true, .. }) => Some(*id),
        _ => None,
    };
    kiosk.open.iter().filter_map(asks).collect()
}

fn reply(kiosk: &mut Kiosk, id: EffectId, reply: Reply) {
    kiosk.open.retain(|(open, _)| *open != id);
    kiosk.event(checkin::Event::Answered { id, answer: reply.into() });
}

fn notice(kiosk: &Kiosk) -> &StaffNotice {
    let announced = kiosk.asked.iter().rev().find_map(|request| match request {
        Request::Announce { notice, .. } => Some(&**notice),
        _ => None,
    });
    announced.unwrap()
}

fn gone(kiosk: &mut Kiosk) {
    let at =
        kiosk.open.iter().position(|(_, request)| matches!(request, Request::TakeNumber { .. }));
    let (id, _) = kiosk.open.remove(at.unwrap());
    let answer = Answer::Numbered(Some(ReceptionNumber(12)));
    kiosk.event(checkin::Event::Answered { id, answer });
    kiosk.shows("Finished").act(Action::Continue).shows("Idle");
}

#[test]
fn the_person_waits_for_a_terminal_and_its_late_answer_reaches_the_staff() {
    let mut kiosk = asking();
    kiosk.advance(TERMINAL_SHOWN_MS - 1).shows("Waiting").advance(1);
    let by_hand = Outcome::ByHand { why: Why::NoCard, way: WAY };
    assert_eq!((notice(&kiosk).outcome, notice(&kiosk).parked), (by_hand, true));
    gone(&mut kiosk);
    let [question] = questions(&kiosk)[..] else { panic!("one question is with the terminal") };
    reply(&mut kiosk, question, Reply::Queried(Ok(eligibility(Validity::Valid))));
    let told = notice(&kiosk);
    assert_eq!((told.outcome, told.parked), (Outcome::Confirmed, false));
    assert!(told.paper.is_some(), "staff still look at the document");
    let handed = kiosk.asked.iter().find_map(|request| match request {
        Request::Deliver { handover, .. } => Some(handover),
        _ => None,
    });
    let Asked::Numbers { limit_certificate: Some(limit) } = handed.unwrap().asked else { panic!() };
    assert!(limit.agreed);
    assert_eq!(kiosk.visit.parked(), 0);
    assert!(kiosk.records().contains(&Record::AnsweredLate(Validity::Valid)));
}

#[test]
fn a_question_that_failed_is_put_again_one_at_a_time() {
    let mut kiosk = asking();
    let [first] = questions(&kiosk)[..] else { panic!() };
    reply(&mut kiosk, first, Reply::Queried(Err(GatewayTrouble::Down)));
    assert!(notice(&kiosk).parked);
    gone(&mut kiosk);
    for trouble in [GatewayTrouble::Down, GatewayTrouble::Late] {
        assert_eq!(questions(&kiosk), []);
        kiosk.advance(60_000);
        let [again] = questions(&kiosk)[..] else { panic!("one at a time") };
        kiosk.advance(60_000);
        assert_eq!(questions(&kiosk), [again], "a terminal has longer than that");
        reply(&mut kiosk, again, Reply::Queried(Err(trouble)));
    }
    kiosk.advance(60_000);
    // Never answered at all.
    kiosk.open.clear();
    kiosk.advance(TERMINAL_LOST_MS).advance(300_000);
    let [last] = questions(&kiosk)[..] else { panic!() };
    reply(&mut kiosk, last, Reply::Queried(Ok(eligibility(Validity::Valid))));
    assert_eq!(notice(&kiosk).outcome, Outcome::Confirmed);
}

#[test]
fn what_asking_again_does_not_change_goes_to_the_staff() {
    for trouble in [GatewayTrouble::Refused, GatewayTrouble::AboutAnother] {
        let about_another = trouble == GatewayTrouble::AboutAnother;
        let mut kiosk = asking();
        let [question] = questions(&kiosk)[..] else { panic!() };
        reply(&mut kiosk, question, Reply::Queried(Err(trouble)));
        let told = notice(&kiosk);
        let noted = told.advice.notes.contains(&ClaimNote::AnswerAboutAnother);
        assert_eq!((told.parked, noted, told.name.is_none()), (false, about_another, true));
        assert_eq!(kiosk.records().contains(&Record::AnswerAboutAnother), about_another);
        assert_eq!(kiosk.visit.parked(), 0);
        // The same when the person has gone on.
        let mut kiosk = asking();
        kiosk.advance(TERMINAL_SHOWN_MS);
        let [question] = questions(&kiosk)[..] else { panic!() };
        reply(&mut kiosk, question, Reply::Queried(Err(trouble)));
        assert!(kiosk.asked.iter().any(|request| matches!(request, Request::Unpark { .. })));
        assert_eq!(kiosk.records().contains(&Record::AnswerAboutAnother), about_another);
        assert_eq!(kiosk.visit.parked(), 0);
    }
}

#[test]
fn an_answer_about_another_birth_date_is_not_used_however_late() {
    let mut kiosk = asking();
    kiosk.advance(TERMINAL_SHOWN_MS);
    let [question] = questions(&kiosk)[..] else { panic!() };
    reply(&mut kiosk, question, Reply::Queried(Ok(of_another())));
    assert!(kiosk.records().contains(&Record::AnswerAboutAnother));
    assert!(!kiosk.asked.iter().any(|request| matches!(request, Request::Deliver { .. })));
    assert_eq!(notice(&kiosk).name, None);
}
