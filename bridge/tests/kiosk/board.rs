//! The staff board: 目視 for one visit only, rows that survive, results that no file can take.

use crate::double::double;
use crate::identify::passcode;
use crate::page::{Page, page};
use crate::site::{Site, only_result, options_in, site, site_in, site_with};
use crate::tray::{Answer, ours, request};
use crate::visit::agree;
use crate::ways::{board, enter};
use bridge::config::Encoding::ShiftJis;
use bridge::gateway::{EligibilityGateway, Simulator};
use bridge::store::{Kept as _, Op, Sqlite, Store as _};
use checkin::time::in_japan;
use checkin::{Reply, VisitId};
use jiff::Timestamp;
use protocol::Action;
use protocol::screen::{Delivery, Method, PasscodeProblem, Screen};
use protocol::staff::{Unread, Visit};
use std::sync::Arc;

/// Lays the card down and asks for the staff.
async fn ask_for_staff(site: &Site, page: &mut Page) {
    site.place("valid");
    let choose = Action::Choose { method: Method::Visual };
    page.on(|screen| matches!(screen, Screen::Method { .. }), choose).await;
    page.until(|screen| *screen == Screen::Staff { problem: None }).await;
}

async fn confirm(site: &Site, session: &str, seen: u64, passcode: &str) -> Answer {
    confirm_at(site, "first", session, seen, passcode).await
}

pub(crate) async fn confirm_at(
    site: &Site,
    kiosk: &str,
    session: &str,
    seen: u64,
    passcode: &str,
) -> Answer {
    let headers = format!("{}x-uketsuke-staff: {session}\r\n", ours(site));
    let body = format!(
        r#"{{"kiosk":"{kiosk}","seen":{seen},"passcode":"{passcode}","reason":"cannot_operate"}}"#
    );
    request(site, "POST /staff/api/visual", &headers, body.as_bytes()).await
}

#[tokio::test]
async fn staff_confirm_by_eye_for_the_visit_that_waits_and_no_other() {
    let site = site().await;
    let mut page = page(&site).await;
    page.idle().await;
    let session = enter(&site).await;
    assert_eq!(board(&site, &session).await.waiting, []);
    assert_eq!(
        confirm(&site, &session, page.view.as_ref().unwrap().revision, "0000").await.status,
        409
    );

    ask_for_staff(&site, &mut page).await;
    let first = board(&site, &session).await.waiting.remove(0);
    assert_eq!(confirm(&site, "no session", first.seen, "0000").await.status, 401);
    assert_eq!(confirm(&site, &session, first.seen, "00").await.status, 400);
    assert_eq!(confirm(&site, &session, first.seen, "9999").await.status, 403);
    let second = board(&site, &session).await.waiting.remove(0);
    assert_eq!(second.problem, Some(PasscodeProblem::Wrong));
    assert_eq!(confirm(&site, &session, first.seen, "0000").await.status, 409, "an old click");
    let answer = confirm(&site, &session, second.seen, "0000").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(matches!(agree(&mut page).await, Screen::Finished { .. }));
    site.remove();
    page.idle().await;

    // The next person waits too: no click for the one before counts.
    ask_for_staff(&site, &mut page).await;
    assert_eq!(confirm(&site, &session, second.seen, "0000").await.status, 409);
    let third = board(&site, &session).await.waiting.remove(0);
    assert!(third.seen > second.seen && third.problem.is_none());
    // This one went away meanwhile.
    site.remove();
    page.until(|screen| matches!(screen, Screen::CardAway { .. })).await;
    assert_eq!(confirm(&site, &session, third.seen, "0000").await.status, 409);
    page.idle().await;
    site.stop().await;
}

