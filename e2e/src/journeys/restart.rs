//! (f) A power cut of the bridge in the middle of a visit.

use anyhow::{Result, ensure};
use virtual_card::Speed;

use super::results;
use crate::card::PIN;
use crate::kiosk::{LOADING, SOON};
use crate::stage::Stage;

pub(super) async fn mid_visit(stage: &mut Stage) -> Result<()> {
    let card = Stage::card("valid")?;
    stage.place(&card, Speed::Instant)?;
    stage.kiosk.choose("pin").await?;
    stage.kiosk.enter_pin(PIN).await?;
    stage.kiosk.at("consent_all", SOON).await?;
    stage.bridge.kill();
    stage.kiosk.at("offline", SOON).await?;
    stage.bridge.restart().await?;
    // The card still lies there: the new bridge begins a new visit with it. The test does not reload the page.
    stage.kiosk.at("method", LOADING).await?;
    stage.take().await?;
    stage.place(&card, Speed::Instant)?;
    stage.kiosk.choose("pin").await?;
    stage.kiosk.enter_pin(PIN).await?;
    stage.kiosk.wait_screen(&["consent_all"], SOON).await?;
    stage.kiosk.press("consent-all").await?;
    stage.kiosk.at("finished", SOON).await?;
    results::check(stage, &card, true)?;
    stage.take().await?;
    ensure!(card.pin_tries()? == 3, "the card lost a try");
    Ok(())
}
