//! Recognising a card and reading everything that needs no PIN.

use super::{Anchors, Session, chip, other, reason};
use checkin::card::{CardFacts, CardProblem, Doubt, TriesLeft};
use checkin::secret::Serial;
use jiff::Timestamp;
use myna_card::ap::jpki::{self, JpkiAp};
use myna_card::ap::surface::{self, SurfaceAp};
use myna_card::{Card, Certificate, Error, TokenType, Transmit};

/// Authentication certificates have about 1,600 bytes.
const MAX_CERTIFICATE: usize = 4096;
/// The label is the first field of the token information.
const LABEL: usize = 32;

pub(super) fn inspect<T: Transmit>(
    card: &mut Card<T>,
    session: &mut Session,
    anchors: &Anchors,
) -> Result<CardFacts, CardProblem> {
    if let Err(error) = JpkiAp::select(card) {
        return Err(if unknown(&error) { other::name(card) } else { unreadable(&error) });
    }
    let (certificate, pin_tries) = read_jpki(card)?;
    let trust = anchors.trust(&certificate).map_err(|doubt| match doubt {
        Doubt::Root => not_verified("its certificate is of a root that is not known here"),
        _ => CardProblem::NotGenuine,
    })?;
    let not_after = not_after(&certificate)
        .ok_or_else(|| not_verified("the end of its certificate cannot be read"))?;
    let code_b_tries = SurfaceAp::select(card)
        .map(drop)
        .and_then(|()| chip::counter(card, surface::ef::CODE_B))
        .map_err(|error| unreadable(&error))?;
    let serial = Serial::new(certificate.serial_number());
    session.certificate = Some(certificate);
    (session.trust, session.not_after) = (Some(trust), Some(not_after));
    Ok(CardFacts { serial, not_after, trust, pin_tries, code_b_tries })
}

/// Application not found, or SELECT by name is unknown altogether; `63 00` is what readers of the ACR122 family answer for
/// cards that take no commands, and `91 xx` how `DESFire` refuses.
fn unknown(error: &Error) -> bool {
    chip::refuses(error)
        || matches!(error, Error::PinIncorrect { retries: None })
        || matches!(error, Error::Status(status)
            if status.value() == 0x6300 || status.value() >> 8 == 0x91)
}

/// Nothing is proved, and nothing wrong.
fn not_verified(what: &'static str) -> CardProblem {
    tracing::warn!(what, "the card is not proved");
    CardProblem::NotVerified
}

fn read_jpki<T: Transmit>(card: &mut Card<T>) -> Result<(Certificate, TriesLeft), CardProblem> {
    let label =
        chip::exact(card, jpki::ef::TOKEN_INFO, LABEL).map_err(|error| unreadable(&error))?;
    recognise(&TokenType::from_bytes(&label))?;
    let der = chip::object(card, jpki::ef::AUTH_CERTIFICATE, MAX_CERTIFICATE)
        .map_err(|error| unreadable(&error))?;
    // All the bytes are there: a certificate that is none was not damaged on the way.
    let certificate =
        Certificate::parse(&der).map_err(|_| not_verified("its certificate has another form"))?;
    let pin_tries = chip::counter(card, jpki::ef::AUTH_PIN).map_err(|error| unreadable(&error))?;
    Ok((certificate, pin_tries))
}

/// The token label tells a card from a phone; on cards it is padded with blanks or NUL.
fn recognise(token: &TokenType) -> Result<(), CardProblem> {
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
