//! The stand-in through its public interface.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod by_number;
mod own_card;
mod practice;
mod stories;
mod terminal;
