//! `cargo xtask run`: from a fresh clone to a kiosk on loopback.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use rustix::process::{Pid, Signal, kill_process};

use crate::command::{cargo, exists, run as run_command};
use crate::progress::step;
use crate::setup::{Purpose, setup};
use crate::terminal::Terminal;
use crate::{card_front, dist, font, models, web};

/// How to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Open Chromium in kiosk mode
    #[arg(long)]
    kiosk: bool,
    /// Port on loopback
    #[arg(long, default_value_t = 8710)]
    port: u16,
    /// With a stand-in for the clinic's 資格確認端末, which is asked by its folders; data and folders go away at the end
    #[arg(long)]
    with_terminal: bool,
    /// Try your own My Number Card on a real reader: one that the simulator does not know gets an invented answer
    #[arg(long, conflicts_with = "with_terminal")]
    own_card: bool,
    /// Passed on to the bridge
    #[arg(last = true)]
    bridge: Vec<String>,
}

/// The bridge answers within this time after its start, or something is wrong.
const HEALTH_DEADLINE: Duration = Duration::from_secs(30);
/// A bridge that was told to stop gets this long.
const STOP_DEADLINE: Duration = Duration::from_secs(15);
/// A rehearsal in a data folder of its own, which no patient's visit may share.
const OWN_CARD: &[&str] =
    &["--own-cards", "true", "--accept-practice-cards", "true", "--data", "target/own-card"];
/// How often the child and the health endpoint are looked at.
const TICK: Duration = Duration::from_millis(100);

/// Sets up, builds, starts the bridge, prints its address, and stops it on Ctrl-C.
///
/// # Errors
/// When the port is in use, a stage fails, or the bridge ends by itself with a failure.
pub(crate) fn run(options: &Options) -> Result<()> {
    port_is_free(options.port)?;
    if options.kiosk {
        chromium_may_start(options.port)?;
    }
    setup(Purpose::Run)?;
    models::models()?;
    font::font()?;
    card_front::card_front()?;
    web::web(web::Options::default())?;
    step("build the bridge", || run_command(cargo().args(["build", "--package", "bridge"])))?;

    let stop = Arc::new(AtomicBool::new(false));
    for signal in
        [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP]
    {
        signal_hook::flag::register(signal, Arc::clone(&stop))
            .context("cannot listen to Ctrl-C")?;
    }
    let mut terminal = options.with_terminal.then(Terminal::start).transpose()?;
    let more = terminal.as_ref().map(|terminal| terminal.arguments(&options.bridge)).transpose()?;
    let mut bridge = start_bridge(options, &more.unwrap_or_default())?;
    let mut browser = None;
    let outcome = wait_until_healthy(&mut bridge, options.port, &stop).and_then(|healthy| {
        if healthy {
            announce(options.port);
            if let Some(terminal) = &terminal {
                terminal.announce();
            }
            browser = if options.kiosk { Some(Browser::open(options.port)?) } else { None };
        }
        wait(&mut bridge, &mut browser, &stop)
    });
    let stopped = terminate(&mut bridge);
    if let Some(terminal) = &mut terminal {
        terminate(&mut terminal.process)?;
    }
    if let Some(mut browser) = browser {
        terminate(&mut browser.process)?;
    }
    outcome.and(stopped)
}

/// # Errors
/// One sentence when another program listens there.
fn port_is_free(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
            "port {port} is in use, perhaps by a kiosk that still runs: stop it, or choose another with `cargo xtask run --port {}`",
            port.checked_add(1).unwrap_or(8710)
        ),
        Err(error) => Err(error)
            .with_context(|| format!("cannot listen on port {port}: choose one above 1023")),
    }
}

/// Where cargo put a program of the development profile.
pub(crate) fn built(profile: &str, program: &str) -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    target.join(profile).join(program)
}

fn start_bridge(options: &Options, more: &[String]) -> Result<Child> {
    let mut bridge = Command::new(built("debug", "uketsuke-bridge"));
    bridge
        .args(["--port", &options.port.to_string(), "--dist", dist::FOLDER])
        .args(more)
        .args(if options.own_card { OWN_CARD } else { &[] })
        .args(&options.bridge);
    // A group of its own: Ctrl-C reaches this program only, which then stops the bridge in order.
    bridge
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
        .context("cannot start the bridge that was just built")
}

/// Polls the health endpoint. `false` when asked to stop meanwhile.
fn wait_until_healthy(bridge: &mut Child, port: u16, stop: &AtomicBool) -> Result<bool> {
    let deadline = Instant::now() + HEALTH_DEADLINE;
    while !is_healthy(port) {
        if stop.load(Ordering::Relaxed) {
            return Ok(false);
        }
        if let Some(status) = bridge.try_wait()? {
            bail!("the bridge ended while starting ({status}); its own message is above");
        }
        if Instant::now() > deadline {
            bail!(
                "the bridge did not answer within {} s; `target/debug/uketsuke-bridge doctor` tells what is wrong",
                HEALTH_DEADLINE.as_secs()
            );
        }
        thread::sleep(TICK);
    }
    Ok(true)
}

/// Whether `GET /health` is answered: with 200, or with 503 by a kiosk that runs and can serve nobody yet (no reader).
fn is_healthy(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.set_write_timeout(Some(Duration::from_secs(2)))?;
        let request =
            format!("GET /health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok([b"HTTP/1.1 200", b"HTTP/1.1 503"].contains(&&status))
    };
    ask().unwrap_or(false)
}

