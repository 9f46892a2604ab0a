//! Whole visits under virtual time: the state machine, a card, the national system and a patient who
//! behaves as planned. Nothing here reads a clock, so a visit of a quarter of an hour takes
//! microseconds and always comes out the same.
//!
//! Start at [`World::visit`].

mod card;
mod journal;
mod patient;
mod world;

pub use journal::Journal;
pub use patient::{Consents, Plan};
pub use world::World;
