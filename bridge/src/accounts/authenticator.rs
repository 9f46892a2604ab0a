//! Codes of an authenticator on a telephone (RFC 6238): six digits, 30 seconds, one step early or late, each once.

use jiff::Timestamp;
use std::fmt::Write as _;
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};
use totp_rs::{Algorithm, Secret, TOTP};
use zeroize::Zeroizing;

/// RFC 4226 recommends 160 bits.
pub(super) type Key = [u8; 20];

const STEP_S: i64 = 30;
/// What authenticators show beside the name.
const ISSUER: &str = "Uketsuke";

/// A new secret.
pub(super) fn new_key() -> Zeroizing<Key> {
    Zeroizing::new(rand::random())
}

/// To be typed into an authenticator.
pub(super) fn base32(key: &Key) -> Zeroizing<String> {
    Zeroizing::new(Secret::Raw(key.to_vec()).to_encoded().to_string())
}

/// To be drawn as a QR code: the key URI that authenticators read.
pub(super) fn uri(key: &Key, name: &str) -> Zeroizing<String> {
    let mut label = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() {
            label.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _: std::fmt::Result = write!(label, "%{byte:02X}");
        }
    }
    let secret = base32(key);
    Zeroizing::new(format!("otpauth://totp/{ISSUER}:{label}?secret={}&issuer={ISSUER}", *secret))
}

/// The step to which a typed code belongs, if it is one of now that comes after the `last` one taken.
pub(super) fn step(key: &[u8], typed: &str, now: Timestamp, last: Option<i64>) -> Option<i64> {
    let totp = TOTP::new(Algorithm::SHA1, 6, 1, STEP_S.unsigned_abs(), key.to_vec()).ok()?;
    let present = now.as_second().div_euclid(STEP_S);
    let mut found = 0_i64;
    for step in present - 1..=present + 1 {
        let time = u64::try_from(step * STEP_S).ok()?;
        let code = Zeroizing::new(totp.generate(time));
        let fits = code.as_bytes().ct_eq(typed.as_bytes());
        let new = Choice::from(u8::from(last.is_none_or(|last| step > last)));
        found.conditional_assign(&step, fits & new);
    }
    (found != 0).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard_and_count_once() {
        // RFC 6238, appendix B, SHA-1, the last six of eight digits.
        let key = b"12345678901234567890";
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")]
        {
            let at = |second| Timestamp::from_second(second).unwrap();
            let step_then = second / STEP_S;
            assert_eq!(step(key, code, at(second), None), Some(step_then));
            assert_eq!(step(key, code, at(second + STEP_S), None), Some(step_then), "a step late");
            assert_eq!(step(key, code, at(second + 2 * STEP_S), None), None);
            assert_eq!(step(key, code, at(second), Some(step_then)), None, "once");
        }
        assert_eq!(step(key, "", Timestamp::from_second(59).unwrap(), None), None);
        let uri = uri(key, "山田 a");
        assert_eq!(
            *uri,
            "otpauth://totp/Uketsuke:%E5%B1%B1%E7%94%B0%20a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Uketsuke"
        );
    }
}
