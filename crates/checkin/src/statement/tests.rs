use super::*;
use jiff::civil::date;

const TODAY: Date = Date::constant(2026, 11, 23);

/// A form with everything filled.
pub(crate) fn typed() -> TypedStatement {
    TypedStatement {
        reason: Reason::NotRegisteredYet,
        insurance: Insurance::Work,
        insurer: "練習健康保険組合".into(),
        employer: "練習商事株式会社".into(),
        since: TypedDate { era: Era::Reiwa, year: 8, month: 10, day: 0 },
        share_percent: Some(30),
        name: "　髙橋　𠮷子 ".into(),
        name_kana: "タカハシ　ヨシコ".into(),
        birth: TypedDate { era: Era::Showa, year: 59, month: 5, day: 12 },
        sex: Sex::Female,
        address: "東京都練習区受付町一丁目２番３号".into(),
        phone: "０３－１２３４－５６７８".into(),
        no_phone: false,
    }
}

#[track_caller]
fn refused(typed: &TypedStatement, field: Field, problem: FieldProblem) {
    assert_eq!(typed.check(TODAY).err(), Some(FieldError { field, problem }));
}

#[test]
fn a_whole_form_is_taken_over() {
    let statement = typed().check(TODAY).unwrap();
    assert_eq!(statement.name, "髙橋　𠮷子");
    assert_eq!(statement.phone.as_deref(), Some("03-1234-5678"));
    assert_eq!(statement.birth, date(1984, 5, 12));
    assert_eq!(statement.since, Some(Since { era: Era::Reiwa, year: 8, month: Some(10) }));
    assert_eq!(statement.date, TODAY);
    assert_eq!(format!("{statement:?}{:?}", typed()), "<redacted><redacted>");
}

#[test]
fn what_a_person_may_not_know_can_stay_empty() {
    let least = TypedStatement {
        insurance: Insurance::Unknown,
        insurer: " ".into(),
        employer: String::new(),
        since: TypedDate { year: 0, month: 0, ..typed().since },
        share_percent: None,
        name_kana: "　".into(),
        phone: String::new(),
        no_phone: true,
        ..typed()
    };
    let statement = least.check(TODAY).unwrap();
    let unknown = (statement.insurer, statement.employer, statement.since, statement.phone);
    assert_eq!(unknown, (None, None, None, None));
    assert_eq!((statement.share_percent, statement.name_kana), (None, None));
}

#[test]
fn needed_fields_are_named() {
    let empty = FieldProblem::Empty;
    refused(&TypedStatement { name: "　".into(), ..typed() }, Field::Name, empty);
    refused(&TypedStatement { address: String::new(), ..typed() }, Field::Address, empty);
    refused(&TypedStatement { phone: " ".into(), ..typed() }, Field::Phone, empty);
    let birth = TypedDate { year: 0, month: 0, day: 0, ..typed().birth };
    refused(&TypedStatement { birth, ..typed() }, Field::BirthDate, empty);
}

#[test]
fn texts_are_bounded() {
    let name = |n| TypedStatement { name: "長".repeat(n), ..typed() };
    assert!(name(100).check(TODAY).is_ok());
    refused(&name(101), Field::Name, FieldProblem::TooLong { most: 100 });
    let address = |n| TypedStatement { address: "町".repeat(n), ..typed() };
    assert!(address(200).check(TODAY).is_ok());
    refused(&address(201), Field::Address, FieldProblem::TooLong { most: 200 });
    let control = TypedStatement { employer: "練習\n商事".into(), ..typed() };
    refused(&control, Field::Employer, FieldProblem::Characters);
}

#[test]
fn months_exist_in_their_era_and_have_begun() {
    let since = |era, year, month| TypedStatement {
        since: TypedDate { era, year, month, day: 99 },
        ..typed()
    };
    for right in [
        since(Era::Heisei, 31, 4),
        since(Era::Heisei, 31, 99),
        since(Era::Reiwa, 1, 5),
        since(Era::Showa, 64, 1),
        since(Era::Heisei, 1, 1),
        since(Era::Reiwa, 8, 11),
        since(Era::Reiwa, 8, 0),
    ] {
        assert!(right.check(TODAY).is_ok());
    }
    let no_such = FieldProblem::NoSuchDate;
    let taken = |era, year, month| since(era, year, month).check(TODAY).unwrap().since.unwrap();
    let named = |era, year| Since { era, year, month: Some(5) };
    assert_eq!(taken(Era::Heisei, 31, 5), named(Era::Reiwa, 1), "the era had ended");
    assert_eq!(taken(Era::Reiwa, 1, 4), Since { month: Some(4), ..named(Era::Heisei, 31) });
    assert_eq!(taken(Era::Gregorian, 19, 5), named(Era::Gregorian, 2019));
    assert_eq!(taken(Era::Showa, 64, 1).era, Era::Showa, "it lies in both");
    refused(&since(Era::Heisei, 32, 5), Field::Since, no_such);
    refused(&since(Era::Reiwa, 0, 4), Field::Since, no_such);
    refused(&since(Era::Reiwa, 7, 13), Field::Since, no_such);
    refused(&since(Era::Reiwa, 8, 12), Field::Since, FieldProblem::FutureDate);
    refused(&since(Era::Reiwa, 9, 0), Field::Since, FieldProblem::FutureDate);
}

#[test]
fn phones() {
    let phone = |phone: &str| TypedStatement { phone: phone.into(), ..typed() };
    for right in [
        "0312345678",
        "090-1234-5678",
        "(03) 1234-5678",
        "０９０ー１２３４ー５６７８",
        "+82 2-123-4567",
    ] {
        assert!(phone(right).check(TODAY).is_ok(), "{right}");
    }
    refused(&phone("12345678901"), Field::Phone, FieldProblem::WrongLength);
    refused(&phone("03-1234-567"), Field::Phone, FieldProblem::WrongLength);
    refused(&phone("+1234567"), Field::Phone, FieldProblem::WrongLength);
    refused(&phone("03-1234-56かな"), Field::Phone, FieldProblem::NotDigits);
    refused(&phone("03+12345678"), Field::Phone, FieldProblem::Characters);
    refused(&phone(&"0".repeat(31)), Field::Phone, FieldProblem::TooLong { most: 30 });
}

#[test]
fn kana_and_shares() {
    let kana = |kana: &str| TypedStatement { name_kana: kana.into(), ..typed() };
    for right in [
        "たかはし よしこ",
        "ﾀｶﾊｼ ﾖｼｺ",
        "ヴァン・ゴッホ",
        "ワンダー",
        "みすゞ",
        "SMITH, John-Paul",
        "ＳＭＩＴＨ",
        "MÜLLER",
    ] {
        assert_eq!(kana(right).check(TODAY).unwrap().name_kana.as_deref(), Some(right));
    }
    let apart = kana("タカ\u{3099}ワ").check(TODAY).unwrap();
    assert_eq!(apart.name_kana.as_deref(), Some("タガワ"));
    for wrong in ["高橋", "たかはし1", "たかはし様"] {
        refused(&kana(wrong), Field::NameKana, FieldProblem::Characters);
    }
    for wrong in [0, 15, 100] {
        let share = TypedStatement { share_percent: Some(wrong), ..typed() };
        refused(&share, Field::Share, FieldProblem::Characters);
    }
}
