//! A pcscd of one's own with one virtual reader in it, for tests over the real PC/SC stack (Linux, as root).
//!
//! The daemon's socket has a fixed path, so there can be one per machine: a lock file in the temporary folder makes
//! test programs wait for each other.

use std::{
    ffi::CStr,
    fs::File,
    io::{self, Read as _, Seek as _},
    net::TcpListener,
    path::Path,
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

use pcsc::{Context, ReaderState, Scope, State};

use crate::{
    speed::Speed,
    vpcd::{InsertedCard, SharedCard, SharedScript},
};

const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
const SOCKET: &str = "/run/pcscd/pcscd.comm";
const LOCK: &str = "uketsuke-pcscd.lock";
const LOCK_DEADLINE: Duration = Duration::from_mins(3);
const DEADLINE: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(20);
/// pcscd has room for sixteen slots, vpcd takes two for each reader.
const MOST_READERS: usize = 8;

/// The bench cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum HarnessError {
    /// A program or driver is not installed.
    #[error("{what} is missing: install the Debian package `{package}`")]
    Missing {
        /// File that was looked for.
        what: &'static str,
        /// Where it comes from.
        package: &'static str,
    },
    /// Another daemon owns the socket.
    #[error(
        "another pcscd is already running on this machine: stop it first (for example `systemctl stop pcscd.socket pcscd`)"
    )]
    AlreadyRunning,
    /// Another test program kept the lock for three minutes.
    #[error("another test program has been using pcscd for three minutes")]
    Busy,
    /// The daemon started but the reader or the card did not show up in time.
    #[error("{what} did not happen within {} seconds; pcscd said: {log}", DEADLINE.as_secs())]
    Late {
        /// The condition waited for.
        what: &'static str,
        /// End of the daemon's output.
        log: String,
    },
    /// System error.
    #[error("the PC/SC bench failed: {0}")]
    Io(#[from] io::Error),
    /// PC/SC error.
    #[error("PC/SC refused: {0}")]
    Pcsc(#[from] pcsc::Error),
}

/// A running daemon. Dropping it stops the daemon and frees the lock.
#[derive(Debug)]
pub struct Pcscd {
    child: Child,
    program: &'static str,
    ports: Vec<u16>,
    log: File,
    config: tempfile::TempDir,
    _lock: File,
}

impl Pcscd {
    /// Starts the daemon with a virtual reader on a free port and waits until the reader is listed.
    ///
    /// # Errors
    /// [`HarnessError`], in one sentence that says what to do.
    pub fn start() -> Result<Self, HarnessError> {
        Self::start_with(1)
    }

    /// Starts the daemon with 0 to 8 readers of two slots each, `Virtual PCD`, `Virtual PCD 1` and so on. Cards in the two
    /// slots of a reader wait for each other; those in different readers do not.
    ///
    /// # Errors
    /// As [`Pcscd::start`].
    pub fn start_with(readers: usize) -> Result<Self, HarnessError> {
        let program =
            ["/usr/sbin/pcscd", "/usr/bin/pcscd"].into_iter().find(|path| Path::new(path).exists());
        let program = program.ok_or(HarnessError::Missing { what: "pcscd", package: "pcscd" })?;
        if !Path::new(DRIVER).exists() {
            return Err(HarnessError::Missing { what: DRIVER, package: "vsmartcard-vpcd" });
        }
        let lock = lock()?;
        if std::os::unix::net::UnixStream::connect(SOCKET).is_ok() {
            return Err(HarnessError::AlreadyRunning);
        }
        let config = tempfile::tempdir()?;
        let (log, ports) = (tempfile::tempfile()?, configure(config.path(), readers)?);
        let child = spawn(program, config.path(), &log)?;
        let mut daemon = Self { child, program, ports, log, config, _lock: lock };
        daemon.until_listed()?;
        Ok(daemon)
    }

    /// Ends the daemon and starts it again with so many readers: what the service does when it is updated, or with 0 readers
    /// what is seen when all are unplugged. `between` happens while there is no service.
    ///
    /// # Errors
    /// As [`Pcscd::start`].
    pub fn restart_with(
        &mut self,
        readers: usize,
        between: impl FnOnce(),
    ) -> Result<(), HarnessError> {
        self.end();
        between();
        self.ports = configure(self.config.path(), readers)?;
        self.child = spawn(self.program, self.config.path(), &self.log)?;
        self.until_listed()
    }

    fn until_listed(&mut self) -> Result<(), HarnessError> {
        let expected = 2 * self.ports.len();
        self.wait("the virtual readers appearing", |_| match reader_names() {
            Ok(names) => Ok(names.len() == expected),
            Err(HarnessError::Pcsc(pcsc::Error::NoReadersAvailable)) => Ok(expected == 0),
            Err(error) => Err(error),
        })
    }

    fn end(&mut self) {
        let pid = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(pid) = pid {
            // SIGTERM, so that the daemon removes its socket; its drivers need up to a second.
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        let deadline = Instant::now() + DEADLINE;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > deadline {
                let _ = self.child.kill();
            }
            thread::sleep(POLL);
        }
    }

    /// Where vpcd listens for the card of the first slot, e.g. `127.0.0.1:45011`.
    pub fn address(&self) -> String {
        self.slot(0, 0).1
    }

    /// Name of a slot (0 or 1) of a reader, and where vpcd listens for its card.
    ///
    /// # Panics
    /// When there is no such reader.
    pub fn slot(&self, reader: usize, slot: u16) -> (String, String) {
        let name = if reader == 0 { String::new() } else { format!(" {reader}") };
        let address = format!("127.0.0.1:{}", self.ports[reader] + slot);
        (format!("Virtual PCD{name} 00 0{slot}"), address)
    }

    /// PC/SC name of the first slot.
    ///
    /// # Errors
    /// [`HarnessError::Pcsc`] when the daemon does not answer.
    pub fn reader(&self) -> Result<String, HarnessError> {
        let names = reader_names()?;
        names.into_iter().min().ok_or(HarnessError::Pcsc(pcsc::Error::NoReadersAvailable))
    }

    /// Puts a card in and waits until PC/SC sees it. Drop the result, or call [`Pcscd::pull`], to take it out.
    ///
    /// # Errors
    /// [`HarnessError::Late`] when the reader does not notice the card.
    pub fn insert(&mut self, card: SharedCard, speed: Speed) -> Result<InsertedCard, HarnessError> {
        let inserted = InsertedCard::insert(&self.address(), card, speed)?;
        self.wait_for_card(true)?;
        Ok(inserted)
    }

    /// Where vpcd listens for the card of the second slot, which is another reader to PC/SC.
    pub fn second_address(&self) -> String {
        self.slot(0, 1).1
    }

    /// Puts a card to which things happen in and waits until PC/SC sees it.
    ///
    /// # Errors
    /// As [`Pcscd::insert`].
    pub fn insert_scripted(&mut self, card: SharedScript) -> Result<InsertedCard, HarnessError> {
        let inserted = InsertedCard::insert_scripted(&self.address(), card)?;
        self.wait_for_card(true)?;
        Ok(inserted)
    }

    /// Takes the card out and waits until PC/SC has noticed.
    ///
    /// # Errors
    /// [`HarnessError::Late`] when the reader does not notice.
    pub fn pull(&mut self, card: InsertedCard) -> Result<(), HarnessError> {
        card.pull();
        self.wait_for_card(false)
    }

    /// Waits until PC/SC sees a card (`true`) or none (`false`) in the first slot.
    ///
    /// # Errors
    /// [`HarnessError::Late`] after fifteen seconds.
    pub fn wait_for_card(&mut self, present: bool) -> Result<(), HarnessError> {
        let what = if present { "the card being seen" } else { "the card being missed" };
        self.wait(what, |_| Ok(card_present()? == present))
    }

    /// Another card into the same slot.
    ///
    /// # Errors
    /// As [`Pcscd::pull`] and [`Pcscd::insert`].
    pub fn swap(
        &mut self,
        old: InsertedCard,
        new: SharedCard,
        speed: Speed,
    ) -> Result<InsertedCard, HarnessError> {
        self.pull(old)?;
        self.insert(new, speed)
    }

    fn wait(
        &mut self,
        what: &'static str,
        mut condition: impl FnMut(&Self) -> Result<bool, HarnessError>,
    ) -> Result<(), HarnessError> {
        let deadline = Instant::now() + DEADLINE;
        loop {
            if let Ok(true) = condition(self) {
                return Ok(());
            }
            if Instant::now() > deadline || self.child.try_wait()?.is_some() {
                return Err(HarnessError::Late { what, log: self.tail() });
            }
            thread::sleep(POLL);
        }
    }

    /// Last kilobyte of what the daemon printed.
    fn tail(&mut self) -> String {
        let mut text = Vec::new();
        let _ = self.log.rewind().and_then(|()| self.log.read_to_end(&mut text));
        String::from_utf8_lossy(&text[text.len().saturating_sub(1024)..]).trim().to_owned()
    }
}

impl Drop for Pcscd {
    fn drop(&mut self) {
        self.end();
    }
}

/// Writes the configuration of so many readers; comes back with the first port of each.
fn configure(folder: &Path, readers: usize) -> Result<Vec<u16>, HarnessError> {
    let mut ports = Vec::new();
    for number in 0..readers {
        let port = free_port(&ports)?;
        let name = if number == 0 { String::new() } else { format!(" {number}") };
        let reader = format!(
            "FRIENDLYNAME \"Virtual PCD{name}\"\nDEVICENAME /dev/null:0x{port:X}\nLIBPATH {DRIVER}\nCHANNELID 0x{port:X}\n"
        );
        std::fs::write(folder.join(format!("vpcd{number}")), reader)?;
        ports.push(port);
    }
    for gone in readers..MOST_READERS {
        match std::fs::remove_file(folder.join(format!("vpcd{gone}"))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error)?,
            _ => {}
        }
    }
    Ok(ports)
}

