//! (t) A site with two kiosks: two people check in at once, staff who joined by the code of the first manager see both rows move
//! from the kiosks to 「済」, and the call display shows numbers and places, never a name. The bridge is killed in between: the
//! display comes back by itself, staff by their account.

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::json;
use virtual_card::Speed;

use crate::card::{Card, PIN};
use crate::cdp::Page;
use crate::kiosk::{Kiosk, LOADING, SOON};
use crate::stage::{Stage, output};

/// A second kiosk, at the other slot of the reader, and more than one place to call to.
pub(super) const SETTINGS: &str = r#"
kiosk_name = "窓口1"
call_places = ["reception", "lane 1"]

[[kiosk]]
name = "lane-2"
kiosk_name = "レーン2"
reader = "Virtual PCD 00 01"
"#;

/// Its name on board and display.
const LANE: &str = "1番レーン";
/// The account of the first manager.
const NAME: &str = "incho";
const PASSWORD: &str = "three words here";
/// The page says after 10 s that it does not hear the bridge, and each call stays large for 5 s.
const SILENCE: Duration = Duration::from_secs(30);

/// What the display is told, as it is told.
const LISTENER: &str = "(() => {
    const told = self.e2eTold = [];
    const Plain = self.EventSource;
    self.EventSource = class extends Plain {
        constructor(...args) {
            super(...args);
            this.addEventListener('message', ({ data }) => told.push(data));
        }
    };
})()";

pub(super) async fn over_a_day(stage: &mut Stage) -> Result<()> {
    let display = display(stage).await?;
    let board = stage.browser.page().await?;
    join(stage, &board).await?;
    board.wait_for("an empty board", &there("board-empty"), SOON).await?;
    board.wait_for("both kiosks", &used(0), SOON).await?;
    let cards = [Stage::card("valid")?, Stage::card("elderly-two")?];
    let [first, second] = check_in_at_once(stage, &board, &cards).await?;
    tick(&board, &first, "tick-called").await?;
    shows(&display, &first, "受付", &[]).await?;
    call_to_the_lane(&board, &second).await?;
    shows(&display, &second, LANE, &[&first]).await?;
    heard(&display, &format!("{second}番の方 1番レーンへお進みください")).await?;
    picture(&display, "called").await?;
    tick(&board, &first, "tick-done").await?;
    shows(&display, &second, LANE, &[]).await?;
    over_a_restart(stage, &display, &board, &second).await?;
    tick(&board, &second, "tick-done").await?;
    display.wait_for("nobody to be called", &there("call-none"), SOON).await?;
    both_are_done(&board, [&first, &second]).await?;
    picture(&board, "done").await?;
    names_nobody(&display, &cards).await?;
    display.close().await?;
    board.close().await
}

async fn display(stage: &Stage) -> Result<Page> {
    let page = stage.browser.page().await?;
    page.resize(1920, 1080).await?;
    page.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": LISTENER })).await?;
    page.navigate(&format!("{}call", stage.bridge.url())).await?;
    page.wait_for("nobody to be called", &there("call-none"), LOADING).await?;
    Ok(page)
}

/// In by the code that lies in the data folder.
async fn join(stage: &Stage, board: &Page) -> Result<()> {
    board.resize(1280, 800).await?;
    board.navigate(&format!("{}staff", stage.bridge.url())).await?;
    board.click("to-first", LOADING).await?;
    let file = std::fs::read_to_string(stage.bridge.data().join("first-manager.txt"))?;
    let code = file.lines().next().context("there is no code of the first manager")?;
    let fields =
        [("account-invitation", code), ("account-name", NAME), ("account-new-password", PASSWORD)];
    fill(board, &fields, "join").await
}

async fn fill(board: &Page, fields: &[(&str, &str)], button: &str) -> Result<()> {
    for (field, text) in fields {
        board.click(field, SOON).await?;
        board.type_keys(text).await?;
    }
    board.click(button, SOON).await
}

