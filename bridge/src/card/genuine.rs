//! Whether the chip is genuine, and whether its records agree. No PIN is needed for any of it.
//!
//! authority ── signed ── issuer (EF 0004) ── signed ── record with the key of the chip ── answered ── our nonce

use super::record::CardFace;
use super::{Anchors, chip, record};
use checkin::card::{Doubt, Trust};
use checkin::code_b::CodeB;
use checkin::time::in_japan;
use jiff::Timestamp;
use jiff::civil::Date;
use myna_card::ap::surface::ef;
use myna_card::data::{sha256, sha256_digest_info};
use myna_card::{Card, CardVerifiableCertificate, Command, Error, RsaPublicKey, Transmit};

/// The issuer's certificate has 568 bytes.
const MAX_ISSUER: usize = 1024;

/// Bytes of an RSA-2048 signature.
pub(super) const SIGNATURE: usize = 256;

/// What the chip said about itself before anything was presented.
#[derive(Clone)]
pub(super) struct Proof {
    pub(super) issuer: CardVerifiableCertificate,
    nonce: [u8; 32],
    signature: Vec<u8>,
}

/// Reads the issuer's certificate and has the chip sign a fresh nonce. The card-face application
/// must be selected.
pub(super) fn challenge<T: Transmit>(card: &mut Card<T>) -> Result<Proof, Error> {
    let issuer = record::issuer(&chip::object(card, ef::CERTIFICATE, MAX_ISSUER)?)?;
    let nonce: [u8; 32] = rand::random();
    let payload = sha256_digest_info(&sha256(&nonce));
    // 80 2A 00 00: the application's own key, which asks for no PIN.
    let signature = card.call_ok(&Command::with_data_le(0x80, 0x2A, 0x00, 0x00, payload, 256))?;
    // The command came through, but not its answer.
    if signature.len() != SIGNATURE {
        return Err(Error::ShortResponse(signature.len()));
    }
    Ok(Proof { issuer, nonce, signature })
}

impl Proof {
    fn answers(&self, key: &RsaPublicKey) -> bool {
        key.verify_pkcs1_sha256(&self.nonce, &self.signature).is_ok()
    }
}

/// The whole chain, then the agreement of everything that was read and typed. `session` is what the
/// authentication certificate said: its hierarchy and its last second.
///
/// # Errors
/// The first [`Doubt`].
pub(super) fn judge(
    face: &CardFace<'_>,
    proof: &Proof,
    session: (Option<Trust>, Option<Timestamp>),
    anchors: &Anchors,
    code: &CodeB,
) -> Result<(), Doubt> {
    let trust = anchors.check_cv(&proof.issuer).map_err(|_| Doubt::Issuer)?;
    face.verify(&proof.issuer.public_key).map_err(|_| Doubt::Record)?;
    if !proof.answers(&face.chip) {
        return Err(Doubt::Chip);
    }
    if session.0.is_some_and(|other| other != trust) {
        return Err(Doubt::Hierarchy);
    }
    typed(face.birth, face.expiry, code)?;
    match session.1 {
        Some(not_after) => dates(not_after, face.birth, face.expiry, trust),
        None => Ok(()),
    }
}

/// 照合番号B begins with the birth date as era year, month and day, then the year of expiry.
fn typed(birth: Date, expiry: Date, code: &CodeB) -> Result<(), Doubt> {
    let digits = code.expose();
    let same = |from: usize, len: usize, value: i16| {
        let typed = &digits[from..from + len];
        typed.iter().fold(0, |all, digit| all * 10 + i16::from(digit - b'0')) == value
    };
    let born = same(0, 2, era_year(birth).ok_or(Doubt::BirthDate)?)
        && same(2, 2, i16::from(birth.month()))
        && same(4, 2, i16::from(birth.day()));
    if !born {
        return Err(Doubt::BirthDate);
    }
    if same(6, 4, expiry.year()) { Ok(()) } else { Err(Doubt::ExpiryYear) }
}

fn era_year(date: Date) -> Option<i16> {
    let date = myna_card::Date {
        year: u16::try_from(date.year()).ok()?,
        month: u8::try_from(date.month()).ok()?,
        day: u8::try_from(date.day()).ok()?,
    };
    i16::try_from(date.to_era()?.1).ok()
}

/// An authentication certificate ends on a birthday or with the card, and never after the card. A
/// certificate copied from another person's card hardly ever fits. Practice certificates end on
/// any day, so that "expired three weeks ago" can be rehearsed.
fn dates(not_after: Timestamp, birth: Date, expiry: Date, trust: Trust) -> Result<(), Doubt> {
    let last = in_japan(not_after).date();
    let days = |date: Date| (date.month(), date.day());
    // The birthday of somebody born on 29 February may count as the day before or after.
    let birthday = days(last) == days(birth)
        || days(birth) == (2, 29) && matches!(days(last), (2, 28) | (3, 1));
    let plausible = trust == Trust::Practice || birthday || last == expiry;
    if last <= expiry && plausible { Ok(()) } else { Err(Doubt::CertificateDates) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(not_after: &str, birth: &str, expiry: &str, fits: bool) {
        let not_after = not_after.parse().unwrap();
        let (birth, expiry) = (birth.parse().unwrap(), expiry.parse().unwrap());
        let judged = dates(not_after, birth, expiry, Trust::Production);
        assert_eq!(judged.is_ok(), fits, "{not_after} {birth} {expiry}");
    }

    #[test]
    fn certificates_end_on_a_birthday_or_with_the_card() {
        check("2030-02-17T14:59:59Z", "1980-02-17", "2035-02-17", true);
        // Residents whose card ends with their stay.
        check("2028-06-30T14:59:59Z", "1980-02-17", "2028-06-30", true);
        check("2030-02-18T14:59:59Z", "1980-02-17", "2035-02-17", false);
        check("2036-02-17T14:59:59Z", "1980-02-17", "2035-02-17", false);
        check("2030-02-28T14:59:59Z", "1980-02-29", "2035-02-28", true);
        check("2030-03-01T14:59:59Z", "1980-02-29", "2035-03-01", true);
        check("2030-03-02T14:59:59Z", "1980-02-29", "2035-03-01", false);
    }

    #[test]
    fn what_was_typed_is_on_the_chip() {
        let code = CodeB::parse("59051220342285").unwrap();
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(typed(day("1984-05-12"), day("2034-05-12"), &code), Ok(()));
        assert_eq!(typed(day("1984-05-13"), day("2034-05-12"), &code), Err(Doubt::BirthDate));
        assert_eq!(typed(day("1984-05-12"), day("2033-05-12"), &code), Err(Doubt::ExpiryYear));
    }
}
