//! What the kiosk sends, checked field by field.

use super::error::ActionError;
use super::form;
use super::twin::Twin as _;
use checkin::code_b::{Era, TypedCode};
use checkin::consent::Topic;
use checkin::event::{Action, Overall, ReferenceProblem};
use checkin::fallback::Way;
use checkin::identity::{FaceClaim, FaceFinding, Method, VisualReason};
use checkin::items::ItemsWay;
use checkin::secret::{Digits, ItemsPin, Passcode, Pin, SecretError};
use protocol::Redacted;
use protocol::action as wire;
use zeroize::Zeroizing;

/// Longest model hash: SHA-256 in hex.
const HASH_CHARS: usize = 64;
/// 64 bits in hex.
const NONCE_CHARS: usize = 16;

/// The domain's action.
///
/// # Errors
/// [`ActionError`] names the field.
pub fn action(action: &protocol::Action) -> Result<Action, ActionError> {
    Ok(match action {
        protocol::Action::Present => Action::Present,
        protocol::Action::Stop => Action::Stop,
        protocol::Action::Continue => Action::Continue,
        protocol::Action::Choose { method } => Action::Choose(Method::from_wire(*method)),
        protocol::Action::ShowCard => Action::ShowCard,
        protocol::Action::Code(printed) => Action::Code(code(printed)?),
        protocol::Action::Reference { outcome } => Action::Reference(match outcome {
            wire::ReferenceOutcome::Ready => Ok(()),
            wire::ReferenceOutcome::Unreadable => Err(ReferenceProblem::Unreadable),
            wire::ReferenceOutcome::NoFace => Err(ReferenceProblem::NoFace),
        }),
        protocol::Action::Face { attempt, nonce, model_hash, score, liveness } => {
            Action::Face(claim((*attempt, nonce), model_hash, *score, *liveness)?)
        }
        protocol::Action::CameraMissing => Action::CameraMissing,
        protocol::Action::InsistOnPin => Action::InsistOnPin,
        protocol::Action::Pin { pin } => Action::Pin(four("pin", pin, Pin::parse)?),
        protocol::Action::ChooseItems { way } => Action::ChooseItems(ItemsWay::from_wire(*way)),
        protocol::Action::ItemsPin { pin } => Action::ItemsPin(four("pin", pin, ItemsPin::parse)?),
        protocol::Action::Visual { passcode, reason } => {
            let passcode = four("passcode", passcode, Passcode::parse)?;
            Action::Visual { passcode, reason: VisualReason::from_wire(*reason) }
        }
        protocol::Action::ConsentAll { answer } => Action::ConsentAll(Overall::from_wire(*answer)),
        protocol::Action::ConsentOne { topic, agreed } => {
            Action::ConsentOne { topic: Topic::from_wire(*topic), agreed: *agreed }
        }
        protocol::Action::OtherWays => Action::OtherWays,
        protocol::Action::Back => Action::Back,
        protocol::Action::Take { way } => Action::Take(Way::from_wire(*way)),
        protocol::Action::Numbers(paper) => Action::Numbers(form::numbers(paper)?),
        protocol::Action::LimitCertificate { agreed } => {
            Action::LimitCertificate { agreed: *agreed }
        }
        protocol::Action::Statement { form: typed } => {
            Action::Statement(Box::new(form::statement(typed)?))
        }
        protocol::Action::Destination { index } => Action::Destination(*index),
        protocol::Action::Withdraw { topic } => Action::Withdraw(Topic::from_wire(*topic)),
    })
}

/// A secret of four digits, typed with a keyboard of either width.
///
/// # Errors
/// [`ActionError`] names `field`; what was typed is not in it.
pub fn four<T>(
    field: &'static str,
    text: &Redacted,
    parse: fn(&str) -> Result<T, SecretError>,
) -> Result<T, ActionError> {
    parse(&ascii(text)).map_err(|_| ActionError { field, expected: "write exactly 4 digits" })
}

/// With full-width digits as ASCII: Japanese keyboards type either. Never grows, so that one copy is wiped.
fn ascii(text: &Redacted) -> Zeroizing<String> {
    let half = |c| match c {
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
        _ => c,
    };
    let mut ascii = Zeroizing::new(String::with_capacity(text.expose().len()));
    ascii.extend(text.expose().chars().map(half));
    ascii
}

