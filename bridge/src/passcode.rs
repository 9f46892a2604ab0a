//! The facility's passcode for 目視確認: argon2id, slow to guess, slower after wrong ones.

use crate::reader::Kind;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use checkin::event::PasscodeProblem;
use checkin::secret::Passcode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Passcode of practice mode when the facility has set none; shown on the practice tray.
pub const PRACTICE_PASSCODE: &str = "0000";

/// Wrong ones before the first wait.
const FREE_TRIES: u32 = 3;
/// First wait, doubled with every further wrong one.
const FIRST_WAIT: Duration = Duration::from_secs(30);
/// Longest wait.
const LONGEST_WAIT: Duration = Duration::from_mins(15);

/// argon2id with 7 MiB, 5 passes, 1 lane (OWASP password storage cheat sheet): the smaller memory
/// keeps the bridge small, four digits are protected by the waiting anyway.
fn argon2() -> Argon2<'static> {
    let params = Params::new(7168, 5, 1, None).expect("constants in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Whether `text` is a PHC string that [`Guard`] can check.
pub fn is_hash(text: &str) -> bool {
    PasswordHash::new(text)
        .is_ok_and(|hash| hash.algorithm == argon2::ARGON2ID_IDENT && hash.hash.is_some())
}

/// The PHC string of a passcode, with a fresh salt.
pub fn hash(passcode: &Passcode) -> String {
    let salt = SaltString::generate(&mut OsRng);
    let hash = argon2().hash_password(passcode.expose(), &salt);
    hash.expect("four digits and a fresh salt can be hashed").to_string()
}

/// Checks passcodes and makes guessing slow.
pub struct Guard {
    hash: Option<String>,
    throttle: Mutex<Throttle>,
}

impl Guard {
    /// `hash` is a PHC string; `None` refuses everything as not set.
    pub fn new(hash: Option<String>) -> Self {
        Self { hash, throttle: Mutex::default() }
    }

    /// Whether the facility has set one.
    pub fn is_set(&self) -> bool {
        self.hash.is_some()
    }

    /// Checks one. Takes some tens of milliseconds: call it where blocking is allowed.
    ///
    /// # Errors
    /// [`PasscodeProblem`].
    pub fn check(&self, passcode: &Passcode) -> Result<(), PasscodeProblem> {
        let text = self.hash.as_deref().ok_or(PasscodeProblem::NotSet)?;
        // Held during the check, so that two at once cannot both slip through.
        let mut throttle = self.throttle.lock().unwrap_or_else(PoisonError::into_inner);
        throttle.allow(Instant::now())?;
        let hash = PasswordHash::new(text).map_err(|_| PasscodeProblem::NotSet)?;
        let right = argon2().verify_password(passcode.expose(), &hash).is_ok();
        throttle.note(right, Instant::now());
        if right { Ok(()) } else { Err(PasscodeProblem::Wrong) }
    }
}

/// Who checks at a real reader, and who in practice.
#[derive(Clone)]
pub struct Guards {
    facility: Arc<Guard>,
    practice: Arc<Guard>,
}

impl Guards {
    /// With the facility's hash. Practice without one takes a well-known passcode.
    pub fn new(hash_of_facility: Option<String>) -> Self {
        let facility = Arc::new(Guard::new(hash_of_facility));
        let practice = if facility.is_set() {
            Arc::clone(&facility)
        } else {
            let known = Passcode::parse(PRACTICE_PASSCODE).expect("four digits");
            Arc::new(Guard::new(Some(hash(&known))))
        };
        Self { facility, practice }
    }

    /// The one for this kind of reader.
    pub fn of(&self, kind: Kind) -> &Arc<Guard> {
        match kind {
            Kind::Practice => &self.practice,
            Kind::Pcsc => &self.facility,
        }
    }
}

#[derive(Default)]
struct Throttle {
    wrong: u32,
    until: Option<Instant>,
}

impl Throttle {
    fn allow(&self, now: Instant) -> Result<(), PasscodeProblem> {
        let wait = self.until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        if wait.is_zero() {
            return Ok(());
        }
        let wait_s = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX);
        Err(PasscodeProblem::Throttled { wait_s })
    }

    fn note(&mut self, right: bool, now: Instant) {
        if right {
            *self = Self::default();
            return;
        }
        self.wrong = self.wrong.saturating_add(1);
        if let Some(further) = self.wrong.checked_sub(FREE_TRIES) {
            let wait = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(further));
            self.until = Some(now + wait.min(LONGEST_WAIT));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_wrong_ones_then_waits_that_double_up_to_a_quarter_of_an_hour() {
        let mut throttle = Throttle::default();
        let mut now = Instant::now();
        let mut waits = Vec::new();
        for _ in 0..10 {
            throttle.note(false, now);
            let wait = match throttle.allow(now) {
                Err(PasscodeProblem::Throttled { wait_s }) => wait_s,
                _ => 0,
            };
            waits.push(wait);
            now += Duration::from_secs(u64::from(wait));
            assert!(throttle.allow(now).is_ok());
        }
        assert_eq!(waits, [0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
        throttle.note(true, now);
        throttle.note(false, now);
        assert!(throttle.allow(now).is_ok(), "a right one starts anew");
    }

    #[test]
    fn the_right_one_passes_and_a_throttled_one_is_not_even_checked() {
        let right = Passcode::parse("4821").unwrap();
        let guard = Guard::new(Some(hash(&right)));
        assert_eq!(guard.check(&right), Ok(()));
        for _ in 0..3 {
            assert_eq!(guard.check(&Passcode::parse("0000").unwrap()), Err(PasscodeProblem::Wrong));
        }
        assert!(matches!(guard.check(&right), Err(PasscodeProblem::Throttled { wait_s: 29..=30 })));
        assert_eq!(Guard::new(None).check(&right), Err(PasscodeProblem::NotSet));
        assert!(!is_hash("0000") && is_hash(&hash(&right)));
    }
}
