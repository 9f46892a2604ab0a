//! The same visit over a real pcscd, with cards placed, pulled and the service restarted.

use crate::lane::{blocking, persona};
use crate::page::{Page, page, page_of};
use crate::site::{Site, only_result, site_in};
use crate::tray::request;
use crate::visit::agree;
use bridge::config::KioskOptions;
use protocol::screen::{CardProblem, Fault as Trouble, Screen};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use virtual_card::harness::{InsertedCard, Pcscd};
use virtual_card::{Speed, VirtualCard};

/// The practice card `valid`, at the pace of a real one.
async fn place(pcscd: Pcscd) -> (Pcscd, InsertedCard) {
    let card = VirtualCard::new(&persona("valid"), None, jiff::Timestamp::now());
    let insert = move || {
        card.prepare();
        let mut pcscd = pcscd;
        let inserted = pcscd.insert(Arc::new(Mutex::new(card)), Speed::Contactless106).unwrap();
        (pcscd, inserted)
    };
    tokio::task::spawn_blocking(insert).await.unwrap()
}

async fn daemon() -> Pcscd {
    let started = tokio::task::spawn_blocking(Pcscd::start).await.unwrap();
    started.unwrap_or_else(|error| panic!("{error}"))
}

async fn kiosk(reader: &str, accept_practice_cards: bool) -> (Site, Page) {
    let site = site_in(tempfile::tempdir().unwrap(), |options| {
        options.reader = Some(reader.into());
        options.accept_practice_cards = Some(accept_practice_cards);
    })
    .await;
    let page = page(&site).await;
    (site, page)
}

/// Two kiosks of one bridge with a reader each, at once.
async fn two_lanes(pcscd: Pcscd) -> Pcscd {
    let site = site_in(tempfile::tempdir().unwrap(), |options| {
        options.reader = Some(Pcscd::name(0, 0));
        options.accept_practice_cards = Some(true);
        let (name, reader) = ("lane-2".into(), Some(Pcscd::name(0, 1)));
        options.kiosk = vec![KioskOptions { name, reader, ..KioskOptions::default() }];
    })
    .await;
    let mut first_page = page(&site).await;
    let mut second_page = page_of(site.bridge.address, "/k/lane-2", &site.bridge.token).await;
    let slots = [(pcscd.slot(0, 0), "valid"), (pcscd.slot(0, 1), "valid-young")];
    let cards = blocking(move || {
        slots.map(|(slot, id)| {
            let card = VirtualCard::new(&persona(id), None, jiff::Timestamp::now());
            card.prepare();
            slot.insert(Arc::new(Mutex::new(card)), Speed::Contactless106)
        })
    })
    .await;
    let visit = async |page: &mut Page| {
        page.pin("1234").await;
        match agree(page).await {
            Screen::Finished { person, .. } => person.unwrap(),
            other => panic!("{other:?}"),
        }
    };
    let (one, other) = tokio::join!(visit(&mut first_page), visit(&mut second_page));
    assert_ne!(one, other);
    assert_eq!(one, persona("valid").holder.unwrap().name);
    assert_eq!(std::fs::read_dir(site.results_of_the_reader()).unwrap().count(), 2);
    blocking(move || drop(cards)).await;
    site.stop().await;
    pcscd
}

/// One test, because there is one pcscd per machine.
#[tokio::test(flavor = "multi_thread")]
async fn a_real_reader_serves_survives_and_never_becomes_practice() {
    let (practising, mut practice) = kiosk("auto", false).await;
    practice.idle().await;
    assert!(practice.view.as_ref().unwrap().practice);
    let pcscd = daemon().await;
    let (site, mut page) = kiosk(&Pcscd::name(0, 0), true).await;
    page.idle().await;
    assert!(!page.view.as_ref().unwrap().practice);

    let (pcscd, card) = place(pcscd).await;
    let placed = Instant::now();
    page.pin("1234").await;
    agree(&mut page).await;
    println!("placed to finished at contactless speed: {} ms", placed.elapsed().as_millis());
    only_result(&site.results_of_the_reader());

    let pulled = Instant::now();
    card.pull();
    page.idle().await;
    println!("pulled to idle: {} ms", pulled.elapsed().as_millis());

    // A card that is pulled while it is being read.
    let (pcscd, card) = place(pcscd).await;
    page.until(|screen| matches!(screen, Screen::Reading | Screen::Method { .. })).await;
    card.pull();
    page.idle().await;

    tokio::task::spawn_blocking(move || drop(pcscd)).await.unwrap();
    let lost =
        Screen::OutOfService { fault: Trouble::ServiceDown, reader: Some(Pcscd::name(0, 0)) };
    page.until(|screen| *screen == lost).await;
    let pcscd = daemon().await;
    page.idle().await;
    assert!(!page.view.as_ref().unwrap().practice, "the reader is a real one");
    let (pcscd, card) = place(pcscd).await;
    page.until(|screen| matches!(screen, Screen::Method { .. })).await;
    assert!(page.view.as_ref().unwrap().practice, "the card is a practice card");
    site.stop().await;

    // The same card at a kiosk that serves patients.
    let (site, mut page) = kiosk(&Pcscd::name(0, 0), false).await;
    page.until(|screen| {
        matches!(screen, Screen::CardProblem { problem: CardProblem::PracticeCard, .. })
    })
    .await;
    site.stop().await;
    blocking(move || drop(card)).await;
    let pcscd = two_lanes(pcscd).await;
    blocking(move || drop(pcscd)).await;

    // A practising kiosk beside all of this has not noticed it.
    let health = request(&practising, "GET /health", "", b"").await.body;
    assert!(health.contains(r#""mode":"practice""#), "{health}");
    practising.stop().await;
}
