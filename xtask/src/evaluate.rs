//! Measurements of the face pipeline on labelled pictures, natively, by the very code that the browser runs.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};

use crate::command::{cargo, show};
use crate::models;

/// How the reference picture reaches the pipeline.
#[derive(Clone, Copy, ValueEnum)]
enum Reference {
    /// As a card stores it: grey JPEG 2000, 378×472 px, a few kilobytes
    Card,
    /// Unchanged
    AsIs,
}

/// Pairs of a card photo and an attempt.
#[derive(Args)]
pub(crate) struct Face {
    /// CSV with the columns `a,b,same`: card photo, one probe or several separated by `|`, 1 or 0
    #[arg(long, value_name = "FILE.csv")]
    pairs: PathBuf,
    /// The folder that the paths in the list start from
    #[arg(long, value_name = "DIR")]
    root: PathBuf,
    /// How `a` reaches the pipeline
    #[arg(long, value_enum, default_value_t = Reference::Card)]
    reference: Reference,
    /// Also compare every card photo with every attempt; who is who is read from names like `Some_Name_0007.jpg`
    #[arg(long)]
    cross: bool,
    /// Where the figures go; the plots go beside it as `.det.svg` and `.histogram.svg`
    #[arg(long, value_name = "OUT")]
    json: PathBuf,
}

/// Genuine presentations and attacks.
#[derive(Args)]
pub(crate) struct Pad {
    /// CSV with the columns `path,label,species`: one picture or several in order separated by `|`, `live` or `attack`
    #[arg(long, value_name = "FILE.csv", requires = "root", required_unless_present = "staged")]
    list: Option<PathBuf>,
    /// The folder that the paths in the list start from
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Instead of a list: play people and attacks drawn from the JPEG portraits in this folder, who hear the challenges
    #[arg(long, value_name = "PORTRAITS", conflicts_with = "list")]
    staged: Option<PathBuf>,
    /// How many of each kind are played with each portrait
    #[arg(long, value_name = "COUNT", default_value_t = 12, requires = "staged")]
    count: u32,
    /// Play only this kind: `live` or the name of a species
    #[arg(long, value_name = "KIND", requires = "staged")]
    only: Option<String>,
    /// Where the figures go
    #[arg(long, value_name = "OUT")]
    json: PathBuf,
}

/// Error rates of the comparison (ISO/IEC 19795-1).
///
/// # Errors
/// When a preparation fails, or the list or a picture cannot be used.
pub(crate) fn face(options: &Face, from: &Path) -> Result<()> {
    let reference = match options.reference {
        Reference::Card => "card",
        Reference::AsIs => "as-is",
    };
    let mut program = program("face")?;
    program.arg(existing(from, &options.pairs)?).arg(existing(from, &options.root)?);
    program.arg(reference).arg(from.join(&options.json));
    program.args(options.cross.then_some("cross"));
    show(&mut program)
}

/// Error rates of the detection of attacks (ISO/IEC 30107-3).
///
/// # Errors
/// When a preparation fails, or the list or a picture cannot be used.
pub(crate) fn pad(options: &Pad, from: &Path) -> Result<()> {
    let mut program = if let Some(portraits) = &options.staged {
        let mut program = program("staged")?;
        program.arg(existing(from, portraits)?).arg(options.count.to_string());
        program
    } else {
        let (Some(list), Some(root)) = (&options.list, &options.root) else {
            bail!("say --list and --root, or --staged");
        };
        let mut program = program("pad")?;
        program.arg(existing(from, list)?).arg(existing(from, root)?);
        program
    };
    show(program.arg(from.join(&options.json)).args(&options.only))
}

/// The program of the face crate, built optimised.
fn program(what: &str) -> Result<Command> {
    models::models()?;
    let mut program = cargo();
    program.args([
        "run",
        "--quiet",
        "--profile",
        "measure",
        "--package",
        "face",
        "--example",
        "evaluate",
    ]);
    program.args(["--", what]);
    Ok(program)
}

/// Said before minutes of building are spent.
fn existing(from: &Path, path: &Path) -> Result<PathBuf> {
    let full = from.join(path);
    if !full.try_exists().with_context(|| format!("cannot look at {}", full.display()))? {
        bail!("there is no {}", full.display());
    }
    Ok(full)
}
