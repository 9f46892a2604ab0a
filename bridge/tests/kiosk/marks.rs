//! 呼んだ and 済, from the staff board to the call display.

use crate::page::page;
use crate::reception::{audited, post};
use crate::site::{SetClock, Site, site_at};
use crate::visit::agree;
use crate::ways::{board, enter};
use protocol::call::Place;
use protocol::staff::Visit;
use std::sync::Arc;
use std::time::Duration;

/// Longer than a double tap.
const LATER: Duration = Duration::from_millis(701);

async fn mark(site: &Site, session: &str, visit: &Visit, mark: &str) -> u16 {
    let (visit, seen) = (visit.visit, visit.marks.seen);
    let body = format!(r#"{{"visit":{visit},"seen":{seen},"mark":{mark}}}"#);
    post(site, session, "mark", &body).await
}

/// A site with one visit, whose number is 1, and two places to call to beside its destinations.
async fn visited() -> (Site, Arc<SetClock>, String) {
    let places = ["lane 1", "採血室 / Blood tests"].map(str::to_owned);
    let (site, clock) = site_at(|options| options.call_places = Some(places.into()), |_| {}).await;
    let mut page = page(&site).await;
    site.place("valid");
    page.pin("1234").await;
    agree(&mut page).await;
    let session = enter(&site).await;
    (site, clock, session)
}

#[tokio::test]
async fn staff_tick_who_was_called_and_take_it_back() {
    let (site, clock, session) = visited().await;
    let look = async || {
        let board = board(&site, &session).await;
        (board.call_places, board.visits.into_iter().next().unwrap())
    };
    let (places, visit) = look().await;
    let blood = Place::Named { ja: "採血室".into(), en: "Blood tests".into() };
    assert_eq!(places, [Place::Lane { number: 1 }, blood]);
    assert_eq!(mark(&site, "no session", &visit, r#"{"called":{"to":0}}"#).await, 401);
    assert_eq!(mark(&site, &session, &visit, r#"{"called":{"to":2}}"#).await, 400);
    assert_eq!(mark(&site, &session, &visit, r#""not_called""#).await, 409, "nothing to take back");
    assert_eq!(mark(&site, &session, &visit, r#"{"called":{"to":0}}"#).await, 200);
    assert_eq!(mark(&site, &session, &visit, r#"{"called":{"to":0}}"#).await, 409, "not seen");
    let (_, called) = look().await;
    let call = called.marks.called.clone().unwrap();
    assert_eq!((call.times, call.to), (1, Place::Lane { number: 1 }));
    assert_eq!(mark(&site, &session, &called, r#""not_called""#).await, 409, "a double tap");
    clock.pass(LATER);
    assert_eq!(mark(&site, &session, &called, r#""done""#).await, 200);
    clock.pass(LATER);
    let (_, done) = look().await;
    assert!(done.marks.done.is_some() && done.marks.called.is_some());
    assert_eq!(mark(&site, &session, &done, r#""not_done""#).await, 200);
    clock.pass(LATER);
    assert_eq!(mark(&site, &session, &look().await.1, r#""not_called""#).await, 200);
    let (_, visit) = look().await;
    assert_eq!((visit.marks.called, visit.marks.done), (None, None));
    for what in ["called", "staff_done", "done_taken_back", "call_taken_back"] {
        assert_eq!(audited(&site, what), 1, "{what}");
    }
    site.stop().await;
}
