//! Example views, one file for each state of each screen: what the screenshots show and what other clients can try.
//! `UPDATE_VIEWS=1 cargo test -p kiosk-web` writes them anew after a change of the wire.

mod by_numbers;

use protocol::screen::{
    After, Agreed, AtClinic, CardProblem, CertificateAlert, CodeProblem, CodePurpose,
    ConsentSkipped, Delivery, Document, Fault, Field, FieldError, FieldProblem, Insurer, Method,
    MethodNotice, Offer, Outcome, Paper, PasscodeProblem, Payment, Receipt, Topic, Way, Why,
    WhyNot, Withdrawal,
};
use protocol::{Name, Screen, View};
use std::fs;
use std::path::PathBuf;

const TOPICS: [Topic; 3] = [Topic::Operation, Topic::TreatmentAndMedicine, Topic::HealthCheckups];

fn offers(face: Option<WhyNot>, pin: Option<WhyNot>) -> Vec<Offer> {
    [(Method::Face, face), (Method::Pin, pin), (Method::Visual, None)]
        .map(|(method, why_not)| Offer { method, why_not })
        .into()
}

fn finished(outcome: Outcome, agreed: &[Topic]) -> Screen {
    let confirmed = outcome == Outcome::Confirmed;
    let until = || "2026-11-24T10:30:05+09:00".to_owned();
    Screen::Finished {
        outcome,
        person: confirmed.then(|| "髙橋　あきら".to_owned()),
        insurers: confirmed
            .then(|| insurer("練習県後期高齢者医療広域連合", false))
            .into_iter()
            .collect(),
        share_percent: confirmed.then_some(20),
        payment: Payment::AsAlways,
        agreed: agreed.iter().map(|topic| Agreed { topic: *topic, until: until() }).collect(),
        withdrawal: if agreed.is_empty() { Withdrawal::AtReception } else { Withdrawal::Here },
        delivery: match (confirmed, agreed) {
            (true, []) => Delivery::Queued,
            _ => Delivery::Done,
        },
        paper: (outcome == Outcome::NumbersTyped)
            .then_some(Paper { document: Document::QualificationNotice, with_card: true }),
        parked: outcome == Outcome::SystemDown,
        after: after(),
        receipt: Receipt {
            method: Some(Method::Face),
            card_used: true,
            card_sent: true,
            photo_read: true,
            ..Receipt::default()
        },
        person_kana: None,
        consents_at_reader: false,
        card_at_reader: false,
        clinic: None,
    }
}

fn insurer(name: &str, medical_assistance: bool) -> Insurer {
    Insurer { name: name.to_owned(), medical_assistance }
}

fn problem(problem: CardProblem) -> Screen {
    let brought = matches!(problem, CardProblem::Phone | CardProblem::CertificateExpired);
    let brought = brought || matches!(problem, CardProblem::NotGenuine | CardProblem::NotVerified);
    Screen::CardProblem { problem, payment: payment(brought) }
}

fn fallback(why: Why, ways: Vec<Way>, back: bool) -> Screen {
    Screen::Fallback {
        why,
        ways,
        back,
        payment: payment(!matches!(why, Why::NoCard | Why::NotRegistered)),
    }
}

fn ways() -> Vec<Way> {
    use Way::*;
    vec![MynaPortal, QualificationNotice, EligibilityCertificate, Oral, Statement, Desk]
}

fn payment(brought_the_card: bool) -> Payment {
    if brought_the_card { Payment::AsAlways } else { Payment::AtReception }
}

fn all_topics() -> Vec<Topic> {
    TOPICS.into_iter().chain([Topic::SpecificDiseases]).collect()
}

/// What the site calls something in two languages.
fn named(ja: &str, en: &str) -> Name {
    Name { others: [("en".into(), en.into())].into(), ..Name::in_japanese(ja) }
}

fn after() -> After {
    After { number: Some(27), destination: Some(named("内科", "Internal medicine")) }
}

