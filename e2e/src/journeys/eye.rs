//! (u) Three kiosks and one reception on its own computer: staff come in over the network, by an account with an authenticator, and
//! look after three people at once. One is confirmed from the board beside the photo of the chip, one is not, one is confirmed at
//! the kiosk by a passcode while the board has its panel open. Nothing of the photo stays on the board, and guesses at the
//! account are slowed down without keeping its owner out.

use anyhow::{Result, bail, ensure};
use serde_json::json;
use virtual_card::Speed;
use virtual_card::harness::InsertedCard;

use super::calls;
use super::movements::words;
use super::staff::{self, NAME, PASSWORD, fill, front, there, tick, used};
use crate::asks::Asks;
use crate::authenticator::Authenticator;
use crate::bridge::Settings;
use crate::card::Card;
use crate::cdp::Page;
use crate::kiosk::{Kiosk, LOADING, LOOKING, SOON};
use crate::stage::{Stage, output};
use needles::Needle;

/// Three kiosks, two of them at the slots of one reader, and the staff pages on the network.
pub(super) const SETTINGS: Settings = Settings {
    lines: r#"
kiosk_name = "窓口1"

[[kiosk]]
name = "lane-2"
kiosk_name = "レーン2"
reader = "Virtual PCD 00 01"

[[kiosk]]
name = "lane-3"
kiosk_name = "レーン3"
reader = "Virtual PCD 1 00 00"
"#,
    network: true,
    asks: Asks::Simulator,
};

/// After the person was compared: somebody is asked for, the reason, yes.
const TAPS: [&str; 3] = [
    "[data-wait=first] [data-test=bar-confirm]",
    "[data-test=reason-face_not_matched]",
    "[data-test=visual-waiting] [data-test=confirm]",
];
/// A panel takes no press when it has just appeared.
const READ: &str = "!!document.querySelector('[data-test=visual-waiting]:not([data-held])')";
/// More than are free, and as many again.
const MOST_GUESSES: usize = 12;

pub(super) async fn from_both_sides(stage: &mut Stage) -> Result<()> {
    let here = stage.browser.page().await?;
    staff::join(stage, &here).await?;
    let board = entered_over_the_network(stage).await?;
    let lanes = [lane(stage, "lane-2").await?, lane(stage, "lane-3").await?];
    let cards = ["valid", "elderly-two", "circle-in-name"].map(Stage::card);
    let [first, second, third] = cards;
    let (first, second, third) = (first?, second?, third?);

    stage.place(&first, Speed::Instant)?;
    opens_the_photo(&stage.kiosk, &first).await?;
    let lying = second.place(&stage.further[0], Speed::Instant);
    asks_for_staff(&lanes[0]).await?;
    let photo = yes_beside_the_photo(stage, &board).await?;
    let also_lying = third.place(&stage.further[1], Speed::Instant);
    asks_for_staff(&lanes[1]).await?;
    no(&board, &lanes[0]).await?;
    yes_at_the_kiosk(&board, &lanes[1]).await?;

    let numbers =
        [stage.kiosk.consent().await?, calls::by_pin(&lanes[0]).await?, lanes[1].consent().await?];
    for (lane, card) in lanes.into_iter().zip([lying, also_lying]) {
        leave(lane, card).await?;
    }
    stage.kiosk.page.bring_to_front().await?;
    stage.take().await?;
    three_rows(&board, &numbers).await?;
    nothing_of_the_photo(&board, photo).await?;
    guesses(stage, &board, &here, &numbers[0]).await?;
    here.close().await?;
    board.close().await
}

