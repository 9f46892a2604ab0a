//! One bridge with many kiosks: what a kiosk costs, and how long a page waits for the answer to an act while all of them are in
//! use, beside a kiosk that is alone. People begin one after another, within the time that a question has to be up before it can be
//! answered: in a real site nobody lays a card down in the same millisecond at each of 50 kiosks.
//!
//! The kiosks practise: everything is real but the card, which is a program. `cargo xtask bench site [--json]` builds the
//! program that is measured.

mod kiosk;
mod program;

use anyhow::{Context as _, Result, bail};
use kiosk::Kiosk;
use program::Program;
use protocol::ACTS_AFTER_MS;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A kiosk that is alone sees so many times the visits of each one among others: a median and a 99th of 100 need some acts.
const ALONE: u32 = 4;

struct Options {
    bridge: PathBuf,
    kiosks: u32,
    visits: u32,
    json: bool,
}

impl Options {
    fn parse() -> Result<Self> {
        let mut options = Self { bridge: PathBuf::new(), kiosks: 50, visits: 3, json: false };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().with_context(|| format!("{argument} what?"));
            match argument.as_str() {
                "--bridge" => options.bridge = value()?.into(),
                "--kiosks" => options.kiosks = value()?.parse()?,
                "--visits" => options.visits = value()?.parse()?,
                "--json" => options.json = true,
                _ => bail!("--bridge FILE [--kiosks N] [--visits N] [--json]"),
            }
        }
        if options.kiosks < 2 || options.visits == 0 {
            bail!("with fewer than two kiosks, or without visits, there is nothing to compare");
        }
        Ok(options)
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse()?;
    let alone = measure(&options.bridge, 1, ALONE * options.visits).await.context("one kiosk")?;
    let site =
        measure(&options.bridge, options.kiosks, options.visits).await.context("all kiosks")?;
    let further = f64::from(options.kiosks - 1);
    let all = json!({
        "alone": alone.report(),
        "site": site.report(),
        "kb_per_kiosk": {
            "idle": (site.idle_kb - alone.idle_kb) / further,
            "in_use": (site.used_kb - alone.used_kb) / further,
        },
        "ratio": {
            "view_p50": site.view(500) / alone.view(500),
            "view_p99": site.view(990) / alone.view(990),
        },
    });
    if options.json {
        println!("{all:#}");
    } else {
        print_table(&all);
    }
    Ok(())
}

fn print_table(all: &Value) {
    for group in ["alone", "site", "kb_per_kiosk", "ratio"] {
        for (name, value) in all[group].as_object().into_iter().flatten() {
            println!(
                "{:<28} {:>10.2}",
                format!("{group}.{name}"),
                value.as_f64().unwrap_or(f64::NAN)
            );
        }
    }
}

/// What was measured with so many kiosks.
struct Measured {
    kiosks: u32,
    /// Memory of the program with a page at each kiosk, before the first visit, in 1,000 bytes.
    idle_kb: f64,
    /// The most that it ever had.
    used_kb: f64,
    /// From an act to the view that answers it, shortest first.
    views: Vec<Duration>,
    visits: u32,
    took: Duration,
}

impl Measured {
    /// Milliseconds that so many of 1,000 acts waited at most.
    fn view(&self, per_mille: usize) -> f64 {
        let at = (self.views.len() * per_mille).div_ceil(1000);
        self.views[at - 1].as_secs_f64() * 1000.0
    }

    fn report(&self) -> Value {
        json!({
            "kiosks": self.kiosks,
            "visits": self.visits,
            "visits_per_s": f64::from(self.visits) / self.took.as_secs_f64(),
            "acts": self.views.len(),
            "view_ms_p50": self.view(500),
            "view_ms_p99": self.view(990),
            "view_ms_most": self.view(1000),
            "idle_kb": self.idle_kb,
            "used_kb": self.used_kb,
        })
    }
}

async fn measure(bridge: &Path, count: u32, visits: u32) -> Result<Measured> {
    let program = Program::start(bridge, count)?;
    let mut kiosks = Vec::new();
    for base in program.bases() {
        kiosks.push(Kiosk::open(&program, base).await?);
    }
    let idle_kb = program.memory("VmRSS")?;
    let begun = Instant::now();
    let all: Vec<_> = (0..)
        .zip(kiosks)
        .map(|(at, mut kiosk)| {
            let comes = Duration::from_millis(u64::from(ACTS_AFTER_MS)) * at / count;
            tokio::spawn(async move {
                tokio::time::sleep(comes).await;
                for _ in 0..visits {
                    kiosk.visit().await?;
                }
                anyhow::Ok(kiosk.waited)
            })
        })
        .collect();
    let mut views = Vec::new();
    for kiosk in all {
        views.extend(kiosk.await??);
    }
    let took = begun.elapsed();
    views.sort_unstable();
    let used_kb = program.memory("VmHWM")?;
    Ok(Measured { kiosks: count, idle_kb, used_kb, views, visits: visits * count, took })
}
