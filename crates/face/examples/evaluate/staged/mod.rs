//! People and attacks played before the kiosk: `evaluate staged PORTRAITS COUNT OUT.json [KIND]`.
//!
//! Everything is drawn from a few portraits, with other distances, light, noise and movements each time, and shown to the
//! very attempt that the kiosk makes: attackers and people hear the challenges and try to answer them. Drawn, not
//! filmed: it shows whether the rules hold together, not how real attacks fare.

mod cast;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use face::drawn::{Chance, Head, scene};
use face::{Attempt, Embedding, Pipeline, Policy, Track, Verdict};
use image::RgbImage;
use serde_json::{Value, json};

use crate::pictures;
use crate::rates::{part, wilson};
use cast::{Kind, Presentation};

/// Time between two frames in milliseconds.
const STEP_MS: f32 = 100.0;
/// Frames after which an attempt must have ended.
const MOST_FRAMES: u16 = 400;

/// A portrait, and its face as the reference that everything is compared with.
struct Person {
    head: Head,
    card: Embedding,
}

/// One presentation to come.
struct Case {
    kind: Kind,
    person: usize,
    seed: u32,
}

/// What came of one.
struct Outcome {
    accepted: bool,
    /// Frames until it was first asked: until it was clear that the face is the right one.
    compared: Option<u16>,
    asked: u16,
    frames: u16,
}

/// Plays `count` presentations of every kind, or of the one that is named, with every portrait and writes the figures.
///
/// # Errors
/// When there is no portrait, no such kind, or models that are not prepared.
pub(crate) fn evaluate(portraits: &Path, count: u32, out: &Path, only: Option<&str>) -> Result<()> {
    ensure!((1..=1000).contains(&count), "1 to 1000 presentations of each kind and portrait");
    let known = |name: &str| Kind::ALL.iter().any(|kind| kind.name() == name);
    ensure!(
        only.is_none_or(known),
        "no kind of that name: {}",
        Kind::ALL.map(Kind::name).join(", ")
    );
    let pipeline = pictures::pipeline()?;
    let people = people(&pipeline, portraits)?;
    let cases: Vec<Case> = Kind::ALL
        .into_iter()
        .enumerate()
        .filter(|(_, kind)| only.is_none_or(|only| kind.name() == only))
        .flat_map(|(number, kind)| {
            (0..people.len())
                .flat_map(move |person| (0..count).map(move |n| (number, kind, person, n)))
        })
        .map(|(number, kind, person, n)| {
            let parts = [number, person].map(|part| u32::try_from(part).unwrap_or(0));
            Case { kind, person, seed: (parts[0] * 64 + parts[1]) * 1024 + n }
        })
        .collect();
    let outcomes = pictures::on_all_cores(&cases, |case| {
        play(&pipeline, &people, case).with_context(|| case.kind.name())
    })?;
    let mut groups: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    for (case, outcome) in cases.iter().zip(&outcomes) {
        groups.entry(case.kind.name()).or_default().push(outcome);
    }
    let mut report = json!({ "model_hash": pipeline.model_hash(), "portraits": people.len() });
    let mut species = serde_json::Map::new();
    for (name, outcomes) in groups {
        let attack = name != Kind::Live.name();
        if attack {
            species.insert(name.into(), figures(&outcomes, true));
        } else {
            report["live"] = figures(&outcomes, false);
        }
    }
    report["species"] = Value::Object(species);
    sheet(&people, &out.with_extension("png"))?;
    println!("{}", serde_json::to_string_pretty(&report)?);
    std::fs::write(out, serde_json::to_vec_pretty(&report)?)
        .with_context(|| format!("cannot write {}", out.display()))
}

