//! Machine time of a check-in with the face, from the card on the reader to the result screen.
//!
//! What a person does in between is not machine time: each step is counted from the last thing that the person (or
//! the card) did to the screen that follows. Both clocks are the machine's wall clock.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Map, Value, json};
use virtual_card::Speed;
use virtual_card::harness::{Pcscd, Slot};

use crate::bridge::{Bridge, Serves, Settings};
use crate::camera::{BIDEN, OBAMA_3};
use crate::card::Card;
use crate::cdp::Browser;
use crate::kiosk::{Kiosk, LOADING, LOOKING, SOON};
use crate::stage::{Stage, output};

const REPEATS: usize = 5;
/// Fewest frames for the median of the analysis time.
const MIN_FRAMES: usize = 30;

/// Runs in the page before anything else: when screens came, what was pressed, what the worker said.
const RECORDER: &str = r#"(() => {
    const now = () => performance.timeOrigin + performance.now();
    const record = self.e2eRecord = { started: now(), ready: null, screens: [], presses: [], frames: [] };
    const look = () => {
        const name = document.querySelector("[data-screen]")?.dataset.screen;
        if (name && record.screens.at(-1)?.[0] !== name) record.screens.push([name, now()]);
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
    addEventListener("click", () => record.presses.push(now()), true);
    const Plain = self.Worker;
    self.Worker = class extends Plain {
        constructor(...args) {
            super(...args);
            this.addEventListener("message", ({ data }) => {
                const message = JSON.parse(data.message);
                if (message.type === "ready") record.ready ??= now();
                if (message.type === "analysis") record.frames.push(message.ms);
            });
        }
    };
})()"#;

/// Measures and gives the figures: `machine_ms.*`, `frame_ms`, `ready_ms`, `clear_ms` (from pulling the card to a screen with
/// nothing personal; milliseconds), `bridge_rss_mb` (10⁶ bytes).
///
/// # Errors
/// When a visit fails.
pub async fn check_in() -> Result<Map<String, Value>> {
    let pcscd = Pcscd::start()?;
    let film = OBAMA_3.film(&output().join("films"))?;
    let mut samples: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let card = Stage::card("valid")?;
    for _ in 0..REPEATS {
        let bridge =
            Bridge::start(output().join("logs/bench.log"), Serves::Practice, Settings::default())
                .await?;
        let browser = Browser::launch(&film, None).await?;
        let kiosk = Kiosk::new(browser.page().await?, output().join("screens"), "bench");
        let steps = visit(&kiosk, &bridge, &card, &pcscd.slot(0, 0)).await?;
        for (key, ms) in steps {
            samples.entry(key).or_default().push(ms);
        }
        samples.entry("bridge_rss_mb").or_default().push(bridge.resident_mb()?);
    }
    let frames = unmatched_frames(&pcscd.slot(0, 0), &card).await?;
    ensure!(frames.len() >= MIN_FRAMES, "only {} frames were analysed", frames.len());
    let mut measured = Map::new();
    let mut machine = Map::new();
    for (key, values) in samples {
        let value = json!(round(median(values)));
        match key {
            "bridge_rss_mb" | "ready_ms" | "clear_ms" => measured.insert(key.to_owned(), value),
            step => machine.insert(step.to_owned(), value),
        };
    }
    measured.insert("machine_ms".to_owned(), Value::Object(machine));
    measured.insert("frame_ms".to_owned(), json!(round(median(frames))));
    Ok(measured)
}

/// Analysis times of the frames of another person: a face that matches is let in after the first few frames.
async fn unmatched_frames(reader: &Slot, card: &Card) -> Result<Vec<f64>> {
    let film = BIDEN.film(&output().join("films"))?;
    let bridge =
        Bridge::start(output().join("logs/bench.log"), Serves::Practice, Settings::default())
            .await?;
    let browser = Browser::launch(&film, None).await?;
    let kiosk = Kiosk::new(browser.page().await?, output().join("screens"), "bench");
    open(&kiosk, &bridge).await?;
    let _placed = card.place(reader, Speed::Instant);
    kiosk.choose("face").await?;
    kiosk.enter_code(card.holder()).await?;
    kiosk.wait_screen(&["face"], LOOKING).await?;
    kiosk.press("start-camera").await?;
    kiosk.wait_screen(&["method"], LOOKING * 2).await?;
    kiosk.choose("face").await?;
    kiosk.wait_screen(&["face"], SOON).await?;
    kiosk.wait_screen(&["method"], LOOKING).await?;
    Ok(Marks::of(&kiosk).await?.frames)
}

