//! Plugging the card into vpcd, the virtual reader of vsmartcard, over TCP.

use std::{
    io::{self, Read as _, Write as _},
    net::{Shutdown, TcpStream, ToSocketAddrs},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use zeroize::Zeroizing;

use crate::{card::VirtualCard, speed::Speed};

/// Port of the first slot of the reader that the Debian package `vsmartcard-vpcd` sets up.
pub const VPCD_PORT: u16 = 35_963;
/// Control messages of vpcd.
const POWER_OFF: u8 = 0;
const POWER_ON: u8 = 1;
const RESET: u8 = 2;
const GET_ATR: u8 = 4;
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

impl Slot {
    /// One message of vpcd: a single byte is a control, anything longer a command APDU. `None` = nothing is answered.
    fn answer(&self, message: &[u8]) -> io::Result<Option<Vec<u8>>> {
        match message {
            [POWER_OFF] => self.with(VirtualCard::power_off),
            [POWER_ON | RESET] => self.with(VirtualCard::reset),
            [GET_ATR] => return Ok(Some(self.atr.to_vec())),
            [] | [_] => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "vpcd sent an unknown control message",
                ));
            }
            command => {
                let answer = self.with(|card| card.transmit(command));
                thread::sleep(self.speed.time(command, &answer));
                return Ok(Some(answer));
            }
        }
        Ok(None)
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
    let slot = Slot { card: Arc::clone(card), atr, speed };
    let ended = exchange(stream, &slot).err();
    slot.with(VirtualCard::power_off);
    match ended.map(|error| (error.kind(), error)) {
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

/// Messages in both directions are a length (2 bytes, big-endian) and that many bytes.
fn exchange(mut stream: TcpStream, slot: &Slot) -> io::Result<()> {
    loop {
        let mut length = [0; 2];
        stream.read_exact(&mut length)?;
        acknowledge(&stream);
        // A PIN may be in it.
        let mut message = Zeroizing::new(vec![0; usize::from(u16::from_be_bytes(length))]);
        stream.read_exact(&mut message)?;
        if let Some(answer) = slot.answer(&message)? {
            let length = u16::try_from(answer.len()).map_err(|_| io::ErrorKind::InvalidData)?;
            stream.write_all(&[&length.to_be_bytes()[..], &answer].concat())?;
        }
    }
}

/// vpcd sends the length and the message apart, and its system holds the second back until the first is acknowledged.
/// A delayed acknowledgement would add 40 ms to every command, several times what a real card takes.
fn acknowledge(stream: &TcpStream) {
    #[cfg(target_os = "linux")]
    // A refusal makes the card slower, not wrong.
    let _ = rustix::net::sockopt::set_tcp_quickack(stream, true);
    #[cfg(not(target_os = "linux"))]
    let _ = stream;
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
