//! Portraits for the tests: works of the United States government, in the public domain, out of a Python source package.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::command::{command, succeeds};
use crate::download::{self, Member};
use crate::files;

/// Where the tests look for them. Below `target`, so that no picture can reach git.
const FOLDER: &str = "target/test-data/portraits";

const PACKAGE: (&str, &str) = ("face-recognition", "1.3.0");
const ARCHIVE_SHA256: &str = "5e5efdd1686aa566af0d3cc1313b131e4b197657a8ffd03669e6d3fad92705ec";

/// File names and their SHA-256.
const PICTURES: [(&str, &str); 4] = [
    ("obama.jpg", "0930e3aa8cae5920329c0c8cbc6a2ab70f47b0e67b432875beaa95cbf7e741f6"),
    ("obama2.jpg", "a7efcc907375274796f39646510704aa86672d59f6d5469d69af3c85590976a6"),
    ("obama3.jpg", "76ac6bf97c36dc2da0ad16a537d6a5ac1b10f48d49aac29a0cca9a17cdbc3ca3"),
    ("biden.jpg", "3c17508bb91554c637a2eabddfae790e5bb1caba93130814fc2ac50be9760c4c"),
];

/// Fetches and verifies the portraits, unless they are there.
///
/// # Errors
/// When pip is missing, the network fails, the disk is full or a hash differs.
pub(crate) fn portraits() -> Result<()> {
    let _lock = files::lock("xtask-portraits")?;
    let inside = |name: &str| format!("face_recognition-1.3.0/tests/test_images/{name}");
    let wanted = PICTURES.map(|(name, sha256)| Member::new(inside(name), sha256));
    download::keep("portraits for the tests", Path::new(FOLDER), &wanted, || {
        let pip = pip().context("pip is missing: run `cargo xtask setup --for test`")?;
        download::python_source(pip, PACKAGE.0, PACKAGE.1, ARCHIVE_SHA256)
    })
}

/// The way to call pip, if there is any.
pub(crate) fn pip() -> Option<&'static [&'static str]> {
    const WAYS: [&[&str]; 3] = [&["python3", "-m", "pip"], &["pip3"], &["pip"]];
    WAYS.into_iter()
        .find(|way| succeeds(&mut command(way[0], way[1..].iter().chain(&["--version"]))))
}
