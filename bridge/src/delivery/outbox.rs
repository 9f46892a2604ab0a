//! From the outbox into the folder: every row once, in the order of its visit, whenever the program
//! or the folder fails.
//!
//! A row is there before its file. The file is staged; the row is marked; the file gets its name; the
//! row is settled. A row that is marked and whose file is not there any more was taken by the receipt
//! computer, and is not written again.

use super::folder::Folder;
use crate::store::retention::NAMES;
use crate::store::{Op, Settled, Store, StoreError, Waiting};
use checkin::time::in_japan;
use jiff::Timestamp;
use oqs::{FileName, FolderError, Found, InstitutionCode};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// Marks a row whose file got an error instead of its name: no folder is called so.
pub(crate) const UNSURE: &str = "?";
/// A share that refuses so many files in a row gets a pause.
const MOST_REFUSED: usize = 8;
/// A temporary file of a kiosk that is unknown here is nobody's any more after this, which is when names of files are forgotten.
const STRAY: Duration = NAMES.unsigned_abs();

/// Where the rows of one pass go.
pub trait Receiver {
    /// The file of this row appeared, or is known to have appeared.
    fn delivered(&self, row: &Waiting);

    /// The file of this row appeared today, `of` a visit of a day before: staff are told, and the row is
    /// settled. `false` as below.
    fn late(&self, row: &Waiting, of: Timestamp, content: &[u8]) -> bool;

    /// No file can take this row's result, for this reason: staff enter it by hand, and the row is
    /// settled. `false`: that could not be written down, so the row still waits.
    fn by_hand(&self, row: &Waiting, content: &[u8], why: &str) -> bool;
}

/// See the module.
pub struct Outbox {
    store: Arc<dyn Store>,
    folder: Box<dyn Folder>,
    institution: InstitutionCode,
}

