//! Is a living person in front of the camera? (Presentation attack detection, ISO/IEC 30107-3.)
//!
//! Three kinds of evidence, weakest first: what single frames look like ([`crate::liveness`], [`crate::screen`]), whether
//! the stream comes from a camera at all ([`crate::source`]), and whether the person can do what is asked: a flat picture
//! can be moved, but the nose of a picture does not move against its eyes. Single frames of a good print look live, so a
//! head that kept still is always asked; one that turned by itself while it came is not, unless something else leaves
//! doubt. Nobody is told which evidence failed.

use crate::decide::LIVENESS_FLOOR;
use crate::pipeline::Analysis;
use crate::source::SourceFault;

/// Mean liveness from which on a head that moves by itself needs no challenge.
pub const SURE: f32 = 0.8;
/// Mean trace of a screen at or above which it is one.
const SHOWN: f32 = 1.0;
/// Mean trace of a screen at or above which there is doubt.
const DOUBT: f32 = 0.85;
/// Change of yaw (eye distances) or pitch (parts of the way from mouth to eyes) that answers a challenge.
const ANSWER: f32 = 0.15;
/// The same for a head that was not asked: noise alone has more time to come so far.
const UNASKED: f32 = 0.22;
/// Time for an answer in milliseconds: enough for a slow neck.
pub const CHALLENGE_MS: f64 = 8_000.0;
/// A face that is away for longer than this may have been exchanged. Milliseconds.
const AWAY_MS: f64 = 700.0;

/// What the person is asked to do. Works sitting and by ear. Coming nearer is not asked: a print can do that, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Challenge {
    /// Turn the head a little to the person's left.
    TurnLeft,
    /// Turn the head a little to the person's right.
    TurnRight,
    /// Nod.
    Nod,
}

impl Challenge {
    /// One of them, by a random number.
    pub fn choose(random: u32) -> Self {
        [Self::TurnLeft, Self::TurnRight, Self::Nod][random as usize % 3]
    }

    /// Name in messages to the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::TurnLeft => "turn_left",
            Self::TurnRight => "turn_right",
            Self::Nod => "nod",
        }
    }

    /// Whether the pose `now` (yaw, pitch) answers it for a face that began as `before`.
    fn is_answered(self, before: [f32; 2], now: [f32; 2]) -> bool {
        match self {
            Self::TurnLeft => now[0] - before[0] >= ANSWER,
            Self::TurnRight => before[0] - now[0] >= ANSWER,
            Self::Nod => (now[1] - before[1]).abs() >= ANSWER,
        }
    }
}

/// What the evidence says so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// A living person.
    Live,
    /// Not clear.
    Doubt,
    /// An attack.
    Attack,
}

/// Collects the evidence of one attempt.
#[derive(Debug, Default)]
pub struct Evidence {
    frames: f32,
    liveness: f32,
    screen: f32,
    /// Yaw and pitch of this face, smoothed.
    pose: Option<[f32; 2]>,
    /// Lowest and highest yaw and pitch of this face.
    range: Option<[[f32; 2]; 2]>,
    fault: Option<SourceFault>,
    challenge: Option<Asked>,
    answered: bool,
    /// When a face was last seen, and where: centre and width in pixels.
    last_face: Option<(f64, [f32; 3])>,
}

/// A challenge that was put.
#[derive(Debug)]
struct Asked {
    challenge: Challenge,
    before: [f32; 2],
    since_ms: f64,
    failed: bool,
}

impl Evidence {
    /// Takes the fault of the stream, if it has one.
    pub fn source(&mut self, fault: Option<SourceFault>) {
        self.fault = self.fault.or(fault);
    }

