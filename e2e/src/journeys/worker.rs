//! (j) The face worker hangs, then crashes, in the middle of an attempt: another one takes over. How soon depends on what
//! else the machine does, so that is printed, not judged.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
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
                if (data?.type === "ready") own.ready ??= performance.now();
                if (data?.type === "analysis") own.answers.push(performance.now());
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
    for (number, (name, fault)) in FAULTS.into_iter().enumerate() {
        stage.place(&card, Speed::Instant)?;
        stage.kiosk.choose("face").await?;
        stage.kiosk.enter_code(card.holder()).await?;
        stage.kiosk.wait_screen(&["face"], SOON).await?;
        stage.kiosk.press("start-camera").await?;
        let page = &stage.kiosk.page;
        let busy = format!("self.e2eWorkers[{number}]?.answers.length >= 3");
        page.wait_for("three analysed frames", &busy, LOOKING).await?;
        let worker = page.workers().pop().context("the page has no worker")?;
        page.evaluate_in(&worker.session, fault).await?;
        let next = number + 1;
        let resumed = format!("self.e2eWorkers[{next}]?.answers.length > 0");
        page.wait_for("frames analysed by another worker", &resumed, SOON).await?;
        let since = |what: &str| {
            format!("self.e2eWorkers[{next}].{what} - self.e2eWorkers[{number}].answers.at(-1)")
        };
        let mut times = [0.0; 3];
        for (time, what) in times.iter_mut().zip(["began", "ready", "answers[0]"]) {
            *time = page.evaluate(&since(what)).await?.as_f64().context("no time")?;
        }
        let [began, ready, answered] = times;
        println!(
            "  a worker that {name}: another began after {began:.0} ms, was ready after {ready:.0} ms, answered after {answered:.0} ms"
        );
        ensure!(stage.kiosk.screen().await? == "face", "the person saw more than a pause");
        stage.take().await?;
    }
    Ok(())
}
