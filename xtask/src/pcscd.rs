//! A smart-card service for tests alone, where the machine lets us have one.
//!
//! The crate `virtual-card` starts the service; here is only said where it has its socket. Then a kiosk that runs on this
//! machine does not see the readers of the tests, and the tests do not touch the readers of the machine.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use anyhow::{Context as _, Result, bail};

use crate::command::{command, succeeds};

/// From this variable every PC/SC program takes the path of the service's socket (pcsc-lite).
const VARIABLE: &str = "PCSCLITE_CSOCK_NAME";

/// The socket, or none where this user may not give a program a mount namespace.
static SOCKET: LazyLock<Option<PathBuf>> = LazyLock::new(|| match folder() {
    Ok(folder) => Some(folder.join("pcscd.comm")),
    Err(error) => {
        eprintln!("  the tests use the smart-card service of this machine: {error:#}");
        None
    }
});

/// Lets a program that starts a pcscd for tests, or talks to it, have one apart from the machine's.
pub(crate) fn apart(program: &mut Command) -> &mut Command {
    if let Some(socket) = &*SOCKET {
        program.env(VARIABLE, socket);
    }
    program
}

/// One for each checkout. The path of a socket has at most 107 bytes, too few for a place in the checkout itself.
fn folder() -> Result<PathBuf> {
    let mut namespace = command("unshare", ["--mount", "--propagation", "private", "true"]);
    if !succeeds(&mut namespace) {
        bail!("a service apart needs mount namespaces (run as root)");
    }
    let mut hasher = DefaultHasher::new();
    std::env::current_dir()?.canonicalize()?.hash(&mut hasher);
    let folder = std::env::temp_dir().join(format!("uketsuke-pcscd-{:016x}", hasher.finish()));
    ours(&folder).with_context(|| format!("{} cannot be used", folder.display()))?;
    Ok(folder)
}

/// Makes the folder for this user alone. One that somebody else has put there is refused.
fn ours(folder: &Path) -> Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let found = folder.symlink_metadata()?;
    if !found.is_dir() || found.uid() != rustix::process::getuid().as_raw() {
        bail!("it belongs to somebody else");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_for_this_user_alone() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("pcscd");
        ours(&folder).unwrap();
        assert_eq!(folder.metadata().unwrap().mode() & 0o777, 0o700);
        ours(&folder).unwrap();
        let link = place.path().join("link");
        std::os::unix::fs::symlink(&folder, &link).unwrap();
        ours(&link).unwrap_err();
    }
}
