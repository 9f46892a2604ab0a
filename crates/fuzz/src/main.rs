//! The runner: mutates the corpus, counts, and stops at the first input that is not survived.

use clap::Parser;
use fuzz::{Dice, MAX_INPUT, TARGETS, Target, corpus, corpus_folder, mutate, seeds};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Feeds hostile bytes to everything that reads what a card says.
#[derive(Parser)]
struct Options {
    /// Only this target
    #[arg(long)]
    target: Option<String>,
    /// Executions over all targets
    #[arg(long, default_value_t = 1_000_000)]
    executions: u64,
    /// Seconds after which a target that is slow is left
    #[arg(long, default_value_t = 120)]
    seconds: u64,
    /// Another run with another seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write good inputs into the corpus and stop
    #[arg(long)]
    seeds: bool,
}

/// An input that takes longer hangs a kiosk.
const LONGEST: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let options = Options::parse();
    let chosen: Vec<&Target> = TARGETS
        .iter()
        .filter(|target| options.target.as_deref().is_none_or(|name| name == target.name))
        .collect();
    if options.seeds {
        return write_seeds(&chosen);
    }
    let each = options.executions / u64::try_from(chosen.len().max(1)).unwrap_or(1);
    let all = AtomicU64::new(0);
    let broken = AtomicU64::new(0);
    for target in chosen {
        let begun = Instant::now();
        let deadline = begun + Duration::from_secs(options.seconds);
        let done = run(target, each, options.seed, deadline, &broken);
        all.fetch_add(done, Ordering::Relaxed);
        println!(
            "{:<12} {done:>10} executions in {:.1} s",
            target.name,
            begun.elapsed().as_secs_f64()
        );
    }
    let broken = broken.load(Ordering::Relaxed);
    println!("{} executions, {broken} not survived", all.load(Ordering::Relaxed));
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run(target: &Target, executions: u64, seed: u64, deadline: Instant, broken: &AtomicU64) -> u64 {
    let mut inputs = corpus(target.name).unwrap_or_default();
    inputs.push(Vec::new());
    // Keys are made once, which would look like a slow input.
    for input in &inputs {
        (target.run)(input);
    }
    let mut dice = Dice::new(seed);
    for done in 0..executions {
        if Instant::now() > deadline {
            return done;
        }
        let mut input = inputs[dice.below(inputs.len())].clone();
        let other = dice.below(inputs.len());
        mutate(&mut dice, &mut input, &inputs[other], MAX_INPUT);
        let begun = Instant::now();
        let survived = catch_unwind(AssertUnwindSafe(|| (target.run)(&input))).is_ok();
        if !survived || begun.elapsed() > LONGEST {
            let count = broken.fetch_add(1, Ordering::Relaxed);
            let path = corpus_folder(target.name).join(format!("found-{seed}-{done}"));
            let _ = std::fs::write(&path, &input);
            eprintln!("{}: not survived, kept as {}", target.name, path.display());
            if count > 4 {
                return done;
            }
        }
    }
    executions
}

fn write_seeds(targets: &[&Target]) -> ExitCode {
    for target in targets {
        let folder = corpus_folder(target.name);
        for (number, seed) in seeds(target.name).iter().enumerate() {
            let written = std::fs::create_dir_all(&folder)
                .and_then(|()| std::fs::write(folder.join(format!("seed-{number:02}")), seed));
            if let Err(error) = written {
                eprintln!("{}: {error}", folder.display());
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
