//! Part of (s): somebody at the kiosk cannot type. Staff type the numbers of a document and the answers of a 申立書 at their board,
//! the person sees them come and goes on, and staff print the page. Afterwards nothing of it is in either page.

use anyhow::{Result, ensure};
use needles::Needle;
use serde_json::json;
use virtual_card::Speed;

use super::movements::words;
use super::reception::pictures;
use super::staff::{front, there};
use crate::cdp::Page;
use crate::kiosk::SOON;
use crate::stage::Stage;

/// In no other form of this journey, and given up by the person.
const NUMBER: &str = "7295183";
const ADDRESS: &str = "8-61-47 Daihitsu";

/// Both forms in one visit with a card that has ended, at a board that is open and empty.
pub(super) async fn from_both_sides(stage: &mut Stage, board: &Page) -> Result<()> {
    stage.kiosk.page.bring_to_front().await?;
    // A 申立書 is for those who brought a card.
    let card = Stage::card("expired-long")?;
    stage.place(&card, Speed::Instant)?;
    let kiosk = &stage.kiosk;
    kiosk.wait_screen(&["card_problem"], SOON).await?;
    kiosk.press("other-ways").await?;
    kiosk.wait_screen(&["fallback"], SOON).await?;
    kiosk.press("way-eligibility_certificate").await?;
    kiosk.wait_screen(&["numbers"], SOON).await?;
    kiosk.press("field-symbol").await?;
    kiosk.page.type_keys("21").await?;
    numbers(stage, board).await?;

    let kiosk = &stage.kiosk;
    kiosk.press("back").await?;
    kiosk.wait_screen(&["fallback"], SOON).await?;
    kiosk.press("way-statement").await?;
    kiosk.wait_screen(&["statement"], SOON).await?;
    kiosk.press("answer-other").await?;
    statement(stage, board).await?;

    stage.kiosk.press("confirm").await?;
    stage.kiosk.wait_screen(&["statement_ready"], SOON).await?;
    prints(board).await?;
    stage.kiosk.page.bring_to_front().await?;
    stage.kiosk.press("continue").await?;
    stage.kiosk.at("finished", SOON).await?;
    front(board).await?;
    board.wait_for("the page to be gone", &gone("printout"), SOON).await?;
    stage.kiosk.page.bring_to_front().await?;
    stage.take().await?;
    nothing_left(stage, board).await
}

async fn numbers(stage: &Stage, board: &Page) -> Result<()> {
    front(board).await?;
    board.click("kiosk-help", SOON).await?;
    board.wait_for("the fields", &there("type-numbers"), SOON).await?;
    ensure!(board.evaluate(DISABLED).await? == true, "nothing was typed yet");
    for (field, text) in [
        ("insurer_number", "01130012"),
        ("number", NUMBER),
        ("birth-year", "59"),
        ("birth-month", "5"),
        ("birth-day", "12"),
    ] {
        types(board, field, text).await?;
    }
    pictures(board, "type-numbers").await?;
    board.click("type-put", SOON).await?;
    board.wait_for("the board to say so", &there("type-done"), SOON).await?;

    stage.kiosk.page.bring_to_front().await?;
    told(stage).await?;
    let fields = "['insurer_number', 'symbol', 'number', 'year', 'month', 'day'].map((name) => document.querySelector(`[data-test=field-${name}]`).value)";
    let fields = stage.kiosk.page.evaluate(fields).await?;
    ensure!(fields == json!(["01130012", "21", NUMBER, "59", "5", "12"]), "the form has {fields}");
    stage.kiosk.shoot_whole("numbers_by_staff").await.map(drop)
}

async fn statement(stage: &Stage, board: &Page) -> Result<()> {
    front(board).await?;
    board.wait_for("the other form", &there("type-statement"), SOON).await?;
    ensure!(board.evaluate(&gone("type-numbers")).await? == true, "the form before is still there");
    for (field, at) in [("insurance", 3), ("share", 3), ("sex", 2)] {
        let pick = format!(
            "(field => {{ field.value = '{at}'; field.dispatchEvent(new Event('change', {{ bubbles: true }})); return true }})(document.querySelector('[data-test=type-{field}]'))"
        );
        board.evaluate(&pick).await?;
    }
    for (field, text) in [
        ("name", "Hanako Daihitsu"),
        ("address", ADDRESS),
        ("birth-year", "59"),
        ("birth-month", "5"),
        ("birth-day", "12"),
    ] {
        types(board, field, text).await?;
    }
    board.click("type-no_phone", SOON).await?;
    pictures(board, "type-statement").await?;
    board.click("type-put", SOON).await?;
    board.wait_for("the board to say so", &there("type-done"), SOON).await?;

    stage.kiosk.page.bring_to_front().await?;
    let at = "document.querySelector('[data-test=position]')?.dataset.question === 'check'";
    stage.kiosk.page.wait_for("all answers once more", at, SOON).await?;
    told(stage).await?;
    ensure!(stage.kiosk.text().await?.contains(ADDRESS), "the address is not in the form");
    stage.kiosk.shoot_whole("statement_by_staff").await.map(drop)
}

async fn prints(board: &Page) -> Result<()> {
    front(board).await?;
    board.click("print-open", SOON).await?;
    let shown = "(page => !!page?.complete && page.naturalWidth > 0)(document.querySelector('[data-test=printout]'))";
    board.wait_for("the page to print", shown, SOON).await?;
    pictures(board, "print").await
}

/// Seen by the person, and heard by who does not see.
async fn told(stage: &Stage) -> Result<()> {
    let page = &stage.kiosk.page;
    page.wait_for("the person to be told", &there("by-staff"), SOON).await?;
    let heard = format!(
        "[...document.querySelectorAll('[role=status]')].some((it) => it.innerText.trim() === {})",
        json!(words("numbers.by_staff")?)
    );
    page.wait_for("a screen reader to be told", &heard, SOON).await.map(drop)
}

/// Into a field of the board.
async fn types(board: &Page, field: &str, text: &str) -> Result<()> {
    board.click(&format!("type-{field}"), SOON).await?;
    board.type_keys(text).await
}

async fn nothing_left(stage: &Stage, board: &Page) -> Result<()> {
    for page in [&stage.kiosk.page, board] {
        let (found, looked) = page.search(&[Needle::text("a number", NUMBER)]).await?;
        ensure!(looked.wasm_bytes > 0 && looked.strings > 0, "nothing was searched: {looked:?}");
        let places: Vec<_> = found.into_iter().map(|found| found.place).collect();
        ensure!(places.is_empty(), "what was typed is left in {}", places.join(", "));
    }
    Ok(())
}

const DISABLED: &str = "document.querySelector('[data-test=type-put]').ariaDisabled === 'true'";

fn gone(test: &str) -> String {
    format!("!document.querySelector('[data-test=\"{test}\"]')")
}
