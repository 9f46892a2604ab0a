//! Copies a store while a bridge uses it. A backup is one file: the store as it was at one moment, and in it the heads of the
//! audit that were noted outside and the file of settings.

use super::verify::read_only;
use super::{MIGRATIONS, Sqlite, applied, evidence, settings_copy};
use crate::private;
use crate::store::{Audit, StoreError, audit, head};
use checkin::time::rfc3339;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Why there is no backup. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Nothing is written over.
    #[error("{} is there already: a backup is never written over another file, choose a new name / すでにあります。別の名前にしてください", .0.display())]
    Exists(PathBuf),
    /// Nothing to copy.
    #[error("there is no store in {}: say where with --data / 記録がありません。--data で場所を指定してください", .0.display())]
    NoStore(PathBuf),
    /// The place cannot be written to.
    #[error("cannot write the backup: {0} / バックアップを書き込めません")]
    Io(#[from] io::Error),
    /// The store cannot be read, or the copy is not what it should be.
    #[error("{0}; there is no backup / バックアップは作られていません")]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for BackupError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Sqlite {
    /// Copies the store in `folder` to a new `file`: complete, and read again as proof, or not at all. The audit in it is as good as
    /// that of the store; what is wrong with it is the second half of what is given.
    ///
    /// # Errors
    /// [`BackupError`]; then nothing is left under that name.
    pub fn backup(
        folder: &Path,
        file: &Path,
        now: Timestamp,
    ) -> Result<Result<Audit, StoreError>, BackupError> {
        if fs::symlink_metadata(file).is_ok() {
            return Err(BackupError::Exists(file.into()));
        }
        let store = Self::file(folder);
        if !store.exists() {
            return Err(BackupError::NoStore(folder.into()));
        }
        let part = Part::new(file)?;
        // Before the lines, as in `Sqlite::verify`.
        let heads = head::read(folder)?;
        let from = read_only(&store)?;
        // One transaction of the store: consistent, and without what was deleted.
        from.execute("VACUUM INTO ?1", [utf8(&part.0)?])?;
        drop(from);
        let copy = Connection::open(&part.0)?;
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        let mut heads = evidence(&copy, heads, applied(&copy, &MIGRATIONS)?)?;
        heads.push(audit::last(&copy)?);
        let backup = "CREATE TABLE backup (at TEXT NOT NULL) STRICT;
            CREATE TABLE backup_heads (seq INTEGER NOT NULL, hash BLOB NOT NULL CHECK (length(hash) = 32)) STRICT;";
        copy.execute_batch(backup)?;
        copy.execute("INSERT INTO backup (at) VALUES (?1)", [rfc3339(now)])?;
        settings_copy::put(folder, &copy)?;
        for (seq, hash) in heads {
            copy.execute(
                "INSERT INTO backup_heads (seq, hash) VALUES (?1, ?2)",
                params![seq, hash],
            )?;
        }
        copy.close().map_err(|(_, error)| error)?;
        File::open(&part.0)?.sync_all()?;
        sound(&read_only(&part.0)?)?;
        let audit = Self::verify_backup(&part.0);
        part.finish(file)?;
        Ok(audit)
    }
}

/// The file before it has its name; removed when it does not get it.
struct Part(PathBuf);

impl Part {
    /// An empty one beside `file`, for its owner's eyes only.
    fn new(file: &Path) -> io::Result<Self> {
        let name = file.file_name().ok_or(ErrorKind::InvalidFilename)?;
        let mut part = name.to_owned();
        part.push(format!(".{}.part", std::process::id()));
        let part = file.with_file_name(part);
        private::options().create_new(true).write(true).open(&part)?;
        Ok(Self(part))
    }

    /// Gives it its name, if nobody else has taken that meanwhile.
    fn finish(self, file: &Path) -> Result<(), BackupError> {
        if fs::symlink_metadata(file).is_ok() {
            return Err(BackupError::Exists(file.into()));
        }
        fs::rename(&self.0, file)?;
        flush_folder(file);
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After `finish` there is nothing of this name.
        let _ = fs::remove_file(&self.0);
    }
}

/// The names in the folder of a file reach the disk; what cannot be opened for it (Windows, some shares) does it by itself.
pub(super) fn flush_folder(file: &Path) {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))) {
        let _ = folder.sync_all();
    }
}

fn utf8(path: &Path) -> io::Result<&str> {
    path.to_str().ok_or_else(|| io::Error::new(ErrorKind::InvalidFilename, "its name is not UTF-8"))
}

/// Whether every page of a file is as `SQLite` wrote it.
pub(super) fn sound(db: &Connection) -> Result<(), StoreError> {
    let found: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Damaged(found)) }
}

/// When a backup was made; `None`: the file is none.
pub(super) fn made_at(db: &Connection) -> Result<Option<String>, StoreError> {
    let sql = "SELECT COUNT(*) FROM sqlite_master WHERE name = 'backup'";
    if db.query_row(sql, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(None);
    }
    Ok(db.query_row("SELECT at FROM backup", [], |row| row.get(0)).optional()?)
}

/// The heads that lie in a backup; `None`: the file is none.
pub(super) fn heads_of_backup(db: &Connection) -> Result<Option<Vec<head::At>>, StoreError> {
    if made_at(db)?.is_none() {
        return Ok(None);
    }
    let mut heads = db.prepare("SELECT seq, hash FROM backup_heads ORDER BY rowid")?;
    let heads = heads.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Some(heads.collect::<Result<_, _>>()?))
}
