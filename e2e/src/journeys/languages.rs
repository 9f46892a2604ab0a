//! (z) Every language is chosen on the start screen and shown in its own letters; a whole visit by PIN in one of them; the next person
//! finds Japanese.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use virtual_card::Speed;

use super::screens::TOO_WIDE;
use super::staff::there;
use crate::card::PIN;
use crate::kiosk::{Kiosk, SOON};
use crate::stage::Stage;

/// Widths and heights of the start screen in each language.
const WINDOWS: [(u32, u32); 2] = [(1280, 800), (360, 640)];
/// A whole visit is in this one.
const VISIT: &str = "ko";
/// Every language that is fetched, by the buttons of the choice.
const FETCHED: &str = "[...document.querySelectorAll('.language')].map((it) => it.dataset.test.replace('choose-', '')).slice(2)";
/// The question of the screen.
const TITLE: &str = "document.querySelector('main h1').innerText";

pub(super) async fn each_in_its_own_words(stage: &mut Stage) -> Result<()> {
    let kiosk = &stage.kiosk;
    let japanese = kiosk.page.evaluate(TITLE).await?;
    kiosk.press("languages-row").await?;
    kiosk.page.wait_for("the choice", &there("languages"), SOON).await?;
    kiosk.shoot("languages").await?;
    let files = kiosk.page.evaluate(FETCHED).await?;
    let files: Vec<String> = files
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    ensure!(files.len() == 10, "{} languages", files.len());
    kiosk.press("languages-close").await?;
    let mut too_wide = Vec::new();
    for file in &files {
        choose(kiosk, file).await?;
        let title = kiosk.page.evaluate(TITLE).await?;
        ensure!(title != japanese, "{file} says {title}");
        for (width, height) in WINDOWS {
            kiosk.page.resize(width, height).await?;
            kiosk.shoot(&format!("{file}-{width}")).await?;
            if kiosk.page.evaluate(TOO_WIDE).await? == true {
                too_wide.push(format!("{file} at {width}"));
            }
        }
        kiosk.page.resize(1280, 800).await?;
    }
    ensure!(too_wide.is_empty(), "wider than the window: {}", too_wide.join(", "));
    choose(kiosk, VISIT).await?;
    let card = Stage::card("valid")?;
    stage.place(&card, Speed::Instant)?;
    let kiosk = &stage.kiosk;
    kiosk.choose("pin").await?;
    see(kiosk, "pin").await?;
    kiosk.enter_pin(PIN).await?;
    kiosk.wait_screen(&["consent_all"], SOON).await?;
    see(kiosk, "consent_all").await?;
    kiosk.press("consent-all").await?;
    kiosk.wait_screen(&["finished"], SOON).await?;
    see(kiosk, "finished").await?;
    stage.take().await?;
    let back = format!("document.documentElement.lang === 'ja' && {TITLE} === {japanese}");
    stage.kiosk.page.wait_for("Japanese for the next person", &back, SOON).await.map(drop)
}

/// By the header, which is there on every screen; the choice goes by itself.
async fn choose(kiosk: &Kiosk, file: &str) -> Result<()> {
    kiosk.press("languages-open").await?;
    kiosk.page.click(&format!("choose-{file}"), SOON).await?;
    let tag = file.trim_end_matches("-easy");
    let chosen = format!(
        "document.documentElement.lang === {} && !document.querySelector('[data-test=languages]')",
        json!(tag)
    );
    kiosk.page.wait_for(file, &chosen, SOON).await.map(drop)
}

/// Nothing is left of a template, and no sentence of another language that has kana.
async fn see(kiosk: &Kiosk, name: &str) -> Result<()> {
    kiosk.shoot(&format!("{VISIT}-{name}")).await?;
    let shown = kiosk.page.evaluate("document.querySelector('main').innerText").await?;
    let shown = shown.as_str().context("the screen has no text")?;
    ensure!(!shown.contains("{{"), "{name}: {shown}");
    ensure!(shown.chars().any(|c| ('가'..='힣').contains(&c)), "{name} is not in {VISIT}: {shown}");
    ensure!(!kiosk.page.evaluate(TOO_WIDE).await?.as_bool().unwrap_or(true), "{name} is too wide");
    Ok(())
}
