//! What is on the wire today, one line per message. A changed line is a changed protocol: raise
//! `PROTOCOL_VERSION` and `docs/protocol.md` with it.
#![expect(clippy::unwrap_used, reason = "a message of our own that does not serialise is a bug")]

#[path = "golden/screens.rs"]
mod screens;
#[path = "golden/typed.rs"]
mod typed;
#[path = "golden/visit.rs"]
mod visit;

use protocol::action::*;
use protocol::call::Place;
use protocol::screen::*;
use protocol::*;
use serde::{Serialize, de::DeserializeOwned};

fn secret(text: &str) -> Redacted {
    Redacted::new(text.into())
}

fn date(year: &str, month: &str, day: &str) -> EraDate {
    EraDate { era: Era::Showa, year: secret(year), month: secret(month), day: secret(day) }
}

fn form() -> StatementForm {
    StatementForm {
        reason: StatementReason::NotConfirmed,
        insurance: Insurance::Work,
        insurer: secret("練習健康保険組合"),
        employer: secret(""),
        since: date("", "", ""),
        share_percent: Some(30),
        name: secret("診療　太郎"),
        name_kana: secret(""),
        birth: date("55", "2", "17"),
        sex: Sex::Male,
        address: secret("練習区受付町一丁目"),
        phone: secret("03-0000-0000"),
        no_phone: false,
    }
}

fn actions() -> Vec<Action> {
    use protocol::Action::*;
    vec![
        Present,
        Stop,
        Continue,
        Choose { method: Method::Face },
        Code(PrintedCode {
            era: Era::Showa,
            era_year: secret("55"),
            month: secret("2"),
            day: secret("17"),
            expiry_year: secret("2035"),
            security_code: secret("2285"),
        }),
        Reference { outcome: ReferenceOutcome::Ready },
        Face {
            attempt: 1,
            nonce: "00c0ffee00000001".into(),
            model_hash: "9c…".into(),
            score: Some(0.5),
            liveness: Some(0.25),
        },
        Face {
            attempt: 2,
            nonce: "00c0ffee00000002".into(),
            model_hash: "9c…".into(),
            score: None,
            liveness: None,
        },
        ShowCard,
        CameraMissing,
        InsistOnPin,
        Pin { pin: secret("1234") },
        ChooseItems { way: ItemsWay::Pin },
        ItemsPin { pin: secret("5678") },
        Visual { passcode: secret("0000"), reason: VisualReason::CannotOperate },
        ConsentAll { answer: Overall::Choose },
        ConsentOne { topic: Topic::TreatmentAndMedicine, agreed: false },
        OtherWays,
        Back,
        Take { way: Way::Statement },
        Numbers(PaperNumbers {
            insurer_number: secret("33120015"),
            symbol: secret("12"),
            number: secret("345"),
            branch: secret(""),
            birth: date("55", "2", "17"),
        }),
        LimitCertificate { agreed: true },
        Statement { form: Box::new(form()) },
        Destination { index: 1 },
        Withdraw { topic: Topic::Operation },
    ]
}

fn view(screen: Screen) -> FromBridge {
    FromBridge::View(View {
        revision: 7,
        question: 6,
        practice: true,
        simulated: true,
        asks_presence: false,
        screen,
    })
}

