//! The two encodings of the interface.

use crate::error::ParseError;
use encoding_rs::{EncoderResult, SHIFT_JIS};
use quick_xml::Reader;
use quick_xml::events::Event;

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

    /// Encodes `text`; what the encoding lacks becomes `●` and is returned, each character once.
    pub(crate) fn encode(self, text: &str) -> (Vec<u8>, Vec<char>) {
        match self {
            Self::Utf8 => (text.as_bytes().to_vec(), Vec::new()),
            Self::ShiftJis => encode_shift_jis(text),
        }
    }
}

/// Text of a file by its XML declaration (UTF-8 without one, XML 1.0 section 4.3.3).
pub(crate) fn decode(bytes: &[u8]) -> Result<(String, Encoding), ParseError> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return Ok((utf8(rest)?, Encoding::Utf8));
    }
    match declared(bytes)? {
        Encoding::Utf8 => Ok((utf8(bytes)?, Encoding::Utf8)),
        Encoding::ShiftJis => SHIFT_JIS
            .decode_without_bom_handling_and_without_replacement(bytes)
            .map(|text| (text.into_owned(), Encoding::ShiftJis))
            .ok_or(ParseError::Undecodable { declared: "Shift_JIS" }),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, ParseError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| ParseError::Undecodable { declared: "UTF-8" })
}

fn declared(bytes: &[u8]) -> Result<Encoding, ParseError> {
    // The declaration is ASCII in both encodings and far shorter than this.
    let start = &bytes[..bytes.len().min(256)];
    if !start.starts_with(b"<?xml") {
        return Ok(Encoding::Utf8);
    }
    let end = start.windows(2).position(|pair| pair == b"?>").ok_or(ParseError::Encoding)?;
    let declaration = std::str::from_utf8(&start[..end + 2]).map_err(|_| ParseError::Encoding)?;
    let Ok(Event::Decl(declaration)) = Reader::from_str(declaration).read_event() else {
        return Err(ParseError::Encoding);
    };
    match declaration.encoding() {
        None => Ok(Encoding::Utf8),
        Some(Ok(label)) => Encoding::from_label(&label).ok_or(ParseError::Encoding),
        Some(Err(_)) => Err(ParseError::Encoding),
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
            EncoderResult::Unmappable(character) => {
                bytes.extend_from_slice(&SHIFT_JIS.encode(LOST.encode_utf8(&mut [0; 4])).0);
                if !lost.contains(&character) {
                    lost.push(character);
                }
            }
        }
    }
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
        assert_eq!(decode(&wrong), Err(ParseError::Undecodable { declared: "Shift_JIS" }));
        assert_eq!(decode(b"<a>\xFF</a>"), Err(ParseError::Undecodable { declared: "UTF-8" }));
        assert_eq!(decode(b"\xEF\xBB\xBF<a/>").unwrap().0, "<a/>");
    }
}
