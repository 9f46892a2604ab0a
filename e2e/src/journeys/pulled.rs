//! (e) The card pulled in every step: nothing personal on the screen soon after, and after 「やめる」
//! nothing personal left anywhere. How soon is printed; `bench check-in` measures it.

use anyhow::{Context as _, Result, bail, ensure};
use virtual_card::Speed;

use crate::card::Card;
use crate::kiosk::{LOADING, LOOKING, SOON};
use crate::stage::Stage;
use crate::unheard::Unheard;
use needles::{Leftovers, Needle, search_folder, search_process};

/// The visit waits for its card, says goodbye with a number, or is over.
const CLEAR: [&str; 3] = ["card_away", "farewell", "idle"];

/// A screen on which the card is pulled, and the practice card that leads there.
struct Stop {
    screen: &'static str,
    persona: &'static str,
}

const fn stop(screen: &'static str, persona: &'static str) -> Stop {
    Stop { screen, persona }
}

const STOPS: [Stop; 17] = [
    stop("reading", "valid"),
    stop("application", "not-registered"),
    stop("method", "valid"),
    stop("code", "valid"),
    stop("reading_photo", "valid"),
    stop("face", "valid"),
    stop("pin", "valid"),
    stop("checking_pin", "valid"),
    stop("pin_last_try", "pin-last-try"),
    stop("staff", "valid"),
    stop("checking_passcode", "valid"),
    stop("consent_all", "valid"),
    stop("consent_one", "valid"),
    stop("consent_skipped", "expired-grace"),
    stop("finished", "valid"),
    stop("take_card", "valid"),
    stop("card_problem", "expired-long"),
];

pub(super) async fn in_every_step(stage: &mut Stage) -> Result<()> {
    prove_the_search(stage).await?;
    let mut said = stage.kiosk.page.texts().await?;
    said.push(stage.bridge.log());
    let mut unheard = Unheard::besides(&said, &crate::root().join("dist"))?;
    let mut left = Vec::new();
    for stop in &STOPS {
        let mut leftovers = Leftovers::default();
        loop {
            let card = Stage::card_with(stop.persona, &unheard.take()?)?;
            pulled_at(stage, stop, &card).await?;
            let found = what_is_left(stage, &card).await?;
            for (needle, place) in &found {
                println!("  after `{}`: {needle} in {place}", stop.screen);
            }
            let names: Vec<_> = found.iter().map(|(needle, _)| *needle).collect();
            if !leftovers.add(&card.needles_in_page(), &names) {
                break;
            }
        }
        left.extend(leftovers.names().iter().map(|name| format!("{name} after `{}`", stop.screen)));
    }
    ensure!(left.is_empty(), "left behind: {}", left.join(", "));
    Ok(())
}

/// Walks to a screen, pulls the card there and ends the visit.
async fn pulled_at(stage: &mut Stage, stop: &Stop, card: &Card) -> Result<()> {
    let walked = walk_to(stage, stop.screen, card)
        .await
        .with_context(|| format!("on the way to `{}`", stop.screen))?;
    let moved = stage.pull()?;
    let (screen, clear_ms) = stage.kiosk.ms_until(&CLEAR, moved).await?;
    println!(
        "  {:<18} {screen} after {clear_ms:>4.0} ms{}",
        stop.screen,
        if walked { "" } else { " (too quick to be caught)" }
    );
    stage.settle().await
}

/// Goes to a screen and leaves typed digits on it. `false` when the screen was over before it was seen.
async fn walk_to(stage: &mut Stage, screen: &str, card: &Card) -> Result<bool> {
    stage.place(card, Speed::Contactless106)?;
    let kiosk = &stage.kiosk;
    match screen {
        "reading" => return quick(stage, screen, &["method"]).await,
        "application" | "card_problem" => return kiosk.at(screen, SOON).await.map(|()| true),
        _ => {}
    }
    kiosk.wait_screen(&["method"], SOON).await?;
    match screen {
        "method" => {}
        "code" => {
            kiosk.choose("face").await?;
            kiosk.fill_code(card.holder()).await?;
        }
        "reading_photo" | "face" => {
            kiosk.choose("face").await?;
            kiosk.enter_code(card.holder()).await?;
            if screen == "reading_photo" {
                return quick(stage, screen, &["face"]).await;
            }
            kiosk.wait_screen(&["face"], LOOKING).await?;
        }
        "pin" => {
            kiosk.choose("pin").await?;
            kiosk.wait_screen(&["pin"], SOON).await?;
            kiosk.press_digits(&card.pin()[..3]).await?;
        }
        "pin_last_try" => kiosk.choose("pin").await?,
        "staff" => {
            kiosk.choose("visual").await?;
            kiosk.wait_screen(&["staff"], SOON).await?;
            kiosk.press_digits("12").await?;
        }
        "checking_passcode" => {
            kiosk.choose("visual").await?;
            kiosk.enter_passcode("cannot_operate").await?;
            return quick(stage, screen, &["consent_all"]).await;
        }
        _ => return after_the_pin(stage, screen, card).await,
    }
    kiosk.at(screen, SOON).await.map(|()| true)
}

