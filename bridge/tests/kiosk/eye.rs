//! 目視 from the board by accounts: no passcode, the card's photo for the eyes of staff and for no longer than it is needed, yes and
//! no, and who it was.

use crate::accounts::{manager, post};
use crate::actors::{actors, actors_now};
use crate::page::{Page, code, page};
use crate::site::{Site, site};
use crate::tray::Answer;
use crate::visit::agree;
use crate::ways::{board, enter};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use protocol::Action;
use protocol::action::ReferenceOutcome;
use protocol::screen::{Method, MethodNotice, Screen, WhyNot};
use protocol::staff::ToCompare;

fn choose(method: Method) -> Action {
    Action::Choose { method }
}

/// Asks for the staff; the photo was opened before where `opened`. Gives the moment that waits.
async fn wait(site: &Site, page: &mut Page, opened: bool) -> u64 {
    site.place("valid");
    if opened {
        page.on(|screen| matches!(screen, Screen::Method { .. }), choose(Method::Face)).await;
        page.on(|screen| matches!(screen, Screen::Code { .. }), code("12", "2285")).await;
        page.until_photo().await;
        let no_face = Action::Reference { outcome: ReferenceOutcome::NoFace };
        page.on(|screen| *screen == Screen::ReadingPhoto, no_face).await;
    }
    page.on(|screen| matches!(screen, Screen::Method { .. }), choose(Method::Visual)).await;
    page.until(|screen| *screen == Screen::Staff { problem: None }).await;
    page.view.as_ref().unwrap().revision
}

async fn confirm(site: &Site, session: &str, seen: u64) -> Answer {
    let body = format!(r#"{{"kiosk":"first","seen":{seen},"reason":"face_not_matched"}}"#);
    post(site, "visual", session, &body).await
}

async fn ask(site: &Site, session: &str, verb: &str, seen: u64) -> Answer {
    post(site, verb, session, &format!(r#"{{"kiosk":"first","seen":{seen}}}"#)).await
}

async fn to_compare(site: &Site, session: &str, seen: u64) -> ToCompare {
    let answer = ask(site, session, "visual/face", seen).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let head = answer.head.to_ascii_lowercase();
    assert!(head.contains("cache-control: no-store\r\n"), "{head}");
    assert!(head.contains("connection: close\r\n"), "{head}");
    serde_json::from_str(&answer.body).unwrap()
}

const BY_NAME: &str = r#""name":"院長""#;

#[tokio::test]
async fn an_account_confirms_without_the_passcode_and_is_named() {
    let site = site().await;
    let mut page = page(&site).await;
    let session = manager(&site).await;
    let seen = wait(&site, &mut page, false).await;
    let with = format!(
        r#"{{"kiosk":"first","seen":{seen},"passcode":"0000","reason":"face_not_matched"}}"#
    );
    assert_eq!(post(&site, "visual", &session, &with).await.status, 400, "it names nobody");
    let by_passcode = enter(&site).await;
    assert_eq!(confirm(&site, &by_passcode, seen).await.status, 400, "a passcode's board asks");
    let answer = confirm(&site, &session, seen).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(confirm(&site, &session, seen).await.status, 409, "once");
    assert!(matches!(agree(&mut page).await, Screen::Finished { .. }));
    site.remove();
    page.idle().await;

    // Whoever comes next is another moment, and so is who went away meanwhile.
    let next = wait(&site, &mut page, false).await;
    assert_eq!(confirm(&site, &session, seen).await.status, 409);
    site.remove();
    page.until(|screen| matches!(screen, Screen::CardAway { .. })).await;
    assert_eq!(confirm(&site, &session, next).await.status, 409);
    let by = actors(&site, "identified", 1).await;
    assert!(by.len() == 1 && by[0].contains(BY_NAME) && by[0].contains("account"), "{by:?}");
    site.stop().await;
}

#[tokio::test]
async fn the_photo_is_for_the_eyes_of_staff_while_its_person_waits() {
    let site = site().await;
    let mut page = page(&site).await;
    let session = manager(&site).await;
    let seen = wait(&site, &mut page, true).await;
    let told = to_compare(&site, &session, seen).await;
    assert_eq!(told.birth.unwrap().expose(), "1984-05-12");
    let picture = told.picture.unwrap();
    let file = BASE64_STANDARD.decode(picture.expose()).unwrap();
    let info = png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
    assert_eq!((info.info().width, info.info().height), (378, 472));
    let list = serde_json::to_string(&board(&site, &session).await).unwrap();
    assert!(!list.contains(&picture.expose()[..64]), "never in a list");
    assert_eq!(ask(&site, &session, "visual/face", seen - 1).await.status, 409);

    assert_eq!(confirm(&site, &session, seen).await.status, 200);
    assert_eq!(ask(&site, &session, "visual/face", seen).await.status, 409, "it is over");
    assert!(matches!(agree(&mut page).await, Screen::Finished { .. }));
    site.remove();
    page.idle().await;
    let next = wait(&site, &mut page, false).await;
    assert_eq!(ask(&site, &session, "visual/face", seen).await.status, 409);
    let nothing = ToCompare { birth: None, picture: None };
    assert_eq!(to_compare(&site, &session, next).await, nothing, "nothing of the one before");
    let shown = actors(&site, "photo_shown", 1).await;
    assert!(shown.len() == 1 && shown[0].contains(BY_NAME), "{shown:?}");
    site.stop().await;
}

#[tokio::test]
async fn a_no_needs_no_passcode_leads_back_and_is_named() {
    let site = site().await;
    let mut page = page(&site).await;
    let sessions = [(manager(&site).await, BY_NAME), (enter(&site).await, r#""passcode":"board""#)];
    for (session, _) in &sessions {
        let seen = wait(&site, &mut page, false).await;
        page.until_read().await;
        assert_eq!(ask(&site, session, "visual/refuse", seen - 1).await.status, 409);
        assert_eq!(ask(&site, session, "visual/refuse", seen).await.status, 200);
        let back = |screen: &Screen| {
            matches!(screen, Screen::Method { notice: Some(MethodNotice::NotConfirmed), .. })
        };
        let Screen::Method { offers, .. } = page.until(back).await else { panic!() };
        let why: Vec<_> = offers.iter().map(|offer| offer.why_not).collect();
        assert_eq!(why, [None, None, Some(WhyNot::NotConfirmed)]);
        assert_eq!(confirm(&site, &sessions[0].0, seen).await.status, 409, "no is no");
        site.remove();
        page.idle().await;
    }
    let by = actors(&site, "not_confirmed", 2).await;
    assert_eq!(by.len(), 2, "{by:?}");
    for (line, (_, name)) in by.iter().zip(&sessions) {
        assert!(line.contains(name), "{line}");
    }
    assert!(actors_now(&site, "identified").is_empty());
    site.stop().await;
}
