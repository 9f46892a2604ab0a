//! A virtual reader of a real pcscd, the card `valid` beside it, and a kiosk that has only this reader.

use crate::faults::Placing;
use crate::running::{Running, hash};
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use virtual_card::harness::{InsertedCard, Pcscd, Slot};
use virtual_card::script::ScriptedCard;
use virtual_card::{Persona, SharedScript, Speed, VirtualCard};

/// Of every kiosk here; nobody enters one.
static HASH: LazyLock<String> = LazyLock::new(|| hash("0417"));

pub(crate) struct Lane {
    pub(crate) name: String,
    kiosk: Mutex<Running>,
    at: (SocketAddr, String),
    slot: Slot,
    card: SharedScript,
    lies: Mutex<Option<InsertedCard>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn persona(id: &str) -> Persona {
    let (_, text) = eligibility_sim::personas().iter().find(|(name, _)| *name == id).unwrap();
    Persona::from_toml(text, jiff::Timestamp::now()).unwrap()
}

pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

impl Lane {
    /// With a slot of a reader, both counted from 0, and a program of its own: one PC/SC library is no place for the many
    /// connections of many kiosks. Blocks for a moment.
    pub(crate) fn new(pcscd: &Pcscd, reader: usize, slot: usize) -> Self {
        let card = VirtualCard::new(&persona("valid"), None, jiff::Timestamp::now());
        card.prepare();
        let card = ScriptedCard::new(card, Speed::Instant, Vec::new());
        let name = Pcscd::name(reader, slot);
        let kiosk = Running::start(&name, &HASH, "info,bridge=debug");
        Self {
            name,
            at: (kiosk.address, kiosk.token.clone()),
            kiosk: Mutex::new(kiosk),
            slot: pcscd.slot(reader, slot),
            card: Arc::new(Mutex::new(card)),
            lies: Mutex::default(),
        }
    }

    /// The program has not ended by itself.
    pub(crate) fn lives(&self) -> bool {
        lock(&self.kiosk).lives()
    }

    pub(crate) fn card(&self) -> MutexGuard<'_, ScriptedCard> {
        lock(&self.card)
    }
}

impl Placing for Lane {
    fn kiosk(&self) -> (SocketAddr, &str) {
        (self.at.0, &self.at.1)
    }

    fn place(&self) {
        self.remove();
        *lock(&self.lies) = Some(self.slot.insert_scripted(Arc::clone(&self.card)));
    }

    fn remove(&self) {
        drop(lock(&self.lies).take());
    }

    fn trouble(&self) -> Option<Instant> {
        self.card().happened_at()
    }
}
