//! Text frames from a page: size, form, and wiping what they carried.

use axum::body::Bytes;
use axum::extract::ws::Utf8Bytes;
use protocol::{ErrorCode, FromKiosk, MAX_TEXT_BYTES};
use zeroize::Zeroize as _;

/// Why a message was not accepted, with advice for the person who writes a client.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: ErrorCode,
    pub(super) detail: String,
}

impl Refusal {
    pub(super) fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// Reads a frame and wipes it, because it may have carried a PIN. (Where the socket library still
/// shares the buffer it cannot be wiped here; it is overwritten by the next frame.)
///
/// # Errors
/// [`Refusal`]; its text never repeats what was sent.
pub(super) fn read(text: Utf8Bytes) -> Result<FromKiosk, Refusal> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(Refusal::new(
            ErrorCode::TooLarge,
            format!("a text frame has at most {MAX_TEXT_BYTES} bytes"),
        ));
    }
    let message = serde_json::from_str(&text).map_err(|error| refusal(&error));
    wipe(text);
    message
}

fn refusal(error: &serde_json::Error) -> Refusal {
    // The text of serde's error can repeat a value; only its beginning and place are used.
    if error.to_string().starts_with("unknown variant") {
        return Refusal::new(
            ErrorCode::Unsupported,
            "this version does not know that type, action or value",
        );
    }
    let detail =
        format!("not one of the messages, at line {} column {}", error.line(), error.column());
    Refusal::new(ErrorCode::Malformed, detail)
}

fn wipe(text: Utf8Bytes) {
    if let Ok(mut buffer) = Bytes::from(text).try_into_mut() {
        buffer.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: ErrorCode) {
        let refusal = read(text.into()).unwrap_err();
        assert_eq!(refusal.code, expected, "{text}");
        assert!(!refusal.detail.contains("4821"), "{}", refusal.detail);
    }

    #[test]
    fn refusals_say_why_and_repeat_nothing() {
        check("hello", ErrorCode::Malformed);
        check(r#"{"type":"dance"}"#, ErrorCode::Unsupported);
        check(r#"{"type":"act","seen":1,"action":{"action":"4821"}}"#, ErrorCode::Unsupported);
        check(
            r#"{"type":"act","seen":1,"action":{"action":"pin","pin":4821}}"#,
            ErrorCode::Malformed,
        );
        check(
            r#"{"type":"act","seen":1,"action":{"action":"pin","pin":"4821","extra":1}}"#,
            ErrorCode::Malformed,
        );
        check(&format!("\"{}\"", "x".repeat(MAX_TEXT_BYTES)), ErrorCode::TooLarge);
        assert!(read(r#"{"type":"act","seen":1,"action":{"action":"present"}}"#.into()).is_ok());
    }
}
