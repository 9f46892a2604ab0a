//! Passwords and codes are judged here. Every call blocks for some tens of milliseconds, and belongs on one thread.

use super::database::{Database, Kept};
use super::first::First;
use super::{Caller, Reach, Refusal, authenticator, code, delays, password};
use crate::passcode::{Memory, hash_secret};
use crate::rights::Role;
use crate::store::StoreError;
use jiff::Timestamp;
use protocol::Redacted;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use subtle::ConstantTimeEq as _;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// See the module.
pub struct Vault {
    pub(super) db: Database,
    pub(super) folder: PathBuf,
    pub(super) first: Option<First>,
    pub(super) any: Arc<AtomicBool>,
    memory: Memory,
    /// Checked where no account has the name, so that it takes as long.
    nobody: String,
    /// See `schema2.sql`.
    pub(super) salt: Vec<u8>,
}

/// Whom a password belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Of the account.
    pub id: String,
    /// Name of the account.
    pub name: String,
    /// What its owner may do.
    pub role: Role,
    /// An authenticator is set up.
    pub authenticator: bool,
    /// Recovery codes that were not used yet.
    pub recovery_left: u8,
    /// A recovery code stood in for the authenticator just now.
    pub recovered: bool,
}

/// What the owner of an account has shown beside its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The password, and no code although there is an authenticator.
    PasswordOnly,
    /// All that the account has.
    Whole,
    /// The same, with a recovery code in place of the authenticator's, which is gone now.
    ByRecovery,
}

/// A name that an account may have.
pub(super) struct Name {
    pub(super) shown: String,
    pub(super) key: String,
}

impl Name {
    pub(super) fn parse(typed: &str) -> Result<Self, Refusal> {
        let shown: String = typed.nfkc().take(200).collect::<String>().trim().to_owned();
        if !(1..=40).contains(&shown.chars().count()) || shown.contains(char::is_control) {
            return Err(Refusal::Name);
        }
        let key = shown.to_lowercase().split_whitespace().collect();
        Ok(Self { shown, key })
    }
}

