//! Whole visits under virtual time: the state machine, a card, the national system and a patient who
//! behaves as planned. Nothing here reads a clock, so a visit of a quarter of an hour takes
//! microseconds and always comes out the same.
//!
//! Start at [`World::visit`] for a planned visit, at [`World::random`] for one by chance.

mod card;
mod cast;
mod check;
mod faults;
mod journal;
mod kept;
mod page;
mod patient;
mod typed;
mod world;

pub use cast::Role;
pub use journal::Journal;
pub use kept::{Count, Keeper, Trouble};
pub use patient::{Consents, Listed, Plan};
pub use world::{MakeKeeper, Summary, World};