/// One to `longest` digits as a number.
pub(super) fn number(
    field: &'static str,
    text: &Redacted,
    longest: usize,
) -> Result<u16, ActionError> {
    let text = ascii(text);
    let fits =
        (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let value = if fits { text.parse().ok() } else { None };
    value.ok_or(ActionError { field, expected: "write digits only, not more than are printed" })
}

/// A year of an era; `00` of the Gregorian calendar is 2000.
pub(super) fn year(
    field: &'static str,
    era: wire::Era,
    text: &Redacted,
) -> Result<u16, ActionError> {
    let gregorian = era == wire::Era::Gregorian;
    let year = number(field, text, if gregorian { 4 } else { 2 })?;
    Ok(if gregorian && year == 0 { 2000 } else { year })
}

fn code(printed: &wire::PrintedCode) -> Result<TypedCode, ActionError> {
    let two =
        |field, text| number(field, text, 2).map(|value| u8::try_from(value).unwrap_or(u8::MAX));
    Ok(TypedCode {
        era: Era::from_wire(printed.era),
        era_year: year("era_year", printed.era, &printed.era_year)?,
        month: two("month", &printed.month)?,
        day: two("day", &printed.day)?,
        expiry_year: number("expiry_year", &printed.expiry_year, 4)?,
        security_code: four("security_code", &printed.security_code, Digits::parse)?,
    })
}

fn claim(
    (attempt, nonce): (u8, &str),
    hash: &str,
    score: Option<f32>,
    liveness: Option<f32>,
) -> Result<FaceClaim, ActionError> {
    if hash.len() != HASH_CHARS || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(ActionError { field: "model_hash", expected: "write 64 hex digits" });
    }
    let is_nonce = nonce.len() == NONCE_CHARS && nonce.bytes().all(|byte| byte.is_ascii_hexdigit());
    let Some(nonce) = is_nonce.then(|| u64::from_str_radix(nonce, 16).ok()).flatten() else {
        return Err(ActionError {
            field: "nonce",
            expected: "give back that of the view, 16 hex digits",
        });
    };
    if attempt == 0 {
        return Err(ActionError {
            field: "attempt",
            expected: "write the attempt of the face screen",
        });
    }
    // A cosine is rounded a little beyond 1 at times. What is further off is a mistake of the client, and costs no attempt.
    if score.is_some_and(|score| !(-1.001..=1.001).contains(&score)) {
        return Err(ActionError { field: "score", expected: "write -1 to 1" });
    }
    if liveness.is_some_and(|liveness| !(-0.001..=1.001).contains(&liveness)) {
        return Err(ActionError { field: "liveness", expected: "write 0 to 1" });
    }
    let finding = match (score, liveness) {
        (Some(score), Some(liveness)) => FaceFinding::Compared { score, liveness },
        (None, None) => FaceFinding::NoFace,
        _ => {
            return Err(ActionError {
                field: "score",
                expected: "score and liveness belong together",
            });
        }
    };
    Ok(FaceClaim { attempt, nonce, finding, model_hash: hash.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> Redacted {
        Redacted::new(text.into())
    }

    #[test]
    fn only_digits_of_the_right_length_become_secrets() {
        for wrong in ["", "123", "12345", "12a4", " 1234", "１２３４５"] {
            let error = action(&protocol::Action::Pin { pin: redacted(wrong) }).unwrap_err();
            assert_eq!(error.to_string(), "field `pin`: write exactly 4 digits");
        }
        for right in ["0000", "１２３４", "1２3４"] {
            assert!(action(&protocol::Action::Pin { pin: redacted(right) }).is_ok(), "{right}");
        }
    }

    #[test]
    fn numbers_of_the_card_front_are_bounded() {
        let printed = |era, year: &str, expiry: &str| wire::PrintedCode {
            era,
            era_year: redacted(year),
            month: redacted("2"),
            day: redacted("17"),
            expiry_year: redacted(expiry),
            security_code: redacted("2285"),
        };
        let typed = |year: &str, expiry: &str| code(&printed(wire::Era::Showa, year, expiry));
        assert!(typed("55", "2035").is_ok());
        assert!(typed("1960", "2035").is_err());
        assert!(code(&printed(wire::Era::Gregorian, "1960", "2035")).is_ok());
        for (year, expiry) in
            [("555", "2035"), ("-5", "2035"), ("", "2035"), ("55", "20355"), ("55", " 203")]
        {
            assert!(typed(year, expiry).is_err(), "{year} {expiry}");
        }
    }

    #[test]
    fn a_claim_needs_both_numbers_or_none() {
        let claim = |nonce: &str, hash: &str, score, liveness| {
            let (nonce, model_hash) = (nonce.into(), hash.into());
            action(&protocol::Action::Face { attempt: 1, nonce, model_hash, score, liveness })
        };
        let face = |hash: &str, score, liveness| claim("00c0ffee00000001", hash, score, liveness);
        let hash = "a".repeat(64);
        assert!(face(&hash, Some(0.5), Some(0.5)).is_ok() && face(&hash, None, None).is_ok());
        for wrong in ["", "1", "+0c0ffee00000001", "00c0ffee000000010"] {
            assert!(claim(wrong, &hash, None, None).is_err(), "{wrong}");
        }
        assert!(face(&hash, Some(0.5), None).is_err() && face("abc", None, None).is_err());
    }

    #[test]
    fn a_claim_out_of_range_is_refused_by_its_field() {
        let field = |attempt, score, liveness| {
            let (score, liveness) = (Some(score), Some(liveness));
            let model_hash = "a".repeat(64);
            let nonce = "00c0ffee00000001".into();
            let face = protocol::Action::Face { attempt, nonce, model_hash, score, liveness };
            action(&face).err().map(|error| error.field)
        };
        assert_eq!(field(1, 1.0, 1.0), None);
        assert_eq!(field(0, 0.5, 0.5), Some("attempt"));
        for score in [1.5, -2.0, f32::NAN, f32::INFINITY] {
            assert_eq!(field(1, score, 0.5), Some("score"), "{score}");
        }
        for liveness in [1.5, -1.0, f32::NAN] {
            assert_eq!(field(1, 0.5, liveness), Some("liveness"), "{liveness}");
        }
    }
}