#[tokio::test]
async fn guesses_at_the_kiosk_do_not_keep_the_staff_from_their_board() {
    let site = site().await;
    let mut page = page(&site).await;
    let session = enter(&site).await;
    ask_for_staff(&site, &mut page).await;
    for tries in 1..=4 {
        let seen = page.view.as_ref().unwrap().revision;
        page.act(passcode("9999")).await;
        while page.view.as_ref().unwrap().revision == seen {
            page.next_of_any_kind().await;
        }
        let judged = |screen: &Screen| matches!(screen, Screen::Staff { problem: Some(_) });
        let Screen::Staff { problem: Some(problem) } = page.until(judged).await else { panic!() };
        match tries {
            4 => assert!(matches!(problem, PasscodeProblem::Throttled { wait_s: 1..=30 })),
            _ => assert_eq!(problem, PasscodeProblem::Wrong),
        }
    }
    // The board has its own count, which the kiosk's does not touch.
    enter(&site).await;
    let waiting = board(&site, &session).await.waiting.remove(0);
    assert_eq!(confirm(&site, &session, waiting.seen, "8888").await.status, 403);
    let waiting = board(&site, &session).await.waiting.remove(0);
    assert_eq!(confirm(&site, &session, waiting.seen, "0000").await.status, 200);
    site.stop().await;
}

#[tokio::test]
async fn the_rows_of_the_day_survive_a_restart() {
    let site = site().await;
    let mut first = page(&site).await;
    site.place("valid");
    first.pin("1234").await;
    agree(&mut first).await;
    let folder = site.stop().await;

    let site = site_in(folder, |_| {}).await;
    let session = enter(&site).await;
    let rows = board(&site, &session).await.visits;
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].number, rows[0].name.as_deref()), (Some(1), Some("受付　太郎")));
    assert!(rows[0].agreed.is_empty(), "what needs the serial is gone");
    assert_eq!(rows[0].kiosk.as_deref(), Some("受付"), "so that staff know where to go");
    site.stop().await;
}

