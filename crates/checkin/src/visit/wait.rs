//! How long each state waits, in milliseconds, and for whom.

use super::fallback::Page;
use super::state::State;
use crate::time::Millis;

/// An act counts only on a question that has been up for so long, in milliseconds. The second tap of a
/// double tap comes 250 to 800 ms after the first one and would answer a question that nobody has
/// read; nobody reads one sooner. `docs/rules.md` says where the number comes from.
pub const ACTS_AFTER_MS: u64 = 700;

/// Reading screens ask 「操作を続けますか」 after this.
const READING_MS: u64 = 60_000;
/// The PIN pad asks sooner.
const PIN_MS: u64 = 30_000;
/// How long the question stays before the visit ends.
const ASKING_MS: u64 = 30_000;
/// The person left the card: remind again.
const REMIND_MS: u64 = 10_000;
/// The card answers within a second; a slow contactless card within three.
const CARD_MS: u64 = 12_000;
/// The face worker may have to load its models first.
const WORKER_MS: u64 = 20_000;
/// Looking up and opening are small requests.
const GATEWAY_MS: u64 = 10_000;
/// The national system aims at 3 to 7 seconds; later answers are waited for in the background.
const QUERY_MS: u64 = 10_000;
/// A file and a passcode check.
const LOCAL_MS: u64 = 8_000;

/// The card was taken: so long its visit waits for it.
const AWAY_MS: u64 = 60_000;
/// Long enough to read a number and a place twice.
const FAREWELL_MS: u64 = 15_000;

/// For whom a state waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// For the next card or reader: as long as it takes.
    Forever,
    /// For a person: ask first, then end. Any act of theirs starts the time again.
    Person(u64),
    /// For a person who reads: no question, any act starts the time again.
    Reader(u64),
    /// For a machine or a taken card: nothing prolongs it.
    Machine(u64),
}

impl Wait {
    pub(super) fn of(state: &State) -> Self {
        match state {
            State::OutOfService(_) | State::Idle => Self::Forever,
            State::Settling { .. }
            | State::Inspecting { .. }
            | State::ReadingPhoto { .. }
            | State::CheckingPin { .. } => Self::Machine(CARD_MS),
            State::LookingUp { .. } | State::Opening { .. } => Self::Machine(GATEWAY_MS),
            State::Preparing { .. } => Self::Machine(WORKER_MS),
            State::Away(_) => Self::Machine(AWAY_MS),
            State::Closing { steps, .. } if steps.asks_destination => Self::Person(READING_MS),
            State::CheckingPasscode { .. }
            | State::Closing { .. }
            | State::Fallback { page: Page::MakingStatement { .. }, .. } => Self::Machine(LOCAL_MS),
            State::Farewell { .. } => Self::Machine(FAREWELL_MS),
            State::Querying { .. } | State::Fallback { page: Page::QueryingNumbers { .. }, .. } => {
                Self::Machine(QUERY_MS)
            }
            State::Finished { .. } | State::CardProblem { .. } => Self::Reader(READING_MS),
            State::TakeCard { .. } => Self::Machine(REMIND_MS),
            State::EnteringPin { .. } => Self::Person(PIN_MS),
            State::Application { .. }
            | State::Choosing { .. }
            | State::TypingCode { .. }
            | State::Facing { .. }
            | State::PinLastTry { .. }
            | State::AskingStaff { .. }
            | State::ConsentSkipped { .. }
            | State::Consenting { .. }
            | State::Fallback { .. } => Self::Person(READING_MS),
        }
    }

    /// When the wait is over, counted from `since`.
    pub(super) fn deadline(self, since: Millis, asking: bool) -> Option<Millis> {
        match self {
            Self::Forever => None,
            Self::Person(ms) if asking => Some(since.plus(ms + ASKING_MS)),
            Self::Person(ms) | Self::Reader(ms) | Self::Machine(ms) => Some(since.plus(ms)),
        }
    }

    /// Whether an act of the person starts the time again.
    pub(super) fn is_prolonged_by_acts(self) -> bool {
        matches!(self, Self::Person(_) | Self::Reader(_))
    }

    /// Whether the person is asked before the visit ends.
    pub(super) fn asks_first(self) -> bool {
        matches!(self, Self::Person(_))
    }
}
