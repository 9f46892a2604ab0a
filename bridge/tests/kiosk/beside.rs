//! An official reader beside the kiosk: its files, in a real folder, on the board of a real bridge.

use crate::page::{Page, page};
use crate::site::{Site, site_in};
use crate::tray::{ours, request};
use crate::ways::{board, enter};
use bridge::config::{GatewayKind, GatewayOptions, Options};
use checkin::effect::Handover;
use checkin::eligibility::{Asked, Eligibility};
use eligibility_sim::{Person, personas};
use jiff::{SignedDuration, Timestamp};
use oqs::{Encoding, FileName, InstitutionCode, Message, to_xml};
use protocol::screen::{Outcome, Screen, Way};
use protocol::staff::{Note, Visit};
use protocol::{Action, Redacted};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tempfile::TempDir;

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_mins(1);
const TICK: Duration = Duration::from_millis(20);

fn face(folder: &Path) -> PathBuf {
    folder.join("OQS").join("face")
}

/// A kiosk for patients without a reader of its own, with the folder of the official one.
async fn beside(folder: TempDir) -> Site {
    let face = face(folder.path());
    let change = |options: &mut Options| {
        let passcode = checkin::secret::Passcode::parse("0000").unwrap();
        options.passcode_hash = Some(bridge::passcode::hash(&passcode));
        options.reader = None;
        options.institution = Some("1312345678".into());
        let (kind, folder) = (Some(GatewayKind::Beside), Some(face));
        options.gateway = GatewayOptions { kind, folder, ..GatewayOptions::default() };
    };
    site_in(folder, change).await
}

async fn started() -> Site {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(face(folder.path())).unwrap();
    beside(folder).await
}

fn answer(persona: &str) -> Eligibility {
    let text = personas().iter().find(|(id, _)| *id == persona).unwrap().1;
    Person::from_toml(text, Timestamp::now()).unwrap().unwrap().eligibility
}

/// A file as the official reader names and writes it, of so many minutes ago.
fn file(eligibility: Eligibility, minutes: i64) -> (String, Vec<u8>) {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let at = Timestamp::now() - SignedDuration::from_mins(minutes);
    let institution = InstitutionCode::new("1312345678").unwrap();
    let id = format!("{:020x}", COUNT.fetch_add(1, Relaxed));
    let name = FileName::face(institution.clone(), &id, at).unwrap().to_string();
    let handover = Handover { eligibility, asked: Asked::Card, consents: Vec::new() };
    let message = Message::of_check_in(institution, "", &handover, at).unwrap();
    (name, to_xml(&message, Encoding::ShiftJis).unwrap().bytes)
}

fn put(site: &Site, (name, bytes): &(String, Vec<u8>)) {
    std::fs::write(face(site.folder.path()).join(name), bytes).unwrap();
}

/// Waits until the board is as wanted, and gives its visits, newest first.
async fn until(site: &Site, wanted: impl Fn(&[Visit]) -> bool) -> Vec<Visit> {
    let session = enter(site).await;
    let mut last = Vec::new();
    let seen = async {
        loop {
            last = board(site, &session).await.visits;
            if wanted(&last) {
                return;
            }
            tokio::time::sleep(TICK).await;
        }
    };
    let came = tokio::time::timeout(PATIENCE, seen).await.is_ok();
    assert!(came, "{last:?}");
    last
}

/// So many are there, each with its number, which comes a moment after a row of a file.
fn numbered(visits: &[Visit], count: usize) -> bool {
    visits.len() == count && visits.iter().all(|visit| visit.number.is_some())
}

fn confirmed(visits: &[Visit], count: usize) -> bool {
    numbered(visits, count) && visits.iter().all(|visit| visit.outcome == Outcome::Confirmed)
}

/// Somebody with the numbers of the persona `valid` takes a number at the kiosk.
async fn take_number(page: &mut Page, branch: &str) {
    page.take_without_a_reader(Way::EligibilityCertificate).await;
    let Action::Numbers(mut typed) = crate::ways::numbers("01130012") else { unreachable!() };
    typed.branch = Redacted::new(branch.into());
    let typing = |screen: &Screen| matches!(screen, Screen::Numbers { .. });
    page.on(typing, Action::Numbers(typed)).await;
    let no = Action::LimitCertificate { agreed: false };
    page.on(|screen| *screen == Screen::LimitCertificate, no).await;
    let end = page.until(|screen| matches!(screen, Screen::Finished { .. })).await;
    let Screen::Finished { outcome, card_at_reader, receipt, parked, .. } = end else {
        unreachable!()
    };
    assert_eq!((outcome, parked), (Outcome::NumbersTyped, false));
    assert!(card_at_reader && !receipt.numbers_sent, "nothing was asked, and it says so");
    page.act(Action::Continue).await;
    page.until(|screen| !matches!(screen, Screen::Finished { .. })).await;
}

#[tokio::test]
async fn whoever_used_the_official_reader_alone_is_on_the_board_with_a_number() {
    let site = started().await;
    let (one, other) = (file(answer("valid"), 0), file(answer("valid-elderly"), 0));
    // The second one is in the making when the first one is there.
    let half = (other.0.clone(), other.1[..other.1.len() / 2].to_vec());
    put(&site, &half);
    put(&site, &one);
    let visits = until(&site, |visits| confirmed(visits, 1)).await;
    assert_eq!(visits[0].name.as_deref(), Some("受付　太郎"));
    put(&site, &other);
    let visits = until(&site, |visits| confirmed(visits, 2)).await;
    let mut numbers: Vec<_> = visits.iter().map(|visit| visit.number.unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2]);
    let alone = |visit: &Visit| visit.claim.notes.contains(&Note::AtReaderOnly);
    assert!(visits.iter().all(alone) && visits[0].name != visits[1].name);
    // The reader's files are as they were, and the receipt computer gets them from nobody else.
    for (name, bytes) in [&one, &other] {
        assert_eq!(&std::fs::read(face(site.folder.path()).join(name)).unwrap(), bytes);
    }
    assert_eq!(std::fs::read_dir(site.results_of_the_reader()).unwrap().count(), 0);
    site.stop().await;
}

