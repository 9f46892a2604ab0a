//! Messages out of one kiosk socket.

use super::kiosk::Page;
use super::message::Refusal;
use super::socket::Closed;
use protocol::FromBridge;
use zeroize::Zeroizing;

impl Page {
    pub(super) async fn say(&mut self, message: &FromBridge) -> Result<(), Closed> {
        let text = serde_json::to_string(message).expect("every message can be written as JSON");
        self.socket.text(&Zeroizing::new(text)).await
    }

    /// The only binary frame.
    pub(super) async fn send_photo(&mut self, jp2: &[u8]) -> Result<(), Closed> {
        let frame = protocol::photo::encode(jp2).expect("the size was checked when it was read");
        self.socket.binary(&Zeroizing::new(frame)).await
    }

    pub(super) async fn refuse(&mut self, refusal: Refusal) -> Result<(), Closed> {
        self.say(&FromBridge::Refused { code: refusal.code, detail: refusal.detail }).await
    }
}
