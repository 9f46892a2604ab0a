//! The folder that the receipt computer reads.

use oqs::{FileName, FolderError, Found};
use std::path::PathBuf;
use std::time::Duration;

/// What the outbox does with a folder. See the functions of `oqs` with these names. All calls may
/// block for as long as a share likes.
#[expect(missing_docs, reason = "they are the functions of oqs")]
#[expect(clippy::missing_errors_doc, reason = "they are the functions of oqs")]
pub trait Folder: Send + Sync {
    fn identity(&self) -> Result<String, FolderError>;
    fn look(&self, name: &FileName) -> Result<Found, FolderError>;
    fn holds(&self, name: &FileName, bytes: &[u8]) -> Result<bool, FolderError>;
    fn stage(&self, name: &FileName, bytes: &[u8]) -> Result<(), FolderError>;
    fn place(&self, name: &FileName) -> Result<(), FolderError>;
    fn unstage(&self, name: &FileName) -> Result<(), FolderError>;
    fn parts(&self) -> Result<Vec<(FileName, Duration)>, FolderError>;
}

/// One of this computer, or a share.
pub struct Directory(pub PathBuf);

impl Folder for Directory {
    fn identity(&self) -> Result<String, FolderError> {
        oqs::identity(&self.0)
    }

    fn look(&self, name: &FileName) -> Result<Found, FolderError> {
        oqs::look(&self.0, name)
    }

    fn holds(&self, name: &FileName, bytes: &[u8]) -> Result<bool, FolderError> {
        oqs::holds(&self.0, name, bytes)
    }

    fn stage(&self, name: &FileName, bytes: &[u8]) -> Result<(), FolderError> {
        oqs::stage(&self.0, name, bytes)
    }

    fn place(&self, name: &FileName) -> Result<(), FolderError> {
        oqs::place(&self.0, name)
    }

    fn unstage(&self, name: &FileName) -> Result<(), FolderError> {
        oqs::unstage(&self.0, name)
    }

    fn parts(&self) -> Result<Vec<(FileName, Duration)>, FolderError> {
        oqs::parts(&self.0)
    }
}
