//! HTTP interface of the practice tray (`/practice`), JSON, same origin and token as the kiosk.
//! Present only while the bridge uses its in-process reader.

use serde::{Deserialize, Serialize};

/// `GET /practice/api/tray`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tray {
    /// `false` when a real reader is attached: the tray is then out of use.
    pub active: bool,
    /// The practice cards.
    pub cards: Vec<PracticeCard>,
    /// `id` of the card that lies on the reader.
    pub placed: Option<String>,
}

/// One practice card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PracticeCard {
    /// Name of the practice card in requests; the same in every version.
    pub id: String,
    /// One line in Japanese: what is special about it.
    pub story: String,
    /// Printed name, empty for cards that are not My Number Cards.
    pub name: String,
    /// What is printed on the front, so that a person can type it: era, year, month, day.
    pub birth_printed: String,
    /// Expiry year printed on the front.
    pub expiry_year: u16,
    /// Security code printed on the front.
    pub security_code: String,
    /// Practice PIN, absent when the card has none.
    pub pin: Option<String>,
}

/// `POST /practice/api/place`: puts a card on the reader (pulling another one off first).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// [`PracticeCard::id`].
    pub id: String,
}

/// Width of the portrait that `POST /practice/api/portrait` takes: raw grey bytes, row by row.
/// The new card has the id [`CAMERA_CARD`]. `POST /practice/api/remove` pulls the card off.
pub const PORTRAIT_WIDTH: usize = 378;
/// Height of that portrait in pixels.
pub const PORTRAIT_HEIGHT: usize = 472;
/// `id` of the card made from the camera.
pub const CAMERA_CARD: &str = "camera";
