//! (g) The main screens on a portrait tablet, at 200 % type, and in English.

use anyhow::{Result, ensure};
use virtual_card::Speed;

use crate::card::{Card, PIN};
use crate::kiosk::{CAMERA_RUNS, LOOKING, SOON};
use crate::stage::Stage;

/// Nothing may have to be scrolled sideways.
pub(super) const TOO_WIDE: &str =
    "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1";

/// How the page is set while its screens are looked at.
struct Look {
    name: &'static str,
    window_px: (u32, u32),
    text_percent: u32,
    english: bool,
}

const LOOKS: [Look; 5] = [
    Look { name: "tablet", window_px: (800, 1280), text_percent: 100, english: false },
    Look { name: "tablet200", window_px: (800, 1280), text_percent: 200, english: false },
    Look { name: "wide200", window_px: (1280, 800), text_percent: 200, english: false },
    Look { name: "english", window_px: (1280, 800), text_percent: 100, english: true },
    Look { name: "english200", window_px: (800, 1280), text_percent: 200, english: true },
];

pub(super) async fn sizes_and_languages(stage: &mut Stage) -> Result<()> {
    let mut faults = Vec::new();
    let card = Stage::card("valid")?;
    for look in &LOOKS {
        with_the_face(stage, &card, look, &mut faults).await?;
        with_staff(stage, &card, look, &mut faults).await?;
        with_the_pin(stage, &card, look, &mut faults).await?;
    }
    ensure!(faults.is_empty(), "wider than the window: {}", faults.join(", "));
    Ok(())
}

/// Sets window, type and language (the page forgets them with the person) and lays the card on the reader.
async fn begin(stage: &mut Stage, card: &Card, look: &Look) -> Result<()> {
    let kiosk = &stage.kiosk;
    kiosk.page.resize(look.window_px.0, look.window_px.1).await?;
    kiosk.set_text_size(look.text_percent).await?;
    kiosk.set_english(look.english).await?;
    stage.place(card, Speed::Instant).map(drop)
}

async fn with_the_face(
    stage: &mut Stage,
    card: &Card,
    look: &Look,
    faults: &mut Vec<String>,
) -> Result<()> {
    begin(stage, card, look).await?;
    see(stage, look, "method", faults).await?;
    stage.kiosk.choose("face").await?;
    see(stage, look, "code", faults).await?;
    stage.kiosk.enter_code(card.holder()).await?;
    stage.kiosk.wait_screen(&["face"], LOOKING).await?;
    see(stage, look, "face", faults).await?;
    stage.kiosk.press("start-camera").await?;
    stage.kiosk.page.wait_for("the camera picture", CAMERA_RUNS, SOON).await?;
    stage.kiosk.shoot(&format!("{}-looking", look.name)).await?;
    stage.take().await
}

async fn with_staff(
    stage: &mut Stage,
    card: &Card,
    look: &Look,
    faults: &mut Vec<String>,
) -> Result<()> {
    begin(stage, card, look).await?;
    stage.kiosk.choose("visual").await?;
    see(stage, look, "staff", faults).await?;
    stage.kiosk.enter_passcode("cannot_operate").await?;
    stage.kiosk.wait_screen(&["consent_all"], SOON).await?;
    stage.kiosk.press("consent-choose").await?;
    see(stage, look, "consent_one", faults).await?;
    stage.take().await
}

async fn with_the_pin(
    stage: &mut Stage,
    card: &Card,
    look: &Look,
    faults: &mut Vec<String>,
) -> Result<()> {
    begin(stage, card, look).await?;
    stage.kiosk.choose("pin").await?;
    see(stage, look, "pin", faults).await?;
    stage.kiosk.enter_pin(PIN).await?;
    see(stage, look, "consent_all", faults).await?;
    stage.kiosk.press("consent-all").await?;
    see(stage, look, "finished", faults).await?;
    stage.kiosk.press("continue").await?;
    see(stage, look, "take_card", faults).await?;
    stage.take().await?;
    see(stage, look, "idle", faults).await
}

async fn see(stage: &Stage, look: &Look, screen: &str, faults: &mut Vec<String>) -> Result<()> {
    stage.kiosk.wait_screen(&[screen], SOON).await?;
    stage.kiosk.shoot_whole(&format!("{}-{screen}", look.name)).await?;
    if stage.kiosk.page.evaluate(TOO_WIDE).await? == true {
        faults.push(format!("{} {screen}", look.name));
    }
    Ok(())
}
