//! The program that is measured, in a folder of its own.

use anyhow::{Context as _, Result, ensure};
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// Ended when dropped.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) token: String,
    kiosks: u32,
    _folder: TempDir,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    /// With so many kiosks that practise.
    pub(crate) fn start(bridge: &Path, kiosks: u32) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let at = |name: &str| folder.path().join(name);
        // No visit here is matched by a face, and no page is drawn.
        std::fs::create_dir(at("dist"))?;
        std::fs::write(at("dist/index.html"), "__UKETSUKE_TOKEN__")?;
        let mut further = String::new();
        for number in 2..=kiosks {
            write!(further, "[[kiosk]]\nname = \"k{number}\"\nreader = \"practice\"\n")?;
        }
        std::fs::write(at("uketsuke.toml"), further)?;
        // It is started in another folder.
        let mut child = Command::new(std::path::absolute(bridge)?)
            .args(["--port", "0", "--reader", "practice"])
            .args(["--models", "models", "--dist", "dist", "--data", "data"])
            .current_dir(folder.path())
            .env("UKETSUKE_LOG", "info")
            .env("NO_COLOR", "1")
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {}", bridge.display()))?;
        let mut log = BufReader::new(child.stderr.take().context("its log")?).lines();
        let mut said = String::new();
        let address = loop {
            let line = log.next().with_context(|| format!("it ended: {said}"))??;
            if let Some((_, address)) = line.split_once("http://") {
                break address.trim_end_matches(['/', '"']).parse()?;
            }
            said.push_str(&line);
        };
        // A full pipe would stop the program.
        std::thread::spawn(move || log.for_each(drop));
        let mut program = Self { child, address, token: String::new(), kiosks, _folder: folder };
        program.token = program.request("GET / HTTP/1.1", "")?;
        Ok(program)
    }

    /// Where the addresses of each kiosk begin.
    pub(crate) fn bases(&self) -> Vec<String> {
        (1..=self.kiosks)
            .map(|number| if number == 1 { String::new() } else { format!("/k/k{number}") })
            .collect()
    }

    /// One request; gives the body of the answer.
    pub(crate) fn request(&self, line: &str, body: &str) -> Result<String> {
        request(self.address, &self.token, line, body)
    }

    /// Of the process, in 1,000 bytes: `VmRSS` now, `VmHWM` at most (Linux, `proc_pid_status(5)`).
    pub(crate) fn memory(&self, field: &str) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
        let kibibytes = line.and_then(|line| line.split_whitespace().next());
        Ok(kibibytes.context("the system does not tell")?.parse::<f64>()? * 1.024)
    }
}

/// As [`Program::request`], from anywhere.
pub(crate) fn request(address: SocketAddr, token: &str, line: &str, body: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    let length = body.len();
    write!(
        stream,
        "{line}\r\nHost: {address}\r\nOrigin: http://{address}\r\nX-Uketsuke-Token: {token}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    ensure!(answer.starts_with("HTTP/1.1 200"), "{line}: {answer}");
    Ok(answer.split_once("\r\n\r\n").context("no body")?.1.to_owned())
}
