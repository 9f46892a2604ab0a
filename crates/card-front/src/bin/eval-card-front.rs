//! Trains the recogniser on drawn card fronts and measures it on others. `cargo xtask eval-card-front [--json]`

use card_front::grey::Grey;
use card_front::render::{Fonts, Front, Scene, card, frame, train};
use card_front::{Reader, Vote};
use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Measures the card-front reader on drawn cards that it was not trained on.
#[derive(Parser)]
struct Options {
    /// Cards to read, each in one scene
    #[arg(long, default_value_t = 2000)]
    cards: u64,
    /// Frames per card at most
    #[arg(long, default_value_t = 20)]
    frames: u32,
    /// Cards to train on
    #[arg(long, default_value_t = 5000)]
    train: u64,
    /// Model file: read if it exists, otherwise trained and written
    #[arg(long)]
    model: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Seeds of cards that are measured; those of training begin at 0.
const HELD_OUT: u64 = 1 << 40;

#[derive(Default)]
struct Tally {
    right: u32,
    wrong: u32,
    none: u32,
    frames: u32,
    read: u32,
    misread: u32,
    milliseconds: Vec<f64>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let fonts = match Fonts::load() {
        Ok(fonts) => fonts,
        Err(error) => {
            eprintln!("eval-card-front: {error}");
            return ExitCode::FAILURE;
        }
    };
    let begun = Instant::now();
    let reader = reader(&options, &fonts);
    let trained = begun.elapsed().as_secs_f64();
    let threads =
        std::thread::available_parallelism().map_or(1, |n| u64::try_from(n.get()).unwrap_or(1));
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let work: Vec<_> = (0..threads)
            .map(|thread| {
                let (reader, fonts, options) = (&reader, &fonts, &options);
                scope.spawn(move || {
                    let mut tally = Tally::default();
                    for index in
                        (thread..options.cards).step_by(usize::try_from(threads).unwrap_or(1))
                    {
                        measure(HELD_OUT + index, reader, fonts, options.frames, &mut tally);
                    }
                    tally
                })
            })
            .collect();
        work.into_iter().map(|thread| thread.join().expect("measuring does not panic")).collect()
    });
    report(&options, &tallies, trained, reader.to_bytes().len());
    ExitCode::SUCCESS
}

fn reader(options: &Options, fonts: &Fonts) -> Reader {
    let known = options.model.as_ref().and_then(|path| std::fs::read(path).ok());
    if let Some(reader) = known.and_then(|bytes| Reader::from_bytes(&bytes).ok()) {
        return reader;
    }
    let reader = train(fonts, options.train, 0);
    if let Some(path) = &options.model
        && let Err(error) = std::fs::write(path, reader.to_bytes())
    {
        eprintln!("eval-card-front: {}: {error}", path.display());
    }
    reader
}

fn measure(seed: u64, reader: &Reader, fonts: &Fonts, frames: u32, tally: &mut Tally) {
    let front = Front::new(seed);
    let picture: Grey = card(&front, fonts);
    let mut scene = Scene::new(seed);
    let mut vote = Vote::default();
    for _ in 0..frames {
        let shown = frame(&picture, &mut scene);
        let begun = Instant::now();
        let reading = reader.read(&shown);
        tally.milliseconds.push(begun.elapsed().as_secs_f64() * 1000.0);
        tally.frames += 1;
        let Some(reading) = reading else { continue };
        tally.read += 1;
        tally.misread += u32::from(!reading.same(&front.truth));
        if let Some(accepted) = vote.add(reading) {
            if accepted.same(&front.truth) {
                tally.right += 1;
            } else {
                tally.wrong += 1;
            }
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
    let right =
        f64::from(sum(|t| t.right)) / f64::from(u32::try_from(options.cards.max(1)).unwrap_or(1));
    let round = |value: f64| (value * 1000.0).round() / 1000.0;
    let all = serde_json::json!({
        "cards": options.cards, "frames_at_most": options.frames,
        "accepted_right": sum(|t| t.right), "accepted_wrong": sum(|t| t.wrong),
        "not_accepted": sum(|t| t.none), "right_share": round(right),
        "frames": sum(|t| t.frames), "frames_read": sum(|t| t.read), "frames_misread": sum(|t| t.misread),
        "frame_ms_p50": round(at(50)), "frame_ms_p95": round(at(95)),
        "training_s": round(trained), "model_bytes": bytes,
    });
    if options.json {
        println!("{all:#}");
    } else if let Some(object) = all.as_object() {
        for (name, value) in object {
            println!("{name:<16} {value:>10}");
        }
    }
}
