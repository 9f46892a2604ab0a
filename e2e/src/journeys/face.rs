//! The face: the right person is let in, another one never is.

use anyhow::{Result, ensure};
use virtual_card::Speed;

use super::results;
use crate::kiosk::{CAMERA_RUNS, LOOKING, SOON};
use crate::stage::Stage;

/// (a)
pub(super) async fn same_person(stage: &mut Stage) -> Result<()> {
    let card = Stage::card("valid")?;
    stage.place(&card, Speed::Contactless106)?;
    let kiosk = &stage.kiosk;
    kiosk.at("method", SOON).await?;
    kiosk.choose("face").await?;
    kiosk.at("code", SOON).await?;
    kiosk.fill_code(card.holder()).await?;
    kiosk.shoot("code_filled").await?;
    kiosk.press("confirm").await?;
    kiosk.at("face", SOON).await?;
    start_looking(stage).await?;
    let kiosk = &stage.kiosk;
    kiosk.at("consent_all", LOOKING).await?;
    kiosk.press("consent-all").await?;
    kiosk.at("finished", SOON).await?;
    ensure!(
        kiosk.text().await?.contains(&card.holder().name),
        "the result screen does not name the person"
    );
    results::check(stage, &card, true)?;
    stage.kiosk.press("continue").await?;
    stage.kiosk.at("take_card", SOON).await?;
    stage.take().await
}

/// (b)
pub(super) async fn another_person(stage: &mut Stage) -> Result<()> {
    let card = Stage::card("valid")?;
    let before = (card.code_b_tries()?, card.pin_tries()?);
    stage.place(&card, Speed::Instant)?;
    stage.kiosk.choose("face").await?;
    stage.kiosk.enter_code(card.holder()).await?;
    stage.kiosk.at("face", SOON).await?;
    start_looking(stage).await?;
    // The first miss leads to a second attempt, the second to the choice, with a third on offer.
    stage.kiosk.at("method", LOOKING * 2).await?;
    for method in ["face", "pin", "visual"] {
        ensure!(
            stage.kiosk.offers(&format!("choose-{method}")).await?,
            "after two misses {method} is not offered"
        );
    }
    stage.kiosk.choose("face").await?;
    stage.kiosk.wait_screen(&["face"], SOON).await?;
    stage.kiosk.at("method", LOOKING).await?;
    ensure!(!stage.kiosk.offers("choose-face").await?, "a fourth face attempt is offered");
    for method in ["pin", "visual"] {
        ensure!(
            stage.kiosk.offers(&format!("choose-{method}")).await?,
            "after three misses {method} is not offered"
        );
    }
    ensure!(
        stage.bridge.result_files()?.is_empty(),
        "a result was written for somebody who was not identified"
    );
    stage.kiosk.choose("visual").await?;
    stage.kiosk.at("staff", SOON).await?;
    stage.kiosk.enter_passcode("face_not_matched").await?;
    stage.kiosk.at("consent_all", SOON).await?;
    stage.kiosk.press("consent-none").await?;
    stage.kiosk.at("finished", SOON).await?;
    results::check(stage, &card, false)?;
    stage.take().await?;
    let after = (card.code_b_tries()?, card.pin_tries()?);
    ensure!(
        before == after && after == (10, 3),
        "the card's counters went from {before:?} to {after:?}"
    );
    Ok(())
}

/// Presses the start of the face screen: the first attempt explains the camera before it is switched on.
pub(super) async fn start_looking(stage: &Stage) -> Result<()> {
    stage.kiosk.press("start-camera").await?;
    stage.kiosk.page.wait_for("the camera picture", CAMERA_RUNS, SOON).await?;
    stage.kiosk.shoot("looking").await
}
