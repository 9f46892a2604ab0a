//! What a desk is connected to.

use super::{Moments, PageLink};
use crate::gateway::Turn;
use crate::printout::Printout;
use crate::reader::Switch;
use crate::store::Actor;
use card::Photo;
use checkin::birth::Birth;
use checkin::consent::Topic;
use checkin::secret::Serial;
use checkin::{Action, VisitId};
use protocol::staff::Typed;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot, watch};
use zeroize::Zeroizing;

/// Inputs in flight to one desk; a page that sends faster is slowed down.
const INBOX: usize = 32;

/// What belongs to the desk's own kiosk, beside its page.
pub struct Place {
    /// Name of the kiosk, for staff.
    pub title: String,
    /// The reader in use.
    pub switch: Arc<Switch>,
    /// The page to print.
    pub printout: Arc<Printout>,
}

/// From outside of the visit.
pub enum Input {
    /// A page said hello; it takes the kiosk over.
    Attach(PageLink),
    /// A page is gone.
    Detach(u64),
    /// A consent was withdrawn by staff or at another kiosk. No question about this card's consents begins before every visit
    /// has heard of it.
    Withdrawn(Serial, Topic, Option<Arc<Turn>>),
    /// A page sent an action.
    Acted {
        /// Which page; only the attached one is heard.
        page: u64,
        /// The view it was looking at.
        seen: u64,
        /// What was done.
        action: Action,
    },
    /// Staff compared by eye and decided at their board, on the view with this revision and no other.
    Compared {
        /// The view that waited for them.
        seen: u64,
        /// What they decided.
        action: Action,
        /// Who did it.
        by: Actor,
        /// Told whether it still waited.
        taken: oneshot::Sender<bool>,
    },
    /// Staff end the visit that is here.
    End {
        /// Which one they saw.
        visit: VisitId,
        /// Who does it.
        by: Actor,
        /// Told whether it was still there and could be ended.
        taken: oneshot::Sender<bool>,
    },
    /// Staff at their board type for the person, into the form that asks this question and no other.
    Type {
        /// The question that they saw.
        seen: u64,
        /// What they typed; `None`: they are still at it.
        typed: Option<Typed>,
        /// Who does it.
        by: Actor,
        /// Told whether that form was still up.
        taken: oneshot::Sender<bool>,
    },
    /// Staff at their board want the 申立書 that lies ready, at the view that asks this question and no other.
    Print {
        /// The question that they saw.
        seen: u64,
        /// Who asks.
        by: Actor,
        /// `None`: it does not lie there any more.
        answer: oneshot::Sender<Option<Zeroizing<String>>>,
    },
    /// Staff at their board ask whom they have to compare with, on the view with this revision and no other.
    Compare {
        /// The view that waits for them.
        seen: u64,
        /// Who asks.
        by: Actor,
        /// `None`: nobody waits there for that any more.
        answer: oneshot::Sender<Option<ToCompare>>,
    },
}

/// What the chip told in this visit, for the eyes of staff while it is their turn.
#[derive(Debug)]
pub struct ToCompare {
    /// Birth date of the signed record; `None` where it was not read.
    pub birth: Option<Birth>,
    /// The photo; `None` where the card did not open it.
    pub photo: Option<Photo>,
}

/// What others need of a desk.
#[derive(Clone)]
pub struct DeskHandle {
    /// Inputs go here.
    pub inbox: mpsc::Sender<Input>,
    /// The view to show.
    pub views: watch::Receiver<protocol::View>,
    /// Since when what it shows has gone on.
    pub moments: watch::Receiver<Moments>,
}

/// Where a desk hears of everything.
pub struct Inbox {
    /// Which of the desks it is.
    pub(super) at: usize,
    pub(super) sender: mpsc::Sender<Input>,
    pub(super) receiver: mpsc::Receiver<Input>,
}

/// The desks of all kiosks, to be told what concerns all of them.
pub struct Desks(Vec<mpsc::Sender<Input>>);

impl Desks {
    /// So many, and the inbox of each.
    pub fn new(count: usize) -> (Self, Vec<Inbox>) {
        let inboxes = (0..count).map(|at| {
            let (sender, receiver) = mpsc::channel(INBOX);
            Inbox { at, sender, receiver }
        });
        let inboxes: Vec<_> = inboxes.collect();
        (Self(inboxes.iter().map(|inbox| inbox.sender.clone()).collect()), inboxes)
    }

    /// The owner of this card took a consent back: every visit hears of it but the one that asked for it, if it was one. The
    /// turn ends when all have.
    pub async fn withdrawn(
        &self,
        but: Option<usize>,
        serial: &Serial,
        topic: Topic,
        turn: Option<Turn>,
    ) {
        let turn = turn.map(Arc::new);
        for (_, desk) in self.0.iter().enumerate().filter(|(at, _)| Some(*at) != but) {
            // A desk that is gone asks nothing any more.
            let _ = desk.send(Input::Withdrawn(serial.clone(), topic, turn.clone())).await;
        }
    }
}
