use super::*;
use crate::config::Options;
use crate::name::Name;
use serde_json::json;

fn config(folder: &Path) -> Config {
    let data = Some(folder.to_owned());
    Config::from_options(Options { data, supervised: Some(true), ..Options::default() }).unwrap()
}

fn open(folder: &Path) -> Result<Settings, SettingsError> {
    Settings::open(&config(folder))
}

fn time(text: &str) -> ClockTime {
    ClockTime::parse(text).unwrap()
}

#[test]
fn what_was_changed_counts_more_than_the_configuration_and_outlives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let settings = open(folder.path()).unwrap();
    assert!(!settings.file().exists(), "nothing was changed");
    let (version, entries) = settings.look();
    assert_eq!(version, 0);
    assert!(entries.iter().all(|entry| entry.origin == Origin::Start));
    let changed = settings.change(0, vec![Setting::SelfTestMinutes(45)], &[]).unwrap();
    let told = Changed { word: "self_test_minutes", old: json!(30), new: json!(45) };
    assert_eq!(changed, [told]);
    let again = open(folder.path()).unwrap();
    assert_eq!(again.now().hours.test_minutes, 45);
    let (version, entries) = again.look();
    let of = |entry: &&Entry| entry.setting.key() == Key::SelfTestMinutes;
    let entry = entries.iter().find(of).unwrap();
    assert_eq!((version, entry.origin, entry.bounds), (1, Origin::Page, Some((0, 180))));
    again.change(1, Vec::new(), &[Key::SelfTestMinutes]).unwrap();
    let (_, entries) = open(folder.path()).unwrap().look();
    assert_eq!(entries.iter().find(of).unwrap().origin, Origin::Start);
    assert_eq!(again.now().hours.test_minutes, 30, "as the configuration says");
}

#[cfg(unix)]
#[test]
fn the_file_is_nobody_elses() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let settings = open(folder.path()).unwrap();
    settings.change(0, vec![Setting::SelfTestMinutes(45)], &[]).unwrap();
    let rights = std::fs::metadata(settings.file()).unwrap().permissions().mode() & 0o777;
    assert_eq!(rights & !0o640, 0, "{rights:o}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn a_change_of_what_somebody_else_has_changed_meanwhile_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let settings = open(folder.path()).unwrap();
    settings.change(0, vec![Setting::SelfTestMinutes(45)], &[]).unwrap();
    let late = settings.change(0, vec![Setting::SelfTestMinutes(10)], &[]);
    assert!(matches!(late, Err(Refusal::Stale)));
    assert_eq!(settings.now().hours.test_minutes, 45);
}

#[test]
fn what_cannot_be_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let settings = open(folder.path()).unwrap();
    let day = Some(Span { from: time("09:00"), to: time("18:00") });
    let hours = Setting::OpeningHours([day; 7]);
    let many = (1..=61).map(|at| {
        let day = jiff::civil::date(2027, 1 + at / 29, 1 + at % 28);
        time::Day(day)
    });
    for (set, key) in [
        (vec![Setting::SelfTestMinutes(181)], Key::SelfTestMinutes),
        (vec![Setting::ClosedDays(many.collect())], Key::ClosedDays),
        (vec![hours.clone(), Setting::RestartAt(Some(time("10:00")))], Key::RestartAt),
    ] {
        let refused = settings.change(0, set, &[]);
        assert!(matches!(refused, Err(Refusal::Wrong(of, _)) if of == key), "{key:?}");
    }
    assert!(!settings.file().exists());
    settings.change(0, vec![hours, Setting::RestartAt(Some(time("03:00")))], &[]).unwrap();
}

