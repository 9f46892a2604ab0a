//! Puts a file into the folder that the receipt computer watches.

use crate::name::FileName;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

/// Why the file did not reach the folder. No half file is left under its final name.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder does not exist or is not a folder.
    #[error("the result folder is missing; check its path and that the network share is connected")]
    Missing,
    /// No right to write.
    #[error("the result folder is not writable; check its permissions")]
    NotWritable,
    /// No room.
    #[error("the disk of the result folder is full")]
    Full,
    /// Another file has this name; it was left alone.
    #[error("the result folder already has another file of this name; it was not overwritten")]
    NameTaken,
    /// What was read back is not what was written.
    #[error("the result folder gave back other bytes than were written; check the disk")]
    Damaged,
    /// Anything else.
    #[error("the result folder: {0}")]
    Other(io::Error),
}

/// How the file came to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// By this call.
    Now,
    /// It was there already with the same bytes: an earlier call wrote it.
    Before,
}

impl From<io::Error> for FolderError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::Missing,
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::NotWritable,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Other(error),
        }
    }
}

/// Writes `bytes` under `name`: into a temporary file of the same folder, flushed to the disk,
/// read back and compared, then renamed, so that a watcher of `*.xml` never sees half a file. An
/// existing file is never overwritten. One writer per folder: two with the same name at the same
/// moment are not told apart. Blocks; a network share may take seconds.
///
/// # Errors
/// [`FolderError`] says what to check.
pub fn write_atomically(dir: &Path, name: &FileName, bytes: &[u8]) -> Result<Written, FolderError> {
    if !fs::metadata(dir)?.is_dir() {
        return Err(FolderError::Missing);
    }
    let path = dir.join(name.to_string());
    match fs::metadata(&path) {
        Ok(there) if holds(&path, &there, bytes)? => return Ok(Written::Before),
        Ok(_) => return Err(FolderError::NameTaken),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    let temporary = dir.join(format!("{name}.part"));
    let written = write_and_compare(&temporary, bytes)
        .and_then(|()| fs::rename(&temporary, &path).map_err(FolderError::from));
    if let Err(error) = written {
        // Best effort: the first error is the one to report.
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    flush_folder(dir);
    Ok(Written::Now)
}

/// Compares sizes first, so that a foreign file is not read whatever its size.
fn holds(path: &Path, there: &Metadata, bytes: &[u8]) -> io::Result<bool> {
    let same_size = there.is_file() && there.len() == bytes.len() as u64;
    Ok(same_size && fs::read(path)? == bytes)
}

fn write_and_compare(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    // A file that a crash left behind is replaced: the name is ours alone.
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    if fs::read(path)? == bytes { Ok(()) } else { Err(FolderError::Damaged) }
}

/// Makes the new name last through a power cut where the system can do so; shares and Windows
/// cannot, and the file is complete either way.
fn flush_folder(dir: &Path) {
    if let Ok(folder) = File::open(dir) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> FileName {
        "OQSsiquc01res_face_27142063864da5260a16de5a3d3ad7_20260929160112.xml".parse().unwrap()
    }

    #[test]
    fn a_file_appears_whole_and_alone() {
        let folder = tempfile::tempdir().unwrap();
        let left_by_a_crash = folder.path().join(format!("{}.part", name()));
        fs::write(&left_by_a_crash, b"half").unwrap();
        assert_eq!(write_atomically(folder.path(), &name(), b"<a/>").unwrap(), Written::Now);
        let entries: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(entries, [name().to_string().as_str()]);
        assert_eq!(fs::read(folder.path().join(name().to_string())).unwrap(), b"<a/>");
    }

    #[test]
    fn nothing_is_overwritten_and_a_second_try_is_harmless() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(write_atomically(folder.path(), &name(), b"one").unwrap(), Written::Now);
        assert_eq!(write_atomically(folder.path(), &name(), b"one").unwrap(), Written::Before);
        let other = write_atomically(folder.path(), &name(), b"two");
        assert!(matches!(other, Err(FolderError::NameTaken)), "{other:?}");
        assert_eq!(fs::read(folder.path().join(name().to_string())).unwrap(), b"one");
    }

    #[test]
    fn a_missing_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"").unwrap();
        for dir in [folder.path().join("none"), file] {
            let result = write_atomically(&dir, &name(), b"one");
            assert!(matches!(result, Err(FolderError::Missing)), "{result:?}");
        }
    }

    #[test]
    fn a_failed_write_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let in_the_way = folder.path().join(format!("{}.part", name()));
        fs::create_dir(&in_the_way).unwrap();
        write_atomically(folder.path(), &name(), b"one").unwrap_err();
        assert!(!folder.path().join(name().to_string()).exists());
    }

    #[test]
    fn system_errors_say_what_to_check() {
        let of = |kind| FolderError::from(io::Error::from(kind)).to_string();
        assert!(of(ErrorKind::StorageFull).contains("full"));
        assert!(of(ErrorKind::PermissionDenied).contains("permissions"));
        assert!(of(ErrorKind::ReadOnlyFilesystem).contains("permissions"));
        assert!(of(ErrorKind::NotFound).contains("missing"));
    }
}
