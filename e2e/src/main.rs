//! `e2e first-check-in` walks the journeys, `e2e bench check-in` measures. Usually called by `cargo xtask`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};
use e2e::{bench, journeys};

/// Browser journeys against the real stack.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

/// What to do.
#[derive(Subcommand)]
enum Task {
    /// Walk the journeys of the first check-in; screenshots go to target/e2e/screens
    FirstCheckIn {
        /// Letter of the one journey to walk, as listed while they are walked
        journey: Option<char>,
    },
    /// Take pictures of every example view in every size, to be looked at; they go to target/e2e/look
    Look,
    /// Measure
    Bench {
        /// What to measure
        #[arg(value_enum)]
        subject: Subject,
        /// Print JSON instead of lines
        #[arg(long)]
        json: bool,
        /// JSON file with the sizes of the wasm files, to be part of the report
        #[arg(long, value_name = "FILE")]
        wasm_sizes: Option<PathBuf>,
    },
}

/// What can be measured.
#[derive(Clone, Copy, ValueEnum)]
enum Subject {
    /// Time per step, memory, loading
    CheckIn,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse().task).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("e2e: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(task: Task) -> Result<()> {
    match task {
        Task::FirstCheckIn { journey } => journeys::run(journey).await,
        Task::Look => journeys::look::run().await,
        Task::Bench { subject: Subject::CheckIn, json, wasm_sizes } => {
            let mut measured = bench::check_in().await?;
            if let Some(file) = wasm_sizes {
                bench::add_wasm_sizes(&mut measured, &file)?;
            }
            if json {
                println!("{}", serde_json::to_string_pretty(&measured)?);
            } else {
                measured.iter().for_each(|(key, value)| println!("{key}: {value}"));
            }
            Ok(())
        }
    }
}
