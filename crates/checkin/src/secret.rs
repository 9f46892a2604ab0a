//! Values that must never reach a log, an error text, a file or the store.

use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Why a typed secret was not accepted. Carries nothing of the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Wrong number of characters.
    #[error("expected {expected} digits")]
    Length {
        /// Accepted number of digits.
        expected: usize,
    },
    /// A character other than the ASCII digits 0 to 9.
    #[error("only the digits 0 to 9 are accepted")]
    NotDigits,
}

/// `N` ASCII digits that print as `<redacted>` and are wiped when dropped. They live on the heap, so
/// that moving the value moves a pointer and leaves no copy behind.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Digits<const N: usize>(Box<[u8]>);

macro_rules! four_digits {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Digits<4>);

        impl $name {
            /// Takes exactly 4 ASCII digits.
            ///
            /// # Errors
            /// [`SecretError`] when the length or a character is wrong.
            pub fn parse(text: &str) -> Result<Self, SecretError> {
                Digits::parse(text).map(Self)
            }

            /// The digits as ASCII bytes, for the one place that checks them.
            #[must_use]
            pub fn expose(&self) -> &[u8; 4] {
                self.0.expose()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

four_digits! {
    /// 利用者証明用電子証明書の暗証番号: 4 digits, for the card only. No passcode can become one:
    ///
    /// ```compile_fail
    /// # use checkin::secret::{Passcode, Pin};
    /// let pin: Pin = Passcode::parse("1234").unwrap();
    /// ```
    Pin
}

four_digits! {
    /// 券面事項入力補助用暗証番号: 4 digits, for that application of the card only. It is another PIN than [`Pin`], with a counter of
    /// its own, and neither can become the other:
    ///
    /// ```compile_fail
    /// # use checkin::secret::{ItemsPin, Pin};
    /// let pin: ItemsPin = Pin::parse("1234").unwrap();
    /// ```
    ItemsPin
}

four_digits! {
    /// The facility's passcode for 目視確認: 4 digits, chosen by the facility, for its own check only. No
    /// PIN can become one:
    ///
    /// ```compile_fail
    /// # use checkin::secret::{Passcode, Pin};
    /// let passcode: Passcode = Pin::parse("1234").unwrap();
    /// ```
    Passcode
}

impl<const N: usize> Digits<N> {
    /// Takes exactly `N` ASCII digits.
    ///
    /// # Errors
    /// [`SecretError`] when the length or a character is wrong.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let bytes = text.as_bytes();
        if !bytes.iter().all(u8::is_ascii_digit) {
            return Err(SecretError::NotDigits);
        }
        if bytes.len() != N {
            return Err(SecretError::Length { expected: N });
        }
        Ok(Self(bytes.into()))
    }

    /// The digits as ASCII bytes, for the card and the passcode check only.
    #[must_use]
    pub fn expose(&self) -> &[u8; N] {
        self.0.as_ref().try_into().expect("`parse` is the only way in")
    }
}

impl<const N: usize> fmt::Debug for Digits<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

/// Serial number of the authentication certificate (big-endian bytes): links the card to the
/// insured person. The law limits who may collect these, so it lives only as long as the visit.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Serial(Vec<u8>);

impl Serial {
    /// Wraps the content octets of the X.509 `serialNumber`.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The octets, for the gateway only.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_of_the_right_number_are_taken() {
        assert_eq!(Pin::parse("1234").unwrap().expose(), b"1234");
        assert_eq!(Pin::parse("123"), Err(SecretError::Length { expected: 4 }));
        assert_eq!(Pin::parse("12345"), Err(SecretError::Length { expected: 4 }));
        assert_eq!(Pin::parse("12a4"), Err(SecretError::NotDigits));
        assert_eq!(Pin::parse("１２３４"), Err(SecretError::NotDigits));
    }

    #[test]
    fn secrets_do_not_print() {
        assert_eq!(format!("{:?}", Pin::parse("1234").unwrap()), "<redacted>");
        assert_eq!(format!("{:?}", Serial::new(vec![1, 2])), "<redacted>");
    }
}
