//! What a kiosk shows.

use protocol::screen::{self, *};

/// What the site calls something in two languages.
pub(crate) fn name(ja: &str, en: &str) -> protocol::Name {
    protocol::Name { others: [("en".into(), en.into())].into(), ..protocol::Name::in_japanese(ja) }
}

fn after() -> After {
    After { number: Some(12), destination: Some(name("内科", "Internal medicine")) }
}

fn until() -> String {
    "2027-02-17T23:59:59+09:00".to_owned()
}

fn finished() -> Screen {
    Screen::Finished {
        outcome: Outcome::Confirmed,
        person: Some("診療　太郎".into()),
        insurers: vec![Insurer { name: "練習市".into(), medical_assistance: false }],
        share_percent: Some(30),
        payment: Payment::AsAlways,
        agreed: vec![Agreed { topic: Topic::Operation, until: until() }],
        withdrawal: Withdrawal::Here,
        delivery: Delivery::Done,
        paper: None,
        parked: false,
        after: after(),
        receipt: Receipt { card_used: true, card_sent: true, ..Receipt::default() },
        person_kana: None,
        consents_at_reader: false,
        card_at_reader: true,
        clinic: Some(Box::new(AtClinic {
            chart: "000123".into(),
            next: Some("2027-03-01 14:30".into()),
        })),
    }
}

fn items() -> Screen {
    let offers = vec![
        ItemsOffer { way: ItemsWay::Code, why_not: None },
        ItemsOffer { way: ItemsWay::Pin, why_not: Some(WhyNot::PinTriesLow) },
    ];
    Screen::Items { offers, notice: Some(ItemsNotice::PinTriesLow) }
}

/// Every screen, fullest form. The match makes a new screen a compile error here.
/// One of each.
pub(crate) fn screens() -> Vec<Screen> {
    use protocol::Screen::*;
    let all = vec![
        OutOfService { fault: Fault::ReaderMissing, reader: Some("ACS ACR1251 00 00".into()) },
        Idle,
        Reading,
        CardAway { problem: Some(screen::CardProblem::NotMyNumber), reader_lost: false },
        CardProblem { problem: screen::CardProblem::NotMyNumber, payment: Payment::AtReception },
        Application,
        Method {
            offers: vec![
                Offer { method: screen::Method::Face, why_not: None },
                Offer { method: screen::Method::Pin, why_not: Some(WhyNot::PinLocked) },
                Offer { method: screen::Method::Visual, why_not: None },
            ],
            alert: Some(CertificateAlert::Expiring { until: until() }),
            notice: Some(MethodNotice::FaceMissed { attempts_left: 1 }),
        },
        Code { problem: Some(CodeProblem::Wrong { tries_left: 9 }), purpose: CodePurpose::Items },
        ReadingPhoto,
        Face { attempt: 1, of: 3, nonce: "00c0ffee00000001".into() },
        Pin { tries_left: 2, wrong: true },
        PinLastTry,
        CheckingPin,
        Staff { problem: Some(PasscodeProblem::Throttled { wait_s: 30 }) },
        CheckingPasscode,
        items(),
        ItemsPin { tries_left: 2, wrong: true },
        ReadingItems,
        Finding,
        Opening,
        ConsentSkipped { why: screen::ConsentSkipped::CertificateInGrace },
        ConsentAll { topics: vec![Topic::Operation, Topic::HealthCheckups] },
        ConsentOne { topic: Topic::Operation, number: 1, of: 2 },
        Waiting,
        finished(),
        Fallback {
            why: Why::Invalid,
            ways: vec![Way::MynaPortal, Way::Desk],
            back: false,
            payment: Payment::AsAlways,
        },
        Numbers {
            document: Document::EligibilityCertificate,
            problem: Some(FieldError {
                field: Field::Symbol,
                problem: FieldProblem::TooLong { most: 20 },
            }),
        },
        LimitCertificate,
        Statement { problem: None },
        StatementReady,
        Destination {
            names: vec![name("内科", "Internal medicine"), protocol::Name::in_japanese("小児科")],
        },
        TakeCard {
            outcome: Outcome::Stopped,
            after: After::default(),
            payment: Payment::AsAlways,
            reminder: 0,
        },
        Farewell { after: after() },
    ];
    for screen in &all {
        match screen {
            OutOfService { .. }
            | Idle
            | Reading
            | CardProblem { .. }
            | Application
            | Method { .. }
            | Code { .. }
            | ReadingPhoto
            | Face { .. }
            | Pin { .. }
            | PinLastTry
            | CheckingPin
            | Staff { .. }
            | CheckingPasscode
            | Items { .. }
            | ItemsPin { .. }
            | ReadingItems
            | Finding
            | Opening
            | ConsentSkipped { .. }
            | ConsentAll { .. }
            | ConsentOne { .. }
            | Waiting
            | Finished { .. }
            | CardAway { .. }
            | Fallback { .. }
            | Numbers { .. }
            | LimitCertificate
            | Statement { .. }
            | StatementReady
            | Destination { .. }
            | TakeCard { .. }
            | Farewell { .. } => {}
        }
    }
    all
}
