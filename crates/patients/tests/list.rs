//! Exports as programs write them, and who is found in them.

#![expect(clippy::unwrap_used, reason = "a test may fail on the spot")]

use checkin::birth::Birth;
use checkin::eligibility::Sex;
use checkin::number::Numbers;
use checkin::patient::{CardOwner, Found};
use jiff::civil::{Date, date};
use patients::{Column, List, MOST_TOLD, Mapping, Problem, Read, ReadError, read};
use proptest::prelude::*;

const TODAY: Date = date(2026, 11, 29);

const EXPORT: &str = "\
患者番号,氏名,カナ氏名,生年月日,性別,保険者番号,記号,番号,枝番,次回予約
000123,高崎　辺子,ﾀｶｻｷ ﾅﾍﾞｺ,S55.2.17,2,01130012,21-13,0001048,01,2026/12/3 14:30
A-17,山田　太郎,やまだ　たろう,1990/01/05,男,138016,練01,77,00,
18,山田　次郎,ヤマダ　ジロウ,1990/01/05,男,138016,練01,77,01,
19,山田　次郎,ヤマダ　ジロウ,1990/01/05,M,,,,,
20,後期　花,ｺｳｷ ﾊﾅ,昭和20年3月1日,女,39131016,,12345678,,R8.12.1
";

fn csv(text: &str) -> Read {
    read(text.as_bytes(), &Mapping::default(), TODAY).unwrap()
}

fn birth(digits: &str) -> Birth {
    Birth::parse(digits).unwrap()
}

fn owner(name: &str, born: &str, sex: Sex) -> CardOwner {
    CardOwner { name: name.to_owned().into(), birth: birth(born), sex }
}

#[track_caller]
fn chart(found: Found) -> String {
    match found {
        Found::One(patient) => patient.chart.as_str().to_owned(),
        Found::Nobody => "nobody".into(),
        Found::Unsure => "unsure".into(),
    }
}

#[test]
fn an_export_is_read_whole() {
    let read = csv(EXPORT);
    assert_eq!((read.list.len(), read.refused, read.left_out), (5, 0, 0), "{:?}", read.wrong);
    assert_eq!((read.list.insured(), read.columns.len()), (4, Column::ALL.len()));
    let one = read.list.at("000123").unwrap();
    assert_eq!((one.reading(), one.next_appointment()), ("ﾀｶｻｷ ﾅﾍﾞｺ", Some("2026-12-03 14:30")));
    let numbers = one.known().numbers.unwrap();
    assert_eq!((numbers.symbol.as_str(), numbers.branch.as_deref()), ("21-13", Some("01")));
    assert_eq!(format!("{one:?} {:?}", one.insurance().unwrap()), "<redacted> <redacted>");
    let back = List::from_bytes(&read.list.to_bytes()).unwrap();
    assert!(back.at("000123") == read.list.at("000123") && back.len() == 5);
    for wrong in [&b""[..], b"\x02\x00", b"\x01\x05abc"] {
        assert!(List::from_bytes(wrong).is_err());
    }
}

#[test]
fn the_cards_owner_is_found_however_the_name_is_written() {
    let list = csv(EXPORT).list;
    let find = |name, born, sex| chart(list.find(&owner(name, born, sex)));
    assert_eq!(find("髙﨑　邉子", "19800217", Sex::Female), "000123");
    assert_eq!(find("●﨑　辺子", "19800217", Sex::Female), "000123");
    assert_eq!(find("高崎　辺美", "19800217", Sex::Female), "unsure");
    assert_eq!(find("高崎　邊美子", "19800217", Sex::Female), "unsure");
    assert_eq!(find("高崎　辺子", "19800217", Sex::NotSet), "unsure");
    assert_eq!(find("高崎　辺子", "19800217", Sex::Male), "nobody");
    assert_eq!(find("高崎　辺子", "19800218", Sex::Female), "nobody");
    assert_eq!(find("鈴木　一", "19800217", Sex::Female), "nobody");
    assert_eq!(find("", "19800217", Sex::Female), "nobody");
    // Twins; one of them is in the list twice.
    assert_eq!(find("山田　太郎", "19900105", Sex::Male), "A-17");
    assert_eq!(find("山田　次郎", "19900105", Sex::Male), "unsure");
    let fits = list.by_owner(&owner("山田　次郎", "19900105", Sex::Male));
    assert_eq!(fits.patients.iter().map(|one| one.chart()).collect::<Vec<_>>(), ["18", "19"]);
    assert_eq!(chart(List::default().find(&owner("山田", "19900105", Sex::Male))), "nobody");
}

