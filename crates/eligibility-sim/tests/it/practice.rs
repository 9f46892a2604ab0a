//! The practice people and the rules of the system.

use checkin::consent::{ConsentAnswer, Topic};
use checkin::effect::Handover;
use checkin::eligibility::{Asked, Eligibility, Validity};
use checkin::gateway::{GatewayTrouble, Question, Registration, Reply};
use checkin::identity::Method;
use checkin::limit::LimitCategory;
use checkin::secret::Serial;
use eligibility_sim::{NationalSystem, Person, PersonError, personas};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

pub(crate) fn text(id: &str) -> &'static str {
    personas().iter().find(|(known, _)| *known == id).unwrap().1
}

pub(crate) fn person(id: &str) -> Person {
    Person::from_toml(text(id), now()).unwrap().unwrap()
}

pub(crate) fn serial(id: &str) -> Serial {
    Serial::new(person(id).serial)
}

pub(crate) fn now() -> Timestamp {
    "2026-11-23T09:00:00+09:00".parse().unwrap()
}

pub(crate) fn agree(topic: Topic, at: Timestamp) -> ConsentAnswer {
    ConsentAnswer { topic, agreed: true, at }
}

#[test]
fn every_persona_describes_a_card_and_a_person() {
    let mut serials = BTreeSet::new();
    for (id, text) in personas() {
        let card = virtual_card::Persona::from_toml(text, now()).unwrap();
        assert_eq!(card.id, *id);
        assert!(!card.story.is_empty());
        let person = Person::from_toml(text, now()).unwrap();
        let unknown_to_the_system = ["not-my-number", "revoked", "juki-card"];
        assert_eq!(person.is_none(), unknown_to_the_system.contains(id), "{id}");
        let (Some(person), Some(holder)) = (person, card.holder) else {
            continue;
        };
        assert_eq!(person.id, *id);
        assert_eq!((&person.serial, person.birth), (&holder.serial_bytes(), holder.birth));
        assert!(serials.insert(person.serial), "{id}");
        assert!(card.story.lines().count() == 1, "{id}");
    }
    assert_eq!(serials.len() + 3, personas().len());
    assert!(personas().len() >= 60);
}

#[test]
fn the_name_is_the_insurers() {
    let names = |id| person(id).eligibility.qualifications[0].name.clone();
    assert_eq!(names("valid"), "受付　太郎");
    assert_eq!(names("circle-in-name"), "●﨑　春子");
}

#[track_caller]
fn refuse(from: &str, to: &str, expected: &str) {
    let text = text("valid-elderly");
    assert!(text.contains(from), "{from}");
    let error = Person::from_toml(&text.replacen(from, to, 1), now()).unwrap_err();
    assert!(error.to_string().contains(expected), "{error}");
}

#[test]
fn mistakes_in_a_file_are_named() {
    refuse("registered = true", "registerd = true", "registerd");
    refuse("registered = true", "", "registered");
    refuse("share_percent", "share", "share");
    refuse("[insurance]", "[insurances]\n[insurance]", "insurances");
    refuse("validity = 1", "validity = 7", "`validity`: write 1 to 6");
    refuse("validity = 1", "validity = 4", "`qualification`");
    refuse("validity = 1", "validity = 5", "`qualification`");
    refuse("39131016", "39131017", "`insurer_number`");
    refuse("\"12345678\"", "\"123456789012345678901\"", "`number`");
    refuse("share_percent = 10", "share_percent = 101", "`share_percent`");
    refuse("valid_from = {", "valid_from = \"20250801x\" # {", "not readable");
    refuse("last = \"08-01\"", "days = 20000", "`valid_from`");
    refuse("5A0002", "00", "`serial`");
    refuse("ｳｹﾂｹ ｳﾒ", "うけつけ うめ", "`name_kana`");
    let system = format!("{}\n[system]\nanswer = \"slow\"", text("valid"));
    assert!(matches!(Person::from_toml(&system, now()), Err(PersonError::Syntax(_))));
    let alone = format!("{}\n[system]\nanswer = \"late\"", text("not-my-number"));
    assert!(Person::from_toml(&alone, now()).is_err());
}

#[test]
fn one_serial_belongs_to_one_person() {
    let twin = Person { id: "twin".to_owned(), ..person("valid") };
    let taken = NationalSystem::new([person("valid"), twin]).err().unwrap();
    assert_eq!((taken.first.as_str(), taken.second.as_str()), ("valid", "twin"));
}

