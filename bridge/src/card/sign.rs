//! The PIN opens the authentication key; a signature over a fresh challenge proves both.

use super::{Session, reason, refused, tries};
use checkin::card::TriesLeft;
use checkin::event::PinProblem;
use checkin::secret::Pin;
use myna_card::ap::jpki::{JpkiAp, SignatureScheme};
use myna_card::data::{sha256, sha256_digest_info};
use myna_card::{Card, Error, Transmit};

/// Ties the signature to this use, so that it cannot be replayed as something else.
const PURPOSE: &[u8] = b"uketsuke kiosk check-in, user authentication, v1\0";

pub(super) fn sign(
    card: &mut Card<&mut dyn Transmit>,
    session: &Session,
    pin: &Pin,
) -> Result<(), PinProblem> {
    // Only the certificate that was judged at placement counts, never one read again now.
    let certificate = session.certificate.as_ref().ok_or(PinProblem::CardFailed)?;
    let key = certificate.public_key().map_err(|error| failed(&error))?;
    let mut jpki = JpkiAp::select(card).map_err(|error| failed(&error))?;
    match tries(jpki.auth_pin_retries()).map_err(|error| failed(&error))? {
        TriesLeft::Count(1..) => {}
        none => return Err(PinProblem::WrongPin(none)),
    }
    let pin = myna_card::Pin::numeric(pin.expose()).expect("four digits fit a VERIFY");
    jpki.verify_auth_pin(&pin).map_err(|error| match refused(&error) {
        Some(left) => PinProblem::WrongPin(left),
        None => failed(&error),
    })?;
    let nonce: [u8; 32] = rand::random();
    let challenge = [PURPOSE, &nonce].concat();
    let digest_info = sha256_digest_info(&sha256(&challenge));
    let signature = jpki
        .sign_with_auth_key(SignatureScheme::Verbatim, &digest_info)
        .map_err(|error| failed(&error))?;
    key.verify_pkcs1_sha256(&challenge, &signature).map_err(|_| PinProblem::BadSignature)
}

fn failed(error: &Error) -> PinProblem {
    tracing::info!(reason = reason(error), "the card did not sign");
    PinProblem::CardFailed
}
