//! Golden lines of what is called and counted; see `golden.rs`.
#![expect(clippy::unwrap_used, reason = "a message of our own that does not serialise is a bug")]

use protocol::MAX_TEXT_BYTES;
use protocol::call::{Call, Calls, Place};
use serde::{Serialize, de::DeserializeOwned};

fn lines<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(messages: &[T]) -> String {
    let lines = messages.iter().map(|message| {
        let line = serde_json::to_string(message).unwrap();
        assert_eq!(serde_json::from_str::<T>(&line).unwrap(), *message);
        assert!(line.len() < MAX_TEXT_BYTES);
        line
    });
    lines.collect::<Vec<_>>().join("\n")
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

#[test]
fn call_display() {
    let call = |(at, to)| Call { number: 12, to, at_ms: 1_802_735_100_000 - at, times: 1 };
    let calls = (0_u64..).zip(places()).map(call).collect();
    let none = Calls { practice: true, now_ms: 1_802_735_103_000, calls: Vec::new() };
    insta::assert_snapshot!(lines(&[
        Calls { practice: false, now_ms: 1_802_735_100_250, calls },
        none
    ]));
}

#[test]
fn day_view() {
    use protocol::day::{Counted, Counts, Day, Step, Times};
    let all = [
        Counted::Hour,
        Counted::Kiosk,
        Counted::Outcome,
        Counted::Way,
        Counted::VisualReason,
        Counted::Fallback,
        Counted::Trouble,
    ];
    let steps =
        [Step::Whole, Step::Identify, Step::Consent, Step::Answer, Step::CallWait, Step::Desk];
    let counts = all.map(|of| Counts { of, counts: vec![("09".into(), 2)] }).into();
    let (count, median_s, longest_s) = (20, 45, 120);
    let times = steps.map(|step| Times { step, count, median_s, p95_s: Some(90), longest_s });
    let date = "2027-02-16".into();
    let day = Day { date, practice: false, ended: 2, counts, times: times.into() };
    insta::assert_snapshot!(lines(&[day]));
}

#[test]
fn marks() {
    use protocol::staff::{Mark, SetMark};
    let all = [
        Mark::Called { to: Place::Lane { number: 1 } },
        Mark::NotCalled,
        Mark::Done,
        Mark::NotDone,
    ];
    let all: Vec<_> = all.map(|mark| SetMark { visit: 3, seen: 2, mark }).into();
    insta::assert_snapshot!(lines(&all));
}

#[test]
fn self_test() {
    use protocol::self_test::{Check, Finding, Report, SelfTest, Sentence, State};
    let checks = [
        Check::Reader,
        Check::Card,
        Check::Camera,
        Check::Screen,
        Check::Store,
        Check::Clock,
        Check::Disk,
        Check::Models,
        Check::Pages,
        Check::Results,
        Check::Patients,
        Check::Terminal,
        Check::Passcode,
        Check::Roots,
        Check::Network,
        Check::Database,
        Check::Restart,
    ];
    let states = [State::Fine, State::Note, State::Fault, State::NotTested];
    let finding = |(check, state)| {
        let kiosk = (check == Check::Reader).then(|| "窓口1".into());
        let said = Sentence { ja: "空き 2 MiB".into(), en: "2 MiB free".into() };
        Finding { check, kiosk, state, said }
    };
    let findings = checks.into_iter().zip(states.into_iter().cycle()).map(finding).collect();
    let report = Report { at: "2027-02-16T08:15:00+09:00".into(), findings };
    insta::assert_snapshot!(lines(&[SelfTest { report: Some(report) }, SelfTest { report: None }]));
}

#[test]
fn notes() {
    use protocol::Redacted;
    use protocol::staff::SetNote;
    let note = |was: Option<&str>, note: &str| SetNote {
        visit: 3,
        was: was.map(|was| Redacted::new(was.to_owned())),
        note: Redacted::new(note.to_owned()),
    };
    insta::assert_snapshot!(lines(&[note(None, "車いす"), note(Some("車いす"), "")]));
}

#[test]
fn patients() {
    use protocol::Redacted;
    use protocol::staff::ChoosePatient;
    let of = |chart: Option<&str>| ChoosePatient {
        visit: 3,
        chart: chart.map(|chart| Redacted::new(chart.to_owned())),
    };
    insta::assert_snapshot!(lines(&[of(Some("000123")), of(None)]));
}
