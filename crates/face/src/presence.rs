//! Is a living person in front of the camera? (Presentation attack detection, ISO/IEC 30107-3.)
//!
//! Three kinds of evidence, weakest first: what single frames look like ([`crate::liveness`], [`crate::screen`]), whether
//! the stream comes from a camera at all ([`crate::source`]), and whether the person does what is asked ([`crate::challenge`]).
//! Single frames of a good print or film look live, so everybody is asked. Nobody is told which evidence failed.

use std::collections::VecDeque;

use crate::challenge::{Answer, Asked, CALM, Challenge, Pose};
use crate::liveness::LIVENESS_FLOOR;
use crate::pipeline::Analysis;
use crate::source::SourceFault;

/// Mean trace of a screen at or above which it is one.
const SHOWN: f32 = 1.0;
/// Answers in a row that show a person. A film of somebody who moves the head about answers one of four by chance in one
/// of four cases, and two in one of sixteen.
pub const ANSWERS: u8 = 2;
/// A face that is away for longer than this may have been exchanged. Milliseconds.
const AWAY_MS: f64 = 700.0;
/// So long a head must have kept still before it is asked: whoever moves all the time answers by chance. Milliseconds.
const CALM_MS: f64 = 350.0;

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
    /// Pose of this face, smoothed.
    pose: Option<Pose>,
    /// The poses of the last [`CALM_MS`] and the one before.
    recent: VecDeque<(f64, Pose)>,
    /// Pose of the first challenge: the next one is put when the head is back.
    rest: Option<Pose>,
    fault: Option<SourceFault>,
    asked: Option<Asked>,
    /// Challenges put so far, those that did not count among them.
    put: u32,
    answers: u8,
    failed: bool,
    /// When a face was last seen, and where: centre and width in pixels.
    last_face: Option<(f64, [f32; 3])>,
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
        if !kept {
            // Somebody else begins from nothing.
            self.failed |= self.was_asked();
            (self.pose, self.rest) = (None, None);
            self.recent.clear();
        }
        if let Some(now) = &analysis.measures {
            let seen = Pose { yaw: now.yaw, pitch: now.pitch, aspect: now.aspect };
            // Half of the frame before: the points tremble from frame to frame.
            let pose = self.pose.map_or(seen, |before| before.middle(seen));
            self.pose = Some(pose);
            self.remember(pose, t_ms);
            self.judge(pose, t_ms);
        } else if self.asked.as_ref().is_some_and(|asked| asked.is_over(t_ms)) {
            self.failed = true;
        }
    }

    fn remember(&mut self, pose: Pose, t_ms: f64) {
        self.recent.push_back((t_ms, pose));
        while self.recent.get(1).is_some_and(|(then, _)| t_ms - then >= CALM_MS) {
            self.recent.pop_front();
        }
    }

    fn judge(&mut self, pose: Pose, t_ms: f64) {
        match self.asked.as_mut().map(|asked| asked.judge(pose, t_ms)) {
            None | Some(Answer::Awaited) => {}
            Some(Answer::Given) => {
                self.answers += 1;
                self.asked = None;
            }
            Some(Answer::TooSoon) => self.asked = None,
            Some(Answer::Wrong) => self.failed = true,
        }
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

    /// Whether the head keeps still, and is where it was when it was first asked.
    fn is_calm(&self) -> bool {
        let (Some((first, _)), Some((last, now))) = (self.recent.front(), self.recent.back())
        else {
            return false;
        };
        let still = self.recent.iter().all(|(_, pose)| pose.distance(*now) <= CALM);
        last - first >= CALM_MS && still && self.rest.is_none_or(|rest| rest.distance(*now) <= CALM)
    }

    /// Whether the head has yet to come back from an answer.
    pub fn is_away_from_rest(&self) -> bool {
        let away = |(rest, now): (Pose, Pose)| rest.distance(now) > CALM;
        self.asked.is_none() && self.rest.zip(self.pose).is_some_and(away)
    }

    /// Puts the next challenge to a head that keeps still; does nothing while one waits or when enough were answered.
    /// `random` must not be foreseeable.
    pub fn ask(&mut self, random: u32, t_ms: f64) {
        if self.asked.is_some() || self.answers >= ANSWERS || self.failed || !self.is_calm() {
            return;
        }
        let Some(before) = Pose::mean(self.recent.iter().map(|(_, pose)| *pose)) else { return };
        self.rest.get_or_insert(before);
        // Other bits each time; after so many questions an attempt has long ended.
        let challenge = Challenge::choose(random.rotate_right(5 * self.put), before);
        self.put += 1;
        self.asked = Some(Asked::new(challenge, before, t_ms));
    }

    /// The challenge that waits for its answer.
    pub fn asked(&self) -> Option<Challenge> {
        self.asked.as_ref().filter(|_| !self.failed).map(Asked::challenge)
    }

    /// Whether the movement so far, up to `t_ms`, was the right one, but too small.
    pub fn falls_short(&self, t_ms: f64) -> bool {
        !self.failed && self.asked.as_ref().is_some_and(|asked| asked.is_short(t_ms))
    }

    /// Whether a challenge was ever put.
    pub fn was_asked(&self) -> bool {
        self.put > 0
    }

    /// Challenges answered so far, 0..=[`ANSWERS`].
    pub fn answers(&self) -> u8 {
        self.answers
    }

    /// Whether a challenge was answered wrongly, not in time, or by another face.
    pub fn failed(&self) -> bool {
        self.failed
    }

    /// Mean liveness of the frames by themselves, 0..=1; 0 before the first.
    pub fn passive(&self) -> f32 {
        self.mean(self.liveness)
    }

    /// The same, but 0 for an attack that shows itself otherwise.
    pub fn liveness(&self) -> f32 {
        if self.shows_itself() || self.failed { 0.0 } else { self.passive() }
    }

    /// What the evidence says.
    pub fn presence(&self) -> Presence {
        if self.liveness() < LIVENESS_FLOOR {
            Presence::Attack
        } else if self.answers >= ANSWERS {
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
