//! Request files, as the program of a terminal answers them.

use crate::by_number::numbers;
use crate::practice::*;
use checkin::eligibility::{Asked, Validity};
use eligibility_sim::{Answer, NationalSystem, answer, answer_delay};
use oqs::{Encoding, InstitutionCode, Kind, Message, NoAnswer, parse_with_encoding, to_xml};

fn question(id: &str, limit: bool) -> Message {
    let institution = InstitutionCode::new("1312345678").unwrap();
    Message::of_numbers(institution, "UK20261123-1", &numbers(id), limit, now()).unwrap()
}

fn answered(bytes: &[u8]) -> (Message, Encoding, Answer) {
    let answer = answer(&mut NationalSystem::practice(now()), bytes, now());
    let (message, encoding) = parse_with_encoding(&answer.bytes).unwrap();
    (message, encoding, answer)
}

#[track_caller]
fn check(id: &str, expected: Validity, people: usize) {
    for encoding in [Encoding::Utf8, Encoding::ShiftJis] {
        let asked = to_xml(&question(id, false), encoding).unwrap().bytes;
        let (message, written, answer) = answered(&asked);
        assert_eq!((message.check(Kind::Result), answer.late), (vec![], false), "{id}");
        assert_eq!(written, encoding);
        let found = message.eligibility().unwrap();
        assert_eq!((found.validity, found.qualifications.len()), (expected, people), "{id}");
        let header = message.header.as_ref().unwrap();
        assert_eq!(header.file_identifier.as_deref(), Some("UK20261123-1"));
        let body = message.body.as_ref().unwrap();
        assert_eq!(body.searches, question(id, false).body.unwrap().searches);
        assert!(message.results().all(|one| one.identifier.as_deref() == Some("UK20261123-1")));
    }
}

#[test]
fn numbers_are_answered_as_the_national_system_knows_them() {
    check("valid", Validity::Valid, 1);
    check("valid-elderly", Validity::Valid, 1);
    check("left-job", Validity::Invalid, 1);
    check("medical-assistance", Validity::ValidUnregistered, 1);
    check("circle-in-name", Validity::Valid, 1);
}

#[test]
fn nobody_and_more_than_one_are_answers_too() {
    let mut asked = question("valid", false);
    asked.body.as_mut().unwrap().searches[0].birth = oqs::Day::written("19010203");
    let (message, ..) = answered(&to_xml(&asked, Encoding::Utf8).unwrap().bytes);
    assert_eq!(message.eligibility().unwrap().validity, Validity::NoneFound);
    assert_eq!(message.check(Kind::Result), []);
    let mut asked = question("twin-elder", false);
    asked.body.as_mut().unwrap().searches[0].branch = None;
    let (message, ..) = answered(&to_xml(&asked, Encoding::Utf8).unwrap().bytes);
    let found = message.eligibility().unwrap();
    assert_eq!((found.validity, found.qualifications.len()), (Validity::MoreThanOne, 2));
}

#[test]
fn the_limit_certificate_is_answered_with_consent_only() {
    let limit = |agreed| {
        let asked = to_xml(&question("valid-elderly", agreed), Encoding::Utf8).unwrap().bytes;
        let handover = answered(&asked).0.handover().unwrap();
        let Asked::Numbers { limit_certificate } = handover.asked else { panic!("by numbers") };
        let shown = handover.eligibility.qualifications[0].limit_certificate.is_some();
        (limit_certificate.unwrap().agreed, shown)
    };
    assert_eq!(limit(false), (false, false));
    assert!(limit(true).0);
}

#[test]
fn what_cannot_be_answered_is_an_error_with_a_reason_and_no_value() {
    let error = |bytes: &[u8]| {
        let (message, _, answer) = answered(bytes);
        let NoAnswer::Terminal { code } = message.eligibility().unwrap_err() else {
            panic!("an error of the terminal")
        };
        let header = message.header.unwrap();
        assert!(header.error_message.is_some() && header.executed_at.is_some());
        (code, answer.late)
    };
    let told = |code: &str, late| (code.to_owned(), late);
    assert_eq!(error(b"<XmlMsg>"), told("SIM001", false));
    assert_eq!(error(b"<XmlMsg><MessageHeader/><MessageBody/></XmlMsg>"), told("SIM002", false));
    let mut two = question("valid", false);
    let searches = &mut two.body.as_mut().unwrap().searches;
    searches.push(searches[0].clone());
    assert_eq!(error(&to_xml(&two, Encoding::Utf8).unwrap().bytes), told("SIM003", false));
    let down = to_xml(&question("down-query", false), Encoding::Utf8).unwrap().bytes;
    assert_eq!(error(&down), told("SIM009", false));
    let late = to_xml(&question("system-late", false), Encoding::Utf8).unwrap().bytes;
    assert_eq!(error(&late), told("SIM008", true));
}

#[test]
fn answers_come_after_three_to_seven_seconds_the_same_in_every_run() {
    let all: Vec<_> = (0..1_000).map(|nth| answer_delay(7, nth).as_millis()).collect();
    assert!(all.iter().all(|ms| (3_000..=7_000).contains(ms)));
    assert!(all.iter().any(|ms| *ms < 3_500) && all.iter().any(|ms| *ms > 6_500));
    assert_eq!(answer_delay(7, 3), answer_delay(7, 3));
}

#[test]
fn a_chart_number_that_was_registered_comes_back_with_answers() {
    let mut system = NationalSystem::practice(now());
    let mut told = |id| {
        let asked = to_xml(&question(id, false), Encoding::ShiftJis).unwrap().bytes;
        let message = oqs::parse(&answer(&mut system, &asked, now()).bytes).unwrap();
        let result = message.results().next().unwrap();
        result.reference_number.as_deref().map(ToOwned::to_owned)
    };
    assert_eq!((told("valid"), told("twin-elder")), (None, None));
    let register = |system: &mut NationalSystem, id, number: Option<&str>| {
        let mut numbers = numbers(id);
        numbers.number = number.map_or(numbers.number, ToOwned::to_owned);
        let institution = InstitutionCode::new("1312345678").unwrap();
        let asked = Message::of_registration(institution, "UK2", "000123", &numbers, now());
        let asked = to_xml(&asked.unwrap(), Encoding::ShiftJis).unwrap().bytes;
        let (message, encoding) =
            parse_with_encoding(&eligibility_sim::registered(system, &asked, now())).unwrap();
        assert_eq!((encoding, message.kind()), (Encoding::ShiftJis, Kind::Registered));
        assert_eq!(message.check(Kind::Registered), []);
        let of_file = message.header.as_ref().and_then(|header| header.file_identifier.clone());
        assert_eq!(of_file.as_deref(), Some("UK2"));
        message.registered()
    };
    assert_eq!(register(&mut system, "twin-elder", None), Ok(()));
    let refused = register(&mut system, "valid", Some("999999"));
    assert_eq!(refused, Err(NoAnswer::Terminal { code: "SIM010".into() }));
    let mut told = |id| {
        let asked = to_xml(&question(id, false), Encoding::Utf8).unwrap().bytes;
        let message = oqs::parse(&answer(&mut system, &asked, now()).bytes).unwrap();
        let result = message.results().next().unwrap();
        result.reference_number.as_deref().map(ToOwned::to_owned)
    };
    assert_eq!(told("twin-elder").as_deref(), Some("000123"));
    assert_eq!((told("twin-younger"), told("valid")), (None, None), "others are not named");
    let broken = eligibility_sim::registered(&mut system, b"<XmlMsg>", now());
    assert!(oqs::parse(&broken).unwrap().registered().is_err());
}
