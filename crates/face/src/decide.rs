//! The decision: every threshold and the rule that uses them.

use crate::challenge::{CHALLENGE_MS, Challenge};
use crate::embed::Embedding;
use crate::fusion::Fusion;
use crate::liveness::LIVENESS_FLOOR;
use crate::pipeline::{Analysis, Depth};
use crate::presence::{ANSWERS, Evidence, Presence};
use crate::quality::Hint;
use crate::source::{Source, SourceFault, is_virtual_camera};

/// Cosine at or above which two faces are the same person: false match rate 1e-4 for an attempt of three fused pictures
/// (one impostor in 10,000), the operating point of NIST SP 800-63A. `models/manifest.toml` says how it was measured.
pub const MATCH_THRESHOLD: f32 = 0.42;

/// Passing frames before the first decision: one lucky frame proves little.
pub const MIN_FRAMES: usize = 3;

/// Passing frames after which a face that does not match will not.
pub const MAX_FRAMES: usize = 12;

/// Time for one attempt in milliseconds, from its first frame.
pub const ATTEMPT_MS: f64 = 10_000.0;

/// How far the frames since the first challenge may stay below [`MATCH_THRESHOLD`]: whoever answers must be the person
/// that was compared, but moves and is seen in few frames.
const SWAP_MARGIN: f32 = 0.12;

/// While a head is followed, every so many frames one is compared: often enough to see that it is still the same person.
const COMPARE_EVERY: u8 = 3;

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

/// What happens to evidence of an attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Doubt leads to a challenge, chosen by this random number; an attack never matches.
    Enforce {
        /// Must not be foreseeable.
        random: u32,
    },
    /// Only a surely false face is stopped, as for practice with pictures and films.
    Report,
}

/// What to tell the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instruction {
    /// What makes the next frame better.
    Better(Hint),
    /// What shows that they are there.
    Move(Challenge),
}

/// One attempt: give it every analysis in order and read the verdict.
pub struct Attempt {
    reference: Embedding,
    policy: Policy,
    fusion: Fusion,
    /// Frames since the first challenge only.
    answering: Fusion,
    /// Frames since the last one that was compared.
    uncompared: u8,
    source: Source,
    evidence: Evidence,
    started: Option<f64>,
    verdict: Verdict,
}

impl Attempt {
    /// Starts against the card's face.
    pub fn new(reference: Embedding, policy: Policy) -> Self {
        Self {
            reference,
            policy,
            fusion: Fusion::default(),
            answering: Fusion::default(),
            uncompared: 0,
            source: Source::default(),
            evidence: Evidence::default(),
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
        self.evidence.source(self.source.push(analysis.fingerprint, t_ms));
        self.evidence.frame(analysis, t_ms);
        self.uncompared = self.uncompared.saturating_add(1);
        if let Some(embedding) = &analysis.embedding {
            self.uncompared = 0;
            self.fusion.add(embedding.clone(), analysis.grade);
            if self.evidence.was_asked() {
                self.answering.add(embedding.clone(), analysis.grade);
            }
        }
        let extra = if self.evidence.was_asked() { CHALLENGE_MS * f64::from(ANSWERS) } else { 0.0 };
        // Written so that a time which is not a number ends the attempt instead of keeping it open for ever.
        let in_time = t_ms - started < ATTEMPT_MS + extra;
        self.verdict = self.decide(analysis, t_ms, in_time);
        self.verdict
    }

    /// Takes the label of the camera as the browser gives it: a program in place of a camera shows what it likes.
    pub fn camera(&mut self, label: &str) {
        self.evidence.source(is_virtual_camera(label).then_some(SourceFault::VirtualCamera));
    }

    /// How far the next frame must be analysed: while somebody answers, most frames only show how the head moves.
    pub fn depth(&self) -> Depth {
        let follows = self.evidence.was_asked() && self.frames() >= MIN_FRAMES;
        if follows && self.uncompared + 1 < COMPARE_EVERY { Depth::Guide } else { Depth::Match }
    }

    /// Frames that passed so far.
    pub fn frames(&self) -> usize {
        self.fusion.frames()
    }

    /// Challenges that the person has answered so far.
    pub fn answers(&self) -> u8 {
        self.evidence.answers()
    }

    /// What the person is being asked to do.
    pub fn challenge(&self) -> Option<Challenge> {
        self.evidence.asked()
    }

    /// Whether the person had begun to do that by `t_ms`, and should go on a little further.
    pub fn asks_further(&self, t_ms: f64) -> bool {
        self.evidence.falls_short(t_ms)
    }

    /// What to tell the person after a frame with the hint `seen`: a challenge, unless there is nobody who could follow it;
    /// between two challenges to face the camera again.
    pub fn say(&self, seen: Hint) -> Instruction {
        match self.evidence.asked() {
            _ if matches!(seen, Hint::NoFace | Hint::SeveralFaces) => Instruction::Better(seen),
            Some(challenge) => Instruction::Move(challenge),
            None if seen == Hint::Good && self.evidence.is_away_from_rest() => {
                Instruction::Better(Hint::Turned)
            }
            None => Instruction::Better(seen),
        }
    }

    fn decide(&mut self, analysis: &Analysis, t_ms: f64, in_time: bool) -> Verdict {
        let Some(face) = self.fusion.face() else {
            return if in_time { Verdict::Undecided } else { Verdict::NoFace };
        };
        let score = self.reference.cosine(&face);
        let same = self.frames() >= MIN_FRAMES && score >= MATCH_THRESHOLD;
        let (liveness, presence) = match self.policy {
            Policy::Report if self.evidence.passive() >= LIVENESS_FLOOR => {
                (self.evidence.passive(), Presence::Live)
            }
            Policy::Report => (self.evidence.passive(), Presence::Attack),
            Policy::Enforce { random } => {
                if same && analysis.hint == Hint::Good {
                    self.evidence.ask(random, t_ms);
                }
                (self.evidence.liveness(), self.evidence.presence())
            }
        };
        let presence = if presence == Presence::Live && !self.same_answers() {
            Presence::Doubt
        } else {
            presence
        };
        let waits = same && presence == Presence::Doubt;
        let last = !in_time || self.evidence.failed() || self.frames() >= MAX_FRAMES && !waits;
        if same && presence == Presence::Live {
            Verdict::Matched { score, liveness }
        } else if last {
            Verdict::NoMatch { best: score, liveness }
        } else {
            Verdict::Undecided
        }
    }

    /// Whether the person who answered is the one who was compared. Without a challenge there is nothing to say.
    fn same_answers(&self) -> bool {
        let score = self.answering.face().map(|face| self.reference.cosine(&face));
        !self.evidence.was_asked() || score.is_some_and(|s| s >= MATCH_THRESHOLD - SWAP_MARGIN)
    }
}

impl std::fmt::Debug for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Attempt({} frames, {:?})", self.frames(), self.verdict)
    }
}

#[cfg(test)]
mod tests;
