//! Pictures of every example view in every size, to be looked at; what is wider than its window is named.

mod staff;

use anyhow::{Result, ensure};
use serde_json::json;
use virtual_card::harness::Pcscd;

use super::screens::TOO_WIDE;
use super::voice::{NO_BRIDGE, is_up, views};
use crate::bridge::{Serves, Settings};
use crate::camera::OBAMA_3;
use crate::cdp::Page;
use crate::kiosk::{LOADING, SOON};
use crate::stage::{Stage, output};

/// Width and height of a window in pixels, the size of its type in percent, and whether it is dark.
const LOOKS: [(u32, u32, u32, bool); 9] = [
    (360, 640, 100, false),
    (360, 640, 200, false),
    (800, 1280, 100, false),
    (800, 1280, 200, false),
    (1280, 800, 100, false),
    (1280, 800, 100, true),
    (1280, 800, 200, false),
    (1080, 1920, 100, false),
    (3840, 2160, 100, false),
];

/// Writes `target/e2e/look/<width>-<percent>[-dark]/<view>.png`, and for staff pages and call display
/// `target/e2e/look/<width>-staff/<view>[-dark].png`.
///
/// # Errors
/// When a part does not start, or a view is wider than a window.
pub async fn run() -> Result<()> {
    let film = OBAMA_3.film(&output().join("films"))?;
    let pcscd = Pcscd::start_with(Stage::READERS)?;
    let settings = Settings::default();
    let stage = Stage::set(&pcscd, "look", Serves::Practice, settings, &film).await?;
    let page = stage.browser.page().await?;
    page.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": NO_BRIDGE })).await?;
    page.navigate(&stage.bridge.url()).await?;
    page.wait_for("the page without a bridge", "self.e2eSocket?.onmessage && true", LOADING)
        .await?;
    let mut too_wide = Vec::new();
    for (width, height, percent, dark) in LOOKS {
        page.resize(width, height).await?;
        let colours = if dark { "dark" } else { "light" };
        staff::see_in(&page, colours).await?;
        let name = format!("{width}-{percent}{}", if dark { "-dark" } else { "" });
        look(&page, &name, percent, &mut too_wide).await?;
    }
    page.close().await?;
    staff::run(&stage.browser, &stage.bridge.url(), &mut too_wide).await?;
    ensure!(too_wide.is_empty(), "wider than the window: {}", too_wide.join(", "));
    Ok(())
}

async fn look(page: &Page, size: &str, percent: u32, too_wide: &mut Vec<String>) -> Result<()> {
    let folder = output().join("look").join(size);
    std::fs::create_dir_all(&folder)?;
    let views = views(&crate::root().join("kiosk-web/tests/views"))?;
    for (name, view) in &views {
        page.evaluate(&format!("self.e2eFeed({view})")).await?;
        page.wait_for("the view", &is_up(view), SOON).await?;
        // As its own control does; a new person brings it back.
        page.evaluate(&format!("document.documentElement.className = 'text-{percent}'")).await?;
        page.drawn().await?;
        page.screenshot(&folder.join(name).with_extension("png")).await?;
        if page.evaluate(TOO_WIDE).await? == true {
            too_wide.push(format!("{size} {name}"));
        }
    }
    println!("  {size}: {} views", views.len());
    Ok(())
}
