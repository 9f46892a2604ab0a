//! One message, one line of JSON.

use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

/// Longest message in bytes, both ways.
pub const MAX_BYTES: usize = 4 * 1024;

/// Longer than [`MAX_BYTES`], not JSON, or not a message of this version: page and worker are not of the same build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a message of this version")]
pub struct NotUnderstood;

/// The message as text. Wiped when dropped: it may be the numbers of a card.
pub fn write(message: &impl Serialize) -> Zeroizing<String> {
    // At its full size from the start: a buffer that grows leaves pieces behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES));
    let written = serde_json::to_writer(&mut *bytes, message);
    debug_assert!(written.is_ok(), "messages are plain structures");
    Zeroizing::new(String::from_utf8(std::mem::take(&mut *bytes)).unwrap_or_default())
}

/// The message in a text.
///
/// # Errors
/// [`NotUnderstood`]; nothing of the text is told.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, NotUnderstood> {
    if text.len() > MAX_BYTES {
        return Err(NotUnderstood);
    }
    serde_json::from_str(text).map_err(|_| NotUnderstood)
}
