//! What a person does at a page, and what can be seen of it.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use serde_json::{Value, json};

use super::connection::{Connection, Worker, exception_text};

/// How often a condition is looked at.
const POLL: Duration = Duration::from_millis(20);
/// A page that draws anew, in another size or loaded once more, takes its time on a busy machine.
const DRAWN: Duration = Duration::from_secs(20);

/// One page of the browser.
pub struct Page {
    pub(super) connection: Arc<Connection>,
    pub(super) session: String,
    target: String,
}

impl Page {
    pub(super) fn new(connection: Arc<Connection>, session: String, target: &str) -> Self {
        Self { connection, session, target: target.to_owned() }
    }

    pub(super) async fn prepare(&self) -> Result<()> {
        for domain in ["Page.enable", "Runtime.enable", "Log.enable", "Inspector.enable"] {
            self.call(domain, json!({})).await?;
        }
        let attach =
            json!({ "autoAttach": true, "waitForDebuggerOnStart": false, "flatten": true });
        self.call("Target.setAutoAttach", attach).await?;
        self.call("Emulation.setLocaleOverride", json!({ "locale": "ja-JP" })).await?;
        self.call("Emulation.setTimezoneOverride", json!({ "timezoneId": "Asia/Tokyo" })).await?;
        Ok(())
    }

    /// Calls a method of the protocol on this page.
    ///
    /// # Errors
    /// As [`Connection::call`].
    pub async fn call(&self, method: &str, params: Value) -> Result<Value> {
        self.connection.call(Some(&self.session), method, params).await
    }

