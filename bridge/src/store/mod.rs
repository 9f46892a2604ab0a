//! What the bridge keeps: visits, consents, an audit with a hash chain, and result files that wait.
//!
//! Never kept: pictures, embeddings, PINs, 照合番号, certificate serials. Two things name people, and
//! are deleted (and overwritten) when they have served: a waiting result file, which holds what the
//! receipt computer will read, and a row of the staff board.

mod chain;
mod line;
mod lock;
mod sqlite;

pub(crate) use line::time;
pub use lock::FolderLock;
pub use sqlite::Sqlite;

use checkin::reception::ReceptionNumber;
use checkin::{Record, VisitId};
use jiff::Timestamp;
use jiff::civil::Date;
use std::path::PathBuf;

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
    /// Another bridge runs on it.
    #[error(
        "another kiosk (process {process}) already uses the data folder {}: stop it, or give this one a folder of its own with --data", folder.display()
    )]
    InUse {
        /// Which folder.
        folder: PathBuf,
        /// Its process number, as far as known.
        process: String,
    },
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

    /// Keeps a row of the staff board, or replaces it. `by_hand`: staff still have to enter its result.
    ///
    /// # Errors
    /// [`StoreError`].
    fn keep_row(
        &self,
        visit: VisitId,
        day: Date,
        row: &str,
        by_hand: bool,
    ) -> Result<(), StoreError>;

    /// Forgets the rows of other days than this one that need nothing more.
    ///
    /// # Errors
    /// [`StoreError`].
    fn forget_rows(&self, today: Date) -> Result<(), StoreError>;

    /// All rows.
    ///
    /// # Errors
    /// [`StoreError`].
    fn rows(&self) -> Result<Vec<(VisitId, String)>, StoreError>;

    /// Number of results that staff still have to enter by hand.
    ///
    /// # Errors
    /// [`StoreError`].
    fn by_hand(&self) -> Result<u64, StoreError>;

    /// Forgets a delivered file.
    ///
    /// # Errors
    /// [`StoreError`].
    fn delivered(&self, id: i64) -> Result<(), StoreError>;
}
