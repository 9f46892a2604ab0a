//! What staff do at their board.

use super::Board;
use crate::store::Batch;
use checkin::VisitId;
use checkin::circle::{CircleError, CompletedName};
use checkin::claim::TypedKnown;
use checkin::documents::PaperItem;
use checkin::ended::Ended;
use checkin::number::FieldError;
use jiff::civil::Date;

impl Board {
    /// Staff entered the result of a visit; its row is kept as it is then. `false`: there is nothing to enter.
    pub fn entered(&self, visit: VisitId) -> bool {
        let mut there = false;
        self.writer.send(|| {
            // In one go, because a row of another day is forgotten from here on.
            let op = self.entries_to_change().entered(visit);
            there = op.is_some();
            Batch { ops: op.into_iter().collect(), ..Batch::default() }
        });
        there
    }

    /// Staff looked at these things on the document of a visit. `None`: there is none to look at;
    /// `false`: something was left out.
    pub fn see_paper(&self, visit: VisitId, seen: &[PaperItem]) -> Option<bool> {
        let mut entries = self.entries_to_change();
        let paper = entries.told(visit)?.paper.as_mut()?;
        let all = paper.items.iter().all(|item| seen.contains(item));
        paper.seen |= all;
        Some(all)
    }

    /// The number that staff know of the person, where they are to ask whether it has changed. `None`:
    /// no such visit.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn know(
        &self,
        visit: VisitId,
        typed: &TypedKnown,
        today: Date,
    ) -> Option<Result<(), FieldError>> {
        let mut entries = self.entries_to_change();
        let row = entries.told(visit).filter(|row| row.outcome == Ended::Oral)?;
        Some(row.claim.known(typed, today).map(|claim| row.known = Some(claim)))
    }

    /// Puts the known characters in the places of ●. `None`: no such visit, or no name.
    ///
    /// # Errors
    /// [`CircleError`].
    pub fn complete(&self, visit: VisitId, known: &str) -> Option<Result<(), CircleError>> {
        let mut entries = self.entries_to_change();
        let row = entries.told(visit)?;
        let completed = CompletedName::new(row.name.as_deref()?, known);
        Some(completed.map(|name| row.completed = Some(name.completed)))
    }
}
