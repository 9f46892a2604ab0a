//! Documents that must move together with code.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::Problem;
use crate::files;

const PROTOCOL_SOURCE: &str = "crates/protocol/src";
const PROTOCOL_PAGE: &str = "docs/protocol.md";
const FOOTER: (&str, &str) = ("<!-- protocol: ", " -->");

pub(super) fn check() -> Result<Vec<Problem>> {
    let read = |path: &str| files::read_text(Path::new(path)).unwrap_or_default();
    let mut problems = Vec::new();
    if footer(&read(PROTOCOL_PAGE)) != Some(protocol_hash()?.as_str()) {
        problems.push(format!("{PROTOCOL_SOURCE} changed since {PROTOCOL_PAGE} was checked: bring the page in step, then run `cargo xtask tidy --bless`"));
    }
    let (english, japanese) = (read("README.md"), read("README.ja.md"));
    for command in commands(&english).symmetric_difference(&commands(&japanese)) {
        problems.push(format!(
            "only one of README.md and README.ja.md names `cargo xtask {command}`: name it in both"
        ));
    }
    if !["run", "test"].iter().all(|command| commands(&english).contains(command)) {
        problems.push("README.md does not name `cargo xtask run` and `cargo xtask test`: they are how people start".into());
    }
    let map = read("ARCHITECTURE.md");
    for member in files::members()? {
        if !maps(&map, &member) {
            problems.push(format!(
                "ARCHITECTURE.md says nothing about `{member}`: add a line to its code map"
            ));
        }
    }
    Ok(problems)
}

/// Records the present protocol as documented.
pub(super) fn bless() -> Result<()> {
    let page = Path::new(PROTOCOL_PAGE);
    let text = files::read_text(page).context("write the page first")?;
    let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with(FOOTER.0)).collect();
    let line = format!("{}{}{}", FOOTER.0, protocol_hash()?, FOOTER.1);
    files::write_if_changed(page, format!("{}\n\n{line}\n", kept.join("\n").trim_end()).as_bytes())
}

fn footer(page: &str) -> Option<&str> {
    page.lines().find_map(|line| line.trim().strip_prefix(FOOTER.0)?.strip_suffix(FOOTER.1))
}

/// Names and contents of the sources, so that a moved file counts as a change too.
fn protocol_hash() -> Result<String> {
    let mut all = Vec::new();
    for path in files::walk(Path::new(PROTOCOL_SOURCE))? {
        all.extend(path.to_string_lossy().bytes().chain([0]));
        all.extend(files::read(&path)?);
    }
    Ok(files::sha256(&all))
}

/// The words that follow `cargo xtask`.
fn commands(text: &str) -> BTreeSet<&str> {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '-';
    text.split("cargo xtask ")
        .skip(1)
        .map(|rest| rest.split(|character| !is_word(character)).next().unwrap_or_default())
        .filter(|word| !word.is_empty())
        .collect()
}

/// Whether the code map has a line about this folder. `crates/x/` and `crates/x` both count, `crates/xy` does not.
fn maps(map: &str, member: &str) -> bool {
    map.match_indices(member).any(|(at, _)| {
        let next = map[at + member.len()..].trim_start_matches('/').chars().next();
        !next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '-' || next == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_a_page() {
        let found = commands("`cargo xtask run`, `cargo xtask test`\n cargo xtask run --kiosk");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["run", "test"]);
    }

    #[test]
    fn the_footer_is_found() {
        assert_eq!(footer("# Page\n\n<!-- protocol: abc -->\n"), Some("abc"));
        assert_eq!(footer("# Page\n"), None);
    }

    #[test]
    fn folders_in_the_map() {
        assert!(maps("- `kiosk-web/`: screens", "kiosk-web"));
        assert!(!maps("- `kiosk-web/worker/`: faces", "kiosk-web"));
        assert!(!maps("- `crates/faces`", "crates/face"));
    }
}
