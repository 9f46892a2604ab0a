//! `●` in names: a character that the insurer's register or the transport lacks arrives as `●`. Such
//! a name is normal, claims with it pass, and the kana tell how it is read (ministry guidance on ●).

use crate::text::{composed, has_unprintable};
use std::fmt;

/// What stands for a lost character.
pub const CIRCLE: char = '●';

/// Where a name has lost characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circles {
    /// Positions in characters from 1, family and given name counted together with the blank
    /// between them, in ascending order; never empty.
    pub positions: Vec<usize>,
    /// Whether kana are there to accept the name by.
    pub has_kana: bool,
}

impl Circles {
    /// Looks for lost characters; `None` if the name is whole.
    #[must_use]
    pub fn of(name: &str, name_kana: &str) -> Option<Self> {
        let circled = |(at, c): (usize, char)| (c == CIRCLE).then_some(at + 1);
        let positions: Vec<_> = name.chars().enumerate().filter_map(circled).collect();
        let readable = |c: char| !c.is_whitespace() && c != CIRCLE;
        let has_kana = name_kana.chars().any(readable);
        (!positions.is_empty()).then_some(Self { positions, has_kana })
    }
}

/// A name as the system sent it, and as staff know it. Claims may carry either.
#[derive(Clone, PartialEq, Eq)]
pub struct CompletedName {
    /// With `●`.
    pub sent: String,
    /// With the known characters in their places.
    pub completed: String,
}

/// Why a name was not completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CircleError {
    /// One character for every `●`.
    #[error("the name has {expected} ●: enter as many characters")]
    Number {
        /// How many `●` the name has.
        expected: usize,
    },
    /// A blank, a control or `●` itself.
    #[error("enter the character that belongs in the place of ●")]
    Character,
}

impl CompletedName {
    /// Puts the known characters in the places of `●`, in order. A variation selector belongs to the character before it: names
    /// of the 戸籍 have forms that nothing else tells apart.
    ///
    /// # Errors
    /// [`CircleError`].
    pub fn new(sent: &str, known: &str) -> Result<Self, CircleError> {
        let expected = sent.chars().filter(|c| *c == CIRCLE).count();
        let known = &composed(known);
        let starts = known.char_indices().filter(|(_, c)| !selects_variation(*c)).map(|(at, _)| at);
        let starts: Vec<_> = starts.collect();
        if starts.len() != expected || expected == 0 {
            return Err(CircleError::Number { expected });
        }
        let wrong = |c: char| c == CIRCLE || c.is_whitespace();
        if known.chars().any(wrong)
            || known.starts_with(selects_variation)
            || has_unprintable(known)
        {
            return Err(CircleError::Character);
        }
        let ends = starts.iter().copied().skip(1).chain([known.len()]);
        let characters = starts.iter().zip(ends).map(|(start, end)| &known[*start..end]);
        let mut completed = String::with_capacity(sent.len() + known.len());
        for (between, character) in sent.split(CIRCLE).zip(characters.chain([""])) {
            completed += between;
            completed += character;
        }
        Ok(Self { sent: sent.to_owned(), completed })
    }
}

/// Standardised and ideographic variation selectors.
fn selects_variation(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

impl fmt::Debug for CompletedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        let circles = Circles::of("𠮷●　●子", "ﾖｼｻﾞｷ ﾊﾙｺ").unwrap();
        assert_eq!((circles.positions, circles.has_kana), (vec![2, 4], true));
        assert!(!Circles::of("●", " 　").unwrap().has_kana);
        assert!(!Circles::of("●", "●").unwrap().has_kana);
        assert_eq!(Circles::of("受付　太郎", ""), None);
        assert_eq!(Circles::of("", ""), None);
    }

    #[test]
    fn known_characters_take_their_places() {
        let name = CompletedName::new("●﨑　●子", "𠮷春").unwrap();
        assert_eq!((name.sent.as_str(), name.completed.as_str()), ("●﨑　●子", "𠮷﨑　春子"));
        assert_eq!(format!("{name:?}"), "<redacted>");
        let refused = |sent, known, error| {
            assert_eq!(CompletedName::new(sent, known), Err(error), "{known}");
        };
        refused("●﨑　●子", "𠮷", CircleError::Number { expected: 2 });
        refused("●﨑", "𠮷田", CircleError::Number { expected: 1 });
        let form = CompletedName::new("●●　●", "辻\u{e0100}辺春\u{fe00}").unwrap();
        assert_eq!(form.completed, "辻\u{e0100}辺　春\u{fe00}");
        let apart = CompletedName::new("●子", "タ\u{3099}").unwrap();
        assert_eq!(apart.completed, "ダ子");
        refused("山﨑", "", CircleError::Number { expected: 0 });
        for wrong in ["●", " ", "　", "\u{7}", "\u{fe00}春"] {
            refused("●﨑", wrong, CircleError::Character);
        }
    }
}
