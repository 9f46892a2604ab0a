//! Whole visits, from the placed card to the result file.

use crate::page::{Page, code, page};
use crate::site::{MODEL_HASH, only_result, site, site_in};
use checkin::consent::Topic;
use protocol::Action;
use protocol::action::{Overall, ReferenceOutcome};
use protocol::screen::{Delivery, Method, Outcome, Screen};

/// Agrees to everything and waits for the result.
pub(crate) async fn agree(page: &mut Page) -> Screen {
    let all = Action::ConsentAll { answer: Overall::All };
    page.on(|screen| matches!(screen, Screen::ConsentAll { .. }), all).await;
    page.until(|screen| matches!(screen, Screen::Finished { .. })).await
}

#[tokio::test]
async fn pin_to_a_result_file() {
    let site = site().await;
    let mut page = page(&site).await;
    page.idle().await;
    site.place("valid");
    page.pin("1234").await;
    let Screen::Finished { outcome, person, share_percent, agreed, delivery, after, .. } =
        agree(&mut page).await
    else {
        unreachable!("awaited above")
    };
    assert_eq!(after.number, Some(1), "the first of the day");
    assert_eq!((outcome, share_percent, delivery), (Outcome::Confirmed, Some(30), Delivery::Done));
    assert_eq!(person.as_deref(), Some("受付　太郎"));
    assert!(agreed.iter().all(|one| one.until.ends_with("+09:00")), "{agreed:?}");
    assert!(page.view.as_ref().is_some_and(|view| view.practice && view.simulated));

    let file = only_result(&site.results());
    assert!(file.eligibility().unwrap().is_valid());
    assert_eq!(file.consents().iter().filter(|consent| consent.agreed).count(), agreed.len());
    assert_eq!(file.consents()[0].topic, Topic::Operation);

    page.act(Action::Continue).await;
    page.until(|screen| matches!(screen, Screen::TakeCard { .. })).await;
    site.remove();
    page.idle().await;
    assert!(page.forgotten > 0);
    site.stop().await;
}

fn claim(attempt: u8, nonce: &str, hash: &str, score: f32) -> Action {
    let (nonce, model_hash) = (nonce.into(), hash.into());
    Action::Face { attempt, nonce, model_hash, score: Some(score), liveness: Some(0.9) }
}

#[tokio::test]
async fn face_with_a_photo_from_the_card() {
    let site = site().await;
    let mut page = page(&site).await;
    site.place("valid");
    let choose = Action::Choose { method: Method::Face };
    page.on(|screen| matches!(screen, Screen::Method { .. }), choose).await;
    page.on(|screen| matches!(screen, Screen::Code { problem: None, .. }), code("12", "2285"))
        .await;
    let photo = page.until_photo().await;
    assert_eq!(&photo[4..8], b"jP  ", "a JP2 file begins with its signature box");
    let ready = Action::Reference { outcome: ReferenceOutcome::Ready };
    page.on(|screen| *screen == Screen::ReadingPhoto, ready).await;
    let first = page.nonce(1).await;
    page.act(claim(1, &first, &"f".repeat(64), 0.9)).await;
    let second = page.nonce(2).await;
    assert_ne!(first, second, "a nonce counts once");
    page.act(claim(2, &first, MODEL_HASH, 0.55)).await;
    // Made for the attempt before: a miss. By the third one the other ways are offered beside it.
    let choose = Action::Choose { method: Method::Face };
    page.on(|screen| matches!(screen, Screen::Method { .. }), choose).await;
    let third = page.nonce(3).await;
    page.act(claim(3, &third, MODEL_HASH, 0.55)).await;
    assert!(matches!(agree(&mut page).await, Screen::Finished { outcome: Outcome::Confirmed, .. }));
    only_result(&site.results());
    site.stop().await;
}

#[tokio::test]
async fn another_face_never_matches() {
    let site = site().await;
    let mut page = page(&site).await;
    site.place("valid");
    let choose = Action::Choose { method: Method::Face };
    page.on(|screen| matches!(screen, Screen::Method { .. }), choose).await;
    page.on(|screen| matches!(screen, Screen::Code { .. }), code("12", "2285")).await;
    page.until_photo().await;
    let ready = Action::Reference { outcome: ReferenceOutcome::Ready };
    page.on(|screen| *screen == Screen::ReadingPhoto, ready).await;
    for attempt in 1..=2 {
        let nonce = page.nonce(attempt).await;
        page.act(claim(attempt, &nonce, MODEL_HASH, 0.1)).await;
    }
    let screen =
        page.until(|screen| matches!(screen, Screen::Method { notice: Some(_), .. })).await;
    let Screen::Method { offers, .. } = screen else { unreachable!("awaited above") };
    assert!(offers.iter().all(|offer| offer.why_not.is_none()), "{offers:?}");
    assert_eq!(std::fs::read_dir(site.results()).unwrap().count(), 0);
    site.stop().await;
}

#[tokio::test]
async fn first_time_by_eye() {
    let site = site().await;
    let mut page = page(&site).await;
    site.place("not-registered");
    page.on(|screen| *screen == Screen::Application, Action::Continue).await;
    let choose = Action::Choose { method: Method::Visual };
    page.on(|screen| matches!(screen, Screen::Method { .. }), choose).await;
    page.on(
        |screen| matches!(screen, Screen::Staff { problem: None }),
        crate::identify::passcode("0000"),
    )
    .await;
    assert!(matches!(agree(&mut page).await, Screen::Finished { outcome: Outcome::Confirmed, .. }));
    site.stop().await;
}

#[tokio::test]
async fn japanese_windows_encoding_is_written_too() {
    let folder = tempfile::tempdir().unwrap();
    let site =
        site_in(folder, |options| options.encoding = Some(bridge::config::Encoding::ShiftJis))
            .await;
    let mut page = page(&site).await;
    site.place("valid");
    page.pin("1234").await;
    agree(&mut page).await;
    assert!(only_result(&site.results()).eligibility().unwrap().is_valid());
    site.stop().await;
}
