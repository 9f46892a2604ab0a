//! 照合番号B opens the card face; its photo goes to the face worker.

use super::record::CardFace;
use super::{Anchors, Photo, Session, chip, genuine, reason, record, refused};
use checkin::birth::Birth;
use checkin::card::{Doubt, TriesLeft};
use checkin::code_b::{Candidates, CodeB};
use checkin::event::PhotoProblem;
use checkin::identity::CODE_B_STOP_AT;
use myna_card::ap::surface::{SurfaceAp, ef};
use myna_card::{Card, Error, ImageFormat, Pin, Transmit};

/// Enough for the table of offsets; the largest single read.
const HEAD: usize = 256;
/// Start of a JPEG 2000 codestream without a container (ISO/IEC 15444-1 A.4.1).
const CODESTREAM: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];

/// The photo, the birth date of its record where it has one, and the number that opened it.
pub(super) fn read_photo<'a, T: Transmit>(
    card: &mut Card<T>,
    session: &mut Session,
    anchors: &Anchors,
    codes: &'a Candidates,
) -> Result<(Photo, Option<Birth>, &'a CodeB), PhotoProblem> {
    SurfaceAp::select(card).map_err(|error| match &error {
        // A card without a card-face application (a phone) has no photo at all.
        Error::Status(status) if status.value() == 0x6A82 => not_verified(Doubt::Photo),
        _ => failed(&error),
    })?;
    let left = chip::counter(card, ef::CODE_B).map_err(|error| failed(&error))?;
    if left.count() <= CODE_B_STOP_AT {
        return Err(PhotoProblem::TooFewTries(left));
    }
    let proof = match session.proof.take() {
        Some(proof) => proof,
        None => genuine::challenge(card).map_err(|error| failed(&error))?,
    };
    let proof = session.proof.insert(proof);
    let code = present(card, codes)?;
    let mut bytes = chip::head(card, ef::CARD_FACE, HEAD).map_err(|error| failed(&error))?;
    let needed = record::needed(&bytes).map_err(|error| failed(&error))?;
    chip::rest(card, &mut bytes, needed).map_err(|error| failed(&error))?;
    bytes.truncate(needed);
    let face = CardFace::parse(&bytes).map_err(|error| failed(&error))?;
    let certificate = (session.trust, session.not_after);
    genuine::judge(&face, proof, certificate, anchors, code).inspect_err(|problem| {
        tracing::warn!(?problem, "the card could not be verified");
    })?;
    Ok((take(&face)?, face.birth, code))
}

/// Presents one reading after the other while more tries are left than a person may need; gives the right one.
pub(super) fn present<'a, T: Transmit>(
    card: &mut Card<T>,
    codes: &'a Candidates,
) -> Result<&'a CodeB, PhotoProblem> {
    let mut left = None;
    for code in codes.iter() {
        if left.is_some_and(|left: TriesLeft| left.count() <= CODE_B_STOP_AT) {
            break;
        }
        let pin = Pin::numeric(code.expose()).expect("fourteen digits fit a VERIFY");
        match chip::present(card, ef::CODE_B, &pin) {
            Ok(()) => return Ok(code),
            Err(error) => left = Some(refused(&error).ok_or_else(|| failed(&error))?),
        }
    }
    Err(PhotoProblem::WrongCode(left.unwrap_or(TriesLeft::Count(0))))
}

fn take(face: &CardFace<'_>) -> Result<Photo, PhotoProblem> {
    let fits = (1..=protocol::photo::MAX_PHOTO_BYTES).contains(&face.photo.len());
    let bare = face.photo.starts_with(&CODESTREAM);
    if fits && (bare || ImageFormat::detect(face.photo) == ImageFormat::Jpeg2000) {
        Ok(Photo::new(face.photo.to_vec()))
    } else {
        Err(not_verified(Doubt::Photo))
    }
}

/// The card does not have it: nothing is wrong, and nothing proved.
fn not_verified(what: Doubt) -> PhotoProblem {
    tracing::info!(?what, "the card is not proved by its face");
    PhotoProblem::NotVerified(what)
}

/// The record has another form, or the card stopped answering.
fn failed(error: &Error) -> PhotoProblem {
    tracing::info!(reason = reason(error), "the photo could not be read");
    match error {
        Error::Malformed(_) => PhotoProblem::NotVerified(Doubt::Form),
        _ => PhotoProblem::CardFailed,
    }
}
