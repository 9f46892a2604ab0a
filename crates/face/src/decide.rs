//! The decision: every threshold and the rule that uses them.

use crate::challenge::{CHALLENGE_MS, Challenge};
use crate::embed::Embedding;
use crate::fusion::Fusion;
use crate::pipeline::{Analysis, Depth};
use crate::presence::{ANSWERS, Evidence, Presence};
use crate::quality::Hint;
use crate::source::{Source, SourceFault, is_virtual_camera};

/// Cosine at or above which two faces are the same person: false match rate 1e-4 for an attempt of three fused pictures
/// (one impostor in 10,000), the operating point of NIST SP 800-63A. `models/manifest.toml` says how it was measured.
pub const MATCH_THRESHOLD: f32 = 0.42;

/// Mean liveness below which no match is given. Lenient on purpose: the passive model alone refuses many live faces at
/// its natural 0.5, so only frames that it is nearly sure about are stopped; the score itself goes with the claim.
pub const LIVENESS_FLOOR: f32 = 0.05;

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

    /// What the person is being asked to do.
    pub fn challenge(&self) -> Option<Challenge> {
        self.evidence.asked()
    }

    /// The name of what to tell the person after a frame with the hint `seen`: a challenge, unless there is nobody who could
    /// follow it; between two challenges to face the camera again.
    pub fn say(&self, seen: Hint) -> &'static str {
        match self.evidence.asked() {
            _ if matches!(seen, Hint::NoFace | Hint::SeveralFaces) => seen.name(),
            Some(challenge) => challenge.name(),
            None if seen == Hint::Good && self.evidence.is_away_from_rest() => Hint::Turned.name(),
            None => seen.name(),
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
mod tests {
    use super::*;
    use crate::detect::FaceBox;
    use crate::embed::LENGTH;
    use crate::patches::Patches;
    use crate::quality::Measures;

    /// A unit vector whose cosine with the first axis is `cosine`.
    fn face(cosine: f32) -> Embedding {
        let mut vector = [0.0; LENGTH];
        (vector[0], vector[1]) = (cosine, (1.0 - cosine * cosine).sqrt());
        Embedding::from_sum([vector.as_slice()]).unwrap()
    }

    fn frame(seen: Option<(f32, f32)>) -> Analysis {
        let hint = if seen.is_some() { Hint::Good } else { Hint::NoFace };
        let (embedding, liveness) = seen.map(|(cosine, live)| (face(cosine), live)).unzip();
        Analysis {
            faces: Vec::new(),
            landmarks: None,
            measures: seen.map(|_| STRAIGHT),
            hint,
            grade: 0.5,
            screen: None,
            fingerprint: 0,
            liveness,
            embedding,
        }
    }

    const STRAIGHT: Measures = Measures {
        eye_distance: 60.0,
        height: 0.4,
        outside: 0.0,
        rival: 0.0,
        yaw: 0.0,
        pitch: 0.42,
        roll: 0.0,
        aspect: 1.0,
        patches: Patches { luma: 120.0, sharpness: 2.0, eyes_covered: 0.0, mouth_covered: 0.0 },
        surroundings: 120.0,
    };

    /// A frame of the right face with this liveness and yaw, unlike every other frame.
    fn moving(count: u16, liveness: f32, yaw: f32) -> Analysis {
        let mut moving = frame(Some((0.7, liveness)));
        moving.faces = vec![FaceBox { x: 0.0, y: 0.0, width: 90.0, height: 120.0, score: 0.9 }];
        moving.fingerprint = count.into();
        moving.measures = Some(Measures { yaw, ..STRAIGHT });
        moving
    }

    /// Shows a face of this liveness that is asked to turn left twice, and turns by `turn` while it is asked. Gives the
    /// verdict, how often it was asked, and after how many frames.
    fn enforce(liveness: f32, turn: f32) -> (Verdict, u16, u16) {
        let mut attempt = Attempt::new(face(1.0), Policy::Enforce { random: 0 });
        let (mut asked, mut times) = (false, 0);
        for count in 1..=300_u16 {
            let yaw = if asked { turn } else { 0.0 };
            let verdict = attempt.push(&moving(count, liveness, yaw), f64::from(count) * 100.0);
            let now = attempt.challenge() == Some(Challenge::TurnLeft);
            times += u16::from(now && !asked);
            asked = now;
            if verdict != Verdict::Undecided {
                return (verdict, times, count);
            }
        }
        panic!("an attempt must end");
    }

    #[test]
    fn two_answers_in_a_row_match() {
        assert!(matches!(enforce(0.95, 0.3), (Verdict::Matched { .. }, 2, ..30)));
        assert!(matches!(enforce(0.5, 0.3), (Verdict::Matched { .. }, 2, ..30)));
    }

    #[test]
    fn no_answer_and_a_wrong_one_do_not() {
        let refused = |turn| {
            let (verdict, times, frames) = enforce(0.95, turn);
            assert!(matches!(verdict, Verdict::NoMatch { liveness, .. } if liveness <= 0.0));
            assert_eq!(times, 1);
            frames
        };
        assert!((80..100).contains(&refused(0.0)), "silence has its time");
        assert!(refused(-0.3) < 20, "the other way ends it");
    }

    /// A picture of the holder until the first challenge, then somebody else who answers.
    #[test]
    fn another_person_may_not_answer() {
        let mut attempt = Attempt::new(face(1.0), Policy::Enforce { random: 0 });
        let mut before = false;
        for count in 1..=400_u16 {
            let asked = attempt.challenge().is_some();
            let mut seen = moving(count, 0.95, if asked { 0.3 } else { 0.0 });
            before |= asked;
            if before {
                seen.embedding = Some(face(0.1));
            }
            match attempt.push(&seen, f64::from(count) * 100.0) {
                Verdict::Undecided => {}
                verdict => {
                    return assert!(matches!(verdict, Verdict::NoMatch { .. }), "{verdict:?}");
                }
            }
        }
        panic!("an attempt must end");
    }

    #[test]
    fn between_two_challenges_the_head_comes_back() {
        let mut attempt = Attempt::new(face(1.0), Policy::Enforce { random: 0 });
        let mut count = 0;
        let mut push = |attempt: &mut Attempt, yaw| {
            count += 1;
            attempt.push(&moving(count, 0.95, yaw), f64::from(count) * 100.0);
        };
        (0..8).for_each(|_| push(&mut attempt, 0.0));
        assert_eq!(attempt.say(Hint::Good), "turn_left");
        assert_eq!(attempt.say(Hint::NoFace), "no_face");
        (0..8).for_each(|_| push(&mut attempt, 0.3));
        assert_eq!((attempt.challenge(), attempt.say(Hint::Good)), (None, "turned"));
        (0..8).for_each(|_| push(&mut attempt, 0.0));
        assert_eq!(attempt.say(Hint::Good), "turn_left");
    }

    #[test]
    fn whoever_never_keeps_still_is_never_asked() {
        let mut attempt = Attempt::new(face(1.0), Policy::Enforce { random: 0 });
        for count in 1..=300_u16 {
            let yaw = if count % 6 < 3 { 0.3 } else { -0.3 };
            let verdict = attempt.push(&moving(count, 0.95, yaw), f64::from(count) * 100.0);
            assert_eq!(attempt.challenge(), None);
            if verdict != Verdict::Undecided {
                assert!(matches!(verdict, Verdict::NoMatch { .. }) && count > 90);
                return;
            }
        }
        panic!("an attempt must end");
    }

    #[test]
    fn a_head_that_is_followed_is_compared_now_and_then() {
        let mut attempt = Attempt::new(face(1.0), Policy::Enforce { random: 0 });
        let mut compared = Vec::new();
        for count in 1..=20_u16 {
            let mut seen = moving(count, 0.95, 0.0);
            compared.push(attempt.depth() == Depth::Match);
            if attempt.depth() == Depth::Guide {
                (seen.embedding, seen.liveness) = (None, None);
            }
            attempt.push(&seen, f64::from(count) * 100.0);
        }
        assert!(attempt.challenge().is_some());
        assert!(compared[..3].iter().all(|whole| *whole));
        let rhythm = |whole: &[bool]| whole.iter().filter(|whole| **whole).count() == 1;
        assert!(compared[8..].windows(usize::from(COMPARE_EVERY)).all(rhythm), "{compared:?}");
    }

    #[test]
    fn a_still_picture_never_matches() {
        let mut attempt = Attempt::new(face(1.0), Policy::Enforce { random: 1 });
        let still = moving(1, 0.5, 0.0);
        let verdicts = (1..=300_u16).map(|count| attempt.push(&still, f64::from(count) * 100.0));
        let last = verdicts.last().unwrap();
        assert!(matches!(last, Verdict::NoMatch { liveness, .. } if liveness < LIVENESS_FLOOR));
    }

    /// Pushes one frame every 100 ms until there is a verdict; gives it with the number of frames.
    fn run(seen: Option<(f32, f32)>) -> (Verdict, usize) {
        let mut attempt = Attempt::new(face(1.0), Policy::Report);
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
        let mut attempt = Attempt::new(face(1.0), Policy::Report);
        assert_eq!(attempt.push(&frame(None), f64::NAN), Verdict::NoFace);
    }

    #[test]
    fn a_verdict_stays_and_shows_no_face() {
        let mut attempt = Attempt::new(face(1.0), Policy::Report);
        for time in [0.0, 50.0, 100.0] {
            attempt.push(&frame(Some((0.7, 0.9))), time);
        }
        assert!(matches!(attempt.push(&frame(Some((0.0, 0.0))), 150.0), Verdict::Matched { .. }));
        assert!(format!("{attempt:?}").starts_with("Attempt(3 frames"));
    }
}
