//! `eligibility-service` as a process of its own: the stand-in for the national system, somewhere else.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use tempfile::TempDir;

const START_DEADLINE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(20);

/// It answers on one port with certificates that its own command has made; dropped = killed, certificates removed.
pub struct EligibilityService {
    child: Option<Child>,
    program: PathBuf,
    port: u16,
    certificates: TempDir,
}

impl EligibilityService {
    /// Starts the program of this name beside the bridge's, and waits until it takes connections.
    ///
    /// # Errors
    /// When it is not built, makes no certificates or does not listen in 20 seconds.
    pub async fn start(bridge: &Path) -> Result<Self> {
        let program = bridge.with_file_name("eligibility-service");
        if !program.is_file() {
            bail!("{} is not built: run `cargo build -p eligibility-service`", program.display());
        }
        let certificates = tempfile::Builder::new().prefix("uketsuke-e2e-service-").tempdir()?;
        let mut make = Command::new(&program);
        make.arg("certificates").arg(certificates.path());
        let output = make.stdin(Stdio::null()).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut service = Self { child: None, program, port, certificates };
        service.restart().await?;
        Ok(service)
    }

    /// Starts it again on the same port. It has forgotten every consent and every registration.
    ///
    /// # Errors
    /// When it ends by itself or does not listen in 20 seconds.
    pub async fn restart(&mut self) -> Result<()> {
        self.kill();
        let file = |name| self.certificates.path().join(name);
        let child = Command::new(&self.program)
            .args(["serve", "--listen", &format!("127.0.0.1:{}", self.port)])
            .arg("--certificate")
            .arg(file("service.pem"))
            .arg("--key")
            .arg(file("service-key.pem"))
            .arg("--client-ca")
            .arg(file("ca.pem"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        let child = self.child.insert(child);
        let end = Instant::now() + START_DEADLINE;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if child.try_wait()?.is_some() || Instant::now() > end {
                bail!("the eligibility service does not listen");
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// Ends it without warning (SIGKILL), by its process id: the system is away.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// The table of a bridge's configuration file by which it is asked.
    pub fn gateway(&self) -> String {
        let file =
            |name| format!("{:?}", self.certificates.path().join(name).display().to_string());
        format!(
            "[gateway]\nkind = \"http\"\naddress = \"https://127.0.0.1:{}\"\nauthority = {}\ncertificate = {}\nkey = {}\n",
            self.port,
            file("ca.pem"),
            file("client.pem"),
            file("client-key.pem")
        )
    }
}

impl Drop for EligibilityService {
    fn drop(&mut self) {
        self.kill();
    }
}
