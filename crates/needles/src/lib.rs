//! Personal things of a visitor, and how each is recognised wherever it may have been left: in a page, a file, or the memory of
//! a process. For tests only.
//!
//! Start at [`Needle`]; [`search_folder`] and [`search_process`] look, [`Leftovers`] judges what several visits left.

use std::ops::Range;
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
    /// A few digits, in memory: they count where no digit stands before or after them.
    Alone(String),
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

    /// Four to six digits to look for in raw memory, where they stand without quotation marks. They are mistakable: a hit
    /// is a leftover only if other digits are found in their place when the visit is repeated with these.
    pub fn alone(name: &'static str, digits: &str) -> Self {
        Self { name, content: Content::Alone(digits.to_owned()) }
    }

    /// Whether a hit may be chance, so that the visit has to be repeated with other digits.
    #[must_use]
    pub fn is_mistakable(&self) -> bool {
        matches!(self.content, Content::Digits(_) | Content::Alone(_))
    }

    /// Bytes long enough to be unmistakable.
    pub fn bytes(name: &'static str, bytes: &[u8]) -> Self {
        Self { name, content: Content::Bytes(bytes.to_vec()) }
    }

    /// Whether a string of a page or a line of a log holds it.
    pub fn is_in_text(&self, text: &str) -> bool {
        match &self.content {
            Content::Text(needle) => text.contains(needle.as_str()),
            Content::Digits(digits) | Content::Alone(digits) => {
                text.contains(digits.as_str())
                    && text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == digits)
            }
            Content::Bytes(_) => false,
        }
    }

    /// A few characters around the needle with the needle itself masked, to find its origin.
    pub fn context(&self, text: &str) -> String {
        let (Content::Text(needle) | Content::Digits(needle) | Content::Alone(needle)) =
            &self.content
        else {
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
            Content::Alone(digits) => vec![digits.as_bytes().to_vec()],
            Content::Bytes(bytes) => vec![bytes.clone()],
        }
    }

    /// Whether a byte region (a file, a piece of memory) holds any of [`Self::byte_forms`].
    pub fn is_in_bytes(&self, region: &[u8]) -> bool {
        self.found_in(region).is_some()
    }

    /// Where a byte region holds it.
    fn found_in(&self, region: &[u8]) -> Option<Range<usize>> {
        self.byte_forms().iter().find_map(|form| {
            occurrences(region, form)
                .map(|at| at..at + form.len())
                .find(|place| self.counts(region, place))
        })
    }

    fn counts(&self, region: &[u8], place: &Range<usize>) -> bool {
        let is_digit =
            |at: Option<usize>| at.and_then(|at| region.get(at)).is_some_and(u8::is_ascii_digit);
        !matches!(self.content, Content::Alone(_))
            || !(is_digit(place.start.checked_sub(1)) || is_digit(Some(place.end)))
    }
}

/// Where `needle` occurs in `region`; looks for its rarest-looking byte first.
fn occurrences<'a>(region: &'a [u8], needle: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let anchor = needle.iter().position(|byte| *byte > 1 && *byte != 0xff);
    let mut at = anchor.unwrap_or_default();
    std::iter::from_fn(move || {
        let anchor = anchor?;
        loop {
            at += memchr(needle[anchor], region.get(at..)?)?;
            let start = at - anchor;
            at += 1;
            if region[start..].starts_with(needle) {
                return Some(start);
            }
        }
    })
}

/// A needle that was found in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Name of the needle; never its content.
    pub needle: &'static str,
    /// Kind of memory.
    pub place: String,
    /// What stands around it, to find its origin; the needle itself is masked.
    pub around: String,
}

impl std::fmt::Display for Hit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} in {} memory ({})", self.needle, self.place, self.around)
    }
}

/// What several visits left behind, each with other digits. Digits may meet their like, in a clock or a count; what is left
/// of a person follows the digits, so that only what every visit left is called a leftover.
#[derive(Debug, Default)]
pub struct Leftovers {
    visits: usize,
    certain: Vec<&'static str>,
    suspects: Vec<&'static str>,
}

impl Leftovers {
    /// Visits until mistakable digits count.
    const VISITS: usize = 3;

    /// Adds the needles that were found after a visit. `true`: walk it again with other digits.
    pub fn add(&mut self, needles: &[Needle], found: &[&'static str]) -> bool {
        let is_mistakable =
            |name: &str| needles.iter().any(|needle| needle.name == name && needle.is_mistakable());
        let (suspects, certain): (Vec<_>, Vec<_>) =
            found.iter().copied().partition(|name| is_mistakable(name));
        self.certain.extend(certain);
        if self.visits == 0 {
            self.suspects = suspects;
        } else {
            self.suspects.retain(|name| suspects.contains(name));
        }
        self.visits += 1;
        self.certain.is_empty() && !self.suspects.is_empty() && self.visits < Self::VISITS
    }

    /// Names of what was left behind.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        let mut names = self.certain;
        if self.visits >= Self::VISITS {
            names.extend(self.suspects);
        }
        names
    }
}

