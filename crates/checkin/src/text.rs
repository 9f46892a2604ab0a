//! Typed text in the form of the folder interface: digits, Latin letters and hyphens half width.

/// Trims blanks (U+3000 too) and turns full-width ASCII and every kind of hyphen into ASCII. `ー`
/// is a hyphen behind a digit or Latin letter only: in a kana word it is a sound.
#[must_use]
pub fn half_width(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        let after_latin = out.ends_with(|c: char| c.is_ascii_alphanumeric());
        out.push(match c {
            '\u{3000}' => ' ',
            'ー' | 'ｰ' if after_latin => '-',
            '\u{2010}'..='\u{2015}'
            | '\u{2043}'
            | '\u{2212}'
            | '\u{2500}'
            | '\u{2501}'
            | '\u{FE58}'
            | '\u{FE63}'
            | '\u{FF0D}' => '-',
            '\u{FF01}'..='\u{FF5E}' => {
                // The full-width block repeats ASCII from `!` on in the same order.
                char::from_u32(u32::from(c) - 0xFF01 + 0x21).unwrap_or(c)
            }
            _ => c,
        });
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
            ("", ""),
        ] {
            assert_eq!(half_width(typed), expected, "{typed}");
        }
        assert!(has_unprintable("a\u{7}") && !has_unprintable("𠮷髙"));
    }
}
