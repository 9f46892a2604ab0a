//! Puts a file into the folder that the receipt computer watches, in two steps: [`stage`] and [`place`].
//! Whoever writes down in between that a file is about to appear knows after a crash what happened to it.

use crate::MAX_BYTES;
use crate::exchange::ExchangeName;
use crate::name::FileName;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Rights of a result file: it names people, and the receipt computer reads it by its group.
#[cfg(unix)]
const MODE: u32 = 0o640;

/// A name that was checked, so that it leads nowhere but into its folder.
pub trait Named: fmt::Display {}

impl Named for FileName {}
impl Named for ExchangeName {}

/// Why the file did not reach the folder. No half file is left under its final name.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder does not exist or is not a folder.
    #[error("the folder is missing; check its path and that the network share is connected")]
    Missing,
    /// No right to write.
    #[error("the folder is not writable; check its permissions")]
    NotWritable,
    /// No room.
    #[error("the disk of the folder is full")]
    Full,
    /// Another file has this name; it was left alone.
    #[error("the folder already has another file of this name; it was not overwritten")]
    NameTaken,
    /// What was read back is not what was written.
    #[error("the folder gave back other bytes than were written; check the disk")]
    Damaged,
    /// Anything else.
    #[error("the folder cannot be used: {0}")]
    Other(io::Error),
}

/// What lies in the folder under the name of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing: never written, or taken by the receipt computer.
    Nothing,
    /// The temporary file: not seen by the receipt computer.
    Part,
    /// The file under its final name.
    File,
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

/// Writes `bytes` into a temporary file of the folder, flushed to the disk, read back and compared.
/// Nothing is to be seen under the final name until [`place`]. Blocks; a network share may take
/// seconds.
///
/// # Errors
/// [`FolderError`] says what to check; no temporary file is left then.
pub fn stage(dir: &Path, name: &impl Named, bytes: &[u8]) -> Result<(), FolderError> {
    if !fs::metadata(dir)?.is_dir() {
        return Err(FolderError::Missing);
    }
    if exists(&dir.join(name.to_string()))? {
        return Err(FolderError::NameTaken);
    }
    let temporary = part(dir, name);
    write_and_compare(&temporary, bytes).inspect_err(|_| {
        // Best effort: the first error is the one to report.
        let _ = fs::remove_file(&temporary);
    })?;
    flush_folder(dir);
    Ok(())
}

/// Gives the staged file its name, so that a watcher of `*.xml` never sees half a file. A file that
/// has the name already is never overwritten: names are used once, by one writer.
///
/// # Errors
/// [`FolderError`] says what to check.
pub fn place(dir: &Path, name: &impl Named) -> Result<(), FolderError> {
    let path = dir.join(name.to_string());
    if exists(&path)? {
        return Err(FolderError::NameTaken);
    }
    fs::rename(part(dir, name), &path)?;
    flush_folder(dir);
    Ok(())
}

/// What lies there under `name`.
///
/// # Errors
/// [`FolderError`], when the folder itself cannot be looked into.
pub fn look(dir: &Path, name: &impl Named) -> Result<Found, FolderError> {
    if !fs::metadata(dir)?.is_dir() {
        return Err(FolderError::Missing);
    }
    if exists(&dir.join(name.to_string()))? {
        return Ok(Found::File);
    }
    Ok(if exists(&part(dir, name))? { Found::Part } else { Found::Nothing })
}

/// Whether the file under its final name holds these bytes.
///
/// # Errors
/// [`FolderError`] when it cannot be read.
pub fn holds(dir: &Path, name: &impl Named, bytes: &[u8]) -> Result<bool, FolderError> {
    let path = dir.join(name.to_string());
    // Sizes first, so that a foreign file is not read whatever its size.
    let there = fs::metadata(&path)?;
    let same_size = there.is_file() && there.len() == bytes.len() as u64;
    Ok(same_size && fs::read(path)? == bytes)
}

