//! `eligibility-terminal`: answers request files with invented people, in place of a 資格確認端末.

use clap::Parser;
use eligibility_terminal::{Pace, Service};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Answers `OQSsiquc01req_*.xml` in FOLDER/req by `OQSsiquc01res_*.xml` in FOLDER/res, with invented people.
///
/// For practice and for makers of receipt computers: it stands in the place of the official program of a 資格確認端末, as far as
/// that is publicly known, and is not that program. It runs until Ctrl-C.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Folder with `req` and `res`, which are made if they are not there
    folder: PathBuf,
    /// Answer after so many milliseconds [default: 3000 to 7000, by the seed]
    #[arg(long, value_name = "N", conflicts_with = "seed")]
    delay_ms: Option<u64>,
    /// Which delays between 3 and 7 s
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let pace = options
        .delay_ms
        .map_or(Pace::Usual(options.seed), |ms| Pace::Fixed(Duration::from_millis(ms)));
    match Service::open(&options.folder, pace) {
        Ok(mut service) => {
            println!("answering in {} with invented people", options.folder.display());
            service.run(&AtomicBool::new(false), |line| println!("{line}"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("eligibility-terminal: {error}");
            ExitCode::FAILURE
        }
    }
}
