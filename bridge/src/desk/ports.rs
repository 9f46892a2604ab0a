//! What the desk is connected to.

use super::KioskLink;
use crate::clock::Clock;
use crate::gateway::{Gateway, Turn};
use crate::ledger::Ledgers;
use crate::passcode::Guards;
use crate::printout::Printout;
use crate::reader::Switch;
use checkin::Action;
use checkin::consent::Topic;
use checkin::identity::FaceRule;
use checkin::secret::Serial;
use std::sync::Arc;
use tokio::sync::{mpsc, watch};

/// Everything that carries effects out.
pub struct Services {
    /// The reader in use.
    pub switch: Arc<Switch>,
    /// The eligibility system.
    pub gateway: Arc<Gateway>,
    /// What is kept: visits and audit, the staff board, result files.
    pub ledgers: Ledgers,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Who checks passcodes.
    pub guards: Guards,
    /// The page to print.
    pub printout: Arc<Printout>,
    /// Operating point of the face match.
    pub face: FaceRule,
}

/// From a page.
pub enum Input {
    /// A page said hello; it takes the kiosk over.
    Attach(KioskLink),
    /// A page is gone.
    Detach(u64),
    /// Staff withdrew a consent on their page. No question about this card's consents begins before the visit has heard of it.
    StaffWithdrew(Serial, Topic, Option<Turn>),
    /// A page sent an action.
    Acted {
        /// Which page; only the attached one is heard.
        kiosk: u64,
        /// The view it was looking at.
        seen: u64,
        /// What was done.
        action: Action,
    },
    /// Staff confirmed from their board, on the view with this revision and no other.
    Confirmed {
        /// The view that waited for them.
        seen: u64,
        /// What they did.
        action: Action,
    },
}

/// What pages need of the desk.
#[derive(Clone)]
pub struct DeskHandle {
    /// Inputs go here.
    pub inbox: mpsc::Sender<Input>,
    /// The view to show.
    pub views: watch::Receiver<protocol::View>,
}
