//! 照合番号B as a form: birth era and date, expiry year and security code of the card front.

use super::date_entry::year_digits;
use super::digits::Digits;
use protocol::Action;
use protocol::action::{Era, PrintedCode};
use protocol::screen::CodeProblem;
use worker_messages::CardNumbers;

/// Fields in the order in which they are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    /// Year within the era, 1 or 2 digits; 4 with 西暦.
    EraYear,
    /// Month, 1 or 2 digits.
    Month,
    /// Day, 1 or 2 digits.
    Day,
    /// Gregorian expiry year, 4 digits.
    ExpiryYear,
    /// Security code, 4 digits.
    SecurityCode,
}

impl Field {
    /// All of them.
    pub(crate) const ALL: [Self; 5] =
        [Self::EraYear, Self::Month, Self::Day, Self::ExpiryYear, Self::SecurityCode];

    /// Name for tests and styles.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::EraYear => "era_year",
            Self::Month => "month",
            Self::Day => "day",
            Self::ExpiryYear => "expiry_year",
            Self::SecurityCode => "security_code",
        }
    }

    /// Most digits that fit.
    fn digits(self, era: Era) -> usize {
        match self {
            Self::EraYear => year_digits(era),
            Self::Month | Self::Day => 2,
            Self::ExpiryYear | Self::SecurityCode => 4,
        }
    }

    /// The one after it.
    pub(crate) fn next(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }

    /// Whether `typed` cannot grow any more, so that typing goes on in the next field.
    fn is_settled(self, typed: &Digits) -> bool {
        let first_of_two = (typed.len() == 1).then(|| typed.value()).flatten();
        typed.is_full()
            || match self {
                Self::Month => first_of_two.is_some_and(|value| value >= 2),
                Self::Day => first_of_two.is_some_and(|value| value >= 4),
                Self::EraYear => typed.max() == 2 && first_of_two.is_some_and(|value| value >= 7),
                Self::ExpiryYear | Self::SecurityCode => false,
            }
    }

    /// Whether `typed` can be right at all.
    fn accepts(self, typed: &Digits, era: Era) -> bool {
        let Some(value) = typed.value() else { return false };
        match self {
            Self::EraYear if era == Era::Gregorian => {
                typed.len() == 2 || (1868..=2099).contains(&value)
            }
            Self::EraYear => (1..=64).contains(&value),
            // 00 = not known to the register.
            Self::Month => typed.is_full() && value == 0 || (1..=12).contains(&value),
            Self::Day => typed.is_full() && value == 0 || (1..=31).contains(&value),
            Self::ExpiryYear => (2000..=2099).contains(&value),
            Self::SecurityCode => typed.is_full(),
        }
    }
}

/// What has been typed so far. Wiped when dropped.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CodeForm {
    /// Birth era; most patients were born in 昭和.
    pub(crate) era: Era,
    /// Where the next digit goes.
    pub(crate) current: Field,
    /// The person chose the keys instead of the camera, and stays there when the card was away.
    pub(crate) by_hand: bool,
    typed: [Digits; 5],
}

impl Default for CodeForm {
    fn default() -> Self {
        Self {
            era: Era::Showa,
            current: Field::EraYear,
            by_hand: false,
            typed: Field::ALL.map(|field| Digits::new(field.digits(Era::Showa))),
        }
    }
}

impl CodeForm {
    /// What was read from the card front; `None` unless all of it can be right.
    pub(crate) fn filled(read: &CardNumbers) -> Option<Self> {
        let mut form = Self { era: read.era, current: Field::SecurityCode, ..Self::default() };
        for field in Field::ALL {
            let digits = match field {
                Field::EraYear => &read.era_year,
                Field::Month => &read.month,
                Field::Day => &read.day,
                Field::ExpiryYear => &read.expiry_year,
                Field::SecurityCode => &read.security_code,
            };
            form.typed[field as usize].replace(digits.expose());
        }
        let is_possible = read.era != Era::Gregorian && form.first_wrong().is_none();
        is_possible.then_some(form)
    }

    /// Another way to count the years. A year of four digits is no year of an era: it is typed again.
    pub(crate) fn pick(&mut self, era: Era) {
        if year_digits(era) != year_digits(self.era) {
            self.typed[Field::EraYear as usize] = Digits::new(year_digits(era));
            self.current = Field::EraYear;
        }
        self.era = era;
    }

    /// What was typed into a field.
    pub(crate) fn typed(&self, field: Field) -> &Digits {
        &self.typed[field as usize]
    }

    /// A digit key: fills the current field and moves on when it is settled.
    pub(crate) fn push(&mut self, digit: char) {
        let field = self.current;
        if self.typed[field as usize].is_full() {
            self.typed[field as usize].clear();
        }
        self.typed[field as usize].push(digit);
        self.move_on_if_settled(field);
    }

    /// Delete key: takes the last digit, going back to the field before when the current one is empty.
    pub(crate) fn pop(&mut self) {
        if !self.typed[self.current as usize].pop() && self.current != Field::EraYear {
            self.current = Field::ALL[self.current as usize - 1];
            self.typed[self.current as usize].pop();
        }
    }

    /// Typed directly into a field.
    pub(crate) fn replace(&mut self, field: Field, text: &str) {
        self.current = field;
        self.typed[field as usize].replace(text);
    }

