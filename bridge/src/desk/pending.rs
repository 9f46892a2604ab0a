//! What one event of the visit brings to be kept: all of it in one transaction, so that no crash
//! leaves an end without its result.

use super::Desk;
use crate::store::{Batch, Hold, Op};
use checkin::VisitId;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::oneshot;

#[derive(Default)]
pub(super) struct Pending {
    pub(super) ops: Vec<Op>,
    /// Rows of the staff board that changed.
    pub(super) rows: BTreeSet<VisitId>,
    hold: Option<Arc<Hold>>,
    kept: Vec<oneshot::Sender<()>>,
}

impl Pending {
    /// Resolves when everything up to the end of this event is kept.
    pub(super) fn kept(&mut self) -> oneshot::Receiver<()> {
        let (kept, is_kept) = oneshot::channel();
        self.kept.push(kept);
        is_kept
    }

    /// On the result file among it.
    pub(super) fn hold(&mut self) -> Arc<Hold> {
        Arc::clone(self.hold.get_or_insert_default())
    }
}

impl Desk {
    /// Hands everything to the store's writer.
    pub(super) fn keep(&mut self) {
        let Pending { ops, rows, hold, kept } = std::mem::take(&mut self.pending);
        if ops.is_empty() && rows.is_empty() && kept.is_empty() {
            return;
        }
        let rows: Vec<_> = rows.into_iter().collect();
        self.ledger().board.keep(&rows, || Batch { ops, hold, kept });
    }
}
