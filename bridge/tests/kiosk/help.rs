//! Staff help at a kiosk from their board: they end a visit there, and no other one.

use crate::accounts::{manager, post};
use crate::actors::actors;
use crate::page::page;
use crate::site::{Site, site};
use crate::ways::board;
use protocol::Action;
use protocol::screen::Screen;
use protocol::staff::KioskState;

/// The visit that the board shows at the kiosk.
async fn visit(site: &Site, session: &str) -> Option<u64> {
    match &board(site, session).await.kiosks[0].state {
        KioskState::InUse { visit, .. } => *visit,
        _ => None,
    }
}

async fn end(site: &Site, session: &str, visit: u64) -> u16 {
    post(site, "kiosk/end", session, &format!(r#"{{"kiosk":"first","visit":{visit}}}"#))
        .await
        .status
}

#[tokio::test]
async fn staff_end_the_visit_that_they_saw_and_are_named() {
    let site = site().await;
    let mut page = page(&site).await;
    page.idle().await;
    let session = manager(&site).await;
    assert_eq!(visit(&site, &session).await, None);
    site.place("valid");
    page.until(|screen| matches!(screen, Screen::Method { .. })).await;
    let first = visit(&site, &session).await.unwrap();
    assert_eq!(end(&site, &session, first + 1).await, 409, "another one");
    assert_eq!(end(&site, &session, first).await, 200);
    page.until(|screen| matches!(screen, Screen::TakeCard { .. })).await;
    assert_eq!(visit(&site, &session).await, None, "only the card is waited for");
    assert_eq!(end(&site, &session, first).await, 409, "once");
    site.remove();
    page.idle().await;

    // Without a card, from the ways on: the person is gone, and so are their ways.
    page.act(Action::OtherWays).await;
    page.until(|screen| matches!(screen, Screen::Fallback { .. })).await;
    assert_eq!(end(&site, &session, first).await, 409, "the next one goes on");
    let next = visit(&site, &session).await.unwrap();
    assert_eq!(end(&site, &session, next).await, 200);
    page.idle().await;
    let by = actors(&site, "ended_by_staff");
    assert!(by.len() == 2 && by.iter().all(|by| by.contains(r#""name":"院長""#)), "{by:?}");
    site.stop().await;
}
