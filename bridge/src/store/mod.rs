//! What the bridge keeps: visits, consents, an audit with a hash chain, and result files that wait.
//!
//! Never kept: pictures, embeddings, PINs, 照合番号, certificate serials. Two things name people, and
//! are deleted (and overwritten) when they have served: a waiting result file, which holds what the
//! receipt computer will read, and a row of the staff board.

mod audit;
mod chain;
mod head;
mod line;
mod lock;
mod op;
mod others;
mod postgres;
pub mod retention;
mod sent;
mod sqlite;
mod tables;
mod upstream;
mod writer;

pub use chain::Audit;
pub use lock::FolderLock;
pub(crate) use lock::{Held, hold};
pub use op::{AccountDeed, Actor, Deed, KeptRow, OldRow, Op, Settled, Waiting, WhyLocked};
pub use others::News;
pub use postgres::{Address, Arrived, Place, Postgres, Refused, Way};
pub(crate) use sqlite::open as open_database;
pub use sqlite::{
    BackupError, Compared, Looked, RestoreError, Restored, Sqlite, Tally, ToErase, Which,
};
pub use upstream::{Link, LinkState, Target, Upstream};
pub use writer::{Batch, Hold, Standing, Writer};

use checkin::reception::ReceptionNumber;
use checkin::{Record, VisitId};
use jiff::Timestamp;
use jiff::civil::Date;
use std::path::PathBuf;

/// Why the store did not work.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused.
    #[error("store: {0}")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
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
    /// The audit does not hold a line any more that was noted outside of the database.
    #[error(
        "the audit was cut off or written anew: line {0} is not what audit.head says. Keep both files as evidence and ask who had access"
    )]
    Cut(i64),
    /// The note outside of the database is gone.
    #[error(
        "audit.head was removed: whether the audit was cut off cannot be told. Keep the file as evidence and ask who had access"
    )]
    HeadMissing,
    /// The audit begins behind a line, and does not say why.
    #[error(
        "the audit begins behind line {0}, and no line of it says that those before had their time: keep the file as evidence and ask who had access"
    )]
    Beheaded(i64),
    /// A page of the file is not what was written.
    #[error("the file is damaged ({0}): bring a backup back with `uketsuke-bridge restore`")]
    Damaged(String),
    /// Not a file that `backup` wrote.
    #[error(
        "this file is not a backup of this program: give one that `uketsuke-bridge backup` wrote"
    )]
    NoBackup,
    /// The program was stopped while it brought a backup back.
    #[error(
        "a restoration was interrupted: run `uketsuke-bridge restore` once more with the same backup"
    )]
    RestoreInterrupted,
    /// The table of consents is not what the audit says.
    #[error(
        "the consents of visit {0} are not those of the audit: keep the file as evidence and ask who had access"
    )]
    ConsentsDiffer(i64),
    /// The store is for practice, or was asked for as one and is not.
    #[error("the store in {} {}: give this kiosk another data folder with --data", folder.display(), if *practice { "holds practice visits" } else { "holds visits of patients" })]
    Mixed {
        /// Which folder.
        folder: PathBuf,
        /// What it holds.
        practice: bool,
    },
}

/// What one bridge keeps, wherever it lies: each engine tells the same of it. All calls block.
pub trait Kept: Send + Sync {
    /// Checks the hash chain, its noted head and the table of consents; gives the number of lines.
    ///
    /// # Errors
    /// [`StoreError::ChainBroken`], [`StoreError::Cut`], [`StoreError::HeadMissing`],
    /// [`StoreError::ConsentsDiffer`].
    fn check_chain(&self) -> Result<u64, StoreError>;

    /// The latest time in the audit, whatever stands behind it, since somebody accepted the clock.
    ///
    /// # Errors
    /// [`StoreError`].
    fn newest(&self) -> Result<Option<Timestamp>, StoreError>;

    /// The waiting files, oldest first, a thousand at most.
    ///
    /// # Errors
    /// [`StoreError`].
    fn outbox(&self) -> Result<Vec<Waiting>, StoreError>;

    /// Whether a file of this name has served; `None`: no such file is known.
    ///
    /// # Errors
    /// [`StoreError`].
    fn has_served(&self, name: &str) -> Result<Option<bool>, StoreError>;

    /// Number of waiting files.
    ///
    /// # Errors
    /// [`StoreError`].
    fn waiting(&self) -> Result<u64, StoreError>;

    /// Since when the oldest one waits.
    ///
    /// # Errors
    /// [`StoreError`].
    fn waiting_since(&self) -> Result<Option<Timestamp>, StoreError>;

    /// All rows of the staff board, in the order of their visits, of each the newest version first.
    ///
    /// # Errors
    /// [`StoreError`].
    fn rows(&self) -> Result<Vec<KeptRow>, StoreError>;

    /// Lines of the audit of that day in Japan, oldest first; the last 50,000 where there are more.
    ///
    /// # Errors
    /// [`StoreError`].
    fn lines_of(&self, day: Date) -> Result<Vec<String>, StoreError>;

    /// Number of results that staff still have to enter by hand.
    ///
    /// # Errors
    /// [`StoreError`].
    fn by_hand(&self) -> Result<u64, StoreError>;
}

/// Where a bridge keeps it: on its own disk, so that no patient waits for another computer. All calls block for a few
/// milliseconds, or until another program lets go of the file.
pub trait Store: Kept {
    /// Numbers for so many visits, and the first of them: each is given once, by whomever it is asked, also when the program
    /// is killed right afterwards. They are larger than every number that was given or recorded before; numbers may be left out.
    ///
    /// # Errors
    /// [`StoreError`].
    fn next_visits(&self, count: u32) -> Result<VisitId, StoreError>;

    /// Does all of it, in order, in one transaction: everything is kept, or nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    fn commit(&self, ops: &[Op]) -> Result<(), StoreError>;

    /// Appends one record, with its audit line.
    ///
    /// # Errors
    /// [`StoreError`].
    fn append(&self, visit: VisitId, at: Timestamp, record: &Record) -> Result<(), StoreError> {
        self.commit(&[Op::Record { visit, at, record: record.clone(), by: None }])
    }

    /// The time of the oldest line of the audit that says one of no later than `now`.
    ///
    /// # Errors
    /// [`StoreError`].
    fn oldest(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError>;

    /// The reception number of `visit` on that day in Japan: the next one, or the one it has.
    ///
    /// # Errors
    /// [`StoreError`].
    fn take_number(&self, visit: VisitId, day: Date) -> Result<ReceptionNumber, StoreError>;

    /// The XML of a waiting file; `None` when it does not wait any more.
    ///
    /// # Errors
    /// [`StoreError`].
    fn content(&self, id: i64) -> Result<Option<Vec<u8>>, StoreError>;

    /// The complete file of this row is about to get its name in that folder. `false`: it does not
    /// wait any more.
    ///
    /// # Errors
    /// [`StoreError`].
    fn place(&self, id: i64, folder: &str) -> Result<bool, StoreError>;

    /// Forgets the names of files that served before that moment.
    ///
    /// # Errors
    /// [`StoreError`].
    fn forget_served(&self, before: Timestamp) -> Result<(), StoreError>;

    /// Forgets the rows of days before this one that need nothing more. Those of later days stay: the
    /// clock may have been wrong.
    ///
    /// # Errors
    /// [`StoreError`].
    fn forget_rows(&self, today: Date) -> Result<(), StoreError>;

    /// Overwrites what is left of deleted rows, if a reader was in the way before.
    ///
    /// # Errors
    /// [`StoreError`].
    fn tidy(&self) -> Result<(), StoreError>;
}
