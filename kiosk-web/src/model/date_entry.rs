//! A date in a Japanese era, being typed digit by digit.

use super::digits::Digits;
use protocol::action::{Era, EraDate};

/// Part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Year within the era.
    Year,
    /// Month.
    Month,
    /// Day.
    Day,
}

impl Part {
    /// All of them, in the order of typing.
    pub(crate) const ALL: [Self; 3] = [Self::Year, Self::Month, Self::Day];

    /// Name for tests and styles.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
        }
    }

    /// Whether `typed` cannot grow any more, so that typing goes on in the next part.
    fn is_settled(self, typed: &Digits) -> bool {
        let least = match self {
            Self::Year => 7,
            Self::Month => 2,
            Self::Day => 4,
        };
        let grows = typed.max() > 2 || typed.value().is_none_or(|value| value < least);
        typed.is_full() || (typed.len() == 1 && !grows)
    }
}

/// Most digits of a year.
pub(crate) fn year_digits(era: Era) -> usize {
    if era == Era::Gregorian { 4 } else { 2 }
}

/// Era, year, month, day. Wiped when dropped.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DateEntry {
    /// Era; most patients were born in 昭和.
    pub(crate) era: Era,
    /// Where the next digit goes.
    pub(crate) current: Part,
    typed: [Digits; 3],
}

impl DateEntry {
    /// Nothing typed yet.
    pub(crate) fn new(era: Era) -> Self {
        let digits = |part| if part == Part::Year { year_digits(era) } else { 2 };
        Self { era, current: Part::Year, typed: Part::ALL.map(|part| Digits::new(digits(part))) }
    }

    /// Another way to count the years. A year of four digits is no year of an era: it is typed again.
    pub(crate) fn pick(&mut self, era: Era) {
        if year_digits(era) != year_digits(self.era) {
            self.typed[Part::Year as usize] = Digits::new(year_digits(era));
            self.current = Part::Year;
        }
        self.era = era;
    }

    /// What was typed into a part.
    pub(crate) fn typed(&self, part: Part) -> &Digits {
        &self.typed[part as usize]
    }

    /// A digit key. A full part starts over.
    pub(crate) fn push(&mut self, digit: char) {
        let typed = &mut self.typed[self.current as usize];
        if typed.is_full() {
            typed.clear();
        }
        typed.push(digit);
        if self.current.is_settled(typed) {
            let next = Part::ALL.get(self.current as usize + 1);
            self.current = next.copied().unwrap_or(self.current);
        }
    }

    /// Delete key: goes back to the part before when the current one is empty.
    pub(crate) fn pop(&mut self) {
        if !self.typed[self.current as usize].pop() && self.current != Part::Year {
            self.current = Part::ALL[self.current as usize - 1];
            self.typed[self.current as usize].pop();
        }
    }

    /// Typed directly into a part.
    pub(crate) fn replace(&mut self, part: Part, text: &str) {
        self.current = part;
        self.typed[part as usize].replace(text);
    }

    /// Empties all parts.
    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.era);
    }

    /// Whether nothing was typed.
    pub(crate) fn is_empty(&self) -> bool {
        self.typed.iter().all(|part| part.len() == 0)
    }

    /// Whether every part was typed.
    pub(crate) fn is_complete(&self) -> bool {
        self.typed.iter().all(|part| part.len() > 0)
    }

    /// A whole date that somebody else typed; one that they left empty changes nothing.
    pub(crate) fn take(&mut self, date: &EraDate) {
        if date.is_empty() {
            return;
        }
        *self = Self::new(date.era);
        for (part, text) in Part::ALL.into_iter().zip([&date.year, &date.month, &date.day]) {
            self.typed[part as usize].replace(text.expose());
        }
    }

    /// For the wire.
    pub(crate) fn to_wire(&self) -> EraDate {
        let [year, month, day] = Part::ALL.map(|part| self.typed(part).to_wire());
        EraDate { era: self.era, year, month, day }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gregorian_years_have_four_digits() {
        let mut date = DateEntry::new(Era::Showa);
        "55".chars().for_each(|digit| date.push(digit));
        date.pick(Era::Gregorian);
        "19600512".chars().for_each(|digit| date.push(digit));
        assert_eq!(Part::ALL.map(|part| date.typed(part).expose()), ["1960", "05", "12"]);
        date.pick(Era::Heisei);
        assert_eq!((date.typed(Part::Year).len(), date.current), (0, Part::Year));
    }

    #[test]
    fn a_run_of_digits_fills_the_parts() {
        let mut date = DateEntry::new(Era::Showa);
        "55217".chars().for_each(|digit| date.push(digit));
        let parts = Part::ALL.map(|part| date.typed(part).expose());
        assert_eq!(parts, ["55", "2", "17"]);
        assert!(date.is_complete() && !date.is_empty());
        date.pop();
        date.pop();
        date.pop();
        assert_eq!((date.current, date.typed(Part::Month).len()), (Part::Month, 0));
        date.clear();
        assert!(date.is_empty());
    }
}
