//! The tile-parts of a codestream, brought into the form that a strict decoder takes (ISO/IEC 15444-1 A.4).

use super::{PhotoError, u32_at};
use zeroize::Zeroizing;

/// Start of a tile-part; end of the codestream.
const SOT: [u8; 2] = [0xFF, 0x90];
const EOC: [u8; 2] = [0xFF, 0xD9];
/// Where its length stands in a tile-part, and the least length.
const PSOT: usize = 6;
const LEAST_PART: usize = 14;

/// The codestream with the length of its last tile-part, with an end marker, and with nothing behind it.
///
/// Encoders that write as they go leave the length 0 ("to the end"), and some forget the end; both are complete pictures.
/// One that is cut short stays so, which the decoder sees.
pub(super) fn complete(bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, PhotoError> {
    let mut whole = Zeroizing::new(Vec::with_capacity(bytes.len() + EOC.len()));
    whole.extend_from_slice(bytes);
    let mut at = first_part(bytes).ok_or(PhotoError::NotJpeg2000)?;
    while bytes[at..].starts_with(&SOT) {
        let length = u32_at(bytes, at + PSOT).ok_or(PhotoError::Damaged)? as usize;
        let end = if length == 0 {
            let end = bytes.len() - if bytes.ends_with(&EOC) { EOC.len() } else { 0 };
            let length = u32::try_from(end - at).map_err(|_| PhotoError::Damaged)?;
            whole[at + PSOT..at + PSOT + 4].copy_from_slice(&length.to_be_bytes());
            end
        } else {
            at + length
        };
        if end < at + LEAST_PART || end > bytes.len() {
            return Err(PhotoError::Damaged);
        }
        at = end;
    }
    let behind = &bytes[at..];
    // What fills a file up to its size is no picture and no damage.
    if behind.starts_with(&EOC) || behind.iter().all(|byte| matches!(byte, 0x00 | 0xFF)) {
        whole.truncate(at);
        whole.extend_from_slice(&EOC);
        Ok(whole)
    } else {
        Err(PhotoError::Damaged)
    }
}

/// Where the first tile-part begins: behind the main header, a row of markers with lengths.
fn first_part(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    while !bytes.get(at..)?.starts_with(&SOT) {
        let length = bytes.get(at + 2..)?.first_chunk().map(|two| u16::from_be_bytes(*two))?;
        at += 2 + usize::from(length.max(2));
    }
    Some(at)
}
