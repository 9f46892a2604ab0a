//! The staff pages and the call display, each with an example of what a bridge may tell.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::super::screens::TOO_WIDE;
use crate::cdp::{Browser, Page};
use crate::kiosk::{LOADING, SOON};
use crate::stage::output;

/// Width and height of a window in pixels; 640 and 400 are what 1280 and 800 have room for at 200 %.
const WINDOWS: [(u32, u32); 6] =
    [(360, 640), (400, 640), (640, 400), (1024, 768), (1280, 800), (1920, 1080)];
const COLOURS: [&str; 2] = ["light", "dark"];
/// The time on these boards.
const NOW: &str = "2026-11-24T09:16:00+09:00";
/// The display says after 10 s that it does not hear the bridge.
const SILENCE: Duration = Duration::from_secs(30);

/// Runs in the page before anything else: answers as a bridge would, out of `told`.
const NO_BRIDGE: &str = r#"(told => {
    const json = body => new Response(JSON.stringify(body));
    const live = () => new Response(new ReadableStream({ start: stream => {
        const say = line => stream.enqueue(new TextEncoder().encode(line + "\n\n"));
        say("data: " + JSON.stringify({ type: "board", at: told.now, board: told.board }));
        if (told.away) stream.close();
        else setInterval(() => say(": alive"), 3000);
    } }));
    const plain = self.fetch;
    let asked = 0;
    self.fetch = async (path, options) => {
        const verb = String(path).split("/staff/api/")[1];
        if (verb === undefined) return plain(path, options);
        if (verb === "live" && told.away && asked++ > 0) throw new TypeError("no bridge");
        if (verb === "live") return live();
        return verb in told ? json(told[verb]) : new Response("", { status: 404 });
    };
    self.EventSource = class {
        constructor() {
            const say = () => told.calls && this.onmessage?.({ data: JSON.stringify(told.calls) });
            setTimeout(say, 0);
            setInterval(say, 3000);
        }
        close() {}
    };
})"#;

/// A page with what it is told.
struct Example {
    /// That of its pictures.
    name: &'static str,
    /// Files of `kiosk-web/tests`, by what the page asks for.
    told: &'static [(&'static str, &'static str)],
    /// What is pressed one after another, by CSS selector.
    press: &'static [&'static str],
    /// What is on the page then.
    shown: &'static str,
}

const IN: &str = "[data-test=log-in]";
const KEY: &str = "[data-test=key-4]";
const ASK: &str = "[data-test=bar-confirm]";
const ROW: &str = "[data-test=row-open]";

const fn board(
    name: &'static str,
    told: &'static [(&'static str, &'static str)],
    press: &'static [&'static str],
    shown: &'static str,
) -> Example {
    Example { name, told, press, shown }
}

const EMPTY: &[(&str, &str)] = &[("board", "staff/board-empty")];
const ROWS: &[(&str, &str)] = &[("board", "staff/board-rows")];
const WAITING: &[(&str, &str)] = &[("board", "staff/board-waiting")];
const PHOTO: &[(&str, &str)] =
    &[("board", "staff/board-waiting"), ("visual/face", "staff/compare-photo")];
const BY_PASSCODE: &[(&str, &str)] = &[
    ("door", "staff/door-first"),
    ("enter", "staff/entered-passcode"),
    ("board", "staff/board-waiting"),
];
const ALARMS: &[(&str, &str)] = &[("board", "staff/board-alarms")];
const OTHERS: &[(&str, &str)] = &[("board", "staff/board-others")];
const KIOSKS: &[(&str, &str)] = &[("board", "staff/board-many_kiosks")];
const WELL: &[(&str, &str)] =
    &[("board", "staff/board-empty"), ("self_test", "staff/self_test-well")];
const FAULTS: &[(&str, &str)] =
    &[("board", "staff/board-empty"), ("self_test", "staff/self_test-faults")];
const UNTESTED: &[(&str, &str)] =
    &[("board", "staff/board-empty"), ("self_test", "staff/self_test-never")];
const TESTED: &str = "[data-test=self-test] summary";
const FIRST: &[(&str, &str)] = &[("door", "staff/door-first")];
const INVITE: &str = "[data-test=accounts] tr:nth-child(2) [data-test=account-invite]";
const HELP: &str = "[data-test=kiosk-help]";
const OWN: &str = "[data-test=board-account]";

