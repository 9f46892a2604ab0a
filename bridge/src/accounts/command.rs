//! `uketsuke-bridge account …`: the way back in for whoever owns the computer.

use super::{Change, Refusal, Vault};
use crate::config::Config;
use crate::rights::Role;
use crate::store::{AccountDeed, Actor, Deed, FolderLock, Op, Sqlite, Store as _};
use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;
use protocol::Redacted;
use std::fmt::Write as _;

/// What to do with accounts of staff. The kiosk must not run meanwhile, but for `list`.
#[derive(Clone, Debug, Subcommand)]
pub enum AccountCommand {
    /// List all accounts
    List,
    /// Make an account and print the code with which its owner chooses a password
    Add {
        /// Name of the member of staff
        name: String,
        /// What the account is there for
        #[arg(long, value_enum, default_value = "reception")]
        role: RoleWord,
    },
    /// Forget password and authenticator of an account, and print a new code
    Reset {
        /// Name of the member of staff
        name: String,
    },
    /// Let nobody use an account any more
    Disable {
        /// Name of the member of staff
        name: String,
    },
    /// Let its owner use it again
    Enable {
        /// Name of the member of staff
        name: String,
    },
}

/// A role, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RoleWord {
    /// Works with the board
    Reception,
    /// Does so too, and looks after the accounts
    Manager,
    /// Reads, and changes nothing
    Auditor,
}

impl AccountCommand {
    /// Does it; gives what to print.
    ///
    /// # Errors
    /// [`Refusal`] says what to do.
    pub fn run(&self, config: &Config, now: Timestamp) -> Result<String, Refusal> {
        if matches!(self, Self::List) {
            return list(&mut Vault::open(&config.data)?);
        }
        // A bridge that runs has sessions, which would go on.
        let _folder = FolderLock::take(&config.data)?;
        // Nothing is changed that the audit cannot be told.
        let store = Sqlite::open(&config.data, config.accept_practice_cards)?;
        let mut vault = Vault::open(&config.data)?;
        let (id, code, deed) = match self {
            Self::List => return list(&mut vault),
            Self::Add { name, role } => {
                let role = match role {
                    RoleWord::Reception => Role::Reception,
                    RoleWord::Manager => Role::Manager,
                    RoleWord::Auditor => Role::Auditor,
                };
                let (id, code) = vault.add(name, role, now)?;
                let name = vault.me(&id)?.name;
                (id, Some(code), AccountDeed::Made { name, role })
            }
            Self::Reset { name } => {
                let id = vault.named(name)?;
                let code = vault.reset(&id, now)?;
                (id, Some(code), AccountDeed::Invited)
            }
            Self::Disable { name } => change(&mut vault, name, Change::Close, now)?,
            Self::Enable { name } => change(&mut vault, name, Change::Open, now)?,
        };
        // Into the audit of the patients, as all that concerns accounts.
        let deed = Deed::Account { id, change: deed };
        store.commit(&[Op::Deed { at: now, deed, by: Some(Actor::Command) }])?;
        Ok(match code {
            Some(code) => format!(
                "{}\n/staff で名前とこのコードを入れ、パスワードを決めてもらってください(3 日以内) / to be typed at /staff with the name, within 3 days\n",
                code.expose()
            ),
            None => "done / 変更しました\n".into(),
        })
    }
}

type Changed = (String, Option<Redacted>, AccountDeed);

fn change(
    vault: &mut Vault,
    name: &str,
    change: Change,
    now: Timestamp,
) -> Result<Changed, Refusal> {
    let id = vault.named(name)?;
    let (code, deed) = vault.change(&id, change, now)?;
    Ok((id, code, deed))
}

fn list(vault: &mut Vault) -> Result<String, Refusal> {
    let mut text = String::new();
    for account in vault.list()? {
        let code = if account.authenticator { "+code" } else { "-" };
        let seen = account.seen.as_deref().unwrap_or("-");
        // Writing to a string does not fail.
        let _: std::fmt::Result = writeln!(
            text,
            "{}\t{}\t{:?}\t{:?}\t{code}\t{seen}",
            account.id, account.name, account.role, account.state
        );
    }
    Ok(text)
}
