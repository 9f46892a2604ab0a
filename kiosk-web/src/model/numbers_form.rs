//! The numbers of a document, as a form.

use super::date_entry::DateEntry;
use super::digits::ascii;
use protocol::action::{Era, PaperNumbers};
use protocol::screen::Field;
use protocol::{Action, Redacted};

/// A box for text or digits; the birth date has its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// 保険者番号.
    InsurerNumber,
    /// 記号.
    Symbol,
    /// 番号.
    Number,
    /// 枝番.
    Branch,
    /// 生年月日.
    Birth,
}

impl Place {
    /// The boxes with text, in the order of typing.
    pub(crate) const TEXTS: [Self; 4] =
        [Self::InsurerNumber, Self::Symbol, Self::Number, Self::Branch];

    /// Name for tests and styles.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::InsurerNumber => "insurer_number",
            Self::Symbol => "symbol",
            Self::Number => "number",
            Self::Branch => "branch",
            Self::Birth => "birth",
        }
    }

    /// Most characters that fit.
    pub(crate) fn longest(self) -> usize {
        match self {
            Self::InsurerNumber => 8,
            Self::Symbol | Self::Number => 20,
            Self::Branch | Self::Birth => 2,
        }
    }

    /// The box in which a field of the wire is typed.
    pub(crate) fn of(field: Field) -> Self {
        match field {
            Field::Symbol => Self::Symbol,
            Field::Number => Self::Number,
            Field::Branch => Self::Branch,
            Field::BirthDate => Self::Birth,
            _ => Self::InsurerNumber,
        }
    }

    /// The one after it.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::InsurerNumber => Self::Symbol,
            Self::Symbol => Self::Number,
            Self::Number => Self::Branch,
            Self::Branch | Self::Birth => Self::Birth,
        }
    }
}

/// What has been typed so far. The page's allocator wipes it when it is dropped.
#[derive(Clone, PartialEq)]
pub(crate) struct NumbersForm {
    /// Where the next digit goes.
    pub(crate) current: Place,
    /// 生年月日.
    pub(crate) birth: DateEntry,
    texts: [String; 4],
}

impl Default for NumbersForm {
    fn default() -> Self {
        Self {
            current: Place::InsurerNumber,
            birth: DateEntry::new(Era::Showa),
            texts: Default::default(),
        }
    }
}

impl NumbersForm {
    /// What was typed into a box; empty for the birth date.
    pub(crate) fn text(&self, place: Place) -> &str {
        self.texts.get(place as usize).map_or("", String::as_str)
    }

    /// Whether the 保険者番号 is one of 後期高齢者医療 (法別 39), whose papers say 被保険者番号 where others say 番号.
    pub(crate) fn is_elderly(&self) -> bool {
        let number = self.text(Place::InsurerNumber);
        ["39", "３９"].iter().any(|law| number.trim_start().starts_with(law))
    }

    /// Typed directly into a box; what does not fit is left out.
    pub(crate) fn replace(&mut self, place: Place, text: &str) {
        self.current = place;
        if let Some(now) = self.texts.get_mut(place as usize) {
            // 保険者番号 and 枝番 are digits; 記号 and 番号 go as typed, and the bridge turns widths and hyphens.
            let is_number = matches!(place, Place::InsurerNumber | Place::Branch);
            let half = |c| if is_number { ascii(c).map(char::from) } else { Some(c) };
            *now = text.chars().filter_map(half).take(place.longest()).collect();
        }
    }

    /// A digit key: numbers of a fixed length move on when they are full.
    pub(crate) fn push(&mut self, digit: char) {
        let place = self.current;
        match self.texts.get_mut(place as usize) {
            None => self.birth.push(digit),
            Some(text) => {
                let fixed = matches!(place, Place::InsurerNumber | Place::Branch);
                let full = text.chars().count() >= place.longest();
                if full && fixed {
                    text.clear();
                }
                if !full || fixed {
                    text.push(digit);
                }
                if fixed && text.chars().count() == place.longest() {
                    self.current = place.next();
                }
            }
        }
    }

    /// Delete key.
    pub(crate) fn pop(&mut self) {
        match self.texts.get_mut(self.current as usize) {
            None => self.birth.pop(),
            Some(text) => {
                text.pop();
            }
        }
    }