#[test]
fn what_a_site_lists_is_checked_by_itself_and_together() {
    let folder = tempfile::tempdir().unwrap();
    let settings = open(folder.path()).unwrap();
    let names = |count| (0..count).map(|at| Name::parse(&format!("第{at}")).unwrap()).collect();
    let long = Name::parse(&"長".repeat(21)).unwrap();
    let reader = ReaderOf { kiosk: "first".into(), reader: String::new() };
    let cameras = CamerasOf { kiosk: "first".into(), card: Some("x\ny".into()), face: None };
    for (set, key) in [
        (Setting::Destinations(names(10)), Key::Destinations),
        (Setting::Destinations(vec![long]), Key::Destinations),
        (Setting::InstitutionName(Name::parse(&"長".repeat(41))), Key::InstitutionName),
        (Setting::CallCentre(Some("0".repeat(41))), Key::CallCentre),
        (Setting::BoardLockMinutes(721), Key::BoardLockMinutes),
        (Setting::ReadingSeconds(29), Key::ReadingSeconds),
        (Setting::PinSeconds(121), Key::PinSeconds),
        (Setting::ResultFolder("x".repeat(401).into()), Key::ResultFolder),
        (Setting::Readers(vec![reader]), Key::Readers),
        (Setting::Cameras(vec![cameras]), Key::Cameras),
    ] {
        let refused = settings.change(0, vec![set], &[]);
        assert!(matches!(refused, Err(Refusal::Wrong(of, _)) if of == key), "{key:?}");
    }
    let twice = vec![protocol::Name::in_japanese("内科"), protocol::Name::in_japanese(" 内科 ")];
    let said = Setting::from_wire(protocol::settings::Setting::Destinations(twice)).unwrap_err();
    assert!(said.en.contains("same name"), "{said}");
    settings.change(0, vec![Setting::Destinations(names(9))], &[]).unwrap();
    assert_eq!(open(folder.path()).unwrap().changed(), ["destinations"]);
    assert_eq!(settings.now().call_places().len(), 10, "and the reception");
}

#[test]
fn a_bridge_that_takes_practice_cards_has_no_receipt_computer() {
    let folder = tempfile::tempdir().unwrap();
    let rehearses = Config { accept_practice_cards: true, ..config(folder.path()) };
    let settings = Settings::open(&rehearses).unwrap();
    let refused = settings.change(0, vec![Setting::ResultFolder("/srv/oqs".into())], &[]);
    assert!(matches!(refused, Err(Refusal::Wrong(Key::ResultFolder, _))));
}

#[test]
fn a_restart_needs_somebody_who_starts_the_bridge_again() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::open(&Config { supervised: false, ..config(folder.path()) }).unwrap();
    let refused = settings.change(0, vec![Setting::RestartAt(Some(time("03:00")))], &[]);
    assert!(
        matches!(refused, Err(Refusal::Wrong(Key::RestartAt, said)) if said.en.contains("supervised"))
    );
}

#[test]
fn a_file_that_cannot_be_used_is_an_error_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(FILE);
    for (text, said) in [
        ("", "EOF"),
        ("{\"form\":1,\"version\":1", "EOF"),
        ("\u{0}\u{0}\u{0}", "expected value"),
        (r#"{"form":2,"version":1,"settings":[]}"#, "form 2"),
        (r#"{"form":1,"version":1,"settings":[],"more":1}"#, "more"),
        (r#"{"form":1,"version":1,"settings":[{"key":"colour","value":1}]}"#, "colour"),
        (
            r#"{"form":1,"version":1,"settings":[{"key":"self_test_minutes","value":999}]}"#,
            "`self_test_minutes`: write a number from 0 to 180",
        ),
        (r#"{"form":1,"version":1,"settings":[{"key":"restart_at","value":"3:00"}]}"#, "HH:MM"),
        (
            r#"{"form":1,"version":1,"settings":[{"key":"restart_at","value":null},{"key":"restart_at","value":null}]}"#,
            "twice",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        let error = open(folder.path()).err().unwrap().to_string();
        assert!(error.contains(said) && error.contains(FILE), "{text}: {error}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    }
    std::fs::write(&file, [0xff, 0xfe]).unwrap();
    assert!(open(folder.path()).is_err());
}

#[test]
fn every_setting_is_in_the_table_once_under_the_word_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let values = Values::start(&config(folder.path()));
    for (at, rule) in TABLE.iter().enumerate() {
        assert!(TABLE[..at].iter().all(|other| other.key != rule.key));
        let setting = values.get(rule.key);
        assert_eq!(setting.key(), rule.key);
        assert_eq!(serde_json::to_value(&setting).unwrap()["key"], json!(rule.word));
        assert_eq!(Setting::from_wire(setting.to_wire()).unwrap(), setting);
    }
}