/// Two people at two kiosks; gives the numbers that they are told.
async fn check_in_at_once(
    stage: &mut Stage,
    board: &Page,
    cards: &[Card; 2],
) -> Result<[String; 2]> {
    let page = stage.browser.page().await?;
    page.resize(1280, 800).await?;
    page.navigate(&format!("{}k/lane-2", stage.bridge.url())).await?;
    let lane = Kiosk::new(page, output().join("screens"), "t-lane");
    lane.at("idle", LOADING).await?;
    stage.place(&cards[0], Speed::Instant)?;
    stage.kiosk.wait_screen(&["method"], SOON).await?;
    board.wait_for("one kiosk in use", &used(1), SOON).await?;
    let lying = cards[1].place(&stage.second, Speed::Instant);
    lane.wait_screen(&["method"], SOON).await?;
    board.wait_for("two kiosks in use", &used(2), SOON).await?;
    let numbers = [by_pin(&stage.kiosk).await?, by_pin(&lane).await?];
    ensure!(numbers[0] != numbers[1], "both people have number {}", numbers[0]);
    lying.pull();
    if lane.wait_screen(&["farewell", "idle"], SOON).await? == "farewell" {
        lane.press("continue").await?;
    }
    stage.kiosk.page.bring_to_front().await?;
    stage.take().await?;
    board.wait_for("both kiosks to be free", &used(0), LOADING).await?;
    for number in &numbers {
        board.wait_for("the row", &format!("!!{}", row(number)), SOON).await?;
    }
    let kiosks = "[...document.querySelectorAll('[data-visit] [data-test=kiosk]')].map((kiosk) => kiosk.innerText).sort()";
    let kiosks = board.evaluate(kiosks).await?;
    ensure!(kiosks == json!(["レーン2", "窓口1"]), "the rows are of {kiosks}");
    lane.page.close().await?;
    Ok(numbers)
}

/// From the choice of a method to the result; gives the number.
async fn by_pin(kiosk: &Kiosk) -> Result<String> {
    // A page behind another one is not drawn, and cannot be pressed.
    kiosk.page.bring_to_front().await?;
    kiosk.choose("pin").await?;
    kiosk.enter_pin(PIN).await?;
    kiosk.wait_screen(&["consent_all"], SOON).await?;
    kiosk.press("consent-all").await?;
    kiosk.at("finished", SOON).await?;
    let number = "document.querySelector('[data-test=reception-number]')?.innerText ?? ''";
    let number = kiosk.page.wait_for("a number", number, SOON).await?;
    Ok(number.as_str().unwrap_or_default().trim().to_owned())
}

/// In the open row: a line calls to the place that was chosen last, or the first one.
async fn call_to_the_lane(board: &Page, number: &str) -> Result<()> {
    front(board).await?;
    let id = id(board, number).await?;
    board.click_css(&format!("[data-visit='{id}'] [data-test=row-open]"), SOON).await?;
    let place = format!("document.querySelector(\"[data-visit='{id}'] [data-test=call-to]\")");
    board.wait_for("the places", &format!("!!{place}"), SOON).await?;
    board.evaluate(&format!("{place}.focus()")).await?;
    board.key("ArrowDown", None).await?;
    let chosen = format!("{place}.selectedOptions[0].text === '1番レーン'");
    board.wait_for("the lane to be chosen", &chosen, SOON).await?;
    press(board, &format!("[data-visit='{id}'] .row__details"), "tick-called").await?;
    let when = format!(
        "document.querySelector(\"[data-visit='{id}'] [data-test=called-when]\")?.innerText.includes('1番レーン')"
    );
    board.wait_for("the row to say where to", &when, SOON).await?;
    board.key("Escape", None).await?;
    let closed = format!("!document.querySelector(\"[data-visit='{id}'] .row__details\")");
    board.wait_for("the row to close", &closed, SOON).await.map(drop)
}

/// In the line of this number.
async fn tick(board: &Page, number: &str, test: &str) -> Result<()> {
    front(board).await?;
    let id = id(board, number).await?;
    press(board, &format!("[data-visit='{id}'] .row__ticks"), test).await
}

/// Once the line takes it: what was ticked a moment ago is still to be read.
async fn press(board: &Page, within: &str, test: &str) -> Result<()> {
    let tick = format!("{within} [data-test={test}]");
    board.click_css(&tick, SOON).await?;
    let pressed = format!("document.querySelector(\"{tick}\")?.ariaPressed === 'true'");
    board.wait_for(test, &pressed, SOON).await.map(drop)
}