    /// Takes what staff typed; what they left empty stays as it is.
    pub(crate) fn take(&mut self, typed: &PaperNumbers) {
        let current = self.current;
        let texts = [&typed.insurer_number, &typed.symbol, &typed.number, &typed.branch];
        for (place, text) in Place::TEXTS.into_iter().zip(texts) {
            if !text.expose().trim().is_empty() {
                self.replace(place, text.expose());
            }
        }
        self.birth.take(&typed.birth);
        self.current = current;
    }

    /// For the wire; the bridge judges every field.
    pub(crate) fn to_action(&self) -> Action {
        let [insurer_number, symbol, number, branch] = self.texts.clone().map(Redacted::new);
        Action::Numbers(PaperNumbers {
            insurer_number,
            symbol,
            number,
            branch,
            birth: self.birth.to_wire(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::date_entry::Part;

    #[test]
    fn full_numbers_move_on_and_open_ones_do_not() {
        let mut form = NumbersForm::default();
        "01130012".chars().for_each(|digit| form.push(digit));
        assert_eq!((form.text(Place::InsurerNumber), form.current), ("01130012", Place::Symbol));
        "12".chars().for_each(|digit| form.push(digit));
        assert_eq!((form.text(Place::Symbol), form.current), ("12", Place::Symbol));
        form.current = Place::Branch;
        "0155".chars().for_each(|digit| form.push(digit));
        assert_eq!((form.text(Place::Branch), form.current), ("01", Place::Birth));
        assert_eq!(form.birth.typed(Part::Year).expose(), "55");
    }

    #[test]
    fn the_insurance_of_the_elderly_calls_its_number_otherwise() {
        let elderly = |number: &str| {
            let mut form = NumbersForm::default();
            form.replace(Place::InsurerNumber, number);
            form.is_elderly()
        };
        assert!(elderly("39131016") && elderly("３９") && elderly(" 39"));
        assert!(!elderly("3") && !elderly("01390012") && !elderly(""));
    }

    #[test]
    fn text_is_cut_where_it_does_not_fit() {
        let mut form = NumbersForm::default();
        form.replace(Place::Symbol, &"練".repeat(30));
        assert_eq!(form.text(Place::Symbol).chars().count(), 20);
        form.pop();
        assert_eq!(form.text(Place::Symbol).chars().count(), 19);
    }

    #[test]
    fn digits_of_a_japanese_keyboard_are_digits() {
        let mut form = NumbersForm::default();
        form.replace(Place::InsurerNumber, "０１１３００１２");
        form.replace(Place::Branch, "０１");
        form.replace(Place::Symbol, "１２－３");
        assert_eq!(form.text(Place::InsurerNumber), "01130012");
        assert_eq!((form.text(Place::Branch), form.text(Place::Symbol)), ("01", "１２－３"));
    }

    #[test]
    fn what_staff_typed_replaces_and_what_they_left_empty_stays() {
        let text = |text: &str| Redacted::new(text.to_owned());
        let date = |year: &str| protocol::action::EraDate {
            era: Era::Heisei,
            year: text(year),
            month: text(""),
            day: text(""),
        };
        let typed = |branch: &str, year: &str| PaperNumbers {
            insurer_number: text("０１１３００１２ and more"),
            symbol: text(" "),
            number: text("1048"),
            branch: text(branch),
            birth: date(year),
        };
        let mut form = NumbersForm::default();
        form.replace(Place::Symbol, "2113");
        form.replace(Place::Number, "9");
        "55".chars().for_each(|digit| form.birth.push(digit));
        form.take(&typed("", ""));
        let texts = Place::TEXTS.map(|place| form.text(place).to_owned());
        assert_eq!(texts, ["01130012", "2113", "1048", ""]);
        assert_eq!((form.current, form.birth.era), (Place::Number, Era::Showa));
        form.take(&typed("011", "4"));
        assert_eq!((form.text(Place::Branch), form.birth.era), ("01", Era::Heisei));
        assert_eq!(form.birth.typed(Part::Year).expose(), "4");
    }

    #[test]
    fn errors_lead_to_their_box() {
        assert_eq!(Place::of(Field::BirthDate), Place::Birth);
        assert_eq!(Place::of(Field::Number), Place::Number);
    }
}
