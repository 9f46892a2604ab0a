//! The bridge as a process: started like at a kiosk, killed like by a power cut.

use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::{Pid, Signal};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use virtual_card::harness::Pcscd;

use crate::asks::{Asks, TERMINAL};
use crate::certificate;

/// Passcode of the facility in the journeys.
pub const PASSCODE: &str = "4821";
/// Configuration file, beside the data folder.
const SETTINGS: &str = "uketsuke.toml";
/// Under which the bridge is reached on the network.
const NETWORK_NAME: &str = "127.0.0.1";
/// The bridge says so where it has opened the staff pages there.
const ON_THE_NETWORK: &str = "staff pages on the network, encrypted address=";
const START_DEADLINE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(20);

/// Which cards a bridge serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serves {
    /// Practice cards, as at a rehearsal: faces may be pictures, nobody is asked to move.
    Practice,
    /// Patients: the roots of the practice cards are given to it as production roots.
    Patients,
}

/// What a bridge is told beside its reader.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    /// Lines of its configuration file.
    pub lines: &'static str,
    /// It serves the staff pages on the network, too, with a certificate that its own command has made.
    pub network: bool,
    /// Whom it asks.
    pub asks: Asks,
}

/// A bridge with folders of its own; dropped = killed, folders removed.
pub struct Bridge {
    child: Option<Child>,
    program: PathBuf,
    port: u16,
    hash: String,
    serves: Serves,
    network: bool,
    asks: Asks,
    folders: TempDir,
    log: PathBuf,
}

impl Bridge {
    /// Starts it on a free loopback port and waits until its readers are ready. `log` collects its output.
    ///
    /// # Errors
    /// When it is not built, ends by itself or is not ready in 20 seconds; the message holds its last lines.
    pub async fn start(log: PathBuf, serves: Serves, settings: Settings) -> Result<Self> {
        let program = program()?;
        let hash = passcode_hash(&program)?;
        let folders = tempfile::Builder::new().prefix("uketsuke-e2e-bridge-").tempdir()?;
        std::fs::create_dir_all(folders.path().join("face"))?;
        let Settings { lines, network, asks } = settings;
        let gateway = asks.lines(folders.path())?;
        let table = network.then(|| certified(&program, folders.path())).transpose()?;
        let table = table.unwrap_or_default();
        std::fs::write(folders.path().join(SETTINGS), format!("{lines}\n{gateway}{table}"))?;
        std::fs::create_dir_all(log.parent().unwrap_or(Path::new(".")))?;
        std::fs::write(&log, "")?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut bridge =
            Self { child: None, program, port, hash, serves, network, asks, folders, log };
        bridge.restart().await?;
        Ok(bridge)
    }

