//! Whose turn it is: what is told about one card's consents reaches the system in the order in which it was asked.
//!
//! Why that holds: [`super::Gateway::ask_when`] takes the turn before it returns, so turns stand in the order of asking; a question
//! is put only while its turn is the first of its card; and from then on the turn belongs to the task in which the system works
//! on it, which nobody can stop, and after it to whoever takes the reply in. So two questions about one card are never with the
//! system at once. One that is given up before it was put drops its turn unused.

use checkin::secret::Serial;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The calls that are under way or wait, oldest first.
pub(super) struct Turns {
    under_way: Mutex<Vec<(u64, Serial)>>,
    /// Told when one is over.
    changed: watch::Sender<()>,
}

/// A place behind all earlier ones of the same card, until it is dropped.
pub struct Turn {
    number: u64,
    turns: Arc<Turns>,
}

impl Turns {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { under_way: Mutex::default(), changed: watch::Sender::new(()) })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(u64, Serial)>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn take(self: &Arc<Self>, serial: &Serial) -> Turn {
        let mut under_way = self.lock();
        let number = under_way.last().map_or(0, |(last, _)| last + 1);
        under_way.push((number, serial.clone()));
        Turn { number, turns: Arc::clone(self) }
    }

    fn is_first(&self, number: u64) -> bool {
        let under_way = self.lock();
        let own = under_way.iter().find(|(one, _)| *one == number);
        let first = |(_, serial): &(u64, Serial)| under_way.iter().find(|(_, of)| of == serial);
        own.and_then(first).is_some_and(|(first, _)| *first == number)
    }
}

impl Turn {
    /// Resolves when every earlier turn of this card is over.
    pub(super) async fn come(&self) {
        let mut changed = self.turns.changed.subscribe();
        // It cannot fail: the sender lives in `turns`.
        let _ = changed.wait_for(|()| self.turns.is_first(self.number)).await;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.lock().retain(|(number, _)| *number != self.number);
        self.turns.changed.send_replace(());
    }
}
