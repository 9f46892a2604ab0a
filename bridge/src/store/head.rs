//! The head of the audit, noted outside of the database: a cut end and a chain that was written anew
//! show. The file has one line, `<number of the last line> <its hash>`; lines before it are evidence:
//! heads that were noted once and that the audit does not hold any more.

use super::chain;
use crate::private;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Number and hash of a line.
pub(super) type At = (i64, [u8; 32]);

/// In the place of a head that was removed.
pub(super) const MISSING: At = (i64::MAX, chain::START);

/// The file.
pub(super) struct Head {
    file: PathBuf,
    evidence: Vec<At>,
}

impl Head {
    /// `evidence` stays in the file for ever.
    pub(super) fn new(folder: &Path, evidence: Vec<At>) -> Self {
        Self { file: file(folder), evidence }
    }

    /// What `doctor` finds.
    pub(super) fn evidence(&self) -> &[At] {
        &self.evidence
    }

    /// Notes the present end of the audit: complete or not at all.
    pub(super) fn note(&self, last: At) -> io::Result<()> {
        let mut text = String::new();
        for (seq, hash) in self.evidence.iter().chain([&last]) {
            text.extend([&seq.to_string(), " ", &hex::encode(hash), "\n"]);
        }
        let fresh = self.file.with_extension("head.new");
        let mut options = private::options();
        let mut file: File = options.create(true).write(true).truncate(true).open(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_data()?;
        fs::rename(&fresh, &self.file)
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("audit.head")
}

/// The noted heads; `None` when nothing was ever noted, or the file was removed.
pub(super) fn read(folder: &Path) -> io::Result<Option<Vec<At>>> {
    let text = match fs::read_to_string(file(folder)) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // A line that nobody of us wrote is as good as one that does not fit.
    Ok(Some(text.lines().map(|line| parse(line).unwrap_or(MISSING)).collect()))
}

fn parse(line: &str) -> Option<At> {
    let (seq, hash) = line.split_once(' ')?;
    Some((seq.parse().ok()?, hex::decode(hash).ok()?.try_into().ok()?))
}
