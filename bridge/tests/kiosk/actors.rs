//! Every act of staff has an actor in the audit, and a person's own act has none.

use crate::identify::passcode;
use crate::page::page;
use crate::site::{Site, site};
use crate::tray::{ours, request};
use crate::visit::agree;
use crate::ways::{board, enter};
use bridge::store::{Kept as _, Sqlite};
use protocol::Action;
use protocol::screen::{Method, Screen};
use rusqlite::Connection;
use std::time::{Duration, Instant};

/// What was answered is in the audit a moment later.
const PATIENCE: Duration = Duration::from_mins(1);

/// Who did this, once as many lines are in the audit; see [`actors_now`].
pub(crate) async fn actors(site: &Site, what: &str, count: usize) -> Vec<String> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let lines = actors_now(site, what);
        if lines.len() >= count || Instant::now() > deadline {
            return lines;
        }
        tokio::task::yield_now().await;
    }
}

/// Who did this, as the audit has it, one a line; empty where nobody is named.
pub(crate) fn actors_now(site: &Site, what: &str) -> Vec<String> {
    let db = Connection::open(Sqlite::file(&site.folder.path().join("data/practice"))).unwrap();
    let sql = "SELECT COALESCE(json_extract(line, '$.by'), '') FROM audit
        WHERE json_extract(line, '$.what') = ?1 ORDER BY seq";
    let mut lines = db.prepare(sql).unwrap();
    lines.query_map([what], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn who_confirmed_by_eye_is_told_at_the_kiosk_and_at_the_board() {
    let site = site().await;
    let mut page = page(&site).await;
    let session = enter(&site).await;
    for at_the_board in [false, true] {
        site.place("valid");
        let choose = Action::Choose { method: Method::Visual };
        page.on(|screen| matches!(screen, Screen::Method { .. }), choose).await;
        page.until(|screen| *screen == Screen::Staff { problem: None }).await;
        if at_the_board {
            let seen = board(&site, &session).await.waiting.remove(0).seen;
            let answer = crate::board::confirm_at(&site, "first", &session, seen, "0000").await;
            assert_eq!(answer.status, 200, "{}", answer.body);
        } else {
            page.act(passcode("9999")).await;
            let wrong = |screen: &Screen| matches!(screen, Screen::Staff { problem: Some(_) });
            page.until(wrong).await;
            page.act(passcode("0000")).await;
        }
        assert!(matches!(agree(&mut page).await, Screen::Finished { .. }));
        site.remove();
        page.idle().await;
    }
    let headers = format!("{}x-uketsuke-staff: {session}\r\n", ours(&site));
    let withdraw = br#"{"visit":1,"topic":"operation"}"#;
    let answer = request(&site, "POST /staff/api/withdraw", &headers, withdraw).await;
    assert_eq!(answer.status, 200, "{}", answer.body);

    let kiosk = r#"{"name":"受付","passcode":"kiosk"}"#;
    let at_board = r#"{"passcode":"board"}"#;
    assert_eq!(actors(&site, "passcode_refused", 1).await, [kiosk]);
    assert_eq!(actors(&site, "identified", 2).await, [kiosk, at_board]);
    assert_eq!(actors(&site, "board_opened", 1).await, [at_board]);
    assert_eq!(actors(&site, "consent_withdrawn", 1).await, [at_board]);
    assert!(actors_now(&site, "consent").iter().all(String::is_empty), "the person's own");
    let folder = site.stop().await;
    let store = Sqlite::open(&folder.path().join("data/practice"), true).unwrap();
    store.check_chain().unwrap();
}
