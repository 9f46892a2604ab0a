//! (x) An official reader stands beside a kiosk that has none: the kiosk says where cards go and gives whoever comes without one a
//! number; the reader's files arrive on the board, joined with that number, or with one of their own.

use anyhow::{Context as _, Result, ensure};
use checkin::effect::Handover;
use checkin::eligibility::Asked;
use eligibility_sim::{Person, personas};
use jiff::Timestamp;
use oqs::{Encoding, FileName, InstitutionCode, Message, to_xml};
use serde_json::json;

use super::reception::{pictures, types};
use super::staff::there;
use crate::asks::{Asks, INSTITUTION};
use crate::bridge::{PASSCODE, Settings};
use crate::cdp::Page;
use crate::kiosk::{LOADING, SOON};
use crate::stage::Stage;

/// Nobody is asked; a reader leaves its files.
pub(super) const SETTINGS: Settings = Settings { lines: "", network: false, asks: Asks::Reader };
/// With this document somebody takes a number at the kiosk.
const KNOWN: &str = "valid";
/// Who uses the official reader alone.
const OTHER: &str = "valid-elderly";

pub(super) async fn an_official_reader(stage: &mut Stage) -> Result<()> {
    let kiosk = &stage.kiosk;
    kiosk.page.wait_for("where cards go", &there("cards-beside"), SOON).await?;
    kiosk.shoot("idle").await?;
    kiosk.press("other-ways").await?;
    kiosk.wait_screen(&["fallback"], SOON).await?;
    kiosk.press("way-eligibility_certificate").await?;
    types(kiosk).await?;
    kiosk.press("confirm").await?;
    kiosk.wait_screen(&["limit_certificate"], SOON).await?;
    kiosk.press("refuse").await?;
    kiosk.at("finished", SOON).await?;
    kiosk.page.wait_for("the reader beside", &there("card-at-reader"), SOON).await?;
    kiosk.shoot("finished").await?;

    let board = stage.browser.page().await?;
    enter(&board, &stage.bridge.url()).await?;
    leaves(stage, KNOWN)?;
    told(&board, "受付　太郎", 1).await?;
    leaves(stage, OTHER)?;
    told(&board, "受付　ウメ", 2).await?;
    // The newest line is the first one.
    board.click_css("[data-visit] [data-test=row-open]", SOON).await?;
    told(&board, "番号は取っていません", 2).await?;
    pictures(&board, "beside").await?;
    ensure!(stage.bridge.result_files()?.is_empty(), "the receipt computer would get it twice");
    board.close().await?;

    let kiosk = &stage.kiosk;
    kiosk.page.bring_to_front().await?;
    kiosk.press("continue").await?;
    kiosk.wait_screen(&["idle"], SOON).await.map(drop)
}

async fn enter(board: &Page, address: &str) -> Result<()> {
    board.resize(1280, 800).await?;
    board.navigate(&format!("{address}staff")).await?;
    board.wait_for("the entrance", &there("key-4"), LOADING).await?;
    for digit in PASSCODE.chars() {
        board.click(&format!("key-{digit}"), SOON).await?;
    }
    board.click("confirm", SOON).await?;
    board.wait_for("the row", &there("row-open"), SOON).await.map(drop)
}

/// The board says this, and has so many rows.
async fn told(board: &Page, words: &str, rows: usize) -> Result<()> {
    let says = format!(
        "document.body.innerText.includes({}) && document.querySelectorAll('[data-visit]').length === {rows}",
        json!(words)
    );
    board.wait_for(words, &says, SOON).await.map(drop)
}

/// The official reader's file about this practice person, as it names and writes it.
fn leaves(stage: &Stage, persona: &str) -> Result<()> {
    let (_, text) = personas().iter().find(|(id, _)| *id == persona).context("no such persona")?;
    let now = Timestamp::now();
    let person = Person::from_toml(text, now)?.context("the system does not know the person")?;
    let institution = InstitutionCode::new(INSTITUTION)?;
    let id = format!("{:020x}", now.as_millisecond());
    let name = FileName::face(institution.clone(), &id, now)?.to_string();
    let eligibility = person.eligibility;
    let handover = Handover { eligibility, asked: Asked::Card, consents: Vec::new() };
    let message = Message::of_check_in(institution, "", &handover, now)?;
    let written = to_xml(&message, Encoding::ShiftJis)?;
    std::fs::write(stage.bridge.terminal().join("face").join(name), written.bytes)?;
    Ok(())
}
