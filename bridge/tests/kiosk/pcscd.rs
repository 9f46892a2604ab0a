//! The same visit over a real pcscd, with cards placed, pulled and the service restarted.

use crate::page::{Page, page};
use crate::site::{Site, only_result, site_in};
use crate::visit::agree;
use protocol::screen::{CardProblem, Fault as Trouble, MethodNotice, Screen};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use virtual_card::harness::Pcscd;
use virtual_card::script::{Effect, Fault, On, ScriptedCard, Target};
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

fn persona(id: &str) -> Persona {
    let (_, text) = eligibility_sim::personas().iter().find(|(name, _)| *name == id).unwrap();
    Persona::from_toml(text).unwrap()
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

/// A fault at the signature, over the real service; then the same person goes on.
async fn stumble(mut pcscd: Pcscd, page: &mut Page, effect: Effect) -> (Pcscd, Duration) {
    let card = VirtualCard::new(&persona("valid"), None, jiff::Timestamp::now());
    let fault = Fault::once(On::Sign, effect).of(Target::Jpki, 0x0017);
    let card = ScriptedCard::new(card, Speed::Contactless106, vec![fault]);
    let card = Arc::new(Mutex::new(card));
    let shared = Arc::clone(&card);
    let (back, inserted) = blocking(move || {
        shared.lock().unwrap().card().prepare();
        let inserted = pcscd.insert_scripted(shared).unwrap();
        (pcscd, inserted)
    })
    .await;
    pcscd = back;
    page.pin("1234").await;
    let typed = Instant::now();
    let failed = |screen: &Screen| {
        matches!(screen, Screen::Method { notice: Some(MethodNotice::CardFailed), .. })
    };
    let shown =
        page.until(|screen| failed(screen) || matches!(screen, Screen::CardAway { .. })).await;
    let noticed = typed.elapsed();
    println!(
        "{effect:?} at the signature: {noticed:?} to {}",
        if matches!(shown, Screen::CardAway { .. }) { "card away" } else { "the methods" }
    );
    // A mute card keeps the whole reader of vpcd busy, so it is taken and placed again.
    let again = matches!(effect, Effect::Mute | Effect::Pull);
    let inserted = if again {
        blocking(move || drop(inserted)).await;
        page.idle().await;
        let (back, inserted) = blocking(move || {
            pcscd.wait_for_card(false).unwrap();
            let inserted = pcscd.insert_scripted(card).unwrap();
            (pcscd, inserted)
        })
        .await;
        pcscd = back;
        inserted
    } else {
        inserted
    };
    page.pin("1234").await;
    agree(page).await;
    blocking(move || drop(inserted)).await;
    page.idle().await;
    (pcscd, noticed)
}

/// Two kiosks with a reader each, at once.
async fn two_lanes(pcscd: Pcscd) -> Pcscd {
    let lane = |part: &'static str| async move {
        let site = site_in(tempfile::tempdir().unwrap(), |options| {
            options.reader = Some(part.into());
            options.accept_practice_cards = Some(true);
        })
        .await;
        let page = page(&site).await;
        (site, page)
    };
    let (first, mut first_page) = lane("Virtual PCD 00 00").await;
    let (second, mut second_page) = lane("Virtual PCD 00 01").await;
    let addresses = [(pcscd.address(), "valid"), (pcscd.second_address(), "valid-young")];
    let cards = blocking(move || {
        addresses.map(|(address, id)| {
            let card = VirtualCard::new(&persona(id), None, jiff::Timestamp::now());
            card.prepare();
            InsertedCard::insert(&address, Arc::new(Mutex::new(card)), Speed::Contactless106)
                .unwrap()
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
    blocking(move || drop(cards)).await;
    first.stop().await;
    second.stop().await;
    pcscd
}

/// One test, because there is one pcscd per machine.
#[tokio::test(flavor = "multi_thread")]
async fn a_real_reader_serves_survives_and_never_becomes_practice() {
    let pcscd = daemon().await;
    let (site, mut page) = kiosk(true).await;
    page.idle().await;
    assert!(!page.view.as_ref().unwrap().practice);

    let (pcscd, card) = place(pcscd).await;
    let placed = Instant::now();
    page.pin("1234").await;
    agree(&mut page).await;
    println!("placed to finished at contactless speed: {} ms", placed.elapsed().as_millis());
    only_result(&site.results());

    let pulled = Instant::now();
    card.pull();
    page.idle().await;
    println!("pulled to idle: {} ms", pulled.elapsed().as_millis());
    assert!(pulled.elapsed() < Duration::from_secs(1));

    // A card that is pulled while it is being read.
    let (pcscd, card) = place(pcscd).await;
    page.until(|screen| matches!(screen, Screen::Reading | Screen::Method { .. })).await;
    card.pull();
    page.idle().await;

    tokio::task::spawn_blocking(move || drop(pcscd)).await.unwrap();
    page.until(|screen| *screen == Screen::OutOfService { fault: Trouble::ServiceDown }).await;
    let pcscd = daemon().await;
    page.idle().await;
    let mut pcscd = pcscd;
    for effect in [Effect::Status(0x6F00), Effect::Pull, Effect::More] {
        let noticed;
        (pcscd, noticed) = stumble(pcscd, &mut page, effect).await;
        assert!(noticed < Duration::from_secs(3), "{effect:?}: {noticed:?}");
    }
    page.idle().await;
    assert!(!page.view.as_ref().unwrap().practice, "the reader is a real one");
    let (pcscd, card) = place(pcscd).await;
    page.until(|screen| matches!(screen, Screen::Method { .. })).await;
    assert!(page.view.as_ref().unwrap().practice, "the card is a practice card");
    site.stop().await;

    // The same card at a kiosk that serves patients.
    let (site, mut page) = kiosk(false).await;
    page.until(|screen| *screen == Screen::CardProblem { problem: CardProblem::PracticeCard })
        .await;
    site.stop().await;
    blocking(move || drop(card)).await;
    let pcscd = two_lanes(pcscd).await;
    blocking(move || drop(pcscd)).await;
}
