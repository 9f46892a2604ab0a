//! What is on the wire about accounts of staff, one line per message.
#![expect(clippy::unwrap_used, reason = "a message of our own that does not serialise is a bug")]

use protocol::{MAX_TEXT_BYTES, Redacted, staff};
use serde::{Serialize, de::DeserializeOwned};

fn secret(text: &str) -> Redacted {
    Redacted::new(text.into())
}

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
fn accounts() {
    use protocol::account::*;
    let me = Me {
        name: "佐藤".into(),
        role: Role::Auditor,
        authenticator: false,
        authenticator_first: true,
        recovery_left: 8,
    };
    let account = Account {
        id: "00c0ffee00c0ffee".into(),
        name: "佐藤".into(),
        role: Role::Manager,
        state: AccountState::Invited,
        authenticator: true,
        seen: Some("2027-02-16T09:05:00+09:00".into()),
    };
    let (accounts, invitation) = (vec![account], Some(secret("0123-…")));
    let entered = staff::Entered { session: secret("…"), lock_s: 600, me: Some(me.clone()) };
    let (name, practice) = ("佐藤".to_owned(), false);
    let all = [
        lines(&[Doorway { passcode: true, account: false, first: true, code: false }]),
        lines(&[LogIn { name, password: secret("…"), code: secret("123456"), practice }]),
        lines(&[Join {
            name: "佐藤".into(),
            invitation: secret("0123-…"),
            password: secret("…"),
            practice: true,
        }]),
        lines(&[entered]),
        lines(&[me]),
        lines(&[Again { password: secret("…"), code: secret("123456") }]),
        lines(&[NewPassword { old: secret("…"), new: secret("…") }]),
        lines(&[Secret { secret: secret("GEZD…"), uri: secret("otpauth://totp/…") }]),
        lines(&[ConfirmCode { code: secret("123456") }]),
        lines(&[Recovery { codes: vec![secret("0123-…")] }]),
        lines(&[Accounts { accounts, invitation }]),
        lines(&[AddAccount { name: "佐藤".into(), role: Role::Reception }]),
        lines(&[ChangeAccount {
            id: "00c0ffee00c0ffee".into(),
            change: AccountChange::MakeManager,
        }]),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn settings() {
    use protocol::Name;
    use protocol::self_test::Sentence;
    use protocol::settings::*;
    let span = Span { from: "08:30".into(), to: "18:00".into() };
    let (en, first) = ([("en".into(), "Internal medicine".into())], || "first".to_owned());
    let name = Name { others: en.into(), ..Name::in_japanese("内科") };
    let days = [Some(span.clone()), None, None, None, None, Some(span), None];
    let all = [
        Setting::OpeningHours(Box::new(days)),
        Setting::ClosedDays(vec!["2027-01-01".into()]),
        Setting::SelfTestMinutes(30),
        Setting::RestartAt(Some("03:00".into())),
        Setting::Destinations(vec![name.clone(), Name::in_japanese("小児科")]),
        Setting::InstitutionName(Some(name)),
        Setting::CallCentre(Some("0800-080-4583".into())),
        Setting::BoardLockMinutes(10),
        Setting::ReadingSeconds(60),
        Setting::PinSeconds(30),
        Setting::ResultFolder("/srv/oqs/face".into()),
        Setting::Readers(vec![Reader { kiosk: first(), reader: "auto".into() }]),
        Setting::Cameras(vec![Cameras { kiosk: first(), card: Some("HD".into()), face: None }]),
    ];
    let keys = all.iter().map(Setting::key).collect();
    let entry = |setting: &Setting| Entry {
        setting: setting.clone(),
        origin: if setting.key() == Key::ClosedDays { Origin::Page } else { Origin::Start },
        bounds: (setting.key() == Key::SelfTestMinutes).then_some((0, 180)),
        waits: setting.key() == Key::ResultFolder,
    };
    let entries = all.iter().map(entry).collect();
    let camera = vec!["BRIO".into()];
    let here = AttachedTo { kiosk: first(), title: "受付1".into(), cameras: camera };
    let readers = Some(vec!["ACS ACR1252 00 00".into()]);
    let said = Sentence { ja: "…".into(), en: "…".into() };
    let lines = [
        lines(&[Settings { version: 3, supervised: true, entries }]),
        lines(&[Change { seen: 3, set: all.into(), reset: Vec::new() }]),
        lines(&[Change { seen: 3, set: vec![Setting::RestartAt(None)], reset: keys }]),
        lines(&[Attached { readers, kiosks: vec![here] }]),
        lines(&[Wrong { key: Key::RestartAt, said }]),
    ];
    insta::assert_snapshot!(lines.join("\n"));
}