/// Removes the temporary file of `name`, if there is one.
///
/// # Errors
/// [`FolderError`].
pub fn unstage(dir: &Path, name: &impl Named) -> Result<(), FolderError> {
    match fs::remove_file(part(dir, name)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// The file under its final name, at once: [`stage`], then [`place`]. For one that nobody has to find again after a crash.
///
/// # Errors
/// [`FolderError`]; nothing is left then, unless the folder went away meanwhile.
pub fn put(dir: &Path, name: &impl Named, bytes: &[u8]) -> Result<(), FolderError> {
    stage(dir, name, bytes)?;
    place(dir, name).inspect_err(|_| {
        // Best effort: the first error is the one to report.
        let _ = unstage(dir, name);
    })
}

/// What lies under `name` now, [`MAX_BYTES`] and one more byte at most: what is longer is no file of this interface. It may still be
/// in the making. `None`: there is no such file.
///
/// # Errors
/// [`FolderError`].
pub fn read(dir: &Path, name: &impl Named) -> Result<Option<Vec<u8>>, FolderError> {
    let file = match File::open(dir.join(name.to_string())) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    let mut bytes = Vec::new();
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Removes the file under its final name; it may be gone already.
///
/// # Errors
/// [`FolderError`].
pub fn remove(dir: &Path, name: &impl Named) -> Result<(), FolderError> {
    match fs::remove_file(dir.join(name.to_string())) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// The names of temporary files that lie in the folder, each with its age.
///
/// # Errors
/// [`FolderError`].
pub fn parts(dir: &Path) -> Result<Vec<(FileName, Duration)>, FolderError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_str().and_then(|name| name.strip_suffix(".part")?.parse().ok());
        // One that vanishes meanwhile is nobody's trouble.
        let (Some(name), Ok(about)) = (name, entry.metadata()) else { continue };
        if about.is_file() {
            let age = about.modified()?.elapsed().unwrap_or_default();
            found.push((name, age));
        }
    }
    Ok(found)
}

/// Tells this folder from another one at the same path: a share that is not connected leaves an
/// empty folder. Empty where the system has nothing to tell them apart.
///
/// # Errors
/// [`FolderError`].
pub fn identity(dir: &Path) -> Result<String, FolderError> {
    let about = fs::metadata(dir)?;
    #[cfg(unix)]
    let text = {
        use std::os::unix::fs::MetadataExt as _;
        format!("{}:{}", about.dev(), about.ino())
    };
    #[cfg(not(unix))]
    let text = {
        let _ = about;
        String::new()
    };
    Ok(text)
}

fn part(dir: &Path, name: &impl Named) -> PathBuf {
    dir.join(format!("{name}.part"))
}

fn exists(path: &Path) -> Result<bool, FolderError> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn write_and_compare(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    // A file that a crash left behind is replaced: the name is ours alone.
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, MODE);
    let mut file = options.open(path)?;
    // The umask may have taken the group's right, and a file that a crash left keeps its own. Shares
    // that know no such rights refuse, and decide themselves.
    #[cfg(unix)]
    let _ = file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(MODE));
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
        assert_eq!(look(folder.path(), &name()).unwrap(), Found::Part);
        stage(folder.path(), &name(), b"<a/>").unwrap();
        assert_eq!(look(folder.path(), &name()).unwrap(), Found::Part, "nobody reads it yet");
        place(folder.path(), &name()).unwrap();
        let entries: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(entries, [name().to_string().as_str()]);
        assert_eq!(fs::read(folder.path().join(name().to_string())).unwrap(), b"<a/>");
    }

    #[cfg(unix)]
    #[test]
    fn owner_and_group_read_it_and_nobody_else() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let left_by_a_crash = folder.path().join(format!("{}.part", name()));
        fs::write(&left_by_a_crash, b"half").unwrap();
        fs::set_permissions(&left_by_a_crash, fs::Permissions::from_mode(0o666)).unwrap();
        stage(folder.path(), &name(), b"<a/>").unwrap();
        place(folder.path(), &name()).unwrap();
        let about = fs::metadata(folder.path().join(name().to_string())).unwrap();
        assert_eq!(about.permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        stage(folder.path(), &name(), b"one").unwrap();
        place(folder.path(), &name()).unwrap();
        assert!(holds(folder.path(), &name(), b"one").unwrap());
        assert!(!holds(folder.path(), &name(), b"two").unwrap());
        let other = stage(folder.path(), &name(), b"two");
        assert!(matches!(other, Err(FolderError::NameTaken)), "{other:?}");
        fs::write(folder.path().join(format!("{}.part", name())), b"two").unwrap();
        let other = place(folder.path(), &name());
        assert!(matches!(other, Err(FolderError::NameTaken)), "{other:?}");
        assert_eq!(fs::read(folder.path().join(name().to_string())).unwrap(), b"one");
    }

    #[test]
    fn temporary_files_are_found_and_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        stage(folder.path(), &name(), b"one").unwrap();
        fs::write(folder.path().join("somebody-else.part"), b"").unwrap();
        let found = parts(folder.path()).unwrap();
        assert_eq!(found.iter().map(|(name, _)| name).collect::<Vec<_>>(), [&name()]);
        unstage(folder.path(), &name()).unwrap();
        unstage(folder.path(), &name()).unwrap();
        assert_eq!(look(folder.path(), &name()).unwrap(), Found::Nothing);
    }

    #[test]
    fn a_missing_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"").unwrap();
        for dir in [folder.path().join("none"), file] {
            let result = stage(&dir, &name(), b"one");
            assert!(matches!(result, Err(FolderError::Missing)), "{result:?}");
            let result = look(&dir, &name());
            assert!(matches!(result, Err(FolderError::Missing)), "{result:?}");
        }
    }

    #[test]
    fn a_failed_write_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let in_the_way = folder.path().join(format!("{}.part", name()));
        fs::create_dir(&in_the_way).unwrap();
        stage(folder.path(), &name(), b"one").unwrap_err();
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
