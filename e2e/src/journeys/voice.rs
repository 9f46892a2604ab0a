//! (m) The screens are read aloud: every sentence that is heard stands on the screen, every example view is heard in both
//! languages, the switch silences it, and nothing of the person is heard.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use virtual_card::Speed;

use crate::card::PIN;
use crate::cdp::Page;
use crate::kiosk::{LOADING, SOON};
use crate::stage::Stage;

/// Runs in the page before anything else: what is heard and whether it can be read meanwhile, and what really plays.
const RECORDER: &str = r#"(() => {
    const heard = self.e2eHeard = [], played = self.e2ePlayed = [];
    const squeeze = text => text.replace(/\s+/g, "");
    let now = "", before = "", changed = 0;
    new MutationObserver(records => {
        const text = squeeze(document.body?.innerText ?? "");
        if (text !== now) [before, now, changed] = [now, text, performance.now()];
        if (!records.some(record => record.attributeName === "data-speaking")) return;
        const sentence = document.documentElement.getAttribute("data-speaking");
        if (!sentence) return;
        // A sentence may begin in the moment in which its screen goes.
        const seen = performance.now() - changed < 200 ? now + before : now;
        heard.push({ sentence, at: performance.now(), visible: seen.includes(squeeze(sentence)) });
    }).observe(document, { attributes: true, attributeFilter: ["data-speaking"], childList: true, characterData: true, subtree: true });
    const start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (...args) {
        played.push({ seconds: this.buffer.duration, state: this.context.state });
        return start.apply(this, args);
    };
})()"#;

/// Runs in a page without a bridge: its socket says what `e2eFeed` is told to.
pub(super) const NO_BRIDGE: &str = r#"(() => {
    self.WebSocket = class {
        constructor() {
            self.e2eSocket = this;
            setTimeout(() => this.onopen?.({}), 0);
            // Like a bridge: a page that hears nothing for ten seconds goes dark.
            setInterval(() => this.tell({ type: "alive" }), 3000);
        }
        tell(message) { this.onmessage?.({ data: JSON.stringify(message) }); }
        send(text) {
            if (JSON.parse(text).type === "hello") {
                this.tell({ type: "welcome", version: JSON.parse(text).version, kiosk: "", card_camera: null, face_camera: null, institution_name: null, institution_kind: null, own_reader: true });
            }
        }
        close() {}
    };
    self.e2eFeed = view => self.e2eSocket.tell({ type: "view", ...view });
})()"#;

/// Decodes every clip of both languages: how many, what is wrong with some, and which parts of numbers have none.
const EVERY_CLIP: &str = r#"(async () => {
    const context = new OfflineAudioContext(1, 48000, 48000), wrong = [];
    let clips = 0;
    for (const language of ["ja", "en"]) {
        const index = await (await fetch(`/voice/${language}.json`)).json();
        const round = Array.from({ length: 9 }, (_, at) => [`${at + 1}00`, `${at + 1}000`]).flat();
        const parts = language === "ja" ? round : round.map(number => `Number ${number}`);
        wrong.push(...parts.filter(part => !(part in index)));
        for (const [sentence, file] of Object.entries(index)) {
            const bytes = await (await fetch(`/voice/clips/${file}`)).arrayBuffer();
            const sound = await context.decodeAudioData(bytes);
            const peak = sound.getChannelData(0).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
            if (sound.duration < 0.3 || sound.duration > 12 || peak < 0.3) wrong.push([sentence, sound.duration, peak]);
            clips++;
        }
    }
    return { clips, wrong };
})()"#;

/// Sentences that lead a screen and have no clip.
const SILENT: &str = r#"(async (language) => {
    self.e2eIndex ??= {};
    const index = self.e2eIndex[language] ??= await (await fetch(`/voice/${language}.json`)).json();
    const leading = document.querySelectorAll("main h1, main .lead, main .notice__title, main .notice__text, main [role=alert] p, main .busy__text");
    return [...leading].map(element => element.textContent.trim()).filter(text => text && !(text in index));
})"#;

/// The first sentence of a screen begins after the tone and a moment to fetch it.
const BEGINS: Duration = Duration::from_secs(5);

pub(super) async fn read_aloud(stage: &mut Stage) -> Result<()> {
    every_clip_sounds(&stage.kiosk.page).await?;
    a_visit_is_heard(stage).await?;
    a_visit_in_silence(stage).await?;
    every_view_is_heard(stage).await
}

async fn every_clip_sounds(page: &Page) -> Result<()> {
    let seen = page.evaluate(EVERY_CLIP).await.context("the pages have no voice")?;
    println!("  {} clips", seen["clips"]);
    ensure!(seen["clips"].as_u64() > Some(500), "too few clips: {}", seen["clips"]);
    ensure!(seen["wrong"] == json!([]), "missing, silent, short or long clips: {}", seen["wrong"]);
    Ok(())
}

