//! Measures the pipeline on labelled pictures: `lfw --pairs FILE.csv --root DIR [--reference card|as-is] [--limit N]`.
//!
//! The CSV has the columns `a,b,same`; files are named `Person_Name_0001.jpg`, so that every picture can also be compared
//! with every picture of somebody else. `a` is the reference: with `card` it goes through the grey 378×472 JPEG 2000 that a
//! card stores. Prints error rates of the listed pairs and of all cross pairs; the latter set the threshold.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use face::decide::{LIVENESS_FLOOR, MATCH_THRESHOLD};
use face::{Depth, Embedding, Frame, Models, Pipeline};

type Failure = Box<dyn std::error::Error>;

/// One picture in both of its parts.
struct Seen {
    person: String,
    reference: Option<Embedding>,
    probe: Option<Embedding>,
}

/// Scores of one kind of pair.
#[derive(Default)]
struct Scores {
    genuine: Vec<f32>,
    impostor: Vec<f32>,
}

fn main() -> Result<(), Failure> {
    let options = options()?;
    let option = |name: &str| options.get(name).ok_or_else(|| format!("--{name} is missing"));
    let root = PathBuf::from(option("root")?);
    let card = options.get("reference").is_none_or(|kind| kind == "card");
    let pairs = read_pairs(
        &std::fs::read_to_string(option("pairs")?)?,
        options.get("limit").map_or(Ok(usize::MAX), |n| n.parse())?,
    )?;
    let pipeline = load()?;
    let mut seen: BTreeMap<&str, Seen> = BTreeMap::new();
    let (mut took, mut live) = (0.0, Vec::new());
    for (a, b, _) in &pairs {
        for name in [a, b] {
            if !seen.contains_key(name.as_str()) {
                let (picture, ms, liveness) = look(&pipeline, &root.join(name), card)?;
                took += ms;
                live.extend(liveness);
                seen.insert(name, picture);
            }
        }
    }
    let missed = |part: fn(&Seen) -> bool| seen.values().filter(|one| part(one)).count();
    println!("pictures {}, ms per probe {:.1}", seen.len(), took / count(seen.len()));
    println!(
        "without a face: as reference {}, as probe {}",
        missed(|one| one.reference.is_none()),
        missed(|one| one.probe.is_none())
    );
    live.sort_by(f32::total_cmp);
    let below =
        |limit: f32| count(live.partition_point(|value| *value < limit)) / count(live.len());
    println!(
        "liveness of these live faces: below {LIVENESS_FLOOR}: {:.3}, below 0.2: {:.3}, below 0.5: {:.3}",
        below(LIVENESS_FLOOR),
        below(0.2),
        below(0.5)
    );
    let mut listed = Scores::default();
    for (a, b, same) in &pairs {
        if let (Some(reference), Some(probe)) =
            (&seen[a.as_str()].reference, &seen[b.as_str()].probe)
        {
            let score = reference.cosine(probe);
            if *same { listed.genuine.push(score) } else { listed.impostor.push(score) }
        }
    }
    report("listed pairs", listed);
    report("all cross pairs", cross(&seen));
    Ok(())
}

/// Every reference against every probe but its own picture.
fn cross(seen: &BTreeMap<&str, Seen>) -> Scores {
    let mut scores = Scores::default();
    for (at, one) in seen.values().enumerate() {
        for (_, other) in seen.values().enumerate().filter(|(index, _)| *index != at) {
            if let (Some(reference), Some(probe)) = (&one.reference, &other.probe) {
                let list = if one.person == other.person {
                    &mut scores.genuine
                } else {
                    &mut scores.impostor
                };
                list.push(reference.cosine(probe));
            }
        }
    }
    scores
}

