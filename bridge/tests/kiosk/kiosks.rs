//! Several kiosks on one bridge: each has its own reader, page and visit; store and staff board are shared.

use crate::board::confirm_at;
use crate::page::{Page, page_of};
use crate::site::{Site, site_in};
use crate::tray::{ours, request};
use crate::visit::agree;
use crate::ways::{board, enter};
use bridge::config::{KioskOptions, Options};
use protocol::screen::{Method, Screen, Topic};
use protocol::staff::{Board, Entered};
use protocol::{Action, FromBridge};
use std::collections::BTreeSet;

fn lane(reader: &str) -> KioskOptions {
    KioskOptions {
        name: "lane-2".into(),
        kiosk_name: Some("窓口2".into()),
        reader: Some(reader.into()),
        ..KioskOptions::default()
    }
}

fn two_practise(options: &mut Options) {
    options.kiosk = vec![lane("practice")];
}

/// Two kiosks that practise, and a page at each.
async fn two() -> (Site, Page, Page) {
    let site = site_in(tempfile::tempdir().unwrap(), two_practise).await;
    let (mut first, mut second) = (at(&site, "").await, at(&site, "/k/lane-2").await);
    first.idle().await;
    second.idle().await;
    (site, first, second)
}

async fn at(site: &Site, base: &str) -> Page {
    page_of(site.bridge.address, base, &site.bridge.token).await
}

fn place(site: &Site, kiosk: &str, card: &str) {
    site.bridge.kiosks.find(kiosk).unwrap().tray.as_ref().unwrap().place(card).unwrap();
}

/// Up to the result; gives the reception number.
async fn visit(page: &mut Page) -> u16 {
    page.pin("1234").await;
    let Screen::Finished { after, .. } = agree(page).await else { unreachable!() };
    after.number.unwrap()
}

#[tokio::test]
async fn two_kiosks_take_visits_at_the_same_time() {
    let (site, mut first, mut second) = two().await;
    place(&site, "first", "valid");
    place(&site, "lane-2", "valid-young");
    let numbers = tokio::join!(visit(&mut first), visit(&mut second));
    assert_eq!(BTreeSet::from([numbers.0, numbers.1]), BTreeSet::from([1, 2]));
    let session = enter(&site).await;
    let told = board(&site, &session).await;
    let titles: Vec<_> = told.kiosks.iter().map(|kiosk| &*kiosk.title).collect();
    assert_eq!((titles, told.practice), (vec!["受付", "窓口2"], true));
    let visits: BTreeSet<_> = told.visits.iter().map(|visit| visit.visit).collect();
    assert_eq!(visits.len(), 2, "one visit, one number: {:?}", told.visits);
    let kiosks: BTreeSet<_> = told.visits.iter().filter_map(|visit| visit.kiosk.clone()).collect();
    assert_eq!(kiosks, BTreeSet::from(["受付".into(), "窓口2".into()]));
    assert_eq!(std::fs::read_dir(site.results()).unwrap().count(), 2);
    let health = request(&site, "GET /health", "", b"").await.body;
    for part in [r#""name":"first""#, r#""name":"lane-2","title":"窓口2""#] {
        assert!(health.contains(part), "{part}: {health}");
    }
    site.stop().await;
}

#[tokio::test]
async fn what_happens_to_one_page_does_not_touch_the_other_kiosk() {
    let (site, mut first, mut second) = two().await;
    place(&site, "lane-2", "valid");
    second.until(|screen| matches!(screen, Screen::Method { .. })).await;
    let mut again = at(&site, "/k/first").await;
    while first.next().await.expect("it is told before it ends") != FromBridge::TakenOver {}
    again.idle().await;
    drop((first, again));
    visit(&mut second).await;
    // Nor does a card that lies there.
    let mut first = at(&site, "").await;
    assert_eq!(first.until(|screen| *screen == Screen::Idle).await, Screen::Idle);
    site.stop().await;
}

