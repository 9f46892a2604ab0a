//! The invitation of the first manager: a file in the data folder that only the bridge's user may read, until there is one.

use super::code;
use super::vault::Vault;
use crate::private;
use crate::store::StoreError;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::SeqCst;

/// Its name.
const FILE: &str = "first-manager.txt";

/// What is kept of it.
pub(super) struct First {
    pub(super) hash: [u8; 32],
    file: PathBuf,
}

impl Vault {
    /// Writes a new code with every start while there is no account; takes the file away when there is one.
    pub(super) fn invite_first(&mut self) -> Result<(), StoreError> {
        let file = self.folder.join(FILE);
        if self.any.load(SeqCst) {
            return Ok(gone(&file)?);
        }
        let code = code::new();
        write(&file, &code)?;
        tracing::info!(file = %file.display(), "there is no account of staff yet: the code in this file makes the first manager, at /staff on this computer");
        self.first = code::hash(&code).map(|hash| First { hash, file });
        Ok(())
    }

    /// There is an account now.
    pub(super) fn first_is_made(&mut self) {
        self.any.store(true, SeqCst);
        if let Some(first) = self.first.take()
            && let Err(error) = gone(&first.file)
        {
            tracing::warn!(%error, "the code of the first manager counts no more, but its file is still there");
        }
    }
}

fn write(file: &Path, code: &str) -> std::io::Result<()> {
    // Made anew, so that nobody else's rights on an older one count.
    gone(file)?;
    let mut out = private::options().create_new(true).write(true).open(file)?;
    writeln!(
        out,
        "{code}\n最初の管理者を作るコードです。このパソコンで /staff を開いて入れてください。\nMakes the first manager: type it at /staff on this computer."
    )?;
    out.sync_all()
}

fn gone(file: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
