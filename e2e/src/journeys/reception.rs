//! (s) The reception: staff type for somebody from the board, a document is typed at the kiosk and looked at by staff, a number
//! is known from an earlier visit, a consent is taken back; the board in every size.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use virtual_card::Speed;

use super::helped;
use crate::bridge::PASSCODE;
use crate::card::PIN;
use crate::cdp::Page;
use crate::kiosk::{Kiosk, LOADING, SOON};
use crate::stage::{Stage, output};

/// What stands on the document of the practice person 受付 太郎, by the boxes of the screen.
const TYPED: [(&str, &str); 4] =
    [("insurer_number", "01130012"), ("symbol", "2113"), ("number", "1048"), ("branch", "01")];
/// Windows in pixels; the last is shown at twice the size of type, too.
const WINDOWS: [(u32, u32); 3] = [(360, 640), (1280, 800), (3840, 2160)];

pub(super) async fn papers_and_numbers(stage: &mut Stage) -> Result<()> {
    let page = stage.browser.page().await?;
    page.resize(1280, 800).await?;
    page.navigate(&format!("{}staff", stage.bridge.url())).await?;
    page.wait_for("the entrance", &there("key-4"), LOADING).await?;
    picture(&page, "entrance").await?;
    for digit in PASSCODE.chars() {
        page.click(&format!("key-{digit}"), SOON).await?;
    }
    page.click("confirm", SOON).await?;
    page.wait_for("the board", &there("board-empty"), SOON).await?;
    helped::from_both_sides(stage, &page).await?;
    stage.kiosk.page.bring_to_front().await?;
    types_a_document(stage).await?;
    asks_to_be_told(stage).await?;
    consents(stage).await?;
    page.bring_to_front().await?;
    page.wait_for("the first row", &there("row-open"), SOON).await?;
    pictures(&page, "rows").await?;
    looks_at_the_document(&page).await?;
    enters_the_known_number(&page).await?;
    takes_a_consent_back(&page).await?;
    finds_a_name(&page).await?;
    pictures(&page, "done").await?;
    page.close().await
}

/// Types what stands on the document of 受付 太郎; it is still to be confirmed.
pub(super) async fn types(kiosk: &Kiosk) -> Result<()> {
    kiosk.wait_screen(&["numbers"], SOON).await?;
    for (place, text) in TYPED {
        kiosk.press(&format!("field-{place}")).await?;
        kiosk.page.type_keys(text).await?;
    }
    kiosk.press("era-showa").await?;
    for (part, text) in [("year", "59"), ("month", "5"), ("day", "12")] {
        kiosk.press(&format!("field-{part}")).await?;
        kiosk.page.type_keys(text).await?;
    }
    Ok(())
}

/// Without a card, by what stands on a 資格確認書.
async fn types_a_document(stage: &mut Stage) -> Result<()> {
    let kiosk = &stage.kiosk;
    kiosk.press("other-ways").await?;
    kiosk.wait_screen(&["fallback"], SOON).await?;
    kiosk.press("way-eligibility_certificate").await?;
    types(kiosk).await?;
    kiosk.shoot_whole("numbers_typed").await?;
    kiosk.press("confirm").await?;
    if kiosk.wait_screen(&["limit_certificate", "finished"], SOON).await? == "limit_certificate" {
        kiosk.shoot("limit_certificate").await?;
        kiosk.press("agree").await?;
    }
    kiosk.at("finished", SOON).await?;
    ensure!(
        kiosk.page.evaluate(&there("paper")).await? == true,
        "the person is not told to show the document"
    );
    kiosk.press("continue").await?;
    stage.settle().await
}

/// With a card that has ended, by word of mouth.
async fn asks_to_be_told(stage: &mut Stage) -> Result<()> {
    let card = Stage::card("expired-long")?;
    stage.place(&card, Speed::Instant)?;
    stage.kiosk.wait_screen(&["card_problem"], SOON).await?;
    stage.kiosk.press("other-ways").await?;
    stage.kiosk.wait_screen(&["fallback"], SOON).await?;
    stage.kiosk.press("way-oral").await?;
    stage.kiosk.at("finished", SOON).await?;
    stage.take().await
}

