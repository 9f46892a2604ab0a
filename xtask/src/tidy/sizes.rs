//! Files stay small enough to be read in one go, and git stays free of binaries.

use std::fs;

use anyhow::Result;

use super::Problem;
use crate::files;

const LINES: usize = 400;
const BYTES: u64 = 500_000;

pub(super) fn check(tracked: &[String]) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for path in tracked {
        let bytes = fs::metadata(path)?.len();
        let is_rust =
            std::path::Path::new(path).extension().is_some_and(|extension| extension == "rs");
        let lines = if is_rust { files::read_text(path.as_ref())?.lines().count() } else { 0 };
        problems.extend(judge(path, bytes, lines));
    }
    Ok(problems)
}

fn judge(path: &str, bytes: u64, lines: usize) -> Option<Problem> {
    if bytes > BYTES {
        return Some(format!(
            "{path} has {bytes} bytes (at most {BYTES}): fetch it at set-up with a pinned hash instead of tracking it"
        ));
    }
    (lines > LINES)
        .then(|| format!("{path} has {lines} lines (at most {LINES}): split it into modules"))
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn limits_are_inclusive() {
        assert_eq!(judge("a.rs", 500_000, 400), None);
        assert!(judge("a.rs", 10, 401).is_some_and(|problem| problem.contains("split")));
        assert!(judge("a.bin", 500_001, 0).is_some_and(|problem| problem.contains("pinned hash")));
    }
}