#[track_caller]
fn lines<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(messages: &[T]) -> String {
    let lines = messages.iter().map(|message| {
        let line = serde_json::to_string(message).unwrap();
        assert_eq!(serde_json::from_str::<T>(&line).unwrap(), *message);
        assert!(line.len() < MAX_TEXT_BYTES);
        line
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn from_kiosk() {
    let hello = FromKiosk::Hello { version: PROTOCOL_VERSION, token: secret("…") };
    let cameras = FromKiosk::Cameras { labels: vec!["BRIO".into()] };
    let acts = actions().into_iter().map(|action| FromKiosk::Act { seen: 7, action });
    insta::assert_snapshot!(lines(
        &[vec![hello, cameras, FromKiosk::Alive], acts.collect()].concat()
    ));
}

#[test]
fn from_bridge() {
    let mut messages = vec![
        FromBridge::Welcome {
            version: PROTOCOL_VERSION,
            kiosk: "受付1".into(),
            card_camera: Some("HD Webcam".into()),
            face_camera: Some("BRIO".into()),
            institution_name: Some(screens::name("れんしゅう医院", "Practice Clinic")),
            institution_kind: Some(InstitutionKind::Medical),
            own_reader: true,
        },
        FromBridge::Alive,
        FromBridge::Forget,
        FromBridge::Typed { question: 6, typed: typed::numbers() },
        FromBridge::Typed { question: 6, typed: typed::statement() },
        FromBridge::TakenOver,
        FromBridge::Goodbye,
        FromBridge::Refused { code: ErrorCode::Malformed, detail: "…".into() },
    ];
    messages.extend(screens::screens().into_iter().map(view));
    insta::assert_snapshot!(lines(&messages));
}

fn places() -> Vec<Place> {
    vec![
        Place::Reception,
        Place::Counter { number: 1 },
        Place::Lane { number: 2 },
        Place::Room { number: 3 },
        Place::Named { ja: "採血室".into(), en: "Blood tests".into() },
    ]
}

fn alarms(at: impl Fn() -> String) -> Vec<staff::Alarm> {
    use protocol::staff::Alarm;
    vec![
        Alarm::RecordsWait { count: 3 },
        Alarm::RecordsLost { count: 1 },
        Alarm::ResultsWait { count: 2, since: at() },
        Alarm::ClockWrong,
        Alarm::LogInsRefused { count: 12 },
        Alarm::DatabaseAway { count: 40, since: at() },
        Alarm::TerminalAway,
        Alarm::SelfTest { count: 2, since: at() },
    ]
}

#[test]
fn staff_board() {
    use protocol::staff::{
        AtKiosk, Board, Complete, Confirm, EndVisit, Enter, Entered, EnteredByHand, Kiosk,
        KioskState, Known, Live, Need, Needed, OtherBridge, PaperItem, SeePaper, Step, ToCompare,
        TypeFor, Unread, Visit, Waiting, Withdraw,
    };
    let at = || "2027-02-16T09:05:00+09:00".to_owned();
    let visit = visit::visit(at);
    let kiosk = || "lane-2".to_owned();
    let waiting = vec![Waiting { kiosk: kiosk(), seen: 7, problem: Some(PasscodeProblem::Wrong) }];
    let (needs, reader) = (Some(Needed { what: Need::Eye, since: at() }), Some("A Reader".into()));
    let in_use =
        |step, needs, visit, form| KioskState::InUse { since: at(), step, needs, visit, form };
    let mut forms = typed::forms().into_iter();
    let states = [
        KioskState::Idle,
        in_use(Step::OtherWays, needs, Some(3), None),
        in_use(Step::Numbers, None, Some(3), forms.next()),
        in_use(Step::Statement, None, Some(3), forms.next()),
        in_use(Step::Statement, None, Some(3), forms.next()),
        in_use(Step::TakeCard, None, None, None),
        KioskState::OutOfService { fault: Fault::ReaderMissing, reader },
    ];
    let kiosks = states.map(|state| Kiosk { name: kiosk(), title: "窓口2".into(), state }).to_vec();
    let (practice, simulated, parked) = (false, true, 0);
    let call_centre = Some("0800-080-4583".into());
    let elsewhere = Visit {
        visit: (1 << 44) | 3,
        bridge: Some("east".into()),
        agreed: Vec::new(),
        ..visit.clone()
    };
    let visits = vec![visit, elsewhere];
    let others = vec![
        OtherBridge { name: "east".into(), since: None, unread: 0 },
        OtherBridge { name: "west".into(), since: Some(at()), unread: 2 },
    ];
    let ended = Some("2027-02-16T08:55:00+09:00".into());
    let unread = vec![
        Unread { visit: 2, number: Some(11), at: ended, by_hand: true, newer: true },
        Unread { visit: 1, number: None, at: None, by_hand: false, newer: false },
    ];
    let call_places = places();
    let told =
        Live::Kiosks { at: at(), revision: 9, kiosks: kiosks.clone(), waiting: waiting.clone() };
    let board = Board {
        revision: 8,
        kiosks,
        practice,
        call_centre,
        simulated,
        parked,
        waiting,
        alarms: alarms(at),
        tested: Some(at()),
        unread,
        others,
        call_places,
        visits,
    };
    let few = Board {
        visits: Vec::new(),
        unread: Vec::new(),
        others: Vec::new(),
        alarms: Vec::new(),
        tested: None,
        ..board.clone()
    };
    let reason = VisualReason::CannotOperate;
    let confirm = Confirm { kiosk: kiosk(), seen: 7, passcode: Some(secret("0000")), reason };
    let by_account = Confirm { passcode: None, ..confirm.clone() };
    let compare =
        ToCompare { birth: Some(secret("1984-05-12")), picture: Some(secret("iVBORw0…")) };
    let type_for = |typed| TypeFor { kiosk: kiosk(), seen: 6, typed };
    let all = [
        lines(&[Enter { passcode: secret("0000"), practice: true }]),
        lines(&[Entered { session: secret("…"), lock_s: 600, me: None }]),
        lines(&[board]),
        lines(&[Live::Board { at: at(), board: Box::new(few) }, told]),
        lines(&[confirm, by_account]),
        lines(&[AtKiosk { kiosk: kiosk(), seen: 7 }]),
        lines(&[EndVisit { kiosk: kiosk(), visit: 3 }]),
        lines(&[type_for(None), type_for(Some(typed::numbers()))]),
        lines(&[compare, ToCompare { birth: None, picture: None }]),
        lines(&[Withdraw { visit: 3, topic: Topic::Operation }]),
        lines(&[Complete { visit: 3, known: secret("診") }]),
        lines(&[EnteredByHand { visit: 3 }]),
        lines(&[SeePaper { visit: 3, seen: vec![PaperItem::Share, PaperItem::ShareFrom] }]),
        lines(&[Known {
            visit: 3,
            insurer_number: secret("06132013"),
            symbol: secret("12"),
            number: secret("345"),
            branch: secret(""),
            past: true,
        }]),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn unknown_messages_and_fields_are_refused() {
    for bad in [
        r#"{"type":"apdu","bytes":"00a40400"}"#,
        r#"{"type":"act","seen":1,"action":{"action":"pin","pin":"1","extra":1}}"#,
        r#"{"type":"act","seen":1,"action":{"action":"code","era":"showa","era_year":"55","month":"2","day":"17","expiry_year":"2035","security_code":"2285","extra":1}}"#,
        r#"{"type":"act","seen":-1,"action":{"action":"stop"}}"#,
        r#"{"type":"act","seen":1,"action":{"action":"choose","method":"iris"}}"#,
        r#"{"type":"hello","version":1}"#,
        "[]",
        "",
    ] {
        assert!(serde_json::from_str::<FromKiosk>(bad).is_err(), "{bad}");
    }
}

#[test]
fn secrets_do_not_print() {
    let action = Action::Pin { pin: secret("1234") };
    assert!(!format!("{action:?}").contains("1234"));
}