fn people(pipeline: &Pipeline, folder: &Path) -> Result<Vec<Person>> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .with_context(|| format!("cannot list {}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jpg"))
        .collect();
    files.sort();
    ensure!(!files.is_empty(), "no .jpg in {}", folder.display());
    files
        .iter()
        .map(|file| {
            let picture = pictures::decode(&pictures::read(file)?)?;
            let card = pipeline.enrol_picture(pictures::frame(&picture)?)?;
            Ok(Person { head: Head::new(pipeline, picture)?, card })
        })
        .collect()
}

/// Shows one presentation until there is a verdict.
fn play(pipeline: &Pipeline, people: &[Person], case: &Case) -> Result<Outcome> {
    let mut chance = Chance::new(case.seed);
    let random = chance.number();
    let mut attempt = Attempt::new(people[case.person].card.clone(), Policy::Enforce { random });
    let mut shown = present(people, case, chance);
    let (mut track, mut asked, mut before) = (Track::default(), 0, None);
    let mut compared = None;
    for n in 0..MOST_FRAMES {
        let t_s = f32::from(n) * STEP_MS / 1e3;
        let picture =
            image::DynamicImage::from(shown.frame(t_s, n.into(), attempt.challenge())).to_rgba8();
        let analysis = pipeline.follow(&mut track, pictures::frame(&picture)?, attempt.depth())?;
        let verdict = attempt.push(&analysis, f64::from(t_s) * 1e3);
        let now = attempt.challenge();
        asked += u16::from(now.is_some() && before.is_none());
        before = now;
        compared = compared.or(now.map(|_| n + 1));
        if verdict != Verdict::Undecided {
            let accepted = matches!(verdict, Verdict::Matched { .. });
            return Ok(Outcome { accepted, compared, asked, frames: n + 1 });
        }
    }
    anyhow::bail!("an attempt does not end")
}

fn present<'a>(people: &'a [Person], case: &Case, chance: Chance) -> Presentation<'a> {
    let other = &people[(case.person + people.len() - 1) % people.len()];
    Presentation::new(case.kind, &people[case.person].head, &other.head, chance)
}

fn figures(outcomes: &[&Outcome], attack: bool) -> Value {
    let total = outcomes.len();
    let count =
        |which: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| which(outcome)).count();
    let accepted = count(|outcome| outcome.accepted);
    let (name, wrong) = if attack { ("apcer", accepted) } else { ("bpcer", total - accepted) };
    let median = |mut frames: Vec<u16>| {
        frames.sort_unstable();
        frames.get(frames.len() / 2).map(|frames| f32::from(*frames) * STEP_MS / 1e3)
    };
    let ended = outcomes.iter().filter(|outcome| outcome.accepted != attack).map(|o| o.frames);
    json!({
        "presentations": total,
        "accepted": accepted,
        "never_asked": count(|outcome| outcome.asked == 0),
        "answered_one": count(|outcome| outcome.asked > 1 && !outcome.accepted),
        name: part(wrong, total),
        "ci95": wilson(wrong, total),
        "median_seconds": median(ended.collect()),
        "median_seconds_until_asked": median(outcomes.iter().filter_map(|o| o.compared).collect()),
    })
}

/// One frame of every kind, for a look.
fn sheet(people: &[Person], out: &Path) -> Result<()> {
    let (width, height) = (scene::WIDTH / 2, scene::HEIGHT / 2);
    let mut sheet = RgbImage::new(4 * width, 3 * height);
    for (n, kind) in (0_u32..).zip(Kind::ALL) {
        let case = Case { kind, person: n as usize % people.len(), seed: 7 + n };
        let mut shown = present(people, &case, Chance::new(case.seed));
        let asked = Some(face::Challenge::TurnLeft);
        shown.frame(0.1, 1, asked);
        let picture = shown.frame(2.4, 24, asked);
        let small =
            image::imageops::resize(&picture, width, height, image::imageops::FilterType::Triangle);
        image::imageops::replace(
            &mut sheet,
            &small,
            (n % 4 * width).into(),
            (n / 4 * height).into(),
        );
    }
    sheet.save(out).with_context(|| format!("cannot write {}", out.display()))
}
