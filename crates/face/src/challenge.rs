//! What a person is asked to do, and whether they did it.
//!
//! A flat picture can be held and tilted, but its nose does not move against its eyes. Coming nearer is not asked: a
//! print can do that, too. Every movement works sitting, standing and by ear.

/// Change of yaw (eye distances) that answers: a turn by about 18°, as the tip of the nose lies half an eye distance before the eyes.
const YAW: f32 = 0.15;
/// Change of pitch (parts of the way from mouth to eyes) that answers.
const PITCH: f32 = 0.12;
/// Part of its width that a face must keep when a turn answers. A head has turned far enough before it looks narrow; a print
/// bent round its face must be turned further.
const WIDTH: f32 = 0.9;
/// The same upright: how much wider than high a face may grow when looking up or down answers. A head has moved far enough
/// at a tenth; a print must be tilted until it looks a quarter flatter.
const FLATTER: f32 = 1.18;
/// A face that looks so narrow, or so flat, before its nose has moved enough is a sheet: whoever holds one would find the right
/// angle after a few tries.
const FOLDED: [f32; 2] = [0.85, 1.25];
/// So many times an answer may a head move otherwise before that counts as the wrong answer.
const WRONG: f32 = 1.15;
/// A head that is turned so far already is not asked to turn further: a camera beside the screen sees everybody from one side.
const ASIDE: f32 = 0.15;
/// The same for looking up and down, from [`LEVEL`].
const RAISED: f32 = 0.17;
/// Pitch of a head that looks straight ahead.
const LEVEL: f32 = 0.45;
/// Nobody has read or heard what to do sooner, and moved: a head that moves before this moves by itself. Milliseconds.
const REACTION_MS: f64 = 350.0;
/// So long a movement in the right direction may take before the person is told that a little is missing. Milliseconds.
const SHORT_MS: f64 = 1_000.0;
/// Part of an answer up to which a head keeps still.
pub(crate) const CALM: f32 = 0.5;
/// Time for an answer in milliseconds: enough for a slow neck.
pub const CHALLENGE_MS: f64 = 8_000.0;

/// Where a head points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pose {
    /// As [`crate::quality::Measures::yaw`]: positive to the person's left.
    pub yaw: f32,
    /// As [`crate::quality::Measures::pitch`]: larger upwards.
    pub pitch: f32,
    /// As [`crate::quality::Measures::aspect`]: smaller from the side.
    pub aspect: f32,
}

impl Pose {
    /// The mean of poses; `None` without one.
    pub(crate) fn mean(poses: impl Iterator<Item = Self>) -> Option<Self> {
        let add = |(n, sum): (f32, Self), pose: Self| {
            let sum = Self {
                yaw: sum.yaw + pose.yaw,
                pitch: sum.pitch + pose.pitch,
                aspect: sum.aspect + pose.aspect,
            };
            (n + 1.0, sum)
        };
        let (n, sum) = poses.fold((0.0, Self { yaw: 0.0, pitch: 0.0, aspect: 0.0 }), add);
        (n > 0.0).then(|| Self { yaw: sum.yaw / n, pitch: sum.pitch / n, aspect: sum.aspect / n })
    }

    /// Half way to another pose.
    pub(crate) fn middle(self, other: Self) -> Self {
        Self {
            yaw: f32::midpoint(self.yaw, other.yaw),
            pitch: f32::midpoint(self.pitch, other.pitch),
            aspect: f32::midpoint(self.aspect, other.aspect),
        }
    }

    /// How far another pose is away; 1 is as much as an answer.
    pub(crate) fn distance(self, other: Self) -> f32 {
        ((self.yaw - other.yaw).abs() / YAW).max((self.pitch - other.pitch).abs() / PITCH)
    }
}

/// What the person is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Challenge {
    /// Turn the head a little to the person's left.
    TurnLeft,
    /// Turn the head a little to the person's right.
    TurnRight,
    /// Look up a little.
    LookUp,
    /// Look down a little.
    LookDown,
}

impl Challenge {
    /// Every challenge.
    pub const ALL: [Self; 4] = [Self::TurnLeft, Self::TurnRight, Self::LookUp, Self::LookDown];

    /// One that a head in the pose `from` can follow, by the lowest bits of a random number.
    pub fn choose(random: u32, from: Pose) -> Self {
        let mut fit = Self::ALL.into_iter().filter(|challenge| !challenge.strains(from));
        // At most one turn and one of up and down are left out.
        let count = fit.clone().count().max(1);
        fit.nth(random as usize % count).unwrap_or(Self::TurnLeft)
    }

