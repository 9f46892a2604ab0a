//! What is known about a person, and how that compares with what a file tells: the one table of it.

use checkin::birth::Birth;
use checkin::eligibility::{Eligibility, Qualification};
use checkin::number::{Numbers, is_elderly, same_number, same_symbol};
use patients::compare::{Compared, names, readings};
use zeroize::Zeroizing;

/// What is known about somebody; the birth date always. No `Debug`: it names people.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Birth date.
    pub birth: Birth,
    /// Name in kanji or letters, where it is known.
    pub name: Option<Zeroizing<String>>,
    /// Reading in kana, where it is known.
    pub kana: Option<Zeroizing<String>>,
    /// Numbers of the insurance, where they are known.
    pub numbers: Option<Numbers>,
    /// The clinic's patient list has several who may be this person.
    pub doubtful: bool,
}

/// How somebody who waits compares with whom a file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Somebody else, or nothing but the birth date tells.
    Not,
    /// Perhaps: staff may know.
    May,
    /// The same, in everything that tells people apart.
    Same,
}

/// How the numbers of two insurances compare.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Insured {
    Unknown,
    /// Other numbers: another person, or an insurance that has changed.
    Differently,
    /// The same but for the 枝番: two of one household.
    Together,
    /// The same, and one of the two has no 枝番.
    Household,
    /// The same in everything: one person has them alone.
    Alike,
}

impl Person {
    /// Of a person about whom nothing but the birth date is known.
    #[must_use]
    pub fn born(birth: Birth) -> Self {
        Self { birth, name: None, kana: None, numbers: None, doubtful: false }
    }

    /// Whom a file is about. `None`: it names nobody, or people born on different days.
    #[must_use]
    pub fn of(answer: &Eligibility) -> Option<Self> {
        let first = answer.qualifications.first()?;
        let one = answer.qualifications.iter().all(|q| q.birth == first.birth);
        let text = |text: &String| (!text.trim().is_empty()).then(|| text.clone().into());
        one.then(|| Self {
            birth: first.birth,
            name: text(&first.name),
            kana: text(&first.name_kana),
            numbers: numbers(first),
            doubtful: false,
        })
    }

    /// How this person, who waits, compares with whom a file is about.
    ///
    /// | known | [`Fit::Same`] | [`Fit::May`] |
    /// |---|---|---|
    /// | birth date | equal, a day of the calendar | can be the same |
    /// | name | the same; with ● only where the numbers decide | but for one letter, or with ● |
    /// | kana | the same, or not known on one side | but for one letter; the same under another name |
    /// | numbers | decide alone if they are one person's own and nothing else differs; others than these only where name and kana are both the same | a household's |
    #[must_use]
    pub fn compare(&self, file: &Self) -> Fit {
        if !self.birth.may_be(file.birth) {
            return Fit::Not;
        }
        let both = |one: &Option<Zeroizing<String>>,
                    other: &Option<Zeroizing<String>>,
                    how: fn(&str, &str) -> Option<Compared>| {
            one.as_ref().zip(other.as_ref()).and_then(|(one, other)| how(one, other))
        };
        let name = both(&self.name, &file.name, names);
        let kana = both(&self.kana, &file.kana, readings);
        let insured = self.insured_as(file);
        let certain = !self.doubtful && self.birth == file.birth && self.birth.date().is_some();
        match (is_same(name, kana, insured), may_be_same(name, kana, insured)) {
            (true, _) if certain => Fit::Same,
            (true, _) | (_, true) => Fit::May,
            (false, false) => Fit::Not,
        }
    }

    /// Whether both files are about one person, who used the reader twice.
    #[must_use]
    pub fn is_again(&self, other: &Self) -> bool {
        self.compare(other) == Fit::Same && self.insured_as(other) == Insured::Alike
    }

    fn insured_as(&self, other: &Self) -> Insured {
        let Some((one, other)) = self.numbers.as_ref().zip(other.numbers.as_ref()) else {
            return Insured::Unknown;
        };
        let insurer = |text: &str| text.trim().trim_start_matches('0').to_owned();
        let same = insurer(&one.insurer_number) == insurer(&other.insurer_number)
            && same_symbol(&one.symbol, &other.symbol)
            && same_number(&one.number, &other.number);
        match (&one.branch, &other.branch) {
            _ if !same => Insured::Differently,
            (Some(one), Some(other)) if one == other => Insured::Alike,
            (Some(_), Some(_)) => Insured::Together,
            _ if is_elderly(&one.insurer_number) => Insured::Alike,
            _ => Insured::Household,
        }
    }
}

fn numbers(q: &Qualification) -> Option<Numbers> {
    // 医療扶助 may have none, and nobody is told apart by an empty one.
    let there = !q.number.trim().is_empty() && !q.insurer_number.trim().is_empty();
    there.then(|| Numbers {
        insurer_number: q.insurer_number.clone(),
        symbol: q.symbol.clone(),
        number: q.number.clone(),
        branch: q.branch.clone(),
        birth: q.birth,
    })
}

