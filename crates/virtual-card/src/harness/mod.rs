//! A pcscd of one's own with virtual readers in it, for tests over the real PC/SC stack (Linux, as root).
//!
//! Which socket the daemon has, and so who can see its readers, is the matter of [`Service`].
//!
//! Each reader has a copy of the driver for itself: vpcd keeps its slots in variables of the library, so two readers with
//! the same file share the slots of the second, and cards of the first are never seen. vpcd listens on all interfaces of the
//! computer. Its other mode, in which it calls the card, is no way out: version 3.3 ends the daemon when a card is pulled.

mod service;
mod slot;

use std::{
    ffi::CStr,
    fs::File,
    hash::{BuildHasher as _, Hasher as _, RandomState},
    io::{self, Read as _, Seek as _},
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::Child,
    thread,
    time::{Duration, Instant},
};

use pcsc::{Context, ReaderState, Scope, State};

use crate::{speed::Speed, vpcd::SharedCard};
use service::Service;
pub use slot::{InsertedCard, Slot};

const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
const DEADLINE: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(20);
/// pcscd has room for sixteen slots.
const MOST_READERS: usize = 16 / SLOTS;
/// Slots that vpcd has in a reader, at ports in a row.
const SLOTS: usize = 2;

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
    /// Another test program kept the lock for an hour.
    #[error("another test program has been using pcscd for an hour")]
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
    service: Service,
    slots: Vec<[Slot; SLOTS]>,
    listed: usize,
    log: File,
    folder: tempfile::TempDir,
    _lock: File,
}

impl Pcscd {
    /// Starts the daemon with one virtual reader and waits until it is listed.
    ///
    /// # Errors
    /// [`HarnessError`], in one sentence that says what to do.
    pub fn start() -> Result<Self, HarnessError> {
        Self::start_with(1)
    }

    /// Starts the daemon with 0 to 8 readers of two slots each, `Virtual PCD`, `Virtual PCD 1` and so on.
    ///
    /// # Errors
    /// As [`Pcscd::start`].
    pub fn start_with(readers: usize) -> Result<Self, HarnessError> {
        let slots: Vec<[Slot; SLOTS]> = free_ports(readers.min(MOST_READERS))?
            .into_iter()
            .map(|port| [Slot::new(port), Slot::new(port + 1)])
            .collect();
        if !Path::new(DRIVER).exists() {
            return Err(HarnessError::Missing { what: DRIVER, package: "vsmartcard-vpcd" });
        }
        let service = Service::from_environment()?;
        let lock = service.lock()?;
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(config(&folder))?;
        for (number, [first, _]) in slots.iter().enumerate() {
            let driver = folder.path().join(format!("libifdvpcd{number}.so"));
            std::fs::copy(DRIVER, &driver)?;
            configure(&config(&folder), number, first.port(), &driver)?;
        }
        let log = tempfile::tempfile()?;
        let child = service.spawn(&config(&folder), &log)?;
        let listed = slots.len();
        let mut daemon = Self { child, service, slots, listed, log, folder, _lock: lock };
        daemon.until_listed()?;
        Ok(daemon)
    }

    /// Ends the daemon and starts it again, as when the service is updated. Cards stay where they are.
    ///
    /// # Errors
    /// As [`Pcscd::start`].
    pub fn restart(&mut self) -> Result<(), HarnessError> {
        self.end();
        self.child = self.service.spawn(&config(&self.folder), &self.log)?;
        self.until_listed()
    }

    /// Unplugs all readers (`false`) or plugs them in again (`true`), which takes a restart of the service: it has no other
    /// way to lose a reader of this kind.
    ///
    /// # Errors
    /// As [`Pcscd::start`].
    pub fn plug(&mut self, plugged: bool) -> Result<(), HarnessError> {
        let (here, aside) = (config(&self.folder), self.folder.path().join("unplugged"));
        let (from, to) = if plugged { (&aside, &here) } else { (&here, &aside) };
        std::fs::create_dir_all(to)?;
        for entry in std::fs::read_dir(from)? {
            let entry = entry?;
            std::fs::rename(entry.path(), to.join(entry.file_name()))?;
        }
        self.listed = if plugged { self.slots.len() } else { 0 };
        self.restart()
    }

    fn until_listed(&mut self) -> Result<(), HarnessError> {
        let expected = SLOTS * self.listed;
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

    /// A slot (0 or 1) of a reader.
    ///
    /// # Panics
    /// When there is no such reader.
    pub fn slot(&self, reader: usize, slot: usize) -> Slot {
        self.slots[reader][slot].clone()
    }

    /// PC/SC name of a slot (0 or 1) of a reader.
    pub fn name(reader: usize, slot: usize) -> String {
        let number = if reader == 0 { String::new() } else { format!(" {reader}") };
        format!("Virtual PCD{number} 00 0{slot}")
    }

    /// Puts a card in and waits until PC/SC sees it. Drop the result, or call [`Pcscd::pull`], to take it out.
    ///
    /// # Errors
    /// [`HarnessError::Late`] when the reader does not notice the card.
    pub fn insert(&mut self, card: SharedCard, speed: Speed) -> Result<InsertedCard, HarnessError> {
        let inserted = self.slot(0, 0).insert(card, speed);
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

fn config(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("readers")
}

/// Writes the configuration of a reader.
fn configure(folder: &Path, number: usize, port: u16, driver: &Path) -> io::Result<()> {
    let name = if number == 0 { String::new() } else { format!(" {number}") };
    let reader = format!(
        "FRIENDLYNAME \"Virtual PCD{name}\"\nDEVICENAME /dev/null:0x{port:X}\nLIBPATH {}\nCHANNELID 0x{port:X}\n",
        driver.display()
    );
    std::fs::write(folder.join(format!("vpcd{number}")), reader)
}

/// First ports of so many readers; each takes two in a row, one per slot.
///
/// Below those that the system gives to connections (Linux: from 32768, elsewhere from 49152): while the daemon is away, nothing
/// holds its ports, and a connection of any program, even that of a slot that looks for its driver, could get one as its own.
/// Then no reader comes back.
fn free_ports(readers: usize) -> io::Result<Vec<u16>> {
    const RANGE: std::ops::Range<u16> = 10_000..32_000;
    let pairs = (RANGE.end - RANGE.start) / 2;
    // Where to begin differs from run to run, so that two runs do not look at the same ports in step.
    let begin = RandomState::new().build_hasher().finish() % u64::from(pairs);
    let begin = u16::try_from(begin).map_err(io::Error::other)?;
    let free = |port: u16| TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok();
    let ports: Vec<u16> = (0..pairs)
        .map(|step| RANGE.start + (begin + step) % pairs * 2)
        .filter(|&first| free(first) && free(first + 1))
        .take(readers)
        .collect();
    if ports.len() < readers {
        return Err(io::Error::new(io::ErrorKind::AddrInUse, "no ports are free for the readers"));
    }
    Ok(ports)
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
