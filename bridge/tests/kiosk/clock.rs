//! A clock that was ahead for a while: the kiosk waits, until somebody who has checked it says so.

use crate::page::page;
use crate::site::{options_in, site_at, site_in};
use crate::tray::request;
use crate::visit::agree;
use bridge::accept_clock::{self, AcceptError, Accepted};
use bridge::store::{Kept as _, Sqlite};
use jiff::Timestamp;
use protocol::screen::{Fault, Screen};

#[tokio::test]
async fn an_accepted_clock_lets_service_go_on() {
    let (site, clock) = site_at(|_| {}, |_| {}).await;
    clock.set_wrong_by(3 * 24 * 60);
    let mut ahead = page(&site).await;
    site.place("valid");
    ahead.pin("1234").await;
    agree(&mut ahead).await;
    let config = options_in(site.folder.path(), |_| {});
    let refused = accept_clock::run(&config, Timestamp::now()).unwrap_err();
    assert!(matches!(refused, AcceptError::Runs(_)), "{refused}");
    assert!(refused.to_string().contains("stop the kiosk first"), "{refused}");
    let folder = site.stop().await;

    // The clock is right again, and its newest record three days ahead.
    let site = site_in(folder, |_| {}).await;
    let mut waits = page(&site).await;
    let wrong =
        |screen: &Screen| matches!(screen, Screen::OutOfService { fault: Fault::ClockWrong, .. });
    waits.until(wrong).await;
    let health = request(&site, "GET /health", "", b"").await;
    assert!(health.status == 503 && health.body.contains("\"clock\":false"), "{}", health.body);
    let folder = site.stop().await;

    let config = options_in(folder.path(), |_| {});
    let long_ago = "2001-01-01T00:00:00Z".parse().unwrap();
    let refused = accept_clock::run(&config, long_ago).unwrap_err();
    assert!(matches!(refused, AcceptError::BeforeBuild(_)), "{refused}");
    assert_eq!(accept_clock::run(&config, Timestamp::now()).unwrap(), Accepted::Written);
    assert_eq!(accept_clock::run(&config, Timestamp::now()).unwrap(), Accepted::Already);
    let store = Sqlite::open(&folder.path().join("data/practice"), true).unwrap();
    store.check_chain().unwrap();
    assert!(store.newest().unwrap().unwrap() <= Timestamp::now());
    drop(store);

    let site = site_in(folder, |_| {}).await;
    let mut again = page(&site).await;
    again.idle().await;
    site.place("valid");
    again.pin("1234").await;
    assert!(matches!(agree(&mut again).await, Screen::Finished { .. }));
    site.stop().await;
}

#[test]
fn a_kiosk_that_was_never_started_has_nothing_to_accept_and_gets_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let config = options_in(folder.path(), |_| {});
    assert_eq!(accept_clock::run(&config, Timestamp::now()).unwrap(), Accepted::Already);
    assert!(!config.data.exists());
}
