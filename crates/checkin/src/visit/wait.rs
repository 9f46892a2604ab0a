//! How long each state waits, and for whom.

use super::Config;
use super::fallback::Page;
use super::state::State;
use crate::deadlines::{
    ASKING_MS, AWAY_MS, CARD_MS, FAREWELL_MS, LIST_MS, LOCAL_MS, PIN_MS, READING_MS, REMIND_MS,
    SYSTEM_MS, TERMINAL_SHOWN_MS, WORKER_MS,
};
use crate::gateway::Reach;
use crate::time::Millis;

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

/// How long a kiosk of the site waits for a person before it asks whether they are still there, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// On screens that are read; within [`READING_ALLOWED_MS`](crate::deadlines::READING_ALLOWED_MS).
    pub reading_ms: u64,
    /// On the PIN pad; within [`PIN_ALLOWED_MS`](crate::deadlines::PIN_ALLOWED_MS).
    pub pin_ms: u64,
}

impl Default for Patience {
    fn default() -> Self {
        Self { reading_ms: READING_MS, pin_ms: PIN_MS }
    }
}

impl Wait {
    pub(super) fn of(state: &State, config: &Config) -> Self {
        let (reach, Patience { reading_ms, pin_ms }) = (config.reach, config.patience);
        match state {
            State::OutOfService(_) | State::Idle => Self::Forever,
            State::Settling { .. }
            | State::Inspecting { .. }
            | State::ReadingPhoto { .. }
            | State::CheckingPin { .. }
            | State::ReadingItems { .. } => Self::Machine(CARD_MS),
            State::Preparing { .. } => Self::Machine(WORKER_MS),
            State::Away(_) => Self::Machine(AWAY_MS),
            State::Closing { steps, .. } if steps.asks_destination => Self::Person(reading_ms),
            State::Finding { .. } => Self::Machine(LIST_MS),
            State::CheckingPasscode { .. }
            | State::Closing { .. }
            | State::Fallback { page: Page::MakingStatement { .. }, .. } => Self::Machine(LOCAL_MS),
            State::Farewell { .. } => Self::Machine(FAREWELL_MS),
            State::Fallback {
                page: Page::QueryingNumbers { .. } | Page::QueryingKnown { .. },
                ..
            } if reach == Reach::Numbers => Self::Machine(TERMINAL_SHOWN_MS),
            State::LookingUp { .. }
            | State::Opening { .. }
            | State::Querying { .. }
            | State::Fallback {
                page: Page::QueryingNumbers { .. } | Page::QueryingKnown { .. },
                ..
            } => Self::Machine(SYSTEM_MS),
            State::Finished { .. } | State::CardProblem { .. } => Self::Reader(reading_ms),
            State::TakeCard { .. } => Self::Machine(REMIND_MS),
            State::EnteringPin { .. } | State::EnteringItemsPin { .. } => Self::Person(pin_ms),
            State::Application { .. }
            | State::Choosing { .. }
            | State::TypingCode { .. }
            | State::Facing { .. }
            | State::PinLastTry { .. }
            | State::AskingStaff { .. }
            | State::AskingItems { .. }
            | State::ConsentSkipped { .. }
            | State::Consenting { .. }
            | State::Fallback { .. } => Self::Person(reading_ms),
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
