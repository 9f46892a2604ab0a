//! Who gives out the numbers of visits.

use crate::effect::VisitId;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// One sequence of numbers for all kiosks whose visits are kept together. Its clones share it, so that no two visits have the
/// same number, and one that begins later has the larger one, wherever it begins.
#[derive(Clone, Debug)]
pub struct VisitIds(Arc<AtomicU64>);

impl VisitIds {
    /// A sequence that begins with `first`.
    #[must_use]
    pub fn starting_at(first: VisitId) -> Self {
        Self(Arc::new(AtomicU64::new(first.0)))
    }

    /// The number that is given next.
    #[must_use]
    pub fn coming(&self) -> VisitId {
        VisitId(self.0.load(Ordering::Relaxed))
    }

    /// The number of a visit that begins now.
    #[must_use]
    pub fn take(&self) -> VisitId {
        VisitId(self.0.fetch_add(1, Ordering::Relaxed))
    }
}
