//! `cargo xtask bench face`: every build of our worker module and onnxruntime-web side by side in one worker of one
//! Chromium page.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Map, Value, json};

use crate::command::{cargo, run};
use crate::progress::step;
use crate::{compress, dist, files, models, npm, portraits, rustup, wasm};

/// Longest measurement, besides the frames of the stream.
const DEADLINE: Duration = Duration::from_mins(8);
/// Longest time for one frame of the stream: several times what a slow machine takes.
const FRAME_DEADLINE: Duration = Duration::from_millis(300);
/// Longest accepted result in bytes.
const MAX_RESULT: u64 = 1 << 20;
const ORT: &str = "node_modules/onnxruntime-web/dist";

/// Builds, measures and gives the figures (milliseconds and bytes).
///
/// # Errors
/// When a preparation fails, or the page reports an error or nothing in time.
pub(crate) fn measure(frames: u32) -> Result<Map<String, Value>> {
    models::models()?;
    portraits::portraits()?;
    npm::install_all()?;
    let mut builds = Vec::new();
    let mut sizes = Map::new();
    for (build, module) in wasm::WORKERS {
        if !module.own_std || rustup::ensure_source() {
            let shipped = files::read(&module.build(false)?.join("kiosk_worker_bg.wasm"))?;
            let brotli = compress::brotli_size(&shipped)?;
            sizes.insert(build.to_owned(), json!({ "raw": shipped.len(), "brotli": brotli }));
            builds.push((build, module.measuring().build(false)?));
        }
    }
    let frame = Path::new("target/bench-face/frame.png");
    step("one camera frame for the benchmark", || {
        let program = ["run", "--package", "face", "--example", "evaluate"];
        files::create_folder(Path::new("target/bench-face"))?;
        run(cargo().args(program).args(["--", "frame"]).arg(frame))
    })?;
    let served = plan(&builds, frame, frames)?;
    let mut measured =
        step("measure in Chromium", || in_browser(&served, DEADLINE + FRAME_DEADLINE * frames))?;
    measured.insert("worker_wasm".to_owned(), sizes.into());
    Ok(measured)
}

/// Name in the address → content.
type Served = BTreeMap<String, Vec<u8>>;

fn plan(builds: &[dist::Worker], frame: &Path, frames: u32) -> Result<Served> {
    let names: Vec<_> = builds.iter().map(|(name, _)| name).collect();
    let page =
        include_str!("bench_face/index.html").replace("NUMBER_OF_FRAMES", &frames.to_string());
    let script =
        include_str!("bench_face/worker.js").replace("NAMES_OF_BUILDS", &json!(names).to_string());
    let mut served: Served = BTreeMap::from([
        ("index.html".to_owned(), page.into_bytes()),
        ("worker.js".to_owned(), script.into_bytes()),
    ]);
    let mut add = |name: &str, path: PathBuf| -> Result<()> {
        served.insert(name.to_owned(), files::read(&path)?);
        Ok(())
    };
    for (build, folder) in builds {
        for file in ["kiosk_worker.js", "kiosk_worker_bg.wasm"] {
            add(&format!("{build}/{file}"), folder.join(file))?;
        }
    }
    add("helper.js", "kiosk-web/worker/helper.js".into())?;
    add("frame.png", frame.to_path_buf())?;
    let ort = Path::new(ORT);
    add("ort.mjs", ort.join("ort.wasm.min.mjs"))?;
    add("ort-loader.mjs", ort.join("ort-wasm-simd-threaded.mjs"))?;
    add("ort.wasm", ort.join("ort-wasm-simd-threaded.wasm"))?;
    let raw = ["fr_detect", "fr_landmark", "fr_feature", "fr_liveness"];
    for (role, raw) in ["detector", "landmark", "embedding", "liveness"].iter().zip(raw) {
        add(&format!("{role}.graph"), Path::new("models/files").join(format!("{role}.graph")))?;
        add(&format!("{role}.onnx"), Path::new("models/files/raw").join(format!("{raw}.onnx")))?;
    }
    Ok(served)
}

/// As the bridge sends them: isolated from other origins, which measuring memory needs, and kept by the browser.
const HEADERS: &str = "cross-origin-opener-policy: same-origin\r\ncross-origin-embedder-policy: require-corp\r\n\
    cache-control: public, max-age=31536000, immutable\r\n";

/// Opens the page and waits for its result, at most so long.
fn in_browser(served: &Served, deadline: Duration) -> Result<Map<String, Value>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = format!("http://{}/index.html", listener.local_addr()?);
    let profile = Path::new("target/bench-face/profile");
    files::remove_folder(profile)?;
    let mut browser = Browser(
        browser(profile)
            .arg(&address)
            .spawn()
            .context("cannot start Chromium: is it installed?")?,
    );
    let started = Instant::now();
    while started.elapsed() < deadline {
        if let Ok((stream, _)) = listener.accept() {
            if let Some(result) = answer(&stream, served)? {
                return finished(result);
            }
        } else {
            ensure!(browser.0.try_wait()?.is_none(), "Chromium ended before the result came");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    bail!("no result after {} s", deadline.as_secs())
}

fn finished(result: Value) -> Result<Map<String, Value>> {
    let Value::Object(measured) = result else { bail!("the page sent no object") };
    if let Some(error) = measured.get("error") {
        bail!("the page failed: {error}");
    }
    Ok(measured)
}

/// Ended with this program's own measurement, whatever happens.
struct Browser(Child);

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn browser(profile: &Path) -> Command {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let name = names.into_iter().find(|name| crate::command::exists(name)).unwrap_or("chromium");
    let mut command = Command::new(name);
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]);
    command.arg(format!("--user-data-dir={}", profile.display()));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Serves one request; gives the result when it was one.
fn answer(stream: &TcpStream, served: &Served) -> Result<Option<Value>> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream.take(MAX_RESULT));
    let (mut line, mut length) = (String::new(), 0);
    if reader.read_line(&mut line).is_err() {
        // A connection that the browser opened in advance.
        return Ok(None);
    }
    let mut header = String::new();
    while reader.read_line(&mut header).is_ok_and(|length| length > 2) {
        let field = header.to_lowercase();
        if let Some(value) = field.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
        header.clear();
    }
    let mut words = line.split(' ');
    let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    if method == "POST" {
        ensure!(length <= MAX_RESULT, "a result of {length} bytes");
        let mut body = vec![0; usize::try_from(length)?];
        reader.read_exact(&mut body)?;
        send(stream, "204 No Content", "text/plain", &[]);
        return Ok(Some(serde_json::from_slice(&body).context("the page sent no JSON")?));
    }
    let name = path.trim_start_matches('/');
    match served.get(name) {
        Some(content) => send(stream, "200 OK", kind(name), content),
        None => send(stream, "404 Not Found", "text/plain", &[]),
    }
    Ok(None)
}

/// A browser that no longer wants its answer is no failure: the result decides.
fn send(mut stream: &TcpStream, status: &str, kind: &str, content: &[u8]) {
    let length = content.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n{HEADERS}\r\n"
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(content));
}

fn kind(name: &str) -> &'static str {
    match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html",
        Some("js" | "mjs") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
