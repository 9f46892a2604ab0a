//! Small helpers around files: hashes, stamps, copies that do nothing when nothing changed, atomic replacement.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// SHA-256 of some bytes as 64 lower-case hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Reads a file.
///
/// # Errors
/// Names the file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Reads a text file.
///
/// # Errors
/// Names the file; also when it is not UTF-8.
pub(crate) fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Writes through a temporary name in the same folder, so that a reader sees the old file or the whole new one.
///
/// # Errors
/// When the disk is full or the folder is not writable.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().context("a file needs a folder")?;
    create_folder(folder)?;
    let name = path.file_name().context("a file needs a name")?.to_string_lossy();
    let temporary = folder.join(format!(".{name}.part"));
    fs::write(&temporary, bytes)
        .and_then(|()| fs::rename(&temporary, path))
        .map_err(|error| explain(&error, path))
}

/// Makes a folder and those above it.
///
/// # Errors
/// Names the folder.
pub(crate) fn create_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| explain(&error, folder))
}

/// Removes a folder or does nothing when there is none.
///
/// # Errors
/// Names the folder.
pub(crate) fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(explain(&error, folder)),
        _ => Ok(()),
    }
}

/// Writes only when the content differs, so that times of change stay meaningful.
///
/// # Errors
/// As [`write_atomically`].
pub(crate) fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    write_atomically(path, bytes)
}

/// All files below a folder, sorted; empty when the folder does not exist.
///
/// # Errors
/// When a folder cannot be listed.
pub(crate) fn walk(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            entries => entries.with_context(|| format!("cannot list {}", folder.display()))?,
        };
        for entry in entries {
            let entry = entry?;
            let target = if entry.file_type()?.is_dir() { &mut open } else { &mut found };
            target.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Holds `target/<name>.lock` until dropped: two tasks at once would write over each other's files.
///
/// # Errors
/// When the lock file cannot be made.
pub(crate) fn lock(name: &str) -> Result<File> {
    create_folder(Path::new("target"))?;
    let path = PathBuf::from(format!("target/{name}.lock"));
    let file = File::create(&path).with_context(|| format!("cannot make {}", path.display()))?;
    if file.try_lock().is_err() {
        eprintln!("Waiting for another `cargo xtask` …");
        file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    }
    Ok(file)
}

/// Whether `path` holds exactly this stamp.
pub(crate) fn has_stamp(path: &Path, stamp: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|old| old == stamp)
}

/// Folders of the workspace members, as the root manifest lists them.
///
/// # Errors
/// When the root manifest cannot be read.
pub(crate) fn members() -> Result<Vec<String>> {
    let manifest: toml::Table = read_text(Path::new("Cargo.toml"))?.parse()?;
    let members = manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("members"))
        .and_then(toml::Value::as_array);
    let members = members.context("Cargo.toml lists no workspace members")?;
    Ok(members.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect())
}

/// Package name of a member folder.
///
/// # Errors
/// When its manifest cannot be read.
pub(crate) fn package_name(member: &Path) -> Result<String> {
    let manifest: toml::Table = read_text(&member.join("Cargo.toml"))?.parse()?;
    let name = manifest
        .get("package")
        .and_then(|package| package.get("name"))
        .and_then(toml::Value::as_str);
    name.map(str::to_owned).with_context(|| format!("{} has no package name", member.display()))
}

/// One sentence and a way out.
fn explain(error: &std::io::Error, path: &Path) -> anyhow::Error {
    let way_out = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "the disk is full: free some space and start again"
        }
        ErrorKind::PermissionDenied => "no permission: check who owns this folder",
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
        _ => return anyhow::anyhow!("cannot write {}: {error}", path.display()),
    };
    anyhow::anyhow!("cannot write {}: {way_out}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_is_the_published_one() {
        // FIPS 180-4 example: the message "abc".
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn unchanged_content_keeps_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b.txt");
        write_if_changed(&path, b"one").unwrap();
        let before = fs::metadata(&path).unwrap().modified().unwrap();
        write_if_changed(&path, b"one").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
        assert_eq!(walk(folder.path()).unwrap(), [path]);
    }

    #[test]
    fn a_missing_folder_has_no_files() {
        let folder = tempfile::tempdir().unwrap();
        assert!(walk(&folder.path().join("none")).unwrap().is_empty());
    }
}
