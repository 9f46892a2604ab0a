//! The program itself, as a process of its own: with its allocator, its signal handlers and a PC/SC library for itself.

use crate::site::lay_out;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_uketsuke-bridge");

/// The program, in folders of its own. Dropping it ends it.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) token: String,
    folder: PathBuf,
    /// Goes with it.
    own: Option<TempDir>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    /// Starts it for a reader, with the hash of a passcode. Blocks until it serves.
    pub(crate) fn start(reader: &str, passcode_hash: &str, log: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut running = Self::start_in(folder.path(), reader, passcode_hash, log);
        running.own = Some(folder);
        running
    }

    /// The same in a folder that may hold what an earlier one left.
    pub(crate) fn start_in(folder: &Path, reader: &str, passcode_hash: &str, log: &str) -> Self {
        let (models, dist) = lay_out(folder);
        let mut command = Command::new(PROGRAM);
        command
            .args(["--port", "0", "--reader", reader, "--accept-practice-cards"])
            .arg("--models")
            .arg(models)
            .arg("--dist")
            .arg(dist)
            .arg("--data")
            .arg(folder.join("data"))
            .current_dir(folder)
            .env("UKETSUKE_PASSCODE_HASH", passcode_hash)
            .env("UKETSUKE_LOG", log)
            .env("NO_COLOR", "1");
        Self::begin(command, folder)
    }

    /// This command, which serves in that folder and says so as the program does.
    pub(crate) fn begin(mut command: Command, folder: &Path) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let served = log.find_map(|line| Some(line.unwrap().split_once("http://")?.1.to_owned()));
        let address = served.unwrap().trim_end_matches(['/', '"']).parse().unwrap();
        // A full pipe would stop the program; what it says stands beside a test that fails.
        std::thread::spawn(move || log.map_while(Result::ok).for_each(|line| println!("{line}")));
        let mut page = TcpStream::connect(address).unwrap();
        write!(page, "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
        let mut text = String::new();
        page.read_to_string(&mut text).unwrap();
        let token = text.split_once("content=\"").unwrap().1[..64].to_owned();
        Self { child, address, token, folder: folder.into(), own: None }
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Asks it to end, and gives how it did; `None` when it has not ended within `patience`.
    pub(crate) fn terminate(&mut self, patience: Duration) -> Option<ExitStatus> {
        let kill = format!("kill -TERM {}", self.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        let asked = Instant::now();
        while asked.elapsed() < patience {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }

    /// Process number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has not ended by itself.
    pub(crate) fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

pub(crate) fn hash(passcode: &str) -> String {
    let mut child = Command::new(PROGRAM)
        .arg("passcode")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(passcode.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap().trim().to_owned()
}
