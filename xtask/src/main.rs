//! Everything that a developer types: `cargo xtask run` and `cargo xtask test` set up a fresh machine by themselves.
//!
//! Start with `run.rs` or `test.rs`; each stage has a module of its own. Nothing here needs a system library, because
//! this program is what installs them.

mod apt;
mod bench;
mod bench_face;
mod card_front;
mod command;
mod compress;
mod dist;
mod download;
mod e2e;
mod evaluate;
mod files;
mod font;
mod models;
mod npm;
mod pcscd;
mod portraits;
mod progress;
mod run;
mod rustup;
mod setup;
mod terminal;
mod test;
mod tidy;
mod voice;
mod wasm;
mod wasm_opt;
mod web;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};

/// Tasks of Uketsuke: set up, build, run, test, measure.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

/// One task.
#[derive(Subcommand)]
enum Task {
    /// Install what is missing, saying what and why first
    Setup {
        /// What the machine is wanted for
        #[arg(long = "for", value_enum, default_value_t = setup::Purpose::Run)]
        purpose: setup::Purpose,
    },
    /// Fetch, verify and prepare the face models
    Models,
    /// Fetch and verify the font of printed pages
    Font,
    /// Fetch fonts and train the reader of card fronts
    CardFront,
    /// Fetch the voice and speak the sentences of the screens
    Voice,
    /// Fetch and verify the public-domain portraits that the tests use
    Portraits,
    /// Build the pages and the face worker into `dist/`
    Web(web::Options),
    /// Set up, build, start the bridge on loopback and print its address
    Run(run::Options),
    /// Set up and run every test, or the stages whose name contains NAME
    Test(test::Options),
    /// Check dependency rules, forbidden words, documents in step and sizes
    Tidy {
        /// Record the present state of the protocol as documented
        #[arg(long)]
        bless: bool,
    },
    /// Run a browser journey against the real stack
    E2e(e2e::Options),
    /// Random visits under virtual time, with faults (`--visits N --seed S --json`, `--only SEED`)
    Simulate {
        /// Passed on to the simulation
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Kill the bridge at random moments of visits, also on a full disk, and count what is on the disk afterwards
    Kills {
        /// How often; a fifth of it on a small disk
        #[arg(long, default_value_t = 500)]
        times: u32,
    },
    /// Measure the reader of card fronts on drawn ones
    EvalCardFront(card_front::Options),
    /// Measure (`check-in`, `card`, `face`, `gateway`, `oqs`, `site`, `store`)
    Bench(bench::Options),
    /// Error rates of the face comparison on labelled pairs of pictures
    EvalFace(evaluate::Face),
    /// Error rates of the detection of presentation attacks on labelled pictures
    EvalPad(evaluate::Pad),
}

fn main() -> ExitCode {
    match enter_root().and_then(|from| dispatch(Cli::parse().task, &from)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nStopped: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Every path of this program is relative to the root of the repository. Gives the folder that it was called from, for
/// paths that a person typed.
fn enter_root() -> anyhow::Result<PathBuf> {
    let from = std::env::current_dir().context("the current folder is gone")?;
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent folder")?;
    std::env::set_current_dir(root).with_context(|| format!("cannot enter {}", root.display()))?;
    Ok(from)
}

fn dispatch(task: Task, from: &Path) -> anyhow::Result<()> {
    match task {
        Task::Setup { purpose } => setup::setup(purpose),
        Task::Models => models::models(),
        Task::Font => font::font(),
        Task::CardFront => card_front::card_front(),
        Task::Voice => voice::voice(),
        Task::Portraits => portraits::portraits(),
        Task::Web(options) => npm::install().and_then(|()| web::web(options)),
        Task::Run(options) => run::run(&options),
        Task::Test(options) => test::test(&options),
        Task::Tidy { bless } => tidy::tidy(bless),
        Task::E2e(options) => e2e::e2e(&options),
        Task::Simulate { options } => simulate(&options),
        Task::Kills { times } => kills(times),
        Task::EvalCardFront(options) => card_front::measure(&options),
        Task::Bench(options) => bench::bench(&options),
        Task::EvalFace(options) => evaluate::face(&options, from),
        Task::EvalPad(options) => evaluate::pad(&options, from),
    }
}

/// The test of the bridge that does it a few times, many times.
fn kills(times: u32) -> anyhow::Result<()> {
    let program = [
        "test",
        "--quiet",
        "--package",
        "bridge",
        "--test",
        "kiosk",
        "killed_",
        "--",
        "--nocapture",
    ];
    command::show(command::cargo().args(program).env("UKETSUKE_KILLS", times.to_string()))
}

fn simulate(options: &[String]) -> anyhow::Result<()> {
    let program = ["run", "--quiet", "--package", "kept", "--bin", "simulate", "--"];
    command::run(command::cargo().args(program).args(options))
}
