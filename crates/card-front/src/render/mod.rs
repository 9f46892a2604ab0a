//! Draws card fronts and frames of them, and trains the recogniser on them. Our own drawing.

mod fonts;
mod frame;
mod front;
mod train;

pub use fonts::{FontError, Fonts};
pub use frame::{Scene, frame};
pub use front::{Front, Line, TODAY, card};
pub use train::train;

/// A small generator of numbers (xorshift64*); the same seed gives the same picture.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Any seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// 0 to `below` - 1.
    pub fn below(&mut self, below: usize) -> usize {
        usize::try_from(self.roll() >> 33).unwrap_or(0) % below.max(1)
    }

    /// Between two numbers.
    #[expect(clippy::cast_precision_loss, reason = "24 bits")]
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * (self.roll() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// With this probability.
    pub fn happens(&mut self, probability: f32) -> bool {
        self.between(0.0, 1.0) < probability
    }
}
