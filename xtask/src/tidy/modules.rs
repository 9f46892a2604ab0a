//! Inside of the bridge modules point down as well: what a place has, what a site shares, and who serves both.

use std::path::Path;

use anyhow::Result;

use super::Problem;
use crate::files;

/// Files whose paths begin so must not use these modules of the bridge.
struct Rule {
    begins: &'static str,
    forbidden: &'static [&'static str],
    why: &'static str,
}

const RULES: [Rule; 6] = [
    Rule {
        begins: "bridge/src/site.rs",
        forbidden: &["kiosk", "printout", "http"],
        why: "a site is what its kiosks share: nothing in it belongs to one place",
    },
    Rule {
        begins: "bridge/src/kiosk.rs",
        forbidden: &["ledger", "store", "board", "gateway", "passcode", "sessions", "http"],
        why: "a kiosk is one place: what all share is the site's",
    },
    Rule {
        begins: "bridge/src/desk/",
        forbidden: &["kiosk", "http", "config"],
        why: "a desk knows its visit, its place and its site, not who serves it",
    },
    Rule {
        begins: "bridge/src/reader/",
        forbidden: &["kiosk", "site", "desk", "http", "config"],
        why: "a reader knows cards, not who uses it",
    },
    Rule {
        begins: "bridge/src/config/",
        forbidden: &["kiosk", "site", "desk", "http"],
        why: "the configuration is read before anything runs",
    },
    Rule {
        begins: "bridge/src/store/",
        forbidden: &["kiosk", "site", "desk", "http", "config", "board", "ledger"],
        why: "an engine keeps what it is given",
    },
];

pub(super) fn check(tracked: &[String]) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for rule in &RULES {
        for path in tracked.iter().filter(|path| path.starts_with(rule.begins)) {
            let text = files::read_text(Path::new(path))?;
            problems.extend(rule.broken(&text).map(|module| {
                format!("{path} uses `crate::{module}`, but {}: hand it what it needs", rule.why)
            }));
        }
    }
    Ok(problems)
}

impl Rule {
    fn broken(&self, text: &str) -> impl Iterator<Item = &'static str> {
        self.forbidden.iter().copied().filter(|module| uses(text, module))
    }
}

/// Whether a module of this crate is named, alone (`crate::desk`) or among others (`crate::{desk, wire}`).
fn uses(text: &str, module: &str) -> bool {
    text.split("crate::").skip(1).any(|rest| {
        let names = match rest.strip_prefix('{') {
            Some(group) => group.split(';').next().unwrap_or_default(),
            None => rest
                .split(|next: char| next != '_' && !next.is_ascii_alphanumeric())
                .next()
                .unwrap_or_default(),
        };
        let mut words = names.split(|next: char| next != '_' && !next.is_ascii_alphanumeric());
        words.any(|word| word == module)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_found_alone_and_among_others() {
        assert!(uses("use crate::desk::Desk;", "desk") && uses("crate::desk::run()", "desk"));
        assert!(uses("use crate::{clock, desk};", "desk"));
        assert!(
            !uses("use crate::desks::All;", "desk") && !uses("use crate::clock::desk;", "desk")
        );
        assert!(!uses("use super::desk;", "desk"));
    }
}
