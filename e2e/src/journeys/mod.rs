//! The journeys of the first check-in. Each is one function; [`run`] gives every one a fresh stage.

mod face;
mod people;
mod pin;
mod pulled;
mod restart;
mod results;
mod screens;
mod worker;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use virtual_card::harness::Pcscd;

use crate::camera::{BIDEN, OBAMA_3, Portrait};
use crate::kiosk::LOADING;
use crate::stage::Stage;

/// Longest time for one journey.
const DEADLINE: Duration = Duration::from_mins(10);

/// One journey.
struct Journey {
    /// Letter for `--only`.
    letter: char,
    /// What it proves.
    title: &'static str,
    /// Who stands before the camera.
    person: &'static Portrait,
}

const JOURNEYS: [Journey; 9] = [
    Journey {
        letter: 'a',
        title: "the same person, another photo: matched, result file written",
        person: &OBAMA_3,
    },
    Journey {
        letter: 'b',
        title: "another person: never matched, PIN and staff offered, no lock-out",
        person: &BIDEN,
    },
    Journey { letter: 'c', title: "the PIN", person: &OBAMA_3 },
    Journey {
        letter: 'd',
        title: "a wrong PIN twice: tries shown, stops at the last one",
        person: &OBAMA_3,
    },
    Journey {
        letter: 'e',
        title: "the card pulled in every step: nothing personal shown within a second, nothing left",
        person: &OBAMA_3,
    },
    Journey {
        letter: 'f',
        title: "the bridge killed and started again: the page recovers by itself",
        person: &OBAMA_3,
    },
    Journey { letter: 'g', title: "tablet, large type and English", person: &OBAMA_3 },
    Journey {
        letter: 'h',
        title: "ten people who differ, each to an end that can be claimed",
        person: &OBAMA_3,
    },
    Journey {
        letter: 'i',
        title: "the face worker hangs and crashes: another one goes on within a second",
        person: &BIDEN,
    },
];

/// Runs all journeys, or the one with the letter `only`, and prints how each went.
///
/// # Errors
/// When one failed, or the reader cannot be set up.
pub async fn run(only: Option<char>) -> Result<()> {
    if only.is_some_and(|letter| JOURNEYS.iter().all(|journey| journey.letter != letter)) {
        bail!("there is no journey {}: choose one of a to i", only.unwrap_or_default());
    }
    let pcscd = Pcscd::start()?;
    let (mut passed, mut failed) = (0, 0);
    for journey in
        JOURNEYS.iter().filter(|journey| only.is_none_or(|letter| letter == journey.letter))
    {
        println!("({}) {}", journey.letter, journey.title);
        let began = Instant::now();
        let outcome = walk(&pcscd, journey).await;
        let seconds = began.elapsed().as_secs_f64();
        match outcome {
            Ok(()) => {
                passed += 1;
                println!("  ok, {seconds:.1} s");
            }
            Err(error) => {
                failed += 1;
                println!("  FAILED after {seconds:.1} s: {error:#}");
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 { Ok(()) } else { bail!("{failed} of the journeys failed") }
}

async fn walk(pcscd: &Pcscd, journey: &Journey) -> Result<()> {
    let mut stage = Stage::set(pcscd, &journey.letter.to_string(), journey.person).await?;
    let walked = tokio::time::timeout(DEADLINE, step(journey.letter, &mut stage)).await;
    let outcome = match walked {
        Ok(Ok(())) => check_console(&stage, journey.letter),
        Ok(Err(error)) => Err(error),
        Err(_) => bail!("longer than {} s\n{}", DEADLINE.as_secs(), stage.confess().await),
    };
    match outcome {
        Ok(()) => Ok(()),
        Err(error) => bail!("{error:#}\n{}", stage.confess().await),
    }
}

async fn step(letter: char, stage: &mut Stage) -> Result<()> {
    stage.kiosk.at("idle", LOADING).await?;
    match letter {
        'a' => face::same_person(stage).await,
        'b' => face::another_person(stage).await,
        'c' => pin::right(stage).await,
        'd' => pin::wrong_twice(stage).await,
        'e' => pulled::in_every_step(stage).await,
        'f' => restart::mid_visit(stage).await,
        'h' => people::each_to_an_end(stage).await,
        'i' => worker::hangs_and_crashes(stage).await,
        _ => screens::sizes_and_languages(stage).await,
    }
}

/// A screen that works but complains is a failure, too.
fn check_console(stage: &Stage, letter: char) -> Result<()> {
    let bad = |line: &&String| {
        line.starts_with("exception:") || line.starts_with("error:") || line.contains("crashed")
    };
    // A killed bridge makes the browser report refused connections and broken downloads, which is journey f's point; a
    // worker that fails on purpose is journey i's.
    let expected: &[&str] = match letter {
        'f' => &["net::ERR_", "WebSocket connection to", "Failed to fetch", "Importing a module"],
        'i' => &["face worker: ", "on purpose"],
        _ => &[],
    };
    let console = stage.kiosk.page.console();
    let is_expected = |line: &&String| expected.iter().any(|text| line.contains(text));
    let complaints: Vec<&String> =
        console.iter().filter(bad).filter(|line| !is_expected(line)).collect();
    if complaints.is_empty() {
        return Ok(());
    }
    bail!("the page complained: {complaints:?}")
}
