//! (v) Settings: a manager changes opening hours and destinations, after retyping the password without pressing again; a page that is
//! behind is told; the next person at the kiosk finds the new destinations in both languages; the audit has who and what. A receptionist
//! and an auditor find no settings.

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::json;
use virtual_card::Speed;

use super::staff::{self, NAME, PASSWORD, fill, front, there};
use crate::card::PIN;
use crate::cdp::Page;
use crate::kiosk::{LOADING, SOON};
use crate::stage::{Stage, output};

/// Windows in pixels: phone, tablet on its side and upright, PC.
const WINDOWS: [(u32, u32); 4] = [(360, 640), (1024, 768), (768, 1024), (1280, 800)];
/// In Japanese and in English.
const PLACES: [[&str; 2]; 2] = [["内科", "Internal medicine"], ["小児科", "Pediatrics"]];

/// The bridge says once that the password has to be typed again, as it does when that was more than five minutes ago.
const NOT_FRESH: &str = "(() => {
    const plain = self.fetch;
    let told = false;
    self.fetch = (what, ...rest) => {
        if (told || !String(what.url ?? what).includes('settings/change')) return plain(what, ...rest);
        told = true;
        return Promise.resolve(new Response('', { status: 428 }));
    };
    return true;
})()";

pub(super) async fn by_a_manager(stage: &mut Stage) -> Result<()> {
    let page = stage.browser.page().await?;
    staff::join(stage, &page).await?;
    let behind = stage.browser.page().await?;
    behind.navigate(&format!("{}staff", stage.bridge.url())).await?;
    staff::log_in_here(&behind).await?;
    open(&behind).await?;
    open(&page).await?;
    hours(&page).await?;
    destinations(&page).await?;
    pictures(&page).await?;
    is_told(&behind).await?;
    at_the_kiosk(stage).await?;
    in_the_audit(stage)?;
    for role in ["reception", "auditor"] {
        has_no_settings(stage, &page, role).await?;
    }
    behind.close().await?;
    page.close().await
}

/// The own account, with the settings behind it.
async fn open(page: &Page) -> Result<()> {
    front(page).await?;
    page.click("board-account", LOADING).await?;
    page.wait_for("the settings", &there("settings-destinations"), SOON).await.map(drop)
}

/// Into a field as if it was typed, whatever the keyboard has.
async fn put(page: &Page, field: &str, text: &str) -> Result<()> {
    let (field, text) = (json!(format!("[data-test='{field}']")), json!(text));
    let put = format!(
        "(() => {{ const box = document.querySelector({field}); if (!box) return false; box.value = {text}; box.dispatchEvent(new Event(box.tagName === 'SELECT' ? 'change' : 'input', {{ bubbles: true }})); return true; }})()"
    );
    page.wait_for("a field", &put, SOON).await.map(drop)
}

async fn save(page: &Page, form: &str) -> Result<()> {
    page.click_css(&format!("[data-test={form}] [data-test=setting-save]"), SOON).await
}

/// Mondays. The password is asked for, and then the change goes on by itself.
async fn hours(page: &Page) -> Result<()> {
    let opened = "(() => { const box = document.querySelector('[data-test=open-0]'); box.click(); return box.checked; })()";
    ensure!(page.evaluate(opened).await? == true, "Monday does not open");
    put(page, "from-0", "08:15").await?;
    page.evaluate(NOT_FRESH).await?;
    save(page, "settings-hours").await?;
    page.wait_for("the password to be asked for", &there("again-password"), SOON).await?;
    let is_inert = "!!document.querySelector('[inert] [data-test=settings-hours]')";
    ensure!(page.evaluate(is_inert).await? == true, "what waits could be changed meanwhile");
    page.screenshot(&output().join("screens/v-again.png")).await?;
    fill(page, &[("again-password", PASSWORD)], "again-confirm").await?;
    saved(page, "settings-hours").await
}

async fn saved(page: &Page, form: &str) -> Result<()> {
    let saved = format!("!!document.querySelector('[data-test={form}] [data-test=setting-saved]')");
    page.wait_for("it to be saved", &saved, SOON).await.map(drop)
}

async fn destinations(page: &Page) -> Result<()> {
    for (at, [ja, en]) in PLACES.iter().enumerate() {
        page.click("add-destination", SOON).await?;
        put(page, &format!("destination-{at}-ja"), ja).await?;
        put(page, &format!("destination-{at}-en"), en).await?;
    }
    save(page, "settings-destinations").await?;
    saved(page, "settings-destinations").await
}