    /// Takes one analysed frame seen at `t_ms`.
    pub fn frame(&mut self, analysis: &Analysis, t_ms: f64) {
        if let Some(liveness) = analysis.liveness {
            self.frames += 1.0;
            self.liveness += liveness;
            self.screen += analysis.screen.unwrap_or(0.0);
        }
        let kept = self.follow(analysis, t_ms);
        if let Some(now) = &analysis.measures {
            // Half of the frame before: the points tremble from frame to frame.
            let before = self.pose.filter(|_| kept).unwrap_or([now.yaw, now.pitch]);
            let pose = [f32::midpoint(before[0], now.yaw), f32::midpoint(before[1], now.pitch)];
            self.pose = Some(pose);
            self.widen(pose, kept);
        }
        if let (Some(asked), Some(pose)) = (&mut self.challenge, self.pose) {
            asked.failed |= !kept || t_ms - asked.since_ms > CHALLENGE_MS;
            self.answered |= !asked.failed && asked.challenge.is_answered(asked.before, pose);
        }
    }

    /// Widens the range of poses, or begins it anew for another face.
    fn widen(&mut self, pose: [f32; 2], kept: bool) {
        let before = self.range.filter(|_| kept).unwrap_or(pose.map(|value| [value; 2]));
        self.range = Some([0, 1].map(|axis: usize| {
            let ([low, high], now) = (before[axis], pose[axis]);
            [low.min(now), high.max(now)]
        }));
    }

    /// Widest change of pose so far: yaw in eye distances or pitch in parts of the way from mouth to eyes.
    pub fn turned(&self) -> f32 {
        self.range.map_or(0.0, |range| {
            range.map(|[low, high]| high - low).into_iter().fold(0.0, f32::max)
        })
    }

    /// Whether this is still the face of the frame before: not away for long, not jumped.
    fn follow(&mut self, analysis: &Analysis, t_ms: f64) -> bool {
        let Some(face) = analysis.best() else {
            return self.last_face.is_none_or(|(seen, _)| t_ms - seen <= AWAY_MS);
        };
        let ([x, y], width) = (face.centre(), face.width);
        let kept = self.last_face.is_none_or(|(seen, [old_x, old_y, old_width])| {
            t_ms - seen <= AWAY_MS
                && (x - old_x).hypot(y - old_y) < old_width
                && (0.5..2.0).contains(&(width / old_width))
        });
        self.last_face = Some((t_ms, [x, y, width]));
        kept
    }

    /// Puts a challenge to the face as it is now, once.
    pub fn ask(&mut self, challenge: Challenge, t_ms: f64) {
        let Some(before) = self.pose else { return };
        self.challenge.get_or_insert(Asked { challenge, before, since_ms: t_ms, failed: false });
    }

    /// The challenge that waits for its answer.
    pub fn asked(&self) -> Option<Challenge> {
        self.challenge.as_ref().filter(|asked| !asked.failed && !self.answered).map(|a| a.challenge)
    }

    /// Whether a challenge was not answered in time, or by another face.
    pub fn failed(&self) -> bool {
        self.challenge.as_ref().is_some_and(|asked| asked.failed) && !self.answered
    }

    /// Mean liveness of the frames by themselves, 0..=1; 0 before the first.
    pub fn passive(&self) -> f32 {
        self.mean(self.liveness)
    }

    /// The same, but 0 for an attack that shows itself otherwise.
    pub fn liveness(&self) -> f32 {
        if self.shows_itself() || self.failed() { 0.0 } else { self.passive() }
    }

    /// What the evidence says.
    pub fn presence(&self) -> Presence {
        let doubt = self.mean(self.screen) >= DOUBT;
        let moved = self.turned() >= UNASKED;
        if self.liveness() < LIVENESS_FLOOR || self.failed() {
            Presence::Attack
        } else if self.answered || (moved && self.liveness() >= SURE && !doubt) {
            Presence::Live
        } else {
            Presence::Doubt
        }
    }

    fn shows_itself(&self) -> bool {
        self.fault.is_some() || self.mean(self.screen) >= SHOWN
    }

    fn mean(&self, sum: f32) -> f32 {
        if self.frames > 0.0 { sum / self.frames } else { 0.0 }
    }
}
