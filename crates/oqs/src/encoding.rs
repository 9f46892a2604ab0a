//! The two encodings of the interface.

use crate::error::{ParseError, ParseErrorKind};
use encoding_rs::{EncoderResult, SHIFT_JIS};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::borrow::Cow;

/// Replacement for a character that the encoding lacks, as the national system itself does.
const LOST: char = '●';

/// Encoding of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    Utf8,
    /// `Shift_JIS` with Microsoft's extensions (code page 932).
    ShiftJis,
}

impl Encoding {
    /// Name in the XML declaration.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::ShiftJis => "Shift_JIS",
        }
    }

    /// `CharacterCodeIdentifier` as the terminal writes it. One table in circulation counts from
    /// 1 instead, so readers go by the XML declaration.
    pub(crate) fn identifier(self) -> &'static str {
        match self {
            Self::Utf8 => "0",
            Self::ShiftJis => "1",
        }
    }

    fn from_label(label: &str) -> Option<Self> {
        const UTF_8: [&str; 2] = ["utf-8", "utf8"];
        const SHIFT_JIS: [&str; 7] =
            ["shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms932", "cp932"];
        let is = |name: &&str| name.eq_ignore_ascii_case(label);
        if UTF_8.iter().any(is) {
            Some(Self::Utf8)
        } else if SHIFT_JIS.iter().any(is) {
            Some(Self::ShiftJis)
        } else {
            None
        }
    }

    /// What the encoding lacks of `text`, each character once.
    pub(crate) fn lacks(self, text: &str) -> Vec<char> {
        if text.is_ascii() { Vec::new() } else { self.encode(text).1 }
    }

    /// Encodes `text`; what the encoding lacks becomes `●` and is returned, each character once.
    pub(crate) fn encode(self, text: &str) -> (Vec<u8>, Vec<char>) {
        match self {
            Self::Utf8 => (text.as_bytes().to_vec(), Vec::new()),
            Self::ShiftJis => encode_shift_jis(text),
        }
    }
}

/// Longest XML declaration that is looked for.
const DECLARATION: usize = 256;

/// Text of a file by its XML declaration (UTF-8 without one, XML 1.0 section 4.3.3), without byte
/// order mark and blanks in front.
pub(crate) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), ParseError> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return Ok((Cow::Borrowed(utf8(rest.trim_ascii_start())?), Encoding::Utf8));
    }
    let bytes = bytes.trim_ascii_start();
    let encoding = declared(bytes).map_err(ParseError::whole)?;
    let text = match encoding {
        Encoding::Utf8 => Cow::Borrowed(utf8(bytes)?),
        Encoding::ShiftJis => shift_jis(bytes).ok_or_else(|| {
            let cut = bytes.split_last().is_some_and(|(_, most)| shift_jis(most).is_some());
            undecodable(cut, "Shift_JIS")
        })?,
    };
    Ok((text, encoding))
}

fn utf8(bytes: &[u8]) -> Result<&str, ParseError> {
    std::str::from_utf8(bytes)
        .map_err(|error| undecodable(error.error_len().is_none(), Encoding::Utf8.label()))
}

fn shift_jis(bytes: &[u8]) -> Option<Cow<'_, str>> {
    SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes)
}

/// `cut`: only in the middle of the last character.
fn undecodable(cut: bool, declared: &'static str) -> ParseError {
    ParseError::whole(if cut {
        ParseErrorKind::EndsEarly
    } else {
        ParseErrorKind::Undecodable { declared }
    })
}

fn declared(bytes: &[u8]) -> Result<Encoding, ParseErrorKind> {
    // The declaration is ASCII in both encodings and far shorter than this.
    let start = &bytes[..bytes.len().min(DECLARATION)];
    if !start.starts_with(b"<?xml") {
        return Ok(Encoding::Utf8);
    }
    let Some(end) = start.windows(2).position(|pair| pair == b"?>") else {
        return Err(match bytes.len() {
            ..DECLARATION => ParseErrorKind::EndsEarly,
            _ => ParseErrorKind::Encoding,
        });
    };
    let declaration = std::str::from_utf8(&start[..end + 2]);
    let declaration = declaration.map_err(|_| ParseErrorKind::Encoding)?;
    let Ok(Event::Decl(declaration)) = Reader::from_str(declaration).read_event() else {
        return Err(ParseErrorKind::Encoding);
    };
    match declaration.encoding() {
        None => Ok(Encoding::Utf8),
        Some(Ok(label)) => Encoding::from_label(&label).ok_or(ParseErrorKind::Encoding),
        Some(Err(_)) => Err(ParseErrorKind::Encoding),
    }
}