#[tokio::test]
async fn a_row_of_a_newer_version_is_told_to_staff_and_stays() {
    let folder = site().await.stop().await;
    let store = Sqlite::open(&folder.path().join("data/practice"), true).unwrap();
    let (day, visit) = (in_japan(Timestamp::now()).date(), VisitId(7));
    let number = store.take_number(visit, day).unwrap();
    let row = "what a newer version says".to_owned();
    store.commit(&[Op::Row { visit, version: 99, day, row, by_hand: true }]).unwrap();
    drop(store);

    let site = site_in(folder, |_| {}).await;
    let session = enter(&site).await;
    let shown = board(&site, &session).await.unread.remove(0);
    let number = Some(number.0);
    assert_eq!(shown, Unread { visit: 7, number, at: None, by_hand: true, newer: true });
    let health = request(&site, "GET /health", "", b"").await.body;
    assert!(health.contains("\"rows_unread\":1") && health.contains("\"by_hand\":1"), "{health}");
    // Staff found the result elsewhere and entered it.
    let headers = format!("{}x-uketsuke-staff: {session}\r\n", ours(&site));
    let done = request(&site, "POST /staff/api/entered", &headers, br#"{"visit":7}"#).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert!(!board(&site, &session).await.unread.remove(0).by_hand);
    let folder = site.stop().await;
    let store = Sqlite::open(&folder.path().join("data/practice"), true).unwrap();
    let kept = store.rows().unwrap().remove(0);
    assert_eq!((kept.row.as_slice(), kept.by_hand), (&b"what a newer version says"[..], false));
}

#[tokio::test]
async fn one_data_folder_has_one_bridge() {
    let site = site().await;
    let refused = bridge::start(options_in(site.folder.path(), |_| {})).await.err().unwrap();
    let text = refused.to_string();
    assert!(text.contains("already uses the data folder") && text.contains("--data"), "{text}");
    let folder = site.stop().await;
    site_in(folder, |_| {}).await.stop().await;
}

/// Answers with this symbol.
fn with_symbol(symbol: &str) -> Arc<dyn EligibilityGateway> {
    let symbol: Arc<str> = symbol.into();
    double(move |system, question| {
        let symbol = Arc::clone(&symbol);
        async move {
            let mut reply = system.ask(question).await;
            if let Reply::Queried(Ok(found)) = &mut reply {
                found.qualifications[0].symbol = symbol.to_string();
            }
            reply
        }
    })
}

#[tokio::test]
async fn a_result_that_no_file_can_take_is_kept_for_the_staff() {
    let site = site_with(tempfile::tempdir().unwrap(), with_symbol(&"記".repeat(50))).await;
    let mut page = page(&site).await;
    site.place("valid");
    page.pin("1234").await;
    assert!(matches!(agree(&mut page).await, Screen::Finished { delivery: Delivery::ByHand, .. }));
    assert_eq!(std::fs::read_dir(site.results()).unwrap().count(), 0);
    let folder = site.stop().await;

    // Not even a restart loses it.
    let site = site_in(folder, |_| {}).await;
    let session = enter(&site).await;
    let row = board(&site, &session).await.visits.remove(0);
    let result = row.by_hand.unwrap();
    assert!(result.why.contains("<InsuredCardSymbol>"), "{}", result.why);
    let value = |label: &str| {
        let line = result.values.iter().find(|(named, _)| named == label);
        line.unwrap_or_else(|| panic!("no {label}")).1.clone()
    };
    assert_eq!((value("記号"), value("生年月日")), ("記".repeat(50), "1984-05-12".into()));
    assert!(value("同意（手術）").starts_with("同意する"));
    let health = request(&site, "GET /health", "", b"").await.body;
    assert!(health.contains("\"by_hand\":1") && health.contains("\"outbox\":0"), "{health}");

    let headers = format!("{}x-uketsuke-staff: {session}\r\n", ours(&site));
    let body = format!(r#"{{"visit":{}}}"#, row.visit);
    let done = request(&site, "POST /staff/api/entered", &headers, body.as_bytes()).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert!(board(&site, &session).await.visits[0].by_hand.is_none());
    assert!(request(&site, "GET /health", "", b"").await.body.contains("\"by_hand\":0"));
    let folder = site.stop().await;
    let audit =
        rusqlite::Connection::open(folder.path().join("data/practice/uketsuke.sqlite")).unwrap();
    let lines: u32 = audit
        .query_row("SELECT COUNT(*) FROM audit WHERE line LIKE '%entered_by_hand%'", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(lines, 1, "who entered it is asked for later");
}

/// The row of one visit with that card, at a kiosk that writes `Shift_JIS`.
async fn row_in_shift_jis(gateway: Arc<dyn EligibilityGateway>, card: &str) -> (Site, Visit) {
    let folder = tempfile::tempdir().unwrap();
    let options = options_in(folder.path(), |options| options.encoding = Some(ShiftJis));
    let bridge = bridge::start_with(options, gateway).await.unwrap();
    let site = Site { bridge, folder };
    let mut page = page(&site).await;
    site.place(card);
    page.pin("1234").await;
    agree(&mut page).await;
    let session = enter(&site).await;
    let row = board(&site, &session).await.visits.remove(0);
    (site, row)
}

#[tokio::test]
async fn staff_are_told_which_characters_the_file_lost() {
    let (site, row) = row_in_shift_jis(Arc::new(Simulator::practice()), "name-yoshi").await;
    assert_eq!(row.lost, [("氏名".to_owned(), "𠮷".to_owned())]);
    assert!(row.by_hand.is_none());
    let file = only_result(&site.results());
    assert!(file.eligibility().unwrap().qualifications[0].name.starts_with('●'));
    let folder = site.stop().await;
    let site = site_in(folder, |_| {}).await;
    let session = enter(&site).await;
    assert_eq!(board(&site, &session).await.visits[0].lost.len(), 1, "a restart keeps it");
    site.stop().await;
}

#[tokio::test]
async fn a_symbol_that_the_file_would_lose_goes_to_the_staff() {
    let (site, row) = row_in_shift_jis(with_symbol("𠮷12"), "valid").await;
    let result = row.by_hand.unwrap();
    assert!(result.why.contains("<InsuredCardSymbol>"), "{}", result.why);
    assert!(result.values.contains(&("記号".into(), "𠮷12".into())));
    assert!(row.lost.is_empty());
    assert_eq!(std::fs::read_dir(site.results()).unwrap().count(), 0);
    site.stop().await;
}
