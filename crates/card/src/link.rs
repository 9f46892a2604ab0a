//! A bounded way to the card: whatever a card answers, a verb ends. What no card answers is a
//! failure of the link ([`Error::ShortResponse`]), never a reason to doubt the card.

use checkin::deadlines::CARD_MS;
use myna_card::{Error, Transmit};
use std::time::{Duration, Instant};

/// Commands of one verb. The longest one, a photo of 64 KiB, takes about 260.
const MAX_COMMANDS: u32 = 320;
/// GET RESPONSE in a row (ISO/IEC 7816-4, `61xx`): a short answer is fetched in one or two.
const MAX_RESPONSES: u32 = 8;
/// No command of a verb begins later than this after its first one.
const MAX_TIME: Duration = Duration::from_secs(9);
/// So long one command may take before its reader counts as mute. The slowest one is a signature, about half a second; a card
/// may ask for more time.
pub const COMMAND_TIME: Duration = Duration::from_millis(2500);
const _: () = assert!(
    MAX_TIME.as_millis() + COMMAND_TIME.as_millis() < CARD_MS as u128,
    "the visit is told before it gives up"
);
/// Longest answer of a short command: 256 bytes and the status word (ISO/IEC 7816-4).
const MAX_ANSWER: usize = 258;

/// Counts and limits the commands of one verb.
pub(super) struct Bounded<'a> {
    card: &'a mut dyn Transmit,
    end: Instant,
    commands: u32,
    responses: u32,
}

impl<'a> Bounded<'a> {
    pub(super) fn new(card: &'a mut dyn Transmit) -> Self {
        Self { card, end: Instant::now() + MAX_TIME, commands: 0, responses: 0 }
    }
}

impl Transmit for Bounded<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Error> {
        self.responses = if matches!(command, [_, 0xC0, ..]) { self.responses + 1 } else { 0 };
        let endless = self.commands == MAX_COMMANDS || self.responses > MAX_RESPONSES;
        if endless || Instant::now() > self.end {
            return Err(Error::ShortResponse(0));
        }
        self.commands += 1;
        let mut answer = self.card.transmit(command)?;
        // Some cards answer the first command after power-up with 6F00; it did nothing.
        if self.commands == 1 && answer == [0x6F, 0x00] {
            answer = self.card.transmit(command)?;
        }
        if answer.len() > MAX_ANSWER {
            return Err(Error::ShortResponse(answer.len()));
        }
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use myna_card::{Card, Command};

    struct Endless;

    impl Transmit for Endless {
        fn transmit(&mut self, _: &[u8]) -> Result<Vec<u8>, Error> {
            Ok(vec![0xAA, 0x61, 0x10])
        }
    }

    #[test]
    fn a_card_that_always_has_more_is_cut_short() {
        let mut endless = Endless;
        let mut card = Card::new(Bounded::new(&mut endless));
        let read = card.call(&Command::with_le(0, 0xB0, 0, 0, 256));
        assert!(matches!(read, Err(Error::ShortResponse(0))));
    }
}
