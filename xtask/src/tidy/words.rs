//! Words that must not be in tracked files. Literals are split so that this file does not find itself.

use anyhow::Result;

use super::Problem;
use crate::files;

/// Registries are reached through their ordinary clients, which a site may point at its own mirror.
const HOSTS: [&str; 9] = [
    concat!("crates", ".io"),
    concat!("registry.", "npmjs.org"),
    concat!("registry.", "yarnpkg.com"),
    concat!("pypi", ".org"),
    concat!("python", "hosted", ".org"),
    concat!("deb.", "debian.org"),
    concat!("security.", "debian.org"),
    concat!("static.", "rust-lang.org"),
    concat!("unpkg", ".com"),
];

/// Folders that exist on one person's machine only.
const PATHS: [&str; 5] = [
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/wo", "rk/"),
    concat!("/tm", "p/"),
    concat!("/Us", "ers/"),
];

/// Unfinished code and skipped tests.
const CODE: [(&str, &str); 4] = [
    (concat!("todo", "!("), "finish it or return an error"),
    (concat!("unimplemented", "!("), "finish it or return an error"),
    (concat!("dbg", "!("), "remove it or use tracing"),
    (
        concat!("#[", "ignore"),
        "make it pass, or gate it by an environment variable and say \"skipped\"",
    ),
];

pub(super) fn check(tracked: &[String]) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for path in tracked {
        let bytes = files::read(path.as_ref())?;
        if let Ok(text) = std::str::from_utf8(&bytes) {
            problems.extend(judge(path, text));
        }
    }
    Ok(problems)
}

fn judge(path: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        // cargo writes the address of its index into its own lock file.
        if path != "Cargo.lock"
            && let Some(host) = HOSTS.into_iter().find(|host| line.contains(host))
        {
            problems.push(format!("{path}:{number} names {host}: leave the address to the package manager's configuration"));
        }
        if let Some(folder) = PATHS.into_iter().find(|folder| names_path(line, folder)) {
            problems.push(format!(
                "{path}:{number} names a path below {folder}: use one relative to the repository"
            ));
        }
        if path.to_ascii_lowercase().ends_with(".rs")
            && let Some((word, remedy)) = CODE.into_iter().find(|(word, _)| line.contains(word))
        {
            problems.push(format!("{path}:{number} has `{word}`: {remedy}"));
        }
    }
    problems
}

/// Whether `folder` starts a path here, instead of being the middle of a longer one or of an address.
fn names_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|before| before.is_alphanumeric() || "._-~}/*)>".contains(before))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, text: &str, problems: usize) {
        assert_eq!(judge(path, text).len(), problems, "{text}");
    }

    #[test]
    fn finds_what_is_forbidden() {
        check("a.md", &format!("see https://{}/x", HOSTS[1]), 1);
        check("a.md", &format!("`{}me/project`", PATHS[0]), 1);
        check("a.rs", &format!("    {});", CODE[2].0), 1);
    }

    #[test]
    fn leaves_the_rest_alone() {
        check("Cargo.lock", &format!("source = \"https://{}-index\"", HOSTS[0]), 0);
        check("a.md", &format!("{}x) is only code in code", CODE[2].0), 0);
        check("a.md", &format!("https://example.jp{}page", PATHS[1]), 0);
        check("a.rs", "let home = root.join(\"home\");", 0);
    }
}
