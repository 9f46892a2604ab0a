//! What a card lies in, as far as carrying out verbs goes: a PC/SC reader or the practice reader.

use checkin::card::CardProblem;
use myna_card::Transmit;
use std::time::Duration;

/// Why there is no card to talk to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoCard {
    /// Reader, card or service is not there, or does not take part.
    #[error("the card cannot be reached: {0}")]
    Unreachable(&'static str),
    /// The reader says what lies there, and it is not something to talk to.
    #[error("this is not a card of the kind that is spoken to")]
    Other(CardProblem),
}

/// A connection to one card that nobody else can use meanwhile.
pub(super) trait Connection: Transmit {
    /// Takes leave of the card; nothing verified stays on it. `true` when it lies there and has stopped answering: it has to
    /// be switched off and on before it is spoken to again.
    fn end(self: Box<Self>) -> bool;
}

/// A place for one card.
pub(super) trait Slot: Send + Sync {
    /// Connects to the card, switching it off and on first if `again`.
    ///
    /// # Errors
    /// [`NoCard`].
    fn connect(&self, again: bool) -> Result<Box<dyn Connection + '_>, NoCard>;

    /// How long one command may take before the reader counts as mute. Asked anew while one is waited for.
    fn patience(&self) -> Duration;
}
