//! A place for a card in a virtual reader.
//!
//! vpcd looks for its card every 400 ms, and between two looks there is room for one connection only. So a card that is
//! pulled lets its connection run out until vpcd has closed it too, and only then the next one connects: what is placed in
//! quick succession is seen one after the other, each gone before the next.

use std::{
    io::{self, Read as _},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use crate::{
    script::Reply,
    speed::Speed,
    vpcd::{Chip, End, SharedCard, SharedScript, serve_chip, with},
};

/// One attempt to reach vpcd.
const REACH: Duration = Duration::from_secs(1);
/// Before the next attempt while there is no service.
const PAUSE: Duration = Duration::from_millis(20);
/// vpcd closes what it has noticed to be gone; when it does not, it is stuck.
const NOTICED: Duration = Duration::from_secs(15);

/// One place for a card. Clones are the same place.
#[derive(Clone)]
pub struct Slot(Arc<Owner>);

/// Ends the thread when nobody has the slot any more.
struct Owner {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<thread::JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    inside: Mutex<Inside>,
    /// A card was placed, or the slot is given up.
    news: Condvar,
}

#[derive(Default)]
struct Inside {
    chip: Option<Arc<dyn Chip>>,
    /// Grows with every card, so that pulling one never pulls the next.
    placement: u64,
    /// The connection to vpcd.
    call: Option<TcpStream>,
    closed: bool,
}

impl Slot {
    /// The place whose driver listens at `port` of this computer, now or later.
    pub(super) fn new(port: u16) -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let shared = Arc::<Shared>::default();
        let works = Arc::clone(&shared);
        let thread = thread::spawn(move || works.work(address));
        Self(Arc::new(Owner { address, shared, thread: Some(thread) }))
    }

    pub(super) fn port(&self) -> u16 {
        self.0.address.port()
    }

    /// Where its driver listens, e.g. `127.0.0.1:45011`.
    pub fn address(&self) -> String {
        self.0.address.to_string()
    }

    /// Lays a card there, pulling another one off first. The reader sees it within half a second.
    pub fn insert(&self, card: SharedCard, speed: Speed) -> InsertedCard {
        self.lay(Arc::new(Paced(card, speed)))
    }

    /// As [`Slot::insert`], with a card to which things happen. One that is mute for three seconds loses its power and may
    /// answer again; one that is pulled is gone.
    pub fn insert_scripted(&self, card: SharedScript) -> InsertedCard {
        self.lay(Arc::new(card))
    }

    fn lay(&self, chip: Arc<dyn Chip>) -> InsertedCard {
        let shared = Arc::clone(&self.0.shared);
        let mut inside = shared.inside();
        inside.pull();
        inside.placement += 1;
        inside.chip = Some(chip);
        let placement = inside.placement;
        drop(inside);
        shared.news.notify_all();
        InsertedCard { shared, placement }
    }
}

impl std::fmt::Debug for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Slot({})", self.0.address)
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let mut inside = self.shared.inside();
        inside.closed = true;
        if let Some(call) = &inside.call {
            // The driver may have done it already.
            let _ = call.shutdown(Shutdown::Both);
        }
        drop(inside);
        self.shared.news.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Inside {
    /// From now on nothing is answered; vpcd notices at once in a command, otherwise when it looks.
    fn pull(&mut self) {
        self.chip = None;
        if let Some(call) = &self.call {
            let _ = call.shutdown(Shutdown::Write);
        }
    }
}

impl Shared {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lies(&self, placement: u64) -> bool {
        let inside = self.inside();
        inside.chip.is_some() && inside.placement == placement
    }

    fn pull(&self, placement: u64) {
        let mut inside = self.inside();
        if inside.placement == placement {
            inside.pull();
        }
    }

    /// The card that lies there now or is placed next; `None` when the slot is given up.
    fn next(self: &Arc<Self>) -> Option<Lying> {
        let waits = |inside: &mut Inside| inside.chip.is_none() && !inside.closed;
        let inside = self.news.wait_while(self.inside(), waits);
        let inside = inside.unwrap_or_else(PoisonError::into_inner);
        let chip = inside.chip.clone().filter(|_| !inside.closed)?;
        Some(Lying { shared: Arc::clone(self), placement: inside.placement, chip })
    }

    /// One connection after the other, until the slot is given up.
    fn work(self: &Arc<Self>, address: SocketAddr) {
        let connect = || TcpStream::connect_timeout(&address, REACH).ok();
        let mut connected = None;
        while let Some(card) = self.next() {
            let Some(call) = connected.take().or_else(connect) else {
                thread::sleep(PAUSE);
                continue;
            };
            if self.serve(&call, &card) == Some(End::Unpowered) {
                // Before the old connection ends, so that vpcd never misses the card.
                connected = connect().filter(|call| self.goes_on(call, &card));
            }
            // A connection that breaks off is as closed as any.
            let _ = run_out(&call);
        }
    }

    /// From now on pulling the card ends this connection; `false` when it was pulled already.
    fn goes_on(&self, call: &TcpStream, card: &Lying) -> bool {
        let mut inside = self.inside();
        let lies = inside.chip.is_some() && inside.placement == card.placement && !inside.closed;
        inside.call = call.try_clone().ok().filter(|_| lies);
        lies
    }

    fn serve(&self, call: &TcpStream, card: &Lying) -> Option<End> {
        if !self.goes_on(call, card) {
            return None;
        }
        let end = serve_chip(call, card).ok();
        if end == Some(End::Pulled) {
            self.pull(card.placement);
        }
        self.inside().call = None;
        end
    }
}

/// Says nothing any more and waits until vpcd has closed its end.
fn run_out(mut call: &TcpStream) -> io::Result<()> {
    call.shutdown(Shutdown::Write)?;
    call.set_read_timeout(Some(NOTICED))?;
    while call.read(&mut [0; 64])? > 0 {}
    Ok(())
}

/// A card and its pace.
struct Paced(SharedCard, Speed);

impl Chip for Paced {
    fn atr(&self) -> &'static [u8] {
        with(&self.0, |card| card.atr())
    }

    fn reset(&self) {
        with(&self.0, crate::VirtualCard::reset);
    }

    fn respond(&self, command: &[u8]) -> Reply {
        let answer = with(&self.0, |card| card.transmit(command));
        let time = self.1.time(command, &answer);
        Reply::Answer(answer, time)
    }
}

/// A card for as long as it lies there.
struct Lying {
    shared: Arc<Shared>,
    placement: u64,
    chip: Arc<dyn Chip>,
}

impl Chip for Lying {
    fn atr(&self) -> &'static [u8] {
        self.chip.atr()
    }

    fn reset(&self) {
        self.chip.reset();
    }

    fn respond(&self, command: &[u8]) -> Reply {
        if self.shared.lies(self.placement) { self.chip.respond(command) } else { Reply::Pulled }
    }
}

/// A card that lies in a slot. Dropping it pulls the card.
pub struct InsertedCard {
    shared: Arc<Shared>,
    placement: u64,
}

impl InsertedCard {
    /// Pulls the card; the reader sees it within half a second.
    pub fn pull(self) {}
}

impl std::fmt::Debug for InsertedCard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "InsertedCard({})", self.placement)
    }
}

impl Drop for InsertedCard {
    fn drop(&mut self) {
        self.shared.pull(self.placement);
    }
}
