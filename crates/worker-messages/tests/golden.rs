//! What goes between page and worker today, one line per message.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a message of our own that cannot be read is a bug")]

use protocol::Redacted;
use protocol::action::{Era, ReferenceOutcome};
use serde::{Serialize, de::DeserializeOwned};
use worker_messages::text::{MAX_BYTES, read, write};
use worker_messages::*;

/// Writes each message, reads it back, and gives the lines.
fn lines<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(messages: &[T]) -> String {
    let line = |message: &T| {
        let text = write(message);
        assert_eq!(&read::<T>(&text).unwrap(), message);
        text.to_string()
    };
    messages.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn secret(text: &str) -> Redacted {
    Redacted::new(text.to_owned())
}

/// Every message of the page. The match makes a new one a compile error here.
fn to_worker() -> Vec<ToWorker> {
    use worker_messages::ToWorker::*;
    let size = FrameSize { width: 1280, height: 720 };
    let all = vec![
        Load { models: "/models/".into() },
        Reference,
        Start { nonce: "00c0ffee00000001".into(), random: 1, enforce: true },
        Frame { size, t_ms: 1234.5, camera: "USB Camera".into() },
        Forget,
        CardLoad {
            model: "/models/card-front.net".into(),
            today: Day { year: 2027, month: 2, day: 17 },
        },
        CardFrame { size },
    ];
    for message in &all {
        match message {
            Load { .. }
            | Reference
            | Start { .. }
            | Frame { .. }
            | Forget
            | CardLoad { .. }
            | CardFrame { .. } => {}
        }
    }
    all
}

fn numbers() -> CardNumbers {
    CardNumbers {
        era: Era::Showa,
        era_year: secret("55"),
        month: secret("2"),
        day: secret("17"),
        expiry_year: secret("2035"),
        security_code: secret("2285"),
    }
}

fn analysis(hint: Hint, verdict: Option<Verdict>) -> FromWorker {
    FromWorker::Analysis(Analysis {
        nonce: "00c0ffee00000001".into(),
        hint,
        answered: 1,
        further: false,
        face: Some([0.25, 0.25, 0.5, 0.5]),
        verdict,
        ms: 31.5,
    })
}

/// Every hint, failure and form of an answer.
fn from_worker() -> Vec<FromWorker> {
    use worker_messages::FromWorker::*;
    let hints = [
        Hint::HoldStill,
        Hint::NoFace,
        Hint::TooFar,
        Hint::TooClose,
        Hint::OffCentre,
        Hint::SeveralFaces,
        Hint::Turned,
        Hint::Tilted,
        Hint::TooDark,
        Hint::BackLit,
        Hint::Blurred,
        Hint::EyesCovered,
        Hint::MouthCovered,
        Hint::TurnLeft,
        Hint::TurnRight,
        Hint::LookUp,
        Hint::LookDown,
    ];
    let failures = [
        Failure::ModelMissing,
        Failure::ModelUnusable,
        Failure::ModelHashDiffers,
        Failure::ModelOfAnotherOrigin,
        Failure::NotLoaded,
        Failure::NoReference,
        Failure::FrameRefused,
        Failure::NotUnderstood,
        Failure::Engine,
        Failure::NotAWorker,
    ];
    let mut all = vec![
        Ready { model_hash: "9c…".into(), build: "threads".into() },
        Reference { outcome: ReferenceOutcome::Ready },
        Reference { outcome: ReferenceOutcome::Unreadable },
        Reference { outcome: ReferenceOutcome::NoFace },
        Forgotten,
        CardReady,
        CardSeen(worker_messages::CardSeen {
            corners: None,
            read: false,
            progress: 0.0,
            numbers: None,
            ms: 12.0,
        }),
        CardSeen(worker_messages::CardSeen {
            corners: Some([0.25, 0.25, 0.75, 0.25, 0.75, 0.75, 0.25, 0.75]),
            read: true,
            progress: 1.0,
            numbers: Some(numbers()),
            ms: 12.0,
        }),
        Failed { reason: Failure::Crashed, place: Some("worker.rs:1".into()) },
        analysis(Hint::HoldStill, Some(Verdict::Compared { score: 0.5, liveness: 0.25 })),
        analysis(Hint::NoFace, Some(Verdict::NoFace)),
    ];
    all.extend(failures.map(|reason| Failed { reason, place: None }));
    all.extend(hints.map(|hint| analysis(hint, None)));
    all
}

#[test]
fn messages_of_the_page() {
    insta::assert_snapshot!("to_worker", lines(&to_worker()));
}

#[test]
fn messages_of_the_worker() {
    insta::assert_snapshot!("from_worker", lines(&from_worker()));
}

#[test]
fn unknown_messages_and_fields_are_refused() {
    for bad in [
        "",
        "null",
        "[]",
        r#"{"type":"eval"}"#,
        r#"{"type":"load","models":"/models/","now":true}"#,
        r#"{"type":"start","nonce":"1","random":1}"#,
        r#"{"type":"start","nonce":"1","random":-1,"enforce":true}"#,
        r#"{"type":"frame","size":{"width":1.5,"height":1},"t_ms":0,"camera":""}"#,
        r#"{"type":"frame","size":{"width":1,"height":1},"t_ms":null,"camera":""}"#,
    ] {
        assert_eq!(read::<ToWorker>(bad), Err(NotUnderstood), "{bad}");
    }
    let analysis = write(&analysis(Hint::TooClose, None));
    assert!(read::<FromWorker>(&analysis).is_ok());
    let unknown = analysis.replace("too_close", "something_new");
    assert_eq!(read::<FromWorker>(&unknown), Err(NotUnderstood));
}

#[test]
fn a_score_that_is_no_number_is_refused() {
    let verdict = Verdict::Compared { score: f32::NAN, liveness: 1.0 };
    let text = write(&analysis(Hint::HoldStill, Some(verdict)));
    assert_eq!(read::<FromWorker>(&text), Err(NotUnderstood));
}

#[test]
fn no_message_is_longer_than_allowed() {
    let frame = |label: char| ToWorker::Frame {
        size: FrameSize { width: u32::MAX, height: u32::MAX },
        t_ms: f64::MIN_POSITIVE,
        camera: label.to_string().repeat(MAX_LABEL_CHARS),
    };
    // What JSON writes longest, and what UTF-8 does.
    for label in ['\u{1}', '𠮟'] {
        assert!(write(&frame(label)).len() <= MAX_BYTES);
        assert!(read::<ToWorker>(&write(&frame(label))).is_ok());
    }
    let text = write(&ToWorker::Forget).to_string() + &" ".repeat(MAX_BYTES);
    assert_eq!(read::<ToWorker>(&text), Err(NotUnderstood));
}

#[test]
fn frames_have_a_limit() {
    let bytes = |width, height| FrameSize { width, height }.bytes();
    assert_eq!(bytes(1920, 1080), Some(MAX_FRAME_BYTES));
    assert_eq!(bytes(1920, 1081), None);
    assert_eq!(bytes(u32::MAX, u32::MAX), None);
}

#[test]
fn numbers_of_a_card_do_not_print() {
    let printed = format!("{:?}", numbers());
    for digits in ["55", "17", "2035", "2285"] {
        assert!(!printed.contains(digits), "{printed}");
    }
}