enum Trouble {
    Store(StoreError),
    Folder(FolderError),
    /// Only of this row.
    Row(&'static str),
    /// What staff are to be told of this row was not kept.
    Untold,
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<FolderError> for Trouble {
    fn from(error: FolderError) -> Self {
        Self::Folder(error)
    }
}

impl Outbox {
    /// From that store into that folder.
    pub fn new(
        store: Arc<dyn Store>,
        folder: Box<dyn Folder>,
        institution: InstitutionCode,
    ) -> Self {
        Self { store, folder, institution }
    }

    /// Tries every waiting row once. Blocks for as long as the folder likes.
    ///
    /// # Errors
    /// One sentence, when some still wait.
    pub fn pass(&self, now: Timestamp, to: &dyn Receiver) -> Result<(), String> {
        let rows = self.store.outbox().map_err(|error| error.to_string())?;
        let (mut behind, mut refused) = (BTreeSet::new(), 0);
        let mut waits = None;
        for row in rows {
            // Nothing is written past older rows of the same visit.
            if row.visit.0 > 0 && behind.contains(&row.visit) {
                continue;
            }
            let trouble = match self.one(&row, now, to) {
                Ok(true) => {
                    to.delivered(&row);
                    continue;
                }
                Ok(false) => continue,
                Err(Trouble::Row(why)) => {
                    if self.hand_over(&row, why, to) {
                        continue;
                    }
                    UNTOLD.to_owned()
                }
                Err(Trouble::Untold) => UNTOLD.to_owned(),
                Err(Trouble::Store(error)) => return Err(error.to_string()),
                Err(Trouble::Folder(FolderError::Missing)) => {
                    return Err(of_folder(&FolderError::Missing));
                }
                Err(Trouble::Folder(error)) => of_folder(&error),
            };
            behind.insert(row.visit);
            waits = Some(trouble);
            refused += 1;
            if refused == MOST_REFUSED {
                break;
            }
        }
        waits.map_or(Ok(()), Err)
    }

    fn hand_over(&self, row: &Waiting, why: &str, to: &dyn Receiver) -> bool {
        match self.store.content(row.id) {
            Ok(Some(content)) => to.by_hand(row, &content, why),
            // Replaced meanwhile.
            Ok(None) => true,
            Err(_) => false,
        }
    }

    /// `false`: it was replaced meanwhile.
    fn one(&self, row: &Waiting, now: Timestamp, to: &dyn Receiver) -> Result<bool, Trouble> {
        let name: FileName = row
            .name
            .parse()
            .map_err(|_| Trouble::Row("the outbox holds a name that no result file has"))?;
        let settled = match &row.placing {
            None => self.appear(row, &name)?,
            Some(folder) => match self.folder.look(&name)? {
                Found::File => true,
                Found::Part => self.appear(row, &name)?,
                // A bridge that stopped here knows that the file had its name, and who takes files.
                Found::Nothing if *folder == self.folder.identity()? => true,
                Found::Nothing => return Err(Trouble::Row(PERHAPS_TAKEN)),
            },
        };
        if settled {
            self.settle(row, now, to)?;
        }
        Ok(settled)
    }

    /// The receipt computer may have its own mind about a file of yesterday: staff look.
    fn settle(&self, row: &Waiting, now: Timestamp, to: &dyn Receiver) -> Result<(), Trouble> {
        let late = row.queued_at.filter(|at| in_japan(*at).date() < in_japan(now).date());
        if let Some(of) = late
            && let Some(content) = self.store.content(row.id)?
        {
            let told = to.late(row, of, &content);
            return if told { Ok(()) } else { Err(Trouble::Untold) };
        }
        self.store.commit(&[Op::Settle { id: row.id, how: Settled::Delivered, at: now }])?;
        Ok(())
    }

    /// Stage, mark, place. `false`: it was replaced meanwhile.
    fn appear(&self, row: &Waiting, name: &FileName) -> Result<bool, Trouble> {
        let Some(content) = self.store.content(row.id)? else { return Ok(false) };
        match self.folder.stage(name, &content) {
            Ok(()) => {}
            // By a version that wrote the file first.
            Err(FolderError::NameTaken) if self.folder.holds(name, &content)? => return Ok(true),
            Err(FolderError::NameTaken) => return Err(Trouble::Row(NAME_TAKEN)),
            Err(error) => return Err(error.into()),
        }
        if !self.store.place(row.id, &self.folder.identity()?)? {
            self.folder.unstage(name)?;
            return Ok(false);
        }
        if let Err(error) = self.folder.place(name) {
            // A share may have done it and said otherwise. What is found next decides, and if that is
            // nothing, staff look.
            self.store.place(row.id, UNSURE)?;
            return Err(match error {
                FolderError::NameTaken => Trouble::Row(NAME_TAKEN),
                error => error.into(),
            });
        }
        Ok(true)
    }

    /// Forgets the names of files that served a day ago: they tell [`Self::sweep`] what to remove until
    /// its age alone tells that. A file is never written twice without them, because its content is gone.
    ///
    /// # Errors
    /// One sentence.
    pub fn forget(&self, now: Timestamp) -> Result<(), String> {
        self.store.forget_served(now - STRAY).map_err(|error| error.to_string())
    }

    /// Removes temporary files that belong to no waiting row: of rows that were replaced, and of
    /// kiosks that are gone.
    ///
    /// # Errors
    /// One sentence.
    pub fn sweep(&self) -> Result<(), String> {
        for (name, age) in self.folder.parts().map_err(|error| error.to_string())? {
            let served = self.store.has_served(&name.to_string());
            let stray = match served.map_err(|error| error.to_string())? {
                Some(served) => served,
                // Another kiosk may share the folder: its files are young.
                None => age > STRAY && *name.institution() == self.institution,
            };
            if stray {
                self.folder.unstage(&name).map_err(|error| error.to_string())?;
                tracing::info!("a temporary file that nobody waits for was removed");
            }
        }
        Ok(())
    }
}

/// Which folder it is, and what is wrong with it.
fn of_folder(error: &FolderError) -> String {
    format!("result folder: {error}")
}

const UNTOLD: &str = "the store does not take it";
const NAME_TAKEN: &str = "結果フォルダーに同じ名前の別のファイルがあります。レセコンに取り込まれたか確かめてください / another file in the result folder has its name";
const PERHAPS_TAKEN: &str = "結果ファイルが置かれたか確かめられません。レセコンに取り込まれていなければ、手で入力してください / it is not certain that the receipt computer got the file: enter it if it did not";