#[test]
fn kana_and_numbers_find_with_the_birth_date_only() {
    let list = csv(EXPORT).list;
    let kana = |kana, born| chart(list.find_by_kana(kana, birth(born)));
    assert_eq!(kana("タカサキ　ナベコ", "19800217"), "000123");
    assert_eq!(kana("たかさき なべみ", "19800217"), "unsure");
    assert_eq!(kana("タカサキ　ナベコ", "19800218"), "nobody");
    // A day that is not known in full leaves it open.
    assert_eq!(kana("タカサキ　ナベコ", "19800200"), "unsure");
    let numbers = |insurer: &str, number: &str, branch: Option<&str>, born| {
        let (insurer_number, symbol) = (insurer.to_owned(), "練０１".to_owned());
        let symbol = if insurer.starts_with("39") { String::new() } else { symbol };
        let branch = branch.map(str::to_owned);
        let of =
            Numbers { insurer_number, symbol, number: number.into(), branch, birth: birth(born) };
        chart(list.find_by_numbers(&of))
    };
    assert_eq!(numbers("138016", "0077", Some("00"), "19900105"), "A-17");
    assert_eq!(numbers("138016", "77", Some("02"), "19900105"), "nobody");
    assert_eq!(numbers("138016", "77", None, "19900105"), "unsure", "twins share the rest");
    assert_eq!(numbers("39131016", "12345678", None, "19450301"), "20");
    assert_eq!(numbers("138016", "77", Some("00"), "19900106"), "nobody");
}

#[test]
fn one_wrong_row_does_not_lose_the_rest() {
    let text = "患者番号,氏名,生年月日,性別,保険者番号,番号,次回予約\r\n\
        1,練習　一,1980/1/1,1,01130012,5,\r\n\
        ,練習　二,1980/1/1,1,,,\r\n\
        1,練習　三,1980/1/1,1,,,\r\n\
        4,練習　四,1980/13/1,1,,,\r\n\
        5,練習　五,1980/1/1,男の子,,,\r\n\
        6,,1980/1/1,1,,,\r\n\
        7,練習　七,1980/1/1,1,01130013,5,いつか\r\n\
        \r\n\
        8\r\n\
        ９,\"練習\n九\",1980/1/1,1,1130012,5,\r\n";
    let read = csv(text);
    let told: Vec<_> = read.wrong.iter().map(|one| (one.line, one.column, one.problem)).collect();
    let expected = [
        (3, Some(Column::Chart), Problem::Chart),
        (4, Some(Column::Chart), Problem::ChartTwice { first: 2 }),
        (5, Some(Column::Birth), Problem::Birth),
        (6, Some(Column::Sex), Problem::Sex),
        (7, Some(Column::Kana), Problem::NoName),
    ];
    assert_eq!(told[..5], expected);
    assert!(matches!(told[5], (8, Some(Column::InsurerNumber), Problem::Insurance(_))));
    assert_eq!(told[6], (8, Some(Column::NextAppointment), Problem::Appointment));
    assert_eq!(told[7], (10, Some(Column::Birth), Problem::Birth));
    assert_eq!((read.list.len(), read.refused, read.left_out, told.len()), (3, 6, 2, 8));
    // The zero that a spreadsheet dropped is there again.
    assert_eq!(&**read.list.at("9").unwrap().insurance().unwrap().insurer_number, "01130012");
    for error in &read.wrong {
        let text = error.to_string();
        assert!(text.contains("行目") && text.contains("line") && !text.contains("練習"), "{text}");
    }
}

#[test]
fn what_is_no_patient_list_says_what_to_do() {
    let refused = |bytes: &[u8]| read(bytes, &Mapping::default(), TODAY).err().unwrap();
    assert_eq!(refused(b" \n\n"), ReadError::Empty);
    assert_eq!(refused(b"PK\x03\x04\0\0"), ReadError::Encoding);
    assert_eq!(refused(b"a,b\n1,2\n"), ReadError::Missing(Column::Chart));
    assert_eq!(refused("患者番号,生年月日,性別\n".as_bytes()), ReadError::Missing(Column::Kana));
    let twice = refused("患者番号,患者番号,氏名,生年月日,性別\n".as_bytes());
    assert_eq!(twice, ReadError::Twice(Column::Chart));
    assert!(twice.to_string().contains("chart = 3"), "{twice}");
    assert_eq!(refused(&vec![b'a'; patients::MAX_BYTES + 1]), ReadError::TooLarge);
    let mapping = Mapping::parse("chart = \"ID\"").unwrap();
    let missing = read("患者番号,氏名,生年月日,性別\n".as_bytes(), &mapping, TODAY).err();
    assert_eq!(missing, Some(ReadError::Missing(Column::Chart)));
}