async fn a_visit_is_heard(stage: &mut Stage) -> Result<()> {
    let page = &stage.kiosk.page;
    page.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": RECORDER })).await?;
    page.navigate(&stage.bridge.url()).await?;
    stage.kiosk.wait_screen(&["idle"], LOADING).await?;
    heard_to_the_end(page, "マイナ保険証（マイナンバーカード）を置いてください").await?;
    let card = Stage::card("valid")?;
    stage.place(&card, Speed::Instant)?;
    stage.kiosk.choose("pin").await?;
    stage.kiosk.enter_pin(PIN).await?;
    let page = &stage.kiosk.page;
    stage.kiosk.wait_screen(&["consent_all"], SOON).await?;
    heard_to_the_end(
        page,
        "過去の診療・お薬などの情報を、この医療機関・薬局に提供することに同意しますか",
    )
    .await?;
    heard_to_the_end(page, "同意しなくても、受付と診療は同じように受けられます。").await?;
    stage.kiosk.press("consent-all").await?;
    stage.kiosk.wait_screen(&["finished"], SOON).await?;
    heard_to_the_end(page, "健康保険の確認が終わりました").await?;
    stage.take().await?;
    let page = &stage.kiosk.page;
    let transcript = judge(page).await?;
    for needle in card.needles_in_page() {
        ensure!(!needle.is_in_text(&transcript), "{} was heard", needle.name);
    }
    Ok(())
}

/// Waits until a sentence has been heard to its end, which needs a clock that runs.
async fn heard_to_the_end(page: &Page, sentence: &str) -> Result<()> {
    let ended = format!("document.documentElement.dataset.spoken === {}", json!(sentence));
    page.wait_for(&format!("「{sentence}」 to be heard"), &ended, Duration::from_secs(20))
        .await
        .map(drop)
}

/// All that was heard, one sentence a line.
async fn judge(page: &Page) -> Result<String> {
    let heard = page.evaluate("self.e2eHeard").await?;
    let played = page.evaluate("self.e2ePlayed").await?;
    let (heard, played) =
        (heard.as_array().context("no recorder")?, played.as_array().context("no recorder")?);
    ensure!(!heard.is_empty() && heard.len() == played.len(), "{heard:?} but played {played:?}");
    ensure!(played.iter().all(|clip| clip["state"] == "running"), "not running: {played:?}");
    for sentence in heard {
        ensure!(sentence["visible"] == true, "heard but not shown: {sentence}");
    }
    println!("  {} sentences heard, each of them shown", heard.len());
    let lines: Vec<&str> = heard.iter().filter_map(|line| line["sentence"].as_str()).collect();
    Ok(lines.join("\n"))
}

