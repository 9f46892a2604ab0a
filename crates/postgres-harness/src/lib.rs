//! A `PostgreSQL` of one's own, for tests (Linux, with Debian's package `postgresql`).
//!
//! Each has a folder and a Unix socket for itself and listens on no port, or on one of loopback where TLS is tested. `PostgreSQL` refuses to run as root, so root starts it
//! as the user `postgres` whom the package makes.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where Debian keeps the programs of each version.
const VERSIONS: &str = "/usr/lib/postgresql";
/// Somebody else may take a free port at the same moment; not so often.
const PORTS: usize = 20;
/// Seconds for a start or a stop: those of something that hangs.
const DEADLINE_S: &str = "120";

/// The server cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum HarnessError {
    /// It is not installed.
    #[error("PostgreSQL is missing: install the Debian package `postgresql`")]
    Missing,
    /// One of its programs failed.
    #[error("{program} failed: {said}")]
    Failed {
        /// Which.
        program: &'static str,
        /// Its output and the end of the server's log.
        said: String,
    },
    /// System error.
    #[error("PostgreSQL cannot be started: {0}")]
    Io(#[from] io::Error),
}

/// A server, running or not. Dropping it ends the server and deletes what it kept.
#[derive(Debug)]
pub struct Postgres {
    programs: PathBuf,
    user: Option<(u32, u32)>,
    runs: bool,
    port: Option<u16>,
    folder: tempfile::TempDir,
}

impl Postgres {
    /// Starts an empty server and waits until it answers.
    ///
    /// # Errors
    /// [`HarnessError`], in one sentence that says what to do.
    pub fn start() -> Result<Self, HarnessError> {
        Self::start_with(false)
    }

    /// The same; `durable`: it waits for the disk as it does at a site, which tests need not.
    ///
    /// # Errors
    /// As [`Postgres::start`].
    pub fn start_with(durable: bool) -> Result<Self, HarnessError> {
        let mut server = Self::prepare(durable)?;
        server.go_on()?;
        Ok(server)
    }

    /// One that listens on a port of loopback as well, and knows no TLS.
    ///
    /// # Errors
    /// As [`Postgres::start`].
    pub fn start_on_loopback() -> Result<Self, HarnessError> {
        Self::prepare(false)?.listening("")
    }

    /// The same with TLS, by a certificate and its key in PEM.
    ///
    /// # Errors
    /// As [`Postgres::start`].
    pub fn start_encrypted(certificate: &Path, key: &Path) -> Result<Self, HarnessError> {
        let server = Self::prepare(false)?;
        for (from, name) in [(certificate, "own.crt"), (key, "own.key")] {
            let file = Path::new(&server.data()).join(name);
            fs::copy(from, &file)?;
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600))?;
            if let Some((uid, gid)) = server.user {
                chown(&file, Some(uid), Some(gid))?;
            }
        }
        server.listening("ssl = on\nssl_cert_file = 'own.crt'\nssl_key_file = 'own.key'\n")
    }

    fn listening(mut self, further: &str) -> Result<Self, HarnessError> {
        let file = Path::new(&self.data()).join("postgresql.auto.conf");
        let own = fs::read_to_string(&file)?;
        let mut tries = 0;
        loop {
            let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
            let listens = format!("listen_addresses = '127.0.0.1'\nport = {port}\n");
            fs::write(&file, format!("{own}{listens}{further}"))?;
            self.port = Some(port);
            match self.go_on() {
                Err(HarnessError::Failed { .. }) if tries < PORTS => tries += 1,
                Err(error) => return Err(error),
                Ok(()) => return Ok(self),
            }
        }
    }

    /// Everything but the start.
    fn prepare(durable: bool) -> Result<Self, HarnessError> {
        let programs = programs().ok_or(HarnessError::Missing)?;
        let folder = tempfile::Builder::new().prefix("uketsuke-pg-").tempdir()?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700))?;
        let user = user(folder.path())?;
        if let Some((uid, gid)) = user {
            chown(folder.path(), Some(uid), Some(gid))?;
        }
        let server = Self { programs, user, runs: false, port: None, folder };
        let data = server.data();
        server.run(
            "initdb",
            &["-D", &data, "-U", "uketsuke", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        )?;
        let own = format!(
            "listen_addresses = ''\nunix_socket_directories = '{}'\nfsync = {}\n",
            server.folder.path().display(),
            if durable { "on" } else { "off" }
        );
        let file = Path::new(&data).join("postgresql.auto.conf");
        fs::write(&file, own)?;
        Ok(server)
    }

    /// The port of loopback on which it listens; `None`: it does not.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Address of the database `postgres` on it, for a user who may do everything.
    pub fn url(&self) -> String {
        let port = self.port.map(|port| format!(" port={port}")).unwrap_or_default();
        format!("host={} user=uketsuke dbname=postgres{port}", self.folder.path().display())
    }

    /// Ends it in order: everybody is told.
    ///
    /// # Errors
    /// [`HarnessError`].
    pub fn stop(&mut self) -> Result<(), HarnessError> {
        self.end("fast")
    }

    /// Ends it as a power cut does, as far as its clients can tell.
    ///
    /// # Errors
    /// [`HarnessError`].
    pub fn kill(&mut self) -> Result<(), HarnessError> {
        self.end("immediate")
    }

    /// Starts it again with what it kept, and waits until it answers.
    ///
    /// # Errors
    /// [`HarnessError`].
    pub fn go_on(&mut self) -> Result<(), HarnessError> {
        let (data, log) = (self.data(), self.log().display().to_string());
        self.run("pg_ctl", &["start", "-D", &data, "-l", &log, "-w", "-t", DEADLINE_S, "-s"])?;
        self.runs = true;
        Ok(())
    }

    fn end(&mut self, mode: &str) -> Result<(), HarnessError> {
        if std::mem::take(&mut self.runs) {
            let data = self.data();
            self.run("pg_ctl", &["stop", "-D", &data, "-m", mode, "-w", "-t", DEADLINE_S, "-s"])?;
        }
        Ok(())
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn run(&self, program: &'static str, arguments: &[&str]) -> Result<(), HarnessError> {
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).current_dir(self.folder.path()).env("LC_ALL", "C");
        // A server that outlives the call must not hold a pipe of ours.
        let output = self.folder.path().join("output");
        let file = fs::File::create(&output)?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        if command.status()?.success() {
            return Ok(());
        }
        let said = [output, self.log()].map(|file| fs::read_to_string(file).unwrap_or_default());
        Err(HarnessError::Failed { program, said: said.join("\n") })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // There is nobody to tell; its folder goes in any case, and it ends without it.
        let _ = self.kill();
    }
}

/// Folder with the programs of the newest version.
fn programs() -> Option<PathBuf> {
    let versions =
        fs::read_dir(VERSIONS).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let newest = versions.filter_map(|name| name.parse::<u32>().ok()).max()?;
    let folder = Path::new(VERSIONS).join(newest.to_string()).join("bin");
    folder.join("initdb").exists().then_some(folder)
}

/// Who runs it, with group; `None`: whoever runs the tests. `folder` is that user's.
fn user(folder: &Path) -> Result<Option<(u32, u32)>, HarnessError> {
    if std::os::unix::fs::MetadataExt::uid(&fs::metadata(folder)?) != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let line = users.lines().find_map(|line| line.strip_prefix("postgres:"));
    let numbers = line.and_then(|line| {
        let mut fields = line.split(':').skip(1).map(str::parse);
        Some((fields.next()?.ok()?, fields.next()?.ok()?))
    });
    numbers.map(Some).ok_or(HarnessError::Missing)
}