/// Bytes shown on each side of a hit.
const AROUND: usize = 48;

fn around(region: &[u8], place: &Range<usize>) -> String {
    let before = &region[place.start.saturating_sub(AROUND)..place.start];
    let after = &region[place.end..(place.end + AROUND).min(region.len())];
    format!("…{}█{}…", before.escape_ascii(), after.escape_ascii())
}

fn memchr(byte: u8, region: &[u8]) -> Option<usize> {
    region.iter().position(|b| *b == byte)
}

/// Names of the needles that a folder's files hold, and the name of the file. What lies below `but_not` is left out.
///
/// # Errors
/// When a file cannot be read.
pub fn search_folder(
    folder: &Path,
    but_not: &Path,
    needles: &[Needle],
) -> Result<Vec<(&'static str, String)>> {
    let mut hits = Vec::new();
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry?.path();
        if path == but_not {
            continue;
        }
        if path.is_dir() {
            hits.extend(search_folder(&path, but_not, needles)?);
        } else if path.is_file() {
            let bytes =
                std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let found = needles.iter().filter(|needle| {
                needle.is_in_bytes(&bytes) || needle.is_in_text(&String::from_utf8_lossy(&bytes))
            });
            hits.extend(found.map(|needle| (needle.name, name.clone())));
        }
    }
    Ok(hits)
}

/// The needles in the writable memory of a process that this program started, each once.
///
/// # Errors
/// When its memory cannot be read (another user, or a hardened kernel).
pub fn search_process(pid: u32, needles: &[Needle]) -> Result<Vec<Hit>> {
    let maps =
        std::fs::read_to_string(format!("/proc/{pid}/maps")).context("memory map not readable")?;
    let memory = std::fs::File::open(format!("/proc/{pid}/mem")).context("memory not readable")?;
    let mut hits: Vec<Hit> = Vec::new();
    for line in maps.lines() {
        let Some((from, to, what)) = writable(line) else { continue };
        let mut region = vec![0; usize::try_from(to - from)?];
        if memory.read_exact_at(&mut region, from).is_err() {
            continue; // Mappings of devices cannot be read.
        }
        for needle in needles {
            let Some(place) = needle.found_in(&region) else { continue };
            if hits.iter().all(|hit| (hit.needle, hit.place.as_str()) != (needle.name, what)) {
                let around = around(&region, &place);
                hits.push(Hit { needle: needle.name, place: what.to_owned(), around });
            }
        }
    }
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
    fn a_leftover_is_what_follows_the_digits() {
        let needles = [Needle::digits("PIN", "7391"), Needle::text("name", "受付")];
        let left = |visits: &[&[&'static str]]| {
            let mut left = Leftovers::default();
            let walked = visits.iter().take_while(|found| left.add(&needles, found)).count();
            (walked, left.names())
        };
        assert_eq!(left(&[&[]]), (0, vec![]));
        assert_eq!(left(&[&["PIN"], &[]]), (1, vec![]), "met their like once");
        assert_eq!(left(&[&["PIN"], &["PIN"], &["PIN"]]), (2, vec!["PIN"]));
        assert_eq!(left(&[&["PIN", "name"], &[]]), (0, vec!["name"]), "unmistakable at once");
    }

    #[test]
    fn bytes_are_found_in_every_form() {
        let name = Needle::text("name", "受付");
        assert!(name.is_in_bytes(&[b"xx".as_slice(), "受付".as_bytes()].concat()));
        let wide: Vec<u8> = "_受付".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(name.is_in_bytes(&wide));
        assert!(!name.is_in_bytes("受 付".as_bytes()));
        assert!(Needle::bytes("head", &[0, 12, 106]).is_in_bytes(&[0, 0, 12, 106, 80]));
    }

    #[test]
    fn digits_of_a_longer_number_are_not_those_that_were_typed() {
        let pin = Needle::alone("PIN", "7391");
        assert!(pin.is_in_bytes(b"\x00\x20\x00\x80\x047391"));
        assert!(pin.is_in_bytes(b"at 12.739104Z, then 7391 alone"));
        assert!(!pin.is_in_bytes(b"at 12.739104Z"));
        assert!(!pin.is_in_bytes(b"17391"));
    }

    #[test]
    fn what_stands_around_a_hit_is_shown_without_it() {
        let region = b"{\"pin\":\"7391\"}";
        let place = Needle::alone("PIN", "7391").found_in(region).unwrap();
        assert_eq!(around(region, &place), r#"…{\"pin\":\"█\"}…"#);
    }
}
