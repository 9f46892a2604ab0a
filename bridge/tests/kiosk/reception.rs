//! What staff tell the board about a visit: a document looked at, a number that they know; and how requests are refused.

use crate::page::page;
use crate::site::{Site, site};
use crate::tray::{ours, request};
use crate::ways::{board, enter, numbers};
use bridge::store::Sqlite;
use protocol::Action;
use protocol::screen::{Outcome, Screen, Way};
use protocol::staff::{Note, PaperItem, Route, Visit};
use rusqlite::Connection;

pub(crate) async fn post(site: &Site, session: &str, verb: &str, body: &str) -> u16 {
    let headers = format!("{}x-uketsuke-staff: {session}\r\n", ours(site));
    let line = format!("POST /staff/api/{verb}");
    request(site, &line, &headers, body.as_bytes()).await.status
}

async fn only(site: &Site, session: &str) -> Visit {
    let mut visits = board(site, session).await.visits;
    assert_eq!(visits.len(), 1, "{visits:?}");
    visits.remove(0)
}

/// How often the audit has this.
pub(crate) fn audited(site: &Site, what: &str) -> u32 {
    let file = Sqlite::file(&site.folder.path().join("data/practice"));
    let db = Connection::open(file).unwrap();
    let sql = "SELECT COUNT(*) FROM audit WHERE json_extract(line, '$.what') = ?1";
    db.query_row(sql, [what], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_document_is_done_when_everything_on_it_was_looked_at() {
    let site = site().await;
    let mut page = page(&site).await;
    page.on(|screen| *screen == Screen::Idle, Action::OtherWays).await;
    let way = Way::EligibilityCertificate;
    page.on(|screen| matches!(screen, Screen::Fallback { .. }), Action::Take { way }).await;
    page.on(|screen| matches!(screen, Screen::Numbers { .. }), numbers("01130012")).await;
    let no = Action::LimitCertificate { agreed: false };
    page.on(|screen| *screen == Screen::LimitCertificate, no).await;
    page.until(|screen| matches!(screen, Screen::Finished { .. })).await;
    let session = enter(&site).await;
    let row = only(&site, &session).await;
    let paper = row.paper.unwrap();
    assert_eq!(
        (paper.items.clone(), paper.seen),
        (vec![PaperItem::Share, PaperItem::ValidUntil], false)
    );
    let visit = row.visit;
    let part = format!(r#"{{"visit":{visit},"seen":["share"]}}"#);
    let all = format!(r#"{{"visit":{visit},"seen":["valid_until","share"]}}"#);
    assert_eq!(post(&site, "no session", "paper", &all).await, 401);
    assert_eq!(post(&site, &session, "paper", &part).await, 422);
    assert_eq!(post(&site, &session, "paper", r#"{"visit":99,"seen":[]}"#).await, 404);
    assert_eq!(post(&site, &session, "paper", r#"{"visit":1,"seen":["stamp"]}"#).await, 400);
    assert_eq!(audited(&site, "paper_seen"), 0);
    assert_eq!(post(&site, &session, "paper", &all).await, 200);
    assert!(only(&site, &session).await.paper.unwrap().seen);
    assert_eq!(audited(&site, "paper_seen"), 1);
    site.stop().await;
}

#[tokio::test]
async fn a_known_number_is_claimed_on_once_it_was_confirmed_by_asking() {
    let site = site().await;
    let mut page = page(&site).await;
    // Who shows a card, even one that does not do any more, may be asked.
    site.place("expired-long");
    page.on(|screen| matches!(screen, Screen::CardProblem { .. }), Action::OtherWays).await;
    let oral = Action::Take { way: Way::Oral };
    page.on(|screen| matches!(screen, Screen::Fallback { .. }), oral).await;
    page.until(|screen| matches!(screen, Screen::Finished { .. })).await;
    let session = enter(&site).await;
    let row = only(&site, &session).await;
    assert_eq!(row.outcome, Outcome::Oral);
    assert!(row.claim.notes.contains(&Note::AskWhetherChanged), "{:?}", row.claim);
    let known = |visit: u64, insurer: &str, past: bool| {
        format!(
            r#"{{"visit":{visit},"insurer_number":"{insurer}","symbol":"２１１３","number":"1048","branch":"","past":{past}}}"#
        )
    };
    let right = known(row.visit, "01130012", false);
    assert_eq!(post(&site, "no session", "known", &right).await, 401);
    assert_eq!(post(&site, &session, "known", &known(row.visit, "01130013", false)).await, 422);
    assert_eq!(post(&site, &session, "known", &known(99, "01130012", false)).await, 404);
    assert_eq!(
        post(&site, &session, "known", &known(row.visit, &"1".repeat(101), false)).await,
        400
    );
    assert_eq!(post(&site, &session, "known", r#"{"visit":1}"#).await, 400);
    assert_eq!(audited(&site, "known_number_entered"), 0);
    assert_eq!(post(&site, &session, "known", &right).await, 200);
    let claim = only(&site, &session).await.claim;
    assert_eq!((claim.route, claim.number.as_str()), (Route::Current, "1048"));
    assert!(!claim.notes.contains(&Note::AskWhetherChanged), "{:?}", claim.notes);
    assert_eq!(post(&site, &session, "known", &known(row.visit, "01130012", true)).await, 200);
    let claim = only(&site, &session).await.claim;
    assert_eq!((claim.route, claim.remarks), (Route::Past, vec!["旧資格".to_owned()]));
    assert_eq!(audited(&site, "known_number_entered"), 2);
    site.stop().await;
}

#[tokio::test]
async fn requests_of_the_board_are_refused_as_the_protocol_page_says() {
    let site = site().await;
    let session = enter(&site).await;
    let verbs = [
        "lock",
        "visual",
        "visual/refuse",
        "visual/face",
        "withdraw",
        "complete",
        "paper",
        "known",
        "entered",
        "mark",
        "kiosk/end",
        "kiosk/type",
        "kiosk/statement",
        "note",
    ];
    let token = format!("X-Uketsuke-Token: {}\r\n", site.bridge.token);
    for verb in verbs {
        let line = format!("POST /staff/api/{verb}");
        let stranger = request(&site, &line, &token, b"{}").await;
        assert_eq!(stranger.status, 403, "{verb}: no Origin");
        assert_eq!(request(&site, &line, &ours(&site), b"{}").await.status, 401, "{verb}");
        let get = request(&site, &format!("GET /staff/api/{verb}"), &ours(&site), b"").await;
        assert_eq!(get.status, 405, "{verb}");
        if verb != "lock" {
            assert_eq!(post(&site, &session, verb, "{}").await, 400, "{verb}");
            // What staff type for a person has more than one line.
            let long = " ".repeat(if verb == "kiosk/type" { 6145 } else { 2049 });
            assert_eq!(post(&site, &session, verb, &long).await, 413, "{verb}");
        }
    }
    for (verb, body) in [
        ("withdraw", r#"{"visit":9,"topic":"operation"}"#),
        ("complete", r#"{"visit":9,"known":"診"}"#),
        ("entered", r#"{"visit":9}"#),
    ] {
        assert_eq!(post(&site, &session, verb, body).await, 404, "{verb}");
    }
    let nobody = r#"{"kiosk":"first","seen":1,"passcode":"0000","reason":"cannot_operate"}"#;
    assert_eq!(post(&site, &session, "visual", nobody).await, 409);
    let unnamed = r#"{"kiosk":"first","seen":1,"reason":"cannot_operate"}"#;
    assert_eq!(
        post(&site, &session, "visual", unnamed).await,
        400,
        "the passcode's board asks for it"
    );
    for verb in ["visual/refuse", "visual/face"] {
        for kiosk in ["first", "elsewhere"] {
            let nobody = format!(r#"{{"kiosk":"{kiosk}","seen":1}}"#);
            assert_eq!(post(&site, &session, verb, &nobody).await, 409, "{verb}");
        }
    }
    assert_eq!(post(&site, &session, "dance", "{}").await, 405, "a file is only read");
    assert_eq!(request(&site, "GET /statement.svg", &ours(&site), b"").await.status, 404);
    site.stop().await;
}
