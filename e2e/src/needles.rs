//! Personal things of the test persona, and how each is recognised wherever it may have been left.

use std::os::unix::fs::FileExt as _;
use std::path::Path;

use anyhow::{Context as _, Result};

/// One thing that must be gone when the card is.
#[derive(Clone)]
pub struct Needle {
    /// What it is, for reports; the content is never printed.
    pub name: &'static str,
    content: Content,
}

#[derive(Clone)]
enum Content {
    /// Text that occurs nowhere else: any occurrence counts.
    Text(String),
    /// A few digits: only a string that consists of digits and holds them counts, as they also occur by chance.
    Digits(String),
    /// Bytes of a file.
    Bytes(Vec<u8>),
}

impl Needle {
    /// A text long enough to be unmistakable.
    pub fn text(name: &'static str, text: &str) -> Self {
        Self { name, content: Content::Text(text.to_owned()) }
    }

    /// Four to six digits.
    pub fn digits(name: &'static str, digits: &str) -> Self {
        Self { name, content: Content::Digits(digits.to_owned()) }
    }

    /// Bytes long enough to be unmistakable.
    pub fn bytes(name: &'static str, bytes: &[u8]) -> Self {
        Self { name, content: Content::Bytes(bytes.to_vec()) }
    }

    /// Whether a string of a page or a line of a log holds it.
    pub fn is_in_text(&self, text: &str) -> bool {
        match &self.content {
            Content::Text(needle) => text.contains(needle.as_str()),
            Content::Digits(digits) => {
                text.contains(digits.as_str())
                    && text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == digits)
            }
            Content::Bytes(_) => false,
        }
    }

    /// A few characters around the needle with the needle itself masked, to find its origin.
    pub(crate) fn context(&self, text: &str) -> String {
        let (Content::Text(needle) | Content::Digits(needle)) = &self.content else {
            return String::new();
        };
        let masked = text.replace(needle.as_str(), "█");
        let at = masked.find('█').map_or(0, |at| masked[..at].chars().count());
        let around: String = masked.chars().skip(at.saturating_sub(40)).take(90).collect();
        format!("{} characters: …{}…", text.chars().count(), around.escape_debug())
    }

    /// The byte sequences to look for in raw memory: UTF-8 and UTF-16LE. Short digits are too common there, unless
    /// they stand in quotation marks.
    pub fn byte_forms(&self) -> Vec<Vec<u8>> {
        match &self.content {
            Content::Text(text) => vec![
                text.as_bytes().to_vec(),
                text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            ],
            Content::Digits(digits) => {
                let quoted = format!("\"{digits}\"");
                vec![
                    quoted.clone().into_bytes(),
                    quoted.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                ]
            }
            Content::Bytes(bytes) => vec![bytes.clone()],
        }
    }

    /// Whether a byte region (a file, a piece of memory) holds any of [`Self::byte_forms`].
    pub fn is_in_bytes(&self, region: &[u8]) -> bool {
        self.byte_forms().iter().any(|form| contains(region, form))
    }
}

/// Whether `needle` occurs in `region`; looks for its rarest-looking byte first.
pub fn contains(region: &[u8], needle: &[u8]) -> bool {
    let Some(anchor) = needle.iter().position(|byte| *byte > 1 && *byte != 0xff) else {
        return false;
    };
    let mut at = anchor;
    while let Some(step) = region.get(at..).and_then(|rest| memchr(needle[anchor], rest)) {
        at += step;
        if region.get(at - anchor..).is_some_and(|rest| rest.starts_with(needle)) {
            return true;
        }
        at += 1;
    }
    false
}

fn memchr(byte: u8, region: &[u8]) -> Option<usize> {
    region.iter().position(|b| *b == byte)
}

/// Names of the needles that a folder's files hold, as `needle in file`.
///
/// # Errors
/// When a file cannot be read.
pub fn search_folder(folder: &Path, needles: &[Needle]) -> Result<Vec<String>> {
    let mut hits = Vec::new();
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            hits.extend(search_folder(&path, needles)?);
        } else if path.is_file() {
            let bytes =
                std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let found = needles.iter().filter(|needle| {
                needle.is_in_bytes(&bytes) || needle.is_in_text(&String::from_utf8_lossy(&bytes))
            });
            hits.extend(found.map(|needle| format!("{} in {name}", needle.name)));
        }
    }
    Ok(hits)
}

/// Names of the needles in the writable memory of a process that this program started.
///
/// # Errors
/// When its memory cannot be read (another user, or a hardened kernel).
pub fn search_process(pid: u32, needles: &[Needle]) -> Result<Vec<String>> {
    let maps =
        std::fs::read_to_string(format!("/proc/{pid}/maps")).context("memory map not readable")?;
    let memory = std::fs::File::open(format!("/proc/{pid}/mem")).context("memory not readable")?;
    let mut hits = Vec::new();
    for line in maps.lines() {
        let Some((from, to, what)) = writable(line) else { continue };
        let mut region = vec![0; usize::try_from(to - from)?];
        if memory.read_exact_at(&mut region, from).is_err() {
            continue; // Mappings of devices cannot be read.
        }
        let found = needles.iter().filter(|needle| needle.is_in_bytes(&region));
        hits.extend(found.map(|needle| format!("{} in {what} memory", needle.name)));
    }
    hits.sort();
    hits.dedup();
    Ok(hits)
}

/// Start, end and name of a mapping that can be written to.
fn writable(line: &str) -> Option<(u64, u64, &str)> {
    let mut words = line.split_whitespace();
    let (from, to) = words.next()?.split_once('-')?;
    words.next().filter(|mode| mode.starts_with("rw"))?;
    let address = |text: &str| u64::from_str_radix(text, 16).ok();
    Some((address(from)?, address(to)?, words.nth(3).unwrap_or("anonymous")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_count_only_when_they_stand_alone() {
        let pin = Needle::digits("PIN", "7391");
        assert!(pin.is_in_text("7391"));
        assert!(pin.is_in_text("{\"pin\":\"7391\"}"));
        assert!(!pin.is_in_text("a7391b"));
        assert!(!pin.is_in_text("17391"));
    }

    #[test]
    fn bytes_are_found_in_every_form() {
        let name = Needle::text("name", "受付");
        assert!(name.is_in_bytes(&[b"xx".as_slice(), "受付".as_bytes()].concat()));
        let wide: Vec<u8> = "_受付".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(name.is_in_bytes(&wide));
        assert!(!name.is_in_bytes("受 付".as_bytes()));
        assert!(contains(&[0, 0, 12, 106, 80], &[0, 12, 106]));
    }
}
