//! Readings of words, as やさしい日本語 has them: 置《お》いてください.

/// A part of a sentence.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    /// As it stands there.
    pub(crate) words: &'a str,
    /// How it is read, where that is said.
    pub(crate) reading: Option<&'a str>,
}

/// Whether a text has any.
pub(crate) trait HasReadings {
    /// `true`: at least one.
    fn has_readings(&self) -> bool;
}

impl HasReadings for String {
    fn has_readings(&self) -> bool {
        self.contains('《')
    }
}

/// A reading belongs to the characters right before it that are no kana, digits or signs.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('《') {
        let Some((reading, after)) = after.split_once('》') else { break };
        let run: usize =
            before.chars().rev().take_while(|c| is_kanji(*c)).map(char::len_utf8).sum();
        let (plain, word) = before.split_at(before.len() - run);
        if !plain.is_empty() {
            pieces.push(Piece { words: plain, reading: None });
        }
        if !word.is_empty() {
            pieces.push(Piece { words: word, reading: Some(reading) });
        }
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece { words: rest, reading: None });
    }
    pieces
}

/// 漢字 and the sign that repeats one.
const fn is_kanji(c: char) -> bool {
    matches!(c, '々' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_stands_over_its_word_alone() {
        let read = |text| -> Vec<(&str, Option<&str>)> {
            pieces(text).into_iter().map(|piece| (piece.words, piece.reading)).collect()
        };
        assert_eq!(
            read("カードを置《お》いてください"),
            [("カードを", None), ("置", Some("お")), ("いてください", None)]
        );
        assert_eq!(
            read("保険証《ほけんしょう》・人々《ひとびと》"),
            [("保険証", Some("ほけんしょう")), ("・", None), ("人々", Some("ひとびと"))]
        );
        assert_eq!(read("3割《わり》"), [("3", None), ("割", Some("わり"))]);
        assert_eq!(read("かな《かな》だけ"), [("かな", None), ("だけ", None)]);
        assert_eq!(read("《"), [("《", None)]);
    }
}
