//! Packages fetched from a registry and pinned by SHA-256: verified before anything is taken out of them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use flate2::read::GzDecoder;
use serde::Deserialize;

use crate::command::{command, exists, output};
use crate::files;
use crate::progress::step;

/// Largest file taken out of an archive, in bytes: a bound against archives that unpack without end.
const FILE_LIMIT: u64 = 200_000_000;

/// Verified archives stay here, so that a second extraction needs no network.
const CACHE: &str = "target/downloads";

/// A file inside an archive, with the hash that it must have.
#[derive(Deserialize)]
pub(crate) struct Member {
    /// Path inside the archive.
    pub(crate) path: String,
    /// SHA-256 in hexadecimal.
    pub(crate) sha256: String,
    /// Name outside of the archive, where it is another one.
    file: Option<String>,
}

impl Member {
    /// One that keeps its name.
    pub(crate) fn new(path: impl Into<String>, sha256: impl Into<String>) -> Self {
        Self { path: path.into(), sha256: sha256.into(), file: None }
    }

    /// Name outside of the archive.
    pub(crate) fn name(&self) -> &str {
        let own = || self.path.rsplit('/').next().unwrap_or_default();
        self.file.as_deref().unwrap_or_else(own)
    }
}

/// Keeps some files of a package in `folder`; fetches it, as `fetch` does, unless they are there.
///
/// # Errors
/// Those of `fetch` and of [`extract`], and when the disk is full.
pub(crate) fn keep(
    label: &str,
    folder: &Path,
    members: &[Member],
    fetch: impl FnOnce() -> Result<Vec<u8>>,
) -> Result<()> {
    let target = |member: &Member| folder.join(member.name());
    let is_there = |member: &Member| {
        fs::read(target(member)).is_ok_and(|bytes| files::sha256(&bytes) == member.sha256)
    };
    if members.iter().all(is_there) {
        return Ok(());
    }
    step(&format!("fetch and verify {label}"), || {
        let found = extract(label, &fetch()?, members)?;
        let write =
            |member: &Member| files::write_atomically(&target(member), &found[&member.path]);
        members.iter().try_for_each(write)
    })
}

/// Fetches an npm package with `npm pack`.
///
/// # Errors
/// When npm is missing, the network fails, the disk is full or the hash is not `sha256`.
pub(crate) fn npm_package(name: &str, version: &str, sha256: &str) -> Result<Vec<u8>> {
    if !exists("npm") {
        bail!("npm is missing: install Node.js 18 or newer with npm, then start again");
    }
    cached(&format!("{name}@{version}"), sha256, |folder| {
        let spec = format!("{name}@{version}");
        let mut pack =
            command("npm", ["pack", &spec, "--ignore-scripts", "--silent", "--pack-destination"]);
        output(pack.arg(folder)).map(drop)
    })
}

/// Fetches the source package of a Python project with pip.
///
/// # Errors
/// As [`npm_package`], with pip.
pub(crate) fn python_source(
    pip: &[&str],
    name: &str,
    version: &str,
    sha256: &str,
) -> Result<Vec<u8>> {
    cached(&format!("{name}-{version}"), sha256, |folder| {
        let spec = format!("{name}=={version}");
        let args = [
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
            "--no-deps",
            "--no-binary",
            name,
            &spec,
        ];
        let mut download = command(pip[0], pip[1..].iter().chain(&args));
        output(download.arg("--dest").arg(folder)).map(drop)
    })
}

/// The archive from the cache when its hash is right, otherwise what `fetch` puts into an empty folder.
fn cached(label: &str, sha256: &str, fetch: impl FnOnce(&Path) -> Result<()>) -> Result<Vec<u8>> {
    let cache = PathBuf::from(CACHE).join(format!("{sha256}.archive"));
    if let Ok(bytes) = fs::read(&cache)
        && files::sha256(&bytes) == sha256
    {
        return Ok(bytes);
    }
    let folder = PathBuf::from(CACHE).join(format!("{sha256}.part"));
    files::remove_folder(&folder)?;
    files::create_folder(&folder)?;
    let fetched = fetch(&folder).and_then(|()| only_file(&folder));
    let bytes = fetched.with_context(|| {
        format!("{label} could not be fetched: check the network and the disk, then start again")
    });
    files::remove_folder(&folder)?;
    let bytes = bytes?;
    verify(label, &bytes, sha256)?;
    files::write_atomically(&cache, &bytes)?;
    Ok(bytes)
}

fn only_file(folder: &Path) -> Result<Vec<u8>> {
    match files::walk(folder)?.as_slice() {
        [file] => files::read(file),
        found => bail!("expected one archive, found {}", found.len()),
    }
}

/// Takes the wanted members out of a `.tar.gz`, each verified. All of them or an error.
///
/// # Errors
/// When a member is missing, too large, or has another hash.
pub(crate) fn extract(
    label: &str,
    archive: &[u8],
    wanted: &[Member],
) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut tar = tar::Archive::new(GzDecoder::new(archive));
    for entry in tar.entries()? {
        let mut entry = entry.with_context(|| format!("{label} is not a whole archive"))?;
        let path = entry.path()?.to_string_lossy().into_owned();
        let Some(member) = wanted.iter().find(|member| member.path == path) else {
            continue;
        };
        if entry.size() > FILE_LIMIT {
            bail!("{path} in {label} is larger than {FILE_LIMIT} bytes");
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        verify(&format!("{path} in {label}"), &bytes, &member.sha256)?;
        found.insert(path, bytes);
    }
    match wanted.iter().find(|member| !found.contains_key(&member.path)) {
        Some(member) => bail!("{label} has no file {}", member.path),
        None => Ok(found),
    }
}

fn verify(label: &str, bytes: &[u8], sha256: &str) -> Result<()> {
    let actual = files::sha256(bytes);
    if actual.eq_ignore_ascii_case(sha256) {
        return Ok(());
    }
    bail!(
        "{label} has SHA-256 {actual} instead of {sha256}: it is damaged or not what was pinned, and was thrown away. Start again; if it stays, ask who changed it"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn archive(path: &str, content: &[u8]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, path, content).unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&builder.into_inner().unwrap()).unwrap();
        gzip.finish().unwrap()
    }

    fn member(path: &str, content: &[u8]) -> Member {
        Member::new(path, files::sha256(content))
    }

    #[test]
    fn takes_what_is_wanted() {
        let found =
            extract("x", &archive("package/a", b"data"), &[member("package/a", b"data")]).unwrap();
        assert_eq!(found["package/a"], b"data");
    }

    #[test]
    fn refuses_another_hash_a_missing_member_and_a_cut_archive() {
        let whole = archive("package/a", b"data");
        let error = extract("x", &whole, &[member("package/a", b"other")]).unwrap_err().to_string();
        assert!(error.contains("thrown away"), "{error}");
        let error = extract("x", &whole, &[member("package/b", b"data")]).unwrap_err().to_string();
        assert!(error.contains("has no file package/b"), "{error}");
        assert!(extract("x", &whole[..whole.len() / 2], &[member("package/a", b"data")]).is_err());
    }
}
