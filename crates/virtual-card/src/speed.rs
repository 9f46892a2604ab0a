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
}

/// Card and reader time per command.
const PER_COMMAND: Duration = Duration::from_millis(6);
/// An RSA-2048 private-key operation inside a card, powered by the field.
const SIGNATURE: Duration = Duration::from_millis(350);
/// Start and stop bit around each byte (type B).
const BITS_PER_BYTE: f64 = 10.0;
/// Block header, checksum and frame marks in both directions.
const BYTES_AROUND: u16 = 16;

impl Speed {
    /// Time for a command (header, data) and its answer (data, status word) together.
    pub fn time(self, command: &[u8], answer: &[u8]) -> Duration {
        let bytes = u16::try_from(command.len() + answer.len())
            .unwrap_or(u16::MAX)
            .saturating_add(BYTES_AROUND);
        let signed = matches!(command, [0x80, 0x2A, ..]) && answer.ends_with(&[0x90, 0x00]);
        match self {
            Self::Instant => Duration::ZERO,
            Self::Contactless106 => {
                let link = Duration::from_secs_f64(f64::from(bytes) * BITS_PER_BYTE / 106_000.0);
                link + PER_COMMAND + if signed { SIGNATURE } else { Duration::ZERO }
            }
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
}