/// With a card and its PIN, and with every consent.
async fn consents(stage: &mut Stage) -> Result<()> {
    let card = Stage::card("valid")?;
    stage.place(&card, Speed::Instant)?;
    stage.kiosk.choose("pin").await?;
    stage.kiosk.enter_pin(PIN).await?;
    stage.kiosk.wait_screen(&["consent_all"], SOON).await?;
    stage.kiosk.press("consent-all").await?;
    stage.kiosk.wait_screen(&["finished"], SOON).await?;
    stage.take().await
}

/// Opens the row with these words in it, which stands where staff see what is to be done, or how it ended.
async fn open(page: &Page, words: &str) -> Result<()> {
    let row = format!(
        "[...document.querySelectorAll('[data-visit]')].find((row) => row.innerText.includes('{words}'))"
    );
    page.wait_for(words, &format!("!!{row}"), SOON).await?;
    let id = page.evaluate(&format!("{row}.dataset.visit")).await?;
    let id = id.as_str().unwrap_or_default();
    page.click_css(&format!("[data-visit='{id}'] [data-test=row-open]"), SOON).await
}

/// By its kana in hiragana: result files write them in half width.
async fn finds_a_name(page: &Page) -> Result<()> {
    page.click("board-search", SOON).await?;
    page.type_keys("うけつけ").await?;
    let all = "[...document.querySelectorAll('[data-test=kana]')].map((kana) => kana.innerText.normalize('NFKC'))";
    let found = format!("{all}.length > 0 && {all}.every((kana) => kana.startsWith('ウケツケ'))");
    page.wait_for("the name that is looked for", &found, SOON).await.map(drop)
}

async fn looks_at_the_document(page: &Page) -> Result<()> {
    open(page, "書類を確認").await?;
    pictures(page, "open").await?;
    let disabled = "document.querySelector('[data-test=paper-done]').ariaDisabled === 'true'";
    ensure!(page.evaluate(disabled).await? == true, "done before anything was looked at");
    let boxes =
        "[...document.querySelectorAll('[data-test=paper] input')].map((box) => box.dataset.test)";
    let boxes = page.evaluate(boxes).await?;
    let boxes: Vec<&str> =
        boxes.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    ensure!(!boxes.is_empty(), "nothing is asked of staff");
    for name in boxes {
        page.click(name, SOON).await?;
    }
    page.click("paper-done", SOON).await?;
    page.wait_for("the document to be seen", &there("paper-seen"), SOON).await.map(drop)
}

async fn enters_the_known_number(page: &Page) -> Result<()> {
    open(page, "口頭で確認").await?;
    page.click_css("[data-test=known] summary", SOON).await?;
    page.click("known-same", SOON).await?;
    for (place, text) in TYPED {
        page.click(&format!("known-{place}"), SOON).await?;
        page.type_keys(text).await?;
    }
    pictures(page, "known").await?;
    page.click("known-save", SOON).await?;
    let shown = "[...document.querySelectorAll('[data-test=claim-numbers], [data-test=route], [data-test=remarks]')].some((line) => line.innerText.includes('01130012'))";
    page.wait_for("the known number on the row", shown, SOON).await.map(drop)
}

async fn takes_a_consent_back(page: &Page) -> Result<()> {
    open(page, "確認済み").await?;
    page.wait_for("its consents", &there("withdraw"), SOON).await?;
    let left = "document.querySelectorAll('[data-test=withdraw]').length";
    let before = page.evaluate(left).await?;
    page.click("withdraw", SOON).await?;
    page.click("withdraw-yes", SOON).await?;
    page.wait_for("one consent less", &format!("{left} < {before}"), SOON).await.map(drop)
}

fn there(test: &str) -> String {
    format!("!!document.querySelector('[data-test=\"{test}\"]')")
}

/// The board in every window; nothing may have to be scrolled sideways.
pub(super) async fn pictures(page: &Page, name: &str) -> Result<()> {
    let mut too_wide = Vec::new();
    for (width, height) in WINDOWS {
        page.resize(width, height).await?;
        picture(page, &format!("{name}-{width}")).await?;
        if page.evaluate(super::screens::TOO_WIDE).await? == true {
            too_wide.push(width);
        }
    }
    page.resize(1280, 800).await?;
    ensure!(too_wide.is_empty(), "`{name}` is wider than windows of {}", json!(too_wide));
    Ok(())
}

async fn picture(page: &Page, name: &str) -> Result<()> {
    page.screenshot_whole(&output().join(format!("screens/s-board-{name}.png"))).await
}
