//! How many wrong log-ins there were, for health and board.

use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

const RECENT: SignedDuration = SignedDuration::from_hours(1);
/// Times that are remembered; more is as bad.
const MOST: usize = 1_000;

#[derive(Default)]
pub(super) struct Attacks(Mutex<(u64, VecDeque<Timestamp>)>);

impl Attacks {
    pub(super) fn note(&self, now: Timestamp) {
        let mut inside = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inside.0 += 1;
        if inside.1.len() == MOST {
            inside.1.pop_front();
        }
        inside.1.push_back(now);
    }

    /// In all, and in the last hour.
    pub(super) fn count(&self, now: Timestamp) -> (u64, u64) {
        let inside = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = inside.1.iter().filter(|at| now.duration_since(**at) < RECENT).count();
        (inside.0, recent as u64)
    }
}
