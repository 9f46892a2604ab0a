//! `accept-clock`: goes on after the clock was ahead for a while. The kiosk serves nobody while its newest record lies in the
//! future, and cannot know by itself which of the two is wrong. Somebody who has checked the clock says so; that is audited.

use crate::clock::{self, Judged};
use crate::config::Config;
use crate::ledger::Ledgers;
use crate::store::{Actor, Deed, FolderLock, Kept as _, Op, Sqlite, Store as _, StoreError};
use checkin::time::rfc3339;
use jiff::Timestamp;
use std::fmt;

/// Why the clock was not accepted. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// No record can make this right.
    #[error(
        "the clock says {}, which is before this program was built: set its date and time first / 時計が合っていません。先に日付と時刻を直してください",
        rfc3339(*.0)
    )]
    BeforeBuild(Timestamp),
    /// Its bridge would not notice.
    #[error(
        "stop the kiosk first, and start it again afterwards: {0} / 先に受付を止め、あとでまた始めてください"
    )]
    Runs(StoreError),
    /// The store.
    #[error(transparent)]
    Store(StoreError),
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// Nothing: no record is of a later time.
    Already,
    /// It is in the audit that the present time is right.
    Written,
}

impl fmt::Display for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Already => {
                "no record is of a later time: nothing to accept / 時計より新しい記録はありません"
            }
            Self::Written => {
                "accepted and written into the audit: start the kiosk again / 時計が正しいことを記録しました。受付を始めてください"
            }
        })
    }
}

/// Accepts `now` in the stores of patients and of practice, where they have a record of a later time.
///
/// # Errors
/// [`AcceptError`].
pub fn run(config: &Config, now: Timestamp) -> Result<Accepted, AcceptError> {
    if clock::judge(now, None) == Judged::BeforeBuild {
        return Err(AcceptError::BeforeBuild(now));
    }
    // A kiosk that was never started has nothing, and gets nothing.
    if !config.data.exists() {
        return Ok(Accepted::Already);
    }
    let _folder = FolderLock::take(&config.data).map_err(|error| match error {
        StoreError::InUse { .. } => AcceptError::Runs(error),
        other => AcceptError::Store(other),
    })?;
    let mut done = Accepted::Already;
    // A kiosk for rehearsals keeps nothing of patients, as `Ledgers::open` has it.
    let practice = [config.accept_practice_cards, true];
    for (folder, practice) in Ledgers::folders(&config.data).into_iter().zip(practice) {
        if Sqlite::file(&folder).exists() {
            let store = Sqlite::open(&folder, practice).map_err(AcceptError::Store)?;
            if accept(&store, now).map_err(AcceptError::Store)? {
                done = Accepted::Written;
            }
        }
    }
    Ok(done)
}

/// `false`: there is nothing to accept.
fn accept(store: &Sqlite, now: Timestamp) -> Result<bool, StoreError> {
    let Judged::BeforeRecord(newest) = clock::judge(now, store.newest()?) else {
        return Ok(false);
    };
    let deed = Deed::ClockAccepted { newest };
    store.commit(&[Op::Deed { at: now, deed, by: Some(Actor::Command) }])?;
    Ok(true)
}