    /// Whether it leads a head further away from the front that is not there now.
    fn strains(self, from: Pose) -> bool {
        match self {
            Self::TurnLeft => from.yaw > ASIDE,
            Self::TurnRight => from.yaw < -ASIDE,
            Self::LookUp => from.pitch > LEVEL + RAISED,
            Self::LookDown => from.pitch < LEVEL - RAISED,
        }
    }
}

/// What a head did about a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nothing yet.
    Awaited,
    /// The head moved before anybody can have understood: the question does not count.
    TooSoon,
    /// What was asked.
    Given,
    /// Clearly something else, or nothing in time.
    Wrong,
}

/// A challenge that was put.
#[derive(Debug)]
pub(crate) struct Asked {
    challenge: Challenge,
    before: Pose,
    since_ms: f64,
    /// When the head had first moved clearly in the right direction.
    tried_ms: Option<f64>,
}

impl Asked {
    /// Puts it at `t_ms` to a head in the pose `before`.
    pub(crate) fn new(challenge: Challenge, before: Pose, t_ms: f64) -> Self {
        Self { challenge, before, since_ms: t_ms, tried_ms: None }
    }

    /// What was asked.
    pub(crate) fn challenge(&self) -> Challenge {
        self.challenge
    }

    /// Whether the time for an answer is over. A time that is not a number ends it, too.
    pub(crate) fn is_over(&self, t_ms: f64) -> bool {
        (t_ms - self.since_ms).is_nan() || t_ms - self.since_ms > CHALLENGE_MS
    }

    /// Whether the head moved as asked, but not far enough for some time: whoever has a stiff neck should hear that it works.
    pub(crate) fn is_short(&self, t_ms: f64) -> bool {
        self.tried_ms.is_some_and(|tried| t_ms - tried > SHORT_MS)
    }

