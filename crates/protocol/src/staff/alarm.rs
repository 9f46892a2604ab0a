//! What is wrong with the site itself, as the board tells it.

use serde::{Deserialize, Serialize};

/// Something wrong with the site itself that staff have to know of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Alarm {
    /// Records (audit lines, consents, results for the outbox, rows) cannot be kept now: nobody is served meanwhile.
    RecordsWait {
        /// How many there are now, from 1.
        count: u64,
    },
    /// Records were given up and are nowhere.
    RecordsLost {
        /// How many there are now, from 1.
        count: u64,
    },
    /// Results are kept, but their folder does not take them.
    ResultsWait {
        /// How many there are now, from 1.
        count: u64,
        /// Since when the oldest one waits, RFC 3339 with +09:00.
        since: String,
    },
    /// The computer's clock is before the newest record or the build: nobody is served meanwhile.
    ClockWrong,
    /// The site's database cannot be reached, or refuses this bridge. Everything goes on, and is kept here.
    DatabaseAway {
        /// How many changes it does not have yet.
        count: u64,
        /// Since when, RFC 3339 with +09:00.
        since: String,
    },
    /// The 資格確認端末 cannot be reached, or takes no questions. Numbers are kept, and asked about again by themselves.
    TerminalAway,
    /// Somebody may be guessing passwords of accounts.
    LogInsRefused {
        /// How many were wrong within the last hour, from 10.
        count: u64,
    },
    /// The last self-test found what somebody has to mend: see [`SelfTest`](crate::self_test::SelfTest).
    SelfTest {
        /// How many faults, from 1.
        count: u64,
        /// When it was made, RFC 3339 with +09:00.
        since: String,
    },
}
