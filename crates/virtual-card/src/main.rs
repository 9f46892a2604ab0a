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
use virtual_card::script::{Script, ScriptedCard};
use virtual_card::{Persona, Portrait, Speed, connect, serve_scripted};

/// A practice My Number Card in the virtual reader of pcscd.
///
/// The card stays in the reader while this program runs. Type `pull` and Enter (or press Ctrl-C) to take it out.
/// The reader comes with the Debian package `vsmartcard-vpcd`; pcscd must be running before the card is put in.
#[derive(Parser)]
#[command(
    version,
    after_help = "\
A script makes things go wrong, so that a reader program can be rehearsed. Example:

  [link]                     # pace: here twice as fast as the usual contactless link
  bits_per_second = 212000
  command_ms = 6
  signature_ms = 350

  [card]
  records_of = \"other.toml\" # a copied card face: the chip cannot answer for it

  [[fault]]                  # the second read of the photo record fails once
  on = \"read\"              # any select read counter verify sign challenge other
  app = \"face\"             # jpki face text
  file = \"0002\"
  nth = 2
  do = \"status\"            # mute pull status refuse_after cut corrupt empty long delay more length
  status = \"6F00\"

Everything that can be written there is listed in crates/virtual-card/README.md."
)]
struct Options {
    /// Persona file (TOML) that describes the card.
    #[arg(long, value_name = "FILE")]
    persona: PathBuf,
    /// Photo (JPEG or PNG) in place of the persona's own.
    #[arg(long, value_name = "IMAGE")]
    portrait: Option<PathBuf>,
    /// Script file (TOML): pace, faults, forgeries. Personas that it names are looked for beside it.
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// Write every command and answer to this file, one JSON object per line, secrets masked.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Where vpcd listens.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:35963")]
    vpcd: String,
    /// Pace of the answers, unless the script sets one.
    #[arg(long, value_enum, default_value_t = Pace::Contactless)]
    speed: Pace,
    /// Moment at which the card is made: its certificates and relative days, e.g. 2026-11-22T03:00:00Z; the present if absent.
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
    let now = options.now.unwrap_or_else(Timestamp::now);
    let persona = persona(&options.persona, now)?;
    let own = persona.portrait.as_ref().map(|path| options.persona.with_file_name("").join(path));
    let portrait = match options.portrait.as_ref().or(own.as_ref()) {
        Some(path) => {
            Some(Portrait::from_image_bytes(&read(path)?).map_err(|error| error.to_string())?)
        }
        None => None,
    };
    let script = match &options.script {
        Some(path) => Script::from_toml(&text(path)?).map_err(|error| error.to_string())?,
        None => Script::default(),
    };
    let beside = options.script.clone().unwrap_or_default();
    let other = |name: &str| self::persona(&beside.with_file_name("").join(name), now);
    let card = script.make(&persona, portrait, now, other)?;
    // Before the card touches the reader, so that the reader does not wait for RSA keys.
    card.prepare();
    let speed = match (script.link, options.speed) {
        (Some(link), _) => Speed::Link(link),
        (None, Pace::Instant) => Speed::Instant,
        (None, Pace::Contactless) => Speed::Contactless106,
    };
    let mut card = ScriptedCard::new(card, speed, script.faults);
    if let Some(path) = &options.record {
        let file = fs::File::create(path)
            .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
        card.record_to(file);
    }
    let stream = connect(&options.vpcd).map_err(|error| {
        format!(
            "no virtual reader at {}: {error}. Install `vsmartcard-vpcd` and start pcscd (for example with `pcsc_scan`)",
            options.vpcd
        )
    })?;
    println!("{} ({}) is in the reader; type pull to take it out", persona.id, persona.story);
    thread::spawn(wait_for_pull);
    serve_scripted(&options.vpcd, stream, &Arc::new(Mutex::new(card)))
        .map_err(|error| format!("the connection to the reader broke: {error}"))?;
    println!("the card is out, or the reader has gone");
    Ok(())
}

fn persona(path: &Path, now: Timestamp) -> Result<Persona, String> {
    Persona::from_toml(&text(path)?, now).map_err(|error| format!("{}: {error}", path.display()))
}

fn text(path: &Path) -> Result<String, String> {
    String::from_utf8(read(path)?).map_err(|_| format!("{} is not UTF-8 text", path.display()))
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