/// The display calls `number`, and these before it.
async fn shows(display: &Page, number: &str, place: &str, earlier: &[&str]) -> Result<()> {
    // In the order of the alphabet, in which they are compared.
    let shown = "JSON.stringify({
        earlier: [...document.querySelectorAll('[data-test=call-earlier] b')].map((call) => call.innerText.trim()),
        number: document.querySelector('[data-test=call-number]')?.innerText.trim() ?? '',
        place: document.querySelector('[data-test=call-place]')?.innerText.trim() ?? '',
    })";
    let expected = json!({ "earlier": earlier, "number": number, "place": place }).to_string();
    let is_so = format!("{shown} === {}", json!(expected));
    if display.wait_for("the call", &is_so, SILENCE).await.is_err() {
        bail!("the display shows {} instead of {expected}", display.evaluate(shown).await?);
    }
    Ok(())
}

/// The voice has said it to its end.
async fn heard(display: &Page, words: &str) -> Result<()> {
    let spoken = format!("document.documentElement.dataset.spoken === {}", json!(words));
    display.wait_for(&format!("「{words}」 to be heard"), &spoken, SILENCE).await.map(drop)
}

/// Killed and started again: no number is shown meanwhile, and neither page is loaded by hand.
async fn over_a_restart(
    stage: &mut Stage,
    display: &Page,
    board: &Page,
    called: &str,
) -> Result<()> {
    display.evaluate("self.e2eSamePage = true").await?;
    stage.bridge.kill();
    display.wait_for("no number", &there("call-silent"), SILENCE).await?;
    stage.bridge.restart().await?;
    shows(display, called, LANE, &[]).await?;
    ensure!(display.evaluate("self.e2eSamePage").await? == true, "the display was loaded anew");
    front(board).await?;
    board.click("to-log-in", LOADING).await?;
    let fields = [("account-name", NAME), ("account-password", PASSWORD)];
    fill(board, &fields, "log-in").await?;
    board.wait_for("the row", &format!("!!{}", row(called)), SOON).await.map(drop)
}

/// The rows stay, ticked, and the day counts them.
async fn both_are_done(board: &Page, numbers: [&str; 2]) -> Result<()> {
    for number in numbers {
        let done = format!(
            "{}.querySelector('[data-test=tick-done]').ariaPressed === 'true'",
            row(number)
        );
        board.wait_for("「済」", &done, SOON).await?;
    }
    board.click_css("[data-test=day] summary", SOON).await?;
    let counted = "document.querySelector('[data-test=day-ended]')?.innerText.includes('2件')";
    board.wait_for("the day with two visits", counted, SOON).await.map(drop)
}

/// Neither on the page nor in what it was told.
async fn names_nobody(display: &Page, cards: &[Card]) -> Result<()> {
    let seen = display.evaluate("document.documentElement.outerHTML + self.e2eTold.join()").await?;
    let seen = seen.as_str().unwrap_or_default();
    ensure!(seen.contains("at_ms"), "what the display was told was not heard here");
    for needle in cards.iter().flat_map(Card::needles_in_page) {
        ensure!(!needle.is_in_text(seen), "{} is on the call display", needle.name);
    }
    Ok(())
}

async fn id(board: &Page, number: &str) -> Result<String> {
    let id = board.wait_for("the row", &format!("{}?.dataset.visit", row(number)), SOON).await?;
    Ok(id.as_str().unwrap_or_default().to_owned())
}

/// The row of this number.
fn row(number: &str) -> String {
    format!(
        "[...document.querySelectorAll('[data-visit]')].find((row) => row.querySelector('[data-test=number]').innerText.trim() === '{number}')"
    )
}

/// So many of the two kiosks are in use.
fn used(count: u8) -> String {
    format!(
        "document.querySelectorAll('[data-kiosk]').length === 2 && document.querySelectorAll('[data-kiosk].kiosk--used').length === {count}"
    )
}

/// A page behind another one is not drawn, so that its lines move only now.
async fn front(page: &Page) -> Result<()> {
    page.bring_to_front().await?;
    page.drawn().await
}

fn there(test: &str) -> String {
    format!("!!document.querySelector('[data-test=\"{test}\"]')")
}

async fn picture(page: &Page, name: &str) -> Result<()> {
    front(page).await?;
    page.screenshot_whole(&output().join(format!("screens/t-{name}.png"))).await
}
