//! Changing bytes the way that breaks parsers.

/// A small generator of numbers (xorshift64*); the same seed gives the same run.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Any seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number from 0 to `below` - 1; 0 when `below` is 0.
    pub fn below(&mut self, below: usize) -> usize {
        let below = u64::try_from(below).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.roll() % below).unwrap_or(0)
    }

    /// A byte.
    pub fn byte(&mut self) -> u8 {
        self.roll().to_be_bytes()[0]
    }
}

/// Bytes that mean something in lengths, tags, status words and markers.
const TELLING: [u8; 20] = [
    0x00, 0x01, 0x7F, 0x80, 0x81, 0x82, 0x83, 0x84, 0x88, 0xFE, 0xFF, 0x1F, 0x30, 0x5F, 0x61, 0x6C,
    0x90, 0xDF, 0x4F, 0x51,
];

/// Changes `input` one to six times; `other` is another input to take pieces from. At most `most` bytes remain.
pub fn mutate(dice: &mut Dice, input: &mut Vec<u8>, other: &[u8], most: usize) {
    for _ in 0..=dice.below(6) {
        change(dice, input, other);
    }
    input.truncate(most);
}

fn change(dice: &mut Dice, input: &mut Vec<u8>, other: &[u8]) {
    let at = dice.below(input.len());
    match dice.below(8) {
        0 if !input.is_empty() => input[at] ^= 1 << dice.below(8),
        1 if !input.is_empty() => input[at] = TELLING[dice.below(TELLING.len())],
        2 if !input.is_empty() => input[at] = dice.byte(),
        3 => input.truncate(at),
        4 => {
            let end = (at + dice.below(16)).min(input.len());
            input.drain(at..end);
        }
        5 => {
            let piece: Vec<u8> =
                (0..=dice.below(8)).map(|_| TELLING[dice.below(TELLING.len())]).collect();
            input.splice(at..at, piece);
        }
        6 => {
            let from = dice.below(other.len());
            let to = (from + dice.below(64)).min(other.len());
            input.splice(at..at, other[from..to].iter().copied());
        }
        _ => {
            let end = (at + dice.below(32)).min(input.len());
            let piece = input[at..end].to_vec();
            input.splice(at..at, piece);
        }
    }
}
