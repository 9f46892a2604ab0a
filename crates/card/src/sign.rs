//! The PIN opens the authentication key; a signature over a fresh challenge proves both.

use super::genuine::SIGNATURE;
use super::{Session, chip, reason, refused};
use checkin::card::TriesLeft;
use checkin::event::PinProblem;
use checkin::secret::Pin;
use myna_card::ap::jpki::{JpkiAp, ef};
use myna_card::data::{sha256, sha256_digest_info};
use myna_card::{Card, Command, Error, ShortEfId, Transmit};

/// Ties the signature to this use, so that it cannot be replayed as something else.
const PURPOSE: &[u8] = b"uketsuke kiosk check-in, user authentication, v1\0";

pub(super) fn sign<T: Transmit>(
    card: &mut Card<T>,
    session: &Session,
    pin: &Pin,
) -> Result<(), PinProblem> {
    // Only the certificate that was judged at placement counts, never one read again now.
    let certificate = session.certificate.as_ref().ok_or(PinProblem::CardFailed)?;
    let key = certificate.public_key().map_err(|error| failed(&error))?;
    JpkiAp::select(card).map_err(|error| failed(&error))?;
    match chip::counter(card, ef::AUTH_PIN).map_err(|error| failed(&error))? {
        TriesLeft::Count(1..) => {}
        none => return Err(PinProblem::WrongPin(none)),
    }
    let pin = myna_card::Pin::numeric(pin.expose()).expect("four digits fit a VERIFY");
    chip::present(card, ef::AUTH_PIN, &pin).map_err(|error| match refused(&error) {
        Some(left) => PinProblem::WrongPin(left),
        None => failed(&error),
    })?;
    let nonce: [u8; 32] = rand::random();
    let challenge = [PURPOSE, &nonce].concat();
    let digest_info = sha256_digest_info(&sha256(&challenge));
    let signature = sign_with_key(card, &digest_info).map_err(|error| failed(&error))?;
    if signature.len() != SIGNATURE {
        return Err(failed(&Error::ShortResponse(signature.len())));
    }
    key.verify_pkcs1_sha256(&challenge, &signature).map_err(|_| PinProblem::BadSignature)
}

/// P2 names the key by its short identifier, which saves a SELECT.
fn sign_with_key<T: Transmit>(card: &mut Card<T>, digest_info: &[u8]) -> Result<Vec<u8>, Error> {
    let key = ShortEfId::from_ef_id(ef::AUTH_KEY)?.value();
    let command =
        |key: u8| Command::with_data_le(0x80, 0x2A, 0x00, 0x80 | key, digest_info.to_vec(), 256);
    match card.call_ok(&command(key)) {
        Err(error) if chip::wants_select(&error) => {
            card.select_ef(ef::AUTH_KEY)?;
            card.call_ok(&command(0))
        }
        signed => signed,
    }
}

fn failed(error: &Error) -> PinProblem {
    tracing::info!(reason = reason(error), "the card did not sign");
    PinProblem::CardFailed
}
