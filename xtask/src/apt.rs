//! Debian packages: what is missing, and installing it as root or through sudo.

use anyhow::{Result, bail};

use crate::command::{command, exists, output, run, succeeds};

/// A Debian package and why it is wanted.
#[derive(Clone, Copy)]
pub(crate) struct Package {
    /// Name in Debian.
    pub(crate) name: &'static str,
    /// Shown to the person before anything is installed.
    pub(crate) why: &'static str,
}

/// The packages that are not installed. Empty, with a word, where there is no dpkg.
pub(crate) fn missing(packages: &[Package]) -> Vec<Package> {
    if !exists("dpkg-query") {
        let names = names(packages).join(" ");
        eprintln!(
            "This machine has no dpkg: install what your system calls {names} by hand if a later step misses it."
        );
        return Vec::new();
    }
    packages.iter().filter(|package| !is_installed(package.name)).copied().collect()
}

/// Installs packages, saying first what and why.
///
/// # Errors
/// When neither root nor password-less sudo is there: carries the exact line to type. When apt fails.
pub(crate) fn install(packages: &[Package]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    eprintln!("These Debian packages are missing and will be installed with apt:");
    for package in packages {
        eprintln!("  {:<18} {}", package.name, package.why);
    }
    let names = names(packages);
    let Some(rise) = privilege() else {
        bail!(
            "installing them needs root. Type this line, then start again:\n  sudo apt-get update && sudo apt-get install -y {}",
            names.join(" ")
        );
    };
    if names.iter().any(|name| !has_candidate(name)) {
        apt(rise, &["update"])?;
    }
    let install: Vec<&str> =
        ["install", "-y", "--no-install-recommends"].into_iter().chain(names).collect();
    // A list that is weeks old names versions that the mirror no longer has: refresh once and try again.
    apt(rise, &install).or_else(|_| apt(rise, &["update"]).and_then(|()| apt(rise, &install)))
}

fn names(packages: &[Package]) -> Vec<&'static str> {
    packages.iter().map(|package| package.name).collect()
}

/// What to put in front of a command to be root: nothing, or sudo.
fn privilege() -> Option<&'static [&'static str]> {
    if rustix::process::geteuid().is_root() {
        return Some(&["env"]);
    }
    succeeds(&mut command("sudo", ["-n", "true"])).then_some(&["sudo", "-n", "env"])
}

fn apt(rise: &[&str], args: &[&str]) -> Result<()> {
    let quiet = [
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-q",
        "-o",
        "Dpkg::Use-Pty=0",
        "-o",
        "DPkg::Lock::Timeout=120",
    ];
    let words: Vec<&str> = rise[1..].iter().chain(&quiet).chain(args).copied().collect();
    run(&mut command(rise[0], words))
}

fn is_installed(name: &str) -> bool {
    output(&mut command("dpkg-query", ["-W", "-f=${db:Status-Status}", name]))
        .is_ok_and(|status| status == "installed")
}

fn has_candidate(name: &str) -> bool {
    output(command("apt-cache", ["policy", name]).env("LC_ALL", "C"))
        .is_ok_and(|policy| candidate(&policy))
}

/// Reads the answer of `apt-cache policy`.
fn candidate(policy: &str) -> bool {
    policy
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate:"))
        .is_some_and(|version| version.trim() != "(none)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_read() {
        assert!(candidate("pcscd:\n  Installed: (none)\n  Candidate: 1.9.9-2\n"));
        assert!(!candidate("pcscd:\n  Installed: (none)\n  Candidate: (none)\n"));
        assert!(!candidate(""));
    }
}
