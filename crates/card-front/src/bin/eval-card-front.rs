//! Trains the recogniser on drawn card fronts and measures it on others. `cargo xtask eval-card-front [--json]`

use card_front::grey::Grey;
use card_front::render::{Fonts, Front, Scene, TODAY, card, frame, train};
use card_front::{Look, Reader, Vote};
use clap::{Parser, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Measures the card-front reader on drawn cards that it was not trained on.
#[derive(Parser)]
struct Options {
    /// Folder with the fonts to draw with
    #[arg(long)]
    fonts: PathBuf,
    /// Cards to read, each in one scene
    #[arg(long, default_value_t = 2000)]
    cards: u64,
    /// Frames per card at most
    #[arg(long, default_value_t = 20)]
    frames: u32,
    /// Cards to train on
    #[arg(long, default_value_t = 2400)]
    train: u64,
    /// Which cards: those for choosing limits, or those for the figures that are told
    #[arg(long, value_enum, default_value_t = Set::Test)]
    set: Set,
    /// Train without the fonts whose name begins like this, and measure with them only
    #[arg(long)]
    hold_out: Option<String>,
    /// Model file: read if it exists, otherwise trained and written
    #[arg(long)]
    model: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Seeds that have nothing in common with each other and with those of training, which begin at 0.
#[derive(Clone, Copy, ValueEnum)]
enum Set {
    Tuning,
    Test,
}

#[derive(Default)]
struct Tally {
    right: u32,
    wrong: u32,
    none: u32,
    frames: u32,
    read: u32,
    misread: u32,
    until: u32,
    milliseconds: Vec<f64>,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("eval-card-front: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let begun = Instant::now();
    let reader = reader(options)?;
    let trained = begun.elapsed().as_secs_f64();
    let held = options.hold_out.as_deref();
    let fonts = Fonts::load(&options.fonts, |name| held.is_none_or(|held| name.starts_with(held)))
        .map_err(|error| error.to_string())?;
    let first = 1u64
        << match options.set {
            Set::Tuning => 39,
            Set::Test => 41,
        };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let work: Vec<_> = (0..threads)
            .map(|thread| {
                let (reader, fonts) = (&reader, &fonts);
                scope.spawn(move || {
                    let mut tally = Tally::default();
                    let seeds = (first..first + options.cards).skip(thread).step_by(threads);
                    seeds.for_each(|seed| measure(seed, reader, fonts, options.frames, &mut tally));
                    tally
                })
            })
            .collect();
        work.into_iter().map(|thread| thread.join().expect("measuring does not panic")).collect()
    });
    report(options, &tallies, trained, reader.to_bytes().len());
    Ok(())
}

fn reader(options: &Options) -> Result<Reader, String> {
    let known = options.model.as_ref().and_then(|path| std::fs::read(path).ok());
    if let Some(reader) = known.and_then(|bytes| Reader::from_bytes(&bytes).ok()) {
        return Ok(reader);
    }
    let held = options.hold_out.as_deref();
    let fonts = Fonts::load(&options.fonts, |name| held.is_none_or(|held| !name.starts_with(held)))
        .map_err(|error| error.to_string())?;
    let reader = train(&fonts, options.train, 0);
    if let Some(path) = &options.model {
        std::fs::write(path, reader.to_bytes())
            .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    }
    Ok(reader)
}

fn measure(seed: u64, reader: &Reader, fonts: &Fonts, frames: u32, tally: &mut Tally) {
    let front = Front::new(seed);
    let picture: Grey = card(&front, fonts);
    let mut scene = Scene::new(seed);
    let mut vote = Vote::new(TODAY);
    for number in 1..=frames {
        let shown = frame(&picture, &mut scene);
        let begun = Instant::now();
        let look = reader.look(&shown);
        tally.milliseconds.push(begun.elapsed().as_secs_f64() * 1000.0);
        tally.frames += 1;
        let Look::Read(sighting) = look else { continue };
        tally.read += 1;
        tally.misread += u32::from(sighting.best() != front.truth);
        if let Some(accepted) = vote.add(sighting) {
            if accepted == front.truth {
                tally.right += 1;
            } else {
                tally.wrong += 1;
                eprintln!("accepted a wrong number on the card of seed {seed}");
            }
            tally.until += number;
            return;
        }
    }
    tally.none += 1;
}

fn report(options: &Options, tallies: &[Tally], trained: f64, bytes: usize) {
    let sum = |part: fn(&Tally) -> u32| tallies.iter().map(part).sum::<u32>();
    let mut times: Vec<f64> = tallies.iter().flat_map(|tally| tally.milliseconds.clone()).collect();
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or(0.0);
    let part = |of: u32, all: u32| round(f64::from(of) / f64::from(all.max(1)));
    let accepted = sum(|t| t.right) + sum(|t| t.wrong);
    let all = serde_json::json!({
        "cards": options.cards, "frames_at_most": options.frames,
        "accepted_right": sum(|t| t.right), "accepted_wrong": sum(|t| t.wrong),
        "not_accepted": sum(|t| t.none),
        "right_share": part(sum(|t| t.right), accepted + sum(|t| t.none)),
        "frames_until_accepted": part(sum(|t| t.until), accepted),
        "frames": sum(|t| t.frames), "frames_read": sum(|t| t.read), "frames_misread": sum(|t| t.misread),
        "frame_ms_p50": round(at(50)), "frame_ms_p95": round(at(95)),
        "training_s": round(trained), "model_bytes": bytes,
    });
    if options.json {
        println!("{all:#}");
    } else if let Some(object) = all.as_object() {
        for (name, value) in object {
            println!("{name:<22} {value:>10}");
        }
    }
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
