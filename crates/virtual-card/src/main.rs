//! `virtual-card`: plugs a practice card into the virtual reader of pcscd.

use std::{
    fs,
    io::BufRead as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, Mutex},
    thread,
};

use clap::{Parser, ValueEnum};
use jiff::Timestamp;
use virtual_card::{Persona, Portrait, SharedCard, Speed, VirtualCard, connect, serve};

/// A practice My Number Card in the virtual reader of pcscd.
///
/// The card stays in the reader while this program runs. Type `pull` and Enter (or press Ctrl-C) to take it out.
/// The reader comes with the Debian package `vsmartcard-vpcd`; pcscd must be running before the card is put in.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Persona file (TOML) that describes the card.
    #[arg(long, value_name = "FILE")]
    persona: PathBuf,
    /// Photo (JPEG or PNG) in place of the persona's own.
    #[arg(long, value_name = "IMAGE")]
    portrait: Option<PathBuf>,
    /// Where vpcd listens.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:35963")]
    vpcd: String,
    /// Pace of the answers.
    #[arg(long, value_enum, default_value_t = Pace::Contactless)]
    speed: Pace,
    /// Moment at which the card's certificates are made, e.g. 2026-11-22T03:00:00Z; the present if absent.
    #[arg(long, value_name = "RFC3339")]
    now: Option<Timestamp>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Pace {
    /// No delay.
    Instant,
    /// As a real card on a contactless reader.
    Contactless,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("virtual-card: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let persona = read(&options.persona)?;
    let persona =
        String::from_utf8(persona).map_err(|_| "the persona file is not UTF-8 text".to_owned())?;
    let persona = Persona::from_toml(&persona).map_err(|error| error.to_string())?;
    let own = persona.portrait.as_ref().map(|path| options.persona.with_file_name("").join(path));
    let portrait = match options.portrait.as_ref().or(own.as_ref()) {
        Some(path) => {
            Some(Portrait::from_image_bytes(&read(path)?).map_err(|error| error.to_string())?)
        }
        None => None,
    };
    let now = options.now.unwrap_or_else(Timestamp::now);
    let card = VirtualCard::new(&persona, portrait, now);
    // Before the card touches the reader, so that the reader does not wait for RSA keys.
    card.prepare();
    let card: SharedCard = Arc::new(Mutex::new(card));
    let speed = match options.speed {
        Pace::Instant => Speed::Instant,
        Pace::Contactless => Speed::Contactless106,
    };
    let stream = connect(&options.vpcd).map_err(|error| {
        format!(
            "no virtual reader at {}: {error}. Install `vsmartcard-vpcd` and start pcscd (for example with `pcsc_scan`)",
            options.vpcd
        )
    })?;
    println!("{} ({}) is in the reader; type pull to take it out", persona.id, persona.story);
    thread::spawn(wait_for_pull);
    serve(stream, &card, speed)
        .map_err(|error| format!("the connection to the reader broke: {error}"))?;
    println!("the reader has gone");
    Ok(())
}

/// Ends the program at the word; the closed connection is the pulled card. A closed input changes nothing.
fn wait_for_pull() {
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        if line.trim() == "pull" {
            std::process::exit(0);
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}
