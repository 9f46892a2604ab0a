//! What a reader says of a card without a microprocessor, in the ATR that it makes up (PC/SC part 3, 3.1.3.2.3).
//!
//! Such cards take no commands, so nothing else tells what they are. Behind the identifier of the PC/SC workgroup stand the
//! standard (one byte) and the card's name (two bytes). Readers of the ACR122 family have names of their own, and give the
//! standard of ISO 14443 A for `FeliCa` too.

use checkin::card::CardProblem;

/// Registered identifier of the PC/SC workgroup, in a `4F` object of any length.
const WORKGROUP: [u8; 5] = [0xA0, 0x00, 0x00, 0x03, 0x06];
/// Standard `FeliCa`.
const FELICA: u8 = 0x11;
/// Names of `FeliCa` cards: PC/SC's, then those of ACR122 readers for both speeds.
const FELICA_NAMES: [u16; 3] = [0x003B, 0xF011, 0xF012];
/// ACR122 readers name what they do not know `FFxx`, xx being SAK (ISO 14443-3). With this bit it takes commands.
const TAKES_COMMANDS: u16 = 0x20;
/// A `DESFire` card: ISO 14443-4, one historical byte `80`. It answers in a way of its own.
const DESFIRE: [u8; 6] = [0x3B, 0x81, 0x80, 0x01, 0x80, 0x80];

/// What lies there, if the reader knows that it is no My Number Card.
pub(super) fn announced(atr: &[u8]) -> Option<CardProblem> {
    if atr == DESFIRE {
        return Some(CardProblem::NotMyNumber);
    }
    let at = atr.windows(WORKGROUP.len()).position(|window| window == WORKGROUP)?;
    let announced = atr[..at].get(at.checked_sub(2)?) == Some(&0x4F);
    let [standard, high, low] = *atr.get(at + WORKGROUP.len()..)?.first_chunk()?;
    let name = u16::from_be_bytes([high, low]);
    match name {
        _ if !announced => None,
        _ if standard == FELICA || FELICA_NAMES.contains(&name) => Some(CardProblem::TransitCard),
        0xFF00.. if name & TAKES_COMMANDS != 0 => None,
        _ => Some(CardProblem::NotMyNumber),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn storage(standard: u8, name: u16) -> Option<CardProblem> {
        let mut atr = vec![0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0, 0, 3, 6, standard];
        atr.extend(name.to_be_bytes());
        atr.extend([0, 0, 0, 0, 0x42]);
        assert_eq!(announced(&atr[..14]), None, "cut short");
        announced(&atr)
    }

    #[test]
    fn the_reader_says_what_takes_no_commands() {
        let (transit, other) = (Some(CardProblem::TransitCard), Some(CardProblem::NotMyNumber));
        for (standard, name) in
            [(0x11, 0x003B), (0x11, 0), (0x03, 0xF011), (0x03, 0xF012), (0, 0x003B)]
        {
            assert_eq!(storage(standard, name), transit, "{standard:02X} {name:04X}");
        }
        // MIFARE Classic 1K, 4K, Ultralight, Mini; Topaz; ISO 15693; one that the reader does not know.
        for (standard, name) in
            [(3, 1), (3, 2), (3, 3), (3, 0x26), (3, 0xF004), (0x0B, 0x14), (3, 0xFF08)]
        {
            assert_eq!(storage(standard, name), other, "{standard:02X} {name:04X}");
        }
        assert_eq!(storage(3, 0xFF20), None, "it takes commands: it is asked");
        assert_eq!(announced(&DESFIRE), other);
    }

    #[test]
    fn cards_that_take_commands_are_asked() {
        for atr in [
            // A My Number Card by its contacts, what a reader makes up for ISO 14443 B, and nothing.
            &[0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14][..],
            &[0x3B, 0x88, 0x80, 0x01, 0, 0, 0, 0, 0x33, 0x81, 0x81, 0x00, 0x3A],
            &[0x3B, 0x80, 0x80, 0x01, 0x01],
            &[0xA0, 0, 0, 3, 6, 3, 0, 1],
            &[],
        ] {
            assert_eq!(announced(atr), None, "{atr:02X?}");
        }
    }
}
