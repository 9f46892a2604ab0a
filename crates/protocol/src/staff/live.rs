//! `GET /staff/api/live`: the board as it changes, as `text/event-stream`. Each event is one line `data: ` with a [`Live`].

use super::{Board, Kiosk, Waiting};
use serde::{Deserialize, Serialize};

/// While nothing changes, a line that begins with `:` says so often, in milliseconds, that the bridge is there.
pub const LIVE_ALIVE_MS: u32 = 5_000;

/// So long the stream may be silent, in milliseconds. Then it is broken, and is to be asked for again.
pub const LIVE_SILENCE_MS: u32 = 12_000;

/// What has changed. The first one is a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Live {
    /// The board from now on.
    Board {
        /// The time at the bridge, RFC 3339 with +09:00: that of the page may differ.
        at: String,
        /// All of it.
        board: Box<Board>,
    },
    /// Of the board, only this is new.
    Kiosks {
        /// As above.
        at: String,
        /// [`Board::revision`].
        revision: u64,
        /// [`Board::kiosks`].
        kiosks: Vec<Kiosk>,
        /// [`Board::waiting`].
        waiting: Vec<Waiting>,
    },
}