#[tokio::test]
async fn staff_confirm_at_the_kiosk_where_somebody_waits() {
    let (site, mut first, mut second) = two().await;
    let session = enter(&site).await;
    for (kiosk, page) in [("first", &mut first), ("lane-2", &mut second)] {
        place(&site, kiosk, "valid");
        let choose = Action::Choose { method: Method::Visual };
        page.on(|screen| matches!(screen, Screen::Method { .. }), choose).await;
        page.until(|screen| *screen == Screen::Staff { problem: None }).await;
    }
    let waiting = board(&site, &session).await.waiting;
    let names: Vec<_> = waiting.iter().map(|one| &*one.kiosk).collect();
    assert_eq!(names, ["first", "lane-2"]);
    let seen = waiting[1].seen;
    assert_eq!(confirm_at(&site, "lane-3", &session, seen, "0000").await.status, 409);
    let confirmed = confirm_at(&site, "lane-2", &session, seen, "0000").await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.body);
    agree(&mut second).await;
    let waiting = board(&site, &session).await.waiting;
    assert!(waiting.len() == 1 && waiting[0].kiosk == "first", "{waiting:?}");
    site.stop().await;
}

#[tokio::test]
async fn a_consent_that_is_withdrawn_at_one_kiosk_is_gone_at_the_other() {
    let (site, mut first, mut second) = two().await;
    for (kiosk, page) in [("first", &mut first), ("lane-2", &mut second)] {
        place(&site, kiosk, "valid");
        visit(page).await;
    }
    second.act(Action::Withdraw { topic: Topic::Operation }).await;
    let gone = |screen: &Screen| match screen {
        Screen::Finished { agreed, .. } => agreed.iter().all(|one| one.topic != Topic::Operation),
        _ => false,
    };
    first.until(gone).await;
    second.until(gone).await;
    site.stop().await;
}

