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
    port: u16,
    log: File,
    _config: tempfile::TempDir,
    _lock: File,
}

impl Pcscd {
    /// Starts the daemon with a virtual reader on a free port and waits until the reader is listed.
    ///
    /// # Errors
    /// [`HarnessError`], in one sentence that says what to do.
    pub fn start() -> Result<Self, HarnessError> {
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
        let port = free_port()?;
        let reader = format!(
            "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:0x{port:X}\nLIBPATH {DRIVER}\nCHANNELID 0x{port:X}\n"
        );
        std::fs::write(config.path().join("vpcd"), reader)?;
        let log = tempfile::tempfile()?;
        let child = Command::new(program)
            .args(["--foreground", "--config"])
            .arg(config.path())
            .stdin(std::process::Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log.try_clone()?)
            .spawn()?;
        let mut daemon = Self { child, port, log, _config: config, _lock: lock };
        daemon.wait("the virtual reader appearing", |_| Ok(reader_name()?.is_some()))?;
        Ok(daemon)
    }

    /// Where vpcd listens for the card of the first slot, e.g. `127.0.0.1:45011`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// PC/SC name of the first slot.
    ///
    /// # Errors
    /// [`HarnessError::Pcsc`] when the daemon does not answer.
    pub fn reader(&self) -> Result<String, HarnessError> {
        reader_name()?.ok_or(HarnessError::Pcsc(pcsc::Error::NoReadersAvailable))
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
        format!("127.0.0.1:{}", self.port + 1)
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
fn free_port() -> io::Result<u16> {
    loop {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return Ok(port);
        }
    }
}

fn reader_name() -> Result<Option<String>, HarnessError> {
    let readers = Context::establish(Scope::User)?.list_readers_owned()?;
    let names = readers.iter().filter_map(|name| name.to_str().ok());
    Ok(names.filter(|name| name.contains("Virtual PCD")).min().map(str::to_owned))
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