const BOARDS: [Example; 24] = [
    board("entrance", FIRST, &[], "[data-test=key-4]"),
    board("entrance-first", FIRST, &["[data-test=to-first]"], "[data-test=join]"),
    board("entrance-account", &[], &[], IN),
    board("board-empty", EMPTY, &[IN], "[data-test=board-empty]"),
    board("board-rows", ROWS, &[IN], ROW),
    board("board-row_todo", ROWS, &[IN, "[data-visit='14'] .row__open"], ".row__details"),
    board("board-row_paper", ROWS, &[IN, "[data-visit='6'] .row__open"], ".row__details"),
    board("board-row_called", ROWS, &[IN, "[data-visit='5'] .row__open"], ".row__details"),
    board("board-waiting", WAITING, &[IN], "[data-test=bar-confirm]"),
    board("board-visual", WAITING, &[IN, ASK], "[data-test=eye-no-photo]"),
    board("board-visual_photo", PHOTO, &[IN, ASK], "[data-test=eye-photo]"),
    board(
        "board-visual_passcode",
        BY_PASSCODE,
        &[KEY, KEY, KEY, KEY, "[data-test=confirm]", ASK],
        "[data-test=visual-waiting] [data-test=key-4]",
    ),
    board("board-help", WAITING, &[IN, HELP, "[data-test=help-end]"], "[data-test=help-end-yes]"),
    board("board-alarms", ALARMS, &[IN], "[data-test=alarm-clock-wrong]"),
    board(
        "board-others",
        OTHERS,
        &[IN, "[data-visit='17592186044430'] .row__open"],
        "[data-test=elsewhere]",
    ),
    board("board-many_kiosks", KIOSKS, &[IN], ROW),
    board("account", ROWS, &[IN, OWN, "[data-test=authenticator-start]"], "[data-test=accounts]"),
    board(
        "account-invited",
        ROWS,
        &[IN, OWN, INVITE, "[data-test=account-yes]"],
        "[data-test=invitation]",
    ),
    board("day", ROWS, &[IN, "[data-test=day] summary"], "[data-test=day-ended]"),
    board("self_test-well", WELL, &[IN, TESTED], "[data-test=self-test-green]"),
    board("self_test-faults", FAULTS, &[IN, TESTED], "[data-test=self-test-faults]"),
    board("board-row_which", ROWS, &[IN, "[data-visit='13'] .row__open"], "[data-test=which]"),
    board(
        "board-row_differs",
        ROWS,
        &[IN, "[data-visit='15'] .row__open"],
        "[data-test=list-differs]",
    ),
    board("self_test-never", UNTESTED, &[IN, TESTED], "[data-test=self-test-never]"),
];

const CALLS: [Example; 4] = [
    board("call-none", &[("calls", "calls/none")], &[], "[data-test=call-none]"),
    board("call-one", &[("calls", "calls/one")], &[], "[data-test=call-now]"),
    board("call-many", &[("calls", "calls/many")], &[], "[data-test=call-earlier]"),
    board("call-silent", &[], &[], "[data-test=call-silent]"),
];

/// Writes `target/e2e/look/<width>-staff/<example>[-dark].png`.
pub(super) async fn run(browser: &Browser, url: &str, too_wide: &mut Vec<String>) -> Result<()> {
    for example in &BOARDS {
        look(browser, &format!("{url}staff"), example, false, too_wide).await?;
    }
    // The board that was there when the bridge went away.
    let away = Example { name: "board-away", shown: "[data-test=board-away]", ..BOARDS[4] };
    look(browser, &format!("{url}staff"), &away, true, too_wide).await?;
    for example in &CALLS {
        look(browser, &format!("{url}call"), example, false, too_wide).await?;
    }
    println!("  staff pages and call display: {} views", BOARDS.len() + 1 + CALLS.len());
    Ok(())
}

async fn look(
    browser: &Browser,
    url: &str,
    example: &Example,
    away: bool,
    too_wide: &mut Vec<String>,
) -> Result<()> {
    let page = browser.page().await?;
    page.resize(1280, 800).await?;
    let script = format!("{NO_BRIDGE}({})", told(example, away)?);
    page.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await?;
    page.navigate(url).await?;
    page.wait_for("the page", "!!document.querySelector('main[data-screen]')", LOADING).await?;
    for selector in example.press {
        // Nobody types anything here, and the browser asks for what is empty.
        let unasked = format!(
            "document.querySelector({}) && ([...document.forms].forEach((form) => form.noValidate = true), true)",
            json!(selector)
        );
        page.wait_for(selector, &unasked, SOON).await?;
        page.click_css(selector, SOON).await?;
    }
    let shown = format!("!!document.querySelector({})", json!(example.shown));
    page.wait_for(example.name, &shown, SILENCE).await?;
    for (width, height) in WINDOWS {
        page.resize(width, height).await?;
        let folder = output().join(format!("look/{width}-staff"));
        std::fs::create_dir_all(&folder)?;
        for colours in COLOURS {
            picture(&page, colours, &folder, example.name).await?;
        }
        if page.evaluate(TOO_WIDE).await? == true {
            too_wide.push(format!("{width} {}", example.name));
        }
    }
    page.close().await
}

async fn picture(page: &Page, colours: &str, folder: &Path, name: &str) -> Result<()> {
    see_in(page, colours).await?;
    let dark = if colours == "dark" { "-dark" } else { "" };
    page.screenshot_whole(&folder.join(format!("{name}{dark}.png"))).await
}

/// Light or dark, and still: pictures of what stays, not of what moves.
pub(super) async fn see_in(page: &Page, colours: &str) -> Result<()> {
    let features = json!([
        { "name": "prefers-color-scheme", "value": colours },
        { "name": "prefers-reduced-motion", "value": "reduce" },
    ]);
    let media = json!({ "features": features });
    page.call("Emulation.setEmulatedMedia", media).await?;
    page.drawn().await
}

/// Everything that the page may ask for.
fn told(example: &Example, away: bool) -> Result<Value> {
    let mut told = json!({ "now": NOW, "away": away });
    let usual = [
        ("door", "staff/door-network"),
        ("login", "staff/entered"),
        ("day", "staff/day"),
        ("visual/face", "staff/compare-none"),
        ("accounts", "staff/accounts"),
        ("settings", "staff/settings"),
        ("settings/attached", "staff/attached"),
        ("accounts/change", "staff/accounts-invited"),
        ("me/authenticator", "staff/authenticator"),
    ];
    for (asked, file) in usual.iter().chain(example.told) {
        let path = crate::root().join("kiosk-web/tests").join(file).with_extension("json");
        let text = std::fs::read(&path).with_context(|| path.display().to_string())?;
        told[*asked] = serde_json::from_slice(&text)?;
    }
    Ok(told)
}