impl Vault {
    /// Opens the file in the data folder.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let db = Database::open(folder)?;
        let any = Arc::new(AtomicBool::new(db.any()?));
        let nobody = hash_secret(&rand::random::<[u8; 16]>());
        let (salt, memory) = (db.salt()?, Memory::default());
        Ok(Self { db, folder: folder.into(), first: None, any, memory, nobody, salt })
    }

    pub(super) fn any(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.any)
    }

    pub(super) fn member(&self, kept: &Kept) -> Result<Member, Refusal> {
        Ok(Member {
            id: kept.id.clone(),
            name: kept.name.clone(),
            role: kept.role,
            authenticator: kept.secret.is_some(),
            recovery_left: self.db.recovery_left(&kept.id)?,
            recovered: false,
        })
    }

    /// By name and password, over the network also by the authenticator's code.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn log_in(
        &mut self,
        caller: &Caller,
        name: &str,
        typed: &Redacted,
        code: &Redacted,
        now: Timestamp,
    ) -> Result<Member, Refusal> {
        let key = Name::parse(name).map_or_else(|_| String::new(), |name| name.key);
        let found = self.db.by_key(&key)?;
        let recovered = self.guarded(caller, &key, found.as_ref(), now, |vault| {
            let right = vault.is_password(found.as_ref(), typed);
            match &found {
                Some(kept) if right => vault.is_code(caller.reach, kept, code.expose(), now),
                _ => Ok(None),
            }
        })?;
        let Some(kept) = found else { return Err(Refusal::Unknown) };
        let mut kept = self.db.by_id(&kept.id)?.ok_or(Refusal::Unknown)?;
        kept.seen = Some(now);
        self.db.set(&kept)?;
        Ok(Member { recovered, ..self.member(&kept)? })
    }

    /// By an invitation: the password is chosen now, and what was before counts no more.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn join(
        &mut self,
        caller: &Caller,
        name: &str,
        invitation: &Redacted,
        chosen: &Redacted,
        now: Timestamp,
    ) -> Result<Member, Refusal> {
        let name = Name::parse(name)?;
        let chosen = password::normal(chosen.expose());
        password::judge(&chosen, &name.shown)?;
        let typed = code::hash(invitation.expose()).unwrap_or_default();
        let found = self.db.by_key(&name.key)?;
        let is_first = self.first.is_some() && caller.reach == Reach::Computer;
        self.guarded(caller, &name.key, found.as_ref(), now, |vault| {
            let first = vault.first.as_ref().filter(|_| is_first).map(|first| first.hash);
            let invited = found
                .as_ref()
                .filter(|kept| !kept.closed && kept.invited_until.is_some_and(|until| now < until));
            let expected = first.or_else(|| invited.and_then(|kept| kept.invitation));
            let right = expected.unwrap_or([1; 32]).ct_eq(&typed);
            Ok((bool::from(right) && expected.is_some()).then_some(()))
        })?;
        let is_new = found.is_none();
        let mut kept = found.unwrap_or_else(|| Kept::new(&name.shown, Role::Manager));
        kept.password = Some(hash_secret(chosen.as_bytes()));
        (kept.invitation, kept.invited_until) = (None, None);
        (kept.secret, kept.secret_next, kept.last_step) = (None, None, None);
        kept.seen = Some(now);
        if is_new {
            self.db.add(&kept, &name.key)?;
            self.first_is_made();
        } else {
            self.db.set_with(&kept, &[])?;
        }
        self.member(&kept)
    }

    /// The own password once more, and with it the authenticator's code where one is given.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn again(
        &mut self,
        caller: &Caller,
        id: &str,
        typed: &Redacted,
        code: &Redacted,
        now: Timestamp,
    ) -> Result<Proof, Refusal> {
        let found = self.db.by_id(id)?;
        self.guarded(caller, id, found.as_ref(), now, |vault| {
            let right = vault.is_password(found.as_ref(), typed);
            match found.as_ref().filter(|_| right) {
                None => Ok(None),
                Some(kept) if kept.secret.is_none() => Ok(Some(Proof::Whole)),
                Some(_) if code.expose().is_empty() => Ok(Some(Proof::PasswordOnly)),
                Some(kept) => {
                    let recovered = vault.is_code(caller.reach, kept, code.expose(), now)?;
                    let proof = |by| if by { Proof::ByRecovery } else { Proof::Whole };
                    Ok(recovered.map(proof))
                }
            }
        })
    }

    /// Takes as long for whom there is not.
    pub(super) fn is_password(&mut self, kept: Option<&Kept>, typed: &Redacted) -> bool {
        let open = kept.filter(|kept| !kept.closed).and_then(|kept| kept.password.as_deref());
        let typed = password::normal(typed.expose());
        let right = self.memory.verify_secret(typed.as_bytes(), open.unwrap_or(&self.nobody));
        right && open.is_some()
    }

    /// `Some(true)`: by a recovery code, which is gone now.
    fn is_code(
        &mut self,
        reach: Reach,
        kept: &Kept,
        typed: &str,
        now: Timestamp,
    ) -> Result<Option<bool>, Refusal> {
        let Some(secret) = &kept.secret else { return Ok(Some(false)) };
        if typed.is_empty() && reach == Reach::Computer {
            return Ok(Some(false));
        }
        let digits: Zeroizing<String> = Zeroizing::new(
            typed.nfkc().filter(|letter| !letter.is_whitespace()).take(64).collect(),
        );
        if let Some(step) = authenticator::step(secret, &digits, now, kept.last_step) {
            self.db.set(&Kept { last_step: Some(step), ..kept.clone() })?;
            return Ok(Some(false));
        }
        match code::hash(typed) {
            Some(hash) if self.db.take_recovery(&kept.id, &hash)? => Ok(Some(true)),
            _ => Ok(None),
        }
    }

    /// Counts a try as a wrong one before it is judged, so that pulling the plug in the middle wins nothing. `judge` gives
    /// `None` for a wrong one.
    pub(super) fn guarded<T>(
        &mut self,
        caller: &Caller,
        looked_for: &str,
        found: Option<&Kept>,
        now: Timestamp,
        judge: impl FnOnce(&mut Self) -> Result<Option<T>, Refusal>,
    ) -> Result<T, Refusal> {
        let id = found.map(|kept| kept.id.as_str());
        let account = delays::of_account(id, looked_for, caller.reach, &self.salt);
        let address = delays::of_address(caller);
        let before = (self.db.delay(&account)?, self.db.delay(&address)?);
        let wait = (
            delays::ACCOUNT.wait(before.0.as_ref(), now),
            delays::ADDRESS.wait(before.1.as_ref(), now),
        );
        if let Some(wait_s) = wait.0.max(wait.1) {
            return Err(Refusal::Throttled { wait_s });
        }
        let after = (
            delays::ACCOUNT.wrong(before.0.as_ref(), now),
            delays::ADDRESS.wrong(before.1.as_ref(), now),
        );
        self.db.set_delays(&[(&account, Some(after.0)), (&address, Some(after.1))])?;
        if let Some(done) = judge(self)? {
            // An account of one's own does not make guesses at others free.
            self.db.set_delays(&[(&account, None), (&address, before.1)])?;
            return Ok(done);
        }
        self.db.forget_delays(now)?;
        let wait_s = delays::ACCOUNT.wait(Some(&after.0), now);
        let wait_s = wait_s.max(delays::ADDRESS.wait(Some(&after.1), now));
        Err(Refusal::Wrong { account: id.map(str::to_owned), wait_s })
    }
}