async fn pictures(page: &Page) -> Result<()> {
    for (width, height) in WINDOWS {
        page.resize(width, height).await?;
        page.drawn().await?;
        page.screenshot_whole(&output().join(format!("screens/v-settings-{width}.png"))).await?;
    }
    page.resize(1280, 800).await
}

/// Saves what it saw before the other page changed something.
async fn is_told(behind: &Page) -> Result<()> {
    front(behind).await?;
    put(behind, "lock-minutes", "20").await?;
    save(behind, "settings-lock").await?;
    let told = "document.querySelector('[data-test=account-problem]')?.innerText.includes('ほかの人が先に')";
    behind.wait_for("it to be told that somebody was faster", told, SOON).await?;
    let now = "document.querySelector('[data-test=lock-minutes]')?.value === '10' && document.querySelector('[data-test=destination-0-en]')?.value === 'Internal medicine'";
    behind.wait_for("what counts now", now, SOON).await.map(drop)
}

/// The next person chooses between them, in the language of the page.
async fn at_the_kiosk(stage: &mut Stage) -> Result<()> {
    stage.kiosk.page.bring_to_front().await?;
    let card = Stage::card("valid")?;
    stage.place(&card, Speed::Instant)?;
    let kiosk = &stage.kiosk;
    kiosk.choose("pin").await?;
    kiosk.enter_pin(PIN).await?;
    kiosk.wait_screen(&["consent_all"], SOON).await?;
    kiosk.press("consent-all").await?;
    kiosk.at("destination", SOON).await?;
    for (english, tag) in [(false, "ja"), (true, "en")] {
        kiosk.set_english(english).await?;
        kiosk.shoot(&format!("destination-{tag}")).await?;
        let names = "[...document.querySelectorAll('[data-test^=destination-]')].map((it) => it.innerText.trim())";
        let names = kiosk.page.evaluate(names).await?;
        let wanted = PLACES.map(|names| names[usize::from(english)]);
        ensure!(names == json!(wanted), "the kiosk offers {names}");
    }
    kiosk.press("destination-1").await?;
    kiosk.at("finished", SOON).await?;
    kiosk.shoot("destination-finished").await?;
    ensure!(kiosk.text().await?.contains("Pediatrics"), "the person is not told where to go");
    kiosk.set_english(false).await?;
    stage.take().await
}

/// With the old value and the new one, and by whom.
fn in_the_audit(stage: &Stage) -> Result<()> {
    let mut kept = Vec::new();
    for file in ["uketsuke.sqlite", "uketsuke.sqlite-wal"] {
        // The log of the store is there while it is in use.
        kept.extend(std::fs::read(stage.bridge.data().join(file)).unwrap_or_default());
    }
    let kept = String::from_utf8_lossy(&kept);
    for what in [
        r#""new":[{"en":"Internal medicine","ja":"内科"},{"en":"Pediatrics","ja":"小児科"}],"old":[],"setting":"destinations""#,
        r#""setting":"opening_hours""#,
    ] {
        ensure!(kept.contains(what), "the audit does not say {what}");
    }
    ensure!(kept.contains(NAME), "nor by whom");
    Ok(())
}

/// A member with this role opens the own account and finds nothing of the site behind it.
async fn has_no_settings(stage: &Stage, manager: &Page, role: &str) -> Result<()> {
    front(manager).await?;
    put(manager, "add-name", role).await?;
    put(manager, "add-role", role).await?;
    manager.click("add-account", SOON).await?;
    let code = format!(
        "document.querySelector('[data-test=invited]')?.innerText.includes('{role}') && document.querySelector('[data-test=invitation]')?.innerText.trim()"
    );
    let code = manager.wait_for("an invitation", &code, SOON).await?;
    let code = code.as_str().context("there is no invitation")?.to_owned();
    let page = stage.browser.page().await?;
    page.resize(1280, 800).await?;
    page.navigate(&format!("{}staff", stage.bridge.url())).await?;
    page.click("to-join", LOADING).await?;
    let fields = [
        ("account-invitation", &*code),
        ("account-name", role),
        ("account-new-password", "three other words"),
    ];
    fill(&page, &fields, "join").await?;
    page.click("board-account", LOADING).await?;
    page.wait_for("the own account", &there("change-password"), SOON).await?;
    if page.evaluate(&there("settings")).await? == true {
        bail!("{role} sees the settings");
    }
    page.close().await
}
