//! How heads and hands move: turns that begin and end gently, by chance or on request.

use super::head::Turn;
use crate::challenge::Challenge;

/// Numbers by chance, the same every time from the same seed (a linear congruential generator, Numerical Recipes constants).
pub struct Chance(u32);

impl Chance {
    /// Starts from a seed.
    pub fn new(seed: u32) -> Self {
        let mut chance = Self(seed.wrapping_mul(2_654_435_761).wrapping_add(97));
        (0..4).for_each(|_| {
            chance.number();
        });
        chance
    }

    /// Any number.
    pub fn number(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // The low bits of such a generator repeat soon.
        self.0 >> 8
    }

    /// Between two values.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * super::real(self.number() % 10_000) / 10_000.0
    }

    /// One of four movements.
    pub fn challenge(&mut self) -> Challenge {
        Challenge::ALL[(self.number() >> 3) as usize % Challenge::ALL.len()]
    }
}

/// One movement: from rest to a pose, a hold, and back.
#[derive(Clone, Copy)]
struct Move {
    from_s: f32,
    there_s: f32,
    hold_s: f32,
    to: Turn,
}

/// Movements one after the other.
#[derive(Default)]
pub struct Motion(Vec<Move>);

/// How a movement is repeated, in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Rhythm {
    /// Keeps still before each movement.
    pub still_s: f32,
    /// On the way there, and as long on the way back.
    pub there_s: f32,
    /// Keeps the pose.
    pub hold_s: f32,
}

impl Rhythm {
    /// Time from one movement to the next.
    pub fn period_s(self) -> f32 {
        self.still_s + 2.0 * self.there_s + self.hold_s
    }
}

impl Motion {
    /// Somebody who makes one movement by `angle` radians `times` times and keeps still before each.
    pub fn over_and_over(movement: Challenge, angle: f32, rhythm: Rhythm, times: u8) -> Self {
        let Rhythm { still_s, there_s, hold_s } = rhythm;
        let step = |number: u8| Move {
            from_s: f32::from(number) * rhythm.period_s() + still_s,
            there_s,
            hold_s,
            to: target(movement, angle),
        };
        Self((0..times).map(step).collect())
    }

    /// Somebody who moves the head about by chance for `seconds`, with pauses.
    pub fn by_chance(chance: &mut Chance, seconds: f32) -> Self {
        let mut motion = Self::default();
        let mut at = chance.between(0.3, 1.5);
        while at < seconds {
            let to = target(chance.challenge(), chance.between(0.32, 0.5));
            let there_s = chance.between(0.4, 0.8);
            let hold_s = chance.between(0.1, 0.7);
            motion.0.push(Move { from_s: at, there_s, hold_s, to });
            at += 2.0 * there_s + hold_s + chance.between(0.4, 1.8);
        }
        motion
    }

    /// Does what is asked at `at_s`, after a moment, by `angle` radians.
    pub fn answer(&mut self, asked: Challenge, at_s: f32, angle: f32, chance: &mut Chance) {
        let from_s = at_s + chance.between(0.5, 1.5);
        let (there_s, hold_s) = (chance.between(0.4, 0.9), chance.between(0.3, 0.8));
        self.0.push(Move { from_s, there_s, hold_s, to: target(asked, angle) });
    }

    /// The pose at a time in seconds.
    pub fn at(&self, t_s: f32) -> Turn {
        let mut turn = Turn::default();
        for step in &self.0 {
            let rise = gentle((t_s - step.from_s) / step.there_s);
            let fall = gentle((t_s - step.from_s - step.there_s - step.hold_s) / step.there_s);
            turn.yaw += step.to.yaw * (rise - fall);
            turn.pitch += step.to.pitch * (rise - fall);
        }
        turn
    }
}

fn gentle(part: f32) -> f32 {
    let part = part.clamp(0.0, 1.0);
    part * part * (3.0 - 2.0 * part)
}

/// The pose that answers a challenge.
fn target(asked: Challenge, angle: f32) -> Turn {
    match asked {
        Challenge::TurnLeft => Turn { yaw: angle, pitch: 0.0 },
        Challenge::TurnRight => Turn { yaw: -angle, pitch: 0.0 },
        Challenge::LookUp => Turn { yaw: 0.0, pitch: angle },
        Challenge::LookDown => Turn { yaw: 0.0, pitch: -angle },
    }
}