fn announce(port: u16) {
    let address = address(port);
    println!("\n  ────────────────────────────────────────────────");
    println!("   Uketsuke is running. Open this in Chromium:");
    println!("\n       {address}\n");
    println!("   For staff: {address}staff");
    println!("   Without a card reader, lay practice cards down at {address}practice");
    println!("   Stop with Ctrl-C.");
    println!("  ────────────────────────────────────────────────\n");
}

fn address(port: u16) -> String {
    format!("http://127.0.0.1:{port}/")
}

/// Said before anything is built.
///
/// # Errors
/// One sentence when this is root, as whom Chromium refuses to run.
fn chromium_may_start(port: u16) -> Result<()> {
    if rustix::process::geteuid().is_root() {
        bail!(
            "Chromium does not start as root: run this as an ordinary user, or start without --kiosk and open {} as one",
            address(port)
        );
    }
    Ok(())
}

/// Names under which Chromium is installed.
const CHROMIUM: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// Nothing of the browser's own over the screens, tones without a touch before, and no gestures that lead away.
const KIOSK_FLAGS: [&str; 11] = [
    "--kiosk",
    "--no-first-run",
    "--noerrdialogs",
    "--disable-session-crashed-bubble",
    "--disable-features=Translate",
    "--autoplay-policy=no-user-gesture-required",
    "--overscroll-history-navigation=0",
    "--disable-pinch",
    // No dialogue of the printer, which would offer to save a file; and never a question about the camera: this profile
    // shows nothing but the kiosk.
    "--kiosk-printing",
    "--use-fake-ui-for-media-stream",
    "--password-store=basic",
];
/// A browser that ends sooner than this after its start did not start.
const BROWSER_LIVES: Duration = Duration::from_secs(10);

/// Chromium without window decorations, with a profile of its own.
struct Browser {
    process: Child,
    since: Instant,
    port: u16,
}

impl Browser {
    fn open(port: u16) -> Result<Self> {
        let Some(program) = CHROMIUM.into_iter().find(|name| exists(name)) else {
            bail!(
                "no Chromium found: install it with `sudo apt-get install -y chromium`, or start without --kiosk"
            );
        };
        let profile = std::env::current_dir()?.join("data/kiosk-profile");
        let mut browser = Command::new(program);
        browser.args(KIOSK_FLAGS);
        browser.arg(format!("--user-data-dir={}", profile.display())).arg(address(port));
        browser.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let process = browser.spawn().with_context(|| format!("cannot start {program}"))?;
        Ok(Self { process, since: Instant::now(), port })
    }

    /// Opens it again when it was closed or crashed: a kiosk shows nothing else.
    ///
    /// # Errors
    /// When it ended right after its start.
    fn keep_open(&mut self) -> Result<()> {
        let Some(status) = self.process.try_wait()? else { return Ok(()) };
        if self.since.elapsed() < BROWSER_LIVES {
            bail!(
                "Chromium ended right after its start ({status}): is there a screen (DISPLAY or WAYLAND_DISPLAY), and no other Chromium with data/kiosk-profile? Without --kiosk, open {} yourself",
                address(self.port)
            );
        }
        eprintln!("Chromium ended ({status}) and is opened again.");
        *self = Self::open(self.port)?;
        Ok(())
    }
}

/// Until Ctrl-C, or until the bridge ends by itself, or the browser does not stay open.
fn wait(bridge: &mut Child, browser: &mut Option<Browser>, stop: &AtomicBool) -> Result<()> {
    while !stop.load(Ordering::Relaxed) {
        if let Some(browser) = browser {
            browser.keep_open()?;
        }
        match bridge.try_wait()? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => {
                bail!("the bridge ended by itself ({status}); its own message is above")
            }
            None => thread::sleep(TICK),
        }
    }
    eprintln!("Stopping …");
    Ok(())
}

/// Asks a child to end, waits, and only then insists.
fn terminate(child: &mut Child) -> Result<()> {
    if child.try_wait()?.is_some() {
        return Ok(());
    }
    kill_process(Pid::from_child(child), Signal::INT).context("cannot ask the child to stop")?;
    if wait_for_end(child)?.is_some() {
        return Ok(());
    }
    eprintln!("It did not stop within {} s and is ended now.", STOP_DEADLINE.as_secs());
    child.kill().context("cannot end the child")?;
    child.wait().map(drop).context("cannot wait for the child")
}

fn wait_for_end(child: &mut Child) -> Result<Option<ExitStatus>> {
    let deadline = Instant::now() + STOP_DEADLINE;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(TICK);
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader};

    use super::*;

    #[test]
    fn a_port_in_use_is_one_sentence() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let error = port_is_free(port).unwrap_err().to_string();
        assert!(error.contains("in use") && error.contains("--port"), "{error}");
        drop(listener);
        port_is_free(port).unwrap();
    }

    #[test]
    fn health_needs_an_answer_of_a_kiosk() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = thread::spawn(move || {
            for answer in
                ["HTTP/1.1 404 Not Found\r\n\r\n", "HTTP/1.1 503 Service Unavailable\r\n\r\n"]
            {
                let (mut stream, _) = listener.accept().unwrap();
                // All of the request: closing with unread bytes would reset the connection.
                let lines = BufReader::new(stream.try_clone().unwrap()).lines();
                assert!(lines.map_while(Result::ok).any(|line| line.is_empty()));
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        assert!(!is_healthy(port));
        assert!(is_healthy(port));
        server.join().unwrap();
    }
}