#[test]
fn a_card_is_registered_once_and_stays_so() {
    let mut system = NationalSystem::practice(now());
    let card = serial("not-registered");
    assert_eq!(system.look_up(&card), Ok(Registration::NotYet));
    let unknown = Err(GatewayTrouble::UnknownCertificate);
    assert_eq!(system.open(&card, Method::Pin, false, now()), unknown);
    assert!(system.query(&card, &[], now()).is_err());
    let opened = system.open(&card, Method::Pin, true, now()).unwrap();
    assert_eq!(opened.topics, [Topic::Operation, Topic::TreatmentAndMedicine]);
    assert_eq!(system.look_up(&card), Ok(Registration::Registered));
    assert!(system.query(&card, &[], now()).unwrap().is_valid());
    assert!(system.open(&card, Method::Face, false, now()).is_ok());
}

#[test]
fn an_unknown_certificate_is_refused_everywhere() {
    let mut system = NationalSystem::practice(now());
    for bytes in [vec![], vec![0], vec![0x5A], vec![1; 40]] {
        let card = Serial::new(bytes);
        let unknown = GatewayTrouble::UnknownCertificate;
        assert_eq!(system.look_up(&card), Err(unknown));
        assert_eq!(system.open(&card, Method::Pin, true, now()), Err(unknown));
        assert_eq!(system.query(&card, &[], now()), Err(unknown));
        assert_eq!(system.consents(&card, now()), []);
        assert!(!system.withdraw(&card, Topic::Operation));
    }
    let mut with_sign_byte = vec![0];
    with_sign_byte.extend(person("valid").serial);
    assert!(system.look_up(&Serial::new(with_sign_byte)).is_ok());
}

#[test]
fn a_consent_lives_24_hours_to_the_second() {
    let mut system = NationalSystem::practice(now());
    let card = serial("valid");
    let consent = agree(Topic::Operation, now());
    system.query(&card, &[consent], now()).unwrap();
    let day = now() + SignedDuration::from_hours(24);
    let second = SignedDuration::from_secs(1);
    assert_eq!(system.consents(&card, now() - second), []);
    assert_eq!(system.consents(&card, now()), [consent]);
    assert_eq!(system.consents(&card, day), [consent]);
    assert_eq!(system.consents(&card, day + second), []);
    assert_eq!(system.consents(&serial("invalid"), now()), []);
}

#[test]
fn a_consent_ends_by_refusal_withdrawal_or_a_new_answer() {
    let mut system = NationalSystem::practice(now());
    let card = serial("valid");
    let both = [agree(Topic::Operation, now()), agree(Topic::HealthCheckups, now())];
    system.query(&card, &both, now()).unwrap();
    assert_eq!(system.consents(&card, now()), both);
    let refused = ConsentAnswer { agreed: false, ..both[0] };
    system.query(&card, &[refused], now()).unwrap();
    assert_eq!(system.consents(&card, now()), both[1..]);
    assert!(system.withdraw(&card, Topic::HealthCheckups));
    assert!(!system.withdraw(&card, Topic::HealthCheckups));
    assert_eq!(system.consents(&card, now()), []);
    let ahead = agree(Topic::Operation, now() + SignedDuration::from_hours(48));
    system.query(&card, &[ahead], now()).unwrap();
    assert_eq!(system.consents(&card, now()), [agree(Topic::Operation, now())]);
}

#[track_caller]
fn topics(id: &str, at: &str, expected: &[Topic]) {
    let mut system = NationalSystem::practice(now());
    let at = at.parse().unwrap();
    let opened = system.open(&serial(id), Method::Face, false, at).unwrap();
    assert_eq!(opened.topics, expected, "{id} {at}");
}

#[test]
fn topics_follow_age_on_the_day_in_japan_and_certificate() {
    use Topic::{HealthCheckups, Operation, SpecificDiseases, TreatmentAndMedicine};
    let young = [Operation, TreatmentAndMedicine];
    let older = [Operation, TreatmentAndMedicine, HealthCheckups];
    // Born on 1 April 1997, seen from 2026.
    topics("valid-young", "2037-03-31T23:59:59+09:00", &young);
    topics("valid-young", "2037-04-01T00:00:00+09:00", &older);
    topics("valid", "2026-11-23T09:00:00+09:00", &older);
    let all = [Operation, TreatmentAndMedicine, HealthCheckups, SpecificDiseases];
    topics("valid-elderly", "2026-11-23T09:00:00+09:00", &all);
}

#[test]
fn an_answer_to_a_topic_that_does_not_apply_is_dropped() {
    let mut system = NationalSystem::practice(now());
    let card = serial("valid-young");
    let answers = [agree(Topic::HealthCheckups, now()), agree(Topic::SpecificDiseases, now())];
    system.query(&card, &answers, now()).unwrap();
    assert_eq!(system.consents(&card, now()), []);
}