fn before_identity() -> Vec<(&'static str, Screen)> {
    let expiring = CertificateAlert::Expiring { until: "2027-02-17T23:59:59+09:00".to_owned() };
    let grace = CertificateAlert::Grace { until: "2027-01-31T23:59:59+09:00".to_owned() };
    let missed = MethodNotice::FaceMissed { attempts_left: 1 };
    vec![
        (
            "out_of_service",
            Screen::OutOfService {
                fault: Fault::ReaderMissing,
                reader: Some("ACS ACR1251 00 00".to_owned()),
            },
        ),
        ("idle", Screen::Idle),
        ("reading", Screen::Reading),
        ("card_problem-unreadable", problem(CardProblem::Unreadable)),
        ("card_problem-not_my_number", problem(CardProblem::NotMyNumber)),
        ("card_problem-juki_card", problem(CardProblem::JukiCard)),
        ("card_problem-driving_licence", problem(CardProblem::DrivingLicence)),
        ("card_problem-residence_card", problem(CardProblem::ResidenceCard)),
        ("card_problem-transit_card", problem(CardProblem::TransitCard)),
        ("card_problem-payment_card", problem(CardProblem::PaymentCard)),
        ("card_problem-phone", problem(CardProblem::Phone)),
        ("card_problem-expired", problem(CardProblem::CertificateExpired)),
        ("card_problem-not_genuine", problem(CardProblem::NotGenuine)),
        ("card_problem-not_verified", problem(CardProblem::NotVerified)),
        ("card_problem-practice_card", problem(CardProblem::PracticeCard)),
        ("out_of_service-starting", Screen::OutOfService { fault: Fault::Starting, reader: None }),
        ("application", Screen::Application),
        ("method", Screen::Method { offers: offers(None, None), alert: None, notice: None }),
        (
            "method-expiring",
            Screen::Method {
                offers: offers(None, None),
                alert: Some(expiring),
                notice: Some(missed),
            },
        ),
        (
            "method-refused",
            Screen::Method {
                offers: offers(Some(WhyNot::CodeTriesLow), Some(WhyNot::PinLocked)),
                alert: Some(grace),
                notice: Some(MethodNotice::PinLocked),
            },
        ),
    ]
}

fn identity() -> Vec<(&'static str, Screen)> {
    vec![
        ("code", code(None, CodePurpose::Photo)),
        ("code-wrong", code(Some(CodeProblem::Wrong { tries_left: 9 }), CodePurpose::Photo)),
        ("code-birth_date", code(Some(CodeProblem::BirthDate), CodePurpose::Photo)),
        ("code-items", code(None, CodePurpose::Items)),
        ("reading_photo", Screen::ReadingPhoto),
        ("face", Screen::Face { attempt: 1, of: 3, nonce: "00c0ffee00000001".into() }),
        ("face-second", Screen::Face { attempt: 2, of: 3, nonce: "00c0ffee00000002".into() }),
        ("pin", Screen::Pin { tries_left: 3, wrong: false }),
        ("pin-wrong", Screen::Pin { tries_left: 2, wrong: true }),
        ("pin_last_try", Screen::PinLastTry),
        ("checking_pin", Screen::CheckingPin),
        ("staff", Screen::Staff { problem: None }),
        (
            "staff-throttled",
            Screen::Staff { problem: Some(PasscodeProblem::Throttled { wait_s: 30 }) },
        ),
        ("checking_passcode", Screen::CheckingPasscode),
    ]
}

fn code(problem: Option<CodeProblem>, purpose: CodePurpose) -> Screen {
    Screen::Code { problem, purpose }
}

fn navigator() -> Vec<(&'static str, Screen)> {
    let ways = ways();
    let without_card = vec![Way::EligibilityCertificate, Way::Desk];
    let error = |field, problem| Some(FieldError { field, problem });
    let document = Document::QualificationNotice;
    vec![
        ("card_away", Screen::CardAway { problem: None, reader_lost: false }),
        (
            "card_away-another",
            Screen::CardAway { problem: Some(CardProblem::NotGenuine), reader_lost: false },
        ),
        ("card_away-reader_lost", Screen::CardAway { problem: None, reader_lost: true }),
        ("fallback", fallback(Why::NoneFound, ways.clone(), false)),
        ("fallback-system_down", fallback(Why::SystemDown, ways.clone(), false)),
        ("fallback-no_card", fallback(Why::NoCard, without_card.clone(), true)),
        ("fallback-not_registered", fallback(Why::NotRegistered, without_card, true)),
        ("fallback-not_identified", fallback(Why::NotIdentified, ways.clone(), true)),
        ("numbers", Screen::Numbers { document, problem: None }),
        (
            "numbers-check_digit",
            Screen::Numbers {
                document,
                problem: error(Field::InsurerNumber, FieldProblem::CheckDigit),
            },
        ),
        (
            "numbers-eligibility_certificate",
            Screen::Numbers { document: Document::EligibilityCertificate, problem: None },
        ),
        ("fallback-expired", fallback(Why::CardExpired, ways.clone(), false)),
        ("limit_certificate", Screen::LimitCertificate),
        ("statement", Screen::Statement { problem: None }),
        (
            "statement-address",
            Screen::Statement { problem: error(Field::Address, FieldProblem::Empty) },
        ),
        (
            "statement-phone",
            Screen::Statement { problem: error(Field::Phone, FieldProblem::WrongLength) },
        ),
        (
            "statement-birth",
            Screen::Statement { problem: error(Field::BirthDate, FieldProblem::NoSuchDate) },
        ),
        ("statement_ready", Screen::StatementReady),
        (
            "destination",
            Screen::Destination {
                names: vec![
                    named("内科", "Internal medicine"),
                    Name::in_japanese("外科・整形外科"),
                    named("眼科", "Ophthalmology"),
                    named("検査", "Tests"),
                    named("お薬だけ", "Medicine only"),
                ],
            },
        ),
        ("farewell", Screen::Farewell { after: after() }),
        ("farewell-no_number", Screen::Farewell { after: After::default() }),
    ]
}

