//! Names and kana for comparing, not for showing.

use crate::variants::usual;
use checkin::circle::CIRCLE;
use unicode_normalization::UnicodeNormalization as _;

/// A name without blanks, in one width, each character in its usual form, letters upper case.
pub(crate) fn name(text: &str) -> Vec<char> {
    let written = text.nfkc().filter(|c| !c.is_whitespace() && !selects_variation(*c));
    written.flat_map(char::to_uppercase).map(usual).collect()
}

/// Kana of any width as full-width katakana, without blanks; small ones large, because many programs write no small ones, and
/// every line that may stand for a long sound one.
pub(crate) fn kana(text: &str) -> Vec<char> {
    // The marks that stand alone would become a blank and a mark.
    let marks = text.chars().map(|c| match c {
        '\u{309B}' | '\u{FF9E}' => '\u{3099}',
        '\u{309C}' | '\u{FF9F}' => '\u{309A}',
        other => other,
    });
    let marks: String = marks.collect();
    let kana = marks.nfkc().filter(|c| !c.is_whitespace() && *c != '・');
    kana.flat_map(char::to_uppercase).map(|c| large(katakana(c))).collect()
}

fn katakana(c: char) -> char {
    match c {
        // The two blocks have the same order.
        '\u{3041}'..='\u{3096}' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => 'ー',
        _ => c,
    }
}

fn large(c: char) -> char {
    match c {
        'ァ' => 'ア',
        'ィ' => 'イ',
        'ゥ' => 'ウ',
        'ェ' => 'エ',
        'ォ' => 'オ',
        'ッ' => 'ツ',
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        'ヮ' => 'ワ',
        'ヵ' => 'カ',
        'ヶ' => 'ケ',
        _ => c,
    }
}

/// Standardised and ideographic variation selectors.
fn selects_variation(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// How two names compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alike {
    /// The same; ● is any one character.
    Same,
    /// But for one character: another one, one more or one less.
    ButForOne,
    /// Neither.
    Not,
}

pub(crate) fn alike(one: &[char], other: &[char]) -> Alike {
    let agree = |(a, b): &(&char, &char)| a == b || **a == CIRCLE || **b == CIRCLE;
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    // Nothing is like nothing: a name that is not there says nothing.
    if short.is_empty() || long.len() - short.len() > 1 {
        return Alike::Not;
    }
    let before = short.iter().zip(long).take_while(agree).count();
    if before == long.len() {
        return Alike::Same;
    }
    let shorter = if short.len() == long.len() { before + 1 } else { before };
    let (rest, others) = (&short[shorter..], &long[before + 1..]);
    if rest.iter().zip(others).all(|pair| agree(&pair)) { Alike::ButForOne } else { Alike::Not }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_however_they_are_written() {
        let same = |one, other| alike(&name(one), &name(other));
        for (one, other) in [
            ("髙﨑　齋藤", "高崎斎藤"),
            ("渡邊 花子", "渡辺花子"),
            ("渡邉　花子", "渡辺　花子"),
            ("𠮷田　太郎", "吉田太郎"),
            ("葛\u{e0101}城", "葛城"),
            ("神田", "神田"),
            ("ＳＭＩＴＨ　ＪＯＨＮ", "Smith John"),
            ("山田●郎", "山田太郎"),
            ("●●", "林進"),
        ] {
            assert_eq!(same(one, other), Alike::Same, "{one} {other}");
        }
        for (one, other) in [
            ("山田太郎", "山田大郎"),
            ("山田太", "山田太郎"),
            ("山太郎", "山田太郎"),
            ("田太郎", "山田太郎"),
            ("斉藤　一", "斎藤　一"),
        ] {
            assert_eq!(same(one, other), Alike::ButForOne, "{one} {other}");
            assert_eq!(same(other, one), Alike::ButForOne, "{other} {one}");
        }
        for (one, other) in
            [("山田太郎", "山本次郎"), ("", ""), ("", "林"), ("山田太郎", "田太郎山")]
        {
            assert_eq!(same(one, other), Alike::Not, "{one} {other}");
        }
    }

    #[test]
    fn kana_are_alike_in_every_width() {
        for (one, other) in [
            ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ　タロウ"),
            ("やまだ　たろう", "ヤマダタロウ"),
            ("ｻﾄｳ ｷﾖｳｺ", "サトウ　キョウコ"),
            ("オ−ノ", "ｵｰﾉ"),
            ("カ゛", "ガ"),
        ] {
            assert_eq!(kana(one), kana(other), "{one} {other}");
        }
        assert_ne!(kana("カ"), kana("ガ"));
    }
}