    /// Empties every field.
    pub(crate) fn clear(&mut self) {
        let era = self.era;
        *self = Self::default();
        self.pick(era);
    }

    /// First field that is missing or cannot be right.
    pub(crate) fn first_wrong(&self) -> Option<Field> {
        Field::ALL.into_iter().find(|field| !field.accepts(self.typed(*field), self.era))
    }

    /// The message, when everything can be right.
    pub(crate) fn to_action(&self) -> Option<Action> {
        self.first_wrong().is_none().then(|| {
            Action::Code(PrintedCode {
                era: self.era,
                era_year: self.typed(Field::EraYear).to_wire(),
                month: self.typed(Field::Month).to_wire(),
                day: self.typed(Field::Day).to_wire(),
                expiry_year: self.typed(Field::ExpiryYear).to_wire(),
                security_code: self.typed(Field::SecurityCode).to_wire(),
            })
        })
    }

    fn move_on_if_settled(&mut self, field: Field) {
        if field.is_settled(&self.typed[field as usize]) {
            self.current = field.next().unwrap_or(field);
        }
    }
}

/// Field that a refusal is about; `None` when it is about all of them.
pub(crate) fn field_of(problem: CodeProblem) -> Option<Field> {
    match problem {
        CodeProblem::BirthDate => Some(Field::EraYear),
        CodeProblem::ExpiryYear => Some(Field::ExpiryYear),
        CodeProblem::Wrong { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Redacted;

    fn typed(keys: &str) -> CodeForm {
        let mut form = CodeForm::default();
        keys.chars().for_each(|key| form.push(key));
        form
    }

    #[test]
    fn foreign_residents_type_the_year_of_their_card() {
        let mut form = CodeForm::default();
        form.pick(Era::Gregorian);
        "1960051220302285".chars().for_each(|key| form.push(key));
        assert_eq!(
            Field::ALL.map(|field| form.typed(field).expose()),
            ["1960", "05", "12", "2030", "2285"]
        );
        assert!(form.to_action().is_some());
        form.replace(Field::EraYear, "60");
        assert!(form.to_action().is_some(), "two digits, as the number on the card has them");
        form.clear();
        assert_eq!((form.era, form.typed(Field::EraYear).max()), (Era::Gregorian, 4));
        form.pick(Era::Showa);
        assert_eq!(form.typed(Field::EraYear).max(), 2);
    }

    #[test]
    fn one_run_of_keys_fills_every_field() {
        let form = typed("55021720352285");
        assert_eq!(
            Field::ALL.map(|field| form.typed(field).expose()),
            ["55", "02", "17", "2035", "2285"]
        );
        assert!(form.to_action().is_some());
    }

    #[test]
    fn what_was_read_stands_there_as_if_typed() {
        let read = |era, [era_year, month, day, expiry_year, security_code]: [&str; 5]| {
            let [era_year, month, day, expiry_year, security_code] =
                [era_year, month, day, expiry_year, security_code]
                    .map(|digits| Redacted::new(digits.to_owned()));
            let numbers = CardNumbers { era, era_year, month, day, expiry_year, security_code };
            CodeForm::filled(&numbers)
        };
        let form = read(Era::Heisei, ["1", "2", "17", "2035", "0285"]).unwrap();
        assert_eq!(form.era, Era::Heisei);
        assert_eq!(
            Field::ALL.map(|field| form.typed(field).expose()),
            ["1", "2", "17", "2035", "0285"]
        );
        assert!(form.to_action().is_some());
        assert!(read(Era::Heisei, ["1", "13", "17", "2035", "0285"]).is_none());
        assert!(read(Era::Gregorian, ["1", "2", "17", "2035", "0285"]).is_none());
        assert!(read(Era::Heisei, ["1", "2", "17", "2035", "28"]).is_none());
    }

    #[test]
    fn single_digits_that_cannot_grow_move_on() {
        let form = typed("952035");
        assert_eq!(Field::ALL.map(|field| form.typed(field).expose()), ["9", "5", "20", "35", ""]);
        assert_eq!(form.current, Field::ExpiryYear);
    }

    #[test]
    fn deleting_goes_back_over_fields() {
        let mut form = typed("551");
        form.pop();
        form.pop();
        assert_eq!(
            (form.current, form.typed(Field::EraYear).expose()),
            (Field::EraYear, "5".to_owned())
        );
        form.pop();
        form.pop();
        assert_eq!(form.current, Field::EraYear);
    }

    #[test]
    fn the_first_impossible_field_is_named() {
        assert_eq!(typed("").first_wrong(), Some(Field::EraYear));
        let mut form = typed("55021720352285");
        form.replace(Field::Month, "13");
        assert_eq!(form.first_wrong(), Some(Field::Month));
        form.replace(Field::Month, "12");
        form.replace(Field::ExpiryYear, "35");
        assert_eq!(form.first_wrong(), Some(Field::ExpiryYear));
        assert_eq!(form.to_action(), None);
    }

    #[test]
    fn a_full_field_starts_over() {
        let mut form = typed("55021720352285");
        form.push('9');
        assert_eq!(form.typed(Field::SecurityCode).expose(), "9");
    }
}
