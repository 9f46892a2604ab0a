//! What the owner of an account does with it.

use super::vault::{Member, Vault};
use super::{Caller, Refusal, authenticator, code, password};
use crate::passcode::hash_secret;
use jiff::Timestamp;
use protocol::Redacted;
use protocol::account::{Recovery, Secret};

/// Recovery codes at once.
const RECOVERY: usize = 8;

impl Vault {
    /// As it is now.
    ///
    /// # Errors
    /// [`Refusal::Unknown`], [`Refusal::Store`].
    pub fn me(&mut self, id: &str) -> Result<Member, Refusal> {
        let kept = self.db.by_id(id)?.ok_or(Refusal::Unknown)?;
        self.member(&kept)
    }

    /// Another password.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn set_password(
        &mut self,
        caller: &Caller,
        id: &str,
        old: &Redacted,
        new: &Redacted,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.again(caller, id, old, &Redacted::default(), now)?;
        let mut kept = self.db.by_id(id)?.ok_or(Refusal::Unknown)?;
        let new = password::normal(new.expose());
        password::judge(&new, &kept.name)?;
        kept.password = Some(hash_secret(new.as_bytes()));
        Ok(self.db.set(&kept)?)
    }

    /// A secret for an authenticator, which counts once it is confirmed.
    ///
    /// # Errors
    /// [`Refusal::Unknown`], [`Refusal::Store`].
    pub fn new_authenticator(&mut self, id: &str) -> Result<Secret, Refusal> {
        let mut kept = self.db.by_id(id)?.ok_or(Refusal::Unknown)?;
        let key = authenticator::new_key();
        kept.secret_next = Some(key.to_vec());
        self.db.set(&kept)?;
        Ok(Secret {
            secret: Redacted::new(authenticator::base32(&key).to_string()),
            uri: Redacted::new(authenticator::uri(&key, &kept.name).to_string()),
        })
    }

    /// The authenticator shows the right code: it counts from now on, with fresh recovery codes.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn confirm_authenticator(
        &mut self,
        caller: &Caller,
        id: &str,
        typed: &Redacted,
        now: Timestamp,
    ) -> Result<Recovery, Refusal> {
        let mut kept = self.db.by_id(id)?.ok_or(Refusal::Unknown)?;
        let next = kept.secret_next.clone().ok_or(Refusal::Unknown)?;
        let step = self.guarded(caller, id, Some(&kept), now, |_| {
            Ok(authenticator::step(&next, typed.expose().trim(), now, None))
        })?;
        (kept.secret, kept.secret_next, kept.last_step) = (Some(next), None, Some(step));
        let codes: Vec<_> = (0..RECOVERY).map(|_| code::new()).collect();
        let hashes: Vec<_> = codes.iter().filter_map(|code| code::hash(code)).collect();
        self.db.set_with(&kept, &hashes)?;
        Ok(Recovery { codes: codes.iter().map(|code| Redacted::new(code.to_string())).collect() })
    }
}
