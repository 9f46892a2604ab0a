//! Random visits in great number: `simulate --visits 100000 --seed 1`. Stops at the first broken rule,
//! and shows the journal of that visit. `--only SEED` shows one visit.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use jiff::Timestamp;
use serde::Serialize;
use simulation::{Count, Role, Summary, World};

/// Whole visits under virtual time, with faults.
#[derive(Parser)]
struct Options {
    /// How many
    #[arg(long, default_value_t = 10_000)]
    visits: u64,
    /// Seed of the first visit; the next ones follow it
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Keep everything in the bridge's own store and outbox, with a crash, a full disk, a stuck folder or
    /// a stuck gateway in one visit of ten, and count what is on the disk afterwards
    #[arg(long)]
    faults: bool,
    /// Print the distribution as JSON
    #[arg(long)]
    json: bool,
    /// Show the journal of the visit with this seed; with `--faults` of the one with its trouble
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
    /// How many people were identified so.
    methods: BTreeMap<String, u64>,
    /// Reception numbers given.
    numbers: u64,
    /// Questions that went on in the background.
    parked: u64,
    /// Acts of a person.
    acts: Spread,
    /// Screens shown.
    screens: Spread,
    /// Time spent waiting for machines, in milliseconds.
    machine_ms: Spread,
    /// From the placed card until the kiosk was free and nothing was parked, in milliseconds.
    took_ms: Spread,
    /// Answers and acts that came too late to mean anything, in all.
    dropped: u64,
    /// What was on the disk afterwards, with `--faults`.
    kept: Option<Count>,
    /// Real time that the computation took, in milliseconds.
    computed_ms: u64,
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

#[expect(
    clippy::disallowed_methods,
    reason = "tells how long the computing took; the visits do not see it"
)]
fn main() -> ExitCode {
    let options = Options::parse();
    let start = "2026-11-23T09:00:00+09:00".parse().expect("a valid moment");
    let cast = Role::all(start);
    if let Some(seed) = options.only {
        println!("{}", journal(&options, &cast, start, seed));
        return ExitCode::SUCCESS;
    }
    let (begun, mut all) = (Instant::now(), Vec::new());
    for seed in options.seed..options.seed.saturating_add(options.visits) {
        let visit = if options.faults {
            World::random_kept(&cast, start, seed, kept::keeper)
        } else {
            World::random(&cast, start, seed)
        };
        match visit {
            Ok(summary) => all.push(summary),
            Err(broken) => {
                eprintln!("{broken}\n\n{}", journal(&options, &cast, start, seed));
                return ExitCode::FAILURE;
            }
        }
    }
    let computed_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let report = Report { computed_ms, ..report(&options, &all) };
    let text = if options.json { serde_json::to_string(&report) } else { Ok(table(&report)) };
    println!("{}", text.expect("numbers and names are JSON"));
    ExitCode::SUCCESS
}

fn journal(options: &Options, cast: &[Role], start: Timestamp, seed: u64) -> String {
    if options.faults {
        let journal = World::replay_kept(cast, start, seed, kept::keeper);
        journal.map_or_else(|error| error, |journal| journal.to_string())
    } else {
        World::replay(cast, start, seed).to_string()
    }
}

fn report(options: &Options, all: &[Summary]) -> Report {
    let count = |names: &mut dyn Iterator<Item = String>| {
        let mut counted = BTreeMap::new();
        names.for_each(|name| *counted.entry(name).or_insert(0) += 1);
        counted
    };
    let outcomes = all.iter().flat_map(|summary| &summary.outcomes);
    let methods = all.iter().flat_map(|summary| &summary.methods);
    let spread = |number: fn(&Summary) -> u64| Spread::of(all.iter().map(number).collect());
    Report {
        visits: options.visits,
        seed: options.seed,
        outcomes: count(&mut outcomes.map(|outcome| format!("{outcome:?}"))),
        methods: count(&mut methods.map(|method| format!("{method:?}"))),
        numbers: all.iter().map(|summary| u64::from(summary.numbers)).sum(),
        parked: all.iter().map(|summary| u64::from(summary.parked)).sum(),
        acts: spread(|summary| summary.acts.into()),
        screens: spread(|summary| summary.screens.into()),
        machine_ms: spread(|summary| summary.machine_ms),
        took_ms: spread(|summary| summary.took_ms),
        dropped: all.iter().map(|summary| summary.dropped).sum(),
        kept: options
            .faults
            .then(|| all.iter().map(|summary| summary.kept).fold(Count::default(), Count::and)),
        computed_ms: 0,
    }
}

fn table(report: &Report) -> String {
    let mut lines =
        vec![format!("{} visits from seed {}: no rule broken", report.visits, report.seed)];
    lines.extend(report.outcomes.iter().map(|(outcome, number)| format!("{number:>8}  {outcome}")));
    let methods = report.methods.iter().map(|(method, number)| format!("{number:>8}  by {method}"));
    lines.extend(methods);
    lines.push(format!("{:>8}  reception numbers", report.numbers));
    lines.push(format!("{:>8}  questions in the background", report.parked));
    for (name, spread) in [
        ("acts", &report.acts),
        ("screens", &report.screens),
        ("machine ms", &report.machine_ms),
        ("took ms", &report.took_ms),
    ] {
        let Spread { median, ninety_percent, most } = spread;
        lines.push(format!("{name}: median {median}, 90 % {ninety_percent}, most {most}"));
    }
    if let Some(kept) = &report.kept {
        let Count { crashes, troubled, confirmed, one_file, by_hand, told_again, .. } = kept;
        lines.push(format!("{crashes} crashes; {troubled} visits with a full disk, a stuck folder or a stuck system"));
        lines.push(format!("{confirmed} confirmed visits: {one_file} with one file, {by_hand} by hand, {told_again} told again after a withdrawal or a late answer"));
        lines.push(format!(
            "{} consents, {} audit lines about them",
            kept.consents, kept.consent_lines
        ));
    }
    lines.push(format!("dropped: {}; computed in {} ms", report.dropped, report.computed_ms));
    lines.join("\n")
}
