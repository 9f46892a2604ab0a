//! Staff help at a kiosk from their board: they type for the person, print the 申立書, end a visit there, and no other one.

use crate::accounts::{manager, post};
use crate::actors::actors;
use crate::page::{Page, page};
use crate::site::{Site, site, site_at};
use crate::tray::Answer;
use crate::ways::board;
use bridge::store::Sqlite;
use protocol::action::{
    Era, EraDate, Insurance, PaperNumbers, Sex, StatementForm, StatementReason,
};
use protocol::screen::{Document, Screen, Way};
use protocol::staff::{FormUp, KioskForm, KioskState, TypeFor, Typed, TypedStatement};
use protocol::{Action, FromBridge, Redacted};
use std::path::Path;

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
    let by = actors(&site, "ended_by_staff", 2).await;
    assert!(by.len() == 2 && by.iter().all(|by| by.contains(r#""name":"院長""#)), "{by:?}");
    site.stop().await;
}

/// As `cargo xtask font` fetches it.
const FONT: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/statement/files/NotoSansJP-Regular.ttf");

fn secret(text: &str) -> Redacted {
    Redacted::new(text.into())
}

fn date(year: &str, month: &str, day: &str) -> EraDate {
    EraDate { era: Era::Showa, year: secret(year), month: secret(month), day: secret(day) }
}

/// Numbers that are in nothing else.
fn numbers() -> Typed {
    Typed::Numbers(PaperNumbers {
        insurer_number: secret("01130012"),
        symbol: secret("typedsymbol"),
        number: secret("7295183"),
        branch: secret(""),
        birth: date("55", "2", "17"),
    })
}

fn statement() -> Box<TypedStatement> {
    Box::new(TypedStatement {
        reason: None,
        insurance: Some(Insurance::Unknown),
        insurer: secret(""),
        employer: secret(""),
        since: date("", "", ""),
        share: None,
        name: secret("代筆　花子"),
        name_kana: secret(""),
        birth: date("55", "2", "17"),
        sex: None,
        address: secret("練習市1-2-3"),
        phone: secret(""),
        no_phone: true,
    })
}

async fn type_for(site: &Site, session: &str, seen: u64, typed: Option<Typed>) -> Answer {
    let body = TypeFor { kiosk: "first".into(), seen, typed };
    post(site, "kiosk/type", session, &serde_json::to_string(&body).unwrap()).await
}

async fn print(site: &Site, session: &str, seen: u64) -> Answer {
    post(site, "kiosk/statement", session, &format!(r#"{{"kiosk":"first","seen":{seen}}}"#)).await
}

/// The form that the board shows at the kiosk.
async fn form(site: &Site, session: &str) -> Option<FormUp> {
    match &board(site, session).await.kiosks[0].state {
        KioskState::InUse { form, .. } => *form,
        _ => None,
    }
}

/// To the ways; a 申立書 is for those who brought a card.
async fn with_a_card_that_has_ended(site: &Site, page: &mut Page) {
    site.place("expired-long");
    page.on(|screen| matches!(screen, Screen::CardProblem { .. }), Action::OtherWays).await;
}

/// From the ways to this one.
async fn take(page: &mut Page, way: Way) {
    page.on(|screen| matches!(screen, Screen::Fallback { .. }), Action::Take { way }).await;
}

/// What the page hears of it.
async fn heard(page: &mut Page) -> (u64, Typed) {
    loop {
        match page.next().await {
            Some(FromBridge::Typed { question, typed }) => return (question, typed),
            Some(_) => {}
            None => panic!("closed before anything was typed"),
        }
    }
}

#[tokio::test]
async fn staff_type_into_the_form_that_they_saw_and_into_no_other() {
    let site = site().await;
    let mut page = page(&site).await;
    page.idle().await;
    let session = manager(&site).await;
    with_a_card_that_has_ended(&site, &mut page).await;
    page.until(|screen| matches!(screen, Screen::Fallback { .. })).await;
    assert_eq!(form(&site, &session).await, None, "no form is up");
    take(&mut page, Way::EligibilityCertificate).await;
    page.until(|screen| matches!(screen, Screen::Numbers { .. })).await;
    let FormUp { seen, form: up } = form(&site, &session).await.unwrap();
    assert_eq!(up, KioskForm::Numbers { document: Document::EligibilityCertificate });
    assert_eq!(type_for(&site, &session, seen, None).await.status, 204, "still typing");
    let empty = PaperNumbers {
        insurer_number: secret(" "),
        symbol: secret(""),
        number: secret(""),
        branch: secret(""),
        birth: date("", "", ""),
    };
    let long = PaperNumbers { number: secret(&"9".repeat(301)), ..empty.clone() };
    for (typed, status, why) in [
        (Typed::Numbers(empty), 422, "nothing"),
        (Typed::Numbers(long), 422, "too long"),
        (Typed::Statement(statement()), 409, "another form"),
    ] {
        assert_eq!(type_for(&site, &session, seen, Some(typed)).await.status, status, "{why}");
    }
    assert_eq!(type_for(&site, &session, seen - 1, Some(numbers())).await.status, 409);
    let answer = type_for(&site, &session, seen, Some(numbers())).await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(heard(&mut page).await, (seen, numbers()));

    // On another form of the same visit it is refused, and so is what was meant for the one before.
    page.on(|screen| matches!(screen, Screen::Numbers { .. }), Action::Back).await;
    take(&mut page, Way::Statement).await;
    page.until(|screen| matches!(screen, Screen::Statement { .. })).await;
    assert_eq!(type_for(&site, &session, seen, Some(numbers())).await.status, 409);
    let next = form(&site, &session).await.unwrap();
    assert_eq!(next.form, KioskForm::Statement);
    let typed = Typed::Statement(statement());
    assert_eq!(type_for(&site, &session, next.seen, Some(typed.clone())).await.status, 204);
    assert_eq!(heard(&mut page).await, (next.seen, typed));

    let by = actors(&site, "staff_typed", 2).await;
    assert!(by.len() == 2 && by.iter().all(|by| by.contains(r#""name":"院長""#)), "{by:?}");
    let folder = site.stop().await;
    let file = Sqlite::file(&folder.path().join("data/practice"));
    let kept = std::fs::read(&file).unwrap();
    let kept = String::from_utf8_lossy(&kept);
    assert!(kept.contains("staff_typed"), "the audit is not there");
    assert!(!kept.contains("7295183") && !kept.contains("代筆"), "it is in the store");
}

#[tokio::test]
async fn what_is_typed_reaches_nobody_without_a_page() {
    let site = site().await;
    let mut page = page(&site).await;
    page.idle().await;
    let session = manager(&site).await;
    page.act(Action::OtherWays).await;
    take(&mut page, Way::EligibilityCertificate).await;
    page.until(|screen| matches!(screen, Screen::Numbers { .. })).await;
    let seen = form(&site, &session).await.unwrap().seen;
    drop(page);
    // The desk hears of the page's leave in a moment.
    while type_for(&site, &session, seen, Some(numbers())).await.status != 409 {
        tokio::task::yield_now().await;
    }
    site.stop().await;
}

#[tokio::test]
async fn staff_print_the_statement_while_it_lies_ready() {
    let (site, _) = site_at(|_| {}, |config| config.font = FONT.into()).await;
    let mut page = page(&site).await;
    page.idle().await;
    let session = manager(&site).await;
    with_a_card_that_has_ended(&site, &mut page).await;
    take(&mut page, Way::Statement).await;
    page.until(|screen| matches!(screen, Screen::Statement { .. })).await;
    let seen = form(&site, &session).await.unwrap().seen;
    assert_eq!(print(&site, &session, seen).await.status, 409, "not filled in yet");
    let typed = StatementForm {
        reason: StatementReason::NotConfirmed,
        insurance: Insurance::Unknown,
        insurer: secret(""),
        employer: secret(""),
        since: date("", "", ""),
        share_percent: None,
        name: secret("代筆　花子"),
        name_kana: secret(""),
        birth: date("55", "2", "17"),
        sex: Sex::NotSet,
        address: secret("練習市1-2-3"),
        phone: secret(""),
        no_phone: true,
    };
    let filled = Action::Statement { form: Box::new(typed) };
    page.on(|screen| matches!(screen, Screen::Statement { .. }), filled).await;
    let next = page
        .until(|screen| matches!(screen, Screen::StatementReady | Screen::Finished { .. }))
        .await;
    if next != Screen::StatementReady {
        // Where the font was not fetched there is nothing to print.
        assert!(!Path::new(FONT).exists(), "{next:?}");
        assert_eq!(print(&site, &session, seen).await.status, 409, "no page");
        return drop(site.stop().await);
    }
    let ready = form(&site, &session).await.unwrap();
    assert_eq!(ready.form, KioskForm::StatementReady);
    assert_eq!(print(&site, &session, seen).await.status, 409, "another question");
    let sheet = print(&site, &session, ready.seen).await;
    assert_eq!(sheet.status, 200);
    let head = sheet.head.to_ascii_lowercase();
    assert!(head.contains("content-type: image/svg+xml\r\n"), "{head}");
    assert!(head.contains("cache-control: no-store\r\n"), "{head}");
    assert!(head.contains("connection: close\r\n"), "{head}");
    assert!(sheet.body.starts_with("<svg") || sheet.body.contains("<svg"), "no page");
    let visit = visit(&site, &session).await.unwrap();
    assert_eq!(end(&site, &session, visit).await, 200);
    assert_eq!(print(&site, &session, ready.seen).await.status, 409, "over with its visit");
    let by = actors(&site, "statement_opened", 1).await;
    assert!(by.len() == 1 && by[0].contains(r#""name":"院長""#), "{by:?}");
    site.stop().await;
}