    /// Starts it again on the same port with the same folders.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn restart(&mut self) -> Result<()> {
        self.kill();
        let log = std::fs::File::options().append(true).open(&self.log)?;
        let mut command = Command::new(&self.program);
        match self.serves {
            Serves::Practice => command.arg("--accept-practice-cards"),
            Serves::Patients => {
                command.arg("--trusted-roots").arg(self.roots()?);
                command.arg("--result-folder").arg(self.results())
            }
        };
        let child = command
            .current_dir(crate::root())
            .arg("--config")
            .arg(self.folders.path().join(SETTINGS))
            .args(["--port", &self.port.to_string()])
            .args(
                (self.asks != Asks::Reader)
                    .then(|| ["--reader".into(), Pcscd::name(0, 0)])
                    .into_iter()
                    .flatten(),
            )
            .arg("--dist")
            .arg(crate::root().join("dist"))
            .arg("--data")
            .arg(self.data())
            .env("UKETSUKE_PASSCODE_HASH", &self.hash)
            .env("NO_COLOR", "1")
            // As much as a site would ever switch on: what it logs is searched for personal data.
            .env("UKETSUKE_LOG", "info,bridge=trace,checkin=trace")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        self.child = Some(child);
        self.wait_until_ready().await
    }

    /// Writes the roots above practice cards as a site would write further production roots; gives the option's value.
    fn roots(&self) -> Result<OsString> {
        let folder = self.folders.path();
        let (root, authority) = (folder.join("root.cer"), folder.join("authority.toml"));
        std::fs::write(&root, virtual_card::practice_auth_ca())?;
        let ca = virtual_card::practice_cv_ca();
        let (id, modulus) = (hex::encode(ca.surface_key_id), hex::encode(&ca.public_key.modulus));
        std::fs::write(&authority, format!("key_id = \"{id}\"\nmodulus = \"{modulus}\"\n"))?;
        Ok([root.as_os_str(), authority.as_os_str()].join(OsStr::new(",")))
    }

    async fn wait_until_ready(&mut self) -> Result<()> {
        let end = Instant::now() + START_DEADLINE;
        loop {
            let health = self.health().await.unwrap_or(Value::Null);
            let is_ready =
                |kiosk: &Value| matches!(kiosk["reader"]["state"].as_str(), Some("ready" | "card"));
            let all_ready =
                health["kiosks"].as_array().is_some_and(|kiosks| kiosks.iter().all(is_ready));
            if all_ready && (!self.network || self.network_url().is_some()) {
                return Ok(());
            }
            let ended =
                self.child.as_mut().is_some_and(|child| !matches!(child.try_wait(), Ok(None)));
            if ended || Instant::now() > end {
                bail!(
                    "the bridge is not ready (health: {health}); it said:\n{}",
                    self.log_tail(30)
                );
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Ends it without warning (SIGKILL), by its process id.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Stops it where it is, its sockets open, as a program that hangs.
    ///
    /// # Errors
    /// When it does not run.
    pub fn freeze(&self) -> Result<()> {
        self.signal(Signal::STOP)
    }

    /// Lets it go on after [`Self::freeze`].
    ///
    /// # Errors
    /// When it does not run.
    pub fn thaw(&self) -> Result<()> {
        self.signal(Signal::CONT)
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let pid = self.pid().and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
        rustix::process::kill_process(pid.context("the bridge does not run")?, signal)?;
        Ok(())
    }

    /// Has its own command import this patient list (CSV), as a site would.
    ///
    /// # Errors
    /// When it is refused; the message is what the command said.
    pub fn import_patients(&self, list: &str) -> Result<()> {
        let file = self.folders.path().join("patients.csv");
        std::fs::write(&file, list)?;
        let mut import = Command::new(&self.program);
        import.arg("--data").arg(self.data()).args(["patients", "import"]).arg(file);
        let output = import.stdin(Stdio::null()).output()?;
        let said = [output.stdout, output.stderr].concat();
        ensure!(output.status.success(), "no import: {}", String::from_utf8_lossy(&said));
        Ok(())
    }

    /// Adds these lines at the end of its configuration file, for the next start.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn configure(&self, lines: &str) -> Result<()> {
        let file = self.folders.path().join(SETTINGS);
        std::fs::File::options().append(true).open(file)?.write_all(lines.as_bytes())?;
        Ok(())
    }

    /// The program.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Folder of the terminal that it asks, or of the reader beside, if there is one.
    pub fn terminal(&self) -> PathBuf {
        self.folders.path().join(TERMINAL)
    }

    /// Address of the kiosk page.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Address of the staff pages on the network, encrypted, if they are there; as the last start told it.
    pub fn network_url(&self) -> Option<String> {
        let log = self.log();
        let (_, line) = log.rsplit_once(ON_THE_NETWORK)?;
        let (address, _) = line.split_once('\n')?;
        Some(format!("https://{}/", address.trim()))
    }

    /// The key of the certificate there, as browsers are told to trust it.
    ///
    /// # Errors
    /// When the certificate cannot be read.
    pub fn network_key(&self) -> Result<Option<String>> {
        let file = self.folders.path().join("certificate.pem");
        self.network.then(|| certificate::key_of(&file)).transpose()
    }

    /// Process id, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Folder of the store.
    pub fn data(&self) -> PathBuf {
        self.folders.path().join("data")
    }

    /// Folder that a receipt computer would watch.
    pub fn results(&self) -> PathBuf {
        match self.serves {
            Serves::Patients => self.folders.path().join("face"),
            // Practice has no folder but its own.
            Serves::Practice => self.data().join("face"),
        }
    }

    /// Everything it printed so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Its last lines.
    pub fn log_tail(&self, n_lines: usize) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(n_lines)..].join("\n")
    }

    /// `GET /health`.
    ///
    /// # Errors
    /// When it does not answer with JSON.
    pub async fn health(&self) -> Result<Value> {
        let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await?;
        let request = format!(
            "GET /health HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
            self.port
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        tokio::time::timeout(
            Duration::from_secs(5),
            stream.take(64 * 1024).read_to_string(&mut answer),
        )
        .await??;
        let body = answer.split_once("\r\n\r\n").context("no HTTP answer")?.1;
        serde_json::from_str(body).with_context(|| format!("health is not JSON: {body}"))
    }

    /// Resident memory in units of 10⁶ bytes (`VmRSS`).
    ///
    /// # Errors
    /// When it does not run.
    pub fn resident_mb(&self) -> Result<f64> {
        let pid = self.pid().context("the bridge does not run")?;
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
        let line =
            status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kibibytes * 1024.0 / 1e6)
    }

    /// Result files that are there now, oldest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn result_files(&self) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(self.results())? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "xml") {
                files.push((path.metadata()?.modified()?, path));
            }
        }
        files.sort();
        Ok(files.into_iter().map(|(_, path)| path).collect())
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.kill();
    }
}

/// `UKETSUKE_BRIDGE_PROGRAM`, or the debug build.
fn program() -> Result<PathBuf> {
    let program = std::env::var_os("UKETSUKE_BRIDGE_PROGRAM")
        .map_or_else(|| "target/debug/uketsuke-bridge".into(), PathBuf::from);
    let program = crate::root().join(program);
    if !program.is_file() {
        bail!("{} is not built: run `cargo build -p bridge`", program.display());
    }
    Ok(program)
}

/// Makes a certificate in this folder as a site would; gives the table of the configuration file that uses it.
fn certified(program: &Path, folder: &Path) -> Result<String> {
    let mut make = Command::new(program);
    make.args(["certificate", "make", NETWORK_NAME, "--out"]).arg(folder);
    let output = make.stdin(Stdio::null()).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let folder = folder.display();
    Ok(format!(
        "[network]\nlisten = \"{NETWORK_NAME}:0\"\nnames = [\"{NETWORK_NAME}\"]\ncertificate = \"{folder}/certificate.pem\"\nkey = \"{folder}/key.pem\"\n"
    ))
}

fn passcode_hash(program: &Path) -> Result<String> {
    let mut child = Command::new(program)
        .arg("passcode")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    child.stdin.take().context("no standard input")?.write_all(PASSCODE.as_bytes())?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("`uketsuke-bridge passcode` failed");
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
