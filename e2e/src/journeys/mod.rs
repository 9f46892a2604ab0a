//! The journeys of the first check-in. Each is one function; [`run`] gives every one a fresh stage.

mod beside;
mod calls;
mod card_front;
mod dark;
mod eye;
mod face;
mod far;
mod helped;
mod languages;
pub mod look;
mod movements;
mod people;
mod pin;
mod pulled;
mod reception;
mod restart;
mod results;
mod screens;
mod settings;
mod staff;
mod terminal;
mod voice;
mod worker;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use ::face::Challenge;
use anyhow::{Result, bail};
use virtual_card::harness::Pcscd;

use crate::bridge::{Serves, Settings};
use crate::camera::{BIDEN, OBAMA_3, Portrait};
use crate::card_film;
use crate::head_film::{self, Moves};
use crate::kiosk::LOADING;
use crate::stage::{Stage, output};

/// Longest time for one journey.
const DEADLINE: Duration = Duration::from_mins(10);

/// One journey.
struct Journey {
    /// By which it is chosen on the command line.
    letter: char,
    /// What it proves.
    title: &'static str,
    /// Who stands before the camera.
    person: &'static Portrait,
    /// What the person does before it.
    acts: Acts,
}

/// What a person does before the camera.
#[derive(Clone, Copy, PartialEq)]
enum Acts {
    /// Looks into it.
    Looks,
    /// Shows the front of this practice card first.
    Shows(&'static str),
    /// Is a patient, and moves the head or does not.
    Moves(Moves),
}

impl Journey {
    /// What the camera sees.
    fn film(&self) -> Result<PathBuf> {
        let folder = output().join("films");
        match self.acts {
            Acts::Looks => self.person.film(&folder),
            Acts::Shows(persona) => {
                card_film::card_then_person(Stage::card(persona)?.holder(), self.person, &folder)
            }
            Acts::Moves(moves) => head_film::person_who(moves, self.person, &folder),
        }
    }

    fn settings(&self) -> Settings {
        match self.letter {
            't' => calls::SETTINGS,
            'u' => eye::SETTINGS,
            'w' => terminal::SETTINGS,
            'x' => beside::SETTINGS,
            _ => Settings::default(),
        }
    }

