//! (t) A site with two kiosks: two people check in at once, staff who joined by the code of the first manager see both rows move
//! from the kiosks to 「済」, and the call display shows numbers and places, never a name. The bridge is killed in between: the
//! display comes back by itself, staff by their account.

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use serde_json::json;
use virtual_card::Speed;

use super::staff::{self, front, line, press, row, there, tick, used};
use crate::asks::Asks;
use crate::bridge::Settings;
use crate::card::{Card, PIN};
use crate::cdp::Page;
use crate::kiosk::{Kiosk, LOADING, SOON};
use crate::stage::{Stage, output};

/// A second kiosk, at the other slot of the reader, and more than one place to call to.
pub(super) const SETTINGS: Settings = Settings {
    lines: r#"
kiosk_name = "窓口1"
call_places = ["reception", "lane 1"]

[[kiosk]]
name = "lane-2"
kiosk_name = "レーン2"
reader = "Virtual PCD 00 01"
"#,
    network: false,
    asks: Asks::Simulator,
};

/// Its name on board and display.
const LANE: &str = "1番レーン";
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
    staff::join(stage, &board).await?;
    board.wait_for("both kiosks", &used(0, 2), SOON).await?;
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
    board.wait_for("one kiosk in use", &used(1, 2), SOON).await?;
    let lying = cards[1].place(&stage.further[0], Speed::Instant);
    lane.wait_screen(&["method"], SOON).await?;
    board.wait_for("two kiosks in use", &used(2, 2), SOON).await?;
    let numbers = [by_pin(&stage.kiosk).await?, by_pin(&lane).await?];
    ensure!(numbers[0] != numbers[1], "both people have number {}", numbers[0]);
    lying.pull();
    if lane.wait_screen(&["farewell", "idle"], SOON).await? == "farewell" {
        lane.press("continue").await?;
    }
    stage.kiosk.page.bring_to_front().await?;
    stage.take().await?;
    board.wait_for("both kiosks to be free", &used(0, 2), LOADING).await?;
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
pub(super) async fn by_pin(kiosk: &Kiosk) -> Result<String> {
    kiosk.page.bring_to_front().await?;
    kiosk.choose("pin").await?;
    kiosk.enter_pin(PIN).await?;
    kiosk.consent().await
}

/// In the open row: a line calls to the place that was chosen last, or the first one.
async fn call_to_the_lane(board: &Page, number: &str) -> Result<()> {
    front(board).await?;
    let line = line(board, number).await?;
    board.click_css(&format!("{line} [data-test=row-open]"), SOON).await?;
    let place = format!("document.querySelector(\"{line} [data-test=call-to]\")");
    board.wait_for("the places", &format!("!!{place}"), SOON).await?;
    board.evaluate(&format!("{place}.focus()")).await?;
    board.key("ArrowDown", None).await?;
    let chosen = format!("{place}.selectedOptions[0].text === '1番レーン'");
    board.wait_for("the lane to be chosen", &chosen, SOON).await?;
    press(board, &format!("{line} .row__details"), "tick-called").await?;
    let when = format!(
        "document.querySelector(\"{line} [data-test=called-when]\")?.innerText.includes('1番レーン')"
    );
    board.wait_for("the row to say where to", &when, SOON).await?;
    board.key("Escape", None).await?;
    let closed = format!("!document.querySelector(\"{line} .row__details\")");
    board.wait_for("the row to close", &closed, SOON).await.map(drop)
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
    staff::log_in_here(board).await?;
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

async fn picture(page: &Page, name: &str) -> Result<()> {
    front(page).await?;
    page.screenshot_whole(&output().join(format!("screens/t-{name}.png"))).await
}
