//! The same visit over a real pcscd, with cards placed, pulled and the service restarted.

use crate::page::{Page, page};
use crate::site::{Site, only_result, site_in};
use crate::visit::agree;
use protocol::screen::{CardProblem, Fault, Screen};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use virtual_card::harness::Pcscd;
use virtual_card::{InsertedCard, Persona, Speed, VirtualCard};

/// The practice card `valid`, at the pace of a real one.
async fn place(pcscd: Pcscd) -> (Pcscd, InsertedCard) {
    let (_, text) = eligibility_sim::personas().iter().find(|(id, _)| *id == "valid").unwrap();
    let card = VirtualCard::new(&Persona::from_toml(text).unwrap(), None, jiff::Timestamp::now());
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

async fn kiosk(accept_practice_cards: bool) -> (Site, Page) {
    let site = site_in(tempfile::tempdir().unwrap(), |options| {
        options.reader = Some("auto".into());
        options.accept_practice_cards = Some(accept_practice_cards);
    })
    .await;
    let page = page(&site).await;
    (site, page)
}

/// One test, because there is one pcscd per machine.
#[tokio::test(flavor = "multi_thread")]
async fn a_real_reader_serves_survives_and_never_becomes_practice() {
    let pcscd = daemon().await;
    let (site, mut page) = kiosk(true).await;
    page.until(|screen| *screen == Screen::Idle).await;
    assert!(!page.view.as_ref().unwrap().practice);

    let (pcscd, card) = place(pcscd).await;
    let placed = Instant::now();
    page.pin("1234").await;
    agree(&mut page).await;
    println!("placed to finished at contactless speed: {} ms", placed.elapsed().as_millis());
    only_result(&site.results());

    let pulled = Instant::now();
    card.pull();
    page.until(|screen| *screen == Screen::Idle).await;
    println!("pulled to idle: {} ms", pulled.elapsed().as_millis());
    assert!(pulled.elapsed() < Duration::from_secs(1));

    // A card that is pulled while it is being read.
    let (pcscd, card) = place(pcscd).await;
    page.until(|screen| matches!(screen, Screen::Reading | Screen::Method { .. })).await;
    card.pull();
    page.until(|screen| *screen == Screen::Idle).await;

    tokio::task::spawn_blocking(move || drop(pcscd)).await.unwrap();
    page.until(|screen| *screen == Screen::OutOfService { fault: Fault::ServiceDown }).await;
    let pcscd = daemon().await;
    page.until(|screen| *screen == Screen::Idle).await;
    let (pcscd, card) = place(pcscd).await;
    page.until(|screen| matches!(screen, Screen::Method { .. })).await;
    assert!(!page.view.as_ref().unwrap().practice);
    site.stop().await;

    // The same card at a kiosk that serves patients.
    let (site, mut page) = kiosk(false).await;
    page.until(|screen| *screen == Screen::CardProblem { problem: CardProblem::PracticeCard })
        .await;
    site.stop().await;
    tokio::task::spawn_blocking(move || drop((card, pcscd))).await.unwrap();
}
