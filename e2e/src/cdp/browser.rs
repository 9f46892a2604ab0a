//! Starts Chromium with a fake camera and a profile of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::connection::Connection;
use super::page::Page;

const START_DEADLINE: Duration = Duration::from_secs(30);
const PROGRAMS: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A running Chromium; dropped = ended, with all its processes, and its profile removed.
pub struct Browser {
    child: Child,
    connection: Arc<Connection>,
    // Removed last: the browser still writes into it until it ends.
    profile: TempDir,
}

impl Browser {
    /// Starts the browser with `camera` (a `.y4m` file) as its only camera; `trusted`: the key of a certificate that it trusts
    /// beside those of its makers, as by [`crate::certificate::key_of`].
    ///
    /// # Errors
    /// When no Chromium is on the search path, or it does not open its `DevTools` port in 30 seconds.
    pub async fn launch(camera: &Path, trusted: Option<&str>) -> Result<Self> {
        let program =
            find().context("no Chromium on the search path: install the package `chromium`")?;
        let profile = tempfile::Builder::new().prefix("uketsuke-e2e-").tempdir()?;
        let mut command = Command::new(&program);
        command.args(flags(profile.path(), camera));
        command.args(trusted.map(|key| format!("--ignore-certificate-errors-spki-list={key}")));
        command.arg("about:blank").env("LANG", "ja_JP.UTF-8");
        let log = std::fs::File::create(profile.path().join("browser.log"))?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        // One process group, so that the helpers of the browser end with it.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child =
            command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        match connect(&mut child, profile.path()).await {
            Ok(connection) => Ok(Self { child, connection: Arc::new(connection), profile }),
            Err(error) => {
                end(&mut child);
                let log =
                    std::fs::read_to_string(profile.path().join("browser.log")).unwrap_or_default();
                Err(error.context(format!("the browser did not start; it said:\n{log}")))
            }
        }
    }

    /// Opens a page; its workers are attached by themselves.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn page(&self) -> Result<Page> {
        let target = self
            .connection
            .call(None, "Target.createTarget", json!({ "url": "about:blank" }))
            .await?;
        let page = self.attach(target["targetId"].as_str().unwrap_or_default()).await?;
        page.prepare().await?;
        Ok(page)
    }

    /// Every page that is open, to be looked at.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn open_pages(&self) -> Result<Vec<Page>> {
        let targets = self.connection.call(None, "Target.getTargets", json!({})).await?;
        let mut pages = Vec::new();
        for target in targets["targetInfos"].as_array().into_iter().flatten() {
            if target["type"] == "page" && target["url"] != "about:blank" {
                pages.push(self.attach(target["targetId"].as_str().unwrap_or_default()).await?);
            }
        }
        Ok(pages)
    }

    async fn attach(&self, target: &str) -> Result<Page> {
        let attach = json!({ "targetId": target, "flatten": true });
        let answer = self.connection.call(None, "Target.attachToTarget", attach).await?;
        let session = answer["sessionId"].as_str().context("no session for the page")?.to_owned();
        Ok(Page::new(Arc::clone(&self.connection), session, target))
    }

    /// The profile folder, to be searched for what must not be written to disk.
    pub fn profile(&self) -> &Path {
        self.profile.path()
    }

    /// Version of the browser, for reports.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn version(&self) -> Result<String> {
        let version: Value = self.connection.call(None, "Browser.getVersion", json!({})).await?;
        Ok(version["product"].as_str().unwrap_or("unknown").to_owned())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Ends a process group that this program started, by its id.
fn end(child: &mut Child) {
    if let Ok(Some(_)) = child.try_wait() {
        return;
    }
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
    }
    let _ = child.wait();
}

fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| PROGRAMS.map(|program| folder.join(program)))
        .find(|program| program.is_file())
}

fn flags(profile: &Path, camera: &Path) -> Vec<String> {
    let mut flags: Vec<String> = [
        "--headless",
        "--remote-debugging-port=0",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-default-apps",
        "--disable-extensions",
        "--disable-dev-shm-usage",
        "--disable-background-timer-throttling",
        "--disable-backgrounding-occluded-windows",
        "--disable-renderer-backgrounding",
        "--metrics-recording-only",
        "--mute-audio",
        // As in the kiosk: tones and voice without a touch before.
        "--autoplay-policy=no-user-gesture-required",
        "--hide-scrollbars",
        "--lang=ja",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        "--window-size=1280,800",
    ]
    .map(str::to_owned)
    .to_vec();
    flags.push(format!("--user-data-dir={}", profile.display()));
    flags.push(format!("--use-file-for-fake-video-capture={}", camera.display()));
    // Chromium refuses its sandbox to the superuser, as in a container.
    if rustix::process::geteuid().is_root() {
        flags.push("--no-sandbox".to_owned());
    }
    flags
}

async fn connect(child: &mut Child, profile: &Path) -> Result<Connection> {
    let deadline = Instant::now() + START_DEADLINE;
    let file = profile.join("DevToolsActivePort");
    loop {
        if let Some(status) = child.try_wait()? {
            bail!("the browser ended at once ({status})");
        }
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        if let Some((port, path)) = text.trim().split_once('\n') {
            return Connection::connect(&format!("ws://127.0.0.1:{port}{path}")).await;
        }
        if Instant::now() > deadline {
            bail!("the browser did not open its DevTools port in {} s", START_DEADLINE.as_secs());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
