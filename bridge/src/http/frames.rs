//! Frames in and out of one kiosk socket.

use super::kiosk::{Closed, Page};
use super::message::Refusal;
use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, close_code};
use protocol::FromBridge;
use std::time::Duration;
use tokio::time::timeout;
use zeroize::Zeroizing;

/// For one message to leave; a page that reads slower is cut off.
const SEND: Duration = Duration::from_secs(5);

impl Page {
    pub(super) async fn receive(&mut self) -> Result<Message, Closed> {
        match self.socket.recv().await {
            Some(Ok(message)) => Ok(message),
            Some(Err(_)) | None => Err(Closed),
        }
    }

    pub(super) async fn send(&mut self, message: Message) -> Result<(), Closed> {
        match timeout(SEND, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Closed),
        }
    }

    pub(super) async fn say(&mut self, message: &FromBridge) -> Result<(), Closed> {
        let text = serde_json::to_string(message).expect("every message can be written as JSON");
        self.send(Message::Text(text.into())).await
    }

    /// The only binary frame; the buffer is wiped after it left.
    pub(super) async fn send_photo(&mut self, jp2: &[u8]) -> Result<(), Closed> {
        let frame = protocol::photo::encode(jp2).expect("the size was checked when it was read");
        self.send(Message::Binary(Bytes::from_owner(Zeroizing::new(frame)))).await
    }

    pub(super) async fn refuse(&mut self, refusal: Refusal) -> Result<(), Closed> {
        self.say(&FromBridge::Refused { code: refusal.code, detail: refusal.detail }).await
    }

    pub(super) async fn close(&mut self) -> Result<(), Closed> {
        self.send(Message::Close(Some(CloseFrame { code: close_code::NORMAL, reason: "".into() })))
            .await
    }
}