fn spawn(program: &str, config: &Path, log: &File) -> io::Result<Child> {
    Command::new(program)
        .args(["--foreground", "--config"])
        .arg(config)
        .stdin(std::process::Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log.try_clone()?)
        .spawn()
}

fn lock() -> Result<File, HarnessError> {
    let file = File::options().create(true).append(true).open(std::env::temp_dir().join(LOCK))?;
    let deadline = Instant::now() + LOCK_DEADLINE;
    while let Err(error) = file.try_lock() {
        match error {
            std::fs::TryLockError::WouldBlock if Instant::now() < deadline => thread::sleep(POLL),
            std::fs::TryLockError::WouldBlock => return Err(HarnessError::Busy),
            std::fs::TryLockError::Error(error) => return Err(error.into()),
        }
    }
    Ok(file)
}

/// vpcd takes two ports in a row, one per slot.
fn free_port(taken: &[u16]) -> io::Result<u16> {
    loop {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let is_taken = taken.iter().any(|other| other.abs_diff(port) < 2);
        if port < u16::MAX && !is_taken && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return Ok(port);
        }
    }
}

fn reader_names() -> Result<Vec<String>, HarnessError> {
    let readers = Context::establish(Scope::User)?.list_readers_owned()?;
    let names = readers.iter().filter_map(|name| name.to_str().ok());
    Ok(names.filter(|name| name.contains("Virtual PCD")).map(str::to_owned).collect())
}

fn card_present() -> Result<bool, HarnessError> {
    let context = Context::establish(Scope::User)?;
    let readers = context.list_readers_owned()?;
    let name: &CStr = readers.iter().min().ok_or(pcsc::Error::NoReadersAvailable)?;
    let mut states = [ReaderState::new(name, State::UNAWARE)];
    context.get_status_change(Duration::ZERO, &mut states)?;
    Ok(states[0].event_state().contains(State::PRESENT)
        && !states[0].event_state().contains(State::MUTE))
}
