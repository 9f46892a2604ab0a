//! Whether anybody may be served: consents can be kept, and the clock can be right.

use super::Desk;
use crate::clock;
use crate::ledger::Ledger;
use checkin::event::Event;
use checkin::view::Fault;
use tokio::sync::watch;

pub(super) struct Service {
    failing: watch::Receiver<bool>,
    /// What the visit was told.
    blocked: Option<Fault>,
}

impl Service {
    /// Of a visit that was told nothing yet.
    pub(super) fn of(ledger: &Ledger) -> Self {
        Self { failing: ledger.writer.failing(), blocked: None }
    }

    /// Resolves when the store begins to fail or works again.
    pub(super) async fn changed(&mut self) -> Result<(), watch::error::RecvError> {
        self.failing.changed().await
    }
}

impl Desk {
    /// Tells the visit whether a next one may begin.
    pub(super) fn look_after_service(&mut self) {
        let wrong = clock::is_wrong(self.now().wall, self.ledger().newest());
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
