//! The basic four items (基本4情報) as text, from the 券面事項入力補助 application of the card (`domain-facts` A4): by what they are
//! opened, and when nothing is presented any more. They are read only where the eligibility system is reached by numbers, so that
//! the clinic's patient list can be asked about the person. The address is not used, and the 個人番号 beside them is never read.

use crate::card::{Doubt, TriesLeft};
use crate::code_b::Candidates;
use crate::identity::{CODE_B_STOP_AT, WhyNot};
use crate::secret::ItemsPin;

/// With so many tries left on it, the PIN of 券面事項入力補助 is not presented: it is unlocked at the municipal office only, and
/// 照合番号B and the papers lead on as well. Nobody is asked to insist, other than with the PIN that proves the person.
pub const ITEMS_PIN_STOP_AT: u8 = 1;

/// What opens the items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemsWay {
    /// 照合番号B, from the card front.
    Code,
    /// 券面事項入力補助用暗証番号.
    Pin,
}

/// The secret that opens them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemsKey {
    /// 照合番号B, by its possible readings. It is presented to the card-face application first, and only what that takes reaches
    /// the items: one wrong entry never costs a try on both counters.
    Code(Candidates),
    /// The PIN of that application.
    Pin(ItemsPin),
}

/// What the application that holds the items said about its own two counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemsTries {
    /// Of its PIN (reference 0011), 3 at most.
    pub pin: TriesLeft,
    /// Of 照合番号B as it counts it (reference 0015), 10 at most.
    pub code: TriesLeft,
}

impl ItemsTries {
    /// Whether the PIN may be typed.
    ///
    /// # Errors
    /// [`WhyNot`] when it may not.
    pub fn pin_offer(self) -> Result<(), WhyNot> {
        match self.pin {
            TriesLeft::Absent => Err(WhyNot::CardHasNoPin),
            TriesLeft::Count(0) => Err(WhyNot::PinLocked),
            TriesLeft::Count(left) if left <= ITEMS_PIN_STOP_AT => Err(WhyNot::PinTriesLow),
            TriesLeft::Count(_) => Ok(()),
        }
    }

    /// Whether 照合番号B may be typed; `face` is what the card-face application has left for it.
    ///
    /// # Errors
    /// [`WhyNot::CodeTriesLow`].
    pub fn code_offer(self, face: TriesLeft) -> Result<(), WhyNot> {
        let least = self.code.count().min(face.count());
        if least > CODE_B_STOP_AT { Ok(()) } else { Err(WhyNot::CodeTriesLow) }
    }
}

/// Why the items were not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemsProblem {
    /// The card-face application refused 照合番号B, and has so many tries left. The items have not seen it.
    WrongCode(TriesLeft),
    /// One of the two applications has too few tries left for a wrong 照合番号B: it was not presented there.
    CodeTriesLow,
    /// The PIN was refused.
    WrongPin(TriesLeft),
    /// The PIN was not presented: so few tries are left on it.
    PinTriesLow(TriesLeft),
    /// The card has no such application, or its record is of another form, or of an authority that is not known.
    NotVerified,
    /// A signature is there and wrong: the visit does not go on.
    NotGenuine(Doubt),
    /// The reader or card failed in the middle.
    CardFailed,
}

/// What happened before the question for the items came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemsNotice {
    /// Too few tries are left for 照合番号B.
    CodeTriesLow,
    /// The PIN is locked now, or has so few tries left that it is not tried.
    PinTriesLow,
    /// The card does not give them.
    Unreadable,
    /// Card or reader failed in the middle; nothing was lost.
    CardFailed,
}

/// What the patient list said, without whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    /// Found, with an insurance that can be asked about.
    Known,
    /// Found, but no insurance is known.
    WithoutNumbers,
    /// Not in the list.
    Nobody,
    /// More than one fits, or nearly: staff look.
    Unsure,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_offered_that_may_lock_the_card() {
        use TriesLeft::{Absent, Count};
        let tries = |pin, code| ItemsTries { pin, code };
        assert_eq!(tries(Count(3), Count(10)).pin_offer(), Ok(()));
        assert_eq!(tries(Count(2), Count(10)).pin_offer(), Ok(()));
        assert_eq!(tries(Count(1), Count(10)).pin_offer(), Err(WhyNot::PinTriesLow));
        assert_eq!(tries(Count(0), Count(10)).pin_offer(), Err(WhyNot::PinLocked));
        assert_eq!(tries(Absent, Count(10)).pin_offer(), Err(WhyNot::CardHasNoPin));
        assert_eq!(tries(Absent, Count(6)).code_offer(Count(6)), Ok(()));
        for (items, face) in [(5, 10), (10, 5), (0, 0)] {
            let offer = tries(Absent, Count(items)).code_offer(Count(face));
            assert_eq!(offer, Err(WhyNot::CodeTriesLow));
        }
    }
}
