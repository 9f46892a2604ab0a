//! Pairs of a card photo and an attempt: error rates of the comparison.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use face::decide::{MATCH_THRESHOLD, MIN_FRAMES};
use face::fusion::Fusion;
use face::{Depth, Embedding, EnrolError, Hint, Pipeline};
use serde_json::{Value, json};

use crate::rates::{Scores, accuracy_10fold, number, wilson};
use crate::{list, pictures, plot};

/// Most pictures in one attempt.
const MAX_PROBES: usize = 64;
/// Stands for "not compared" in the scores: below every cosine, so never a match.
const UNDETECTED: f32 = -1.0;

/// What to measure.
pub(crate) struct Task<'a> {
    /// Columns `a,b,same`.
    pub(crate) pairs: &'a Path,
    /// Where the pictures are.
    pub(crate) root: &'a Path,
    /// Through the grey JPEG 2000 of a card, or as the picture is.
    pub(crate) card: bool,
    /// Also every reference with every attempt; persons are told apart by file name.
    pub(crate) cross: bool,
    /// Where the JSON goes; plots beside it.
    pub(crate) out: &'a Path,
}

/// One row of the list.
struct Pair {
    reference: usize,
    attempt: usize,
    same: bool,
}

/// Rows with their pictures numbered.
#[derive(Default)]
struct Pairs {
    rows: Vec<Pair>,
    references: Names,
    attempts: Names,
    probes: Names,
    /// Numbers of the probes of each attempt.
    frames: Vec<Vec<usize>>,
}

/// Distinct names in order of appearance.
#[derive(Default)]
struct Names {
    at: BTreeMap<String, usize>,
    list: Vec<String>,
}

/// A card photo as the kiosk takes it.
struct Reference {
    /// `None` when no face is found in it.
    face: Option<Embedding>,
    /// Straight, sharp, with eyes and mouth to be seen, as the rules for card photos demand; most press photographs are.
    like_a_card: bool,
}

/// What one probe gave.
struct Probe {
    passed: bool,
    grade: f32,
    embedding: Option<Embedding>,
    ms: f64,
}

/// An attempt ready to be compared: the fused face at every moment at which the kiosk would decide.
struct Fused {
    moments: Vec<Embedding>,
    /// No frame passed; the pictures were compared all the same.
    forced: bool,
}

/// Runs the task and writes JSON and plots.
///
/// # Errors
/// For a bad list, a missing or undecodable picture, or models that are not prepared.
pub(crate) fn evaluate(task: &Task<'_>) -> Result<()> {
    let pairs = Pairs::read(task.pairs)?;
    let pipeline = pictures::pipeline()?;
    let began = Instant::now();
    let references = pictures::on_all_cores(&pairs.references.list, |name| {
        reference(&pipeline, &task.root.join(name), task.card).with_context(|| name.clone())
    })?;
    let probes = pictures::on_all_cores(&pairs.probes.list, |name| {
        probe(&pipeline, &task.root.join(name)).with_context(|| name.clone())
    })?;
    let attempts: Vec<Fused> = pairs.frames.iter().map(|frames| fuse(frames, &probes)).collect();
    let score = |reference: usize, attempt: usize| -> f32 {
        let face = references[reference].face.as_ref();
        face.map_or(UNDETECTED, |face| attempts[attempt].score(face))
    };
    let scores: Vec<(f32, bool)> =
        pairs.rows.iter().map(|pair| (score(pair.reference, pair.attempt), pair.same)).collect();
    let split = |wanted: bool| {
        scores.iter().filter(|score| score.1 == wanted).map(|score| score.0).collect::<Vec<f32>>()
    };
    let rates = Scores::new(split(true), split(false));
    let like_a_card = |pair: &Pair| references[pair.reference].like_a_card;
    let of_cards = |wanted: bool| {
        let rows = pairs.rows.iter().filter(|pair| pair.same == wanted && like_a_card(pair));
        rows.map(|pair| score(pair.reference, pair.attempt)).collect::<Vec<f32>>()
    };
    let card_like = curve(&Scores::new(of_cards(true), of_cards(false)));
    let mut report = summary(&rates, &scores);
    let forced = pairs.rows.iter().filter(|pair| attempts[pair.attempt].forced).count();
    let mean_ms = probes.iter().map(|probe| probe.ms).sum::<f64>() / number(probes.len().max(1));
    let more = json!({
        "ms_per_image": mean_ms,
        "seconds": began.elapsed().as_secs_f64(),
        "below_quality": forced,
        "card_like": card_like,
        "reference": if task.card { "card" } else { "as-is" },
        "model_hash": pipeline.model_hash(),
    });
    merge(&mut report, more);
    let mut plotted = rates;
    if task.cross {
        let all = cross(&pairs, &score, |_| true);
        let cards = cross(&pairs, &score, |at| references[at].like_a_card);
        merge(&mut report, json!({ "cross": curve(&all), "cross_card_like": curve(&cards) }));
        plotted = all;
    }
    plot::write(&plotted, task.out)?;
    let listed = scores.iter().map(|(score, same)| json!([score, u8::from(*same)]));
    let shown = serde_json::to_string_pretty(&report)?;
    merge(&mut report, json!({ "scores": listed.collect::<Vec<Value>>() }));
    std::fs::write(task.out, serde_json::to_vec(&report)?)
        .with_context(|| format!("cannot write {}", task.out.display()))?;
    println!("{shown}");
    Ok(())
}

