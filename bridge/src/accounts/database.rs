//! Where accounts and delays lie: `accounts.sqlite` in the data folder, for its owner's eyes only.

use super::delays::{Delay, MOST_ADDRESSES};
use crate::rights::Role;
use crate::store::{StoreError, open_database};
use checkin::time::rfc3339 as time;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use std::path::{Path, PathBuf};

/// In order; `user_version` counts how many were applied.
const MIGRATIONS: [&str; 2] = [include_str!("schema.sql"), include_str!("schema2.sql")];
/// Delays are forgotten after this long without a try.
const QUIET: SignedDuration = SignedDuration::from_hours(48);

/// An account as it lies here. No `Debug`: it has secrets.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) closed: bool,
    pub(super) password: Option<String>,
    pub(super) invitation: Option<[u8; 32]>,
    pub(super) invited_until: Option<Timestamp>,
    pub(super) secret: Option<Vec<u8>>,
    pub(super) secret_next: Option<Vec<u8>>,
    pub(super) last_step: Option<i64>,
    pub(super) seen: Option<Timestamp>,
}

impl Kept {
    /// One that nobody can use yet.
    pub(super) fn new(name: &str, role: Role) -> Self {
        Self {
            id: hex::encode(rand::random::<[u8; 8]>()),
            name: name.into(),
            role,
            closed: false,
            password: None,
            invitation: None,
            invited_until: None,
            secret: None,
            secret_next: None,
            last_step: None,
            seen: None,
        }
    }
}

pub(super) struct Database(Connection);

const COLUMNS: &str = "id, name, role, closed, password, invitation, invited_until, secret, secret_next, last_step, seen";

impl Database {
    pub(super) fn file(folder: &Path) -> PathBuf {
        folder.join("accounts.sqlite")
    }