#[test]
fn personas_bring_their_trouble() {
    let mut system = NationalSystem::practice(now());
    let (down, late) = (serial("system-down"), serial("system-late"));
    assert_eq!(system.look_up(&down), Err(GatewayTrouble::Down));
    assert_eq!(system.open(&down, Method::Pin, false, now()), Err(GatewayTrouble::Down));
    assert_eq!(system.query(&down, &[], now()), Err(GatewayTrouble::Down));
    assert_eq!(system.look_up(&late), Ok(Registration::Registered));
    assert!(system.open(&late, Method::Pin, false, now()).is_ok());
    let consent = agree(Topic::Operation, now());
    assert_eq!(system.query(&late, &[consent], now()), Err(GatewayTrouble::Late));
    assert_eq!(system.consents(&late, now()), []);
}

#[test]
fn every_answer_fits_the_result_file() {
    let institution = oqs::InstitutionCode::new("1311111111").unwrap();
    for person in personas().iter().filter_map(|(_, text)| Person::from_toml(text, now()).unwrap())
    {
        let consents = [agree(Topic::Operation, now())];
        let code = institution.clone();
        let eligibility = person.eligibility.clone();
        let handover = Handover { eligibility, asked: Asked::Card, consents: consents.to_vec() };
        let file = oqs::Message::of_check_in(code, "", &handover, now()).unwrap();
        for encoding in [oqs::Encoding::Utf8, oqs::Encoding::ShiftJis] {
            let xml = oqs::to_xml(&file, encoding).unwrap();
            let shift_jis = encoding == oqs::Encoding::ShiftJis;
            let characters = xml.lost.iter().flat_map(|lost| lost.characters.clone());
            let lost = if shift_jis && person.id == "name-yoshi" { vec!['𠮷'] } else { vec![] };
            assert_eq!(characters.collect::<Vec<_>>(), lost, "{}", person.id);
            let mut expected = person.eligibility.clone();
            for q in expected.qualifications.iter_mut().filter(|_| shift_jis) {
                q.name = q.name.replace('𠮷', "●");
            }
            assert_eq!(oqs::parse(&xml.bytes).unwrap().eligibility().unwrap(), expected);
        }
    }
}

#[test]
fn answers_follow_the_persona() {
    let mut system = NationalSystem::practice(now());
    let mut answer = |id| system.query(&serial(id), &[], now()).unwrap();
    assert_eq!(answer("invalid").validity, Validity::Invalid);
    assert!(answer("invalid").qualifications[0].lost_on.is_some());
    assert_eq!(answer("newer-exists").validity, Validity::InvalidNewerExists);
    assert_eq!(answer("none-found").validity, Validity::NoneFound);
    assert!(answer("none-found").qualifications.is_empty());
    assert_eq!(answer("valid-elderly").qualifications[0].branch, None);
    assert!(answer("expired-grace").is_valid());
}

#[test]
fn an_insurer_that_registers_late_changes_the_answer_at_midnight() {
    let mut system = NationalSystem::practice(now());
    let mut at = |id, at: &str| {
        let answer = system.query(&serial(id), &[], at.parse().unwrap()).unwrap();
        (answer.validity, answer.qualifications.len())
    };
    let (before, after) = ("2026-11-25T23:59:59+09:00", "2026-11-26T00:00:00+09:00");
    assert_eq!(at("newborn", before), (Validity::NoneFound, 0));
    assert_eq!(at("newborn", after), (Validity::Valid, 1));
    assert_eq!(at("new-job", before), (Validity::Invalid, 1));
    assert_eq!(at("new-job", after), (Validity::Valid, 2));
}

/// Old questions go on after the card was taken off; the next look-up begins afresh.
#[test]
fn a_card_taken_off_comes_back_as_new() {
    let mut system = NationalSystem::practice(now());
    let once = serial("down-once");
    assert_eq!(system.look_up(&once), Err(GatewayTrouble::Down));
    assert!(system.query(&once, &[agree(Topic::Operation, now())], now()).is_ok());
    system.practice_card_taken(&once, now());
    assert_eq!(system.consents(&once, now()).len(), 1);
    assert!(system.query(&once, &[], now()).is_ok(), "the question of the last visit goes on");
    assert_eq!(system.look_up(&once), Err(GatewayTrouble::Down));
    assert_eq!(system.consents(&once, now()), []);

    let new = serial("not-registered");
    system.open(&new, Method::Pin, true, now()).unwrap();
    system.practice_card_taken(&new, now());
    assert_eq!(system.look_up(&new), Ok(Registration::NotYet));
    system.practice_card_taken(&Serial::new(vec![1]), now());
    // Days are seen from the new moment.
    let later: Timestamp = "2031-04-01T09:00:00+09:00".parse().unwrap();
    let newborn = serial("newborn");
    system.practice_card_taken(&newborn, later);
    system.look_up(&newborn).unwrap();
    let answer = system.query(&newborn, &[], later).unwrap();
    assert_eq!(answer.validity, Validity::NoneFound);
}

