//! Reading with as few commands and bytes as the card allows.
//!
//! Every file of these applications has a short identifier, so a read or a question for a counter
//! needs no SELECT before it. A card or reader that does not take that gets the long way.

use super::{tlv, tries};
use checkin::card::TriesLeft;
use myna_card::card::ShortEfId;
use myna_card::{Card, Error, Pin, Transmit};
use zeroize::Zeroizing;

/// Largest short read (ISO/IEC 7816-4, Le = 00).
const FULL: usize = 256;
/// Smallest read that is tried with a reader that cannot take larger ones.
const SMALLEST: usize = 32;

fn short(file: u16) -> ShortEfId {
    ShortEfId::from_ef_id(file).expect("files of the card have short identifiers")
}

/// Status words of a card that does not know short identifiers in this place: it finds no such file, has no current one, or
/// refuses parameters or instruction. None of them compares anything, so no try is spent.
pub(super) fn wants_select(error: &Error) -> bool {
    matches!(error, Error::Status(status) if matches!(
        status.value(),
        0x6981 | 0x6985 | 0x6986 | 0x6A80 | 0x6A81 | 0x6A82 | 0x6A86 | 0x6A88 | 0x6B00 | 0x6D00 | 0x6E00
    ))
}

/// Whether the card answered that it does not do this, or does it in another form: not a failure of the link.
pub(super) fn refuses(error: &Error) -> bool {
    wants_select(error)
        || matches!(error, Error::Malformed(_))
        || matches!(error, Error::Status(status) if matches!(status.value(), 0x6881 | 0x6882 | 0x6900 | 0x6999))
}

/// Tries left, free of charge.
pub(super) fn counter<T: Transmit>(card: &mut Card<T>, file: u16) -> Result<TriesLeft, Error> {
    match card.pin_retries_sfi(short(file)) {
        Err(error) if wants_select(&error) => match card.select_ef(file) {
            Ok(()) => tries(card.pin_retries()),
            Err(error) => tries(Err(error)),
        },
        read => tries(read),
    }
}

/// Presents a secret; its counter was asked for just before, by the same identifier.
pub(super) fn present<T: Transmit>(
    card: &mut Card<T>,
    file: u16,
    secret: &Pin,
) -> Result<(), Error> {
    match card.verify_sfi(short(file), secret) {
        // Refused for its form: nothing was compared, so no try was spent.
        Err(error) if wants_select(&error) => {
            card.select_ef(file)?;
            card.verify(secret)
        }
        presented => presented,
    }
}

/// The first `len` bytes (1 to 256) of a file, which becomes the current one.
pub(super) fn head<T: Transmit>(
    card: &mut Card<T>,
    file: u16,
    len: usize,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let le = u32::try_from(len.clamp(1, FULL)).unwrap_or(256);
    let mut read = card.read_binary_chunk_sfi(short(file), 0, le);
    if matches!(&read, Err(error) if wants_select(error)) {
        card.select_ef(file)?;
        read = card.read_binary_chunk(0, le);
    }
    match read {
        // This reader cannot take so much at once.
        Err(Error::Status(status)) if status.value() == 0x6700 && len > SMALLEST => {
            head(card, file, len / 2)
        }
        Ok(bytes) if bytes.is_empty() || bytes.len() > len => Err(odd()),
        read => read.map(Zeroizing::new),
    }
}

/// Exactly the first `len` bytes of a file.
pub(super) fn exact<T: Transmit>(
    card: &mut Card<T>,
    file: u16,
    len: usize,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut bytes = head(card, file, len)?;
    rest(card, &mut bytes, len)?;
    Ok(bytes)
}

/// Reads on from the end of `file` until it has `total` bytes.
pub(super) fn rest<T: Transmit>(
    card: &mut Card<T>,
    file: &mut Zeroizing<Vec<u8>>,
    total: usize,
) -> Result<(), Error> {
    let missing = total.saturating_sub(file.len());
    file.reserve_exact(missing);
    let mut most = FULL;
    while file.len() < total {
        let want = most.min(total - file.len());
        let le = u32::try_from(want).unwrap_or(256);
        match card.read_binary_chunk(file.len(), le) {
            Ok(chunk) if chunk.is_empty() || chunk.len() > want => return Err(odd()),
            Ok(chunk) => file.extend_from_slice(&Zeroizing::new(chunk)),
            Err(Error::Status(status)) if status.value() == 0x6700 && want > SMALLEST => {
                most = want / 2;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The whole BER object at the start of a file, at most `most` bytes, without the filler behind it.
pub(super) fn object<T: Transmit>(
    card: &mut Card<T>,
    file: u16,
    most: usize,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut bytes = head(card, file, FULL)?;
    let total = tlv::header(&bytes)?.end;
    if total > most {
        return Err(Error::Malformed("an object is longer than it can be".into()));
    }
    rest(card, &mut bytes, total)?;
    bytes.truncate(total);
    Ok(bytes)
}

/// A read brought nothing or more than was asked for: the link failed.
fn odd() -> Error {
    Error::ShortResponse(0)
}
