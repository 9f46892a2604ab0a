//! Whole visits whose numbers are asked at the terminal.

use super::many::Served;
use super::*;
use crate::page::{Page, page, page_of};
use crate::site::{SetClock, Site, only_result, options_in, site_in};
use crate::tray::{ours, request};
use crate::ways::{board, enter};
use bridge::config::{GatewayKind, GatewayOptions, KioskOptions, Options};
use bridge::gateway::Gateways;
use checkin::deadlines::TERMINAL_SHOWN_MS;
use protocol::Action;
use protocol::screen::{Outcome, Screen, Way};

/// A kiosk for patients without a reader, which may be used with documents all the same; its terminal has these folders.
pub(super) fn patients(folder: &Path) -> impl FnOnce(&mut Options) + use<> {
    let terminal = folder.join("OQS");
    move |options| {
        let passcode = checkin::secret::Passcode::parse("0000").unwrap();
        options.passcode_hash = Some(bridge::passcode::hash(&passcode));
        options.reader = Some("no such reader".into());
        options.institution = Some("1312345678".into());
        options.gateway = GatewayOptions {
            kind: Some(GatewayKind::Folder),
            folder: Some(terminal),
            ..GatewayOptions::default()
        };
    }
}

/// Types the numbers of a 資格確認書.
pub(super) async fn type_numbers(page: &mut Page) {
    page.take_without_a_reader(Way::EligibilityCertificate).await;
    let typing = |screen: &Screen| matches!(screen, Screen::Numbers { .. });
    page.on(typing, crate::ways::numbers("01130012")).await;
    let no = Action::LimitCertificate { agreed: false };
    page.on(|screen| *screen == Screen::LimitCertificate, no).await;
}

#[tokio::test]
async fn typed_numbers_are_answered_by_the_terminal_on_screen_board_and_file() {
    let folder = tempfile::tempdir().unwrap();
    let terminal = folder.path().join("OQS");
    let _served = Served::start(&terminal, Duration::ZERO);
    let change = patients(folder.path());
    let site = site_in(folder, change).await;
    let mut page = page(&site).await;
    type_numbers(&mut page).await;
    let shown = page.until(|screen| matches!(screen, Screen::Finished { .. })).await;
    let Screen::Finished { outcome, .. } = shown else { unreachable!() };
    let view = page.view.as_ref().unwrap();
    assert_eq!((outcome, view.practice, view.simulated), (Outcome::Confirmed, false, false));
    let session = enter(&site).await;
    let seen = board(&site, &session).await;
    let row = &seen.visits[0];
    assert_eq!((row.outcome, row.parked, seen.simulated), (Outcome::Confirmed, false, false));
    assert_eq!(row.name.as_deref(), Some("受付　太郎"));
    assert!(row.paper.is_some());
    let file = only_result(&site.results_of_the_reader()).handover().unwrap();
    assert!(matches!(file.asked, checkin::eligibility::Asked::Numbers { .. }));
    assert_eq!(file.eligibility.validity, Validity::Valid);
    until(|| files(&terminal.join("res")).is_empty()).await;
    assert_eq!(files(&terminal.join("req")), Vec::<String>::new());
    site.stop().await;
}

#[tokio::test]
async fn practice_beside_a_terminal_asks_the_simulator() {
    let folder = tempfile::tempdir().unwrap();
    let terminal = folder.path().join("OQS");
    for name in ["req", "res"] {
        std::fs::create_dir_all(terminal.join(name)).unwrap();
    }
    let change = patients(folder.path());
    let site = site_in(folder, |options| {
        change(options);
        let (name, reader) = ("lane-2".into(), Some("practice".into()));
        options.kiosk = vec![KioskOptions { name, reader, ..KioskOptions::default() }];
    })
    .await;
    let mut page = page_of(site.bridge.address, "/k/lane-2", &site.bridge.token).await;
    type_numbers(&mut page).await;
    let shown = page.until(|screen| matches!(screen, Screen::Finished { .. })).await;
    let Screen::Finished { outcome, .. } = shown else { unreachable!() };
    let view = page.view.as_ref().unwrap();
    assert_eq!((outcome, view.practice, view.simulated), (Outcome::Confirmed, true, true));
    for name in ["req", "res"] {
        assert_eq!(files(&terminal.join(name)), Vec::<String>::new(), "{name}");
    }
    site.stop().await;
}

