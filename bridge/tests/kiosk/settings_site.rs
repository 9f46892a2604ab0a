//! Settings that kiosks, boards and the start of the bridge go by: destinations, the institution, the lock, folder, readers, cameras.

use crate::accounts::{audited, manager, member, patients, post};
use crate::page::{Page, page};
use crate::settings::{change, look};
use crate::site::{Site, site, site_at, site_in};
use crate::tray::{ours, request};
use crate::visit::agree;
use crate::ways::board;
use bridge::config::{KioskOptions, Options};
use protocol::call::Place;
use protocol::screen::Screen;
use protocol::settings::{Attached, Cameras, Entry, Key, Origin, Reader, Setting, Settings, Wrong};
use protocol::{Action, FromBridge, FromKiosk, Name};
use std::time::{Duration, Instant};

fn name(ja: &str, en: &str) -> Name {
    Name { others: [("en".into(), en.into())].into(), ..Name::in_japanese(ja) }
}

fn entry(settings: &Settings, key: Key) -> &Entry {
    settings.entries.iter().find(|entry| entry.setting.key() == key).unwrap()
}

async fn changed(site: &Site, session: &str, seen: u64, setting: Setting) -> Settings {
    let answer = change(site, session, seen, vec![setting]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

async fn refused(site: &Site, session: &str, seen: u64, setting: Setting) -> Wrong {
    let answer = change(site, session, seen, vec![setting]).await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

/// From the card to the question where to go.
async fn asked(site: &Site, page: &mut Page, card: &str) -> Vec<Name> {
    site.place(card);
    page.pin("1234").await;
    let all = Action::ConsentAll { answer: protocol::action::Overall::All };
    page.on(|screen| matches!(screen, Screen::ConsentAll { .. }), all).await;
    match page.until(|screen| matches!(screen, Screen::Destination { .. })).await {
        Screen::Destination { names } => names,
        other => unreachable!("{other:?}"),
    }
}

#[tokio::test]
async fn who_is_at_a_kiosk_keeps_the_destinations_and_the_next_one_gets_the_new_ones() {
    let two = |options: &mut Options| {
        options.destinations =
            Some(["内科 / Internal medicine", "小児科"].map(str::to_owned).into());
    };
    let (site, clock) = site_at(two, |_| {}).await;
    let boss = manager(&site).await;
    let mut page = page(&site).await;
    let before = asked(&site, &mut page, "valid").await;
    assert_eq!(before, [name("内科", "Internal medicine"), Name::in_japanese("小児科")]);

    let names = vec![name("皮膚科", "Dermatology"), name("眼科", "Eyes"), name("小児", "Children")];
    changed(&site, &boss, 0, Setting::Destinations(names.clone())).await;
    changed(&site, &boss, 1, Setting::ReadingSeconds(30)).await;
    // Half a minute less than before: the person who is there is not asked yet.
    clock.pass(Duration::from_secs(45));
    page.act(Action::Destination { index: 1 }).await;
    let Screen::Finished { after, .. } =
        page.until(|screen| matches!(screen, Screen::Finished { .. })).await
    else {
        unreachable!("awaited above")
    };
    assert_eq!(after.destination, Some(Name::in_japanese("小児科")), "what was touched");
    let places = board(&site, &boss).await.call_places;
    let dermatology = Place::Named { ja: "皮膚科".into(), en: "Dermatology".into() };
    assert!(places.contains(&dermatology), "{places:?}");
    site.remove();
    page.idle().await;

    assert_eq!(asked(&site, &mut page, "valid").await, names);
    clock.pass(Duration::from_secs(30));
    let asked = |page: &Page| page.view.as_ref().is_some_and(|view| view.asks_presence);
    while !asked(&page) {
        page.next().await.unwrap();
    }
    page.act(Action::Destination { index: 2 }).await;
    page.until(|screen| matches!(screen, Screen::Finished { .. })).await;
    let rows = board(&site, &boss).await.visits;
    let rows: Vec<_> = rows.iter().map(|row| row.destination.as_deref()).collect();
    assert_eq!(rows, [Some("小児"), Some("小児科")], "each by its name at that time");
    site.remove();
    page.idle().await;
    changed(&site, &boss, 2, Setting::Destinations(Vec::new())).await;
    site.place("valid");
    page.pin("1234").await;
    agree(&mut page).await;
    site.stop().await;
}

#[tokio::test]
async fn a_call_to_a_place_that_is_listed_no_more_is_not_made() {
    let (site, _) =
        site_at(|options| options.destinations = Some(vec!["内科".into()]), |_| {}).await;
    let boss = manager(&site).await;
    let mut page = page(&site).await;
    site.place("valid");
    page.pin("1234").await;
    agree(&mut page).await;
    let board = board(&site, &boss).await;
    assert_eq!(board.call_places.len(), 2);
    changed(&site, &boss, 0, Setting::Destinations(vec![Name::in_japanese("眼科")])).await;
    let visit = &board.visits[0];
    let to = serde_json::to_string(&board.call_places[1]).unwrap();
    let body = format!(
        r#"{{"visit":{},"seen":{},"mark":{{"called":{{"to":{to}}}}}}}"#,
        visit.visit, visit.marks.seen
    );
    assert_eq!(post(&site, "mark", &boss, &body).await.status, 409);
    site.stop().await;
}

/// What is attached, once the page has told of its cameras.
async fn until_told(site: &Site, session: &str) -> Attached {
    let headers = format!("{}x-uketsuke-staff: {session}\r\n", ours(site));
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let attached = request(site, "GET /staff/api/settings/attached", &headers, b"").await;
        let attached: Attached = serde_json::from_str(&attached.body).unwrap();
        if !attached.kiosks[0].cameras.is_empty() {
            return attached;
        }
        assert!(Instant::now() < deadline, "the page's cameras are not known");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_page_hears_of_the_institution_and_its_cameras_once_nobody_is_there() {
    let site = site().await;
    let boss = manager(&site).await;
    let mut page = page(&site).await;
    page.say(&FromKiosk::Cameras { labels: vec!["BRIO".into(), "HD Webcam".into()] }).await;
    site.place("valid");
    page.until(|screen| matches!(screen, Screen::Method { .. })).await;
    let attached = until_told(&site, &boss).await;
    assert_eq!(attached.kiosks[0].cameras, ["BRIO", "HD Webcam"]);
    assert_eq!((&*attached.kiosks[0].kiosk, &*attached.kiosks[0].title), ("first", "受付"));

    let clinic = name("れんしゅう医院", "Practice Clinic");
    changed(&site, &boss, 0, Setting::InstitutionName(Some(clinic.clone()))).await;
    let cameras = Cameras { kiosk: "first".into(), card: None, face: Some("BRIO".into()) };
    changed(&site, &boss, 1, Setting::Cameras(vec![cameras])).await;
    site.remove();
    loop {
        match page.next().await.expect("the page stays") {
            FromBridge::View(view) => {
                if matches!(view.screen, Screen::CardAway { .. }) {
                    page.act(Action::Stop).await;
                }
            }
            FromBridge::Welcome { institution_name, face_camera, .. } => {
                let rests = page.view.as_ref().is_some_and(|view| view.screen == Screen::Idle);
                assert!(rests, "while somebody was there");
                assert_eq!(institution_name, Some(clinic));
                assert_eq!(face_camera.as_deref(), Some("BRIO"));
                break;
            }
            _ => {}
        }
    }
    let many = FromKiosk::Cameras { labels: vec!["x".into(); 17] };
    page.say(&many).await;
    loop {
        if let FromBridge::Refused { .. } = page.next().await.expect("the page stays") {
            break;
        }
    }
    site.stop().await;
}

#[tokio::test]
async fn a_board_locks_itself_by_the_minutes_that_were_chosen() {
    let (site, clock) = site_at(patients, |_| {}).await;
    let boss = manager(&site).await;
    let reception = member(&site, &boss, "受付", "reception").await;
    let wrong = refused(&site, &boss, 0, Setting::BoardLockMinutes(0)).await;
    assert_eq!(wrong.key, Key::BoardLockMinutes);
    assert!(wrong.said.en.contains("1 to 720"), "{wrong:?}");
    let settings = changed(&site, &boss, 0, Setting::BoardLockMinutes(3)).await;
    assert_eq!(entry(&settings, Key::BoardLockMinutes).bounds, Some((1, 720)));
    clock.pass(Duration::from_mins(2));
    assert_eq!(post(&site, "used", &reception, "").await.status, 204);
    clock.pass(Duration::from_mins(3));
    assert_eq!(post(&site, "used", &reception, "").await.status, 401);
    site.stop().await;
}

#[tokio::test]
async fn a_folder_is_taken_when_files_can_be_written_to_it_and_counts_from_the_next_start_on() {
    let (site, _) = site_at(patients, |_| {}).await;
    let boss = manager(&site).await;
    let there = site.folder.path().join("receipts");
    let path = there.to_str().unwrap().to_owned();
    for wrong in [path.clone(), "receipts".into(), String::new()] {
        let wrong = refused(&site, &boss, 0, Setting::ResultFolder(wrong)).await;
        assert_eq!(wrong.key, Key::ResultFolder);
    }
    std::fs::create_dir(&there).unwrap();
    let settings = changed(&site, &boss, 0, Setting::ResultFolder(path.clone())).await;
    let chosen = entry(&settings, Key::ResultFolder);
    assert!(chosen.waits && chosen.origin == Origin::Page);
    assert_eq!(std::fs::read_dir(&there).unwrap().count(), 0, "nothing is left there");
    let told = audited(&site, "setting_changed", 1).await;
    assert!(told[0].contains("receipts") && told[0].contains("data/face"), "{told:?}");
    let folder = site.stop().await;
    let site = site_in(folder, patients).await;
    let boss = login(&site).await;
    let settings = look(&site, &boss).await;
    let chosen = entry(&settings, Key::ResultFolder);
    assert_eq!((&chosen.setting, chosen.waits), (&Setting::ResultFolder(path), false));
    site.stop().await;
}

async fn login(site: &Site) -> String {
    let body = format!(r#"{{"name":"院長","password":"{}"}}"#, crate::accounts::PASSWORD);
    let answer = post(site, "login", "", &body).await;
    let entered: protocol::staff::Entered = serde_json::from_str(&answer.body).unwrap();
    entered.session.expose().to_owned()
}

#[tokio::test]
async fn each_kiosk_has_a_reader_of_its_own_from_the_next_start_on() {
    let kiosks = |options: &mut Options| {
        patients(options);
        let lane = |name: &str| KioskOptions {
            name: name.into(),
            reader: Some(format!("no such reader {name}")),
            ..KioskOptions::default()
        };
        options.kiosk = vec![lane("lane-2")];
    };
    let (site, _) = site_at(kiosks, |_| {}).await;
    let boss = manager(&site).await;
    let reader = |kiosk: &str, reader: &str| Reader { kiosk: kiosk.into(), reader: reader.into() };
    for (one, other) in [("A 00", "A 00"), ("auto", "A 00"), ("A 00", "")] {
        let both = vec![reader("first", one), reader("lane-2", other)];
        let wrong = refused(&site, &boss, 0, Setting::Readers(both)).await;
        assert_eq!(wrong.key, Key::Readers, "{one} {other}");
    }
    let both = vec![reader("first", "A 00"), reader("lane-2", "practice")];
    let settings = changed(&site, &boss, 0, Setting::Readers(both.clone())).await;
    assert!(entry(&settings, Key::Readers).waits);
    let second = site.bridge.kiosks.find("lane-2").unwrap();
    assert_eq!(second.kind(), bridge::reader::Kind::Pcsc, "until the next start");
    let folder = site.stop().await;
    let site = site_in(folder, kiosks).await;
    let second = site.bridge.kiosks.find("lane-2").unwrap();
    assert_eq!(second.kind(), bridge::reader::Kind::Practice);
    let status = site.bridge.kiosks.first().switch.status();
    assert_eq!(status.name.as_deref(), Some("A 00"));
    let boss = login(&site).await;
    let settings = look(&site, &boss).await;
    assert_eq!(entry(&settings, Key::Readers).setting, Setting::Readers(both));
    assert!(!entry(&settings, Key::Readers).waits);
    site.stop().await;
}
