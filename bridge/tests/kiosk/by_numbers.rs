//! Visits by card where the eligibility system is reached by numbers only: the card names its owner, the clinic's list knows the
//! insurance.

use crate::page::{Page, code, page, typed};
use crate::site::{MODEL_HASH, Site, lay_out, only_result, options_in};
use bridge::clock::System;
use bridge::gateway::{EligibilityGateway, Simulator};
use bridge::patients::PatientList;
use checkin::eligibility::Asked;
use checkin::era::{Era, TypedDate};
use checkin::gateway::Reach;
use checkin::number::TypedNumbers;
use checkin::patient::{CardOwner, ChartNumber, Found, KnownPatient};
use checkin::{Question, Reply};
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use protocol::action::ReferenceOutcome;
use protocol::screen::{
    CodeProblem, CodePurpose, ItemsNotice, ItemsWay, Method, Outcome, Screen, Way, Why, WhyNot,
};
use protocol::{Action, Redacted};
use std::sync::Arc;

/// Answers to numbers as the simulator does, and knows no card.
pub(crate) struct Terminal(pub(crate) Simulator);

impl EligibilityGateway for Terminal {
    fn simulated(&self) -> bool {
        true
    }

    fn reach(&self) -> Reach {
        Reach::Numbers
    }

    fn ask(&self, question: Question) -> BoxFuture<'_, Reply> {
        assert!(matches!(question, Question::QueryNumbers { .. }), "asked by card: {question:?}");
        self.0.ask(question)
    }
}

/// Knows the owner of the practice card `valid`, or says the same of everybody.
pub(crate) enum List {
    OfValid,
    Always(Found),
}

impl PatientList for List {
    fn find(&self, owner: &CardOwner) -> BoxFuture<'_, Found> {
        let found = match self {
            Self::Always(found) => found.clone(),
            Self::OfValid if owner.name.as_str() == "受付　太郎" => known_valid(),
            Self::OfValid => Found::Nobody,
        };
        ready(found).boxed()
    }
}

pub(crate) fn known_valid() -> Found {
    let typed = TypedNumbers {
        insurer_number: "01130012".into(),
        symbol: "2113".into(),
        number: "1048".into(),
        branch: "01".into(),
        birth: TypedDate { era: Era::Showa, year: 59, month: 5, day: 12 },
    };
    let numbers = typed.check(jiff::Zoned::now().date()).unwrap();
    let chart = ChartNumber::new("000123").unwrap();
    Found::One(Box::new(KnownPatient { chart, numbers: Some(numbers) }))
}

async fn site(list: List) -> Site {
    let folder = tempfile::tempdir().unwrap();
    lay_out(folder.path());
    let config = options_in(folder.path(), |_| {});
    let terminal = Arc::new(Terminal(Simulator::practice()));
    let bridge =
        bridge::start_among(config, terminal, System::start(), Arc::new(list)).await.unwrap();
    let site = Site { bridge, folder };
    site.tray().keep_cards();
    site
}

pub(crate) fn items_pin(pin: &str) -> Action {
    Action::ItemsPin { pin: Redacted::new(pin.into()) }
}

pub(crate) fn by(way: ItemsWay) -> Action {
    Action::ChooseItems { way }
}

pub(crate) fn items(screen: &Screen) -> bool {
    matches!(screen, Screen::Items { .. })
}

/// Identified by the PIN; the items are still to be opened.
async fn identified(site: &Site, page: &mut Page) {
    page.idle().await;
    site.place("valid");
    page.pin("1234").await;
    page.until(items).await;
}

async fn finished(page: &mut Page) -> Screen {
    page.until(|screen| matches!(screen, Screen::Finished { .. })).await
}

#[track_caller]
fn confirmed_by_known_numbers(screen: &Screen, site: &Site) {
    let Screen::Finished { outcome, person, agreed, receipt, consents_at_reader, .. } = screen
    else {
        panic!("{screen:?}")
    };
    assert_eq!((*outcome, person.as_deref()), (Outcome::Confirmed, Some("受付　太郎")));
    assert!(*consents_at_reader && agreed.is_empty());
    assert!(receipt.items_read && receipt.known_numbers_sent);
    assert!(!receipt.card_sent && !receipt.numbers_sent, "{receipt:?}");
    let file = only_result(&site.results());
    let handover = file.handover().unwrap();
    assert_eq!(handover.asked, Asked::Numbers { limit_certificate: None });
    assert!(file.eligibility().unwrap().is_valid() && file.consents().is_empty());
}

#[tokio::test]
async fn found_by_the_face_alone() {
    let site = site(List::OfValid).await;
    let mut page = page(&site).await;
    page.idle().await;
    site.place("valid");
    let choose = Action::Choose { method: Method::Face };
    page.on(|screen| matches!(screen, Screen::Method { .. }), choose).await;
    page.on(|screen| matches!(screen, Screen::Code { .. }), code("12", "2285")).await;
    page.until_photo().await;
    let ready = Action::Reference { outcome: ReferenceOutcome::Ready };
    page.on(|screen| *screen == Screen::ReadingPhoto, ready).await;
    let nonce = page.nonce(1).await;
    let model_hash = MODEL_HASH.into();
    let (score, liveness) = (Some(0.9), Some(0.9));
    page.act(Action::Face { attempt: 1, nonce, model_hash, score, liveness }).await;
    confirmed_by_known_numbers(&finished(&mut page).await, &site);
    site.stop().await;
}

