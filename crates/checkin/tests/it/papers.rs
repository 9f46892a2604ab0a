//! Whose answer it is, what was shown, and what it costs.

use crate::kiosk::*;
use crate::ways::querying;
use checkin::card::CardProblem;
use checkin::claim::{ClaimNote, Route};
use checkin::documents::Document;
use checkin::eligibility::{Eligibility, MedicalTicket, Qualification, Validity};
use checkin::event::*;
use checkin::fallback::{Way, Why};
use checkin::gateway::*;
use checkin::identity::Method;
use checkin::limit::{LimitCategory, LimitCertificate, LimitNotice};
use checkin::number::{Field, FieldProblem};
use checkin::secret::Pin;
use checkin::share::Payment;
use checkin::view::Outcome;
use checkin::{Action, Answer, Event, ReaderEvent, Record, Request, Screen};

fn announced(kiosk: &Kiosk) -> &checkin::reception::StaffNotice {
    let last = kiosk.asked.iter().rfind(|request| matches!(request, Request::Announce { .. }));
    let Some(Request::Announce { notice, .. }) = last else { panic!("nothing was announced") };
    notice
}

fn finished(kiosk: &Kiosk) -> checkin::view::Finished {
    match kiosk.screen() {
        Screen::Finished(finished) => finished,
        other => panic!("{other:?}"),
    }
}

#[test]
fn another_card_alone_leads_to_the_desk_and_promises_nothing() {
    let mut kiosk = Kiosk::new();
    kiosk.reader(ReaderEvent::CardPlaced);
    kiosk.answer(Answer::Inspected(Err(CardProblem::DrivingLicence))).act(Action::OtherWays);
    let Screen::Fallback { ways, payment, .. } = kiosk.screen() else { panic!() };
    assert_eq!(ways, [Way::Document(Document::EligibilityCertificate), Way::Desk]);
    assert_eq!(payment, Payment::AtReception);
    kiosk.act(Action::Take(Way::Desk));
    assert_eq!(announced(&kiosk).advice.route, Route::Undecided);
    assert!(announced(&kiosk).advice.notes.contains(&ClaimNote::AskForCard));
    kiosk.closed_without_file();
    assert_eq!(finished(&kiosk).payment, Payment::AtReception);
    kiosk.act(Action::Continue);
    let Screen::TakeCard { payment, .. } = kiosk.screen() else { panic!() };
    assert_eq!(payment, Payment::AtReception);
}

#[test]
fn an_answer_that_does_not_confirm_is_no_card() {
    let mut kiosk = Kiosk::new();
    kiosk.act(Action::OtherWays).act(Action::Take(Way::Document(Document::EligibilityCertificate)));
    kiosk.act(Action::Numbers(numbers())).act(Action::LimitCertificate { agreed: false });
    kiosk.answer(Reply::Queried(Ok(eligibility(Validity::NoneFound))));
    let Screen::Fallback { ways, payment, .. } = kiosk.screen() else { panic!() };
    assert!(!ways.contains(&Way::Statement) && !ways.contains(&Way::Oral), "{ways:?}");
    assert_eq!(payment, Payment::AsAlways, "a 資格確認書 was brought");
}

#[test]
fn whoever_brought_the_card_pays_as_always() {
    let mut kiosk = Kiosk::new();
    querying(&mut kiosk).answer(Reply::Queried(Ok(eligibility(Validity::Invalid))));
    let Screen::Fallback { payment, .. } = kiosk.screen() else { panic!() };
    assert_eq!(payment, Payment::AsAlways);
    kiosk.act(Action::Take(Way::Desk)).closed();
    assert_eq!(finished(&kiosk).payment, Payment::AsAlways);
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Stop);
    let Screen::TakeCard { payment, .. } = kiosk.screen() else { panic!() };
    assert_eq!(payment, Payment::AsAlways);
}

#[test]
fn no_consent_is_asked_about_somebody_elses_records() {
    let mut kiosk = Kiosk::new();
    let births = vec![checkin::birth::Birth::parse("19750330").unwrap()];
    kiosk.facing().act(claim(1, 0.9));
    kiosk.answer(Reply::Opened(Ok(Opened { topics: topics(), births })));
    let Screen::Fallback { why, .. } = kiosk.screen() else { panic!("{:?}", kiosk.screen()) };
    assert_eq!(why, Why::NotConfirmed(Validity::NoneFound));
    assert!(kiosk.records().contains(&Record::AnswerAboutAnother));
    kiosk.act(Action::Take(Way::Desk));
    assert_eq!(announced(&kiosk).advice.notes[0], ClaimNote::AnswerAboutAnother);
    assert_eq!(announced(&kiosk).name, None);
}

