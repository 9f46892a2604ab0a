//! Nothing about persons in logs or in the store.

use crate::page::{code, code_b, page, typed};
use crate::site::site;
use crate::visit::agree;
use bridge::store::{Kept as _, Sqlite, Store as _};
use checkin::time::in_japan;
use jiff::Timestamp;
use protocol::Action;
use protocol::action::ReferenceOutcome;
use protocol::screen::{Method, Screen};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What the owner of the practice card `valid` is called (twice), the card, and what was typed.
const SECRETS: [&[u8]; 8] = [
    "受付　太郎".as_bytes(),
    "ｳｹﾂｹ".as_bytes(),
    b"1234",
    b"7391",
    b"2285",
    b"5a0001",
    b"5A0001",
    &[0x5A, 0x00, 0x01],
];

#[track_caller]
fn check(place: &str, bytes: &[u8], secrets: &[&[u8]]) {
    let code_b = code_b();
    for secret in secrets.iter().chain([&code_b.as_bytes()]) {
        let found = bytes.windows(secret.len()).any(|window| window == *secret);
        assert!(!found, "{} in {place}", String::from_utf8_lossy(secret));
    }
}

#[tokio::test]
async fn a_visit_leaves_nothing_personal_in_logs_and_store() {
    let captured = Captured::default();
    let writer = captured.clone();
    let logs = tracing_subscriber::fmt()
        .with_env_filter(bridge::logs::filter().add_directive("bridge=trace".parse().unwrap()))
        .without_time()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // Other tests of this program log here too, which makes the check only stricter.
    tracing::subscriber::set_global_default(logs).unwrap();

    let site = site().await;
    let mut page = page(&site).await;
    site.place("valid");
    let choose = Action::Choose { method: Method::Face };
    page.on(|screen| matches!(screen, Screen::Method { .. }), choose).await;
    page.on(|screen| matches!(screen, Screen::Code { .. }), code("12", "2285")).await;
    page.until_photo().await;
    let unreadable = Action::Reference { outcome: ReferenceOutcome::NoFace };
    page.on(|screen| *screen == Screen::ReadingPhoto, unreadable).await;
    page.pin("7391").await;
    page.on(|screen| matches!(screen, Screen::Pin { wrong: true, .. }), typed("1234")).await;
    agree(&mut page).await;
    page.act(Action::Continue).await;
    page.until(|screen| matches!(screen, Screen::TakeCard { .. })).await;
    site.remove();
    page.idle().await;
    let folder = site.stop().await;

    let logs = captured.0.lock().unwrap().clone();
    assert!(String::from_utf8_lossy(&logs).contains("read_photo"), "the steps are logged");
    check("logs", &logs, &SECRETS);
    let data = folder.path().join("data/practice");
    // The staff board of the day names people; it never knows what was typed or read from a card.
    check_files(&data, &SECRETS[2..]);
    let store = Sqlite::open(&data, true).unwrap();
    assert_eq!(store.rows().unwrap().len(), 1);
    let tomorrow = in_japan(Timestamp::now()).date().tomorrow().unwrap();
    store.forget_rows(tomorrow).unwrap();
    drop(store);
    check_files(&data, &SECRETS);
}

#[track_caller]
fn check_files(folder: &Path, secrets: &[&[u8]]) {
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            check(&path.display().to_string(), &std::fs::read(&path).unwrap(), secrets);
        }
    }
}
