//! Whether the chip is genuine, and whether its records agree. No PIN is needed for any of it.
//!
//! authority ── signed ── issuer (EF 0004) ── signed ── record with the key of the chip ── answered ── our nonce

use super::record::CardFace;
use super::{Anchors, chip, record};
use checkin::birth::Birth;
use checkin::card::{Doubt, Trust};
use checkin::code_b::CodeB;
use checkin::event::PhotoProblem::{self, NotGenuine, NotVerified};
use checkin::time::in_japan;
use jiff::Timestamp;
use myna_card::ap::surface::ef;
use myna_card::data::{sha256, sha256_digest_info};
use myna_card::{Card, CardVerifiableCertificate, Command, Error, Transmit};

/// The issuer's certificate has 568 bytes.
const MAX_ISSUER: usize = 1024;

/// Bytes of an RSA-2048 signature.
pub(super) const SIGNATURE: usize = 256;

/// What the chip said about itself before anything was presented.
#[derive(Clone)]
pub(super) struct Proof {
    /// `None` when the card has none, or one of another form.
    issuer: Option<CardVerifiableCertificate>,
    nonce: [u8; 32],
    /// `None` when the chip refuses to sign.
    signature: Option<Vec<u8>>,
}

/// Reads the issuer's certificate and has the chip sign a fresh nonce. The card-face application
/// must be selected. What the card refuses is missing from the proof.
///
/// # Errors
/// When the link fails.
pub(super) fn challenge<T: Transmit>(card: &mut Card<T>) -> Result<Proof, Error> {
    let issuer = chip::object(card, ef::CERTIFICATE, MAX_ISSUER);
    let issuer = answered(issuer.and_then(|file| record::issuer(&file)))?;
    let nonce: [u8; 32] = rand::random();
    let payload = sha256_digest_info(&sha256(&nonce));
    // 80 2A 00 00: the application's own key, which asks for no PIN.
    let command = Command::with_data_le(0x80, 0x2A, 0x00, 0x00, payload, 256);
    let signature = answered(card.call_ok(&command))?;
    match &signature {
        // The command came through, but not its answer.
        Some(bytes) if bytes.len() != SIGNATURE => Err(Error::ShortResponse(bytes.len())),
        _ => Ok(Proof { issuer, nonce, signature }),
    }
}

