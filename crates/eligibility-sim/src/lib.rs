//! A stand-in for the national eligibility system (オンライン資格確認等システム): who is insured
//! where, which cards are registered, which consents live. Everybody in it is invented.
//!
//! [`NationalSystem`] is pure: no clock, no network, no files. The people come from persona files,
//! which also describe their cards to the crate `virtual-card`.

mod file;
mod number;
mod person;
mod personas;
mod system;

pub use person::{Delay, Lasts, Person, PersonError, Step, Trouble};
pub use personas::personas;
pub use system::{HEALTH_CHECKUPS_FROM_AGE, NationalSystem, SerialTaken};
