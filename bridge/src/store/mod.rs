//! What the bridge keeps: visits, consents, an audit with a hash chain, and result files that wait.
//!
//! Never kept: pictures, embeddings, PINs, 照合番号, certificate serials. A waiting result file holds
//! what the receipt computer will read, and is deleted (and overwritten) when it was delivered.

mod chain;
mod line;
mod sqlite;

pub(crate) use line::time;
pub use sqlite::Sqlite;

use checkin::reception::ReceptionNumber;
use checkin::{Record, VisitId};
use jiff::Timestamp;
use jiff::civil::Date;

/// A result file that waits for its folder.
#[derive(Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Row in the outbox.
    pub id: i64,
    /// File name.
    pub name: String,
    /// The XML.
    pub content: Vec<u8>,
}

/// Why the store did not work.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused.
    #[error("store: {0}")]
    Database(#[from] rusqlite::Error),
    /// The folder cannot be made.
    #[error("cannot make the folder of the store: {0}")]
    Folder(#[from] std::io::Error),
    /// The file was written by a newer version.
    #[error("the store was written by a newer version of this program: update the program")]
    Newer,
    /// A line of the audit was changed or removed.
    #[error("the audit was changed at line {0}: keep the file as evidence and ask who had access")]
    ChainBroken(i64),
}

/// One engine. All calls block for a few milliseconds.
pub trait Store: Send + Sync {
    /// Number for the next visit: larger than every number that was ever recorded.
    ///
    /// # Errors
    /// [`StoreError`].
    fn next_visit(&self) -> Result<VisitId, StoreError>;

    /// Appends one record, with its audit line, in one transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    fn append(&self, visit: VisitId, at: Timestamp, record: &Record) -> Result<(), StoreError>;

    /// The reception number of `visit` on that day in Japan: the next one, or the one it has.
    ///
    /// # Errors
    /// [`StoreError`].
    fn take_number(&self, visit: VisitId, day: Date) -> Result<ReceptionNumber, StoreError>;

    /// Checks the hash chain; gives the number of lines.
    ///
    /// # Errors
    /// [`StoreError::ChainBroken`].
    fn check_chain(&self) -> Result<u64, StoreError>;

    /// Keeps a result file.
    ///
    /// # Errors
    /// [`StoreError`].
    fn queue(&self, name: &str, content: &[u8]) -> Result<(), StoreError>;

    /// The oldest waiting file.
    ///
    /// # Errors
    /// [`StoreError`].
    fn first_waiting(&self) -> Result<Option<Waiting>, StoreError>;

    /// Number of waiting files.
    ///
    /// # Errors
    /// [`StoreError`].
    fn waiting(&self) -> Result<u64, StoreError>;

    /// Forgets a delivered file.
    ///
    /// # Errors
    /// [`StoreError`].
    fn delivered(&self, id: i64) -> Result<(), StoreError>;
}
