//! The page that a person prints and signs: in memory, until the visit forgets the person.

use checkin::event::StatementTrouble;
use checkin::statement::Statement;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroizing;

/// See the module.
#[derive(Default)]
pub struct Printout {
    /// TrueType, with Japanese; read once at the start.
    font: Option<Vec<u8>>,
    page: Mutex<Option<Zeroizing<Vec<u8>>>>,
}

impl Printout {
    /// With the font of that file. Without it nothing can be printed, and the kiosk says so.
    pub fn new(font: &Path) -> Self {
        let font = match std::fs::read(font) {
            Ok(font) => Some(font),
            Err(error) => {
                tracing::warn!(%error, "the 申立書 cannot be printed without its font");
                None
            }
        };
        Self { font, page: Mutex::default() }
    }

    /// Lays the page out. Blocks.
    ///
    /// # Errors
    /// [`StatementTrouble::NotPrintable`]; the log tells why, without what was typed.
    pub fn make(&self, statement: &Statement) -> Result<(), StatementTrouble> {
        let font = self.font.as_ref().ok_or(StatementTrouble::NotPrintable)?;
        let page = (|| {
            let _ = (statement, font);
            Err::<Vec<u8>, _>("XXX")
        })()
        .map_err(|error| {
            tracing::error!(%error, "the 申立書 cannot be laid out");
            StatementTrouble::NotPrintable
        })?;
        *self.slot() = Some(Zeroizing::new(page));
        Ok(())
    }

    /// The PDF of the present visit.
    pub fn page(&self) -> Option<Vec<u8>> {
        self.slot().as_ref().map(|page| page.to_vec())
    }

    /// The visit forgets the person.
    pub fn clear(&self) {
        *self.slot() = None;
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<Zeroizing<Vec<u8>>>> {
        self.page.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
