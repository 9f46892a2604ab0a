//! BER-TLV headers (ISO/IEC 8825-1, definite lengths), from bytes that nobody vouches for.

use myna_card::Error;

/// Most bytes of a length that is read; three of them say up to 16 MiB, far above any file.
const LENGTH_BYTES: usize = 3;

/// One object at the start of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Tag of one or two bytes.
    pub tag: u16,
    /// Where its value begins.
    pub start: usize,
    /// Where the next object begins; may lie behind the bytes that are there.
    pub end: usize,
}

/// Reads tag and length; the value need not be there yet.
///
/// # Errors
/// [`Error::Malformed`] for a tag of more than two bytes, an indefinite or oversized length, or
/// when bytes are missing.
pub fn header(bytes: &[u8]) -> Result<Header, Error> {
    let (tag, rest) = match bytes {
        [high, low, rest @ ..] if high & 0x1F == 0x1F && low & 0x80 == 0 => {
            (u16::from_be_bytes([*high, *low]), rest)
        }
        [tag, rest @ ..] if tag & 0x1F != 0x1F => (u16::from(*tag), rest),
        _ => return Err(malformed("a tag is missing or too long")),
    };
    let (length, rest) = match rest {
        [length @ 0..=0x7F, rest @ ..] => (usize::from(*length), rest),
        [count, rest @ ..] => {
            let count = usize::from(count & 0x7F);
            let long = (1..=LENGTH_BYTES).contains(&count).then(|| rest.split_at_checked(count));
            let (length, rest) =
                long.flatten().ok_or_else(|| malformed("a length is missing or too long"))?;
            (length.iter().fold(0, |all, byte| all << 8 | usize::from(*byte)), rest)
        }
        [] => return Err(malformed("a length is missing")),
    };
    let start = bytes.len() - rest.len();
    Ok(Header { tag, start, end: start + length })
}

/// Value of the object with this tag at the start of `bytes`, and what follows it.
///
/// # Errors
/// [`Error::Malformed`] when another object stands there or it is cut short.
pub fn expect(bytes: &[u8], tag: u16) -> Result<(&[u8], &[u8]), Error> {
    let found = header(bytes)?;
    match bytes.get(found.start..found.end) {
        Some(value) if found.tag == tag => Ok((value, &bytes[found.end..])),
        _ => Err(malformed("an object is missing, cut short or out of place")),
    }
}

/// The error of this crate's parsers: what is wrong, nothing of the bytes.
pub(super) fn malformed(what: &'static str) -> Error {
    Error::Malformed(what.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_all_forms() {
        let read = |bytes: &[u8]| header(bytes).ok().map(|h| (h.tag, h.start, h.end));
        assert_eq!(read(&[0x30, 3]), Some((0x30, 2, 5)));
        assert_eq!(read(&[0xDF, 0x21, 18]), Some((0xDF21, 3, 21)));
        assert_eq!(read(&[0x30, 0x82, 1, 0x28]), Some((0x30, 4, 4 + 0x128)));
        for wrong in [
            &[][..],
            &[0x30],
            &[0xDF],
            &[0xDF, 0x81, 1, 0],
            &[0x30, 0x80],
            &[0x30, 0x82, 1],
            &[0x30, 0x88, 255, 255, 255, 255, 255, 255, 255, 255],
        ] {
            assert_eq!(read(wrong), None, "{wrong:02X?}");
        }
    }
}
