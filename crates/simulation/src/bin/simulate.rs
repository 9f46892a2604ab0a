//! Random visits in great number: `simulate --visits 100000 --seed 1`. Stops at the first broken rule,
//! and shows the journal of that visit. `--only SEED` shows one visit.

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::Parser;
use serde::Serialize;
use simulation::{Role, Summary, World};

/// Whole visits under virtual time, with faults.
#[derive(Parser)]
struct Options {
    /// How many
    #[arg(long, default_value_t = 10_000)]
    visits: u64,
    /// Seed of the first visit; the next ones follow it
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Print the distribution as JSON
    #[arg(long)]
    json: bool,
    /// Show the journal of the visit with this seed
    #[arg(long, conflicts_with_all = ["visits", "seed", "json"])]
    only: Option<u64>,
}

/// The distribution.
#[derive(Default, Serialize)]
struct Report {
    visits: u64,
    seed: u64,
    /// How many visits ended so; a card that was placed again began another visit.
    outcomes: BTreeMap<String, u64>,
    /// Acts of a person.
    acts: Spread,
    /// Screens shown.
    screens: Spread,
    /// Time spent waiting for machines, in milliseconds.
    machine_ms: Spread,
    /// Answers and acts that came too late to mean anything, in all.
    dropped: u64,
}

/// Of one number over all visits.
#[derive(Default, Serialize)]
struct Spread {
    median: u64,
    ninety_percent: u64,
    most: u64,
}

impl Spread {
    fn of(mut numbers: Vec<u64>) -> Self {
        numbers.sort_unstable();
        let at = |part: usize| numbers.get(numbers.len() * part / 100).copied().unwrap_or_default();
        Self { median: at(50), ninety_percent: at(90), most: numbers.last().copied().unwrap_or(0) }
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    let cast = Role::all();
    let start = "2026-11-23T09:00:00+09:00".parse().expect("a valid moment");
    if let Some(seed) = options.only {
        println!("{}", World::replay(&cast, start, seed));
        return ExitCode::SUCCESS;
    }
    let mut all = Vec::new();
    for seed in options.seed..options.seed.saturating_add(options.visits) {
        match World::random(&cast, start, seed) {
            Ok(summary) => all.push(summary),
            Err(broken) => {
                eprintln!("{broken}\n\n{}", World::replay(&cast, start, seed));
                return ExitCode::FAILURE;
            }
        }
    }
    let report = report(&options, &all);
    let text = if options.json { serde_json::to_string(&report) } else { Ok(table(&report)) };
    println!("{}", text.expect("numbers and names are JSON"));
    ExitCode::SUCCESS
}

fn report(options: &Options, all: &[Summary]) -> Report {
    let mut outcomes = BTreeMap::new();
    for outcome in all.iter().flat_map(|summary| &summary.outcomes) {
        *outcomes.entry(format!("{outcome:?}")).or_insert(0) += 1;
    }
    let spread = |number: fn(&Summary) -> u64| Spread::of(all.iter().map(number).collect());
    Report {
        visits: options.visits,
        seed: options.seed,
        outcomes,
        acts: spread(|summary| summary.acts.into()),
        screens: spread(|summary| summary.screens.into()),
        machine_ms: spread(|summary| summary.machine_ms),
        dropped: all.iter().map(|summary| summary.dropped).sum(),
    }
}

fn table(report: &Report) -> String {
    let mut lines =
        vec![format!("{} visits from seed {}: no rule broken", report.visits, report.seed)];
    lines.extend(report.outcomes.iter().map(|(outcome, number)| format!("{number:>8}  {outcome}")));
    for (name, spread) in
        [("acts", &report.acts), ("screens", &report.screens), ("machine ms", &report.machine_ms)]
    {
        let Spread { median, ninety_percent, most } = spread;
        lines.push(format!("{name}: median {median}, 90 % {ninety_percent}, most {most}"));
    }
    lines.push(format!("dropped: {}", report.dropped));
    lines.join("\n")
}