#[test]
fn troubles_end_after_seconds_or_tries() {
    let mut system = NationalSystem::practice(now());
    let late = serial("late-then-answer");
    let at = |seconds| now() + SignedDuration::from_secs(seconds);
    assert_eq!(system.query(&late, &[], now()), Err(GatewayTrouble::Late));
    assert_eq!(system.query(&late, &[], at(89)), Err(GatewayTrouble::Late));
    assert!(system.query(&late, &[], at(90)).is_ok());
    let twice = serial("late-twice");
    assert!(system.open(&twice, Method::Pin, false, now()).is_ok());
    assert!(system.query(&twice, &[], now()).is_err());
    assert!(system.query(&twice, &[], now()).is_err());
    assert!(system.query(&twice, &[], now()).is_ok());
    let once = serial("down-once");
    assert_eq!(system.look_up(&once), Err(GatewayTrouble::Down));
    assert_eq!(system.look_up(&once), Ok(Registration::Registered));
    for (id, fails) in [("down-look-up", 0), ("down-open", 1), ("down-query", 2)] {
        let card = serial(id);
        let steps = [
            system.look_up(&card).is_err(),
            system.open(&card, Method::Pin, false, now()).is_err(),
            system.query(&card, &[], now()).is_err(),
        ];
        assert_eq!(steps.iter().position(|failed| *failed), Some(fails), "{id}");
        assert_eq!(steps.iter().filter(|failed| **failed).count(), 1, "{id}");
    }
    let paper = crate::by_number::numbers("system-late");
    assert_eq!(system.query_by_number(&paper, false, now()), Err(GatewayTrouble::Late));
}

#[test]
fn every_question_is_put_to_its_own_verb() {
    let mut system = NationalSystem::practice(now());
    let card = || serial("valid");
    let consents = vec![agree(Topic::Operation, now())];
    let numbers = Box::new(crate::by_number::numbers("valid"));
    let withdraw = Question::Withdraw { serial: card(), topic: Topic::Operation };
    for question in [
        Question::LookUp { serial: card() },
        Question::Open { serial: card(), method: Method::Pin, register: false },
        Question::Query { serial: card(), consents },
        Question::QueryNumbers { numbers, limit_certificate: false },
    ] {
        let reply = system.ask(&question, now());
        assert!(reply.is_like(&question.failed(GatewayTrouble::Down)), "{question:?}: {reply:?}");
    }
    assert_eq!(system.consents(&card(), now()).len(), 1);
    assert_eq!(system.ask(&withdraw, now()), Reply::Withdrawn(Ok(())));
    assert_eq!(system.consents(&card(), now()), []);
    assert_eq!(system.ask(&withdraw, now()), Reply::Withdrawn(Ok(())), "not there, no trouble");
}

#[test]
fn limits_need_consent_on_the_paper_path() {
    let mut system = NationalSystem::practice(now());
    let category = |found: Result<Eligibility, GatewayTrouble>| {
        found.unwrap().qualifications[0].limit_certificate?.category.map(LimitCategory::code)
    };
    assert_eq!(category(system.query(&serial("specific-disease"), &[], now())), Some("A03"));
    assert_eq!(category(system.query(&serial("valid"), &[], now())), None);
    let paper = crate::by_number::numbers("specific-disease");
    assert_eq!(category(system.query_by_number(&paper, true, now())), Some("A03"));
    assert_eq!(category(system.query_by_number(&paper, false, now())), None);
    let paper = crate::by_number::numbers("valid");
    assert_eq!(category(system.query_by_number(&paper, true, now())), None);
}

#[test]
fn contradictions_are_contradictory_and_the_rest_is_not() {
    let odd = ["answer-empty", "answer-lost"];
    let today = checkin::time::in_japan(now()).date();
    for person in personas().iter().filter_map(|(_, text)| Person::from_toml(text, now()).unwrap())
    {
        let contradictory = person.eligibility_at(now()).is_contradictory(today);
        assert_eq!(contradictory, odd.contains(&person.id.as_str()), "{}", person.id);
    }
    refuse("validity = 1", "validity = 1\nvalidity_until_then = 2", "`validity_until_then`");
    refuse("valid_from", "known_from = \"2026-12-01\"\nvalid_from", "`validity_until_then`");
}

#[test]
fn every_persona_lies_on_the_reader_as_a_card() {
    for (id, text) in personas() {
        let card = virtual_card::Persona::from_toml(text, now()).unwrap();
        let mut card = virtual_card::VirtualCard::new(&card, None, now());
        if *id == "name-long" {
            card.prepare();
        }
        let select_jpki = b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";
        let found = card.transmit(select_jpki).ends_with(&[0x90, 0x00]);
        assert_eq!(found, *id != "not-my-number", "{id}");
    }
}
