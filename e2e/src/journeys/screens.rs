//! (g) The main screens on a portrait tablet, at 200 % type, and in English.

use anyhow::{Result, ensure};
use virtual_card::Speed;

use crate::card::{Card, PIN};
use crate::kiosk::{LOOKING, SOON};
use crate::stage::Stage;

/// Nothing may have to be scrolled sideways.
const TOO_WIDE: &str = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1";

pub(super) async fn sizes_and_languages(stage: &mut Stage) -> Result<()> {
    let mut faults = Vec::new();
    for (name, (width, height), percent, english) in [
        ("tablet", (800, 1280), 100, false),
        ("tablet200", (800, 1280), 200, false),
        ("wide200", (1280, 800), 200, false),
        ("english", (1280, 800), 100, true),
        ("english200", (800, 1280), 200, true),
    ] {
        stage.kiosk.page.resize(width, height).await?;
        stage.kiosk.set_text_size(percent).await?;
        stage.kiosk.set_english(english).await?;
        walk(stage, name, &mut faults).await?;
    }
    ensure!(faults.is_empty(), "wider than the window: {}", faults.join(", "));
    Ok(())
}

async fn walk(stage: &mut Stage, name: &str, faults: &mut Vec<String>) -> Result<()> {
    let card = Stage::card("valid")?;
    look(stage, name, "idle", faults).await?;
    stage.place(&card, Speed::Instant)?;
    look(stage, name, "method", faults).await?;
    stage.kiosk.choose("face").await?;
    look(stage, name, "code", faults).await?;
    stage.kiosk.enter_code(card.holder()).await?;
    stage.kiosk.wait_screen(&["face", "consent_all"], LOOKING).await?;
    if stage.kiosk.screen().await? == "face" {
        look(stage, name, "face", faults).await?;
    }
    stage.take().await?;
    enter(stage, &card, name, faults).await?;
    stage.take().await
}

async fn enter(stage: &mut Stage, card: &Card, name: &str, faults: &mut Vec<String>) -> Result<()> {
    stage.place(card, Speed::Instant)?;
    stage.kiosk.choose("visual").await?;
    look(stage, name, "staff", faults).await?;
    stage.take().await?;
    stage.place(card, Speed::Instant)?;
    stage.kiosk.choose("pin").await?;
    look(stage, name, "pin", faults).await?;
    stage.kiosk.enter_pin(PIN).await?;
    look(stage, name, "consent_all", faults).await?;
    stage.kiosk.press("consent-choose").await?;
    look(stage, name, "consent_one", faults).await?;
    stage.take().await?;
    stage.place(card, Speed::Instant)?;
    stage.kiosk.choose("pin").await?;
    stage.kiosk.enter_pin(PIN).await?;
    stage.kiosk.wait_screen(&["consent_all"], SOON).await?;
    stage.kiosk.press("consent-all").await?;
    look(stage, name, "finished", faults).await?;
    stage.kiosk.press("continue").await?;
    look(stage, name, "take_card", faults).await
}

async fn look(stage: &Stage, name: &str, screen: &str, faults: &mut Vec<String>) -> Result<()> {
    stage.kiosk.wait_screen(&[screen], SOON).await?;
    stage.kiosk.shoot(&format!("{name}-{screen}")).await?;
    if stage.kiosk.page.evaluate(TOO_WIDE).await? == true {
        faults.push(format!("{name} {screen}"));
    }
    Ok(())
}
