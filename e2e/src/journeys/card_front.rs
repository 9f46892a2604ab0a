//! (i) The numbers of the card front come from the camera.

use anyhow::{Result, ensure};
use serde_json::json;
use virtual_card::Speed;

use super::results;
use crate::kiosk::{CAMERA_RUNS, LOOKING, SOON};
use crate::stage::Stage;

/// Fields of the form and where their digits are among the fourteen.
const FIELDS: [(&str, std::ops::Range<usize>); 5] = [
    ("era_year", 0..2),
    ("month", 2..4),
    ("day", 4..6),
    ("expiry_year", 6..10),
    ("security_code", 10..14),
];

/// Taken, shown, read, confirmed by the person, put back; then the visit goes on as always.
pub(super) async fn shown_to_the_camera(stage: &mut Stage) -> Result<()> {
    let card = Stage::card("valid")?;
    let before = card.code_b_tries()?;
    stage.place(&card, Speed::Contactless106)?;
    let kiosk = &stage.kiosk;
    kiosk.choose("face").await?;
    kiosk.at("code", SOON).await?;
    ensure!(kiosk.offers("type-code").await?, "typing is not offered beside the camera");
    let running = kiosk.page.evaluate(CAMERA_RUNS).await?;
    ensure!(running != json!(true), "the camera runs before it is started");
    kiosk.press("start-card-camera").await?;
    kiosk.page.wait_for("the camera picture", CAMERA_RUNS, SOON).await?;
    // Nobody can show a card that stays on the reader.
    stage.pull()?;
    let kiosk = &stage.kiosk;
    let hint = "document.querySelector('.card-camera__found') !== null";
    kiosk.page.wait_for("the outline of the card", hint, LOOKING).await?;
    kiosk.shoot("card_shown").await?;
    let took = "document.querySelector('.card-camera__progress')?.dataset.ms ?? null";
    println!("  a frame took the worker {} ms", kiosk.page.evaluate(took).await?);
    let read = "document.querySelector('[data-test=\"code-read\"]') !== null";
    kiosk.page.wait_for("the numbers", read, LOOKING).await?;
    kiosk.shoot("card_read").await?;
    let running = kiosk.page.evaluate(CAMERA_RUNS).await?;
    ensure!(running != json!(true), "the camera still runs");
    let code = card.holder().verification_code_b();
    for (field, place) in FIELDS {
        let value = format!("document.querySelector('[data-test=\"field-{field}\"]').value");
        let shown = kiosk.page.evaluate(&value).await?;
        let shown: u32 = shown.as_str().unwrap_or_default().parse().unwrap_or_default();
        ensure!(code.reveal()[place].parse() == Ok(shown), "{field} was read wrong");
    }
    kiosk.press("confirm").await?;
    kiosk.at("card_away", SOON).await?;
    stage.place(&card, Speed::Contactless106)?;
    let kiosk = &stage.kiosk;
    kiosk.at("face", SOON).await?;
    kiosk.press("start-camera").await?;
    kiosk.page.wait_for("the camera picture", CAMERA_RUNS, SOON).await?;
    kiosk.at("consent_all", LOOKING).await?;
    kiosk.press("consent-all").await?;
    kiosk.at("finished", SOON).await?;
    results::check(stage, &card, true)?;
    stage.kiosk.press("continue").await?;
    stage.kiosk.at("take_card", SOON).await?;
    stage.take().await?;
    ensure!(card.code_b_tries()? == before, "a try was lost");
    Ok(())
}
