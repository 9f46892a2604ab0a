//! The file of settings in a backup: a manager's decisions lie beside the store, and are lost with its disk.

use super::backup::flush_folder;
use crate::private;
use crate::settings::{FILE, LONGEST};
use rusqlite::{Connection, OptionalExtension as _};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::Path;

/// What a backup says of the file of settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// Nothing: a version before wrote it, which did not know of the file.
    Untold,
    /// There was none, as in the folder of practice and wherever nothing was changed at the pages.
    None,
    /// It, byte for byte.
    File(Vec<u8>),
}

/// Puts the file of a folder, where there is one, into a backup.
pub(super) fn put(folder: &Path, backup: &Connection) -> Result<(), super::BackupError> {
    backup.execute_batch("CREATE TABLE backup_settings (file BLOB NOT NULL) STRICT;")?;
    if let Some(file) = read(&folder.join(FILE))? {
        backup.execute("INSERT INTO backup_settings (file) VALUES (?1)", [file])?;
    }
    Ok(())
}

fn read(file: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Takes it out of what becomes the new store.
pub(super) fn take(store: &Connection) -> rusqlite::Result<Kept> {
    let sql = "SELECT COUNT(*) FROM sqlite_master WHERE name = 'backup_settings'";
    if store.query_row(sql, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(Kept::Untold);
    }
    let file = store.query_row("SELECT file FROM backup_settings", [], |row| row.get(0));
    let file = file.optional()?;
    store.execute_batch("DROP TABLE backup_settings;")?;
    Ok(file.map_or(Kept::None, Kept::File))
}

/// Writes it into the folder, from which the one that was there has been moved away.
pub(super) fn bring_back(folder: &Path, kept: &Kept) -> io::Result<()> {
    let Kept::File(bytes) = kept else { return Ok(()) };
    let (file, part) = (folder.join(FILE), folder.join(format!("{FILE}.restoring")));
    let mut out = private::options().create(true).truncate(true).write(true).open(&part)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    fs::rename(&part, &file)?;
    flush_folder(&file);
    Ok(())
}
