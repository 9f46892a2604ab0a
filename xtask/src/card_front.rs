//! The reader of card fronts, trained on drawn cards and measured on others. Needs the Debian package `fonts-noto-cjk`.

use anyhow::Result;
use clap::Args;

use crate::command::{cargo, output};

/// How much to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Cards to read, each in up to twenty frames
    #[arg(long, default_value_t = 2000)]
    cards: u32,
}

/// Trains, measures and prints.
///
/// # Errors
/// When the program cannot be built or finds no font.
pub(crate) fn measure(options: &Options) -> Result<()> {
    let mut program = cargo();
    program.args([
        "run",
        "--release",
        "--quiet",
        "--package",
        "card-front",
        "--features",
        "render",
    ]);
    program.args(["--bin", "eval-card-front", "--", "--cards", &options.cards.to_string()]);
    if options.json {
        program.arg("--json");
    }
    print!("{}", output(&mut program)?);
    Ok(())
}
