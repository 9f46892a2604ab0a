//! Finding a practice card among many.

use protocol::practice::PracticeCard;

/// The cards whose story, name or identifier has every word that is wanted.
pub(super) fn matching(cards: Vec<PracticeCard>, wanted: &str) -> Vec<PracticeCard> {
    let wanted = folded(wanted);
    let words: Vec<&str> = wanted.split_whitespace().collect();
    let fits = |card: &PracticeCard| {
        let text = folded(&format!("{} {} {}", card.id, card.story, card.name));
        words.iter().all(|word| text.contains(word))
    };
    cards.into_iter().filter(fits).collect()
}

/// The same for full and half width, capitals, hiragana and katakana.
fn folded(text: &str) -> String {
    let moved = |c: char, from: char, to: char| {
        char::from_u32(u32::from(c) - u32::from(from) + u32::from(to)).unwrap_or(c)
    };
    let fold = |c| match c {
        '！'..='～' => moved(c, '！', '!'),
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => moved(c, 'ぁ', 'ァ'),
        _ => c,
    };
    text.chars().map(fold).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_be_there() {
        let card = |id: &str, story: &str| PracticeCard {
            id: id.to_owned(),
            story: story.to_owned(),
            name: "練習 花子".to_owned(),
            birth_printed: String::new(),
            expiry_year: 2030,
            security_code: String::new(),
            pin: None,
        };
        let cards =
            vec![card("pin-locked", "暗証番号がロックされている"), card("valid", "ふつうのカード")];
        let found = |wanted| {
            matching(cards.clone(), wanted).into_iter().map(|card| card.id).collect::<Vec<_>>()
        };
        assert_eq!(found("").len(), 2);
        assert_eq!(found("PIN"), ["pin-locked"]);
        assert_eq!(found("花子　ふつう"), ["valid"]);
        assert_eq!(found("ＰＩＮ　ろっく"), ["pin-locked"]);
    }
}