/// By name and password, then with an authenticator, without which the board stays closed over the network.
async fn entered_over_the_network(stage: &Stage) -> Result<Page> {
    let board = entrance(stage).await?;
    let fields = [("account-name", NAME), ("account-password", PASSWORD)];
    fill(&board, &fields, "log-in").await?;
    board.wait_for("an authenticator to be asked for", &there("authenticator-first"), SOON).await?;
    board.click("authenticator-start", SOON).await?;
    let letters = "document.querySelector('[data-test=authenticator-secret]')?.innerText ?? ''";
    let letters = board.wait_for("the letters of the authenticator", letters, SOON).await?;
    let mut telephone = Authenticator::of(letters.as_str().unwrap_or_default())?;
    let code = telephone.code()?;
    fill(&board, &[("authenticator-code", &code)], "authenticator-confirm").await?;
    board.click("recovery-kept", SOON).await?;
    board.click("account-back", SOON).await?;
    board.wait_for("the board", &there("board-empty"), SOON).await?;
    // Its words stand beside this button until the browser has let the page sound.
    board.wait_for("the sound", &gone("sound-waits"), SOON).await?;
    board.click("board-lock", SOON).await?;

    // The password alone is not enough any more, nor is a code twice.
    board.wait_for("the entrance", &there("log-in"), SOON).await?;
    let fields = [fields[0], fields[1], ("account-code", &code)];
    fill(&board, &fields, "log-in").await?;
    told(&board, "account.wrong").await?;
    let after = "(box => { box.focus(); box.select(); return true })(document.querySelector('[data-test=account-code]'))";
    board.evaluate(after).await?;
    board.type_keys(&telephone.code()?).await?;
    board.click("log-in", SOON).await?;
    board.wait_for("the board", &there("board-empty"), SOON).await?;
    Ok(board)
}

async fn entrance(stage: &Stage) -> Result<Page> {
    let Some(address) = stage.bridge.network_url() else { bail!("nothing is on the network") };
    let page = stage.browser.page().await?;
    page.resize(1280, 800).await?;
    page.navigate(&format!("{address}staff")).await?;
    page.wait_for("the entrance", &there("log-in"), LOADING).await?;
    Ok(page)
}

/// What went wrong, in these words.
async fn told(page: &Page, key: &str) -> Result<()> {
    let problem = "document.querySelector('[data-test=account-problem]')?.innerText.trim()";
    let is_told = format!("{problem} === {}", json!(words(key)?));
    page.wait_for(key, &is_told, SOON).await.map(drop)
}

async fn lane(stage: &Stage, name: &str) -> Result<Kiosk> {
    let page = stage.browser.page().await?;
    page.resize(1280, 800).await?;
    page.navigate(&format!("{}k/{name}", stage.bridge.url())).await?;
    let lane = Kiosk::new(page, output().join("screens"), &format!("u-{name}"));
    lane.at("idle", LOADING).await?;
    Ok(lane)
}

/// By what is printed on the card; then the person would rather not look into the camera.
async fn opens_the_photo(kiosk: &Kiosk, card: &Card) -> Result<()> {
    kiosk.page.bring_to_front().await?;
    kiosk.choose("face").await?;
    kiosk.enter_code(card.holder()).await?;
    kiosk.wait_screen(&["face"], LOOKING).await?;
    kiosk.change_to("visual").await?;
    kiosk.at("staff", SOON).await
}

async fn asks_for_staff(kiosk: &Kiosk) -> Result<()> {
    kiosk.page.bring_to_front().await?;
    kiosk.choose("visual").await?;
    kiosk.at("staff", SOON).await
}

/// Two wait; the first one is looked at and confirmed by three taps. Gives a piece of the photo that was shown.
async fn yes_beside_the_photo(stage: &Stage, board: &Page) -> Result<Needle> {
    front(board).await?;
    board.wait_for("two who wait", "document.title.startsWith('(2)')", SOON).await?;
    let [ask, reason, yes] = TAPS;
    board.click_css(ask, SOON).await?;
    let shown = "(photo => photo?.complete && photo.naturalWidth > 0 && photo.src)(document.querySelector('[data-test=eye-photo] img'))";
    let shown = board.wait_for("the photo of the chip", shown, SOON).await?;
    let shown = shown.as_str().unwrap_or_default();
    ensure!(shown.len() > 10_000, "the photo has {} characters only", shown.len());
    for part in ["eye-points", "eye-birth"] {
        board.wait_for(part, &there(part), SOON).await?;
    }
    picture(board, "photo").await?;
    board.wait_for("the panel to be read", READ, SOON).await?;
    board.click_css(reason, SOON).await?;
    board.click_css(yes, SOON).await?;
    board.wait_for("the panel to close", &gone("visual-waiting"), SOON).await?;
    stage.kiosk.wait_screen(&["consent_all"], SOON).await?;
    // Behind the heads of the file, and within what a picture of the heap shows of a text.
    Ok(Needle::text("the photo", &shown[400..480]))
}

