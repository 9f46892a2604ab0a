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
        let fits = digit.is_ascii_digit() && !self.is_full();
        if fits {
            self.typed[self.len] = digit as u8;
            self.len += 1;
        }
        fits
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_digits_only_and_not_too_many() {
        let mut digits = Digits::new(2);
        assert!(!digits.push('x') && !digits.push('１'));
        assert!(digits.push('0') && digits.push('7') && !digits.push('9'));
        assert_eq!(digits.expose(), "07");
        assert_eq!(digits.value(), Some(7));
        assert!(digits.is_full());
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
