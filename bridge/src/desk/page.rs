//! The desk's end of one page.

use card::Photo;
use protocol::staff::Typed;
use tokio::sync::mpsc;

/// Messages that wait for one page.
const WAITING: usize = 8;

/// For one page, beside the view.
#[derive(Debug)]
pub enum ToPage {
    /// The card photo, for the face worker.
    Photo(Photo),
    /// Forget everything personal.
    Forget,
    /// What staff typed for the form that asks this question.
    Typed(u64, Typed),
    /// Another page took over.
    TakenOver,
    /// The bridge stops.
    Goodbye,
}

/// One page.
pub struct PageLink {
    /// Never used twice at this kiosk.
    pub id: u64,
    sender: mpsc::Sender<ToPage>,
}

impl PageLink {
    /// A link and the end that the connection reads.
    pub fn new(id: u64) -> (Self, mpsc::Receiver<ToPage>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self { id, sender }, receiver)
    }

    /// `false` when the page is gone or does not read.
    pub(super) fn send(&self, message: ToPage) -> bool {
        self.sender.try_send(message).is_ok()
    }
}
