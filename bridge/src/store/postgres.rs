//! `PostgreSQL`: the database of a site or a chain, into which each bridge sends what it keeps.
//!
//! No patient waits for it: a bridge keeps everything on its own disk first (see `docs/operations.md`, "Several bridges"). Only what
//! every engine that speaks its protocol has is used: tables with keys, plain transactions, upserts.

mod address;
mod arrived;
mod encrypted;
mod others;
mod schema;
mod session;

pub use address::{Address, Way};
pub use arrived::{Arrived, Postgres};
pub(super) use session::{Bell, Run, Session};

use super::StoreError;
use std::future::poll_fn;
use std::ops::RangeInclusive;
use std::time::Duration;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Socket};

/// A call that takes longer is given up, and the connection with it.
const DEADLINE: Duration = Duration::from_secs(10);
/// The same for everything that a whole audit needs.
const LONG: Duration = Duration::from_mins(5);

/// Which bridge this is among those of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Name of the site: everything that its bridges share carries it.
    pub site: String,
    /// Name of the bridge, once at the site.
    pub bridge: String,
    /// The reception numbers that it gives, each day from the first one on. No other bridge of the site gives any of them.
    pub numbers: RangeInclusive<u16>,
}

/// What comes of asking the site's database.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// It cannot be reached, or refuses for now: tried again.
    #[error("{0}")]
    Away(String),
    /// It works, and somebody has to put something right.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The bridge's own disk.
    #[error(transparent)]
    Own(#[from] StoreError),
}

/// Why a bridge does not send anything, until a person has put it right. Each is one sentence with a way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Another store was there first under this name.
    #[error(
        "another bridge is called {0} at this site: give this one another name (`bridge` in [store])"
    )]
    NameTaken(String),
    /// Another program with a copy of this store goes on in its place.
    #[error("another program sends as bridge {0}: stop it, then start this one again")]
    TakenOver(String),
    /// Its audit is not the one that was sent.
    #[error(
        "the site's database holds lines of the audit of bridge {0} that this one does not: it was put back from a copy, or changed. Give it another name (`bridge` in [store]), and ask who had access if nobody put it back"
    )]
    Differs(String),
    /// Two would give the same reception numbers.
    #[error(
        "bridge {bridge} gives the reception numbers {first} to {last}: give this one others (`numbers` in [store])"
    )]
    Numbers {
        /// The other one.
        bridge: String,
        /// Its first.
        first: i64,
        /// Its last.
        last: i64,
    },
    /// What it shows when it is asked by TLS is not its own, or says another name.
    #[error(
        "the certificate of the site's database is not accepted ({0}): write the name that stands in it as the host of the address, and name the authority that signed it (`postgres_ca` in [store]), unless this computer trusts that anyway"
    )]
    Certificate(String),
    /// Nothing can be verified.
    #[error(
        "no certificate of the site's database can be verified: {0} (`postgres_ca` in [store] names the file of the authority)"
    )]
    Authority(String),
    /// A newer version of the program made the tables.
    #[error(
        "the tables of the site's database were made by a newer version of this program: update this one"
    )]
    Newer,
}

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Self {
        // Its own text says only `db error`.
        let text = match error.as_db_error() {
            Some(told) => format!("{} ({})", told.message(), told.code().code()),
            None => match std::error::Error::source(&error) {
                Some(source) => format!("{error}: {source}"),
                None => error.to_string(),
            },
        };
        Self::Away(text)
    }
}

impl From<Trouble> for StoreError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Own(error) => error,
            other => Self::Database(other.into()),
        }
    }
}

/// Two transactions met, and one has to be done again. Distributed engines say so often.
fn is_to_be_repeated(error: &tokio_postgres::Error) -> bool {
    let codes = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];
    error.code().is_some_and(|code| codes.contains(code))
}

/// What a connection tells without being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// Another bridge has changed rows.
    Others,
    /// The connection has ended.
    Ended,
}

/// Connects. The connection ends with the client, or earlier; `tell` hears of that, and of notices of other bridges.
async fn connect(
    address: &Address,
    tell: impl Fn(Told) + Send + 'static,
) -> Result<Client, Trouble> {
    match address.encryption() {
        Some(with) => open(address.config(), encrypted::connector(with.authority())?, tell).await,
        None => open(address.config(), NoTls, tell).await,
    }
}

async fn open<T>(
    config: &Config,
    tls: T,
    tell: impl Fn(Told) + Send + 'static,
) -> Result<Client, Trouble>
where
    T: MakeTlsConnect<Socket, Stream: Send + 'static>,
    T::TlsConnect: TlsConnect<Socket>,
{
    let (client, mut connection) = config.connect(tls).await.map_err(encrypted::trouble)?;
    tokio::spawn(async move {
        // Whoever asks next is told why it has ended.
        while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
            if matches!(message, AsyncMessage::Notification(_)) {
                tell(Told::Others);
            }
        }
        tell(Told::Ended);
    });
    // What this side has given up does not hold locks for long on the other.
    let limits = "SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '30s'";
    if let Err(error) = client.batch_execute(limits).await {
        tracing::debug!(%error, "the site's database knows no such limits");
    }
    Ok(client)
}

/// With a deadline.
async fn within<T>(
    deadline: Duration,
    work: impl Future<Output = Result<T, Trouble>>,
) -> Result<T, Trouble> {
    let late = || Trouble::Away(format!("no answer within {} seconds", deadline.as_secs()));
    tokio::time::timeout(deadline, work).await.unwrap_or_else(|_| Err(late()))
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
