//! One bridge per data folder; one of anything else that must not run twice.

use super::StoreError;
use crate::private;
use std::fs::{File, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::Path;

/// Name of the file that is locked; it holds the process number of the bridge.
const FILE: &str = "uketsuke.lock";

/// The data folder is ours until this is dropped, or the program ends in whatever way.
#[derive(Debug)]
pub struct FolderLock {
    _ours: Hold,
}

impl FolderLock {
    /// Makes the folder if needed, and takes it.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another bridge has it, [`StoreError::Folder`] when it cannot be
    /// written.
    pub fn take(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)?;
        match hold(&folder.join(FILE))? {
            Held::Ours(ours) => Ok(Self { _ours: ours }),
            Held::By(process) => Err(StoreError::InUse { folder: folder.into(), process }),
        }
    }
}

/// A file that is ours until this is dropped, or the program ends in whatever way.
#[derive(Debug)]
pub(crate) struct Hold(File);

impl Drop for Hold {
    /// Closing is not enough: a program that is being started at this moment has the open file, too, until it runs.
    fn drop(&mut self) {
        // It is closed in any case.
        let _ = self.0.unlock();
    }
}

/// Who has a file.
pub(crate) enum Held {
    /// This program.
    Ours(Hold),
    /// The process with this number, or `unknown`.
    By(String),
}

/// Takes this file, which is made if needed, and writes the number of this process into it.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn hold(path: &Path) -> std::io::Result<Held> {
    let mut options = private::options();
    options.create(true).truncate(false).read(true).write(true);
    let mut file = options.open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(Held::By(holder(&mut file))),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    file.set_len(0)?;
    write!(file, "{}", std::process::id())?;
    Ok(Held::Ours(Hold(file)))
}

/// The process that holds it, if it can be read.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    match file.take(20).read_to_string(&mut text) {
        Ok(_) if !text.is_empty() => text,
        _ => "unknown".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_owner_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = FolderLock::take(folder.path()).unwrap();
        let refused = FolderLock::take(folder.path()).unwrap_err().to_string();
        let process = format!("(process {})", std::process::id());
        assert!(refused.contains(&process) && refused.contains("--data"), "{refused}");
        drop(first);
        FolderLock::take(folder.path()).unwrap();
    }

    #[test]
    fn whoever_was_started_meanwhile_keeps_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let Held::Ours(first) = hold(&path).unwrap() else { panic!("nobody has it") };
        // As a program has it between its start and its first instruction.
        let other = first.0.try_clone().unwrap();
        drop(first);
        assert!(matches!(hold(&path).unwrap(), Held::Ours(_)));
        drop(other);
    }
}
