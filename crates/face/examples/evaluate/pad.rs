//! Genuine presentations and attacks: how many of each the kiosk lets through (ISO/IEC 30107-3).

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use face::liveness::LIVENESS_FLOOR;
use face::presence::Evidence;
use face::source::Source;
use face::{Analysis, Attempt, Depth, Embedding, Pipeline, Policy, Track, Verdict};
use serde_json::{Value, json};

use crate::rates::{number, wilson};
use crate::{list, pictures};

/// Most frames in one presentation.
const MAX_FRAMES: usize = 300;
/// Time between two frames of a presentation in milliseconds.
const STEP_MS: f64 = 66.0;

/// One row of the list.
struct Row {
    frames: Vec<String>,
    attack: bool,
    species: String,
}

/// What the kiosk made of one presentation.
struct Outcome {
    /// How many of the [`PAIRS`] of challenges ended with a match.
    matched: usize,
    /// Refused before anything was asked: by what frames and stream look like, or because there is no face.
    refused: bool,
    face: bool,
    passive: f32,
    screen: f32,
    fault: Option<String>,
}

/// Every pair of challenges is tried: the kiosk chooses by chance.
const PAIRS: usize = 16;

/// Runs the list and writes the JSON.
///
/// # Errors
/// For a bad list, a missing or undecodable picture, or models that are not prepared.
pub(crate) fn evaluate(file: &Path, root: &Path, out: &Path) -> Result<()> {
    let rows = rows(file)?;
    let pipeline = pictures::pipeline()?;
    let outcomes = pictures::on_all_cores(&rows, |row| {
        present(&pipeline, root, row).with_context(|| row.frames[0].clone())
    })?;
    let mut report = json!({ "model_hash": pipeline.model_hash() });
    let mut groups: BTreeMap<(bool, &str), Vec<&Outcome>> = BTreeMap::new();
    for (row, outcome) in rows.iter().zip(&outcomes) {
        let species = if row.attack { row.species.as_str() } else { "" };
        groups.entry((row.attack, species)).or_default().push(outcome);
    }
    let mut species = serde_json::Map::new();
    for ((attack, name), outcomes) in &groups {
        let figures = figures(outcomes, *attack);
        if *attack {
            species.insert((*name).to_owned(), figures);
        } else {
            report["live"] = figures;
        }
    }
    let worst = species.values().filter_map(|figures| figures["apcer"].as_f64());
    report["apcer_highest"] = json!(worst.fold(0.0, f64::max));
    report["species"] = Value::Object(species);
    println!("{}", serde_json::to_string_pretty(&report)?);
    report["rows"] = rows.iter().zip(&outcomes).map(|(row, outcome)| shown(row, outcome)).collect();
    std::fs::write(out, serde_json::to_vec(&report)?)
        .with_context(|| format!("cannot write {}", out.display()))
}

/// Counts of one species, or of the genuine presentations.
///
/// An attack counts as accepted with the part of the challenges that its film answers by chance. A genuine film cannot hear
/// a challenge, so it counts as wrongly refused only when it was refused before it was asked.
fn figures(outcomes: &[&Outcome], attack: bool) -> Value {
    let total = outcomes.len();
    let refused = outcomes.iter().filter(|outcome| outcome.refused).count();
    let matched: usize = outcomes.iter().map(|outcome| outcome.matched).sum();
    let accepted = number(matched) / number(PAIRS * total.max(1));
    let mut figures = json!({
        "presentations": total,
        "no_face": outcomes.iter().filter(|outcome| !outcome.face).count(),
        "refused": refused,
        "challenged": total - refused,
        "accepted_by_chance": accepted,
    });
    let answered = (accepted * number(total)).ceil();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
    let (name, rate, wrong) = if attack {
        ("apcer", accepted, answered as usize)
    } else {
        ("bpcer", number(refused) / number(total.max(1)), refused)
    };
    figures[name] = json!(rate);
    figures["ci95"] = json!(wilson(wrong, total));
    if attack {
        // What single frames and the stream alone would let through to a challenge.
        figures["apcer_passive"] = json!(number(total - refused) / number(total.max(1)));
        figures["apcer_passive_ci95"] = json!(wilson(total - refused, total));
    }
    figures
}

fn shown(row: &Row, outcome: &Outcome) -> Value {
    json!({
        "path": row.frames[0],
        "label": if row.attack { "attack" } else { "live" },
        "species": row.species,
        "outcome": if !outcome.face { "no_face" } else if outcome.refused { "refused" } else { "challenged" },
        "challenges_answered": number(outcome.matched) / number(PAIRS),
        "liveness": outcome.passive,
        "screen": outcome.screen,
        "fault": outcome.fault,
    })
}

/// Shows the frames of one row as a camera would, to an attempt whose card has the very face that they show.
fn present(pipeline: &Pipeline, root: &Path, row: &Row) -> Result<Outcome> {
    let mut track = Track::default();
    let mut decoded = BTreeMap::new();
    let mut film = Vec::new();
    for name in &row.frames {
        if !decoded.contains_key(name) {
            decoded.insert(name, pictures::decode(&pictures::read(&root.join(name))?)?);
        }
        film.push(pipeline.follow(&mut track, pictures::frame(&decoded[name])?, Depth::Always)?);
    }
    let (mut source, mut evidence) = (Source::default(), Evidence::default());
    for (analysis, t_ms) in film.iter().zip(times()) {
        evidence.source(source.push(analysis.fingerprint, t_ms));
        evidence.frame(analysis, t_ms);
    }
    let card = Embedding::mean(film.iter().filter_map(|analysis| analysis.embedding.as_ref()));
    let matched = card
        .as_ref()
        .map_or(0, |card| (0..PAIRS).filter(|pair| is_matched(&film, card, *pair)).count());
    Ok(Outcome {
        matched,
        refused: evidence.liveness() < LIVENESS_FLOOR,
        face: card.is_some(),
        passive: evidence.passive(),
        screen: film.iter().filter_map(|analysis| analysis.screen).fold(0.0, f32::max),
        fault: source.fault().map(|fault| format!("{fault:?}")),
    })
}

/// Whether the film answers this pair of challenges by chance.
fn is_matched(film: &[Analysis], card: &Embedding, pair: usize) -> bool {
    let random = u32::try_from(pair % 4 + (pair / 4) * 256).unwrap_or(0);
    let mut attempt = Attempt::new(card.clone(), Policy::Enforce { random });
    let verdicts = film.iter().zip(times()).map(|(analysis, t_ms)| attempt.push(analysis, t_ms));
    verdicts.last().is_some_and(|last| matches!(last, Verdict::Matched { .. }))
}

/// When the frames come, in milliseconds.
fn times() -> impl Iterator<Item = f64> {
    (1_u16..).map(|n| f64::from(n) * STEP_MS)
}

fn rows(file: &Path) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for row in list::read(file, ["path", "label", "species"])? {
        let [path, label, species] = row.fields;
        let line = row.line;
        let attack = match label.as_str() {
            "live" => false,
            "attack" => true,
            other => bail!("line {line}: `label` must be live or attack, not `{other:.20}`"),
        };
        ensure!(!attack || !species.is_empty(), "line {line}: an attack needs a species");
        ensure!(species.len() <= 64, "line {line}: the species has more than 64 bytes");
        let frames: Vec<String> = path.split('|').map(str::to_owned).collect();
        ensure!(frames.len() <= MAX_FRAMES, "line {line}: more than {MAX_FRAMES} frames");
        frames.iter().try_for_each(|frame| list::below_root(frame, line))?;
        rows.push(Row { frames, attack, species });
    }
    Ok(rows)
}
