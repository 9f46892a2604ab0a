//! The font of the printed page: fetched from the package that `crates/statement/font.toml` names, and verified.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::download::{self, Member};
use crate::files;

const MANIFEST: &str = "crates/statement/font.toml";

/// Where the statement's tests and `dist/` take it from; git ignores it.
pub(crate) const FOLDER: &str = "crates/statement/files";

/// The part of the manifest that fetching needs.
#[derive(Deserialize)]
struct Manifest {
    source: Source,
    file: Vec<Member>,
}

/// Where the files come from.
#[derive(Deserialize)]
struct Source {
    package: String,
    version: String,
    sha256: String,
}

/// Fetches and verifies the font and its licence, unless they are there.
///
/// # Errors
/// When npm is missing, the network fails, the disk is full or a hash differs.
pub(crate) fn font() -> Result<()> {
    let _lock = files::lock("xtask-font")?;
    let manifest = read(Path::new(MANIFEST))?;
    let source = &manifest.source;
    download::keep("the font for printing", Path::new(FOLDER), &manifest.file, || {
        download::npm_package(&source.package, &source.version, &source.sha256)
    })
}

fn read(path: &Path) -> Result<Manifest> {
    toml::from_str(&files::read_text(path)?)
        .with_context(|| format!("{} is not as expected", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_manifest_can_be_read() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let manifest = read(&root.join(MANIFEST)).unwrap();
        assert!(manifest.file.iter().any(|file| file.name() == "LICENSE"));
        assert!(manifest.file.iter().all(|file| file.sha256.len() == 64));
    }
}
