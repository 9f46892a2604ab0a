//! What is done to what is kept from a terminal: each command prints what it did and what to do next, in Japanese and English.

mod ask;
pub mod audit;
pub mod backup;
pub mod erase;
pub mod export;
pub mod patients;
pub mod restore;

use crate::config::{Config, Person};
use crate::ledger::Ledgers;
use crate::store::{Sqlite, Which};
use anyhow::{Result, bail};
use checkin::VisitId;
use std::path::{Path, PathBuf};

/// Exit status where an audit is not as it was written. 1 is for what cannot be done, 2 for wrong usage.
const NOT_IN_ORDER: u8 = 3;

/// The folder of a store, and whether it is one of practice: a kiosk for rehearsals keeps nothing of patients.
fn place(config: &Config, practice: bool) -> (PathBuf, bool) {
    let [patients, of_practice] = Ledgers::folders(&config.data);
    if practice { (of_practice, true) } else { (patients, config.accept_practice_cards) }
}

/// Why a command waits for the end of the kiosk.
const STOP_FIRST: &str = "stop the kiosk first, and start it again afterwards / 先に受付を止め、あとでまた始めてください";

/// Whose visit is meant, or which day.
fn person(folder: &Path, of: &Person) -> Result<Which> {
    let data = folder.display();
    if !Sqlite::file(folder).exists() {
        bail!(
            "there is no store in {data}: say where with --data / 記録がありません。--data で場所を指定してください"
        );
    }
    match *of {
        Person { visit: Some(visit), .. } => Ok(Which::Visit(VisitId(visit))),
        Person { day: Some(day), number: Some(number), .. } => {
            match Sqlite::find(folder, day, number)? {
                Some(visit) => Ok(Which::Visit(visit)),
                None => bail!(
                    "nobody had the number {number} on {day}, or its time is over / その日にその受付番号の記録はありません"
                ),
            }
        }
        Person { day: Some(day), .. } => Ok(Which::Day(day)),
        Person { .. } => bail!(
            "say --visit, or --day and --number / --visit か、--day と --number を指定してください"
        ),
    }
}
