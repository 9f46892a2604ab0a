//! The last second before a rule changes and the first one after, seen on the screen. The tables of the
//! rules themselves stand beside the rules.

use crate::kiosk::*;
use checkin::consent::{ConsentSkipped, Topic};
use checkin::documents::Document;
use checkin::eligibility::Validity;
use checkin::event::*;
use checkin::fallback::{Way, Why};
use checkin::gateway::*;
use checkin::identity::Method;
use checkin::secret::Pin;
use checkin::{ACTS_AFTER_MS, Action, Answer, Event, ReaderEvent, Record, Request, Screen};

fn at(time: &str) -> Kiosk {
    let mut kiosk = Kiosk::new();
    kiosk.now.wall = time.parse().unwrap();
    kiosk
}

fn ways_without_card(time: &str) -> Vec<Way> {
    let mut kiosk = at(time);
    kiosk.act(Action::OtherWays);
    match kiosk.screen() {
        Screen::Fallback { why: Why::NoCard, ways, .. } => ways,
        other => panic!("{other:?}"),
    }
}

#[test]
fn papers_count_until_the_last_second_of_their_day_in_japan() {
    let card = Way::Document(Document::InsuranceCard);
    let certificate = Way::Document(Document::EligibilityCertificate);
    let notice = Way::Document(Document::QualificationNotice);
    for (time, way, counts) in [
        ("2024-12-01T23:59:59+09:00", certificate, false),
        ("2024-12-02T00:00:00+09:00", certificate, true),
        ("2025-07-31T23:59:59+09:00", notice, false),
        ("2025-08-01T00:00:00+09:00", notice, true),
        ("2026-03-31T23:59:59+09:00", notice, true),
        ("2026-04-01T00:00:00+09:00", notice, false),
        // The date in Japan decides: this is 23:59:59 there, and 14:59:59 in UTC.
        ("2026-03-31T14:59:59Z", card, true),
        ("2026-03-31T15:00:00Z", card, false),
    ] {
        assert_eq!(ways_without_card(time).contains(&way), counts, "{way:?} at {time}");
    }
}

/// From the placed card to the 包括同意 of a card that ends tonight.
fn asked_before_midnight() -> Kiosk {
    let mut kiosk = at("2026-11-23T23:58:00+09:00");
    let card = card_until("2026-11-23T23:59:59+09:00");
    kiosk.reader(ReaderEvent::CardPlaced).answer(Answer::Inspected(Ok(card)));
    kiosk.answer(Reply::LookedUp(Ok(Registration::Registered)));
    kiosk.act(Action::Choose(Method::Pin)).act(Action::Pin(Pin::parse("1234").unwrap()));
    kiosk.answer(Answer::Signed(Ok(()))).answer(Reply::Opened(Ok(opened()))).shows("ConsentAll");
    kiosk.advance(ACTS_AFTER_MS);
    kiosk
}

#[test]
fn an_answer_counts_in_the_last_second_of_the_certificate_and_not_after() {
    for overall in [Overall::All, Overall::None, Overall::Choose] {
        let mut kiosk = asked_before_midnight();
        kiosk.now.wall = "2026-11-23T23:59:59.999+09:00".parse().unwrap();
        kiosk.act(Action::ConsentAll(overall));
        let goes_on = if overall == Overall::Choose { "ConsentOne" } else { "Waiting" };
        kiosk.shows(goes_on);

        let mut kiosk = asked_before_midnight();
        kiosk.now.wall = "2026-11-24T00:00:00+09:00".parse().unwrap();
        kiosk.act(Action::ConsentAll(overall));
        assert_eq!(
            kiosk.screen(),
            Screen::ConsentSkipped(ConsentSkipped::CertificateInGrace),
            "{overall:?}"
        );
        kiosk.act(Action::Continue).shows("Waiting");
        let (_, query) = kiosk.open.last().unwrap();
        assert!(
            matches!(query, Request::Ask(Question::Query { consents, .. }) if consents.is_empty())
        );
        assert!(!kiosk.records().iter().any(|record| matches!(record, Record::Consent(_))));
    }
}

#[test]
fn midnight_between_two_questions_takes_the_first_answer_back() {
    let mut kiosk = asked_before_midnight();
    kiosk.act(Action::ConsentAll(Overall::Choose));
    kiosk.act(Action::ConsentOne { topic: Topic::Operation, agreed: true }).shows("ConsentOne");
    kiosk.now.wall = "2026-11-24T00:00:00+09:00".parse().unwrap();
    kiosk.act(Action::ConsentOne { topic: Topic::TreatmentAndMedicine, agreed: true });
    kiosk.shows("ConsentSkipped");
    assert!(!kiosk.records().iter().any(|record| matches!(record, Record::Consent(_))));
}

