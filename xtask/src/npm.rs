//! The npm packages of the web part, in the versions and with the integrity hashes of `package-lock.json`.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::command::{command, run};
use crate::files;
use crate::progress::step;

/// Fills `node_modules` with what the pages need, unless it is as the lock file says.
///
/// # Errors
/// When npm is missing, the network fails or a hash differs from the lock file.
pub(crate) fn install() -> Result<()> {
    fill("npm packages: design tokens, font", &["--omit=dev"], &["pages", "all"])
}

/// The same, with what only tests and measurements need: another 140 MB.
///
/// # Errors
/// Those of [`install`].
pub(crate) fn install_all() -> Result<()> {
    fill("npm packages, with accessibility checker and onnxruntime-web", &[], &["all"])
}

/// `kinds` are the contents that are enough, the one that is made first.
fn fill(label: &str, options: &[&str], kinds: &[&str]) -> Result<()> {
    let _lock = files::lock("xtask-npm")?;
    let lock = files::sha256(&files::read(Path::new("package-lock.json"))?);
    let stamp = Path::new("node_modules/.uketsuke-stamp");
    if kinds.iter().any(|kind| files::has_stamp(stamp, &format!("{kind} {lock}"))) {
        return Ok(());
    }
    step(label, || {
        // `ci` installs exactly the lock file and refuses a package whose integrity hash differs.
        let usual = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        run(&mut command("npm", usual.iter().chain(options))).context(
            "npm could not fetch the packages: check the network and the disk, then start again",
        )?;
        files::write_atomically(stamp, format!("{} {lock}", kinds[0]).as_bytes())
    })
}
