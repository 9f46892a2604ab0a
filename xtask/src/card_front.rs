//! The reader of card fronts: fonts fetched from the packages that `crates/card-front/fonts.toml` names, verified; networks
//! trained on cards drawn with them. The same fonts and code give the same networks, so they are made once and kept.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use clap::Args;
use serde::Deserialize;

use crate::command::{cargo, output, run};
use crate::download::{self, Member};
use crate::files;
use crate::progress::step;

const MANIFEST: &str = "crates/card-front/fonts.toml";
const SOURCE: &str = "crates/card-front/src";
const FONTS: &str = "crates/card-front/files/fonts";
const STAMP: &str = "crates/card-front/files/.stamp";

/// The two networks, as the pages get them; git ignores it.
pub(crate) const MODEL: &str = "crates/card-front/files/card-front.net";

/// How much to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Cards to read, each in up to twenty frames
    #[arg(long, default_value_t = 2000)]
    cards: u32,
    /// Train without the fonts whose name begins like this, and measure with them only: such as BIZ
    #[arg(long, value_name = "NAME")]
    hold_out: Option<String>,
}

/// The manifest.
#[derive(Deserialize)]
struct Manifest {
    package: Vec<Package>,
}

/// A package of fonts.
#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    sha256: String,
    file: Vec<Member>,
}

/// Fetches the fonts and trains the networks, unless that was done with the same fonts and code.
///
/// # Errors
/// When npm is missing, the network fails, the disk is full, a hash differs, or training fails.
pub(crate) fn card_front() -> Result<()> {
    let _lock = files::lock("xtask-card-front")?;
    let manifest = files::read_text(Path::new(MANIFEST))?;
    let mut all = manifest.clone();
    for file in files::walk(Path::new(SOURCE))? {
        all.push_str(&files::read_text(&file)?);
    }
    let stamp = files::sha256(all.as_bytes());
    if files::has_stamp(Path::new(STAMP), &stamp) && Path::new(MODEL).exists() {
        return Ok(());
    }
    fonts(&toml::from_str(&manifest).with_context(|| format!("{MANIFEST} is not as expected"))?)?;
    step("train the reader of card fronts", || {
        let fresh = format!("{MODEL}.part");
        match std::fs::remove_file(&fresh) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error)?,
            _ => {}
        }
        run(program().args(["--cards", "0", "--model", &fresh]))?;
        std::fs::rename(&fresh, MODEL).with_context(|| format!("cannot write {MODEL}"))
    })?;
    files::write_atomically(Path::new(STAMP), stamp.as_bytes())
}

/// Each font, unless it is there.
fn fonts(manifest: &Manifest) -> Result<()> {
    manifest.package.iter().try_for_each(|package| {
        download::keep(&package.name, Path::new(FONTS), &package.file, || {
            download::npm_package(&package.name, &package.version, &package.sha256)
        })
    })
}

/// Measures and prints.
///
/// # Errors
/// When the reader cannot be made or the program fails.
pub(crate) fn measure(options: &Options) -> Result<()> {
    card_front()?;
    let mut program = program();
    program.args(["--cards", &options.cards.to_string()]);
    match &options.hold_out {
        Some(name) => program.args(["--hold-out", name]),
        None => program.args(["--model", MODEL]),
    };
    if options.json {
        program.arg("--json");
    }
    print!("{}", output(&mut program)?);
    Ok(())
}

fn program() -> Command {
    let mut program = cargo();
    program.args(["run", "--release", "--quiet", "--package", "card-front"]);
    program.args(["--features", "render", "--bin", "eval-card-front", "--", "--fonts", FONTS]);
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_manifest_can_be_read() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let text = files::read_text(&root.join(MANIFEST)).unwrap();
        let manifest: Manifest = toml::from_str(&text).unwrap();
        let fonts: Vec<&Member> =
            manifest.package.iter().flat_map(|package| &package.file).collect();
        assert!(fonts.len() > 4 && fonts.iter().all(|font| font.sha256.len() == 64));
    }
}
