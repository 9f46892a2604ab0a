//! (y) The system is a service somewhere else, asked over HTTP with certificates on both sides: a visit by PIN to its end, and one
//! in the middle of which the service goes away. It comes back, and the person who has answered everything is asked nothing again.

use std::time::Duration;

use anyhow::{Result, ensure};
use virtual_card::Speed;

use super::results;
use super::staff::there;
use crate::card::{Card, PIN};
use crate::kiosk::{LOADING, SOON};
use crate::service::EligibilityService;
use crate::stage::Stage;

/// Some tries, and then the system counts as down; a person waits 10 s at most.
const GIVEN_UP: Duration = Duration::from_secs(20);
/// It is asked again after 15 s, and some seconds later if nobody may try yet.
const ASKED_AGAIN: Duration = Duration::from_secs(50);

pub(super) async fn over_http(stage: &mut Stage) -> Result<()> {
    let mut service = EligibilityService::start(stage.bridge.program()).await?;
    stage.bridge.configure(&service.gateway())?;
    stage.bridge.restart().await?;
    stage.kiosk.at("idle", LOADING).await?;
    let card = Stage::card("valid")?;

    to_the_consents(stage, &card).await?;
    stage.kiosk.press("consent-all").await?;
    stage.kiosk.wait_screen(&["finished"], SOON).await?;
    ends(stage, &card, 1).await?;

    to_the_consents(stage, &card).await?;
    service.kill();
    stage.kiosk.press("consent-all").await?;
    stage.kiosk.at("fallback", GIVEN_UP).await?;
    ensure!(stage.bridge.health().await?["gateway"] == false, "the system counts as well");
    ensure!(stage.bridge.result_files()?.len() == 1, "a result without an answer");
    service.restart().await?;
    // Nothing is pressed: whatever was asked a second time would be seen here.
    let asked = ["finished", "method", "pin", "consent_all", "card_problem"];
    let next = stage.kiosk.wait_screen(&asked, ASKED_AGAIN).await?;
    ensure!(next == "finished", "the person is asked again: {next}");
    ends(stage, &card, 2).await?;
    ensure!(stage.bridge.health().await?["gateway"] == true, "the system still counts as down");
    ensure!(card.pin_tries()? == 3, "the card lost a try");
    Ok(())
}

/// Everything that a person with a PIN is asked before the consents.
async fn to_the_consents(stage: &mut Stage, card: &Card) -> Result<()> {
    stage.place(card, Speed::Contactless106)?;
    stage.kiosk.choose("pin").await?;
    stage.kiosk.wait_screen(&["pin"], SOON).await?;
    stage.kiosk.enter_pin(PIN).await?;
    stage.kiosk.at("consent_all", SOON).await
}

/// The end of a visit that was answered, and its result file, the newest of so many.
async fn ends(stage: &mut Stage, card: &Card, files: usize) -> Result<()> {
    stage.kiosk.shoot("finished").await?;
    ensure!(stage.kiosk.text().await?.contains(&card.holder().name), "the person is not named");
    let invented = there("simulated-banner");
    stage.kiosk.page.wait_for("that the answer is invented", &invented, SOON).await?;
    results::check_newest(stage, files, card, true)?;
    stage.take().await
}