async fn after_the_pin(stage: &Stage, screen: &str, card: &Card) -> Result<bool> {
    let kiosk = &stage.kiosk;
    kiosk.choose("pin").await?;
    kiosk.enter_pin(card.pin()).await?;
    match screen {
        "checking_pin" => return quick(stage, screen, &["consent_all"]).await,
        "consent_one" => {
            kiosk.wait_screen(&["consent_all"], SOON).await?;
            kiosk.press("consent-choose").await?;
        }
        "finished" | "take_card" => {
            kiosk.wait_screen(&["consent_all"], SOON).await?;
            kiosk.press("consent-all").await?;
            kiosk.wait_screen(&["finished"], SOON).await?;
            if screen == "take_card" {
                kiosk.press("continue").await?;
            }
        }
        "consent_all" | "consent_skipped" => {}
        other => bail!("no way to screen {other} is known"),
    }
    kiosk.at(screen, SOON).await.map(|()| true)
}

/// A screen that lasts as long as a machine works: seen, or over already.
async fn quick(stage: &Stage, screen: &str, next: &[&str]) -> Result<bool> {
    let seen = stage.kiosk.wait_screen(&[&[screen], next].concat(), SOON).await?;
    Ok(seen == screen)
}

/// Names of what is left of the person, and where.
async fn what_is_left(stage: &Stage, card: &Card) -> Result<Vec<(&'static str, String)>> {
    let in_page = card.needles_in_page();
    let (found, looked) = stage.kiosk.page.search(&in_page).await?;
    ensure!(
        looked.workers > 0 && looked.wasm_bytes > 0,
        "the search saw no worker or no wasm memory: {looked:?}"
    );
    let mut left: Vec<_> = found.into_iter().map(|found| (found.needle, found.place)).collect();
    let log = stage.bridge.log();
    let in_log = in_page.iter().filter(|needle| log.lines().any(|line| needle.is_in_text(line)));
    left.extend(in_log.map(|needle| (needle.name, "the bridge's log".to_owned())));
    // The results are for the receipt computer, which takes them away.
    let (store, results) = (stage.bridge.data(), stage.bridge.results());
    left.extend(search_folder(&store, &results, &card.needles_in_store())?);
    let pid = stage.bridge.pid().context("the bridge does not run")?;
    let held = search_process(pid, &card.needles_in_bridge())?;
    left.extend(
        held.into_iter()
            .map(|hit| (hit.needle, format!("the bridge's {} memory ({})", hit.place, hit.around))),
    );
    Ok(left)
}

/// Plants something in the places that are searched: a search that finds nothing must not be a blind one.
async fn prove_the_search(stage: &Stage) -> Result<()> {
    let page = &stage.kiosk.page;
    // Joined in the page, so that the text itself is not in the source of the script.
    let plant = |there: &str| {
        format!(
            "(() => {{ const text = ['planted', 'needle', '{there}'].join('-'); self.planted = {{ text, memory: new WebAssembly.Memory({{ initial: 1 }}) }};
             new TextEncoder().encodeInto(text, new Uint8Array(self.planted.memory.buffer, 1000)); return true; }})()"
        )
    };
    let worker = page.wait_for_worker(LOADING).await?;
    page.evaluate(&plant("page")).await?;
    page.evaluate_in(&worker.session, &plant("worker")).await?;
    page.evaluate("document.body.dataset.planted = ['planted', 'needle', 'dom'].join('-')").await?;
    let needles = ["planted-needle-page", "planted-needle-worker", "planted-needle-dom"]
        .map(|text| Needle::text("planted", text));
    let (found, looked) = page.search(&needles).await?;
    let count = |place: &str| found.iter().filter(|found| found.place.contains(place)).count();
    let seen = (
        count("DOM"),
        count("heap of page"),
        count("heap of worker"),
        count("memory of page"),
        count("memory of worker"),
    );
    let clean = "delete self.planted; delete self.document?.body.dataset.planted; true";
    page.evaluate(clean).await?;
    page.evaluate_in(&worker.session, clean).await?;
    println!(
        "  searched: {} strings, {} MiB of wasm memory, {} worker(s)",
        looked.strings,
        looked.wasm_bytes >> 20,
        looked.workers
    );
    ensure!(
        seen.0 == 1 && seen.1 >= 1 && seen.2 >= 1 && seen.3 == 1 && seen.4 == 1,
        "the search does not find what was planted (DOM, heaps, wasm memories): {seen:?}"
    );
    Ok(())
}
