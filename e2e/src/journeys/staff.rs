//! What staff do on their pages in more than one journey.

use anyhow::{Context as _, Result};

use crate::cdp::Page;
use crate::kiosk::{LOADING, SOON};
use crate::stage::Stage;

/// The account of the first manager.
pub(super) const NAME: &str = "incho";
pub(super) const PASSWORD: &str = "three words here";

/// In by the code that lies in the data folder, which makes the first manager.
pub(super) async fn join(stage: &Stage, board: &Page) -> Result<()> {
    board.resize(1280, 800).await?;
    board.navigate(&format!("{}staff", stage.bridge.url())).await?;
    board.click("to-first", LOADING).await?;
    let file = std::fs::read_to_string(stage.bridge.data().join("first-manager.txt"))?;
    let code = file.lines().next().context("there is no code of the first manager")?;
    let fields =
        [("account-invitation", code), ("account-name", NAME), ("account-new-password", PASSWORD)];
    fill(board, &fields, "join").await?;
    board.wait_for("an empty board", &there("board-empty"), SOON).await.map(drop)
}

/// On the kiosk's own computer, where the account's password is enough.
pub(super) async fn log_in_here(board: &Page) -> Result<()> {
    front(board).await?;
    board.click("to-log-in", LOADING).await?;
    let fields = [("account-name", NAME), ("account-password", PASSWORD)];
    fill(board, &fields, "log-in").await
}

pub(super) async fn fill(board: &Page, fields: &[(&str, &str)], button: &str) -> Result<()> {
    for (field, text) in fields {
        board.click(field, SOON).await?;
        board.type_keys(text).await?;
    }
    board.click(button, SOON).await
}

/// A page behind another one is not drawn, so that its lines move only now.
pub(super) async fn front(page: &Page) -> Result<()> {
    page.bring_to_front().await?;
    page.drawn().await
}

pub(super) fn there(test: &str) -> String {
    format!("!!document.querySelector('[data-test=\"{test}\"]')")
}

/// So many of all kiosks are in use, by people who need staff or do not.
pub(super) fn used(count: usize, of: usize) -> String {
    format!(
        "document.querySelectorAll('[data-kiosk]').length === {of} && document.querySelectorAll('[data-kiosk]:is(.kiosk--used, .kiosk--needs)').length === {count}"
    )
}

/// The row of this number.
pub(super) fn row(number: &str) -> String {
    format!(
        "[...document.querySelectorAll('[data-visit]')].find((row) => row.querySelector('[data-test=number]').innerText.trim() === '{number}')"
    )
}

/// The same by CSS selector, once it is there.
pub(super) async fn line(board: &Page, number: &str) -> Result<String> {
    let id = board.wait_for("the row", &format!("{}?.dataset.visit", row(number)), SOON).await?;
    Ok(format!("[data-visit='{}']", id.as_str().unwrap_or_default()))
}

/// In the line of this number.
pub(super) async fn tick(board: &Page, number: &str, test: &str) -> Result<()> {
    front(board).await?;
    press(board, &format!("{} .row__ticks", line(board, number).await?), test).await
}

/// Once the line takes it: what was ticked a moment ago is still to be read.
pub(super) async fn press(board: &Page, within: &str, test: &str) -> Result<()> {
    let tick = format!("{within} [data-test={test}]");
    board.click_css(&tick, SOON).await?;
    let pressed = format!("document.querySelector(\"{tick}\")?.ariaPressed === 'true'");
    board.wait_for(test, &pressed, SOON).await.map(drop)
}
