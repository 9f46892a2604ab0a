//! `cargo xtask test`: every check in one go, with a table of seconds and one line of counts at the end.

mod count;
mod stages;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

use crate::progress::seconds;
use crate::{e2e, web};
use count::Count;

/// Which stages.
#[derive(Args)]
pub(crate) struct Options {
    /// Only the stages whose name contains this
    name: Option<String>,
}

/// What one stage did.
struct Row {
    name: &'static str,
    took: Duration,
    count: Count,
    error: Option<String>,
}

/// Prepares, runs the stages, prints the table. A failing stage does not stop the others.
///
/// # Errors
/// When a preparation fails, no stage has that name, or anything failed.
pub(crate) fn test(options: &Options) -> Result<()> {
    let wanted = options.name.as_deref().unwrap_or_default();
    let is_exact = stages::STAGES.iter().any(|(name, _)| *name == wanted);
    let is_wanted = |name: &str| if is_exact { name == wanted } else { name.contains(wanted) };
    let stages: Vec<_> = stages::STAGES.iter().filter(|(name, _)| is_wanted(name)).collect();
    if stages.is_empty() {
        let names: Vec<_> = stages::STAGES.iter().map(|(name, _)| *name).collect();
        bail!("no stage is called `{wanted}`; there are: {}", names.join(", "));
    }
    let start = Instant::now();
    e2e::prepare(web::Options::default())?;
    let mut rows = vec![Row {
        name: "prepare",
        took: start.elapsed(),
        count: Count { passed: 1, failed: 0 },
        error: None,
    }];
    for (name, stage) in stages {
        eprintln!("\n▸ {name} …");
        let start = Instant::now();
        let (count, error) = stage();
        rows.push(Row {
            name,
            took: start.elapsed(),
            count,
            error: error.map(|error| format!("{error:#}")),
        });
    }
    report(&rows)
}

fn report(rows: &[Row]) -> Result<()> {
    let mut total = Count::default();
    println!("\n{:<14} {:>9} {:>8} {:>8}", "stage", "time", "passed", "failed");
    for row in rows {
        println!(
            "{:<14} {:>9} {:>8} {:>8}",
            row.name,
            seconds(row.took),
            row.count.passed,
            row.count.failed
        );
        total = total + row.count;
    }
    println!("{:<14} {:>9}\n", "total", seconds(rows.iter().map(|row| row.took).sum()));
    for row in rows {
        if let Some(error) = &row.error {
            println!("{}: {error}", row.name);
        }
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 {
        bail!("{} failed; `cargo xtask test NAME` repeats one stage", total.failed);
    }
    Ok(())
}
