//! Plugging the card into vpcd, the virtual reader of vsmartcard, over TCP.

use std::{
    io::{self, Read as _, Write as _},
    net::{Shutdown, TcpStream, ToSocketAddrs},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use zeroize::Zeroizing;

use crate::{
    card::VirtualCard,
    script::{Reply, ScriptedCard},
    speed::Speed,
};

/// Port of the first slot of the reader that the Debian package `vsmartcard-vpcd` sets up.
pub const VPCD_PORT: u16 = 35_963;
/// Control messages of vpcd.
const POWER_OFF: u8 = 0;
const POWER_ON: u8 = 1;
const RESET: u8 = 2;
const GET_ATR: u8 = 4;
const CONNECT_DEADLINE: Duration = Duration::from_secs(3);
/// How long a reader waits for a card that went mute before it takes its power away. vpcd itself would wait for ever.
const LETS_GO: Duration = Duration::from_secs(3);

/// A card that several owners hold, so that its counters outlive being pulled.
pub type SharedCard = Arc<Mutex<VirtualCard>>;

/// A card to which things happen, held by several owners.
pub type SharedScript = Arc<Mutex<ScriptedCard>>;

/// What the reader talks to.
trait Chip: Send {
    fn atr(&self) -> &'static [u8];
    fn reset(&self);
    fn respond(&self, command: &[u8]) -> Reply;
}

fn with<C, T>(card: &Mutex<C>, use_card: impl FnOnce(&mut C) -> T) -> T {
    use_card(&mut card.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A card and its pace.
struct Paced(SharedCard, Speed);

impl Chip for Paced {
    fn atr(&self) -> &'static [u8] {
        with(&self.0, |card| card.atr())
    }

    fn reset(&self) {
        with(&self.0, VirtualCard::reset);
    }

    fn respond(&self, command: &[u8]) -> Reply {
        let answer = with(&self.0, |card| card.transmit(command));
        let time = self.1.time(command, &answer);
        Reply::Answer(answer, time)
    }
}

impl Chip for SharedScript {
    fn atr(&self) -> &'static [u8] {
        with(self, |card| card.atr())
    }

    fn reset(&self) {
        with(self, ScriptedCard::reset);
    }

    fn respond(&self, command: &[u8]) -> Reply {
        with(self, |card| card.respond(command))
    }
}

/// One message of vpcd: a single byte is a control, anything longer a command APDU. `None` = nothing is answered.
fn answer(chip: &dyn Chip, message: &[u8]) -> io::Result<Option<Vec<u8>>> {
    match message {
        [POWER_OFF | POWER_ON | RESET] => chip.reset(),
        [GET_ATR] => return Ok(Some(chip.atr().to_vec())),
        [] | [_] => {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "vpcd sent an unknown control message",
            ));
        }
        command => match chip.respond(command) {
            Reply::Answer(answer, time) => {
                thread::sleep(time);
                return Ok(Some(answer));
            }
            Reply::Mute => return Err(io::ErrorKind::TimedOut.into()),
            Reply::Pulled => return Err(io::ErrorKind::BrokenPipe.into()),
        },
    }
    Ok(None)
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
pub fn serve(stream: &TcpStream, card: &SharedCard, speed: Speed) -> io::Result<()> {
    serve_chip(stream, &Paced(Arc::clone(card), speed))
}

/// As [`serve`], for a card to which things happen.
///
/// # Errors
/// Anything but a closed connection.
pub fn serve_scripted(stream: &TcpStream, card: &SharedScript) -> io::Result<()> {
    serve_chip(stream, card)
}

fn serve_chip(stream: &TcpStream, chip: &dyn Chip) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let ended = exchange(stream, chip).err();
    chip.reset();
    // Others may hold the same connection; a pulled card is gone for all of them.
    let _ = stream.shutdown(Shutdown::Both);
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
fn exchange(mut stream: &TcpStream, chip: &dyn Chip) -> io::Result<()> {
    loop {
        let mut length = [0; 2];
        stream.read_exact(&mut length)?;
        acknowledge(stream);
        // A PIN may be in it.
        let mut message = Zeroizing::new(vec![0; usize::from(u16::from_be_bytes(length))]);
        stream.read_exact(&mut message)?;
        let answer = match answer(chip, &message) {
            Err(error) if error.kind() == io::ErrorKind::TimedOut => still_there(stream)?,
            answer => answer?,
        };
        if let Some(answer) = answer {
            let length = u16::try_from(answer.len()).map_err(|_| io::ErrorKind::InvalidData)?;
            stream.write_all(&[&length.to_be_bytes()[..], &answer].concat())?;
        }
    }
}

/// Waits as a reader waits for a mute card. Then the card counts as taken out, unless the reader says something else.
fn still_there(stream: &TcpStream) -> io::Result<Option<Vec<u8>>> {
    stream.set_read_timeout(Some(LETS_GO))?;
    let said = stream.peek(&mut [0]);
    stream.set_read_timeout(None)?;
    match said {
        Ok(1..) => Ok(None),
        _ => Err(io::ErrorKind::BrokenPipe.into()),
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
        Self::insert_chip(address, Paced(card, speed))
    }

    /// Puts a card to which things happen into the reader that listens at `address`.
    ///
    /// # Errors
    /// As [`connect`].
    pub fn insert_scripted(address: &str, card: SharedScript) -> io::Result<Self> {
        Self::insert_chip(address, card)
    }

    fn insert_chip(address: &str, chip: impl Chip + 'static) -> io::Result<Self> {
        let stream = connect(address)?;
        let served = stream.try_clone()?;
        let thread = thread::spawn(move || {
            // The other end closing or this one being shut down both end the visit of the card.
            let _ = serve_chip(&served, &chip);
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
