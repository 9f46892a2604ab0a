//! Patients are asked for two movements of the head; practice never asks. (n) Somebody makes both and is let in. (o) Somebody keeps
//! still, (p) somebody turns the other way, (q) somebody turns too little and hears so: not matched, other ways offered, and no word about the reason.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use virtual_card::Speed;

use super::results;
use crate::card::{Card, PIN};
use crate::kiosk::{CAMERA_RUNS, LOADING, LOOKING, SOON};
use crate::stage::Stage;

/// Runs in the page before anything else: tones that are played are written down, and the camera calls itself a camera. By
/// its own name, `fake_device_0`, the kiosk knows rightly that it is none.
const BEFORE: &str = "(() => {
    Object.defineProperty(MediaStreamTrack.prototype, 'label', { get: () => 'USB Camera' });
    const tones = self.e2eTones = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...args) {
        tones.push(this.frequency.value);
        return start.apply(this, args);
    };
})()";
/// Runs in the worker: the bridge's chance always says the same, so that one film can answer. The nonce stays as it is.
const NO_CHANCE: &str = "(() => {
    const handle = self.onmessage;
    self.onmessage = ({ data }) => {
        const message = JSON.parse(data.message);
        const start = { message: JSON.stringify({ ...message, random: 0 }) };
        handle({ data: message.type === 'start' ? start : data });
    };
})(); 0";
/// What the person is told, and whether an arrow shows where to.
const TOLD: &str = "({
    words: document.querySelector('[data-test=hint]')?.innerText ?? '',
    arrow: !!document.querySelector('.camera__arrow')?.checkVisibility(),
    tones: self.e2eTones.length,
})";
/// A movement of the film comes at least every 5.5 s.
const NEXT: Duration = Duration::from_secs(20);

/// (n)
pub(super) async fn both_made(stage: &mut Stage) -> Result<()> {
    let card = look_into_the_camera(stage).await?;
    let movement = words("face.hint.turn_left")?;
    let first = words("face.first")?.replace("{{ what }}", &movement);
    let second = words("face.second")?.replace("{{ what }}", &movement);
    let asked = told(stage, &first, "first_movement", LOOKING).await?;
    ensure!(asked["arrow"] == true, "no arrow shows the first movement");
    let made = told(stage, &words("face.back")?, "face_the_camera_again", NEXT).await?;
    ensure!(made["arrow"] == false, "an arrow is shown, but the words are to look straight ahead");
    ensure!(made["tones"].as_u64() > asked["tones"].as_u64(), "the first movement was not heard");
    let asked = told(stage, &second, "second_movement", NEXT).await?;
    ensure!(asked["arrow"] == true, "no arrow shows the second movement");
    let kiosk = &stage.kiosk;
    kiosk.at("consent_all", NEXT).await?;
    kiosk.press("consent-all").await?;
    kiosk.at("finished", SOON).await?;
    ensure!(kiosk.text().await?.contains(&card.holder().name), "the result names nobody");
    results::check(stage, &card, true)?;
    stage.take().await
}

/// (o), (p) and, `too_little`, (q)
pub(super) async fn not_made(stage: &mut Stage, too_little: bool) -> Result<()> {
    let card = look_into_the_camera(stage).await?;
    let movement = words("face.hint.turn_left")?;
    let first = words("face.first")?;
    let further = words("face.further")?.replace("{{ what }}", &movement);
    for attempt in ["1", "2"] {
        let number =
            words("face.attempt")?.replace("{{ number }}", attempt).replace("{{ of }}", "3");
        let shown = format!(
            "document.querySelector('[data-test=attempt]')?.innerText === {}",
            json!(number)
        );
        stage.kiosk.page.wait_for("the attempt", &shown, LOOKING).await?;
        let asked = first.replace("{{ what }}", &movement);
        told(stage, &asked, &format!("asked_{attempt}"), LOOKING).await?;
        // The film begins with the camera; the second attempt may begin while the head is turned, and nothing is missing then.
        if too_little && attempt == "1" {
            let asked = first.replace("{{ what }}", &further);
            let asked = told(stage, &asked, &format!("further_{attempt}"), NEXT).await?;
            ensure!(asked["arrow"] == true, "no arrow shows where a little is missing");
        }
    }
    let kiosk = &stage.kiosk;
    kiosk.at("method", LOOKING).await?;
    // The words of every miss, whatever the reason.
    let missed = words("notice.face_missed")?.replace("{{ left }}", "1");
    let notice = "document.querySelector('[data-test=notice]')?.innerText ?? ''";
    let notice = kiosk.page.evaluate(notice).await?;
    ensure!(
        notice.as_str().is_some_and(|notice| notice.trim() == missed),
        "instead of the words of every miss: {notice}"
    );
    for method in ["face", "pin", "visual"] {
        ensure!(kiosk.offers(&format!("choose-{method}")).await?, "{method} is not offered");
    }
    ensure!(stage.bridge.result_files()?.is_empty(), "a result was written for nobody");
    stage.kiosk.choose("pin").await?;
    stage.kiosk.enter_pin(PIN).await?;
    stage.kiosk.wait_screen(&["consent_all"], SOON).await?;
    stage.kiosk.press("consent-none").await?;
    stage.kiosk.at("finished", SOON).await?;
    results::check(stage, &card, false)?;
    stage.take().await
}

/// From the idle screen to a running camera, as a patient.
async fn look_into_the_camera(stage: &mut Stage) -> Result<Card> {
    let page = &stage.kiosk.page;
    page.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": BEFORE })).await?;
    page.navigate(&stage.bridge.url()).await?;
    stage.kiosk.wait_screen(&["idle"], LOADING).await?;
    let card = Stage::patient_card("valid")?;
    stage.place(&card, Speed::Contactless106)?;
    let kiosk = &stage.kiosk;
    kiosk.choose("face").await?;
    kiosk.enter_code(card.holder()).await?;
    kiosk.at("face", SOON).await?;
    ensure!(!kiosk.offers("practice-banner").await?, "the kiosk says that this is practice");
    let worker = kiosk.page.workers().pop().context("the page has no worker")?;
    kiosk.page.evaluate_in(&worker.session, NO_CHANCE).await?;
    kiosk.press("start-camera").await?;
    kiosk.page.wait_for("the camera picture", CAMERA_RUNS, SOON).await?;
    Ok(card)
}

/// Waits until the person is told `words`, takes a picture, and gives what could be seen and heard so far.
async fn told(stage: &Stage, words: &str, picture: &str, deadline: Duration) -> Result<Value> {
    let kiosk = &stage.kiosk;
    let expression = format!("(told => told.words === {} && told)({TOLD})", json!(words));
    let told =
        kiosk.page.wait_for(&format!("the words 「{words}」"), &expression, deadline).await?;
    kiosk.shoot(picture).await?;
    Ok(told)
}

/// The Japanese words of the page, by their key.
pub(super) fn words(key: &str) -> Result<String> {
    let file = crate::root().join("kiosk-web/locales/ja.json");
    let all: Value = serde_json::from_slice(&std::fs::read(file)?)?;
    let words = all.pointer(&format!("/{}", key.replace('.', "/")));
    Ok(words.and_then(Value::as_str).with_context(|| format!("no words {key}"))?.to_owned())
}
