//! Typed text in the form of the folder interface: digits, Latin letters and hyphens half width.

/// Trims blanks (U+3000 too) and turns full-width ASCII and every kind of hyphen into ASCII. `ー`
/// is a hyphen behind a digit, Latin letter or bracket only: in a kana word it is a sound.
#[must_use]
pub fn half_width(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in composed(text.trim()).chars() {
        let after_latin = out.ends_with(|c: char| c.is_ascii_alphanumeric() || c == ')');
        out.push(match c {
            '\u{3000}' => ' ',
            'ー' | 'ｰ' if after_latin => '-',
            _ if is_hyphen(c) => '-',
            '\u{FF01}'..='\u{FF5E}' => {
                // The full-width block repeats ASCII from `!` on in the same order.
                char::from_u32(u32::from(c) - 0xFF01 + 0x21).unwrap_or(c)
            }
            _ => c,
        });
    }
    out
}

/// Hyphens, dashes, minus signs and the lines of tables: keyboards and copied text have any of them.
fn is_hyphen(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' | '\u{02D7}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{207B}'
                | '\u{208B}'
                | '\u{2212}'
                | '\u{2500}'
                | '\u{2501}'
                | '\u{2796}'
                | '\u{2E3A}'
                | '\u{2E3B}'
                | '\u{30A0}'
                | '\u{FE58}'
                | '\u{FE63}'
                | '\u{FF0D}'
    )
}

/// The text with every kana and its mark in one character, as forms and files have it; some keyboards type them
/// apart. Nothing else is composed: the normal form of Unicode would change characters of names.
pub(crate) fn composed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let half = match c {
            '\u{3099}' => 'ﾞ',
            '\u{309A}' => 'ﾟ',
            _ => {
                out.push(c);
                continue;
            }
        };
        match out.pop() {
            Some(kana @ 'ｦ'..='ﾝ') => out.extend([kana, half]),
            Some(kana) => match unicode_normalization::char::compose(kana, c) {
                Some(one) => out.push(one),
                None => out.extend([kana, c]),
            },
            None => out.push(c),
        }
    }
    out
}

/// The text for comparing with another, not for showing: compatibility forms (full and half width,
/// half-width kana with their marks) made one, blanks dropped, every hyphen one, letters upper case.
pub(crate) fn comparable(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    // The marks that stand alone would become a blank and a mark.
    let marks = |c| match c {
        '\u{309B}' | '\u{FF9E}' => '\u{3099}',
        '\u{309C}' | '\u{FF9F}' => '\u{309A}',
        other => other,
    };
    let text: String = half_width(text).chars().map(marks).nfkc().collect();
    half_width(&text).chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

/// Whether the text has a character that no field takes: controls, and what XML 1.0 refuses.
pub(crate) fn has_unprintable(text: &str) -> bool {
    text.chars().any(|c| c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}' | '\u{FFFD}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_of_writing_compare_alike() {
        for (one, other) in [
            ("練０１―２３", "練01-23"),
            ("ｶﾞｷﾞ", "ガギ"),
            ("カ\u{3099}", "ガ"),
            ("カ゛", "ガ"),
            ("ﾊﾟ", "パ"),
            ("ａｂｃ", "ABC"),
            ("12 34", "1234"),
            ("１２ー３４", "12−34"),
        ] {
            assert_eq!(comparable(one), comparable(other), "{one} {other}");
        }
        assert_ne!(comparable("カ"), comparable("ガ"));
    }

    #[test]
    fn latin_becomes_half_width_and_kana_stays() {
        for (typed, expected) in [
            ("　０１１３００１２ ", "01130012"),
            ("１２－３４", "12-34"),
            ("１２ー３４", "12-34"),
            ("12‐3−4—5", "12-3-4-5"),
            // The lines of tables, which input methods offer for a hyphen.
            ("12─3━4‑5", "12-3-4-5"),
            ("１２ｰ３", "12-3"),
            ("練０１ー２３", "練01-23"),
            ("センター１", "センター1"),
            ("Ａｂ　ｃ", "Ab c"),
            ("12˗3⁻4➖5", "12-3-4-5"),
            ("（０３）ー１２", "(03)-12"),
            ("カ\u{3099}ハ\u{309A}", "ガパ"),
            ("ｶ\u{3099}は\u{3099}", "ｶﾞば"),
            ("祐\u{3099}", "祐\u{3099}"),
            ("", ""),
        ] {
            assert_eq!(half_width(typed), expected, "{typed}");
        }
        assert!(has_unprintable("a\u{7}") && !has_unprintable("𠮷髙"));
    }
}