    /// What the pose at `t_ms` says.
    pub(crate) fn judge(&mut self, now: Pose, t_ms: f64) -> Answer {
        let turned = (now.yaw - self.before.yaw) / YAW;
        let raised = (now.pitch - self.before.pitch) / PITCH;
        let (wanted, other) = match self.challenge {
            Challenge::TurnLeft => (turned, raised),
            Challenge::TurnRight => (-turned, raised),
            Challenge::LookUp => (raised, turned),
            Challenge::LookDown => (-raised, turned),
        };
        let shape = now.aspect / self.before.aspect;
        let (is_solid, is_folded) = match self.challenge {
            Challenge::TurnLeft | Challenge::TurnRight => (shape >= WIDTH, shape < FOLDED[0]),
            Challenge::LookUp | Challenge::LookDown => (shape <= FLATTER, shape > FOLDED[1]),
        };
        let has_moved = wanted >= 1.0;
        if wanted > CALM {
            self.tried_ms.get_or_insert(t_ms);
        }
        if t_ms - self.since_ms < REACTION_MS && turned.abs().max(raised.abs()) > CALM {
            return Answer::TooSoon;
        }
        if self.is_over(t_ms) || wanted <= -WRONG || other.abs() >= WRONG.max(wanted) {
            Answer::Wrong
        } else if has_moved && is_solid {
            Answer::Given
        } else if is_folded && !has_moved {
            Answer::Wrong
        } else {
            Answer::Awaited
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Pose = Pose { yaw: 0.05, pitch: 0.45, aspect: 1.1 };

    fn after(challenge: Challenge, yaw: f32, pitch: f32) -> Answer {
        let now = Pose { yaw: REST.yaw + yaw, pitch: REST.pitch + pitch, aspect: REST.aspect };
        Asked::new(challenge, REST, 0.0).judge(now, 1_000.0)
    }

    #[test]
    fn each_challenge_has_one_answer() {
        let moves = [(0.2, 0.0), (-0.2, 0.0), (0.0, 0.17), (0.0, -0.17)];
        for (asked, challenge) in Challenge::ALL.into_iter().enumerate() {
            for (done, (yaw, pitch)) in moves.into_iter().enumerate() {
                // The opposite must be clear to be wrong: `opposites_are_wrong`.
                let far = if asked == done { 1.0 } else { 1.3 };
                let expected = if asked == done { Answer::Given } else { Answer::Wrong };
                assert_eq!(after(challenge, far * yaw, far * pitch), expected, "{challenge:?}");
            }
            assert_eq!(after(challenge, 0.05, 0.05), Answer::Awaited);
        }
    }

    #[test]
    fn nobody_is_asked_to_turn_further_away() {
        let asked = |from| (0..8).map(|random| Challenge::choose(random, from)).collect::<Vec<_>>();
        assert!(Challenge::ALL.iter().all(|challenge| asked(REST).contains(challenge)));
        let right = asked(Pose { yaw: -0.25, ..REST });
        assert!(!right.contains(&Challenge::TurnRight) && right.contains(&Challenge::TurnLeft));
        let low = asked(Pose { yaw: 0.25, pitch: 0.2, ..REST });
        assert!(low.iter().all(|c| matches!(c, Challenge::TurnRight | Challenge::LookUp)));
    }

    #[test]
    fn a_small_slip_is_forgiven() {
        assert_eq!(after(Challenge::TurnLeft, -0.16, 0.0), Answer::Awaited);
        assert_eq!(after(Challenge::TurnLeft, 0.2, 0.14), Answer::Given);
        assert_eq!(after(Challenge::LookUp, 0.05, 0.14), Answer::Given);
    }

    /// As far as a bent print must be turned for the same movement of its nose.
    #[test]
    fn a_narrow_face_does_not_answer() {
        let narrow = Pose { yaw: REST.yaw + 0.2, pitch: REST.pitch, aspect: 0.85 * REST.aspect };
        let mut asked = Asked::new(Challenge::TurnLeft, REST, 0.0);
        assert_eq!(asked.judge(narrow, 1_000.0), Answer::Awaited);
        let wide = Pose { aspect: 0.93 * REST.aspect, ..narrow };
        assert_eq!(asked.judge(wide, 1_000.0), Answer::Given);
    }

    /// As far as a sheet must be tilted for the same movement of its nose.
    #[test]
    fn a_flat_face_does_not_answer() {
        let flat = Pose { yaw: REST.yaw, pitch: REST.pitch + 0.14, aspect: 1.27 * REST.aspect };
        let mut asked = Asked::new(Challenge::LookUp, REST, 0.0);
        assert_eq!(asked.judge(flat, 1_000.0), Answer::Awaited);
        let high = Pose { aspect: 1.1 * REST.aspect, ..flat };
        assert_eq!(asked.judge(high, 1_000.0), Answer::Given);
    }

    #[test]
    fn a_sheet_is_known_by_its_shape() {
        let folded = |challenge, yaw, pitch, shape| {
            let aspect = shape * REST.aspect;
            let now = Pose { yaw: REST.yaw + yaw, pitch: REST.pitch + pitch, aspect };
            Asked::new(challenge, REST, 0.0).judge(now, 1_000.0)
        };
        assert_eq!(folded(Challenge::TurnLeft, 0.1, 0.0, 0.8), Answer::Wrong);
        assert_eq!(folded(Challenge::LookDown, 0.0, -0.08, 1.3), Answer::Wrong);
        assert_eq!(folded(Challenge::TurnLeft, 0.1, 0.0, 0.88), Answer::Awaited);
        assert_eq!(folded(Challenge::TurnLeft, 0.2, 0.0, 0.8), Answer::Awaited, "a head far round");
    }

    #[test]
    fn nobody_answers_before_the_question_is_understood() {
        let mut asked = Asked::new(Challenge::TurnLeft, REST, 0.0);
        let moved = |yaw| Pose { yaw: REST.yaw + yaw, ..REST };
        assert_eq!(asked.judge(moved(0.2), 200.0), Answer::TooSoon);
        assert_eq!(asked.judge(moved(-0.2), 200.0), Answer::TooSoon);
        assert_eq!(asked.judge(moved(0.05), 200.0), Answer::Awaited);
        assert_eq!(asked.judge(moved(0.2), 400.0), Answer::Given);
    }

    #[test]
    fn a_small_movement_is_encouraged() {
        let mut asked = Asked::new(Challenge::TurnLeft, REST, 0.0);
        let moved = |yaw| Pose { yaw: REST.yaw + yaw, ..REST };
        for (yaw, t_ms, is_short) in [
            (0.05, 2_000.0, false),
            (0.1, 3_000.0, false),
            (0.02, 3_900.0, false),
            (0.1, 4_100.0, true),
        ] {
            assert_eq!(asked.judge(moved(yaw), t_ms), Answer::Awaited);
            assert_eq!(asked.is_short(t_ms), is_short, "{t_ms}");
        }
        assert_eq!(asked.judge(moved(0.16), 4_500.0), Answer::Given);
    }

    #[test]
    fn silence_ends_it() {
        let mut asked = Asked::new(Challenge::TurnLeft, REST, 0.0);
        assert_eq!(asked.judge(REST, CHALLENGE_MS), Answer::Awaited);
        assert_eq!(asked.judge(REST, CHALLENGE_MS + 1.0), Answer::Wrong);
        assert_eq!(asked.judge(REST, f64::NAN), Answer::Wrong);
    }
}