fn after_identity() -> Vec<(&'static str, Screen)> {
    vec![
        ("opening", Screen::Opening),
        ("consent_skipped", Screen::ConsentSkipped { why: ConsentSkipped::CertificateInGrace }),
        ("consent_skipped-none", Screen::ConsentSkipped { why: ConsentSkipped::NoTopicApplies }),
        ("consent_all-four", Screen::ConsentAll { topics: all_topics() }),
        ("consent_all", Screen::ConsentAll { topics: TOPICS.into() }),
        (
            "consent_one",
            Screen::ConsentOne { topic: Topic::TreatmentAndMedicine, number: 2, of: 3 },
        ),
        (
            "consent_one-specific_diseases",
            Screen::ConsentOne { topic: Topic::SpecificDiseases, number: 4, of: 4 },
        ),
        ("waiting", Screen::Waiting),
        ("finished", finished(Outcome::Confirmed, &TOPICS)),
        ("finished-no_consents", finished(Outcome::Confirmed, &[])),
        ("finished-oral", finished(Outcome::Oral, &[])),
        ("finished-system_late", finished(Outcome::SystemLate, &TOPICS)),
        ("finished-invalid", finished(Outcome::Invalid, &[])),
        ("finished-system_down", finished(Outcome::SystemDown, &[])),
        (
            "take_card",
            Screen::TakeCard {
                outcome: Outcome::Confirmed,
                after: after(),
                payment: Payment::AsAlways,
                reminder: 0,
            },
        ),
        (
            "take_card-reminded",
            Screen::TakeCard {
                outcome: Outcome::Stopped,
                after: After::default(),
                payment: Payment::AsAlways,
                reminder: 2,
            },
        ),
    ]
}

/// Variants of the result screen.
fn endings() -> Vec<(&'static str, Screen)> {
    let with = |change: fn(&mut Screen)| {
        let mut screen = finished(Outcome::Confirmed, &TOPICS);
        change(&mut screen);
        screen
    };
    vec![
        ("finished-at_desk", finished(Outcome::AtDesk, &[])),
        ("finished-numbers_typed", finished(Outcome::NumbersTyped, &[])),
        ("finished-statement_made", finished(Outcome::StatementMade, &[])),
        (
            "finished-paper",
            with(|screen| {
                if let Screen::Finished { person, insurers, share_percent, agreed, paper, .. } =
                    screen
                {
                    (*person, *share_percent) = (None, None);
                    insurers.clear();
                    agreed.clear();
                    let document = Document::EligibilityCertificate;
                    *paper = Some(Paper { document, with_card: false });
                }
            }),
        ),
        (
            "finished-circle",
            with(|screen| {
                if let Screen::Finished { person, person_kana, .. } = screen {
                    *person = Some("●田　さくら".to_owned());
                    *person_kana = Some("ヨシダ　サクラ".to_owned());
                }
            }),
        ),
        (
            "finished-clinic",
            with(|screen| {
                if let Screen::Finished { clinic, .. } = screen {
                    let next = Some("2026-12-03 14:30".to_owned());
                    *clinic = Some(Box::new(AtClinic { chart: "000123".to_owned(), next }));
                }
            }),
        ),
        (
            "finished-assistance",
            with(|screen| {
                if let Screen::Finished { insurers, share_percent, .. } = screen {
                    *insurers = vec![
                        insurer("練習市国民健康保険", false),
                        insurer("練習市福祉事務所", true),
                    ];
                    *share_percent = Some(0);
                }
            }),
        ),
        (
            "finished-by_hand",
            with(|screen| {
                if let Screen::Finished { delivery, .. } = screen {
                    *delivery = Delivery::ByHand;
                }
            }),
        ),
        (
            "finished-withdraw_failed",
            with(|screen| {
                if let Screen::Finished { withdrawal, .. } = screen {
                    *withdrawal = Withdrawal::Failed;
                }
            }),
        ),
    ]
}

#[test]
fn example_views_match_the_wire() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/views");
    let update = std::env::var_os("UPDATE_VIEWS").is_some();
    let visits = [before_identity(), identity(), after_identity(), navigator(), endings()];
    let views = [visits.concat(), by_numbers::views()].concat();
    let presence = ("presence", Screen::Application);
    for (name, screen) in views.into_iter().chain([presence]) {
        let view = View {
            revision: 7,
            question: 7,
            practice: true,
            simulated: true,
            asks_presence: name == "presence",
            screen,
        };
        let json = serde_json::to_string_pretty(&view).unwrap() + "\n";
        let file = folder.join(format!("{name}.json"));
        if update {
            fs::write(&file, &json).unwrap();
        }
        let stored = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(stored, json, "{name}: run with UPDATE_VIEWS=1");
        assert_eq!(serde_json::from_str::<View>(&stored).unwrap(), view);
    }
}
