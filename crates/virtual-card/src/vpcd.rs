//! Plugging the card into vpcd, the virtual reader of vsmartcard, over TCP.

use std::{
    io::{self, Read as _, Write as _},
    net::{TcpStream, ToSocketAddrs},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use zeroize::Zeroizing;

use crate::{
    card::VirtualCard,
    script::{Reply, ScriptedCard},
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

/// So long nothing is heard of vpcd, and the system asks whether it is still there. It looks for its card every 400 ms.
const ASKS_AFTER: Duration = Duration::from_secs(1);

/// A card that several owners hold, so that its counters outlive being pulled.
pub type SharedCard = Arc<Mutex<VirtualCard>>;

/// A card to which things happen, held by several owners.
pub type SharedScript = Arc<Mutex<ScriptedCard>>;

/// What the reader talks to.
pub(crate) trait Chip: Send + Sync {
    fn atr(&self) -> &'static [u8];
    fn reset(&self);
    fn respond(&self, command: &[u8]) -> Reply;
}

/// How a card's stay ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The reader closed the connection, or whoever holds the other end of it did.
    Closed,
    /// The card was taken out in the middle of a command.
    Pulled,
    /// The card was mute, or answered with nothing, and lost its power: it lies there and may be connected again.
    Unpowered,
}

pub(crate) fn with<C, T>(card: &Mutex<C>, use_card: impl FnOnce(&mut C) -> T) -> T {
    use_card(&mut card.lock().unwrap_or_else(PoisonError::into_inner))
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

/// What follows a message of vpcd.
enum Next {
    Say(Vec<u8>),
    Nothing,
    End(End),
}

/// One message of vpcd: a single byte is a control, anything longer a command APDU.
fn answer(stream: &TcpStream, chip: &dyn Chip, message: &[u8]) -> io::Result<Next> {
    match message {
        [POWER_OFF | POWER_ON | RESET] => chip.reset(),
        [GET_ATR] => return Ok(Next::Say(chip.atr().to_vec())),
        [] | [_] => {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "vpcd sent an unknown control message",
            ));
        }
        command => match chip.respond(command) {
            Reply::Answer(answer, time) => {
                thread::sleep(time);
                // vpcd would wait for ever for the first byte of no answer.
                let nothing = answer.is_empty();
                return Ok(if nothing { Next::End(End::Unpowered) } else { Next::Say(answer) });
            }
            Reply::Mute if still_there(stream)? => {}
            Reply::Mute => return Ok(Next::End(End::Unpowered)),
            Reply::Pulled => return Ok(Next::End(End::Pulled)),
        },
    }
    Ok(Next::Nothing)
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

/// Keeps a card to which things happen in the reader at `address` until it is pulled or the reader closes the connection.
/// A card that loses its power meanwhile is there again at once.
///
/// # Errors
/// As [`connect`], when the card is connected again; anything but a closed connection.
pub fn serve_scripted(address: &str, mut stream: TcpStream, card: &SharedScript) -> io::Result<()> {
    while serve_chip(&stream, card)? == End::Unpowered {
        // Before the old connection ends, so that the reader never misses the card.
        stream = connect(address)?;
    }
    Ok(())
}

pub(crate) fn serve_chip(stream: &TcpStream, chip: &dyn Chip) -> io::Result<End> {
    stream.set_nodelay(true)?;
    notice_silence(stream)?;
    let ended = exchange(stream, chip);
    chip.reset();
    match ended {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::UnexpectedEof
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::BrokenPipe
                    | io::ErrorKind::TimedOut
            ) =>
        {
            Ok(End::Closed)
        }
        ended => ended,
    }
}

/// A daemon that ends in the moment in which a card connects may forget the connection without a word. The card, which only
/// ever answers, would wait there for ever; so its system asks now and then whether the other end still knows it.
fn notice_silence(stream: &TcpStream) -> io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::net::sockopt;
        sockopt::set_tcp_keepidle(stream, ASKS_AFTER)?;
        sockopt::set_tcp_keepintvl(stream, ASKS_AFTER)?;
        sockopt::set_socket_keepalive(stream, true)?;
    }
    #[cfg(not(unix))]
    let _ = stream;
    Ok(())
}

/// Messages in both directions are a length (2 bytes, big-endian) and that many bytes.
fn exchange(mut stream: &TcpStream, chip: &dyn Chip) -> io::Result<End> {
    loop {
        let mut length = [0; 2];
        stream.read_exact(&mut length)?;
        acknowledge(stream);
        // A PIN may be in it.
        let mut message = Zeroizing::new(vec![0; usize::from(u16::from_be_bytes(length))]);
        stream.read_exact(&mut message)?;
        match answer(stream, chip, &message)? {
            Next::Say(answer) => {
                let length = u16::try_from(answer.len()).map_err(|_| io::ErrorKind::InvalidData)?;
                stream.write_all(&[&length.to_be_bytes()[..], &answer].concat())?;
            }
            Next::Nothing => {}
            Next::End(end) => return Ok(end),
        }
    }
}

/// Waits as a reader waits for a mute card, which then loses its power; `true` when the reader says something else first.
fn still_there(stream: &TcpStream) -> io::Result<bool> {
    stream.set_read_timeout(Some(LETS_GO))?;
    let said = stream.peek(&mut [0]);
    stream.set_read_timeout(None)?;
    Ok(matches!(said, Ok(1..)))
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
