//! (j) The face worker hangs, then crashes, in the middle of an attempt: another one takes over. How soon depends on what
//! else the machine does, so that is printed, not judged. (k) Every build of it starts and sees the same.

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use virtual_card::Speed;

use crate::kiosk::{LOADING, LOOKING, SOON};
use crate::stage::Stage;

/// Runs in the page before anything else: when workers began, when they answered.
const RECORDER: &str = r#"(() => {
    const workers = self.e2eWorkers = [];
    const Plain = self.Worker;
    self.Worker = class extends Plain {
        constructor(...args) {
            super(...args);
            const own = { began: performance.now(), ready: null, answers: [] };
            workers.push(own);
            this.addEventListener("message", ({ data }) => {
                const message = JSON.parse(data.message);
                if (message.type === "ready") {
                    own.ready ??= performance.now();
                    own.build = message.build;
                }
                if (message.type === "analysis") own.answers.push(performance.now());
            });
        }
    };
})()"#;

/// Ways to go, as seen from inside the worker.
const FAULTS: [(&str, &str); 2] = [
    ("hangs", "setTimeout(() => { for (;;); }, 0)"),
    ("crashes", "setTimeout(() => { throw new Error('on purpose'); }, 0)"),
];

pub(super) async fn hangs_and_crashes(stage: &mut Stage) -> Result<()> {
    let page = &stage.kiosk.page;
    page.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": RECORDER })).await?;
    page.navigate(&stage.bridge.url()).await?;
    stage.kiosk.wait_screen(&["idle"], LOADING).await?;
    let card = Stage::card("valid")?;
    for (name, fault) in FAULTS {
        stage.place(&card, Speed::Instant)?;
        stage.kiosk.choose("face").await?;
        stage.kiosk.enter_code(card.holder()).await?;
        stage.kiosk.wait_screen(&["face"], SOON).await?;
        stage.kiosk.press("start-camera").await?;
        let page = &stage.kiosk.page;
        let number = page.evaluate("self.e2eWorkers.length - 1").await?;
        let number = number.as_u64().context("no worker was started")?;
        let busy = format!("self.e2eWorkers[{number}]?.answers.length >= 3");
        page.wait_for("three analysed frames", &busy, LOOKING).await?;
        let worker = page.workers().pop().context("the page has no worker")?;
        page.evaluate_in(&worker.session, fault).await?;
        let next = number + 1;
        let resumed = format!("self.e2eWorkers[{next}]?.answers.length > 0");
        page.wait_for("frames analysed by another worker", &resumed, SOON).await?;
        let build = page.evaluate(&format!("self.e2eWorkers[{number}].build")).await?;
        let build = build.as_str().context("the worker does not name its build")?.to_owned();
        let since = |what: &str| {
            format!("self.e2eWorkers[{next}].{what} - self.e2eWorkers[{number}].answers.at(-1)")
        };
        let mut times = [0.0; 3];
        for (time, what) in times.iter_mut().zip(["began", "ready", "answers[0]"]) {
            *time = page.evaluate(&since(what)).await?.as_f64().context("no time")?;
        }
        let [began, ready, answered] = times;
        println!(
            "  a worker ({build}) that {name}: another began after {began:.0} ms, was ready after {ready:.0} ms, answered after {answered:.0} ms"
        );
        ensure!(stage.kiosk.screen().await? == "face", "the person saw more than a pause");
        stage.take().await?;
    }
    Ok(())
}

/// Lets every build look at the same frame of the camera.
const EVERY_BUILD: &str = r#"(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true });
    const video = Object.assign(document.createElement("video"), { muted: true, srcObject: stream });
    await video.play();
    const frame = new VideoFrame(video);
    const look = async (most) => {
        const worker = new Worker(`/worker.js?at-most=${most}`, { type: "module" });
        const ask = (message, attached) => new Promise((resolve, reject) => {
            worker.onmessage = ({ data }) => {
                const answer = JSON.parse(data.message);
                if (answer.type === "failed") reject(new Error(answer.reason));
                else resolve(answer);
            };
            worker.onerror = ({ message }) => reject(new Error(message));
            worker.postMessage({ message: JSON.stringify(message), attached }, attached ? [attached] : []);
        });
        const { build } = await ask({ type: "load", models: "/models/" });
        let seen;
        // More than once: the second thread may come late.
        for (let id = 0; id < 12; id++) {
            const copy = frame.clone();
            const size = { width: frame.displayWidth, height: frame.displayHeight };
            seen = await ask({ type: "frame", size, t_ms: id * 100, camera: "" }, copy);
        }
        worker.terminate();
        return { build, face: seen.face, hint: seen.hint };
    };
    const looks = [];
    for (const most of ["threads", "relaxed", "plain"]) looks.push(await look(most));
    frame.close();
    stream.getTracks().forEach(track => track.stop());
    return looks;
})()"#;

/// (k)
pub(super) async fn every_build(stage: &Stage) -> Result<()> {
    let looks = stage.kiosk.page.evaluate(EVERY_BUILD).await?;
    let looks = looks.as_array().context("no list")?;
    let [threads, relaxed, plain] = &looks[..] else { bail!("not three looks: {looks:?}") };
    println!("  builds: {}, {}, {}", threads["build"], relaxed["build"], plain["build"]);
    ensure!(relaxed["build"] == "relaxed" && plain["build"] == "plain", "another build started");
    ensure!(threads["face"].is_array(), "no face was found: {threads}");
    ensure!(
        threads["face"] == relaxed["face"] && threads["hint"] == relaxed["hint"],
        "two threads see something else: {threads} instead of {relaxed}"
    );
    let sides = |look: &Value| -> Vec<f64> {
        let sides = look["face"].as_array().into_iter().flatten();
        sides.filter_map(Value::as_f64).collect()
    };
    let near = sides(plain).iter().zip(sides(relaxed)).all(|(a, b)| (a - b).abs() < 1e-3);
    ensure!(
        near && plain["hint"] == relaxed["hint"],
        "plain SIMD sees something else: {plain} instead of {relaxed}"
    );
    Ok(())
}
