//! How long a real card would have taken.

use std::time::Duration;

/// Pace of the answers. The caller waits; the card itself answers at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Speed {
    /// No delay.
    #[default]
    Instant,
    /// A card on a contactless reader at 106 kbit/s (ISO/IEC 14443-4).
    Contactless106,
    /// Any other link.
    Link(Link),
}

/// A model of reader, link and card: a fixed time per command, a time per byte in either direction, and a time per
/// signature. Jitter is added to each command, the same in every run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Bits per second; ten of them carry a byte.
    pub bits_per_second: u32,
    /// Reader and card around a command, in microseconds.
    pub command_us: u32,
    /// An RSA-2048 private-key operation, in microseconds.
    pub signature_us: u32,
    /// Most that is added to a command, in microseconds.
    pub jitter_us: u32,
}

/// Block header, checksum and frame marks in both directions.
const BYTES_AROUND: usize = 16;
/// Data bits with the start and stop bit around them (type B).
const BITS_PER_BYTE: u64 = 10;

impl Link {
    /// The slowest and most common contactless link.
    pub const CONTACTLESS_106: Self =
        Self { bits_per_second: 106_000, command_us: 6_000, signature_us: 350_000, jitter_us: 0 };

    fn time(self, command: &[u8], answer: &[u8]) -> Duration {
        let bytes = u64::try_from(command.len() + answer.len() + BYTES_AROUND).unwrap_or(u64::MAX);
        let bits = bytes.saturating_mul(BITS_PER_BYTE * 1_000_000);
        let signed = matches!(command, [0x80, 0x2A, ..]) && answer.ends_with(&[0x90, 0x00]);
        let mut us = bits / u64::from(self.bits_per_second.max(1)) + u64::from(self.command_us);
        if signed {
            us += u64::from(self.signature_us);
        }
        if self.jitter_us > 0 {
            let mix = |dice: u64, byte: &u8| dice.wrapping_mul(31).wrapping_add(u64::from(*byte));
            let dice = command.iter().fold(bytes, mix).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            us += (dice >> 32) % u64::from(self.jitter_us);
        }
        Duration::from_micros(us)
    }
}

impl Speed {
    /// Time for a command (header, data) and its answer (data, status word) together.
    pub fn time(self, command: &[u8], answer: &[u8]) -> Duration {
        match self {
            Self::Instant => Duration::ZERO,
            Self::Contactless106 => Link::CONTACTLESS_106.time(command, answer),
            Self::Link(link) => link.time(command, answer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_block_takes_about_thirty_milliseconds() {
        let time = Speed::Contactless106.time(&[0, 0xB0, 0, 0, 0], &[0; 258]);
        assert!((25..40).contains(&time.as_millis()), "{time:?}");
        assert_eq!(Speed::Instant.time(&[0, 0xB0, 0, 0, 0], &[0; 258]), Duration::ZERO);
    }

    #[test]
    fn jitter_stays_below_its_bound() {
        let link = Link { jitter_us: 1000, ..Link::CONTACTLESS_106 };
        let steady = Link::CONTACTLESS_106.time(&[0, 0xB0, 0, 0, 0], &[0; 258]);
        for p2 in 0..=255 {
            let time = link.time(&[0, 0xB0, 0, p2, 0], &[0; 258]);
            assert!(time >= steady && time < steady + Duration::from_millis(1));
        }
    }
}