/// `None` for what the card does not do or have.
fn answered<T>(read: Result<T, Error>) -> Result<Option<T>, Error> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) if chip::refuses(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The whole chain, then the agreement of everything that was read and typed. `session` is what the
/// authentication certificate said: its hierarchy and its last second.
///
/// # Errors
/// [`PhotoProblem::NotGenuine`] for a signature that is there and wrong, or that binds practice to production;
/// [`PhotoProblem::NotVerified`] for what is missing, unknown or odd.
pub(super) fn judge(
    face: &CardFace<'_>,
    proof: &Proof,
    session: (Option<Trust>, Option<Timestamp>),
    anchors: &Anchors,
    code: &CodeB,
) -> Result<(), PhotoProblem> {
    let issuer = proof.issuer.as_ref().ok_or(NotVerified(Doubt::Issuer))?;
    let trust = anchors.check_cv(issuer).map_err(|error| match error {
        Error::UnknownCertificateAuthority(_) => NotVerified(Doubt::Issuer),
        _ => NotGenuine(Doubt::Issuer),
    })?;
    face.verify(&issuer.public_key).map_err(|_| NotGenuine(Doubt::Record))?;
    let signature = proof.signature.as_ref().ok_or(NotVerified(Doubt::Chip))?;
    if face.chip.verify_pkcs1_sha256(&proof.nonce, signature).is_err() {
        return Err(NotGenuine(Doubt::Chip));
    }
    if session.0.is_some_and(|other| other != trust) {
        return Err(NotGenuine(Doubt::Hierarchy));
    }
    typed(face, code).map_err(NotVerified)?;
    match session.1 {
        Some(not_after) => dates(not_after, face, trust).map_err(NotVerified),
        None => Ok(()),
    }
}

/// 照合番号B begins with the birth date, then the year of expiry. What the record does not have fits everything.
fn typed(face: &CardFace<'_>, code: &CodeB) -> Result<(), Doubt> {
    if face.birth.is_some_and(|birth| !birth.begins(code)) {
        return Err(Doubt::BirthDate);
    }
    let year = code.expose()[6..10].iter().fold(0, |all, digit| all * 10 + i16::from(digit - b'0'));
    match face.expiry {
        Some(expiry) if expiry.year() != year => Err(Doubt::ExpiryYear),
        _ => Ok(()),
    }
}

/// An authentication certificate ends on a birthday or with the card, and never after the card. A
/// certificate copied from another person's card hardly ever fits. Practice certificates
/// end on any day, so that "expired three weeks ago" can be rehearsed.
fn dates(not_after: Timestamp, face: &CardFace<'_>, trust: Trust) -> Result<(), Doubt> {
    let Some(expiry) = face.expiry else { return Ok(()) };
    let last = in_japan(not_after).date();
    let day = (last.month(), last.day());
    // A day that no calendar has fits any.
    let birthday = face.birth.and_then(Birth::date).is_none_or(|birth| {
        match (birth.month(), birth.day()) {
            // The birthday of somebody born on 29 February may count as the day before or after.
            (2, 29) => matches!(day, (2, 28 | 29) | (3, 1)),
            birthday => birthday == day,
        }
    });
    if last <= expiry && (trust == Trust::Practice || birthday || last == expiry) {
        Ok(())
    } else {
        Err(Doubt::CertificateDates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use jiff::civil::Date;
    use myna_card::RsaPublicKey;

    fn face(birth: (i16, u8, u8), expiry: &str) -> CardFace<'static> {
        let chip = RsaPublicKey { exponent: vec![], modulus: vec![] };
        let mut face = CardFace::unsigned(chip);
        face.birth = Birth::parse(&format!("{:04}{:02}{:02}", birth.0, birth.1, birth.2));
        face.expiry = expiry.parse::<Date>().ok();
        face
    }

    #[track_caller]
    fn check(not_after: &str, birth: (i16, u8, u8), expiry: &str, fits: bool) {
        let judged = dates(not_after.parse().unwrap(), &face(birth, expiry), Trust::Production);
        assert_eq!(judged.is_ok(), fits, "{not_after} {birth:?} {expiry}");
    }

    #[test]
    fn certificates_end_on_a_birthday_or_with_the_card() {
        check("2030-02-17T14:59:59Z", (1980, 2, 17), "2035-02-17", true);
        // Residents whose card ends with their stay.
        check("2028-06-30T14:59:59Z", (1980, 2, 17), "2028-06-30", true);
        check("2030-02-18T14:59:59Z", (1980, 2, 17), "2035-02-17", false);
        check("2036-02-17T14:59:59Z", (1980, 2, 17), "2035-02-17", false);
        check("2030-02-28T14:59:59Z", (1980, 2, 29), "2035-02-28", true);
        check("2030-03-01T14:59:59Z", (1980, 2, 29), "2035-03-01", true);
        check("2030-03-02T14:59:59Z", (1980, 2, 29), "2035-03-01", false);
        // Days that only the register knows.
        check("2030-03-01T14:59:59Z", (1999, 2, 29), "2035-03-01", true);
        check("2030-07-04T14:59:59Z", (1945, 3, 0), "2035-03-01", true);
        check("2030-07-04T14:59:59Z", (1945, 3, 1), "unknown", true);
    }

    #[test]
    fn what_was_typed_is_on_the_chip() {
        let code = CodeB::parse("59051220342285").unwrap();
        let judged = |birth, expiry| typed(&face(birth, expiry), &code);
        assert_eq!(judged((1984, 5, 12), "2034-05-12"), Ok(()));
        assert_eq!(judged((1959, 5, 12), "2034-05-12"), Ok(()), "a foreign resident");
        assert_eq!(judged((1984, 5, 12), "unknown"), Ok(()));
        assert_eq!(judged((1984, 5, 13), "2034-05-12"), Err(Doubt::BirthDate));
        assert_eq!(judged((1984, 5, 12), "2033-05-12"), Err(Doubt::ExpiryYear));
    }
}