/// The share on the result screen when the system does not say it.
fn share_at(birth: &str, time: &str) -> Option<u8> {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Pin)).act(Action::Pin(Pin::parse("1234").unwrap()));
    kiosk.answer(Answer::Signed(Ok(()))).answer(Reply::Opened(Ok(opened())));
    kiosk.now.wall = time.parse().unwrap();
    kiosk.act(Action::ConsentAll(Overall::None));
    let mut found = eligibility(Validity::Valid);
    found.qualifications[0].birth = birth.parse::<jiff::civil::Date>().unwrap().into();
    found.qualifications[0].share_percent = None;
    kiosk.answer(Reply::Queried(Ok(found))).closed();
    match kiosk.screen() {
        Screen::Finished(finished) => finished.share_percent,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_share_changes_with_the_day_in_japan() {
    for (birth, time, percent) in [
        // Preschool, until 31 March; born on 1 April is of the older year.
        ("2020-04-02", "2027-03-31T23:59:59+09:00", Some(20)),
        ("2020-04-02", "2027-04-01T00:00:00+09:00", Some(30)),
        ("2020-04-01", "2026-03-31T23:59:59+09:00", Some(20)),
        ("2020-04-01", "2026-04-01T00:00:00+09:00", Some(30)),
        // 70: from the 1st of the next month, born on the 1st from the birthday. From then on it is
        // 20 or 30, which only the system knows.
        ("1956-11-02", "2026-11-30T23:59:59+09:00", Some(30)),
        ("1956-11-02", "2026-12-01T00:00:00+09:00", None),
        ("1956-12-01", "2026-11-30T23:59:59+09:00", Some(30)),
        ("1956-12-01", "2026-12-01T00:00:00+09:00", None),
        // The same moment in UTC.
        ("1956-12-01", "2026-11-30T14:59:59Z", Some(30)),
        ("1956-12-01", "2026-11-30T15:00:00Z", None),
    ] {
        assert_eq!(share_at(birth, time), percent, "born {birth} at {time}");
    }
}

#[test]
fn a_pin_reaches_only_a_card_that_was_looked_at() {
    // The card is taken while its owner reads the ways, and they go back to the methods.
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::OtherWays).reader(ReaderEvent::CardRemoved).shows("Fallback");
    kiosk.act(Action::Back).shows("CardAway");
    kiosk.reader(ReaderEvent::CardPlaced).answer(Answer::Inspected(Ok(card()))).shows("Method");

    // Meanwhile somebody else's card was put there.
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::OtherWays).reader(ReaderEvent::CardRemoved);
    kiosk.reader(ReaderEvent::CardPlaced).act(Action::Back).shows("Reading");
    let mut other = card();
    other.serial = checkin::secret::Serial::new(vec![9]);
    kiosk.answer(Answer::Inspected(Ok(other)));
    let (_, asked) = kiosk.open.last().unwrap();
    let Request::Ask(Question::LookUp { serial }) = asked else { panic!("{asked:?}") };
    assert_eq!(serial.expose(), [9], "a visit of its own");
}

#[test]
fn a_late_refusal_still_counts_the_tries() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Pin)).act(Action::Pin(Pin::parse("1234").unwrap()));
    kiosk.advance(12_000).shows("Method").act(Action::Choose(Method::Pin)).shows("Pin");
    let wrong = PinProblem::WrongPin(checkin::card::TriesLeft::Count(1));
    kiosk.answer(Answer::Signed(Err(wrong))).shows("PinLastTry");
}

#[test]
fn a_card_that_is_found_after_all_is_taken() {
    let mut kiosk = Kiosk::new();
    kiosk.act(Action::OtherWays).shows("Fallback").reader(ReaderEvent::CardPlaced).shows("Reading");
}

