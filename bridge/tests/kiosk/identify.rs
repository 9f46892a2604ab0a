//! Wrong PINs, wrong numbers, wrong passcodes.

use crate::page::{code, page, typed};
use crate::site::site;
use protocol::action::VisualReason;
use protocol::screen::{
    CodeProblem, CodePurpose, Method, MethodNotice, Outcome, PasscodeProblem, Screen, WhyNot,
};
use protocol::{Action, Redacted};

pub(crate) fn passcode(digits: &str) -> Action {
    Action::Visual { passcode: Redacted::new(digits.into()), reason: VisualReason::CannotOperate }
}

#[tokio::test]
async fn wrong_pins_are_counted_and_the_last_try_needs_insisting() {
    let site = site().await;
    let mut page = page(&site).await;
    site.place("valid");
    page.pin("9999").await;
    page.on(|screen| *screen == Screen::Pin { tries_left: 2, wrong: true }, typed("9999")).await;
    page.on(|screen| *screen == Screen::PinLastTry, Action::InsistOnPin).await;
    page.on(|screen| *screen == Screen::Pin { tries_left: 1, wrong: false }, typed("9999")).await;
    let locked = |screen: &Screen| {
        matches!(screen, Screen::Method { notice: Some(MethodNotice::PinLocked), .. })
    };
    let Screen::Method { offers, .. } = page.until(locked).await else {
        unreachable!("awaited above")
    };
    let pin = offers.iter().find(|offer| offer.method == Method::Pin).unwrap();
    assert_eq!(pin.why_not, Some(WhyNot::PinLocked));
    site.stop().await;
}

#[tokio::test]
async fn an_impossible_number_never_reaches_the_card() {
    let site = site().await;
    let mut page = page(&site).await;
    site.place("valid");
    let choose = Action::Choose { method: Method::Face };
    page.on(|screen| matches!(screen, Screen::Method { .. }), choose).await;
    page.on(|screen| matches!(screen, Screen::Code { .. }), code("32", "2285")).await;
    page.on(
        |screen| {
            *screen
                == Screen::Code {
                    problem: Some(CodeProblem::BirthDate),
                    purpose: CodePurpose::Photo,
                }
        },
        code("12", "0001"),
    )
    .await;
    // Nine left, so the impossible one was not counted by the card.
    for (left, next) in [(9, "0002"), (8, "0003"), (7, "0004"), (6, "0005")] {
        let wrong = Screen::Code {
            problem: Some(CodeProblem::Wrong { tries_left: left }),
            purpose: CodePurpose::Photo,
        };
        page.on(|screen| *screen == wrong, code("12", next)).await;
    }
    // At five the kiosk stops, well before the card would lock.
    page.until(|screen| {
        matches!(screen, Screen::Method { notice: Some(MethodNotice::CodeTriesLow), .. })
    })
    .await;
    site.stop().await;
}

#[tokio::test]
async fn wrong_passcodes_are_slowed_down() {
    let site = site().await;
    let mut page = page(&site).await;
    site.place("valid");
    let choose = Action::Choose { method: Method::Visual };
    page.on(|screen| matches!(screen, Screen::Method { .. }), choose).await;
    page.on(|screen| *screen == Screen::Staff { problem: None }, passcode("9999")).await;
    for _ in 0..3 {
        page.until(|screen| *screen == Screen::CheckingPasscode).await;
        let wrong = Screen::Staff { problem: Some(PasscodeProblem::Wrong) };
        page.on(|screen| *screen == wrong, passcode("9999")).await;
    }
    let slow = |screen: &Screen| {
        matches!(
            screen,
            Screen::Staff { problem: Some(PasscodeProblem::Throttled { wait_s: 25..=30 }) }
        )
    };
    page.until(slow).await;
    site.stop().await;
}

#[tokio::test]
async fn cards_that_cannot_be_used_say_why() {
    let site = site().await;
    let mut page = page(&site).await;
    for (card, problem) in [
        ("not-my-number", protocol::screen::CardProblem::NotMyNumber),
        ("expired-long", protocol::screen::CardProblem::CertificateExpired),
    ] {
        site.place(card);
        let says = |screen: &Screen| matches!(screen, Screen::CardProblem { problem: shown, .. } if *shown == problem);
        page.on(says, Action::Continue).await;
        page.until(|screen| {
            matches!(screen, Screen::TakeCard { outcome: Outcome::CardRefused, reminder: 0, .. })
        })
        .await;
        site.remove();
        page.idle().await;
    }
    site.place("face-only");
    let Screen::Method { offers, .. } =
        page.until(|screen| matches!(screen, Screen::Method { .. })).await
    else {
        unreachable!("awaited above")
    };
    let pin = offers.iter().find(|offer| offer.method == Method::Pin).unwrap();
    assert!(pin.why_not.is_some());
    site.stop().await;
}

/// The page keeps the numbers that were typed until it is told to forget: while the card is away, but not for another one.
#[tokio::test]
async fn typing_goes_on_when_the_card_is_back() {
    let site = site().await;
    let mut page = page(&site).await;
    site.place("valid");
    let face = || Action::Choose { method: Method::Face };
    let typing = |screen: &Screen| matches!(screen, Screen::Code { .. });
    let away = |screen: &Screen| matches!(screen, Screen::CardAway { .. });
    page.on(|screen| matches!(screen, Screen::Method { .. }), face()).await;
    // Taken to be shown to the camera; then the person chooses the keys.
    page.on(typing, Action::ShowCard).await;
    let told = page.forgotten;
    site.remove();
    page.act(face()).await;
    page.until(away).await;
    site.place("valid");
    page.until(typing).await;
    site.remove();
    page.until(away).await;
    assert_eq!(page.forgotten, told, "the page lost what was typed");
    site.place("valid-young");
    page.until(|screen| matches!(screen, Screen::Method { .. })).await;
    assert!(page.forgotten > told, "numbers of one card are kept for another one");
    site.stop().await;
}