#[tokio::test]
async fn a_file_is_joined_with_the_number_of_the_kiosk_whichever_comes_first() {
    let site = started().await;
    let mut page = page(&site).await;
    take_number(&mut page, "01").await;
    put(&site, &file(answer("valid-elderly"), 0));
    let first = file(answer("valid"), 0);
    put(&site, &first);
    let visits = until(&site, |visits| confirmed(visits, 2)).await;
    let of = |visits: &[Visit], number| {
        visits.iter().find(|visit| visit.number == Some(number)).unwrap().clone()
    };
    let joined = of(&visits, 1);
    assert_eq!(joined.name.as_deref(), Some("受付　太郎"));
    assert!(joined.kiosk.is_some() && joined.paper.is_none());
    assert!(!joined.claim.notes.contains(&Note::AtReaderOnly));
    // The card is laid on the reader once more.
    put(&site, &file(answer("valid"), 0));
    put(&site, &file(answer("elderly-two"), 0));
    let visits = until(&site, |visits| numbered(visits, 3)).await;
    assert_eq!(of(&visits, 1), joined);
    site.stop().await;

    let site = started().await;
    let mut page = crate::page::page(&site).await;
    put(&site, &file(answer("valid"), 0));
    until(&site, |visits| confirmed(visits, 1)).await;
    take_number(&mut page, "01").await;
    let visits = until(&site, |visits| visits.iter().any(|visit| visit.kiosk.is_some())).await;
    assert!(confirmed(&visits, 1), "the number that the person was told: {visits:?}");
    assert_eq!((visits[0].number, visits[0].name.as_deref()), (Some(2), Some("受付　太郎")));
    site.stop().await;
}

#[tokio::test]
async fn two_who_cannot_be_told_apart_are_left_to_staff() {
    let site = started().await;
    let mut page = page(&site).await;
    take_number(&mut page, "01").await;
    take_number(&mut page, "01").await;
    put(&site, &file(answer("valid"), 0));
    let visits = until(&site, |visits| numbered(visits, 3)).await;
    let unsure = |visit: &Visit| visit.claim.notes.contains(&Note::AtReaderUnsure);
    assert!(visits.iter().all(unsure), "{visits:?}");
    let answered: Vec<_> = visits.iter().filter(|visit| visit.name.is_some()).collect();
    assert_eq!(answered.len(), 1, "the file alone tells a name");
    assert!(answered[0].kiosk.is_none() && answered[0].number == Some(3));
    site.stop().await;
}

#[tokio::test]
async fn a_start_in_between_joins_what_waited_and_doubles_nothing() {
    let mut site = started().await;
    let mut page = page(&site).await;
    take_number(&mut page, "01").await;
    let (elderly, first) = (file(answer("valid-elderly"), 0), file(answer("valid"), 0));
    put(&site, &elderly);
    until(&site, |visits| numbered(visits, 2)).await;
    let mut numbers = Vec::new();
    for _ in 0..2 {
        let Site { bridge, folder } = site;
        bridge.stop().await;
        // Both came while nobody looked; the one of this morning is over.
        let (name, bytes) = &first;
        std::fs::write(face(folder.path()).join(name), bytes).unwrap();
        let (name, bytes) = file(answer("elderly-two"), 31);
        std::fs::write(face(folder.path()).join(name), bytes).unwrap();
        site = beside(folder).await;
        let visits = until(&site, |visits| confirmed(visits, 2)).await;
        numbers.push(visits.iter().map(|visit| (visit.visit, visit.number)).collect::<Vec<_>>());
        assert_eq!(visits.iter().filter(|visit| visit.kiosk.is_some()).count(), 1);
    }
    assert_eq!(numbers[0], numbers[1]);
    site.stop().await;
}

#[tokio::test]
async fn a_share_that_goes_and_comes_back_loses_nothing() {
    let site = started().await;
    let (there, away) = (face(site.folder.path()), site.folder.path().join("away"));
    put(&site, &file(answer("valid"), 0));
    until(&site, |visits| numbered(visits, 1)).await;
    std::fs::rename(&there, &away).unwrap();
    let health = async |said: &str| {
        let told = async {
            while !request(&site, "GET /health", &ours(&site), b"").await.body.contains(said) {
                tokio::time::sleep(TICK).await;
            }
        };
        tokio::time::timeout(PATIENCE, told).await.expect(said);
    };
    health("\"gateway\":false").await;
    let (name, bytes) = file(answer("valid-elderly"), 60);
    std::fs::write(away.join(name), bytes).unwrap();
    // What nobody can read, and what is no file of the reader, is in nobody's way.
    std::fs::write(away.join(file(answer("valid"), 0).0), b"<!DOCTYPE a>").unwrap();
    std::fs::write(away.join("notes.txt"), b"").unwrap();
    std::fs::rename(&away, &there).unwrap();
    let visits = until(&site, |visits| confirmed(visits, 2)).await;
    assert_ne!(visits[0].number, visits[1].number);
    health("\"gateway\":true").await;
    site.stop().await;
}
