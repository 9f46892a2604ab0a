//! The PIN: right, and wrong.

use anyhow::{Result, ensure};
use virtual_card::Speed;

use super::results;
use crate::card::PIN;
use crate::kiosk::SOON;
use crate::stage::Stage;

/// (c)
pub(super) async fn right(stage: &mut Stage) -> Result<()> {
    let card = Stage::card("valid")?;
    stage.place(&card, Speed::Contactless106)?;
    stage.kiosk.choose("pin").await?;
    stage.kiosk.at("pin", SOON).await?;
    stage.kiosk.enter_pin(PIN).await?;
    stage.kiosk.at("consent_all", SOON).await?;
    stage.kiosk.press("consent-all").await?;
    stage.kiosk.at("finished", SOON).await?;
    results::check(stage, &card, true)?;
    stage.take().await?;
    ensure!(card.pin_tries()? == 3, "a right PIN must leave three tries");
    Ok(())
}

/// (d)
pub(super) async fn wrong_twice(stage: &mut Stage) -> Result<()> {
    let card = Stage::card("valid")?;
    stage.place(&card, Speed::Instant)?;
    stage.kiosk.choose("pin").await?;
    stage.kiosk.enter_pin("0000").await?;
    let two_left = "document.querySelector('[data-test=\"tries-left\"]')?.innerText?.includes('2')";
    stage.kiosk.page.wait_for("two tries left on the PIN screen", two_left, SOON).await?;
    stage.kiosk.at("pin", SOON).await?;
    stage.kiosk.enter_pin("0001").await?;
    stage.kiosk.at("pin_last_try", SOON).await?;
    let text = stage.kiosk.text().await?;
    ensure!(text.contains('1'), "the last try is not counted on the screen: {text}");
    for method in ["face", "visual"] {
        ensure!(
            stage.kiosk.offers(&format!("choose-{method}")).await?,
            "with one try left {method} is not offered"
        );
    }
    stage.kiosk.press("choose-visual").await?;
    stage.kiosk.enter_passcode("pin_unavailable").await?;
    stage.kiosk.at("consent_all", SOON).await?;
    stage.take().await?;
    ensure!(
        card.pin_tries()? == 1,
        "the card must have one try left, it has {}",
        card.pin_tries()?
    );
    Ok(())
}
