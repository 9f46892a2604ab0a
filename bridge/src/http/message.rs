//! Text messages from a page: size and form.

mod wrong;

use super::socket::Wiped;
use protocol::{ErrorCode, FromKiosk, MAX_TEXT_BYTES};

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

/// Reads a message, which is wiped then, because it may have carried a PIN.
///
/// # Errors
/// [`Refusal`]; its text never repeats what was sent.
#[expect(clippy::needless_pass_by_value, reason = "taken over, so that it is wiped here")]
pub(super) fn read(text: Wiped) -> Result<FromKiosk, Refusal> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(Refusal::new(
            ErrorCode::TooLarge,
            format!("a text frame has at most {MAX_TEXT_BYTES} bytes"),
        ));
    }
    let Ok(text) = std::str::from_utf8(&text) else {
        return Err(Refusal::new(ErrorCode::Malformed, "text is UTF-8"));
    };
    serde_json::from_str(text).map_err(|error| refusal(text, &error))
}

fn refusal(text: &str, error: &serde_json::Error) -> Refusal {
    // The text of serde's error can repeat a value; only its beginning is used, and the name of a missing field, which is a
    // word of this program.
    let said = error.to_string();
    let missing = said.strip_prefix("missing field `").and_then(|rest| rest.split_once('`'));
    if let Some((field, _)) = missing {
        return Refusal::new(ErrorCode::Malformed, format!("field `{field}` is missing"));
    }
    if said.starts_with("unknown field") {
        let advice = "there is a field that this message does not have; names are exact";
        return Refusal::new(ErrorCode::Malformed, advice);
    }
    let at = wrong::field(text).map(|field| format!("field `{field}`: ")).unwrap_or_default();
    if said.starts_with("unknown variant") {
        let advice = format!("{at}this version does not know that type, action or value");
        return Refusal::new(ErrorCode::Unsupported, advice);
    }
    let (line, column) = (error.line(), error.column());
    let advice = if at.is_empty() {
        format!("not one of the messages, at line {line} column {column}")
    } else {
        format!("{at}its value is of another type, or out of range")
    };
    Refusal::new(ErrorCode::Malformed, advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: ErrorCode) {
        let refusal = read(Wiped::new(text.into())).unwrap_err();
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
        let detail = |text: &str| read(Wiped::new(text.into())).unwrap_err().detail;
        let of_pin = detail(r#"{"type":"act","seen":1,"action":{"action":"pin","pin":4821}}"#);
        assert_eq!(of_pin, "field `action.pin`: its value is of another type, or out of range");
        let of_type = detail(r#"{"type":"4821"}"#);
        assert_eq!(of_type, "field `type`: this version does not know that type, action or value");
        assert!(detail("4821").starts_with("not one of the messages"));
        let missing = read(Wiped::new(br#"{"type":"act","action":{"action":"stop"}}"#.to_vec()));
        assert_eq!(missing.unwrap_err().detail, "field `seen` is missing");
        let good = br#"{"type":"act","seen":1,"action":{"action":"present"}}"#;
        assert!(read(Wiped::new(good.to_vec())).is_ok());
        let latin = read(Wiped::new(vec![b'"', 0xE9, b'"'])).unwrap_err();
        assert_eq!(latin.code, ErrorCode::Malformed);
    }
}
