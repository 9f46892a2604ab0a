//! Accounts of staff: who may enter the board, and how a guess is made slow.
//!
//! An account begins as an invitation: its owner types the code and chooses a password that nobody else ever knows. The first
//! manager is invited by the file that lies in the data folder until there is one. At the kiosk's own computer the password
//! suffices; over the network the code of an authenticator is asked for, too.

mod attacks;
mod authenticator;
mod code;
mod command;
mod database;
mod delays;
mod first;
mod manage;
mod own;
mod password;
mod vault;

pub use command::{AccountCommand, RoleWord};
pub(crate) use delays::network_of;
pub use manage::Change;
pub use password::Weakness;
pub use vault::{Member, Proof, Vault};

use crate::store::StoreError;
use crate::workers::{Undone, Workers};
use attacks::Attacks;
use jiff::Timestamp;
use std::net::IpAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A check takes some tens of milliseconds, and its file on a slow disk a little more.
const PATIENCE: Duration = Duration::from_secs(5);
/// Checks that wait for the one under way.
const WAITING: usize = 16;

/// From which side somebody comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The bridge's own computer.
    Computer,
    /// The network of the site.
    Network,
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// From which side.
    pub reach: Reach,
    /// From which address.
    pub address: IpAddr,
}

/// Why something about an account was not done.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Which of them is not told.
    #[error("Name, password or code is wrong.")]
    Wrong {
        /// Whose account it was, where there is one of that name.
        account: Option<String>,
        /// Seconds until the next one is looked at.
        wait_s: Option<u32>,
    },
    /// Not looked at.
    #[error("Too many wrong ones: wait {wait_s} seconds.")]
    Throttled {
        /// Seconds.
        wait_s: u32,
    },
    /// The name cannot be one.
    #[error("A name has 1 to 40 characters, on one line.")]
    Name,
    /// Another account has it.
    #[error("Another account has that name.")]
    Taken,
    /// No account has this id or name.
    #[error("There is no such account.")]
    Unknown,
    /// Nobody could look after the accounts any more.
    #[error("This is the last manager: make another one first.")]
    LastManager,
    /// The password.
    #[error(transparent)]
    Weak(#[from] Weakness),
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// See the module.
pub struct Accounts {
    vault: Arc<Mutex<Vault>>,
    any: Arc<AtomicBool>,
    workers: Workers,
    attacks: Arc<Attacks>,
}

impl Accounts {
    /// Opens the file in the data folder, and invites the first manager where there is no account.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let mut vault = Vault::open(folder)?;
        vault.invite_first()?;
        Ok(Self {
            any: vault.any(),
            vault: Arc::new(Mutex::new(vault)),
            workers: Workers::new("accounts", 1, WAITING),
            attacks: Arc::default(),
        })
    }

    /// Whether there is an account.
    pub fn any(&self) -> bool {
        self.any.load(SeqCst)
    }

    /// Does it on the one thread for passwords, so that two at once cannot both slip through. Wrong ones are counted.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn call<T: Send + 'static>(
        &self,
        now: Timestamp,
        call: impl FnOnce(&mut Vault) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (vault, attacks) = (Arc::clone(&self.vault), Arc::clone(&self.attacks));
        // Counted also where nobody waits for the answer any more.
        let work = move || {
            let done = call(&mut vault.lock().unwrap_or_else(PoisonError::into_inner));
            if let Err(Refusal::Wrong { .. }) = &done {
                attacks.note(now);
            }
            done
        };
        match self.workers.call(PATIENCE, work).await {
            Ok(done) => done,
            Err(Undone::Full | Undone::Late) => Err(Refusal::Throttled { wait_s: 1 }),
            Err(Undone::Panicked) => Err(Refusal::Wrong { account: None, wait_s: None }),
        }
    }

    /// Wrong log-ins since the start, and in the last hour.
    pub fn refused(&self, now: Timestamp) -> (u64, u64) {
        self.attacks.count(now)
    }
}

#[cfg(test)]
mod tests;
