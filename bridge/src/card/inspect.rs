//! Recognising a card and reading everything that needs no PIN.

use super::{Anchors, Session, reason, tries};
use checkin::card::{CardFacts, CardProblem};
use checkin::secret::Serial;
use jiff::Timestamp;
use myna_card::ap::jpki::JpkiAp;
use myna_card::ap::surface::{SurfaceAp, ef};
use myna_card::{Card, Certificate, Error, TokenType, Transmit};

pub(super) fn inspect(
    card: &mut Card<&mut dyn Transmit>,
    session: &mut Session,
    anchors: &Anchors,
) -> Result<CardFacts, CardProblem> {
    let (certificate, pin_tries) = read_jpki(card)?;
    let trust = anchors.trust(&certificate).ok_or(CardProblem::NotGenuine)?;
    let not_after = not_after(&certificate).ok_or(CardProblem::NotGenuine)?;
    let code_b_tries = SurfaceAp::select(card)
        .and_then(|mut surface| tries(surface.retries(ef::CODE_B)))
        .map_err(|error| unreadable(&error))?;
    let serial = Serial::new(certificate.serial_number());
    session.certificate = Some(certificate);
    Ok(CardFacts { serial, not_after, trust, pin_tries, code_b_tries })
}

fn read_jpki(
    card: &mut Card<&mut dyn Transmit>,
) -> Result<(Certificate, checkin::card::TriesLeft), CardProblem> {
    let mut jpki = JpkiAp::select(card).map_err(|error| match error {
        // File or application not found, or SELECT by name is unknown altogether.
        Error::Status(status)
            if matches!(status.value(), 0x6A82 | 0x6A81 | 0x6A86 | 0x6D00 | 0x6E00) =>
        {
            CardProblem::NotMyNumber
        }
        error => unreadable(&error),
    })?;
    recognise(jpki.read_token_type().map_err(|error| unreadable(&error))?)?;
    let certificate = jpki.read_auth_certificate().map_err(|error| unreadable(&error))?;
    let pin_tries = tries(jpki.auth_pin_retries()).map_err(|error| unreadable(&error))?;
    Ok((certificate, pin_tries))
}

/// The token label tells a card from a phone; on cards it is padded with blanks or NUL.
fn recognise(token: TokenType) -> Result<(), CardProblem> {
    match token.name().trim_end_matches(['\0', ' ']) {
        "JPKIAPICCTOKEN2" => Ok(()),
        "JPKIAPICCTOKEN" => Err(CardProblem::JukiCard),
        "JPKIAPGPSETOKEN" | "JPKIAPIOSTOKEN" => Err(CardProblem::Phone),
        _ => Err(CardProblem::NotMyNumber),
    }
}

/// `notAfter` to the second; `myna-card` keeps only the day.
fn not_after(certificate: &Certificate) -> Option<Timestamp> {
    let validity = certificate.inner().tbs_certificate().validity();
    let seconds = validity.not_after.to_unix_duration().as_secs();
    Timestamp::from_second(i64::try_from(seconds).ok()?).ok()
}

/// Everything that is not an answer of the card about itself. The error carries no personal data.
fn unreadable(error: &Error) -> CardProblem {
    tracing::info!(reason = reason(error), "the card could not be read");
    CardProblem::Unreadable
}
