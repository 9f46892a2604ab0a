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

/// Whether the text has a character that no field takes: controls, and what XML 1.0 refuses.
pub(crate) fn has_unprintable(text: &str) -> bool {
    text.chars().any(|c| c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}' | '\u{FFFD}'))
}

#[cfg(test)]
mod tests {
    use super::*;

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