#[tokio::test]
async fn a_person_goes_on_while_the_terminal_is_late_and_staff_get_its_answer() {
    let stand = Stand::new(PATIENCE);
    let folder = tempfile::tempdir().unwrap();
    let config = options_in(folder.path(), patients(folder.path()));
    let clock = Arc::new(SetClock::default());
    let system = Arc::clone(&stand.gateway) as _;
    let bridge = bridge::start_at(config, system, Arc::clone(&clock) as _).await.unwrap();
    let site = Site { bridge, folder };
    let mut page = page(&site).await;
    type_numbers(&mut page).await;
    let (name, request_file) = stand.taken().await;
    clock.pass(Duration::from_millis(TERMINAL_SHOWN_MS));
    let shown = page.until(|screen| matches!(screen, Screen::Finished { .. })).await;
    let Screen::Finished { outcome, .. } = shown else { unreachable!() };
    assert_eq!(outcome, Outcome::NumbersTyped);
    let session = enter(&site).await;
    assert!(board(&site, &session).await.visits[0].parked);
    page.act(Action::Continue).await;
    page.until(|screen| !matches!(screen, Screen::Finished { .. })).await;
    stand.put(&name, &answer_to(&request_file));
    let told = async {
        loop {
            let row = board(&site, &session).await.visits.remove(0);
            if !row.parked {
                return row;
            }
            tokio::time::sleep(TICK).await;
        }
    };
    let row = tokio::time::timeout(PATIENCE, told).await.unwrap();
    assert_eq!((row.outcome, row.name.as_deref()), (Outcome::Confirmed, Some("受付　太郎")));
    until(|| files(&site.results_of_the_reader()).iter().any(is_whole)).await;
    let file = only_result(&site.results_of_the_reader()).eligibility().unwrap();
    assert_eq!(file.validity, Validity::Valid);
    until(|| files(&stand.res()).is_empty()).await;
    site.stop().await;
}

#[tokio::test]
async fn staff_hear_of_an_answer_about_somebody_else_without_a_name() {
    let stand = Stand::new(PATIENCE);
    let folder = tempfile::tempdir().unwrap();
    let config = options_in(folder.path(), patients(folder.path()));
    let system = Arc::clone(&stand.gateway) as _;
    let bridge = bridge::start_with(config, system).await.unwrap();
    let site = Site { bridge, folder };
    let mut page = page(&site).await;
    type_numbers(&mut page).await;
    let (name, _) = stand.taken().await;
    // Another visit's answer under the name of this one.
    let asked = stand.ask("valid-elderly");
    let (other, request_file) = stand.taken().await;
    stand.put(&name, &answer_to(&request_file));
    page.until(|screen| matches!(screen, Screen::Finished { .. })).await;
    let session = enter(&site).await;
    let row = board(&site, &session).await.visits.remove(0);
    assert_eq!((row.outcome, row.parked), (Outcome::NumbersTyped, false));
    assert_eq!(row.name, None);
    let noted = format!("{:?}", row.claim);
    assert!(noted.contains("AnswerAboutAnother"), "{noted}");
    assert_eq!(files(&site.results_of_the_reader()), Vec::<String>::new());
    stand.put(&other, &answer_to(&request_file));
    valid(asked.await.unwrap());
    let health = request(&site, "GET /health", &ours(&site), b"").await;
    assert!(health.body.contains("\"gateway\":true"), "{}", health.body);
    site.stop().await;
}

#[test]
fn the_system_is_the_one_that_the_site_chose() {
    let folder = tempfile::tempdir().unwrap();
    let simulated = |change: &dyn Fn(&mut Options)| {
        let config = options_in(folder.path(), |options| change(options));
        Gateways::system_of(&config).unwrap().simulated()
    };
    assert!(simulated(&|_| {}));
    assert!(!simulated(&|options| patients(folder.path())(options)));
}
