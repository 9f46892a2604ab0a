//! The page that a person prints and signs: in memory, until the visit forgets the person.

use checkin::event::StatementTrouble;
use checkin::statement::Statement;
use statement::Heading;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroizing;

/// See the module.
pub struct Printout {
    /// TrueType, with Japanese. Read when a page is made: that is rare, and it has 5 MB.
    font: PathBuf,
    page: Mutex<Option<Zeroizing<String>>>,
}

impl Printout {
    /// With the font of that file.
    pub fn new(font: &Path) -> Self {
        Self { font: font.to_owned(), page: Mutex::default() }
    }

    /// Lays the page out, addressed to that institution (without its name to a blank that staff fill in), marked when it is made in
    /// practice. Blocks.
    ///
    /// # Errors
    /// [`StatementTrouble::NotPrintable`]; the log tells why, without what was typed.
    pub fn make(
        &self,
        statement: &Statement,
        institution: Option<&str>,
        practice: bool,
    ) -> Result<(), StatementTrouble> {
        let font = std::fs::read(&self.font).map_err(|error| {
            tracing::error!(%error, font = %self.font.display(), "the 申立書 needs its font to be printed");
            StatementTrouble::NotPrintable
        })?;
        let heading = Heading { institution: institution.unwrap_or_default(), practice };
        let page = statement::sheet(statement, heading, &font).map_err(|error| {
            tracing::error!(%error, "the 申立書 cannot be laid out");
            StatementTrouble::NotPrintable
        })?;
        if !page.missing.is_empty() {
            tracing::warn!(
                characters = page.missing.len(),
                "left open on the 申立書: not in the font"
            );
        }
        *self.slot() = Some(Zeroizing::new(page.svg));
        Ok(())
    }

    /// The page of the present visit, SVG.
    pub fn page(&self) -> Option<Zeroizing<String>> {
        self.slot().clone()
    }

    /// The visit forgets the person.
    pub fn clear(&self) {
        *self.slot() = None;
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<Zeroizing<String>>> {
        self.page.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
