use super::*;
use crate::era::Era;
use jiff::civil::date;

const TODAY: Date = Date::constant(2026, 11, 23);

fn typed() -> TypedNumbers {
    TypedNumbers {
        insurer_number: "01130012".into(),
        symbol: "2113".into(),
        number: "1048".into(),
        branch: "01".into(),
        birth: TypedDate { era: Era::Showa, year: 59, month: 5, day: 12 },
    }
}

#[track_caller]
fn refused(typed: &TypedNumbers, field: Field, problem: FieldProblem) {
    assert_eq!(typed.check(TODAY), Err(FieldError { field, problem }));
}

#[test]
fn full_width_becomes_the_form_of_the_interface() {
    let wide = TypedNumbers {
        insurer_number: " ０１１３００１２".into(),
        symbol: "　練０１－２３ ".into(),
        number: "１０４ー８".into(),
        branch: "０１".into(),
        ..typed()
    };
    let numbers = wide.check(TODAY).unwrap();
    assert_eq!(numbers.insurer_number, "01130012");
    assert_eq!(numbers.symbol, "練01-23");
    assert_eq!(numbers.number, "104-8");
    assert_eq!(numbers.branch.as_deref(), Some("01"));
    assert_eq!(numbers.birth, date(1984, 5, 12));
}

#[test]
fn insurer_numbers() {
    for right in ["33120015", "01130012", "138016", "39131016", "77777779"] {
        assert_eq!(check_insurer_number(right).as_deref(), Ok(right));
    }
    assert_eq!(check_insurer_number("00138016").as_deref(), Ok("138016"));
    for (wrong, problem) in [
        ("", FieldProblem::Empty),
        ("　", FieldProblem::Empty),
        ("13801a", FieldProblem::NotDigits),
        ("1380166", FieldProblem::WrongLength),
        ("013801600", FieldProblem::WrongLength),
        ("138017", FieldProblem::CheckDigit),
        ("33120016", FieldProblem::CheckDigit),
        ("10130012", FieldProblem::CheckDigit),
        ("77777777", FieldProblem::CheckDigit),
    ] {
        assert_eq!(check_insurer_number(wrong), Err(Field::InsurerNumber.is(problem)), "{wrong}");
    }
}

/// Every wrong digit is found, and every two that are swapped, but for 0 and 9.
#[test]
fn the_check_digit_finds_slips() {
    for right in ["33120015", "01130012", "138016", "39131016"] {
        let digits: Vec<u8> = right.bytes().collect();
        for at in 0..digits.len() {
            for wrong in (b'0'..=b'9').filter(|digit| *digit != digits[at]) {
                let mut slip = digits.clone();
                slip[at] = wrong;
                assert!(!check_digit_is_right(std::str::from_utf8(&slip).unwrap()), "{slip:?}");
            }
        }
        for at in 1..digits.len() {
            let mut swapped = digits.clone();
            swapped.swap(at - 1, at);
            let silent = swapped == digits
                || [[b'0', b'9'], [b'9', b'0']].contains(&[digits[at - 1], digits[at]]);
            assert_eq!(
                check_digit_is_right(std::str::from_utf8(&swapped).unwrap()),
                silent,
                "{right} {at}"
            );
        }
    }
}

#[test]
fn symbol_and_number_have_at_most_20_characters() {
    let twenty = "１".repeat(20);
    let long = "1".repeat(21);
    let fits = TypedNumbers { symbol: twenty.clone(), number: twenty, ..typed() };
    assert_eq!(fits.check(TODAY).unwrap().number, "1".repeat(20));
    let most = FieldProblem::TooLong { most: 20 };
    refused(&TypedNumbers { symbol: long.clone(), ..typed() }, Field::Symbol, most);
    refused(&TypedNumbers { number: long, ..typed() }, Field::Number, most);
    let empty = TypedNumbers { symbol: String::new(), ..typed() };
    assert_eq!(empty.check(TODAY).unwrap().symbol, "");
    let none = TypedNumbers { number: "　".into(), ..typed() };
    refused(&none, Field::Number, FieldProblem::Empty);
    let odd = TypedNumbers { number: "12番".into(), ..typed() };
    refused(&odd, Field::Number, FieldProblem::Characters);
    let control = TypedNumbers { symbol: "1\u{0}2".into(), ..typed() };
    refused(&control, Field::Symbol, FieldProblem::Characters);
}

#[test]
fn a_branch_has_two_digits_or_is_missing() {
    let branch = |branch: &str| TypedNumbers { branch: branch.into(), ..typed() };
    assert_eq!(branch(" ").check(TODAY).unwrap().branch, None);
    assert_eq!(branch("００").check(TODAY).unwrap().branch.as_deref(), Some("00"));
    assert_eq!(branch("１").check(TODAY).unwrap().branch.as_deref(), Some("01"));
    refused(&branch("001"), Field::Branch, FieldProblem::WrongLength);
    refused(&branch("0a"), Field::Branch, FieldProblem::NotDigits);
}

#[test]
fn elderly_insurance_has_eight_digits_and_nothing_else() {
    let elderly = TypedNumbers {
        insurer_number: "39131016".into(),
        symbol: String::new(),
        number: "12345678".into(),
        branch: String::new(),
        ..typed()
    };
    assert!(elderly.check(TODAY).is_ok());
    let none = FieldProblem::TooLong { most: 0 };
    refused(&TypedNumbers { symbol: "1".into(), ..elderly.clone() }, Field::Symbol, none);
    refused(&TypedNumbers { branch: "01".into(), ..elderly.clone() }, Field::Branch, none);
    let short = TypedNumbers { number: "1234567".into(), ..elderly.clone() };
    refused(&short, Field::Number, FieldProblem::WrongLength);
    let letter = TypedNumbers { number: "1234567a".into(), ..elderly };
    refused(&letter, Field::Number, FieldProblem::NotDigits);
}

#[test]
fn birth_dates_are_days_up_to_today() {
    let born = |era, year, month, day| TypedNumbers {
        birth: TypedDate { era, year, month, day },
        ..typed()
    };
    assert_eq!(born(Era::Reiwa, 8, 11, 23).check(TODAY).unwrap().birth, TODAY);
    assert_eq!(born(Era::Showa, 64, 1, 7).check(TODAY).unwrap().birth, date(1989, 1, 7));
    let birth = Field::BirthDate;
    refused(&born(Era::Reiwa, 8, 11, 24), birth, FieldProblem::FutureDate);
    refused(&born(Era::Reiwa, 7, 2, 30), birth, FieldProblem::NoSuchDate);
    refused(&born(Era::Heisei, 32, 1, 1), birth, FieldProblem::NoSuchDate);
    refused(&born(Era::Showa, 59, 5, 0), birth, FieldProblem::Empty);
    refused(&born(Era::Reiwa, 0, 0, 0), birth, FieldProblem::Empty);
}

#[test]
fn nothing_typed_is_printed() {
    let numbers = typed().check(TODAY).unwrap();
    assert_eq!(format!("{:?}{numbers:?}", typed()), "<redacted><redacted>");
    let error = Field::Number.is(FieldProblem::TooLong { most: 20 });
    assert_eq!(error.to_string(), "Number takes at most 20 characters");
}
