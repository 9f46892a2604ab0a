//! Plugging the card into vpcd, the virtual reader of vsmartcard, over TCP.

use std::{
    io,
    net::{Shutdown, TcpStream, ToSocketAddrs},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use vpicc::{Connection, VSmartCard};

use crate::{card::VirtualCard, speed::Speed};

/// Port of the first slot of the reader that the Debian package `vsmartcard-vpcd` sets up.
pub const VPCD_PORT: u16 = 35_963;
const CONNECT_DEADLINE: Duration = Duration::from_secs(3);

/// A card that several owners hold, so that its counters outlive being pulled.
pub type SharedCard = Arc<Mutex<VirtualCard>>;

struct Slot {
    card: SharedCard,
    atr: &'static [u8],
    speed: Speed,
}

impl Slot {
    fn with<T>(&self, use_card: impl FnOnce(&mut VirtualCard) -> T) -> T {
        use_card(&mut self.card.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl VSmartCard for Slot {
    fn atr(&self) -> &[u8] {
        self.atr
    }

    fn power_on(&mut self) {
        self.with(VirtualCard::reset);
    }

    fn power_off(&mut self) {
        self.with(VirtualCard::power_off);
    }

    fn reset(&mut self) {
        self.with(VirtualCard::reset);
    }

    fn execute(&mut self, command: &[u8]) -> Vec<u8> {
        let answer = self.with(|card| card.transmit(command));
        thread::sleep(self.speed.time(command, &answer));
        answer
    }
}

/// Connects to a vpcd, e.g. `127.0.0.1:35963`, within three seconds.
///
/// # Errors
/// The system's error; "connection refused" means that no pcscd with vpcd is running, because the daemon is started by
/// its first client and goes after a while.
pub fn connect(address: &str) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::InvalidInput, "the name has no address");
    for address in address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT_DEADLINE) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Keeps the card in the reader until the connection ends (closing it is pulling the card).
///
/// # Errors
/// Anything but a closed connection.
pub fn serve(stream: TcpStream, card: &SharedCard, speed: Speed) -> io::Result<()> {
    let atr = card.lock().unwrap_or_else(PoisonError::into_inner).atr();
    stream.set_nodelay(true)?;
    let mut slot = Slot { card: Arc::clone(card), atr, speed };
    let ended = Connection::from(stream).run(&mut slot);
    slot.power_off();
    match ended.err().map(|error| (error.kind(), error)) {
        Some((
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::BrokenPipe,
            _,
        ))
        | None => Ok(()),
        Some((_, error)) => Err(error),
    }
}

/// A card in a virtual reader, served by a thread. Dropping it pulls the card.
#[derive(Debug)]
pub struct InsertedCard {
    stream: TcpStream,
    thread: Option<thread::JoinHandle<()>>,
}

impl InsertedCard {
    /// Puts the card into the reader that listens at `address`.
    ///
    /// # Errors
    /// As [`connect`].
    pub fn insert(address: &str, card: SharedCard, speed: Speed) -> io::Result<Self> {
        let stream = connect(address)?;
        let served = stream.try_clone()?;
        let thread = thread::spawn(move || {
            // The other end closing or this one being shut down both end the visit of the card.
            let _ = serve(served, &card, speed);
        });
        Ok(Self { stream, thread: Some(thread) })
    }

    /// Pulls the card; the reader sees it within half a second.
    pub fn pull(self) {}
}

impl Drop for InsertedCard {
    fn drop(&mut self) {
        // Already closed by the other end: pulled all the same.
        let _ = self.stream.shutdown(Shutdown::Both);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