#[test]
fn what_the_staff_withdrew_stays_withdrawn() {
    let mut kiosk = Kiosk::new();
    kiosk.consenting().act(Action::ConsentAll(Overall::All)).advance(10_000);
    let (query, _) = kiosk.open.pop().unwrap();
    kiosk.act(Action::Take(Way::Desk)).closed_without_file().shows("Finished");
    kiosk.event(Event::StaffWithdrew { serial: card().serial, topic: Topic::Operation });
    let Screen::Finished(finished) = kiosk.screen() else { panic!() };
    assert!(finished.agreed.iter().all(|(topic, _)| *topic != Topic::Operation));
    kiosk.event(Event::Answered {
        id: query,
        answer: Reply::Queried(Err(GatewayTrouble::Down)).into(),
    });
    kiosk.asked.clear();
    kiosk.advance(15_000);
    let asked_again = kiosk.asked.iter().find_map(|request| match request {
        Request::Ask(Question::Query { consents, .. }) => Some(consents.clone()),
        _ => None,
    });
    let asked_again: Vec<_> = asked_again.unwrap().iter().map(|c| (c.topic, c.agreed)).collect();
    assert_eq!(asked_again, [(Topic::Operation, false), (Topic::TreatmentAndMedicine, true)]);
}

/// At the result screen, while the card's own question goes on in the background; both consents given.
fn finished_with_a_parked_question(kiosk: &mut Kiosk) {
    kiosk.consenting().act(Action::ConsentAll(Overall::All));
    // The store did not keep the consents in time.
    kiosk.answer(Reply::Queried(Err(GatewayTrouble::Down)));
    kiosk.act(Action::Take(Way::Document(Document::MynaPortal))).act(Action::Numbers(numbers()));
    let found = Reply::Queried(Ok(eligibility(Validity::Valid)));
    kiosk.answer(found).closed().shows("Finished");
}

fn consents_asked_with(kiosk: &Kiosk) -> Option<Vec<(Topic, bool)>> {
    let asked = kiosk.asked.iter().find_map(|request| match request {
        Request::Ask(Question::Query { consents, .. }) => Some(consents),
        _ => None,
    });
    asked.map(|consents| consents.iter().map(|answer| (answer.topic, answer.agreed)).collect())
}

#[test]
fn a_parked_question_does_not_bring_back_what_is_being_withdrawn() {
    for (taken_back, stands) in [(Ok(()), false), (Err(GatewayTrouble::Late), true)] {
        let mut kiosk = Kiosk::new();
        finished_with_a_parked_question(&mut kiosk);
        kiosk.asked.clear();
        kiosk.act(Action::Withdraw(Topic::Operation));
        // The parked question is due, and the withdrawal not answered.
        kiosk.advance(15_000);
        assert_eq!(consents_asked_with(&kiosk), None);
        kiosk.answer(Reply::Withdrawn(taken_back)).advance(15_000);
        let expected = vec![(Topic::Operation, stands), (Topic::TreatmentAndMedicine, true)];
        assert_eq!(consents_asked_with(&kiosk), Some(expected));
    }
}

#[test]
fn a_withdrawal_counts_although_its_person_has_gone() {
    let mut kiosk = Kiosk::new();
    finished_with_a_parked_question(&mut kiosk);
    kiosk.asked.clear();
    kiosk.act(Action::Withdraw(Topic::Operation)).act(Action::Continue).shows("TakeCard");
    kiosk.reader(ReaderEvent::CardRemoved).answer(Reply::Withdrawn(Ok(())));
    assert!(kiosk.records().contains(&Record::ConsentWithdrawn(Topic::Operation)));
    kiosk.advance(15_000);
    let expected = vec![(Topic::Operation, false), (Topic::TreatmentAndMedicine, true)];
    assert_eq!(consents_asked_with(&kiosk), Some(expected));
}

#[test]
fn a_consent_that_is_on_its_way_when_staff_withdraw_it_is_withdrawn_behind_it() {
    let mut kiosk = Kiosk::new();
    kiosk.consenting().act(Action::ConsentAll(Overall::All)).shows("Waiting");
    kiosk.asked.clear();
    kiosk.event(Event::StaffWithdrew { serial: card().serial, topic: Topic::Operation });
    let again = |request: &Request| {
        matches!(request, Request::Ask(Question::Withdraw { topic: Topic::Operation, .. }))
    };
    assert!(kiosk.asked.iter().any(again));
    // Of the question in the background too; and of none that will only be asked.
    let mut kiosk = Kiosk::new();
    finished_with_a_parked_question(&mut kiosk);
    for expected in [false, true] {
        kiosk.asked.clear();
        let topic = if expected { Topic::TreatmentAndMedicine } else { Topic::Operation };
        kiosk.event(Event::StaffWithdrew { serial: card().serial, topic });
        let again = |r: &Request| matches!(r, Request::Ask(Question::Withdraw { .. }));
        assert_eq!(kiosk.asked.iter().any(again), expected);
        kiosk.advance(15_000);
    }
}
