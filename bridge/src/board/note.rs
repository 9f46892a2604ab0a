//! A note of staff about a visit, for their colleagues: one line, kept and forgotten with its row. The audit tells who wrote one
//! and when, never what.

use super::Board;
use crate::store::{Actor, Batch, Op};
use checkin::{Record, VisitId};
use jiff::Timestamp;
use protocol::staff::NOTE_CHARS;

/// Why a note was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNoted {
    /// There is no such visit.
    Gone,
    /// Somebody has written another one since.
    Changed,
    /// It is too long, or has a control character, a line break for instance.
    NotOneLine,
}

impl Board {
    /// Writes a note in the place of `was`, and keeps it together with its audit line. An empty one takes it away.
    ///
    /// # Errors
    /// [`NotNoted`].
    pub fn note(
        &self,
        visit: VisitId,
        was: Option<&str>,
        note: &str,
        by: &Actor,
    ) -> Result<(), NotNoted> {
        let note = line(note)?;
        let mut done = Ok(());
        // In one go, so that the lines of the audit have the order of the notes.
        self.writer.send(|| {
            let mut entries = self.entries_to_change();
            let Some(entry) = entries.visits.get_mut(&visit).filter(|entry| entry.told) else {
                done = Err(NotNoted::Gone);
                return Batch::default();
            };
            if entry.row.note.as_deref() != was {
                done = Err(NotNoted::Changed);
                return Batch::default();
            }
            let record = if note.is_some() { Record::Noted } else { Record::NoteTakenAway };
            entry.row.note = note;
            let (at, by) = (Timestamp::now(), Some(by.clone()));
            let ops = [Some(Op::Record { visit, at, record, by }), entry.op(visit)];
            Batch { ops: ops.into_iter().flatten().collect(), ..Batch::default() }
        });
        done
    }
}

/// `None`: nothing is left of it.
fn line(text: &str) -> Result<Option<String>, NotNoted> {
    let text = text.trim();
    if text.chars().count() > NOTE_CHARS || text.contains(char::is_control) {
        return Err(NotNoted::NotOneLine);
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_one_line_of_so_many_characters() {
        assert_eq!(line(" 車いす　"), Ok(Some("車いす".to_owned())));
        assert_eq!([line(""), line(" 　")], [Ok(None), Ok(None)]);
        let longest = "あ".repeat(NOTE_CHARS);
        assert_eq!(line(&longest), Ok(Some(longest.clone())));
        for bad in [longest + "い", "a\nb".into(), "a\u{7}b".into(), "a\u{85}b".into()] {
            assert_eq!(line(&bad), Err(NotNoted::NotOneLine), "{bad:?}");
        }
    }
}
