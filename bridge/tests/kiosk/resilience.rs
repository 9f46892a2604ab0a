//! Pulled cards, full folders, restarts.

use crate::page::{code, page};
use crate::site::{only_result, site, site_at, site_in};
use crate::tray::request;
use crate::visit::agree;
use bridge::store::{Kept as _, Sqlite, Store as _};
use futures_util::StreamExt as _;
use protocol::action::{Overall, ReferenceOutcome};
use protocol::screen::{Delivery, Method, Outcome, Screen};
use protocol::{Action, FromBridge, SILENCE_MS};
use std::time::{Duration, Instant};

const SILENCE: Duration = Duration::from_millis(SILENCE_MS as u64);

#[tokio::test]
async fn a_pulled_card_ends_the_visit_at_once() {
    let site = site().await;
    let mut page = page(&site).await;
    site.place("valid");
    page.until(|screen| matches!(screen, Screen::Method { .. })).await;
    site.remove();
    page.until(|screen| matches!(screen, Screen::CardAway { .. })).await;
    site.place("valid");
    page.until(|screen| matches!(screen, Screen::Method { .. })).await;
    site.place("pin-locked");
    page.until(|screen| matches!(screen, Screen::Reading)).await;
    site.stop().await;
}

/// The lid was closed in the middle of a visit, and opened when its time was over, or not yet.
#[tokio::test]
async fn a_computer_that_slept_ends_the_visit_whose_time_is_over() {
    let (site, clock) = site_at(|_| {}, |_| {}).await;
    let mut page = page(&site).await;
    page.idle().await;
    site.place("valid");
    page.pin("1234").await;
    page.until(|screen| matches!(screen, Screen::ConsentAll { .. })).await;
    clock.sleep(Duration::from_secs(45));
    // The person acts on, so the visit goes on.
    let one_by_one = Action::ConsentAll { answer: Overall::Choose };
    page.act(one_by_one).await;
    page.until(|screen| matches!(screen, Screen::ConsentOne { .. })).await;
    let forgotten = page.forgotten;
    clock.sleep(Duration::from_hours(2));
    let timed_out =
        |screen: &Screen| matches!(screen, Screen::TakeCard { outcome: Outcome::TimedOut, .. });
    page.until(timed_out).await;
    while page.forgotten == forgotten {
        page.next().await.expect("nothing personal is left in the page");
    }
    site.remove();
    page.idle().await;
    assert_eq!(std::fs::read_dir(site.results()).unwrap().count(), 0);
    site.stop().await;
}

#[tokio::test]
async fn a_reloaded_page_gets_the_photo_again_until_it_is_forgotten() {
    let site = site().await;
    let mut before = page(&site).await;
    site.place("valid");
    let choose = Action::Choose { method: Method::Face };
    before.on(|screen| matches!(screen, Screen::Method { .. }), choose).await;
    before.on(|screen| matches!(screen, Screen::Code { .. }), code("12", "2285")).await;
    let photo = before.until_photo().await;
    drop(before);
    let mut after = page(&site).await;
    assert_eq!(after.until_photo().await, photo);
    let ready = Action::Reference { outcome: ReferenceOutcome::Ready };
    after.on(|screen| *screen == Screen::ReadingPhoto, ready).await;
    after.until(|screen| matches!(screen, Screen::Face { .. })).await;
    site.remove();
    after.idle().await;
    let mut last = page(&site).await;
    last.idle().await;
    site.place("valid");
    last.until(|screen| matches!(screen, Screen::Method { .. })).await;
    assert!(last.photo.is_none());
    site.stop().await;
}

/// Its browser may well go on answering pings.
#[tokio::test]
async fn a_frozen_page_is_let_go_and_an_answering_one_is_not() {
    let site = site().await;
    let mut answers = page(&site).await;
    answers.idle().await;
    let began = Instant::now();
    // Answers each `alive` by itself; the next thing that is said is this.
    while began.elapsed() < SILENCE + Duration::from_secs(1) {
        let still = tokio::time::timeout(Duration::from_secs(1), answers.next()).await;
        assert!(still.is_err(), "{still:?}");
    }
    site.place("valid");
    answers.until(|screen| matches!(screen, Screen::Method { .. })).await;

    let mut frozen = page(&site).await;
    let mut asked = 0;
    let closed = async {
        while let Some(Ok(message)) = frozen.socket.next().await {
            asked += u32::from(message.into_text().is_ok_and(|text| text.contains("alive")));
        }
    };
    tokio::time::timeout(2 * SILENCE, closed).await.expect("it is never let go");
    assert!(asked >= 2, "asked {asked} times whether it is there");
    site.stop().await;
}

#[tokio::test]
async fn a_second_tap_does_not_answer_the_next_question() {
    let site = site().await;
    let mut page = page(&site).await;
    site.place("valid");
    page.pin("1234").await;
    page.until(|screen| matches!(screen, Screen::ConsentAll { .. })).await;
    page.act_at_once(Action::ConsentAll { answer: Overall::None }).await;
    let question = page.view.as_ref().unwrap().question;
    page.act(Action::ConsentAll { answer: Overall::Choose }).await;
    page.until(|screen| matches!(screen, Screen::ConsentOne { .. })).await;
    assert!(page.view.as_ref().unwrap().question > question);
    site.stop().await;
}

#[tokio::test]
async fn a_result_waits_for_its_folder() {
    let site = site().await;
    let away = site.results();
    std::fs::remove_dir(&away).unwrap();
    let mut page = page(&site).await;
    site.place("valid");
    page.pin("1234").await;
    assert!(matches!(agree(&mut page).await, Screen::Finished { delivery: Delivery::Queued, .. }));
    std::fs::create_dir(&away).unwrap();
    let patience = Instant::now() + Duration::from_secs(20);
    while std::fs::read_dir(&away).unwrap().next().is_none() {
        assert!(Instant::now() < patience, "the outbox is never tried again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    only_result(&away);
    // The file is there a moment before the outbox forgets it.
    while !request(&site, "GET /health", "", b"").await.body.contains("\"outbox\":0") {
        assert!(Instant::now() < patience, "the outbox does not forget what was delivered");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let folder = site.stop().await;
    assert_eq!(
        Sqlite::open(&folder.path().join("data/practice"), true).unwrap().waiting().unwrap(),
        0
    );
}

#[tokio::test]
async fn a_restart_in_the_middle_begins_anew_and_counts_on() {
    let site = site().await;
    let mut first = page(&site).await;
    site.place("valid");
    first.pin("1234").await;
    first.until(|screen| matches!(screen, Screen::ConsentAll { .. })).await;
    let folder = site.stop().await;
    while let Some(message) = first.next().await {
        if message == FromBridge::Goodbye {
            break;
        }
    }
    let store = Sqlite::open(&folder.path().join("data/practice"), true).unwrap();
    let given = store.next_visits(1).unwrap();
    let [first] = &store.tally().unwrap()[..] else { panic!("one visit") };
    assert!(first.visit < given);
    let lines = store.check_chain().unwrap();
    assert!(lines >= 3, "started, identified, ended: {lines}");
    drop(store);

    let site = site_in(folder, |_| {}).await;
    let mut again = page(&site).await;
    again.idle().await;
    site.place("valid");
    again.pin("1234").await;
    agree(&mut again).await;
    let folder = site.stop().await;
    let store = Sqlite::open(&folder.path().join("data/practice"), true).unwrap();
    let [_, second] = &store.tally().unwrap()[..] else { panic!("two visits") };
    assert!(second.visit > given, "a number that was given is not given again");
    assert!(store.next_visits(1).unwrap() > second.visit);
    store.check_chain().unwrap();
}