#[tokio::test]
async fn found_by_the_pin_and_the_pin_of_the_items() {
    let site = site(List::OfValid).await;
    let mut page = page(&site).await;
    identified(&site, &mut page).await;
    page.act(by(ItemsWay::Pin)).await;
    let pad = Screen::ItemsPin { tries_left: 3, wrong: false };
    page.on(|screen| *screen == pad, items_pin("9999")).await;
    let wrong = Screen::ItemsPin { tries_left: 2, wrong: true };
    page.on(|screen| *screen == wrong, items_pin("1234")).await;
    confirmed_by_known_numbers(&finished(&mut page).await, &site);
    site.stop().await;
}

#[tokio::test]
async fn the_pin_of_the_items_is_not_locked_and_the_card_front_leads_on() {
    let site = site(List::OfValid).await;
    let mut page = page(&site).await;
    identified(&site, &mut page).await;
    page.act(by(ItemsWay::Pin)).await;
    for left in [3, 2] {
        let pad = |screen: &Screen| matches!(screen, Screen::ItemsPin { tries_left, .. } if *tries_left == left);
        page.on(pad, items_pin("9999")).await;
    }
    let Screen::Items { offers, notice } = page.until(items).await else { unreachable!() };
    assert_eq!(notice, Some(ItemsNotice::PinTriesLow));
    assert_eq!(offers[1].why_not, Some(WhyNot::PinTriesLow));
    page.act(by(ItemsWay::Code)).await;
    let purpose = CodePurpose::Items;
    page.on(|screen| *screen == Screen::Code { problem: None, purpose }, code("12", "0000")).await;
    let problem = Some(CodeProblem::Wrong { tries_left: 9 });
    page.on(|screen| *screen == Screen::Code { problem, purpose }, code("12", "2285")).await;
    confirmed_by_known_numbers(&finished(&mut page).await, &site);
    // The PIN that proves the person has lost no try.
    page.act(Action::Continue).await;
    page.until(|screen| matches!(screen, Screen::TakeCard { .. })).await;
    site.remove();
    page.idle().await;
    site.place("valid");
    let choose = Action::Choose { method: Method::Pin };
    page.on(|screen| matches!(screen, Screen::Method { .. }), choose).await;
    page.until(|screen| *screen == Screen::Pin { tries_left: 3, wrong: false }).await;
    // And the one of the items stays as it is.
    page.act(typed("1234")).await;
    let Screen::Items { offers, .. } = page.until(items).await else { unreachable!() };
    assert_eq!(offers[1].why_not, Some(WhyNot::PinTriesLow));
    site.stop().await;
}

#[tokio::test]
async fn whoever_is_not_found_is_told_why() {
    let nameless = KnownPatient { chart: ChartNumber::new("1").unwrap(), numbers: None };
    for (found, expected) in [
        (Found::Nobody, Why::NotInList),
        (Found::Unsure, Why::PatientUnsure),
        (Found::One(Box::new(nameless)), Why::NumbersNotKnown),
    ] {
        let site = site(List::Always(found)).await;
        let mut page = page(&site).await;
        identified(&site, &mut page).await;
        page.act(by(ItemsWay::Pin)).await;
        page.on(|screen| matches!(screen, Screen::ItemsPin { .. }), items_pin("1234")).await;
        let shown = page.until(|screen| matches!(screen, Screen::Fallback { .. })).await;
        let Screen::Fallback { why, ways, .. } = shown else { unreachable!() };
        assert_eq!(why, expected);
        assert!(ways.contains(&Way::EligibilityCertificate), "{ways:?}");
        page.act(Action::Take { way: Way::Desk }).await;
        let end = finished(&mut page).await;
        let Screen::Finished { outcome, consents_at_reader, .. } = end else { unreachable!() };
        assert!(outcome == Outcome::AtDesk && consents_at_reader);
        site.stop().await;
    }
}

#[tokio::test]
async fn the_card_pulled_in_between_goes_on() {
    let site = site(List::OfValid).await;
    let mut page = page(&site).await;
    identified(&site, &mut page).await;
    page.act(by(ItemsWay::Pin)).await;
    page.until(|screen| matches!(screen, Screen::ItemsPin { .. })).await;
    site.remove();
    page.until(|screen| matches!(screen, Screen::CardAway { .. })).await;
    site.place("valid");
    page.on(items, by(ItemsWay::Pin)).await;
    page.on(|screen| matches!(screen, Screen::ItemsPin { .. }), items_pin("1234")).await;
    // From here on it is not needed, and nothing is shown to whoever stands there.
    page.until(|screen| {
        matches!(screen, Screen::Finding | Screen::Waiting | Screen::Finished { .. })
    })
    .await;
    site.remove();
    page.until(|screen| matches!(screen, Screen::Farewell { .. })).await;
    only_result(&site.results());
    site.stop().await;
}

#[tokio::test]
async fn nothing_is_read_when_the_person_says_so() {
    let site = site(List::OfValid).await;
    let mut page = page(&site).await;
    identified(&site, &mut page).await;
    page.act(Action::OtherWays).await;
    let unread = |screen: &Screen| {
        matches!(screen, Screen::Fallback { why: Why::ItemsUnread, back: true, .. })
    };
    page.on(unread, Action::Back).await;
    page.on(items, Action::OtherWays).await;
    page.on(unread, Action::Take { way: Way::Oral }).await;
    let Screen::Finished { receipt, .. } = finished(&mut page).await else { unreachable!() };
    assert!(receipt.card_used && !receipt.items_read && !receipt.known_numbers_sent);
    site.stop().await;
}
