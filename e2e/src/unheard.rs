//! Digits that nobody has heard: in nothing that is served, and not in the page before a visit.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::card::Digits;

/// A supply of four digits that stand nowhere yet. Each is given out once.
pub struct Unheard {
    heard: BTreeSet<String>,
    next: u32,
}

/// From one candidate to the next: coprime to 9,000, so that neighbours differ in every place.
const STEP: u32 = 2_347;

impl Unheard {
    /// Besides what these texts and the files of a folder say.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn besides(texts: &[String], served: &Path) -> Result<Self> {
        // Years stand in every log.
        let mut heard: BTreeSet<String> = (1900..2100).map(|year: u32| year.to_string()).collect();
        heard.extend(texts.iter().flat_map(|text| words(text)));
        add_files(served, &mut heard)?;
        Ok(Self { heard, next: 0 })
    }

    /// Digits for one card.
    ///
    /// # Errors
    /// When all have been heard.
    pub fn take(&mut self) -> Result<Digits> {
        Ok(Digits { pin: self.four()?, code: self.four()? })
    }

    fn four(&mut self) -> Result<String> {
        while self.next < 9_000 {
            let digits = (1_000 + self.next * STEP % 9_000).to_string();
            self.next += 1;
            if self.heard.insert(digits.clone()) {
                return Ok(digits);
            }
        }
        bail!("every four digits stand somewhere already")
    }
}

/// The words of a text that are four digits, by the rule by which needles are found.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .filter(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()))
        .map(str::to_owned)
}

fn add_files(folder: &Path, heard: &mut BTreeSet<String>) -> Result<()> {
    let entries = std::fs::read_dir(folder);
    for entry in entries.with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            add_files(&path, heard)?;
        } else {
            let bytes = std::fs::read(&path);
            let bytes = bytes.with_context(|| format!("cannot read {}", path.display()))?;
            heard.extend(words(&String::from_utf8_lossy(&bytes)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_served_script_says_is_not_given_out() {
        let served = tempfile::tempdir().unwrap();
        std::fs::create_dir(served.path().join("worker")).unwrap();
        let script = "new WebAssembly.Memory({initial:18,maximum:4096,shared:true})";
        std::fs::write(served.path().join("worker/helper.js"), script).unwrap();
        let mut unheard = Unheard::besides(&["port 8710".into()], served.path()).unwrap();
        let mut given = BTreeSet::new();
        while let Ok(digits) = unheard.take() {
            assert!(given.insert(digits.pin) && given.insert(digits.code), "given out twice");
        }
        for heard in ["4096", "8710", "2026"] {
            assert!(!given.contains(heard), "{heard}");
        }
        assert!(given.len() > 8_000, "{}", given.len());
    }
}
