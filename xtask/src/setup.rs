//! Installs what a fresh machine misses.

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::apt::{self, Package};
use crate::command::{command, exists, output};
use crate::{npm, rustup};

/// What the machine is wanted for.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Purpose {
    /// Running the kiosk.
    Run,
    /// Running every test, the browser journeys included.
    Test,
}

const RUN: [Package; 3] = [
    Package { name: "pkg-config", why: "finds the PC/SC library when the bridge is built" },
    Package {
        name: "libpcsclite-dev",
        why: "PC/SC library that the bridge talks to card readers with",
    },
    Package { name: "pcscd", why: "service that owns the card readers" },
];

const TEST: [Package; 5] = [
    Package { name: "chromium", why: "browser of the journeys" },
    Package { name: "vsmartcard-vpcd", why: "virtual card reader of the journeys" },
    Package { name: "postgresql", why: "tests start databases of their own with it" },
    Package { name: "opensc", why: "independent reader of our virtual card" },
    Package {
        name: "fonts-noto-cjk",
        why: "Japanese glyphs outside the pages, as in dialogs and PDF",
    },
];

/// Without them the kiosk sounds tones and does not speak.
const VOICE: [Package; 4] = [
    Package { name: "open-jtalk", why: "speaks the Japanese sentences of the screens" },
    Package { name: "open-jtalk-mecab-naist-jdic", why: "its dictionary" },
    Package { name: "espeak-ng", why: "speaks the English ones" },
    Package { name: "opus-tools", why: "compresses what they spoke" },
];

const PIP: Package = Package {
    name: "python3-pip",
    why: "fetches the Japanese voice and, for the tests, public-domain portraits",
};

/// Finds what is missing, says what and why, and installs it.
///
/// # Errors
/// When something is missing that cannot be installed from here: tells the exact line to type.
pub(crate) fn setup(purpose: Purpose) -> Result<()> {
    if !exists("npm") || !exists("node") {
        bail!(
            "npm is missing: the models, fonts and design tokens come through it. Install Node.js 18 or newer with npm, then start again"
        );
    }
    node_is_new_enough()?;
    let mut wanted = RUN.to_vec();
    if purpose == Purpose::Test {
        wanted.extend(TEST);
    }
    let mut voice = VOICE.to_vec();
    // The tests cannot do without pip.
    if crate::portraits::pip().is_none() {
        if purpose == Purpose::Test { &mut wanted } else { &mut voice }.push(PIP);
    }
    apt::install(&apt::missing(&wanted))?;
    if let Err(error) = apt::install(&apt::missing(&voice)) {
        eprintln!("Without these packages the kiosk sounds tones and does not speak: {error:#}");
    }
    rustup::ensure_target()?;
    npm::install()
}

fn node_is_new_enough() -> Result<()> {
    let version = output(&mut command("node", ["--version"]))?;
    match major(&version) {
        Some(major) if major < 18 => {
            bail!("Node.js {} is too old: install version 18 or newer", version.trim())
        }
        _ => Ok(()),
    }
}

/// The first number of `v18.19.0`.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn node_versions_are_read() {
        assert_eq!(super::major("v18.19.0\n"), Some(18));
        assert_eq!(super::major("nonsense"), None);
    }
}
