//! What happens after the kiosk: the reception number, and what the staff are told.

use crate::claim::ClaimAdvice;
use crate::consent::Topic;
use crate::documents::Paper;
use crate::limit::LimitNotice;
use crate::number::Numbers;
use crate::patient::CardOwner;
use crate::secret::Serial;
use crate::view::Outcome;

/// Number by which patient and staff find each other: counts from 1 at each site and day in Japan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceptionNumber(pub u16);

/// What the staff see about one visit. Personal data: kept on the board for the day, never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffNotice {
    /// How it ended, or stands.
    pub outcome: Outcome,
    /// The question goes on in the background.
    pub parked: bool,
    /// `Name`, as the system sent it, or as typed.
    pub name: Option<String>,
    /// `NameKana`.
    pub name_kana: Option<String>,
    /// How to claim.
    pub advice: ClaimAdvice,
    /// The card's owner, where the chip named them: by this and by the numbers the clinic's patient list is asked.
    pub owner: Option<Box<CardOwner>>,
    /// The numbers that were typed from a document, or that the clinic knew already, with their birth date.
    pub numbers: Option<Box<Numbers>>,
    /// The document whose numbers were typed, which staff have to look at before the visit is done.
    pub paper: Option<Paper>,
    /// What is known about 限度額適用認定証.
    pub limit: Option<LimitNotice>,
    /// Position in the site's list of destinations.
    pub destination: Option<u8>,
    /// The consents that may still be withdrawn.
    pub agreed: Vec<Topic>,
    /// To withdraw them; present only where there are some.
    pub serial: Option<Serial>,
}

impl std::fmt::Debug for StaffNotice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("StaffNotice");
        shown.field("outcome", &self.outcome).field("parked", &self.parked);
        shown.finish_non_exhaustive()
    }
}
