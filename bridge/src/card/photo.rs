//! 照合番号B opens the card face; its photo goes to the face worker.

use super::{Anchors, Photo, reason, refused, tries};
use checkin::code_b::CodeB;
use checkin::event::PhotoProblem;
use checkin::identity::CODE_B_STOP_AT;
use myna_card::ap::surface::{CardFace, SurfaceAp, ef};
use myna_card::{Card, Date, Error, ImageFormat, Pin, Transmit};
use zeroize::Zeroize;

pub(super) fn read_photo(
    card: &mut Card<&mut dyn Transmit>,
    anchors: &Anchors,
    code: &CodeB,
) -> Result<Photo, PhotoProblem> {
    let mut surface = SurfaceAp::select(card).map_err(|error| failed(&error))?;
    let left = tries(surface.retries(ef::CODE_B)).map_err(|error| failed(&error))?;
    if left.count() <= CODE_B_STOP_AT {
        return Err(PhotoProblem::TooFewTries(left));
    }
    let pin = Pin::numeric(code.expose()).expect("fourteen digits fit a VERIFY");
    surface.verify_code_b(&pin).map_err(|error| match refused(&error) {
        Some(left) => PhotoProblem::WrongCode(left),
        None => failed(&error),
    })?;
    let face = surface.read_card_face().map_err(|error| failed(&error))?;
    prove(&mut surface, anchors, &face, code).map_err(|error| failed(&error))?;
    take(face)
}

/// Signature of the issuer, authority above the issuer, and a challenge to the key in the record:
/// together they prove that this chip is genuine and present, without a PIN.
fn prove<T: Transmit>(
    surface: &mut SurfaceAp<'_, T>,
    anchors: &Anchors,
    face: &CardFace,
    code: &CodeB,
) -> Result<(), Error> {
    let issuer = surface.read_certificate()?;
    anchors.check_cv(&issuer)?;
    face.verify(&issuer.public_key)?;
    let challenge: [u8; 32] = rand::random();
    let signature = surface.sign(&challenge)?;
    face.public_key.verify_pkcs1_sha256(&challenge, &signature)?;
    if agrees(face.birth_date, code) {
        Ok(())
    } else {
        Err(Error::SignatureInvalid("the birth date of the record is not the one of the number"))
    }
}

/// 照合番号B begins with the birth date as era year, month and day.
fn agrees(birth: Date, code: &CodeB) -> bool {
    let Some((_, era_year)) = birth.to_era() else { return false };
    let mut expected = format!("{era_year:02}{:02}{:02}", birth.month, birth.day);
    let same = code.expose().starts_with(expected.as_bytes());
    expected.zeroize();
    same
}

/// Keeps the photo, wipes every other picture of the record.
fn take(mut face: CardFace) -> Result<Photo, PhotoProblem> {
    face.name_image.data.zeroize();
    face.address_image.data.zeroize();
    face.security_code_image.data.zeroize();
    for segment in &mut face.signed_segments {
        segment.zeroize();
    }
    let photo = Photo::new(std::mem::take(&mut face.photo.data));
    let fits = (1..=protocol::photo::MAX_PHOTO_BYTES).contains(&photo.jp2().len());
    if fits && face.photo.format == ImageFormat::Jpeg2000 {
        Ok(photo)
    } else {
        tracing::info!("the photo on the card is not a JPEG 2000 file of sane size");
        Err(PhotoProblem::NotVerified)
    }
}

/// The record is wrong, or the card stopped answering.
fn failed(error: &Error) -> PhotoProblem {
    tracing::info!(reason = reason(error), "the photo could not be read");
    match error {
        Error::SignatureInvalid(_)
        | Error::Malformed(_)
        | Error::UnknownCertificateAuthority(_) => PhotoProblem::NotVerified,
        // A card without a card-face application (a phone) has no photo at all.
        Error::Status(status) if status.value() == 0x6A82 => PhotoProblem::NotVerified,
        _ => PhotoProblem::CardFailed,
    }
}
