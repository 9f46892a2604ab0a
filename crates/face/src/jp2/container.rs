//! The boxes of a JP2 file (ISO/IEC 15444-1 Annex I), as far as the picture needs them.

use super::{PhotoError, u32_at};

/// First box of a JP2 file (I.5.1).
const SIGNATURE: [u8; 12] = [0, 0, 0, 12, b'j', b'P', b' ', b' ', 0x0D, 0x0A, 0x87, 0x0A];
/// Most bytes of a palette: 256 colours of three columns, and its head.
const MAX_PALETTE: usize = 3 + 3 + 3 * 256;
/// Most bytes of a mapping: every channel costs as much as the picture.
const MAX_MAPPING: usize = 3 * 4;
/// Enumerated colour space sYCC (I.5.3.3).
const SYCC: u32 = 18;

/// What lies in the file.
pub(super) struct Container<'a> {
    /// The codestream, perhaps with something behind its end.
    pub(super) codestream: &'a [u8],
    /// How samples become colours.
    pub(super) colour: Colour<'a>,
}

/// Colours that are not simply grey or RGB; names, profiles and resolutions are never read.
#[derive(Default)]
pub(super) struct Colour<'a> {
    /// Palette box (I.5.3.4) with its header.
    palette: Option<&'a [u8]>,
    /// Component mapping box (I.5.3.5) with its header.
    mapping: Option<&'a [u8]>,
    sycc: bool,
}

/// One box: type, whole and content.
struct Box<'a> {
    kind: &'a [u8],
    whole: &'a [u8],
    content: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Container<'a> {
    /// Walks the boxes up to the codestream; boxes of any other kind are passed by. Bytes that begin as a codestream are one.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, PhotoError> {
        if bytes.starts_with(&super::START) {
            return Ok(Self { codestream: bytes, colour: Colour::default() });
        }
        let mut rest = bytes.strip_prefix(&SIGNATURE).ok_or(PhotoError::NotJpeg2000)?;
        let mut colour = Colour::default();
        while !rest.is_empty() {
            let found = next(rest)?;
            match found.kind {
                b"jp2c" => return Ok(Self { codestream: found.content, colour }),
                b"jp2h" => colour = Colour::read(found.content)?,
                _ => {}
            }
            rest = found.rest;
        }
        Err(PhotoError::NotJpeg2000)
    }
}

impl<'a> Colour<'a> {
    fn read(mut header: &'a [u8]) -> Result<Self, PhotoError> {
        let mut colour = Self::default();
        while !header.is_empty() {
            let found = next(header)?;
            match found.kind {
                b"pclr" if found.content.len() > MAX_PALETTE => return Err(PhotoError::Layout),
                b"pclr" => colour.palette = Some(found.whole),
                b"cmap" if found.content.len() > MAX_MAPPING => return Err(PhotoError::Layout),
                b"cmap" => colour.mapping = Some(found.whole),
                // Method 1 = enumerated. Others have a profile, which is not needed to compare faces.
                b"colr" if found.content.first() == Some(&1) => {
                    colour.sycc |= u32_at(found.content, 3) == Some(SYCC);
                }
                _ => {}
            }
            header = found.rest;
        }
        Ok(colour)
    }

    /// Channels of the decoded picture: 1 or 3.
    pub(super) fn channels(&self, components: usize) -> Result<usize, PhotoError> {
        let Some(palette) = self.palette else { return Ok(components) };
        // Behind the header (8 or 16 bytes): entries (2 bytes), columns (1), one depth per column.
        let content = next(palette)?.content;
        match content {
            [_, _, 1, 7, ..] if components == 1 => Ok(1),
            [_, _, 3, 7, 7, 7, ..] if components == 1 => Ok(3),
            _ => Err(PhotoError::Layout),
        }
    }

    /// The smallest file that tells the decoder these colours; `None` when the codestream says it all.
    pub(super) fn wrap(&self, codestream: &[u8], channels: usize) -> Option<Vec<u8>> {
        if self.palette.is_none() && !(self.sycc && channels == 3) {
            return None;
        }
        let space = match channels {
            1 => 17,
            _ if self.sycc => SYCC,
            _ => 16,
        };
        let specification = [&[1, 0, 0][..], &space.to_be_bytes()].concat();
        let header = [
            &put(*b"colr", &specification)[..],
            self.palette.unwrap_or_default(),
            self.mapping.filter(|_| self.palette.is_some()).unwrap_or_default(),
        ]
        .concat();
        let file = [
            &SIGNATURE[..],
            &put(*b"ftyp", b"jp2 \0\0\0\0jp2 "),
            &put(*b"jp2h", &header),
            &put(*b"jp2c", codestream),
        ];
        Some(file.concat())
    }
}

fn put(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(8 + content.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes()[..], &kind, content].concat()
}

/// The box at the start of `bytes`. Its length is in 4 bytes, in 8 more (1), or reaches to the end (0). A codestream that
/// claims more than there is reaches to the end too: its own markers say where it ends.
fn next(bytes: &[u8]) -> Result<Box<'_>, PhotoError> {
    let short = u32_at(bytes, 0).ok_or(PhotoError::NotJpeg2000)?;
    let kind = bytes.get(4..8).ok_or(PhotoError::NotJpeg2000)?;
    let (length, start) = match short {
        0 => (bytes.len(), 8),
        1 => {
            let long =
                bytes.get(8..16).and_then(<[u8]>::first_chunk).map(|b| u64::from_be_bytes(*b));
            let long = long.ok_or(PhotoError::NotJpeg2000)?;
            (usize::try_from(long).unwrap_or(usize::MAX), 16)
        }
        length => (length as usize, 8),
    };
    let end = if kind == b"jp2c" { length.min(bytes.len()) } else { length };
    if end < start || end > bytes.len() {
        return Err(PhotoError::NotJpeg2000);
    }
    let (whole, rest) = bytes.split_at(end);
    Ok(Box { kind, whole, content: &whole[start..], rest })
}
