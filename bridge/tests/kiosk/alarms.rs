//! What is wrong with the kiosk itself is told on the staff board, until it is mended.

use crate::page::page;
use crate::site::{Site, site, site_at};
use crate::visit::agree;
use crate::ways::{board, enter};
use bridge::store::Sqlite;
use protocol::screen::{Delivery, Screen};
use protocol::staff::Alarm;
use rusqlite::Connection;
use std::time::{Duration, Instant};

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_mins(1);
/// Between two looks, as a page does it.
const LOOK: Duration = Duration::from_millis(50);

/// Looks until the board says what is wanted.
async fn until(site: &Site, session: &str, wanted: impl Fn(&[Alarm]) -> bool) -> Vec<Alarm> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let alarms = board(site, session).await.alarms;
        if wanted(&alarms) {
            return alarms;
        }
        assert!(Instant::now() < deadline, "{alarms:?}");
        tokio::time::sleep(LOOK).await;
    }
}

#[tokio::test]
async fn records_that_cannot_be_kept_are_told_until_they_are() {
    let site = site().await;
    let mut page = page(&site).await;
    page.idle().await;
    let session = enter(&site).await;
    until(&site, &session, <[Alarm]>::is_empty).await;
    let other = Connection::open(Sqlite::file(&site.folder.path().join("data/practice"))).unwrap();
    other.busy_timeout(PATIENCE).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    site.place("valid");
    page.until(|screen| matches!(screen, Screen::Method { .. })).await;
    let told = |alarms: &[Alarm]| matches!(alarms, [Alarm::RecordsWait { count }] if *count > 0);
    until(&site, &session, told).await;
    other.execute_batch("COMMIT").unwrap();
    until(&site, &session, <[Alarm]>::is_empty).await;
    site.stop().await;
}

#[tokio::test]
async fn results_without_a_folder_and_a_wrong_clock_are_told() {
    let (site, clock) = site_at(|_| {}, |_| {}).await;
    let session = enter(&site).await;
    std::fs::remove_dir(site.results()).unwrap();
    let mut page = page(&site).await;
    site.place("valid");
    page.pin("1234").await;
    assert!(matches!(agree(&mut page).await, Screen::Finished { delivery: Delivery::Queued, .. }));
    assert_eq!(board(&site, &session).await.alarms, [], "it has waited for a moment only");
    site.remove();
    page.idle().await;
    clock.set_wrong_by(5);
    let late = |alarms: &[Alarm]| matches!(alarms, [Alarm::ResultsWait { count: 1, .. }]);
    until(&site, &session, late).await;
    clock.set_wrong_by(-60);
    let alarms = until(&site, &session, |alarms| !alarms.is_empty()).await;
    assert_eq!(alarms, [Alarm::ClockWrong]);
    site.stop().await;
}