#[test]
fn other_shapes_of_exports_are_taken() {
    let rows = "1\t練習　一\t3550217\t１\r2\t練習　二\t㍼55年2月17日\t女\r";
    let no_header = "header = false\nchart = 1\nname = 2\nbirth = 3\nsex = 4";
    let read = read(rows.as_bytes(), &Mapping::parse(no_header).unwrap(), TODAY).unwrap();
    assert_eq!((read.list.len(), read.refused), (2, 0), "{:?}", read.wrong);
    assert_eq!(chart(read.list.find(&owner("練習　二", "19800217", Sex::Female))), "2");
}

#[test]
fn a_quotation_mark_that_is_not_closed_is_told_and_bounded() {
    let mut text = String::from("患者番号,氏名,生年月日,性別\n1,練習　一,1980/1/1,1\n2,\"練習");
    text.extend(std::iter::repeat_n("\n3,練習　三,1980/1/1,1", 1000));
    let read = csv(&text);
    assert_eq!((read.list.len(), read.refused), (1, 1));
    assert_eq!(read.wrong[0].problem, Problem::TooLong);
}

#[test]
fn a_hundred_thousand_rows_are_read_and_too_many_are_refused() {
    let row = |at: usize| {
        let (year, month, day) = (1930 + at % 90, at % 12 + 1, at % 28 + 1);
        format!("{at},練習　{at},{year}/{month}/{day},{},138016,1,{at},00\n", at % 2 + 1)
    };
    let header = "患者番号,氏名,生年月日,性別,保険者番号,記号,番号,枝番\n";
    let rows = |count| header.to_owned() + &(0..count).map(row).collect::<String>();
    let read = csv(&rows(100_000));
    assert_eq!((read.list.len(), read.refused, read.list.insured()), (100_000, 0, 100_000));
    let back = List::from_bytes(&read.list.to_bytes()).unwrap();
    assert_eq!(chart(back.find(&owner("練習　99999", "19390412", Sex::Female))), "99999");
    let wrong = format!("{header}{}", "x y,,,\n".repeat(MOST_TOLD + 7));
    let wrong = csv(&wrong);
    assert_eq!((wrong.wrong.len(), wrong.refused), (MOST_TOLD, MOST_TOLD + 7));
    let too_many = rows(patients::MAX_ROWS + 1);
    let too_many = patients::read(too_many.as_bytes(), &Mapping::default(), TODAY).err();
    assert_eq!(too_many, Some(ReadError::TooManyRows));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, &Mapping::default(), TODAY);
        let _ = List::from_bytes(&bytes);
    }

    #[test]
    fn no_rows_make_it_panic_and_each_is_counted(rows in "([0-9A-Za-zァ-ヶ一-龠/.,\" ]{0,40}\n){0,12}") {
        let text = format!("患者番号,氏名,生年月日,性別,保険者番号,記号,番号,枝番,次回予約\n{rows}");
        let read = csv(&text);
        let lines = rows.lines().count();
        prop_assert!(read.list.len() + read.refused <= lines);
        prop_assert!(read.wrong.len() <= read.refused + read.left_out);
        prop_assert_eq!(List::from_bytes(&read.list.to_bytes()).unwrap().len(), read.list.len());
    }

    #[test]
    fn everybody_in_the_list_is_found_and_nobody_else(
        names in proptest::collection::btree_set("[一-龠]{2,6}", 1..8),
        days in proptest::collection::vec(1_u8..=28, 8),
        stranger in "[ァ-ヶ]{8}",
    ) {
        let mut text = String::from("患者番号,氏名,生年月日,性別\n");
        for (at, name) in names.iter().enumerate() {
            text.extend([&*at.to_string(), ",", name, ",1970/1/", &*days[at].to_string(), ",1\n"]);
        }
        let list = csv(&text).list;
        for (at, name) in names.iter().enumerate() {
            let born = format!("197001{:02}", days[at]);
            let found = list.by_owner(&owner(name, &born, Sex::Male));
            prop_assert!(found.patients.iter().any(|one| one.chart() == at.to_string()));
            prop_assert!(list.by_owner(&owner(name, "19710101", Sex::Male)).patients.is_empty());
            prop_assert!(list.by_owner(&owner(&stranger, &born, Sex::Male)).patients.is_empty());
        }
    }
}