fn merge(report: &mut Value, more: Value) {
    if let (Value::Object(report), Value::Object(more)) = (report, more) {
        report.extend(more);
    }
}

fn summary(rates: &Scores, scores: &[(f32, bool)]) -> Value {
    let undetected = scores.iter().filter(|score| score.0 <= UNDETECTED).count();
    let mut report = curve(rates);
    merge(
        &mut report,
        json!({
            "pairs": scores.len(),
            "undetected": undetected,
            "accuracy_10fold": accuracy_10fold(scores),
        }),
    );
    report
}

/// Everything that a list of scores tells.
fn curve(rates: &Scores) -> Value {
    let (genuine, impostor) = (rates.genuine.len(), rates.impostor.len());
    let (eer, at) = rates.eer();
    let (missed, let_in) = (rates.fnmr(MATCH_THRESHOLD), rates.fmr(MATCH_THRESHOLD));
    let hits = |rate: f64, total: usize| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count, made from a part of it"
        )]
        let hits = (rate * number(total)).round() as usize;
        hits
    };
    json!({
        "genuine": genuine,
        "impostor": impostor,
        "eer": eer,
        "eer_threshold": at,
        "fnmr_at_fmr": {
            "1e-2": rates.at(1e-2),
            "1e-3": rates.at(1e-3),
            "1e-4": rates.at(1e-4),
        },
        "operating_point": MATCH_THRESHOLD,
        "fnmr_at_operating_point": missed,
        "fnmr_at_operating_point_ci95": wilson(hits(missed, genuine), genuine),
        "fmr_at_operating_point": let_in,
        "fmr_at_operating_point_ci95": wilson(hits(let_in, impostor), impostor),
    })
}

/// Every reference with every attempt that it is not part of.
fn cross(
    pairs: &Pairs,
    score: &impl Fn(usize, usize) -> f32,
    wanted: impl Fn(usize) -> bool,
) -> Scores {
    let (mut genuine, mut impostor) = (Vec::new(), Vec::new());
    for (at, name) in pairs.references.list.iter().enumerate().filter(|(at, _)| wanted(*at)) {
        for (attempt, frames) in pairs.frames.iter().enumerate() {
            let names = || frames.iter().map(|frame| &pairs.probes.list[*frame]);
            if names().any(|probe| probe == name) {
                continue;
            }
            let same = names().any(|probe| person(probe) == person(name));
            if same { &mut genuine } else { &mut impostor }.push(score(at, attempt));
        }
    }
    Scores::new(genuine, impostor)
}

/// `Some_Name_0007.jpg` shows `Some_Name`.
fn person(file: &str) -> &str {
    file.rsplit_once('_').map_or(file, |(person, _)| person)
}

fn reference(pipeline: &Pipeline, file: &Path, card: bool) -> Result<Reference> {
    let bytes = pictures::read(file)?;
    let (enrolled, hint) = if card {
        let photo = virtual_card::Portrait::from_image_bytes(&bytes)?;
        let decoded = face::jp2::decode(photo.jp2())?;
        (pipeline.enrol(photo.jp2()), pipeline.analyse(decoded.frame(), Depth::Guide)?.hint)
    } else {
        let picture = pictures::decode(&bytes)?;
        let frame = pictures::frame(&picture)?;
        (pipeline.enrol_picture(frame), pipeline.analyse(frame, Depth::Guide)?.hint)
    };
    let face = match enrolled {
        Ok(embedding) => Some(embedding),
        Err(EnrolError::NoFace) => None,
        Err(error) => return Err(error.into()),
    };
    let unlike = [
        Hint::NoFace,
        Hint::Turned,
        Hint::Tilted,
        Hint::EyesCovered,
        Hint::MouthCovered,
        Hint::Blurred,
    ];
    Ok(Reference { face, like_a_card: !unlike.contains(&hint) })
}

