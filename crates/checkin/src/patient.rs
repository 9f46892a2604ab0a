//! Whom the clinic knows already: the card's owner as the chip names that person, and what the clinic's patient list answers
//! about them. With the insurance that it knows from last time, an eligibility system that hears of no cards
//! ([`Reach::Numbers`](crate::gateway::Reach::Numbers)) can be asked all the same.

use crate::birth::Birth;
use crate::eligibility::Sex;
use crate::number::Numbers;
use std::fmt;
use zeroize::Zeroizing;

/// What the 券面事項入力補助 application tells of the card's owner (`domain-facts` A4), but for the address. Its kanji are those
/// of the resident register; there is no kana on the card.
#[derive(Clone, PartialEq, Eq)]
pub struct CardOwner {
    /// Name as on the card, U+3000 between family and given name.
    pub name: Zeroizing<String>,
    /// Birth date.
    pub birth: Birth,
    /// Sex.
    pub sex: Sex,
}

/// 患者番号 (カルテ番号): what the receipt computer calls the person by; the 照会番号 (`ReferenceNumber`) of the interface.
#[derive(Clone, PartialEq, Eq)]
pub struct ChartNumber(String);

/// A chart number that the interface does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a chart number has 1 to 20 ASCII letters, digits and hyphens")]
pub struct ChartNumberError;

/// A patient of the clinic's list.
#[derive(Clone, PartialEq, Eq)]
pub struct KnownPatient {
    /// What the receipt computer calls this person by.
    pub chart: ChartNumber,
    /// The insurance that was known last; `None`: the list has none, so the person is recognised and nothing can be asked.
    pub numbers: Option<Numbers>,
}

/// What the patient list says about a card's owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nobody of that name, birth date and sex; or there is no list.
    Nobody,
    /// Exactly one.
    One(Box<KnownPatient>),
    /// More than one fits, or one fits but for a letter: which it is, staff say.
    Unsure,
}

impl ChartNumber {
    /// Takes what the receipt computer uses.
    ///
    /// # Errors
    /// [`ChartNumberError`].
    pub fn new(text: &str) -> Result<Self, ChartNumberError> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let right = (1..=20).contains(&text.len()) && text.bytes().all(fits);
        right.then(|| Self(text.to_owned())).ok_or(ChartNumberError)
    }

    /// As the receipt computer writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! redacted {
    ($($name:ty),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("<redacted>")
            }
        }
    )*};
}
redacted!(CardOwner, ChartNumber, KnownPatient);

#[cfg(test)]
mod tests {
    use super::ChartNumber;

    #[test]
    fn a_chart_number_is_what_the_interface_takes() {
        for good in ["1", "000123", "A-17", "12345678901234567890"] {
            assert_eq!(ChartNumber::new(good).unwrap().as_str(), good);
        }
        for bad in ["", "123456789012345678901", "１２", "1 2", "1<2"] {
            assert!(ChartNumber::new(bad).is_err(), "{bad}");
        }
    }
}
