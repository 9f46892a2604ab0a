//! Digits being typed.

use protocol::Redacted;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Longest number that is ever typed, in digits.
const LONGEST: usize = 4;

/// Up to 4 digits; prints as its length only and is wiped when dropped. Lives on the stack, so that
/// growing leaves no copy behind.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Digits {
    typed: [u8; LONGEST],
    len: usize,
    max: usize,
}

impl Digits {
    /// Nothing typed yet; takes `max` digits, at most 4.
    pub(crate) fn new(max: usize) -> Self {
        Self { typed: [0; LONGEST], len: 0, max: max.min(LONGEST) }
    }

    /// Adds a digit at the end. `false` when it is not a digit or nothing fits any more.
    pub(crate) fn push(&mut self, digit: char) -> bool {
        let Some(digit) = ascii(digit).filter(|_| !self.is_full()) else { return false };
        self.typed[self.len] = digit;
        self.len += 1;
        true
    }

    /// Takes the last digit away. `false` when there was none.
    pub(crate) fn pop(&mut self) -> bool {
        let had_one = self.len > 0;
        if had_one {
            self.len -= 1;
            self.typed[self.len] = 0;
        }
        had_one
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.typed.zeroize();
        self.len = 0;
    }

    /// Replaces everything by the digits among `text`.
    pub(crate) fn replace(&mut self, text: &str) {
        self.clear();
        for digit in text.chars() {
            self.push(digit);
        }
    }

    /// How many were typed.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// How many fit.
    pub(crate) fn max(&self) -> usize {
        self.max
    }

    /// Whether all are there.
    pub(crate) fn is_full(&self) -> bool {
        self.len == self.max
    }

    /// The value; `None` when nothing was typed.
    pub(crate) fn value(&self) -> Option<u32> {
        let digits = &self.typed[..self.len];
        (!digits.is_empty())
            .then(|| digits.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
    }

    /// The text, for a field that shows it or the one message that carries it.
    pub(crate) fn expose(&self) -> String {
        self.typed[..self.len].iter().map(|digit| char::from(*digit)).collect()
    }

    /// For the wire.
    pub(crate) fn to_wire(&self) -> Redacted {
        Redacted::new(self.expose())
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} of {} digits>", self.len, self.max)
    }
}

/// A digit 0 to 9, half or full width, as ASCII: Japanese keyboards type either.
pub(crate) fn ascii(digit: char) -> Option<u8> {
    match digit {
        '0'..='9' => u8::try_from(digit).ok(),
        '０'..='９' => {
            u8::try_from(u32::from(digit) - u32::from('０')).ok().map(|value| b'0' + value)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_digits_only_and_not_too_many() {
        let mut digits = Digits::new(2);
        assert!(!digits.push('x') && !digits.push('七') && !digits.push('²'));
        assert!(digits.push('0') && digits.push('7') && !digits.push('9'));
        assert_eq!(digits.expose(), "07");
        assert_eq!(digits.value(), Some(7));
        assert!(digits.is_full());
    }

    #[test]
    fn digits_of_a_japanese_keyboard_are_digits() {
        let mut digits = Digits::new(4);
        digits.replace("５５年 ０9");
        assert_eq!(digits.expose(), "5509");
    }

    #[test]
    fn deleting_wipes() {
        let mut digits = Digits::new(4);
        assert!(!digits.pop());
        digits.replace("19-84");
        assert!(digits.pop());
        assert_eq!(digits.typed, *b"198\0");
        digits.clear();
        assert_eq!((digits.typed, digits.len(), digits.value()), ([0; 4], 0, None));
    }

    #[test]
    fn never_prints_what_was_typed() {
        let mut digits = Digits::new(4);
        digits.replace("1234");
        assert_eq!(format!("{digits:?}"), "<4 of 4 digits>");
    }
}
