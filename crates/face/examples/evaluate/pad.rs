//! Genuine presentations and attacks: how many of each the kiosk lets through (ISO/IEC 30107-3).

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use face::presence::{Evidence, Presence};
use face::source::Source;
use face::{Depth, Pipeline, Track};
use serde_json::{Value, json};

use crate::rates::{part, wilson};
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
    presence: Presence,
    face: bool,
    passive: f32,
    screen: f32,
    turned: f32,
    fault: Option<String>,
}

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
fn figures(outcomes: &[&Outcome], attack: bool) -> Value {
    let total = outcomes.len();
    let count = |presence: Presence| {
        outcomes.iter().filter(|outcome| outcome.face && outcome.presence == presence).count()
    };
    let (accepted, challenged) = (count(Presence::Live), count(Presence::Doubt));
    let refused = total - accepted - challenged;
    let (name, wrong) = if attack { ("apcer", accepted) } else { ("bpcer", refused) };
    json!({
        "presentations": total,
        "accepted": accepted,
        "challenged": challenged,
        "refused": refused,
        name: part(wrong, total),
        "ci95": wilson(wrong, total),
        // If nobody who is challenged could answer, or every attack could.
        format!("{name}_if_challenge_fails"): part(wrong + challenged, total),
    })
}

fn shown(row: &Row, outcome: &Outcome) -> Value {
    json!({
        "path": row.frames[0],
        "label": if row.attack { "attack" } else { "live" },
        "species": row.species,
        "outcome": if outcome.face { format!("{:?}", outcome.presence) } else { "NoFace".to_owned() },
        "liveness": outcome.passive,
        "screen": outcome.screen,
        "turned": outcome.turned,
        "fault": outcome.fault,
    })
}

/// Shows the frames of one row as a camera would.
fn present(pipeline: &Pipeline, root: &Path, row: &Row) -> Result<Outcome> {
    let (mut track, mut source, mut evidence) =
        (Track::default(), Source::default(), Evidence::default());
    let mut decoded = BTreeMap::new();
    let mut outcome = Outcome {
        presence: Presence::Doubt,
        face: false,
        passive: 0.0,
        screen: 0.0,
        turned: 0.0,
        fault: None,
    };
    let mut t_ms = 0.0;
    for name in &row.frames {
        if !decoded.contains_key(name) {
            decoded.insert(name, pictures::decode(&pictures::read(&root.join(name))?)?);
        }
        let analysis =
            pipeline.follow(&mut track, pictures::frame(&decoded[name])?, Depth::Always)?;
        t_ms += STEP_MS;
        let fault = source.push(analysis.fingerprint, t_ms);
        evidence.source(fault);
        evidence.frame(&analysis, t_ms);
        outcome.fault = fault.map(|fault| format!("{fault:?}"));
        if let Some(screen) = analysis.screen {
            outcome.face = true;
            outcome.screen = outcome.screen.max(screen);
        }
    }
    outcome.turned = evidence.turned();
    outcome.presence = evidence.presence();
    outcome.passive = evidence.passive();
    Ok(outcome)
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