/// The second one is somebody else, or nobody is sure: as easily said.
async fn no(board: &Page, kiosk: &Kiosk) -> Result<()> {
    front(board).await?;
    board.wait_for("three kiosks in use", &used(3, 3), SOON).await?;
    board.click_css("[data-wait=lane-2] [data-test=bar-confirm]", SOON).await?;
    board.wait_for("no photo, which was not opened", &there("eye-no-photo"), SOON).await?;
    board.wait_for("the panel to be read", READ, SOON).await?;
    board.click("visual-no", SOON).await?;
    board.wait_for("the panel to close", &gone("visual-waiting"), SOON).await?;
    kiosk.wait_screen(&["method"], SOON).await?;
    ensure!(!kiosk.offers("choose-visual").await?, "who was refused may ask again");
    Ok(())
}

/// The third one is confirmed where the person stands, while somebody has the panel open.
async fn yes_at_the_kiosk(board: &Page, kiosk: &Kiosk) -> Result<()> {
    front(board).await?;
    board.click_css("[data-wait=lane-3] [data-test=bar-confirm]", SOON).await?;
    board.wait_for("the panel", &there("visual-waiting"), SOON).await?;
    kiosk.page.bring_to_front().await?;
    kiosk.enter_passcode("cannot_operate").await?;
    kiosk.wait_screen(&["consent_all"], SOON).await?;
    front(board).await?;
    board.wait_for("the board to say so", &there("visual-over"), SOON).await?;
    ensure!(board.evaluate(&gone("visual-waiting")).await? == true, "the panel stays open");
    picture(board, "over").await
}

async fn leave(lane: Kiosk, card: InsertedCard) -> Result<()> {
    card.pull();
    lane.page.bring_to_front().await?;
    if lane.wait_screen(&["farewell", "idle"], SOON).await? == "farewell" {
        lane.press("continue").await?;
    }
    lane.page.close().await
}

/// Of three kiosks, and all of them free again.
async fn three_rows(board: &Page, numbers: &[String; 3]) -> Result<()> {
    front(board).await?;
    board.wait_for("all kiosks to be free", &used(0, 3), LOADING).await?;
    for number in numbers {
        staff::line(board, number).await?;
    }
    let kiosks = "[...document.querySelectorAll('[data-visit] [data-test=kiosk]')].map((kiosk) => kiosk.innerText).sort()";
    let kiosks = board.evaluate(kiosks).await?;
    ensure!(kiosks == json!(["レーン2", "レーン3", "窓口1"]), "the rows are of {kiosks}");
    Ok(())
}

async fn nothing_of_the_photo(board: &Page, photo: Needle) -> Result<()> {
    let (found, looked) = board.search(&[photo]).await?;
    ensure!(looked.wasm_bytes > 0 && looked.strings > 0, "nothing was searched: {looked:?}");
    let places: Vec<_> = found.into_iter().map(|found| found.place).collect();
    ensure!(places.is_empty(), "the photo is left in {}", places.join(", "));
    Ok(())
}

/// Somebody guesses the password over the network: told to wait at last. Who is in stays in, and the owner comes in on the kiosk's
/// own computer.
async fn guesses(stage: &Stage, board: &Page, here: &Page, number: &str) -> Result<()> {
    let page = entrance(stage).await?;
    front(&page).await?;
    let fields = [("account-name", NAME), ("account-password", "three other words")];
    fill(&page, &fields, "log-in").await?;
    until_told_to_wait(&page).await?;
    picture(&page, "wait").await?;
    page.close().await?;
    tick(board, number, "tick-called").await?;
    staff::log_in_here(here).await?;
    staff::line(here, number).await.map(drop)
}

async fn until_told_to_wait(page: &Page) -> Result<()> {
    let wait = words("account.throttled")?;
    let again =
        "document.querySelector('[data-test=account-problem]')?.toggleAttribute('data-seen', true)";
    let answer =
        "document.querySelector('[data-test=account-problem]:not([data-seen])')?.innerText.trim()";
    for _ in 0..MOST_GUESSES {
        if page.wait_for("an answer", answer, SOON).await? == wait.as_str() {
            return Ok(());
        }
        page.evaluate(again).await?;
        page.click("log-in", SOON).await?;
    }
    bail!("{MOST_GUESSES} wrong passwords in a row, and nobody is told to wait")
}

fn gone(test: &str) -> String {
    format!("!document.querySelector('[data-test=\"{test}\"]')")
}

async fn picture(page: &Page, name: &str) -> Result<()> {
    page.drawn().await?;
    page.screenshot_whole(&output().join(format!("screens/u-{name}.png"))).await
}