#[test]
fn a_late_answer_about_somebody_else_is_not_used() {
    // The person is still in the navigator.
    let mut kiosk = Kiosk::new();
    querying(&mut kiosk).advance(10_000).shows("Fallback");
    kiosk.answer(Reply::Queried(Ok(of_another()))).shows("Fallback");
    assert!(kiosk.records().contains(&Record::AnswerAboutAnother));
    // They are gone: what they typed still counts.
    let mut kiosk = Kiosk::new();
    querying(&mut kiosk).advance(10_000);
    let (query, _) = kiosk.open.pop().expect("the query is still under way");
    kiosk.act(Action::Take(Way::Statement)).act(Action::Statement(Box::new(statement())));
    kiosk.answer(Answer::StatementMade(Ok(()))).act(Action::Continue).closed_without_file();
    kiosk.act(Action::Continue).reader(ReaderEvent::CardRemoved).advance(15_000).shows("Idle");
    kiosk.asked.clear();
    kiosk.event(Event::Answered { id: query, answer: Reply::Queried(Ok(of_another())).into() });
    assert!(kiosk.records().contains(&Record::AnswerAboutAnother));
    assert!(!kiosk.asked.iter().any(|request| matches!(request, Request::Deliver { .. })));
    let told = announced(&kiosk);
    assert_eq!(told.outcome, Outcome::NotConfirmed(Validity::NoneFound));
    assert_eq!(told.name.as_deref(), Some("診療　太郎"), "as stated");
    assert!(told.advice.notes.contains(&ClaimNote::KeepStatement));
}

#[test]
fn by_pin_only_the_owners_name_is_shown_and_nobody_is_refused() {
    let by_pin = |found: Eligibility| {
        let mut kiosk = Kiosk::new();
        kiosk.choosing().act(Action::Choose(Method::Pin));
        kiosk.act(Action::Pin(Pin::parse("1234").unwrap())).answer(Answer::Signed(Ok(())));
        let births = found.qualifications.iter().map(|q| q.birth).collect();
        kiosk.answer(Reply::Opened(Ok(Opened { topics: topics(), births })));
        kiosk.act(Action::ConsentAll(Overall::None)).answer(Reply::Queried(Ok(found))).closed();
        kiosk
    };
    // The certificate ends on the owner's birthday.
    let owner = by_pin(eligibility(Validity::Valid));
    assert_eq!(finished(&owner).name.as_deref(), Some("診療　太郎"));
    assert!(announced(&owner).advice.notes.is_empty());
    let other = by_pin(of_another());
    assert_eq!((finished(&other).outcome, finished(&other).name), (Outcome::Confirmed, None));
    assert!(announced(&other).advice.notes.contains(&ClaimNote::CompareBirth));
}

#[test]
fn typed_numbers_are_compared_with_what_is_known() {
    let document = Way::Document(Document::EligibilityCertificate);
    let mut kiosk = Kiosk::new();
    kiosk.act(Action::OtherWays).act(Action::Take(document)).act(Action::Numbers(numbers()));
    kiosk.act(Action::LimitCertificate { agreed: false });
    kiosk.answer(Reply::Queried(Ok(of_another()))).shows("Fallback");
    assert!(kiosk.records().contains(&Record::AnswerAboutAnother));
    // The chip knows the owner's birth date: a paper of somebody else is refused at its field.
    let mut kiosk = Kiosk::new();
    querying(&mut kiosk).answer(Reply::Queried(Ok(eligibility(Validity::NoneFound))));
    kiosk.act(Action::Take(document));
    let mut others = numbers();
    others.birth.day = 18;
    kiosk.act(Action::Numbers(others));
    let Screen::Numbers { problem: Some(problem), .. } = kiosk.screen() else { panic!() };
    assert_eq!((problem.field, problem.problem), (Field::BirthDate, FieldProblem::NotOfCard));
    kiosk.act(Action::Numbers(numbers())).shows("LimitCertificate");
}

