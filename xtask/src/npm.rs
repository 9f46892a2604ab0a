//! The npm packages of the web part, in the versions and with the integrity hashes of `package-lock.json`.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::command::{command, run};
use crate::files;
use crate::progress::step;

/// Fills `node_modules` unless it is as the lock file says.
///
/// # Errors
/// When npm is missing, the network fails or a hash differs from the lock file.
pub(crate) fn install() -> Result<()> {
    let _lock = files::lock("xtask-npm")?;
    let lock = files::sha256(&files::read(Path::new("package-lock.json"))?);
    let stamp = Path::new("node_modules/.uketsuke-stamp");
    if files::has_stamp(stamp, &lock) {
        return Ok(());
    }
    step("npm packages: design tokens, font, accessibility checker", || {
        // `ci` installs exactly the lock file and refuses a package whose integrity hash differs.
        run(&mut command(
            "npm",
            ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        ))
        .context(
            "npm could not fetch the packages: check the network and the disk, then start again",
        )?;
        files::write_atomically(stamp, lock.as_bytes())
    })
}