/// Opens the page with the recorder in it and waits until card and face can be served; gives the milliseconds.
async fn open(kiosk: &Kiosk, bridge: &Bridge) -> Result<f64> {
    let script = json!({ "source": RECORDER });
    kiosk.page.call("Page.addScriptToEvaluateOnNewDocument", script).await?;
    let opened = wall_ms();
    kiosk.page.navigate(&bridge.url()).await?;
    kiosk.wait_screen(&["idle"], LOADING).await?;
    let models = kiosk.page.wait_for("the models", "self.e2eRecord?.ready", LOADING).await?;
    let idle = Marks::of(kiosk).await?.screen("idle")?;
    Ok(idle.max(models.as_f64().unwrap_or(idle)) - opened)
}

/// One visit; its steps in milliseconds.
async fn visit(
    kiosk: &Kiosk,
    bridge: &Bridge,
    card: &Card,
    reader: &Slot,
) -> Result<Vec<(&'static str, f64)>> {
    let ready_ms = open(kiosk, bridge).await?;
    let placed_at = wall_ms();
    let placed = card.place(reader, Speed::Contactless106);
    kiosk.choose("face").await?;
    kiosk.enter_code(card.holder()).await?;
    kiosk.wait_screen(&["face"], LOOKING).await?;
    kiosk.press("start-camera").await?;
    kiosk.wait_screen(&["consent_all"], LOOKING).await?;
    let before_answer = Marks::of(kiosk).await?;
    kiosk.press("consent-all").await?;
    kiosk.wait_screen(&["finished"], SOON).await?;
    let marks = Marks::of(kiosk).await?;
    let file = bridge.result_files()?.pop().context("no result file was written")?;
    let written = since_epoch_ms(file.metadata()?.modified()?);
    let pulled = wall_ms();
    placed.pull();
    let clear = kiosk.wait_screen(&["farewell", "idle"], SOON).await?;
    let cleared = Marks::of(kiosk).await?.screen(&clear)? - pulled;
    if clear == "farewell" {
        kiosk.press("continue").await?;
    }
    kiosk.wait_screen(&["idle"], SOON).await?;

    let method = marks.screen("method")?;
    let code_sent = marks.press_before(marks.screen("reading_photo")?)?;
    let face = marks.screen("face")?;
    // The person reads what the camera is for and presses: that time is theirs.
    let looking = before_answer
        .presses
        .last()
        .copied()
        .filter(|press| *press > face)
        .context("the camera was not started")?;
    let identified = marks.screen("opening").or_else(|_| marks.screen("consent_all"))?;
    let asked = marks.screen("consent_all")?;
    let answered = marks.presses.last().copied().context("nothing was pressed")?;
    let finished = marks.screen("finished")?;
    let mut steps = vec![
        ("inspect", method - placed_at),
        ("photo", face - code_sent),
        ("face", identified - looking),
        ("open", asked - identified),
        // The file's time comes from a clock that is up to 4 ms behind.
        ("query", (written - answered).max(0.0)),
        ("deliver", finished - written),
    ];
    let total: f64 = steps.iter().map(|(_, ms)| ms).sum();
    steps.push(("total", total));
    steps.push(("ready_ms", ready_ms));
    steps.push(("clear_ms", cleared));
    Ok(steps)
}

/// What the recorder in the page noted, in milliseconds since 1970.
struct Marks {
    screens: Vec<(String, f64)>,
    presses: Vec<f64>,
    frames: Vec<f64>,
}

impl Marks {
    async fn of(kiosk: &Kiosk) -> Result<Self> {
        let mut record = kiosk.page.evaluate("self.e2eRecord").await?;
        Ok(Self {
            screens: serde_json::from_value(record["screens"].take())?,
            presses: serde_json::from_value(record["presses"].take())?,
            frames: serde_json::from_value(record["frames"].take())?,
        })
    }

    fn screen(&self, name: &str) -> Result<f64> {
        let found = self.screens.iter().rfind(|(screen, _)| screen == name);
        found
            .map(|(_, ms)| *ms)
            .with_context(|| format!("screen {name} was not seen, only {:?}", self.screens))
    }

    fn press_before(&self, ms: f64) -> Result<f64> {
        self.presses
            .iter()
            .copied()
            .rfind(|press| *press <= ms)
            .context("nothing was pressed before")
    }
}

fn wall_ms() -> f64 {
    since_epoch_ms(SystemTime::now())
}

fn since_epoch_ms(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1e3
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Adds the sizes of the wasm files, as `cargo xtask` wrote them: `{"file": {"raw": bytes, "brotli": bytes}}`.
///
/// # Errors
/// When the file is not JSON.
pub fn add_wasm_sizes(measured: &mut Map<String, Value>, file: &Path) -> Result<()> {
    let sizes: Value = serde_json::from_slice(&std::fs::read(file)?)
        .with_context(|| format!("{} is not JSON", file.display()))?;
    measured.insert("wasm".to_owned(), sizes);
    Ok(())
}