fn report(title: &str, mut scores: Scores) {
    scores.genuine.sort_by(f32::total_cmp);
    scores.impostor.sort_by(f32::total_cmp);
    let (genuine, impostor) = (&scores.genuine, &scores.impostor);
    let missed_at =
        |t: f32| count(genuine.partition_point(|score| *score < t)) / count(genuine.len());
    let false_at =
        |t: f32| 1.0 - count(impostor.partition_point(|score| *score < t)) / count(impostor.len());
    println!("{title}: {} genuine, {} impostor", genuine.len(), impostor.len());
    if let Some(t) = impostor.iter().copied().find(|t| false_at(*t) <= missed_at(*t)) {
        println!("  EER {:.2} % at {t:.3}", 50.0 * (false_at(t) + missed_at(t)));
    }
    for goal in [1e-2, 1e-3, 1e-4, 1e-5] {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a part of a list's length"
        )]
        let allowed = (goal * count(impostor.len())) as usize;
        if allowed >= 3 {
            let t = impostor[impostor.len() - allowed];
            println!("  FMR {goal:.0e}: threshold {t:.3}, FNMR {:.2} %", 100.0 * missed_at(t));
        }
    }
    println!(
        "  at {MATCH_THRESHOLD}: FMR {:.2e}, FNMR {:.2} %",
        false_at(MATCH_THRESHOLD),
        100.0 * missed_at(MATCH_THRESHOLD)
    );
}

/// Both parts of one picture, the milliseconds of the probe analysis, its liveness.
fn look(pipeline: &Pipeline, file: &Path, card: bool) -> Result<(Seen, f64, Option<f32>), Failure> {
    let bytes = std::fs::read(file)?;
    let picture = image::load_from_memory(&bytes)?.to_rgba8();
    let frame = Frame::new(&picture, picture.width() as usize, picture.height() as usize)?;
    let reference = if card {
        pipeline.enrol(virtual_card::Portrait::from_image_bytes(&bytes)?.jp2())
    } else {
        pipeline.enrol_picture(frame)
    };
    // What the kiosk runs for a frame; the measurement then takes the face whatever its quality.
    let start = Instant::now();
    let analysis = pipeline.analyse(frame, Depth::Match)?;
    let ms = start.elapsed().as_secs_f64() * 1e3;
    let probe = match &analysis.embedding {
        Some(embedding) => Some(embedding.clone()),
        None => pipeline.enrol_picture(frame).ok(),
    };
    let name = file.file_stem().ok_or("a file needs a name")?.to_string_lossy();
    let person = name.rsplit_once('_').map_or(name.as_ref(), |(person, _)| person).to_owned();
    Ok((Seen { person, reference: reference.ok(), probe }, ms, analysis.liveness))
}

fn load() -> Result<Pipeline, Failure> {
    let read = |name: &str| {
        std::fs::read(Path::new("models/files").join(name)).map_err(|_| "run cargo xtask models")
    };
    let files = [
        read("detector.onnx")?,
        read("landmark.onnx")?,
        read("embedding.onnx")?,
        read("liveness.onnx")?,
    ];
    let [detector, landmark, embedding, liveness] = &files;
    Ok(Pipeline::load(&Models { detector, landmark, embedding, liveness })?)
}

fn options() -> Result<BTreeMap<String, String>, Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let pairs =
        arguments.chunks(2).map(|pair| match pair {
            [name, value] if name.starts_with("--") => Ok((name[2..].to_owned(), value.clone())),
            _ => Err("usage: lfw --pairs FILE.csv --root DIR [--reference card|as-is] [--limit N]"
                .into()),
        });
    pairs.collect()
}

fn read_pairs(csv: &str, limit: usize) -> Result<Vec<(String, String, bool)>, Failure> {
    let lines: Vec<&str> = csv.lines().skip(1).collect();
    // Evenly over the file, which lists pairs of one kind in blocks.
    let step = lines.len().div_ceil(limit.max(1)).max(1);
    let parse = |line: &&str| match line.split(',').collect::<Vec<_>>()[..] {
        [a, b, same] => Ok((a.to_owned(), b.to_owned(), same == "1")),
        _ => Err(format!("not a pair: {line}").into()),
    };
    lines.iter().step_by(step).map(parse).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2⁵²")]
fn count(value: usize) -> f64 {
    value as f64
}