async fn a_visit_in_silence(stage: &mut Stage) -> Result<()> {
    let kiosk = &stage.kiosk;
    let is_pressed = "document.querySelector('[data-test=sound]').ariaPressed";
    ensure!(kiosk.page.evaluate(is_pressed).await? == "true", "the sound is off at the start");
    // From the heading, where every screen begins, one step back with the keyboard.
    kiosk.page.evaluate("document.querySelector('main h1').focus()").await?;
    let shift_tab = |kind: &str| json!({ "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9, "modifiers": 8 });
    kiosk.page.call("Input.dispatchKeyEvent", shift_tab("rawKeyDown")).await?;
    kiosk.page.call("Input.dispatchKeyEvent", shift_tab("keyUp")).await?;
    let on_switch = "document.activeElement?.dataset?.test === 'sound'";
    kiosk.page.wait_for("the switch to have the focus", on_switch, SOON).await?;
    // Off and on again: the screen is read anew, and then cut off in the middle.
    kiosk.page.key("Enter", None).await?;
    kiosk.page.wait_for("silence", &format!("{is_pressed} === 'false'"), SOON).await?;
    kiosk.page.key("Enter", None).await?;
    kiosk.page.wait_for("a voice", "document.documentElement.dataset.speaking", BEGINS).await?;
    kiosk.page.key("Enter", None).await?;
    let silent = "!('speaking' in document.documentElement.dataset)";
    kiosk.page.wait_for("silence", silent, SOON).await?;
    let before = kiosk.page.evaluate("self.e2ePlayed.length").await?;
    let card = Stage::card("valid")?;
    stage.place(&card, Speed::Instant)?;
    stage.kiosk.choose("pin").await?;
    stage.kiosk.enter_pin(PIN).await?;
    stage.kiosk.wait_screen(&["consent_all"], SOON).await?;
    stage.kiosk.press("consent-none").await?;
    stage.kiosk.wait_screen(&["finished"], SOON).await?;
    let after = stage.kiosk.page.evaluate("self.e2ePlayed.length").await?;
    ensure!(before == after, "{after} instead of {before} sentences were begun: the switch is off");
    stage.take().await?;
    // For the next person it is on again.
    let page = &stage.kiosk.page;
    page.wait_for("the sound to be on", &format!("{is_pressed} === 'true'"), SOON).await?;
    page.wait_for(
        "the idle screen to be heard",
        "document.documentElement.dataset.speaking",
        BEGINS,
    )
    .await?;
    Ok(())
}

/// A page that is told one example view after the other.
async fn every_view_is_heard(stage: &Stage) -> Result<()> {
    let page = stage.browser.page().await?;
    page.resize(1280, 800).await?;
    for script in [RECORDER, NO_BRIDGE] {
        page.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await?;
    }
    page.navigate(&stage.bridge.url()).await?;
    page.wait_for("the page without a bridge", "self.e2eSocket?.onmessage && true", LOADING)
        .await?;
    let views = views(&crate::root().join("kiosk-web/tests/views"))?;
    for language in ["ja", "en"] {
        for (name, view) in &views {
            show(&page, view).await?;
            // The end of a visit brings Japanese back.
            let set = format!("document.documentElement.lang === '{language}'");
            if page.evaluate(&set).await? == false {
                page.click(&format!("language-{language}"), SOON).await?;
            }
            hear(&page, name, language).await?;
        }
    }
    judge(&page).await?;
    hints_are_repeated(&page, &views).await?;
    page.close().await
}

/// Name and content of the example views, in an order in which no two of one kind follow each other: those would be one
/// screen to the page, of which it says only what is new.
pub(super) fn views(folder: &Path) -> Result<Vec<(String, Value)>> {
    let mut views = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        views.push((name, serde_json::from_slice(&std::fs::read(&path)?)?));
    }
    ensure!(views.len() > 50, "there are no example views in {}", folder.display());
    views.sort_by(|(one, _), (other, _)| one.cmp(other));
    let half = views.len().div_ceil(2);
    let mixed = (0..half).flat_map(|at| [views.get(at), views.get(at + half)]);
    Ok(mixed.flatten().cloned().collect())
}

async fn show(page: &Page, view: &Value) -> Result<()> {
    page.evaluate(&format!("self.e2eFrom = self.e2eHeard.length, self.e2eFeed({view})")).await?;
    page.wait_for("the view", &is_up(view), SOON).await.map(drop)
}

/// True in the page while it shows the screen of this view.
pub(super) fn is_up(view: &Value) -> String {
    format!("document.querySelector('main')?.dataset.screen === {}", view["screen"]["name"])
}

/// Something of this screen is heard, and only sentences with a value in them stay silent.
async fn hear(page: &Page, name: &str, language: &str) -> Result<()> {
    let begun = "(() => {
        const title = document.querySelector('[role=alertdialog] h2') ?? document.querySelector('main h1');
        return self.e2eHeard.slice(self.e2eFrom).some(heard => heard.sentence === title.textContent.trim());
    })()";
    page.wait_for(&format!("the title of {name} in {language}"), begun, BEGINS).await?;
    let silent = page.evaluate(&format!("({SILENT})({})", json!(language))).await?;
    let has_value =
        |text: &&Value| text.as_str().is_some_and(|text| text.chars().any(|c| c.is_ascii_digit()));
    let silent: Vec<&Value> =
        silent.as_array().into_iter().flatten().filter(|text| !has_value(text)).collect();
    if !silent.is_empty() {
        bail!(
            "{name} in {language} has sentences without a clip: {silent:?}; name their keys in kiosk-web/voice.toml"
        );
    }
    Ok(())
}

/// A hint that stays is said again after about six seconds: nobody shows a card to this camera.
async fn hints_are_repeated(page: &Page, views: &[(String, Value)]) -> Result<()> {
    page.click("language-ja", SOON).await?;
    let (_, view) = views.iter().find(|(name, _)| name == "code").context("no view `code`")?;
    show(page, view).await?;
    page.click("start-card-camera", SOON).await?;
    let twice = "(() => {
        const hint = document.querySelector('[data-test=card-hint][data-say=again]')?.textContent;
        const all = self.e2eHeard;
        // With another hint between them, the second is no repetition.
        const at = all.findLastIndex((heard, at) => heard.sentence === hint && all[at + 1]?.sentence === hint);
        return at >= 0 && { hint, ms: all[at + 1].at - all[at].at };
    })()";
    let seen = page.wait_for("a hint to be said twice", twice, Duration::from_mins(1)).await?;
    println!("  said again: {seen}");
    ensure!(seen["ms"].as_f64() > Some(5_000.0), "too soon: {seen}");
    Ok(())
}
