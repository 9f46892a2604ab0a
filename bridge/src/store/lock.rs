//! One bridge per data folder.

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
    _file: File,
}

impl FolderLock {
    /// Makes the folder if needed, and takes it.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another bridge has it, [`StoreError::Folder`] when it cannot be
    /// written.
    pub fn take(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)?;
        let mut options = private::options();
        options.create(true).truncate(false).read(true).write(true);
        let mut file = options.open(folder.join(FILE))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let process = holder(&mut file);
                return Err(StoreError::InUse { folder: folder.into(), process });
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        file.set_len(0)?;
        write!(file, "{}", std::process::id())?;
        Ok(Self { _file: file })
    }
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
}
