//! (r) A bridge that hangs, a page that crashes, a camera that is unplugged: the page goes dark by itself, or on without it.

use anyhow::{Result, ensure};
use serde_json::json;
use virtual_card::Speed;

use crate::card::{Card, PIN};
use crate::kiosk::{CAMERA_RUNS, LOADING, SOON};
use crate::stage::Stage;

/// Runs in the page before anything else: which cameras it was given.
const RECORDER: &str = "(() => {
    const tracks = self.e2eTracks = [];
    const media = navigator.mediaDevices;
    if (!media) return;
    const open = media.getUserMedia.bind(media);
    media.getUserMedia = async (wish) => {
        const stream = await open(wish);
        tracks.push(...stream.getTracks());
        return stream;
    };
})()";

/// The program stops as a WebAssembly trap does that it cannot tell of; gives what is left right after.
const CRASH: &str = r#"new Promise((done) => {
    // The last listener: the page's own have been called.
    addEventListener("uketsuke:crashed", () => done({
        cameras: self.e2eTracks.map((track) => track.readyState),
        text: document.body.innerText,
        screen: document.querySelector("[data-screen]")?.dataset.screen ?? null,
    }));
    setTimeout(() => { throw new WebAssembly.RuntimeError("unreachable on purpose"); });
})"#;

pub(super) async fn by_itself(stage: &mut Stage) -> Result<()> {
    let page = &stage.kiosk.page;
    page.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": RECORDER })).await?;
    page.navigate(&stage.bridge.url()).await?;
    stage.kiosk.wait_screen(&["idle"], LOADING).await?;
    let card = Stage::card("valid")?;
    bridge_hangs(stage, &card).await?;
    camera_goes(stage, &card).await?;
    page_crashes(stage, &card).await
}

/// Its sockets stay open, so only the silence tells.
async fn bridge_hangs(stage: &mut Stage, card: &Card) -> Result<()> {
    stage.place(card, Speed::Instant)?;
    stage.kiosk.choose("pin").await?;
    stage.kiosk.enter_pin(PIN).await?;
    stage.kiosk.wait_screen(&["consent_all"], SOON).await?;
    stage.kiosk.press("consent-none").await?;
    stage.kiosk.wait_screen(&["finished"], SOON).await?;
    let shown = stage.kiosk.text().await?;
    ensure!(shown.contains(&card.holder().name), "nothing personal is on the screen to begin with");
    stage.bridge.freeze()?;
    stage.kiosk.at("offline", SOON * 3).await?;
    nothing_personal(card, &stage.kiosk.text().await?)?;
    stage.bridge.thaw()?;
    stage.kiosk.at("finished", LOADING).await?;
    stage.take().await
}

/// The visit goes on without it.
async fn camera_goes(stage: &mut Stage, card: &Card) -> Result<()> {
    before_the_camera(stage, card).await?;
    stage.kiosk.page.evaluate("self.e2eTracks.forEach((track) => track.stop())").await?;
    stage.kiosk.at("method", SOON).await?;
    for (method, is_offered) in [("face", false), ("pin", true), ("visual", true)] {
        let offered = stage.kiosk.offers(&format!("choose-{method}")).await?;
        ensure!(offered == is_offered, "without a camera, {method} is offered: {offered}");
    }
    stage.take().await
}

async fn page_crashes(stage: &mut Stage, card: &Card) -> Result<()> {
    before_the_camera(stage, card).await?;
    let page = &stage.kiosk.page;
    let loads = page.loads();
    let left = page.evaluate(CRASH).await?;
    ensure!(left["screen"].is_null(), "a screen is still up: {left}");
    let cameras = left["cameras"].as_array();
    ensure!(
        cameras.is_some_and(|all| !all.is_empty() && all.iter().all(|state| state == "ended")),
        "a camera is still on: {left}"
    );
    nothing_personal(card, left["text"].as_str().unwrap_or_default())?;
    // It comes back by itself, into the visit that the bridge still has.
    stage.kiosk.at("face", LOADING).await?;
    ensure!(stage.kiosk.page.loads() > loads, "the page was not loaded again");
    stage.take().await
}

async fn before_the_camera(stage: &mut Stage, card: &Card) -> Result<()> {
    stage.place(card, Speed::Instant)?;
    stage.kiosk.choose("face").await?;
    stage.kiosk.enter_code(card.holder()).await?;
    stage.kiosk.wait_screen(&["face"], SOON).await?;
    stage.kiosk.press("start-camera").await?;
    stage.kiosk.page.wait_for("the camera picture", CAMERA_RUNS, SOON).await.map(drop)
}

fn nothing_personal(card: &Card, shown: &str) -> Result<()> {
    ensure!(!shown.trim().is_empty(), "the screen is empty");
    for needle in card.needles_in_page() {
        ensure!(!needle.is_in_text(shown), "{} is still on the screen", needle.name);
    }
    Ok(())
}