#[test]
fn a_paper_whose_numbers_were_typed_is_to_be_seen() {
    let typed = |kiosk: &mut Kiosk, document| {
        kiosk.act(Action::Take(Way::Document(document))).act(Action::Numbers(numbers()));
    };
    let mut kiosk = Kiosk::new();
    kiosk.act(Action::OtherWays);
    typed(&mut kiosk, Document::EligibilityCertificate);
    kiosk.act(Action::LimitCertificate { agreed: false });
    kiosk.answer(Reply::Queried(Ok(eligibility(Validity::Valid)))).closed();
    let paper = finished(&kiosk).paper.expect("nobody has looked at it");
    assert_eq!((paper.document, paper.needs_card()), (Document::EligibilityCertificate, false));
    assert_eq!(announced(&kiosk).paper.as_ref(), Some(&paper));
    // With the card: the notice alone does not do.
    let mut kiosk = Kiosk::new();
    querying(&mut kiosk).answer(Reply::Queried(Ok(eligibility(Validity::Invalid))));
    typed(&mut kiosk, Document::QualificationNotice);
    kiosk.answer(Reply::Queried(Ok(eligibility(Validity::Valid)))).closed();
    assert!(finished(&kiosk).paper.is_some_and(|paper| paper.needs_card()));
    // Confirmed by the card, there is no paper to see.
    let mut kiosk = Kiosk::new();
    querying(&mut kiosk).answer(Reply::Queried(Ok(eligibility(Validity::Valid)))).closed();
    assert_eq!(finished(&kiosk).paper, None);
}

#[test]
fn whoever_was_here_before_needs_no_statement() {
    let mut kiosk = Kiosk::new();
    querying(&mut kiosk).answer(Reply::Queried(Ok(eligibility(Validity::Invalid))));
    kiosk.act(Action::Take(Way::Oral));
    let advice = &announced(&kiosk).advice;
    assert_eq!((advice.route, advice.numbers.number.as_str()), (Route::Past, "345"));
    assert!(advice.notes.contains(&ClaimNote::AskWhetherChanged));
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::OtherWays).act(Action::Take(Way::Oral));
    let advice = &announced(&kiosk).advice;
    assert_eq!(advice.route, Route::Undecided);
    assert!(!advice.notes.contains(&ClaimNote::StatementNeeded));
}

/// What the screen names beside the person, in order.
fn insurers(qualifications: Vec<Qualification>) -> Vec<(String, bool)> {
    let mut kiosk = Kiosk::new();
    querying(&mut kiosk);
    let answer = Eligibility { qualifications, ..eligibility(Validity::Valid) };
    kiosk.answer(Reply::Queried(Ok(answer))).closed();
    let insurers = finished(&kiosk).insurers.into_iter();
    insurers.map(|insurer| (insurer.name, insurer.medical_assistance)).collect()
}

#[test]
fn medical_assistance_beside_an_insurance_is_named_beside_it() {
    let held = eligibility(Validity::Valid).qualifications.remove(0);
    let insured = (held.insurer_name.clone(), false);
    let office = |name: &str| Qualification {
        class: Some("A1".into()),
        insurer_number: "12139010".into(),
        insurer_name: name.into(),
        ..held.clone()
    };
    assert_eq!(insurers(vec![held.clone()]), std::slice::from_ref(&insured));
    let both = [insured.clone(), ("練習区福祉事務所".into(), true)];
    for order in
        [[office("練習区福祉事務所"), held.clone()], [held.clone(), office("練習区福祉事務所")]]
    {
        assert_eq!(insurers(order.into()), both);
    }
    let ticket = Qualification { medical_tickets: vec![MedicalTicket::default()], ..held.clone() };
    assert_eq!(insurers(vec![ticket]), [insured, (String::new(), true)]);
    let ended = Qualification { lost_on: Some(jiff::civil::date(2026, 1, 1)), ..office("") };
    assert_eq!(insurers(vec![held, ended]).len(), 1, "one that does not hold is not named");
}

#[test]
fn staff_are_told_about_the_limit() {
    let told = |agreed, answer| {
        let mut kiosk = Kiosk::new();
        kiosk.act(Action::OtherWays);
        kiosk.act(Action::Take(Way::Document(Document::EligibilityCertificate)));
        kiosk.act(Action::Numbers(numbers())).act(Action::LimitCertificate { agreed });
        kiosk.answer(Reply::Queried(answer));
        announced(&kiosk).limit
    };
    let none = eligibility(Validity::Valid);
    let mut found = none.clone();
    let certificate =
        LimitCertificate { category: LimitCategory::of("A03"), ..LimitCertificate::default() };
    found.qualifications[0].limit_certificate = Some(certificate);
    assert_eq!(told(true, Ok(found)), Some(LimitNotice::Registered(certificate)));
    assert_eq!(told(true, Ok(none.clone())), Some(LimitNotice::NotRegistered));
    assert_eq!(told(false, Ok(none)), Some(LimitNotice::Refused));
    assert_eq!(told(true, Err(GatewayTrouble::Late)), Some(LimitNotice::Unknown));
    assert_eq!(told(false, Err(GatewayTrouble::Down)), Some(LimitNotice::Refused));
}
