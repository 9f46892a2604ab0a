//! 照合番号B opens the card face; its photo goes to the face worker.

use super::record::CardFace;
use super::{Anchors, Photo, Session, chip, genuine, reason, record, refused};
use checkin::card::Doubt;
use checkin::code_b::CodeB;
use checkin::event::PhotoProblem;
use checkin::identity::CODE_B_STOP_AT;
use myna_card::ap::surface::{SurfaceAp, ef};
use myna_card::{Card, Error, ImageFormat, Pin, Transmit};

/// Enough for the table of offsets; the largest single read.
const HEAD: usize = 256;

pub(super) fn read_photo<T: Transmit>(
    card: &mut Card<T>,
    session: &mut Session,
    anchors: &Anchors,
    code: &CodeB,
) -> Result<Photo, PhotoProblem> {
    SurfaceAp::select(card).map_err(|error| match &error {
        // A card without a card-face application (a phone) has no photo at all.
        Error::Status(status) if status.value() == 0x6A82 => PhotoProblem::NotVerified,
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
    let pin = Pin::numeric(code.expose()).expect("fourteen digits fit a VERIFY");
    chip::present(card, ef::CODE_B, &pin).map_err(|error| match refused(&error) {
        Some(left) => PhotoProblem::WrongCode(left),
        None => failed(&error),
    })?;
    let mut bytes = chip::head(card, ef::CARD_FACE, HEAD).map_err(|error| failed(&error))?;
    let needed = record::needed(&bytes).map_err(|error| failed(&error))?;
    chip::rest(card, &mut bytes, needed).map_err(|error| failed(&error))?;
    bytes.truncate(needed);
    let face = CardFace::parse(&bytes).map_err(|error| failed(&error))?;
    let certificate = (session.trust, session.not_after);
    genuine::judge(&face, proof, certificate, anchors, code).map_err(|doubt| {
        tracing::warn!(?doubt, "the card could not be verified");
        PhotoProblem::NotGenuine(doubt)
    })?;
    take(&face)
}

fn take(face: &CardFace<'_>) -> Result<Photo, PhotoProblem> {
    let fits = (1..=protocol::photo::MAX_PHOTO_BYTES).contains(&face.photo.len());
    if fits && ImageFormat::detect(face.photo) == ImageFormat::Jpeg2000 {
        Ok(Photo::new(face.photo.to_vec()))
    } else {
        tracing::info!("the photo on the card is not a JPEG 2000 file of sane size");
        Err(PhotoProblem::NotVerified)
    }
}

/// The record is wrong, or the card stopped answering.
fn failed(error: &Error) -> PhotoProblem {
    tracing::info!(reason = reason(error), "the photo could not be read");
    match error {
        Error::Malformed(_) => PhotoProblem::NotGenuine(Doubt::Form),
        _ => PhotoProblem::CardFailed,
    }
}
