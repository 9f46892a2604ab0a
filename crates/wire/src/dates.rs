//! One table: what people write for a birth, through every form that asks for one.

use super::{action, form};
use checkin::event::Action;
use jiff::Timestamp;
use protocol::Redacted;
use protocol::action::Era::{self, Gregorian, Heisei, Meiji, Reiwa, Showa, Taisho};
use protocol::action::{
    EraDate, Insurance, PaperNumbers, PrintedCode, Sex, StatementForm, StatementReason,
};

/// Era and parts as typed; the birth that both forms take, or their problem; how 照合番号B may begin, or why not.
type Row<'a> = (Era, [&'a str; 3], &'a str, &'a str);

const TABLE: [Row<'static>; 34] = [
    (Showa, ["55", "2", "17"], "1980-02-17", "550217"),
    (Showa, ["５５", "０２", "１７"], "1980-02-17", "550217"),
    // The year in which an era changes has the numbers of both.
    (Heisei, ["31", "5", "1"], "2019-05-01", "010501 310501"),
    (Heisei, ["31", "12", "31"], "2019-12-31", "011231 311231"),
    (Reiwa, ["1", "4", "30"], "2019-04-30", "310430 010430"),
    (Heisei, ["1", "1", "7"], "1989-01-07", "640107 010107"),
    (Showa, ["64", "1", "8"], "1989-01-08", "010108 640108"),
    (Heisei, ["32", "1", "1"], "NoSuchDate", "BirthDate"),
    (Showa, ["65", "1", "1"], "NoSuchDate", "BirthDate"),
    // Days that belong to two eras.
    (Meiji, ["45", "7", "30"], "1912-07-30", "450730 010730"),
    (Taisho, ["1", "7", "30"], "1912-07-30", "010730 450730"),
    (Taisho, ["15", "12", "25"], "1926-12-25", "151225 011225"),
    (Showa, ["1", "12", "25"], "1926-12-25", "011225 151225"),
    // Foreign residents.
    (Gregorian, ["1960", "05", "12"], "1960-05-12", "350512 600512"),
    (Gregorian, ["60", "05", "12"], "1960-05-12", "350512 600512"),
    (Gregorian, ["６０", "５", "１２"], "1960-05-12", "350512 600512"),
    (Gregorian, ["00", "2", "24"], "2000-02-24", "120224 000224"),
    (Gregorian, ["27", "2", "24"], "1927-02-24", "020224 270224"),
    (Gregorian, ["196", "5", "12"], "NoSuchDate", "BirthDate"),
    (Gregorian, ["1800", "5", "12"], "NoSuchDate", "BirthDate"),
    (Gregorian, ["2026", "11", "24"], "FutureDate", "BirthDate"),
    // What only a register knows.
    (Showa, ["20", "3", "00"], "1945-03-00", "200300"),
    (Showa, ["20", "３", "００"], "1945-03-00", "200300"),
    (Showa, ["20", "3", "99"], "1945-03-00", "200399"),
    (Showa, ["20", "00", "00"], "1945-00-00", "200000"),
    (Heisei, ["11", "2", "29"], "1999-02-29", "110229"),
    (Showa, ["20", "00", "3"], "NoSuchDate", "BirthDate"),
    // What nobody has.
    (Showa, ["55", "2", "30"], "NoSuchDate", "BirthDate"),
    (Showa, ["55", "13", "1"], "NoSuchDate", "BirthDate"),
    (Reiwa, ["8", "11", "24"], "FutureDate", "BirthDate"),
    // Not typed, or not digits.
    (Showa, ["", "", ""], "Empty", "malformed"),
    (Showa, ["55", "2", ""], "Empty", "malformed"),
    (Showa, ["5a", "2", "17"], "malformed", "malformed"),
    (Showa, ["555", "2", "17"], "malformed", "malformed"),
];

fn hidden(text: &str) -> Redacted {
    Redacted::new(text.to_owned())
}

fn date(era: Era, [year, month, day]: [&str; 3]) -> EraDate {
    EraDate { era, year: hidden(year), month: hidden(month), day: hidden(day) }
}

fn numbers(birth: EraDate) -> PaperNumbers {
    PaperNumbers {
        insurer_number: hidden("０１１３００１２"),
        symbol: hidden("２１−１３"),
        number: hidden("１０４８"),
        branch: hidden("１"),
        birth,
    }
}