fn encode_shift_jis(text: &str) -> (Vec<u8>, Vec<char>) {
    let text: String = text.chars().map(same_glyph).collect();
    let mut encoder = SHIFT_JIS.new_encoder();
    let mut bytes = Vec::with_capacity(text.len());
    let mut lost = Vec::new();
    let mut rest = text.as_str();
    loop {
        bytes.reserve(rest.len() * 2 + 16);
        let (result, read) =
            encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut bytes, true);
        rest = &rest[read..];
        match result {
            EncoderResult::InputEmpty => return (bytes, lost),
            EncoderResult::OutputFull => {}
            EncoderResult::Unmappable(character) if own(character).is_some() => {
                bytes.extend(own(character).into_iter().flatten());
            }
            EncoderResult::Unmappable(character) => {
                bytes.extend_from_slice(&SHIFT_JIS.encode(LOST.encode_utf8(&mut [0; 4])).0);
                if !lost.contains(&character) {
                    lost.push(character);
                }
            }
        }
    }
}

/// Code page 932 of a character that a clinic has made itself (外字): U+E000 to U+E757 lie from F040 to
/// F9FC. The decoder reads them; the encoder of browsers does not write them.
fn own(character: char) -> Option<[u8; 2]> {
    let number = u32::from(character).checked_sub(0xE000).filter(|number| *number <= 0x757)?;
    let [lead, trail] = [number / 188, number % 188].map(u8::try_from);
    let (lead, trail) = (lead.ok()?, trail.ok()?);
    Some([0xF0 + lead, trail + if trail < 0x3F { 0x40 } else { 0x41 }])
}

/// Characters that JIS X 0208 has under another code point in Microsoft's table. Yen sign and
/// overline would turn into `\` and `~` otherwise.
fn same_glyph(character: char) -> char {
    match character {
        '\u{301C}' => '\u{FF5E}', // wave dash
        '\u{2016}' => '\u{2225}', // double vertical line
        '\u{2014}' => '\u{2015}', // dash
        '\u{2212}' => '\u{FF0D}', // minus
        '\u{A2}' => '\u{FFE0}',   // cent
        '\u{A3}' => '\u{FFE1}',   // pound
        '\u{A5}' => '\u{FFE5}',   // yen
        '\u{AC}' => '\u{FFE2}',   // not
        '\u{203E}' => '\u{FFE3}', // overline
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_character_becomes_a_circle_and_is_told_once() {
        let (bytes, lost) = Encoding::ShiftJis.encode("𠮷田😀𠮷　髙﨑〜¥?");
        assert_eq!(lost, ['𠮷', '😀']);
        let (text, _, errors) = SHIFT_JIS.decode(&bytes);
        assert!(!errors);
        assert_eq!(text, "●田●●　髙﨑～￥?");
    }

    #[test]
    fn characters_of_a_clinics_own_come_back() {
        let all: String = ('\u{E000}'..='\u{E757}').collect();
        let (bytes, lost) = Encoding::ShiftJis.encode(&all);
        assert_eq!(
            (lost, &bytes[..2], &bytes[bytes.len() - 2..]),
            (vec![], &[0xF0, 0x40][..], &[0xF9, 0xFC][..])
        );
        assert_eq!(shift_jis(&bytes).as_deref(), Some(all.as_str()));
        assert_eq!(Encoding::ShiftJis.encode("\u{E758}").1, ['\u{E758}']);
    }

    #[track_caller]
    fn check(head: &[u8], expected: Option<Encoding>) {
        assert_eq!(declared(head).ok(), expected);
    }

    #[test]
    fn the_declaration_decides() {
        check(b"<a/>", Some(Encoding::Utf8));
        check(b"<?xml version='1.0' encoding='sHIFT_jis'?><a/>", Some(Encoding::ShiftJis));
        check(b"<?xml version=\"1.0\" encoding=\"windows-31j\"?>", Some(Encoding::ShiftJis));
        check(b"<?xml version=\"1.0\"?>", Some(Encoding::Utf8));
        check(b"<?xml version=\"1.0\" encoding=\"EUC-JP\"?>", None);
        check(b"<?xml version=\"1.0\" encoding=\"UTF-16\"?>", None);
        check(b"<?xml version=\"1.0\"", None);
        check(b"<?xml encoding=?>", None);
    }

    #[test]
    fn wrong_bytes_are_refused_not_replaced() {
        let head = b"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><a>".to_vec();
        let wrong = [head.as_slice(), b"\x82</a>"].concat();
        let kind = |bytes: &[u8]| decode(bytes).unwrap_err().kind;
        assert_eq!(kind(&wrong), ParseErrorKind::Undecodable { declared: "Shift_JIS" });
        assert_eq!(kind(b"<a>\xFF</a>"), ParseErrorKind::Undecodable { declared: "UTF-8" });
        assert_eq!(kind(&wrong[..wrong.len() - 4]), ParseErrorKind::EndsEarly);
        assert_eq!(kind(b"<a>\xE3\x81"), ParseErrorKind::EndsEarly);
        assert_eq!(kind(b"<?xml versi"), ParseErrorKind::EndsEarly);
        assert_eq!(decode(b"\xEF\xBB\xBF<a/>").unwrap().0, "<a/>");
    }
}