    fn serves(&self) -> Serves {
        let patients = matches!(self.acts, Acts::Moves(_)) || self.letter == 'x';
        if patients { Serves::Patients } else { Serves::Practice }
    }
}

const fn journey(letter: char, person: &'static Portrait, title: &'static str) -> Journey {
    Journey { letter, title, person, acts: Acts::Looks }
}

const JOURNEYS: [Journey; 25] = [
    journey('a', &OBAMA_3, "the same person, another photo: matched, result file written"),
    journey('b', &BIDEN, "another person: never matched, PIN and staff offered, no lock-out"),
    journey('c', &OBAMA_3, "the PIN"),
    journey('d', &OBAMA_3, "a wrong PIN twice: tries shown, stops at the last one"),
    journey('e', &OBAMA_3, "the card pulled in every step: nothing personal shown, nothing left"),
    journey('f', &OBAMA_3, "the bridge killed and started again: the page recovers by itself"),
    journey('g', &OBAMA_3, "tablet, large type and English"),
    journey('h', &OBAMA_3, "ten people who differ, each to an end that can be claimed"),
    Journey {
        acts: Acts::Shows("valid"),
        ..journey('i', &OBAMA_3, "the card front shown to the camera: read, confirmed, photo opens")
    },
    journey('j', &BIDEN, "the face worker hangs and crashes: another one goes on"),
    journey('k', &OBAMA_3, "every build of the face worker sees the same"),
    journey(
        'm',
        &OBAMA_3,
        "the screens are read aloud, and nothing of the person; the switch silences it",
    ),
    Journey {
        acts: Acts::Moves(Moves::Slowly(Challenge::TurnLeft)),
        ..journey('n', &OBAMA_3, "a patient makes both movements of the head: matched")
    },
    Journey {
        acts: Acts::Moves(Moves::Never),
        ..journey('o', &OBAMA_3, "a patient keeps still: not matched, no reason told, the PIN")
    },
    Journey {
        acts: Acts::Moves(Moves::Quickly(Challenge::TurnRight)),
        ..journey('p', &OBAMA_3, "a patient turns the other way: not matched, no reason told")
    },
    Journey {
        acts: Acts::Moves(Moves::TooLittle(Challenge::TurnLeft)),
        ..journey('q', &OBAMA_3, "a patient turns too little: told so, not matched")
    },
    journey('r', &BIDEN, "bridge hangs, camera goes, page crashes: dark by itself, or on without"),
    journey(
        's',
        &OBAMA_3,
        "the reception: typed for somebody, papers ticked off, a known number, a consent taken back",
    ),
    journey(
        't',
        &OBAMA_3,
        "two kiosks, a board and a call display: called, done, on over a restart",
    ),
    journey(
        'u',
        &BIDEN,
        "three kiosks, an account over the network: confirmed by eye from both sides, guesses slowed",
    ),
    journey(
        'v',
        &OBAMA_3,
        "settings: hours and destinations changed, seen at the kiosk and in the audit; others cannot",
    ),
    journey(
        'w',
        &OBAMA_3,
        "the clinic's terminal: numbers typed, a card by PIN, one by face; answered on kiosk, board and in files",
    ),
    journey(
        'x',
        &OBAMA_3,
        "an official reader beside: where cards go, its files on the board, joined with numbers",
    ),
    journey(
        'y',
        &OBAMA_3,
        "a service over HTTP: a visit by PIN, an outage in the middle of one, nobody asked twice",
    ),
    journey('z', &OBAMA_3, "twelve languages, each in its own words; a visit in one of them"),
];

/// Runs all journeys, or the one with the letter `only`, and prints how each went.
///
/// # Errors
/// When one failed, or the reader cannot be set up.
pub async fn run(only: Option<char>) -> Result<()> {
    if only.is_some_and(|letter| JOURNEYS.iter().all(|journey| journey.letter != letter)) {
        bail!("there is no journey {}: choose one of a to z", only.unwrap_or_default());
    }
    let pcscd = Pcscd::start_with(Stage::READERS)?;
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
    let name = journey.letter.to_string();
    let (serves, settings) = (journey.serves(), journey.settings());
    let mut stage = Stage::set(pcscd, &name, serves, settings, &journey.film()?).await?;
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
        'i' => card_front::shown_to_the_camera(stage).await,
        'h' => people::each_to_an_end(stage).await,
        'j' => worker::hangs_and_crashes(stage).await,
        'k' => worker::every_build(stage).await,
        'm' => voice::read_aloud(stage).await,
        'n' => movements::both_made(stage).await,
        'o' | 'p' => movements::not_made(stage, false).await,
        'q' => movements::not_made(stage, true).await,
        'r' => dark::by_itself(stage).await,
        's' => reception::papers_and_numbers(stage).await,
        't' => calls::over_a_day(stage).await,
        'u' => eye::from_both_sides(stage).await,
        'v' => settings::by_a_manager(stage).await,
        'w' => terminal::by_its_folders(stage).await,
        'x' => beside::an_official_reader(stage).await,
        'y' => far::over_http(stage).await,
        'z' => languages::each_in_its_own_words(stage).await,
        _ => screens::sizes_and_languages(stage).await,
    }
}

/// A face worker that a busy machine holds up for longer than it may be silent is replaced, and the page says so. That it goes on then is what
/// the journeys show; how long it takes is no verdict about the page.
const STALLED: &str = "face worker: no answer";

/// A screen that works but complains is a failure, too.
fn check_console(stage: &Stage, letter: char) -> Result<()> {
    let bad = |line: &&String| {
        line.starts_with("exception:") || line.starts_with("error:") || line.contains("crashed")
    };
    // A killed bridge makes the browser report refused connections and broken downloads, which journeys f, t, w and y mean; a
    // worker that fails on purpose is journey j's, a page journey r's; the views of journey m come without a page to print.
    let expected: &[&str] = match letter {
        'f' => &["net::ERR_", "WebSocket connection to", "Failed to fetch", "Importing a module"],
        'w' | 'y' => {
            &["net::ERR_", "WebSocket connection to", "CLOSING or CLOSED", "Failed to fetch"]
        }
        // And the board learns that its session is over.
        't' => &["net::ERR_", "WebSocket connection to", "Failed to fetch", "status of 403"],
        // A page that is behind, and people who may not look at settings.
        'v' => &["status of 409", "status of 403"],
        // A code that was used already, guesses, and the session that ends when an authenticator is set up.
        'u' => &["status of 401", "status of 403", "status of 429"],
        'j' => &["face worker: ", "on purpose", "VideoFrame was garbage collected"],
        'm' => &["/statement.svg"],
        'r' => &["unreachable on purpose", "WebSocket connection to", "no camera"],
        _ => &[],
    };
    let console = stage.kiosk.page.console();
    let is_expected =
        |line: &&String| expected.iter().chain([&STALLED]).any(|text| line.contains(text));
    let complaints: Vec<&String> =
        console.iter().filter(bad).filter(|line| !is_expected(line)).collect();
    if complaints.is_empty() {
        return Ok(());
    }
    bail!("the page complained: {complaints:?}")
}
