//! Proves the audit of a store or of a backup, without stopping anybody.

use super::backup::heads_of_backup;
use super::{BUSY, MIGRATIONS, Sqlite, applied, evidence};
use crate::store::{Audit, StoreError, audit, head};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// Opens a file of a store or a backup, to look at only.
pub(super) fn read_only(file: &Path) -> Result<Connection, StoreError> {
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    db.busy_timeout(BUSY)?;
    Ok(db)
}

impl Sqlite {
    /// Checks the audit in `folder`, which a bridge may be using, against its noted head and the consents.
    ///
    /// # Errors
    /// [`StoreError`] says what is wrong, and at which line.
    pub fn verify(folder: &Path) -> Result<Audit, StoreError> {
        // The head before the lines: what is noted at that moment is held, and a bridge adds to it only.
        let heads = head::read(folder)?;
        let mut db = read_only(&Self::file(folder))?;
        let db = db.transaction()?;
        let evidence = evidence(&db, heads, applied(&db, &MIGRATIONS)?)?;
        audit::check(&db, &evidence)
    }

    /// The same of a file that `backup` wrote.
    ///
    /// # Errors
    /// [`StoreError::NoBackup`], and as above.
    pub fn verify_backup(file: &Path) -> Result<Audit, StoreError> {
        let mut db = read_only(file)?;
        let db = db.transaction()?;
        let heads = heads_of_backup(&db)?.ok_or(StoreError::NoBackup)?;
        let evidence = evidence(&db, Some(heads), applied(&db, &MIGRATIONS)?)?;
        audit::check(&db, &evidence)
    }
}
