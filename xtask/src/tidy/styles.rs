//! Style sheets: a browser says nothing about a rule that is never closed and leaves out, or limits, everything behind it.

use std::path::Path;

use anyhow::Result;

use super::Problem;
use crate::files;

pub(super) fn check(tracked: &[String]) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for path in tracked.iter().filter(|path| is_style_sheet(path)) {
        let text = String::from_utf8_lossy(&files::read(path.as_ref())?).into_owned();
        problems.extend(judge(path, &text));
    }
    Ok(problems)
}

fn is_style_sheet(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "css")
}

/// The first brace that has no other half.
fn judge(path: &str, text: &str) -> Option<Problem> {
    let mut open = Vec::new();
    let mut comment = false;
    for (number, line) in (1..).zip(text.lines()) {
        let mut rest = line;
        while let Some(at) = rest.find(if comment { "*/" } else { "/*" }) {
            if !comment && let Some(number) = braces(&rest[..at], number, &mut open) {
                return Some(unopened(path, number));
            }
            (comment, rest) = (!comment, &rest[at + 2..]);
        }
        if !comment && let Some(number) = braces(rest, number, &mut open) {
            return Some(unopened(path, number));
        }
    }
    let number = open.pop()?;
    Some(format!("{path}:{number} opens a brace that is never closed: close it"))
}

fn unopened(path: &str, number: usize) -> Problem {
    format!("{path}:{number} closes a brace that was never opened: take it out")
}

/// The line, if it closes what is not open.
fn braces(text: &str, number: usize, open: &mut Vec<usize>) -> Option<usize> {
    for brace in text.matches(['{', '}']) {
        if brace == "{" {
            open.push(number);
        } else if open.pop().is_none() {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_come_in_pairs() {
        assert_eq!(
            judge("a.css", "a { b: c; } /* } {{ \n } */\n@media d {\n  e { f: g; }\n}\n"),
            None
        );
        let open = judge("a.css", "a { }\n@media print {\n  b { }\n\nc { }\n").unwrap();
        assert!(open.contains("a.css:2 opens"), "{open}");
        let closed = judge("a.css", "a { }\n/* { */ }\n").unwrap();
        assert!(closed.contains("a.css:2 closes"), "{closed}");
    }
}
