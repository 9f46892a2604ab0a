//! What a manager, or whoever owns the computer, does with accounts.

use super::database::Kept;
use super::vault::{Name, Vault};
use super::{Refusal, code};
use crate::rights::Role;
use crate::store::AccountDeed;
use checkin::time::rfc3339 as time;
use jiff::{SignedDuration, Timestamp};
use protocol::Redacted;
use protocol::account::{Account, AccountState};

/// An invitation counts for so long.
const INVITED: SignedDuration = SignedDuration::from_hours(72);

/// What becomes of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Password and authenticator count no more; its owner is invited anew.
    Invite,
    /// Nobody may use it.
    Close,
    /// Its owner may use it again.
    Open,
    /// Its owner may do something else.
    Role(Role),
}

impl Vault {
    /// All accounts, by name.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub fn list(&mut self) -> Result<Vec<Account>, Refusal> {
        let all = self.db.all()?.into_iter().map(|kept| Account {
            state: match (kept.closed, &kept.password) {
                (true, _) => AccountState::Closed,
                (false, None) => AccountState::Invited,
                (false, Some(_)) => AccountState::Open,
            },
            role: kept.role.to_wire(),
            authenticator: kept.secret.is_some(),
            seen: kept.seen.map(time),
            id: kept.id,
            name: kept.name,
        });
        Ok(all.collect())
    }

    /// A new account: its id, and the code with which its owner chooses a password.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn add(
        &mut self,
        name: &str,
        role: Role,
        now: Timestamp,
    ) -> Result<(String, Redacted), Refusal> {
        let name = Name::parse(name)?;
        if self.db.by_key(&name.key)?.is_some() {
            return Err(Refusal::Taken);
        }
        let mut kept = Kept::new(&name.shown, role);
        let code = invited(&mut kept, now);
        self.db.add(&kept, &name.key)?;
        self.first_is_made();
        Ok((kept.id, code))
    }

    /// Changes an account; an invitation where one was asked for, and what the audit is to tell.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn change(
        &mut self,
        id: &str,
        change: Change,
        now: Timestamp,
    ) -> Result<(Option<Redacted>, AccountDeed), Refusal> {
        let mut kept = self.db.by_id(id)?.ok_or(Refusal::Unknown)?;
        let stays = matches!(change, Change::Open | Change::Role(Role::Manager));
        if !stays && self.is_last_manager(&kept)? {
            return Err(Refusal::LastManager);
        }
        let deed = match change {
            Change::Invite => return Ok((Some(self.invite(kept, now)?), AccountDeed::Invited)),
            Change::Close => {
                (kept.closed, kept.invitation) = (true, None);
                AccountDeed::Closed
            }
            Change::Open => {
                kept.closed = false;
                AccountDeed::Opened
            }
            Change::Role(role) => {
                kept.role = role;
                AccountDeed::RoleSet(role)
            }
        };
        self.db.set(&kept)?;
        Ok((None, deed))
    }

    /// The way back in for whoever owns the computer, also of the last manager: see [`Change::Invite`].
    ///
    /// # Errors
    /// [`Refusal::Unknown`], [`Refusal::Store`].
    pub fn reset(&mut self, id: &str, now: Timestamp) -> Result<Redacted, Refusal> {
        let kept = self.db.by_id(id)?.ok_or(Refusal::Unknown)?;
        self.invite(kept, now)
    }

    /// The account of this name.
    ///
    /// # Errors
    /// [`Refusal::Unknown`], [`Refusal::Store`].
    pub fn named(&mut self, name: &str) -> Result<String, Refusal> {
        let key = Name::parse(name)?.key;
        Ok(self.db.by_key(&key)?.ok_or(Refusal::Unknown)?.id)
    }

    fn invite(&mut self, mut kept: Kept, now: Timestamp) -> Result<Redacted, Refusal> {
        let code = invited(&mut kept, now);
        self.db.set_with(&kept, &[])?;
        Ok(code)
    }

    fn is_last_manager(&self, kept: &Kept) -> Result<bool, Refusal> {
        let manages =
            |kept: &Kept| kept.role == Role::Manager && !kept.closed && kept.password.is_some();
        let others = self.db.all()?.iter().any(|other| other.id != kept.id && manages(other));
        Ok(manages(kept) && !others)
    }
}

/// Password and authenticator count no more; gives the code with which another password is chosen.
fn invited(kept: &mut Kept, now: Timestamp) -> Redacted {
    let code = code::new();
    (kept.password, kept.closed) = (None, false);
    (kept.secret, kept.secret_next, kept.last_step) = (None, None, None);
    kept.invitation = code::hash(&code);
    kept.invited_until = now.saturating_add(INVITED).ok();
    Redacted::new(code.to_string())
}