fn statement(birth: EraDate, since: EraDate) -> StatementForm {
    StatementForm {
        reason: StatementReason::Other,
        insurance: Insurance::Unknown,
        insurer: hidden(""),
        employer: hidden(""),
        since,
        share_percent: None,
        name: hidden("診療　太郎"),
        name_kana: hidden("シンリョウ　タロウ"),
        birth,
        sex: Sex::Male,
        address: hidden("練習区受付町一丁目"),
        phone: hidden("０９０ー１２３４−５６７８"),
        no_phone: false,
    }
}

fn now() -> Timestamp {
    "2026-11-23T09:00:00+09:00".parse().unwrap()
}

fn today() -> jiff::civil::Date {
    checkin::time::in_japan(now()).date()
}

fn by_numbers(birth: EraDate) -> String {
    let Ok(typed) = form::numbers(&numbers(birth)) else { return "malformed".into() };
    typed.check(today()).map_or_else(|it| format!("{:?}", it.problem), |it| it.birth.to_string())
}

fn by_statement(birth: EraDate) -> String {
    let form = statement(birth, date(Reiwa, ["", "", ""]));
    let Ok(typed) = form::statement(&form) else { return "malformed".into() };
    typed.check(today()).map_or_else(|it| format!("{:?}", it.problem), |it| it.birth.to_string())
}

fn by_code(era: Era, [year, month, day]: [&str; 3]) -> String {
    let printed = PrintedCode {
        era,
        era_year: hidden(year),
        month: hidden(month),
        day: hidden(day),
        expiry_year: hidden("２０３５"),
        security_code: hidden("２２８５"),
    };
    let Ok(Action::Code(typed)) = action(&protocol::Action::Code(printed)) else {
        return "malformed".into();
    };
    match typed.candidates(now()) {
        Err(problem) => format!("{problem:?}"),
        Ok(codes) => {
            let begins = codes.iter().map(|code| {
                let (birth, rest) = code.expose().split_at(6);
                assert_eq!(rest, b"20352285");
                String::from_utf8_lossy(birth).into_owned()
            });
            begins.collect::<Vec<_>>().join(" ")
        }
    }
}

#[test]
fn every_form_reads_every_birth_alike() {
    for (era, parts, expected, code) in TABLE {
        assert_eq!(by_numbers(date(era, parts)), expected, "numbers: {era:?} {parts:?}");
        assert_eq!(by_statement(date(era, parts)), expected, "statement: {era:?} {parts:?}");
        assert_eq!(by_code(era, parts), code, "code: {era:?} {parts:?}");
    }
}

#[test]
fn since_when_may_be_a_month_a_year_or_nothing() {
    for (era, parts, expected) in [
        (Heisei, ["31", "5", ""], "Reiwa 1 Some(5)"),
        (Heisei, ["３１", "４", ""], "Heisei 31 Some(4)"),
        (Heisei, ["31", "00", ""], "Heisei 31 None"),
        (Gregorian, ["19", "5", ""], "Gregorian 2019 Some(5)"),
        (Gregorian, ["2019", "", ""], "Gregorian 2019 None"),
        (Reiwa, ["", "", ""], "nothing"),
        (Reiwa, ["9", "", ""], "FutureDate"),
        (Heisei, ["32", "1", ""], "NoSuchDate"),
        (Reiwa, ["", "5", ""], "NoSuchDate"),
    ] {
        let form = statement(date(Showa, ["55", "2", "17"]), date(era, parts));
        let read = match form::statement(&form).unwrap().check(today()) {
            Err(error) => format!("{:?}", error.problem),
            Ok(read) => read.since.map_or("nothing".into(), |since| {
                format!("{:?} {} {:?}", since.era, since.year, since.month)
            }),
        };
        assert_eq!(read, expected, "{era:?} {parts:?}");
    }
}

#[test]
fn digits_and_hyphens_of_any_keyboard_are_the_same() {
    let typed = form::numbers(&numbers(date(Showa, ["55", "2", "17"]))).unwrap();
    let read = typed.check(today()).unwrap();
    assert_eq!(
        (read.insurer_number.as_str(), read.symbol.as_str(), read.number.as_str()),
        ("01130012", "21-13", "1048")
    );
    assert_eq!(read.branch.as_deref(), Some("01"));
    let form = statement(date(Showa, ["55", "2", "17"]), date(Reiwa, ["", "", ""]));
    let read = form::statement(&form).unwrap().check(today()).unwrap();
    assert_eq!(read.phone.as_deref(), Some("090-1234-5678"));
}
