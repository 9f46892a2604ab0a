//! Two texts about a person, compared as the list compares them; for others who have to tell people apart.

use crate::letters::{Alike, alike, kana, name};
use checkin::circle::CIRCLE;

/// How two texts compare that are both there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// The same, letter by letter.
    Same,
    /// The same as far as is known: ● stands for a letter in one of them.
    ButForCircles,
    /// They differ by one letter.
    ButForOne,
    /// They differ.
    Different,
}

/// Two names in kanji or letters; old and new forms of a character are the same, blanks and width make no difference.
/// `None`: one of them is empty.
#[must_use]
pub fn names(one: &str, other: &str) -> Option<Compared> {
    compare(&name(one), &name(other))
}

/// Two readings in kana, of any width; small kana and long sounds make no difference. `None`: one of them is empty.
#[must_use]
pub fn readings(one: &str, other: &str) -> Option<Compared> {
    compare(&kana(one), &kana(other))
}

fn compare(one: &[char], other: &[char]) -> Option<Compared> {
    if one.is_empty() || other.is_empty() {
        return None;
    }
    let circled = one.contains(&CIRCLE) || other.contains(&CIRCLE);
    Some(match alike(one, other) {
        Alike::Same if circled => Compared::ButForCircles,
        Alike::Same => Compared::Same,
        Alike::ButForOne => Compared::ButForOne,
        Alike::Not => Compared::Different,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_makes_no_difference_and_a_circle_is_no_letter() {
        assert_eq!(names("髙﨑　齋藤", "高崎斎藤"), Some(Compared::Same));
        assert_eq!(names("山田●郎", "山田太郎"), Some(Compared::ButForCircles));
        assert_eq!(names("山田太郎", "山田次郎"), Some(Compared::ButForOne));
        assert_eq!(names("山田", "佐藤花子"), Some(Compared::Different));
        assert_eq!(names(" 　", "山田"), None);
        assert_eq!(readings("ｼｮｳｼﾞ ｷｮｳ", "しようじ きよう"), Some(Compared::Same));
        assert_eq!(readings("", "ア"), None);
    }
}
