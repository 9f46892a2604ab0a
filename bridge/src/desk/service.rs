//! Whether anybody may be served: consents can be kept, and the clock can be right.

use super::Desk;
use crate::clock;
use crate::ledger::Ledger;
use crate::store::StoreError;
use checkin::event::Event;
use checkin::view::Fault;
use jiff::Timestamp;
use tokio::sync::watch;

pub(super) struct Service {
    failing: watch::Receiver<bool>,
    /// The time of the newest record; `None` before the first.
    newest: Option<Timestamp>,
    /// What the visit was told.
    blocked: Option<Fault>,
}

impl Service {
    pub(super) fn of(ledger: &Ledger) -> Result<Self, StoreError> {
        let newest = ledger.store.newest()?;
        Ok(Self { failing: ledger.writer.failing(), newest, blocked: None })
    }

    /// Another ledger is in use, and another visit, which was told nothing yet.
    pub(super) fn watch(&mut self, ledger: &Ledger) {
        match Self::of(ledger) {
            Ok(service) => *self = service,
            Err(error) => {
                // The writer finds the same, and tells it.
                tracing::error!(%error, "the newest record is not known");
                *self = Self { failing: ledger.writer.failing(), newest: None, blocked: None };
            }
        }
    }

    /// Resolves when the store begins to fail or works again.
    pub(super) async fn changed(&mut self) -> Result<(), watch::error::RecvError> {
        self.failing.changed().await
    }

    pub(super) fn recorded(&mut self, at: Timestamp) {
        // A visit may go on while the clock is set back.
        self.newest = self.newest.max(Some(at));
    }
}

impl Desk {
    /// Tells the visit whether a next one may begin.
    pub(super) fn look_after_service(&mut self) {
        let wrong = clock::is_wrong(self.now().wall, self.service.newest);
        let blocked = match (*self.service.failing.borrow_and_update(), wrong) {
            (true, _) => Some(Fault::RecordsNotKept),
            (false, true) => Some(Fault::ClockWrong),
            (false, false) => None,
        };
        if blocked != self.service.blocked {
            tracing::warn!(?blocked, "whether anybody is served has changed");
            self.service.blocked = blocked;
            self.handle(Event::Blocked(blocked));
        }
    }
}
