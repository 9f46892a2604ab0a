//! The desk's end of one kiosk page.

use card::Photo;
use tokio::sync::mpsc;

/// Messages that wait for one page.
const WAITING: usize = 8;

/// For one page, beside the view.
#[derive(Debug)]
pub enum ToKiosk {
    /// The card photo, for the face worker.
    Photo(Photo),
    /// Forget everything personal.
    Forget,
    /// Another page took over.
    TakenOver,
    /// The bridge stops.
    Goodbye,
}

/// One page.
pub struct KioskLink {
    /// Never used twice.
    pub id: u64,
    sender: mpsc::Sender<ToKiosk>,
}

impl KioskLink {
    /// A link and the end that the connection reads.
    pub fn new(id: u64) -> (Self, mpsc::Receiver<ToKiosk>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self { id, sender }, receiver)
    }

    /// `false` when the page is gone or does not read.
    pub(super) fn send(&self, message: ToKiosk) -> bool {
        self.sender.try_send(message).is_ok()
    }
}
