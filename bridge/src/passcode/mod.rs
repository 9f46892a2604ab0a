//! The facility's passcode for 目視確認 and the staff board: argon2id, slow to guess, slower after wrong ones.

mod hashing;
mod throttle;

pub(crate) use hashing::{Memory, hash_secret};
pub use hashing::{hash, is_hash};
pub use throttle::Door;

use crate::reader::Kind;
use crate::workers::{Undone, Workers};
use checkin::deadlines::LOCAL_MS;
use checkin::event::PasscodeProblem;
use checkin::secret::Passcode;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use throttle::{Moment, Throttles};

/// Passcode of practice mode when the facility has set none; shown on the practice tray.
pub const PRACTICE_PASSCODE: &str = "0000";

/// A check takes some tens of milliseconds, and its file on a slow disk a little more. Its visit is told before it gives up.
const PATIENCE: Duration = Duration::from_millis(LOCAL_MS - 1_000);
/// Checks that wait for the one under way; people type one at a time.
const WAITING: usize = 8;

/// Checks passcodes and makes guessing slow.
struct Guard {
    hash: String,
    inside: Mutex<(Throttles, Memory)>,
}

impl Guard {
    fn new(hash: String, throttles: Throttles) -> Self {
        Self { hash, inside: Mutex::new((throttles, Memory::default())) }
    }

    /// Blocks for some tens of milliseconds.
    fn check(&self, door: Door, passcode: &Passcode) -> Result<(), PasscodeProblem> {
        // Held during the check, so that two at once cannot both slip through.
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let (throttles, memory) = &mut *inside;
        throttles.begin(door, Moment::now())?;
        if !memory.verify(passcode, &self.hash) {
            return Err(PasscodeProblem::Wrong);
        }
        throttles.right(door, Moment::now());
        Ok(())
    }

    fn wait(&self, door: Door) -> Option<u32> {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.0.wait(door, Moment::now())
    }
}

/// Who checks at a real reader, and who in practice.
#[derive(Clone)]
pub struct Guards {
    /// `None`: the facility has not set a passcode.
    facility: Option<Arc<Guard>>,
    practice: Arc<Guard>,
    workers: Arc<Workers>,
}

impl Guards {
    /// With the facility's hash. Practice without one takes a well-known passcode. `folder`: where the waits of the facility's
    /// passcode outlive a restart.
    pub fn new(hash_of_facility: Option<String>, folder: &Path) -> Self {
        let facility = hash_of_facility
            .map(|hash| Arc::new(Guard::new(hash, Throttles::kept_in(folder, Moment::now()))));
        let practice = facility.clone().unwrap_or_else(|| {
            let known = Passcode::parse(PRACTICE_PASSCODE).expect("four digits");
            Arc::new(Guard::new(hash(&known), Throttles::default()))
        });
        Self { facility, practice, workers: Arc::new(Workers::new("passcode", 1, WAITING)) }
    }

    /// Whether there is a passcode for this kind of reader.
    pub fn is_set(&self, kind: Kind) -> bool {
        self.of(kind).is_some()
    }

    fn of(&self, kind: Kind) -> Option<&Arc<Guard>> {
        match kind {
            Kind::Practice => Some(&self.practice),
            Kind::Pcsc => self.facility.as_ref(),
        }
    }

    /// How many seconds the next one has to wait; `None` when it need not.
    pub async fn wait(&self, kind: Kind, door: Door) -> Option<u32> {
        let guard = Arc::clone(self.of(kind)?);
        // On the thread of the checks, because one of them may be under way.
        self.workers.call(PATIENCE, move || guard.wait(door)).await.ok().flatten()
    }

    /// Checks one, on a thread of its own.
    ///
    /// # Errors
    /// [`PasscodeProblem`].
    pub fn check(
        &self,
        kind: Kind,
        door: Door,
        passcode: Passcode,
    ) -> impl Future<Output = Result<(), PasscodeProblem>> + Send + use<> {
        let checked = self.of(kind).map(|guard| {
            let guard = Arc::clone(guard);
            self.workers.call(PATIENCE, move || guard.check(door, &passcode))
        });
        async {
            match checked.ok_or(PasscodeProblem::NotSet)?.await {
                Ok(judged) => judged,
                Err(Undone::Full | Undone::Late) => Err(PasscodeProblem::Throttled { wait_s: 1 }),
                Err(Undone::Panicked) => Err(PasscodeProblem::Wrong),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_one_passes_and_a_throttled_one_is_not_even_checked() {
        let folder = tempfile::tempdir().unwrap();
        let typed = |digits: &str| Passcode::parse(digits).unwrap();
        let guards = Guards::new(Some(hash(&typed("4821"))), folder.path());
        let check = |digits: &str| guards.check(Kind::Pcsc, Door::Kiosk, typed(digits));
        for _ in 0..5 {
            assert_eq!(check("4821").await, Ok(()));
        }
        for _ in 0..3 {
            assert_eq!(check("0000").await, Err(PasscodeProblem::Wrong));
        }
        assert!(matches!(check("4821").await, Err(PasscodeProblem::Throttled { wait_s: 29..=30 })));
        let board = guards.check(Kind::Pcsc, Door::Board, typed("4821"));
        assert_eq!(board.await, Ok(()), "the other door is open");
        // Nor does a restart open this one.
        let guards = Guards::new(Some(hash(&typed("4821"))), folder.path());
        let again = guards.check(Kind::Pcsc, Door::Kiosk, typed("4821")).await;
        assert!(matches!(again, Err(PasscodeProblem::Throttled { wait_s: 1..=30 })));
    }

    #[tokio::test]
    async fn without_a_passcode_of_the_facility_only_practice_has_one() {
        let folder = tempfile::tempdir().unwrap();
        let guards = Guards::new(None, folder.path());
        assert!(guards.is_set(Kind::Practice) && !guards.is_set(Kind::Pcsc));
        let known = || Passcode::parse(PRACTICE_PASSCODE).unwrap();
        assert_eq!(guards.check(Kind::Practice, Door::Board, known()).await, Ok(()));
        let refused = guards.check(Kind::Pcsc, Door::Board, known()).await;
        assert_eq!(refused, Err(PasscodeProblem::NotSet));
    }
}