    /// Opens an address; does not wait for more than the answer of the server.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn navigate(&self, url: &str) -> Result<()> {
        let answer = self.call("Page.navigate", json!({ "url": url })).await?;
        match answer["errorText"].as_str() {
            Some(why) => bail!("{url}: {why}"),
            None => Ok(()),
        }
    }

    /// Value of a JavaScript expression; promises are awaited.
    ///
    /// # Errors
    /// When it throws.
    pub async fn evaluate(&self, expression: &str) -> Result<Value> {
        self.evaluate_in(&self.session, expression).await
    }

    /// As [`Self::evaluate`], in a worker of this page.
    ///
    /// # Errors
    /// When it throws.
    pub async fn evaluate_in(&self, session: &str, expression: &str) -> Result<Value> {
        let params =
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let mut answer = self.connection.call(Some(session), "Runtime.evaluate", params).await?;
        if let Some(details) = answer.get("exceptionDetails") {
            bail!("the page threw: {}", exception_text(details));
        }
        Ok(answer["result"]["value"].take())
    }

    /// Waits until a JavaScript expression is truthy and gives its value.
    ///
    /// # Errors
    /// When it is not in time; the message names `what`.
    pub async fn wait_for(
        &self,
        what: &str,
        expression: &str,
        deadline: Duration,
    ) -> Result<Value> {
        let end = Instant::now() + deadline;
        loop {
            // A page that is being loaded has no context yet: that is "not yet", not a failure.
            let seen = self.evaluate(expression).await;
            if let Ok(value) = &seen
                && !matches!(value, Value::Null | Value::Bool(false))
                && value != ""
            {
                return Ok(value.clone());
            }
            if Instant::now() > end {
                let last =
                    seen.map_or_else(|error| format!("{error:#}"), |value| value.to_string());
                bail!("waited {:.1} s for {what} (last: {last})", deadline.as_secs_f64());
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Presses the element with this `data-test` like a finger would: at its centre, after scrolling to it.
    ///
    /// # Errors
    /// When it is missing, disabled, covered or empty until the deadline, or when the press did not arrive at it.
    pub async fn click(&self, data_test: &str, deadline: Duration) -> Result<()> {
        self.click_css(&format!("[data-test=\"{data_test}\"]"), deadline).await
    }

    /// As [`Self::click`], by CSS selector; the first visible match. A line of the board that moves in this moment takes no press:
    /// it is pressed again, as staff would.
    ///
    /// # Errors
    /// As [`Self::click`].
    pub async fn click_css(&self, selector: &str, deadline: Duration) -> Result<()> {
        let end = Instant::now() + deadline;
        loop {
            let (x, y) = self.point(selector, end).await?;
            self.press_at(x, y).await?;
            // A page that was left by the press cannot tell any more.
            let landed = self.evaluate(LANDED).await.unwrap_or(Value::Null);
            match landed.as_str() {
                None => return Ok(()),
                Some("held by the board") if Instant::now() < end => {
                    println!("  pressed again: {selector}, whose line moved");
                }
                Some(landed) => bail!("the press of {selector} did not arrive: {landed}"),
            }
        }
    }

    /// Where to press, once it can be pressed.
    async fn point(&self, selector: &str, end: Instant) -> Result<(f64, f64)> {
        let expression = format!("({POINT})({})", json!(selector));
        loop {
            let seen = self.evaluate(&expression).await.unwrap_or(Value::Null);
            if let (Some(x), Some(y)) = (seen["x"].as_f64(), seen["y"].as_f64()) {
                return Ok((x, y));
            }
            if Instant::now() > end {
                bail!(
                    "cannot press {selector}: {}",
                    seen.as_str().unwrap_or("no answer of the page")
                );
            }
            tokio::time::sleep(POLL).await;
        }
    }

    async fn press_at(&self, x: f64, y: f64) -> Result<()> {
        let mouse = |kind: &str, buttons: u8| {
            json!({ "type": kind, "x": x, "y": y, "button": if kind == "mouseMoved" { "none" } else { "left" },
                "buttons": buttons, "clickCount": u8::from(kind != "mouseMoved"), "pointerType": "mouse" })
        };
        self.call("Input.dispatchMouseEvent", mouse("mouseMoved", 0)).await?;
        self.call("Input.dispatchMouseEvent", mouse("mousePressed", 1)).await?;
        self.call("Input.dispatchMouseEvent", mouse("mouseReleased", 0)).await?;
        Ok(())
    }

    /// Types printable ASCII, key by key, into what has the focus.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn type_keys(&self, text: &str) -> Result<()> {
        for key in text.chars() {
            self.key(&key.to_string(), Some(&key.to_string())).await?;
        }
        Ok(())
    }

    /// Presses one named key (`Enter`, `Tab`, `Escape`) or, with `text`, a printable one.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn key(&self, key: &str, text: Option<&str>) -> Result<()> {
        let code = match key {
            "Enter" => 13,
            "Tab" => 9,
            "Escape" => 27,
            "Backspace" => 8,
            "ArrowDown" => 40,
            other => other.bytes().next().map_or(0, |byte| byte.to_ascii_uppercase()),
        };
        let text = text.map(str::to_owned).or_else(|| (key == "Enter").then(|| "\r".to_owned()));
        let mut down = json!({ "type": if text.is_some() { "keyDown" } else { "rawKeyDown" }, "key": key,
            "code": key, "windowsVirtualKeyCode": code });
        if let Some(text) = text {
            down["text"] = json!(text);
        }
        self.call("Input.dispatchKeyEvent", down).await?;
        let up = json!({ "type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": code });
        self.call("Input.dispatchKeyEvent", up).await?;
        Ok(())
    }

    /// Writes what is on the screen as a PNG file.
    ///
    /// # Errors
    /// When the page is gone or the file cannot be written.
    pub async fn screenshot(&self, file: &Path) -> Result<()> {
        self.capture(file, json!({ "format": "png" })).await
    }

    /// As [`Self::screenshot`], with what has to be scrolled to.
    ///
    /// # Errors
    /// As [`Self::screenshot`].
    pub async fn screenshot_whole(&self, file: &Path) -> Result<()> {
        let metrics = self.call("Page.getLayoutMetrics", json!({})).await?;
        let size = &metrics["cssContentSize"];
        let clip =
            json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 });
        self.capture(file, json!({ "format": "png", "captureBeyondViewport": true, "clip": clip }))
            .await
    }

    async fn capture(&self, file: &Path, options: Value) -> Result<()> {
        let answer = self.call("Page.captureScreenshot", options).await?;
        let data = answer["data"].as_str().context("the browser sent no picture")?;
        let png = base64::engine::general_purpose::STANDARD
            .decode(data)
            .context("the picture is not base64")?;
        std::fs::write(file, png).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Makes the window `width`×`height` CSS pixels large, and waits until the page has that size: what is measured before lies
    /// elsewhere.
    ///
    /// # Errors
    /// When the page is gone, or has another size for long.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", metrics).await?;
        let has = format!("innerWidth === {width} && innerHeight === {height}");
        self.wait_for("the size of the window", &has, DRAWN).await.map(drop)
    }

    /// Brings this page to the front, as the browser stops drawing the ones behind.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn bring_to_front(&self) -> Result<()> {
        self.call("Page.bringToFront", json!({})).await.map(drop)
    }

    /// Waits for two frames, so that what is in the document is also what is drawn. A page behind another one never is; one that
    /// loads itself anew meanwhile, as the board does after a restart, is waited for.
    ///
    /// # Errors
    /// When the page is gone, or not drawn for long.
    pub async fn drawn(&self) -> Result<()> {
        let frames = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";
        self.wait_for("two frames to be drawn", frames, DRAWN).await.map(drop)
    }

    /// Closes this page.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn close(self) -> Result<()> {
        self.connection
            .call(None, "Target.closeTarget", json!({ "targetId": self.target }))
            .await
            .map(drop)
    }

    /// Workers that are alive now.
    pub fn workers(&self) -> Vec<Worker> {
        self.connection.events(|events| events.workers.clone())
    }

    /// Waits until the page has started a worker and gives it.
    ///
    /// # Errors
    /// When it has none in time.
    pub async fn wait_for_worker(&self, deadline: Duration) -> Result<Worker> {
        let end = Instant::now() + deadline;
        loop {
            if let Some(worker) = self.workers().into_iter().next() {
                return Ok(worker);
            }
            if Instant::now() > end {
                bail!("the page started no worker in {:.0} s", deadline.as_secs_f64());
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Console output so far, of page and workers.
    pub fn console(&self) -> Vec<String> {
        self.connection.events(|events| events.console.clone())
    }

    /// How often a page was loaded since the browser started. A journey that forbids a reload compares it.
    pub fn loads(&self) -> u64 {
        self.connection.events(|events| events.loads)
    }
}

/// Gives the point to press, or the reason why a person could not press there.
const POINT: &str = r#"async (selector) => {
    // Whether lines have moved is known when they are drawn.
    if (document.querySelector("[data-screen=board]")) {
        const drawn = new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));
        const behind = new Promise(done => setTimeout(() => done(false), 2000));
        if (!await Promise.race([drawn, behind])) return "its page is not drawn";
    }
    const all = [...document.querySelectorAll(selector)];
    if (all[0]?.closest("main") && document.querySelector("[data-page=kiosk] .page:not([data-ready])")) return "its question has just appeared";
    if (all[0]?.closest("[data-held] :is([data-visit], [data-unread])")) return "the lines have just moved";
    if (all[0]?.closest("[data-held]:not(main)")) return "it has just appeared";
    const element = all.find(e => (e.closest("label") ?? e).checkVisibility({ visibilityProperty: true }));
    if (!element) return all.length ? "it is not visible" : "it is not on the page";
    if (element.matches(":disabled") || element.getAttribute("aria-disabled") === "true") return "it is disabled";
    // A radio button is pressed by its label, which may be all that is drawn of it.
    const target = element.matches("input[type=radio], input[type=checkbox]") && element.closest("label") || element;
    target.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = target.getBoundingClientRect();
    if (box.width < 1 || box.height < 1) return "it has no size";
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    const hit = document.elementFromPoint(x, y);
    if (!hit) return "it is outside the window";
    if (!target.contains(hit)) {
        return "it is covered by <" + hit.tagName.toLowerCase() + " class=" + hit.className + ">";
    }
    // Where the press arrives; the page may hold it back before.
    window.watched?.ends.abort();
    const watched = window.watched = { landed: "nowhere", ends: new AbortController() };
    addEventListener("click", event => {
        const held = document.querySelector("[data-screen=board]") ? "held by the board" : "held back";
        const other = "on <" + event.target.tagName.toLowerCase() + " class=" + event.target.className + ">";
        watched.landed = event.defaultPrevented ? held : target.contains(event.target) ? null : other;
    }, { capture: true, once: true, signal: watched.ends.signal });
    return { x, y };
}"#;

/// What became of the last press: `null` when it arrived, or when the page is another one by now.
const LANDED: &str = "window.watched?.landed ?? null";