#[tokio::test]
async fn an_address_tells_its_kiosk_and_an_unknown_one_what_to_do() {
    let site = site_in(tempfile::tempdir().unwrap(), two_practise).await;
    for (path, told) in [("/", ""), ("/k/first", ""), ("/k/lane-2", "/k/lane-2")] {
        let page = request(&site, &format!("GET {path}"), "", b"").await;
        let told = format!(r#""uketsuke-kiosk" content="{told}""#);
        assert!(page.status == 200 && page.body.contains(&told), "{path}: {}", page.body);
    }
    for (path, page) in [("/k/lane-2/", "/k/lane-2"), ("/staff/", "/staff")] {
        let answer = request(&site, &format!("GET {path}"), "", b"").await;
        let there = format!("location: {page}\r\n");
        assert!(answer.status == 308 && answer.head.contains(&there), "{path}: {answer:?}");
    }
    for path in ["/k/lane-3", "/k/lane-3/kiosk", "/k/lane-3/practice/api/tray"] {
        let answer = request(&site, &format!("GET {path}"), &ours(&site), b"").await;
        assert!(answer.status == 404 && answer.body.contains("/k/lane-2"), "{path}: {answer:?}");
    }
    let tray = request(&site, "GET /k/lane-2/practice/api/tray", &ours(&site), b"").await;
    assert!(tray.status == 200 && tray.head.contains("cache-control: no-store"), "{}", tray.head);
    assert!(tray.head.contains("connection: close"), "{}", tray.head);
    site.stop().await;
}

/// Enters the board of patients or of practice.
async fn enter_board(site: &Site, practice: bool) -> Result<String, u16> {
    let body = format!(r#"{{"passcode":"4821","practice":{practice}}}"#);
    let answer = request(site, "POST /staff/api/enter", &ours(site), body.as_bytes()).await;
    if answer.status != 200 {
        return Err(answer.status);
    }
    Ok(serde_json::from_str::<Entered>(&answer.body).unwrap().session.expose().to_owned())
}

#[tokio::test]
async fn a_kiosk_without_its_reader_stops_no_other_and_practice_is_never_mixed_in() {
    let passcode = checkin::secret::Passcode::parse("4821").unwrap();
    let site = site_in(tempfile::tempdir().unwrap(), |options| {
        options.passcode_hash = Some(bridge::passcode::hash(&passcode));
        options.kiosk = vec![lane("no such reader")];
    })
    .await;
    let mut lost = at(&site, "/k/lane-2").await;
    lost.until(|screen| matches!(screen, Screen::OutOfService { .. })).await;
    let mut first = at(&site, "").await;
    place(&site, "first", "valid");
    visit(&mut first).await;
    let health = request(&site, "GET /health", "", b"").await;
    assert_eq!(health.status, 200, "somebody is served: {}", health.body);
    assert!(health.body.contains(r#""mode":"reader","serves":false"#), "{}", health.body);

    let told = |board: &Board| {
        let kiosks: Vec<_> = board.kiosks.iter().map(|kiosk| kiosk.name.clone()).collect();
        (kiosks, board.visits.len(), board.practice)
    };
    let patients = enter_board(&site, false).await.unwrap();
    assert_eq!(told(&board(&site, &patients).await), (vec!["lane-2".into()], 0, false));
    let practice = enter_board(&site, true).await.unwrap();
    let seen = board(&site, &practice).await;
    assert_eq!(told(&seen), (vec!["first".into()], 1, true));
    // A visit has a number in the store of its kind only.
    let headers = format!("{}x-uketsuke-staff: {patients}\r\n", ours(&site));
    let body = format!(r#"{{"visit":{},"topic":"operation"}}"#, seen.visits[0].visit);
    let refused = request(&site, "POST /staff/api/withdraw", &headers, body.as_bytes()).await;
    assert_eq!(refused.status, 404, "{}", refused.body);
    site.stop().await;

    let all_real = |options: &mut Options| options.reader = Some("no such reader".into());
    let site = site_in(tempfile::tempdir().unwrap(), all_real).await;
    assert_eq!(enter_board(&site, true).await, Err(404), "nobody practises");
    site.stop().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn killed_with_two_kiosks_in_use_no_number_is_used_again() {
    use crate::killed::post;
    use crate::running::{Running, hash};

    let (folder, hash) = (tempfile::tempdir().unwrap(), hash("0417"));
    let table = "[[kiosk]]\nname = \"lane-2\"\nreader = \"practice\"\n";
    std::fs::write(folder.path().join("uketsuke.toml"), table).unwrap();
    let mut numbers = Vec::new();
    for _ in 0..2 {
        let running = Running::start_in(folder.path(), "practice", &hash, "info");
        let (mut first, mut second) = (
            page_of(running.address, "", &running.token).await,
            page_of(running.address, "/k/lane-2", &running.token).await,
        );
        post(&running, "/practice/api/place", r#"{"id":"valid"}"#);
        post(&running, "/k/lane-2/practice/api/place", r#"{"id":"valid-young"}"#);
        let told = tokio::join!(visit(&mut first), visit(&mut second));
        numbers.extend([told.0, told.1]);
        // Killed while the next one has begun.
        first.act(Action::Continue).await;
        first.until(|screen| matches!(screen, Screen::TakeCard { .. })).await;
        post(&running, "/practice/api/remove", "");
        first.idle().await;
        post(&running, "/practice/api/place", r#"{"id":"valid-young"}"#);
        first.until(|screen| matches!(screen, Screen::Method { .. })).await;
    }
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), 4, "{numbers:?}");
    let file = bridge::store::Sqlite::file(&folder.path().join("data/practice"));
    let db = rusqlite::Connection::open(file).unwrap();
    let sql = "SELECT COUNT(*), COUNT(DISTINCT json_extract(line, '$.visit')) FROM audit
        WHERE json_extract(line, '$.what') = 'started'";
    let (begun, ids): (u32, u32) =
        db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert!(begun >= 4 && begun == ids, "{begun} visits began, with {ids} numbers");
}
