//! The font of the printed page: fetched from the package that `crates/statement/font.toml` names, and verified.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::download::{self, Member};
use crate::files;
use crate::progress::step;

const MANIFEST: &str = "crates/statement/font.toml";

/// Where the statement's tests and `dist/` take it from; git ignores it.
pub(crate) const FOLDER: &str = "crates/statement/files";

/// The part of the manifest that fetching needs.
#[derive(Deserialize)]
struct Manifest {
    source: Source,
    file: Vec<File>,
}

/// Where the files come from.
#[derive(Deserialize)]
struct Source {
    package: String,
    version: String,
    sha256: String,
}

/// One file of that package.
#[derive(Deserialize)]
struct File {
    /// Path inside the package.
    path: String,
    /// Name in our folder.
    #[serde(rename = "file")]
    name: String,
    sha256: String,
}

/// Fetches and verifies the font and its licence, unless they are there.
///
/// # Errors
/// When npm is missing, the network fails, the disk is full or a hash differs.
pub(crate) fn font() -> Result<()> {
    let _lock = files::lock("xtask-font")?;
    let manifest = read(Path::new(MANIFEST))?;
    let target = |file: &File| Path::new(FOLDER).join(&file.name);
    let is_there = |file: &File| {
        std::fs::read(target(file)).is_ok_and(|bytes| files::sha256(&bytes) == file.sha256)
    };
    if manifest.file.iter().all(is_there) {
        return Ok(());
    }
    step("fetch and verify the font for printing", || {
        let source = &manifest.source;
        let archive = download::npm_package(&source.package, &source.version, &source.sha256)?;
        let member = |file: &File| Member { path: file.path.clone(), sha256: file.sha256.clone() };
        let wanted: Vec<Member> = manifest.file.iter().map(member).collect();
        let found = download::extract("the font package", &archive, &wanted)?;
        manifest
            .file
            .iter()
            .try_for_each(|file| files::write_atomically(&target(file), &found[&file.path]))
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
        assert!(manifest.file.iter().any(|file| file.name == "LICENSE"));
        assert!(manifest.file.iter().all(|file| file.sha256.len() == 64));
    }
}
