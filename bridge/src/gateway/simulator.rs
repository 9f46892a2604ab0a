//! The built-in stand-in for the national system.

use super::EligibilityGateway;
use checkin::deadlines::{QUERY_LATE_MS, SYSTEM_MS};
use checkin::gateway::GatewayTrouble;
use checkin::secret::Serial;
use checkin::{Question, Reply};
use eligibility_sim::NationalSystem;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A late answer comes when the person has stopped waiting, and before the question is given up.
const LATE_MS: u64 = SYSTEM_MS + 2_000;
const _: () = assert!(LATE_MS < QUERY_LATE_MS);

/// The built-in simulator. Its people are invented; registrations and consents live until the card
/// is taken off and comes back, or until the stop.
pub struct Simulator(Mutex<NationalSystem>);

impl Simulator {
    /// With the people of the practice cards, made now.
    pub fn practice() -> Self {
        Self(Mutex::new(NationalSystem::practice(Timestamp::now())))
    }

    /// The same, which also answers about cards that it does not know: with one invented person, whosever card it is.
    pub fn for_own_cards() -> Self {
        Self(Mutex::new(NationalSystem::practice(Timestamp::now()).inventing()))
    }

    fn system(&self) -> MutexGuard<'_, NationalSystem> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EligibilityGateway for Simulator {
    fn simulated(&self) -> bool {
        true
    }

    /// A late answer lets the person wait before it is given up, as the real system would: waiting is
    /// what such a card rehearses.
    fn ask(&self, question: Question) -> BoxFuture<'_, Reply> {
        async move {
            let reply = self.system().ask(&question, Timestamp::now());
            if reply == Reply::Queried(Err(GatewayTrouble::Late)) {
                tokio::time::sleep(Duration::from_millis(LATE_MS)).await;
            }
            reply
        }
        .boxed()
    }

    fn practice_card_taken(&self, serial: &Serial) {
        self.system().practice_card_taken(serial, Timestamp::now());
    }
}
