//! The decision: every threshold and the rule that uses them.

use crate::embed::Embedding;
use crate::pipeline::Analysis;

/// Cosine at or above which two faces are the same person: false match rate 1e-4 (one impostor in 10,000), the operating
/// point of NIST SP 800-63A. `models/manifest.toml` says how it was measured.
pub const MATCH_THRESHOLD: f32 = 0.405;

/// Mean liveness below which no match is given. Lenient on purpose: the passive model alone refuses many live faces at
/// its natural 0.5, so only frames that it is nearly sure about are stopped; the score itself goes with the claim.
pub const LIVENESS_FLOOR: f32 = 0.05;

/// Passing frames before the first decision: one lucky frame proves little.
pub const MIN_FRAMES: usize = 3;

/// The best so many frames are fused.
pub const FUSED_FRAMES: usize = 5;

/// Passing frames after which a face that does not match will not.
pub const MAX_FRAMES: usize = 12;

/// Time for one attempt in milliseconds, from its first frame.
pub const ATTEMPT_MS: f64 = 10_000.0;

/// Result of an attempt so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// Go on.
    Undecided,
    /// The same person as on the card.
    Matched {
        /// Fused cosine, [`MATCH_THRESHOLD`]..=1.
        score: f32,
        /// Mean liveness of the fused frames, 0..=1.
        liveness: f32,
    },
    /// Good frames, but not the same person, or not clearly live.
    NoMatch {
        /// Fused cosine, −1..=1.
        best: f32,
        /// Mean liveness of the fused frames, 0..=1.
        liveness: f32,
    },
    /// Time is up without one frame that could be compared.
    NoFace,
}

/// A frame kept for fusion.
struct Kept {
    grade: f32,
    liveness: f32,
    embedding: Embedding,
}

/// One attempt: give it every analysis in order and read the verdict.
///
/// The embeddings of the best frames are averaged before they are compared, so that more frames make the comparison
/// better, not merely more often. Taking the highest single score instead would raise the false match rate with every frame.
pub struct Attempt {
    reference: Embedding,
    kept: Vec<Kept>,
    passed: usize,
    started: Option<f64>,
    verdict: Verdict,
}

impl Attempt {
    /// Starts against the card's face.
    pub fn new(reference: Embedding) -> Self {
        Self {
            reference,
            kept: Vec::with_capacity(FUSED_FRAMES + 1),
            passed: 0,
            started: None,
            verdict: Verdict::Undecided,
        }
    }

    /// Takes the analysis of a frame seen at `t_ms` (milliseconds, any origin, not falling). A given verdict stays.
    pub fn push(&mut self, analysis: &Analysis, t_ms: f64) -> Verdict {
        if self.verdict != Verdict::Undecided {
            return self.verdict;
        }
        let started = *self.started.get_or_insert(t_ms);
        if let (Some(embedding), Some(liveness)) = (&analysis.embedding, analysis.liveness) {
            self.keep(Kept { grade: analysis.grade, liveness, embedding: embedding.clone() });
        }
        // Written so that a time which is not a number ends the attempt instead of keeping it open for ever.
        let in_time = t_ms - started < ATTEMPT_MS;
        self.verdict = self.decide(!in_time || self.passed >= MAX_FRAMES);
        self.verdict
    }

    /// Frames that passed so far.
    pub fn frames(&self) -> usize {
        self.passed
    }

    fn keep(&mut self, frame: Kept) {
        self.passed += 1;
        self.kept.push(frame);
        self.kept.sort_by(|a, b| b.grade.total_cmp(&a.grade));
        self.kept.truncate(FUSED_FRAMES);
    }

    fn decide(&self, last: bool) -> Verdict {
        let Some((score, liveness)) = self.fused() else {
            return if last { Verdict::NoFace } else { Verdict::Undecided };
        };
        if self.passed >= MIN_FRAMES && score >= MATCH_THRESHOLD && liveness >= LIVENESS_FLOOR {
            Verdict::Matched { score, liveness }
        } else if last {
            Verdict::NoMatch { best: score, liveness }
        } else {
            Verdict::Undecided
        }
    }

    /// Cosine of the fused frames and their mean liveness.
    fn fused(&self) -> Option<(f32, f32)> {
        let face = Embedding::mean(self.kept.iter().map(|kept| &kept.embedding))?;
        let liveness = self.kept.iter().map(|kept| kept.liveness).sum::<f32>()
            / crate::warp::real(self.kept.len());
        Some((self.reference.cosine(&face), liveness))
    }
}

impl std::fmt::Debug for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Attempt({} frames, {:?})", self.passed, self.verdict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embed::LENGTH;
    use crate::quality::Hint;

    /// A unit vector whose cosine with the first axis is `cosine`.
    fn face(cosine: f32) -> Embedding {
        let mut vector = [0.0; LENGTH];
        (vector[0], vector[1]) = (cosine, (1.0 - cosine * cosine).sqrt());
        Embedding::from_sum([vector.as_slice()]).unwrap()
    }

    fn frame(seen: Option<(f32, f32)>) -> Analysis {
        let hint = if seen.is_some() { Hint::Good } else { Hint::NoFace };
        let (embedding, liveness) = seen.map(|(cosine, live)| (face(cosine), live)).unzip();
        Analysis { faces: Vec::new(), landmarks: None, hint, grade: 0.5, liveness, embedding }
    }

    /// Pushes one frame every 100 ms until there is a verdict; gives it with the number of frames.
    fn run(seen: Option<(f32, f32)>) -> (Verdict, usize) {
        let mut attempt = Attempt::new(face(1.0));
        for count in 1..=200_u16 {
            let verdict = attempt.push(&frame(seen), f64::from(count) * 100.0);
            if verdict != Verdict::Undecided {
                return (verdict, count.into());
            }
        }
        panic!("an attempt must end");
    }

    #[test]
    fn the_same_person_matches_after_the_first_frames() {
        let (verdict, frames) = run(Some((0.7, 0.9)));
        assert!(matches!(verdict, Verdict::Matched { score, .. } if (score - 0.7).abs() < 1e-3));
        assert_eq!(frames, MIN_FRAMES);
    }

    #[test]
    fn another_person_ends_without_a_match() {
        let (verdict, frames) = run(Some((MATCH_THRESHOLD - 0.01, 0.9)));
        assert!(matches!(verdict, Verdict::NoMatch { .. }));
        assert_eq!(frames, MAX_FRAMES);
    }

    #[test]
    fn a_surely_false_face_does_not_match() {
        assert!(
            matches!(run(Some((0.9, 0.01))).0, Verdict::NoMatch { liveness, .. } if liveness < LIVENESS_FLOOR)
        );
    }

    #[test]
    fn nobody_there_ends_in_time() {
        let (verdict, frames) = run(None);
        assert_eq!((verdict, frames), (Verdict::NoFace, 101));
    }

    #[test]
    fn a_broken_clock_ends_the_attempt() {
        let mut attempt = Attempt::new(face(1.0));
        assert_eq!(attempt.push(&frame(None), f64::NAN), Verdict::NoFace);
    }

    #[test]
    fn a_verdict_stays_and_shows_no_face() {
        let mut attempt = Attempt::new(face(1.0));
        for time in [0.0, 50.0, 100.0] {
            attempt.push(&frame(Some((0.7, 0.9))), time);
        }
        assert!(matches!(attempt.push(&frame(Some((0.0, 0.0))), 150.0), Verdict::Matched { .. }));
        assert!(format!("{attempt:?}").starts_with("Attempt(3 frames"));
    }
}