fn probe(pipeline: &Pipeline, file: &Path) -> Result<Probe> {
    let picture = pictures::decode(&pictures::read(file)?)?;
    let began = Instant::now();
    let analysis = pipeline.analyse(pictures::frame(&picture)?, Depth::Always)?;
    Ok(Probe {
        passed: analysis.hint == Hint::Good,
        grade: analysis.grade,
        embedding: analysis.embedding.clone(),
        ms: began.elapsed().as_secs_f64() * 1e3,
    })
}

/// As the kiosk fuses: frames that pass, in order. Only when none passes, all that show a face.
fn fuse(frames: &[usize], probes: &[Probe]) -> Fused {
    let seen: Vec<&Probe> =
        frames.iter().map(|at| &probes[*at]).filter(|probe| probe.embedding.is_some()).collect();
    let forced = !seen.iter().any(|probe| probe.passed);
    let used: Vec<&Probe> = seen.into_iter().filter(|probe| forced || probe.passed).collect();
    let mut fusion = Fusion::default();
    let mut moments = Vec::new();
    for (count, probe) in used.iter().enumerate() {
        let Some(embedding) = &probe.embedding else { continue };
        fusion.add(embedding.clone(), probe.grade);
        if count + 1 >= MIN_FRAMES.min(used.len()) {
            moments.extend(fusion.face());
        }
    }
    Fused { moments, forced }
}

impl Fused {
    /// The attempt matches at every threshold up to this.
    fn score(&self, reference: &Embedding) -> f32 {
        self.moments.iter().map(|face| face.cosine(reference)).fold(UNDETECTED, f32::max)
    }
}

impl Names {
    fn number(&mut self, name: &str) -> usize {
        let next = self.list.len();
        let number = *self.at.entry(name.to_owned()).or_insert(next);
        if number == next {
            self.list.push(name.to_owned());
        }
        number
    }
}

impl Pairs {
    fn read(file: &Path) -> Result<Self> {
        let mut pairs = Self::default();
        for row in list::read(file, ["a", "b", "same"])? {
            let [a, b, same] = &row.fields;
            pairs.add(a, b, same, row.line).with_context(|| file.display().to_string())?;
        }
        Ok(pairs)
    }

    fn add(&mut self, a: &str, b: &str, same: &str, line: usize) -> Result<()> {
        let same = match same {
            "1" => true,
            "0" => false,
            other => bail!("line {line}: `same` must be 1 or 0, not `{other:.20}`"),
        };
        list::below_root(a, line)?;
        let probes: Vec<&str> = b.split('|').collect();
        ensure!(probes.len() <= MAX_PROBES, "line {line}: more than {MAX_PROBES} probes");
        probes.iter().try_for_each(|probe| list::below_root(probe, line))?;
        let reference = self.references.number(a);
        let attempt = self.attempts.number(b);
        if attempt == self.frames.len() {
            self.frames.push(probes.iter().map(|probe| self.probes.number(probe)).collect());
        }
        self.rows.push(Pair { reference, attempt, same });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    #[test]
    fn rows_share_their_pictures() {
        let mut pairs = Pairs::default();
        pairs.add("a_1.jpg", "a_2.jpg|a_3.jpg", "1", 2).unwrap();
        pairs.add("b_1.jpg", "a_2.jpg|a_3.jpg", "0", 3).unwrap();
        assert_eq!(
            (pairs.references.list.len(), pairs.frames.len(), pairs.probes.list.len()),
            (2, 1, 2)
        );
        let wrong = |a, b, same| pairs_error(a, b, same);
        assert!(wrong("a.jpg", "b.jpg", "yes").starts_with("line 7: `same`"));
        assert!(wrong("a.jpg", "b.jpg||c.jpg", "1").starts_with("line 7"));
        assert!(wrong("/a.jpg", "b.jpg", "1").starts_with("line 7"));
    }

    fn pairs_error(a: &str, b: &str, same: &str) -> String {
        Pairs::default().add(a, b, same, 7).unwrap_err().to_string()
    }

    #[test]
    fn persons_are_told_apart_by_name() {
        assert_eq!(person("Some_Name_0007.jpg"), person("Some_Name_0012.jpg"));
        assert_ne!(person("Some_Name_0007.jpg"), person("Other_Name_0007.jpg"));
    }
}