    pub(super) fn open(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)?;
        Ok(Self(open_database(&Self::file(folder), &MIGRATIONS)?.0))
    }

    /// See `schema2.sql`.
    pub(super) fn salt(&self) -> Result<Vec<u8>, StoreError> {
        Ok(self.0.query_row("SELECT salt FROM salt", [], |row| row.get(0))?)
    }

    pub(super) fn by_key(&self, key: &str) -> Result<Option<Kept>, StoreError> {
        self.one("key", key)
    }

    pub(super) fn by_id(&self, id: &str) -> Result<Option<Kept>, StoreError> {
        self.one("id", id)
    }

    fn one(&self, column: &str, value: &str) -> Result<Option<Kept>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM accounts WHERE {column} = ?1");
        Ok(self.0.query_row(&sql, [value], read).optional()?)
    }

    pub(super) fn all(&self) -> Result<Vec<Kept>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM accounts ORDER BY name, id");
        let mut rows = self.0.prepare(&sql)?;
        Ok(rows.query_map([], read)?.collect::<Result<_, _>>()?)
    }

    pub(super) fn any(&self) -> Result<bool, StoreError> {
        Ok(self.0.query_row("SELECT EXISTS (SELECT 1 FROM accounts)", [], |row| row.get(0))?)
    }

    /// All of it or nothing: a power cut leaves no account behind that nobody can use.
    pub(super) fn add(&mut self, row: &Kept, key: &str) -> Result<(), StoreError> {
        let transaction = self.0.transaction()?;
        let sql = "INSERT INTO accounts (id, name, key, role) VALUES (?1, ?2, ?3, ?4)";
        transaction.execute(sql, params![row.id, row.name, key, row.role.word()])?;
        Self::write(&transaction, row)?;
        Ok(transaction.commit()?)
    }

    /// Writes everything about an account but its name.
    pub(super) fn set(&self, row: &Kept) -> Result<(), StoreError> {
        Self::write(&self.0, row)
    }

    /// The same, together with the only recovery codes that count from now on.
    pub(super) fn set_with(&mut self, row: &Kept, codes: &[[u8; 32]]) -> Result<(), StoreError> {
        let transaction = self.0.transaction()?;
        Self::write(&transaction, row)?;
        transaction.execute("DELETE FROM recovery WHERE account = ?1", [&row.id])?;
        for hash in codes {
            let sql = "INSERT INTO recovery (account, hash) VALUES (?1, ?2)";
            transaction.execute(sql, params![row.id, hash])?;
        }
        Ok(transaction.commit()?)
    }

    fn write(db: &Connection, row: &Kept) -> Result<(), StoreError> {
        let sql = "UPDATE accounts SET role = ?2, closed = ?3, password = ?4, invitation = ?5,
            invited_until = ?6, secret = ?7, secret_next = ?8, last_step = ?9, seen = ?10
            WHERE id = ?1";
        let values = params![
            row.id,
            row.role.word(),
            row.closed,
            row.password,
            row.invitation,
            row.invited_until.map(time),
            row.secret,
            row.secret_next,
            row.last_step,
            row.seen.map(time),
        ];
        db.execute(sql, values)?;
        Ok(())
    }

    pub(super) fn recovery_left(&self, id: &str) -> Result<u8, StoreError> {
        let sql = "SELECT COUNT(*) FROM recovery WHERE account = ?1";
        Ok(self.0.query_row(sql, [id], |row| row.get(0))?)
    }

    /// Whether there was such a code; it is gone now.
    pub(super) fn take_recovery(&self, id: &str, hash: &[u8; 32]) -> Result<bool, StoreError> {
        let sql = "DELETE FROM recovery WHERE account = ?1 AND hash = ?2";
        Ok(self.0.execute(sql, params![id, hash])? > 0)
    }

    pub(super) fn delay(&self, key: &str) -> Result<Option<Delay>, StoreError> {
        let sql = "SELECT wrong, until, at FROM delays WHERE key = ?1";
        let read = |row: &Row<'_>| {
            let at = moment(row.get::<_, Option<String>>(2)?).unwrap_or(Timestamp::UNIX_EPOCH);
            Ok(Delay { wrong: row.get(0)?, until: moment(row.get(1)?), at })
        };
        Ok(self.0.query_row(sql, [key], read).optional()?)
    }

    /// All of them in one transaction; `None` forgets.
    pub(super) fn set_delays(
        &mut self,
        delays: &[(&str, Option<Delay>)],
    ) -> Result<(), StoreError> {
        let transaction = self.0.transaction()?;
        for (key, delay) in delays {
            match delay {
                Some(Delay { wrong, until, at }) => {
                    let sql = "INSERT OR REPLACE INTO delays (key, wrong, until, at)
                        VALUES (?1, ?2, ?3, ?4)";
                    let until = until.map(|until| until.to_string());
                    transaction.execute(sql, params![key, wrong, until, at.to_string()])?;
                }
                None => {
                    transaction.execute("DELETE FROM delays WHERE key = ?1", [key])?;
                }
            }
        }
        Ok(transaction.commit()?)
    }

    /// Forgets what has been quiet, and what is more than is remembered.
    pub(super) fn forget_delays(&self, now: Timestamp) -> Result<(), StoreError> {
        let before = now.saturating_sub(QUIET).unwrap_or(now);
        self.0.execute("DELETE FROM delays WHERE at < ?1", [before.to_string()])?;
        let sql = "DELETE FROM delays WHERE key LIKE 'address %' AND key NOT IN (
            SELECT key FROM delays WHERE key LIKE 'address %' ORDER BY at DESC LIMIT ?1)";
        self.0.execute(sql, [MOST_ADDRESSES])?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
        id: row.get(0)?,
        name: row.get(1)?,
        role: role(&row.get::<_, String>(2)?),
        closed: row.get(3)?,
        password: row.get(4)?,
        invitation: row.get(5)?,
        invited_until: moment(row.get(6)?),
        secret: row.get(7)?,
        secret_next: row.get(8)?,
        last_step: row.get(9)?,
        seen: moment(row.get(10)?),
    })
}

fn moment(text: Option<String>) -> Option<Timestamp> {
    text.and_then(|text| text.parse().ok())
}

/// The table checks its words, so another one is that of nobody who may change anything.
fn role(word: &str) -> Role {
    Role::ALL.into_iter().find(|role| role.word() == word).unwrap_or(Role::Auditor)
}
