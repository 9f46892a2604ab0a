//! What is done to what is kept from a terminal: each command prints what it did and what to do next, in Japanese and English.

pub mod audit;
pub mod backup;
pub mod restore;

use crate::config::Config;
use crate::ledger::Ledgers;
use std::path::PathBuf;

/// Exit status where an audit is not as it was written. 1 is for what cannot be done, 2 for wrong usage.
const NOT_IN_ORDER: u8 = 3;

/// The folder of a store, and whether it is one of practice: a kiosk for rehearsals keeps nothing of patients.
fn place(config: &Config, practice: bool) -> (PathBuf, bool) {
    let [patients, of_practice] = Ledgers::folders(&config.data);
    if practice { (of_practice, true) } else { (patients, config.accept_practice_cards) }
}
