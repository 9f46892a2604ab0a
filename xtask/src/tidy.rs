//! `cargo xtask tidy`: what a reviewer should not have to look for. Each message says what to do.

mod deps;
mod docs;
mod manifests;
mod modules;
mod sizes;
mod styles;
mod words;

use anyhow::{Result, bail};

use crate::command::{command, output};

/// One thing to put right.
pub(crate) type Problem = String;

/// Runs every check; with `bless` the documentation of the protocol is first recorded as being in step.
///
/// # Errors
/// When anything is to be put right, after printing all of it.
pub(crate) fn tidy(bless: bool) -> Result<()> {
    if bless {
        docs::bless()?;
    }
    let tracked = tracked()?;
    let mut problems = sizes::check(&tracked)?;
    problems.extend(words::check(&tracked)?);
    problems.extend(styles::check(&tracked)?);
    problems.extend(docs::check()?);
    problems.extend(deps::check()?);
    problems.extend(manifests::check()?);
    problems.extend(modules::check(&tracked)?);
    for problem in &problems {
        println!("tidy: {problem}");
    }
    if problems.is_empty() {
        return Ok(());
    }
    bail!("{} things to put right, listed above", problems.len())
}

/// The files that git knows, as paths from the root.
fn tracked() -> Result<Vec<String>> {
    let list = output(&mut command("git", ["ls-files", "-z"]))?;
    Ok(list
        .split('\0')
        .filter(|path| !path.is_empty() && std::path::Path::new(path).is_file())
        .map(str::to_owned)
        .collect())
}