fn is_same(name: Option<Compared>, kana: Option<Compared>, insured: Insured) -> bool {
    use Compared::{ButForCircles, Same};
    // With ● no name tells: twins may be read alike and differ by the very letter that it stands for.
    let by_numbers = insured == Insured::Alike && matches!(name, None | Some(Same | ButForCircles));
    let by_name = name == Some(Same)
        && match insured {
            Insured::Together => false,
            Insured::Differently => kana == Some(Same),
            Insured::Unknown | Insured::Household | Insured::Alike => true,
        };
    matches!(kana, None | Some(Same)) && (by_numbers || by_name)
}

fn may_be_same(name: Option<Compared>, kana: Option<Compared>, insured: Insured) -> bool {
    use Compared::{ButForOne, Different, Same};
    match (name, kana) {
        (Some(Different), kana) => kana == Some(Same),
        (Some(Same), Some(Different)) => true,
        (_, Some(Different)) => false,
        (None, None) => !matches!(insured, Insured::Unknown | Insured::Differently),
        (Some(_), _) | (_, Some(Same | Compared::ButForCircles | ButForOne)) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Date;

    fn person(name: &str, kana: &str) -> Person {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned().into());
        let birth = Date::constant(1980, 2, 17).into();
        Person { name: text(name), kana: text(kana), ..Person::born(birth) }
    }

    fn insured(person: Person, insurer: &str, number: &str, branch: Option<&str>) -> Person {
        let (symbol, birth) = ("2113".into(), person.birth);
        let (insurer_number, number) = (insurer.into(), number.into());
        let branch = branch.map(str::to_owned);
        Person {
            numbers: Some(Numbers { insurer_number, symbol, number, branch, birth }),
            ..person
        }
    }

    #[test]
    fn name_and_kana_tell_people_apart() {
        let file = person("山田　翔", "ﾔﾏﾀﾞ ｼｮｳ");
        for (name, kana, expected) in [
            ("山田　翔", "", Fit::Same),
            ("山田翔", "ヤマダ　シヨウ", Fit::Same),
            ("山田●", "やまだ しょう", Fit::May),
            ("山田●", "", Fit::May),
            ("山田　翔太", "", Fit::May),
            ("山田　翔", "ヤマダ　カケル", Fit::May),
            ("佐藤　花子", "ヤマダ　ショウ", Fit::May),
            ("佐藤　花子", "サトウ　ハナコ", Fit::Not),
            ("佐藤　花子", "", Fit::Not),
            ("", "ヤマダ　ショウ", Fit::May),
            ("", "サトウ　ハナコ", Fit::Not),
            ("", "", Fit::Not),
        ] {
            assert_eq!(person(name, kana).compare(&file), expected, "{name} {kana}");
        }
        let listed_twice =
            Person { doubtful: true, ..person("山田　翔", "ヤマダ　ショウ") };
        assert_eq!(listed_twice.compare(&file), Fit::May);
        let later = Person { birth: Date::constant(1980, 2, 18).into(), ..file.clone() };
        assert_eq!(later.compare(&file), Fit::Not);
        let unknown = Person { birth: Birth::parse("19800200").unwrap(), ..file.clone() };
        assert_eq!(unknown.compare(&file), Fit::May, "a day that is not known decides nothing");
    }

    #[test]
    fn numbers_decide_where_one_person_has_them_alone() {
        let typed = |branch| insured(person("", ""), "01130012", "1048", branch);
        let file = |branch| insured(person("山田　翔", "ﾔﾏﾀﾞ ｼｮｳ"), "  130012", "1048", branch);
        let same = |one: &Person, other: &Person| one.compare(other);
        let padded = insured(person("", ""), " 01130012", "01048", Some("01"));
        assert_eq!(same(&padded, &insured(file(None), "01130012", "1048", Some("01"))), Fit::Same);
        assert_eq!(same(&typed(Some("01")), &file(Some("02"))), Fit::Not, "other insurers");
        let file = |branch| insured(person("山田　翔", "ﾔﾏﾀﾞ ｼｮｳ"), "01130012", "1048", branch);
        assert_eq!(same(&typed(Some("01")), &file(Some("01"))), Fit::Same);
        assert_eq!(same(&typed(Some("01")), &file(Some("02"))), Fit::May, "twins");
        assert_eq!(same(&typed(None), &file(Some("01"))), Fit::May);
        let elderly = |person| insured(person, "39131156", "12345678", None);
        assert_eq!(same(&elderly(person("", "")), &elderly(file(None))), Fit::Same);
        let circled = insured(person("山田●", ""), "01130012", "1048", Some("01"));
        assert_eq!(same(&circled, &file(Some("01"))), Fit::Same);
        // The insurance has changed since the clinic saw it last.
        let known = insured(person("山田　翔", "ヤマダ　ショウ"), "06132013", "7", Some("00"));
        assert_eq!(same(&known, &file(Some("01"))), Fit::Same);
        let without_kana = insured(person("山田　翔", ""), "06132013", "7", Some("00"));
        assert_eq!(same(&without_kana, &file(Some("01"))), Fit::May);
        let twin = insured(person("山田　翔", "ヤマダ　ショウ"), "01130012", "1048", Some("02"));
        assert_eq!(same(&twin, &file(Some("01"))), Fit::May);
        assert!(file(Some("01")).is_again(&file(Some("01"))));
        assert!(!file(Some("01")).is_again(&file(Some("02"))) && !file(None).is_again(&file(None)));
    }
}
