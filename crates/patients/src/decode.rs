//! The bytes of an export as text: UTF-8 with or without a byte order mark, or CP932, which Japanese Windows writes.

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};
use zeroize::Zeroizing;

/// `None`: neither. UTF-16 is not taken: it has a zero byte, which no text has.
pub(crate) fn decode(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let rest = Encoding::for_bom(bytes)
        .map_or(Some(bytes), |(encoding, length)| (encoding == UTF_8).then(|| &bytes[length..]))?;
    if rest.contains(&0) {
        return None;
    }
    let text = match std::str::from_utf8(rest) {
        Ok(text) => text.to_owned(),
        Err(_) if rest.len() < bytes.len() => return None,
        Err(_) => SHIFT_JIS.decode_without_bom_handling_and_without_replacement(rest)?.into_owned(),
    };
    Some(Zeroizing::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_8_and_cp932_are_taken_and_nothing_else() {
        let text = "患者番号,﨑髙①\r\n";
        let (cp932, _, lossy) = SHIFT_JIS.encode(text);
        assert!(!lossy);
        let with_mark = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        for bytes in [text.as_bytes(), &cp932, &with_mark] {
            assert_eq!(decode(bytes).unwrap().as_str(), text);
        }
        let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [b"\xFF\xFE", &utf_16[..]].concat();
        for bytes in [&utf_16[..], &marked, b"\xEF\xBB\xBF\x8A", b"\x8A", b"\xFD\xFE", b"a\0b"] {
            assert!(decode(bytes).is_none());
        }
    }
}
