//! One row of an export as a patient.

use crate::appointment::appointment;
use crate::birth::birth;
use crate::column::Column;
use crate::patient::{Insurance, Patient, text};
use checkin::eligibility::Sex;
use checkin::number::{
    Field, FieldError, FieldProblem, TypedNumbers, check_digit_is_right, half_width, is_elderly,
};
use checkin::patient::ChartNumber;
use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization as _;

/// What is wrong with a row, or with one of its facts. Holds nothing of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A field is longer than any of a person: perhaps a quotation mark was not closed before.
    TooLong,
    /// More fields than any export has.
    TooManyFields,
    /// No chart number, or one that the interface does not take.
    Chart,
    /// The chart number stands in a row before.
    ChartTwice {
        /// Its line.
        first: u64,
    },
    /// Neither name nor kana.
    NoName,
    /// No birth date.
    Birth,
    /// Neither male nor female.
    Sex,
    /// The insurance; the person is taken without one.
    Insurance(FieldProblem),
    /// The appointment; the person is taken without one.
    Appointment,
}

/// Of a row: the patient, and what of it had to be left out.
type Taken = (Patient, Vec<(Column, Problem)>);

/// Reads one row; `field` gives what stands in a column, empty where there is nothing.
pub(crate) fn patient<'a>(
    field: impl Fn(Column) -> &'a str,
    today: Date,
) -> Result<Taken, (Column, Problem)> {
    let mut left_out = Vec::new();
    let chart = narrow(field(Column::Chart));
    if ChartNumber::new(&chart).is_err() {
        return Err((Column::Chart, Problem::Chart));
    }
    let birth = birth(field(Column::Birth), today).ok_or((Column::Birth, Problem::Birth))?;
    let sex = sex(field(Column::Sex)).ok_or((Column::Sex, Problem::Sex))?;
    let (name, kana) = (field(Column::Name).trim(), field(Column::Kana).trim());
    if name.is_empty() && kana.is_empty() {
        return Err((Column::Kana, Problem::NoName));
    }
    let insurance = insurance(&field, today).unwrap_or_else(|(column, problem)| {
        left_out.push((column, Problem::Insurance(problem)));
        None
    });
    let next = match field(Column::NextAppointment).trim() {
        "" => None,
        written => appointment(written),
    };
    if next.is_none() && !field(Column::NextAppointment).trim().is_empty() {
        left_out.push((Column::NextAppointment, Problem::Appointment));
    }
    let (chart, name, kana) = (text(&chart), text(name), text(kana));
    let next = next.as_deref().map(text);
    Ok((Patient { chart, name, kana, birth, sex, insurance, next }, left_out))
}

/// In half width, without blanks around it.
fn narrow(text: &str) -> String {
    text.nfkc().collect::<String>().trim().to_owned()
}

fn sex(text: &str) -> Option<Sex> {
    match narrow(text).to_uppercase().as_str() {
        "1" | "01" | "男" | "男性" | "M" | "MALE" => Some(Sex::Male),
        "2" | "02" | "女" | "女性" | "F" | "FEMALE" => Some(Sex::Female),
        "" | "0" | "3" | "9" | "不明" | "その他" => Some(Sex::NotSet),
        _ => None,
    }
}

/// `None`: the row has none.
fn insurance<'a>(
    field: impl Fn(Column) -> &'a str,
    today: Date,
) -> Result<Option<Insurance>, (Column, FieldProblem)> {
    let insurer_number = with_zero(half_width(field(Column::InsurerNumber)));
    let number = half_width(field(Column::Number));
    if matches!(insurer_number.trim_start_matches('0'), "") && number.is_empty() {
        return Ok(None);
    }
    let branch = Some(field(Column::Branch)).filter(|_| !is_elderly(&insurer_number));
    let typed = TypedNumbers {
        symbol: field(Column::Symbol).to_owned(),
        number,
        branch: branch.unwrap_or_default().to_owned(),
        // The birth was read by itself.
        birth: today.into(),
        insurer_number,
    };
    let numbers =
        typed.check(today).map_err(|FieldError { field, problem }| (of(field), problem))?;
    Ok(Some(Insurance::of(&numbers)))
}

/// Spreadsheets drop the zero in front; the check digit tells that it was one.
fn with_zero(number: String) -> String {
    let longer = format!("0{number}");
    let dropped = matches!(number.len(), 5 | 7) && check_digit_is_right(&longer);
    if dropped { longer } else { number }
}

fn of(field: Field) -> Column {
    match field {
        Field::Symbol => Column::Symbol,
        Field::Number => Column::Number,
        Field::Branch => Column::Branch,
        _ => Column::InsurerNumber,
    }
}

impl Problem {
    /// Whether the person is in the list all the same.
    #[must_use]
    pub fn is_left_out_only(self) -> bool {
        matches!(self, Self::Insurance(_) | Self::Appointment)
    }

    /// What to do, in Japanese.
    #[must_use]
    pub fn ja(self) -> String {
        match self {
            Self::TooLong => "長すぎます。前の行で引用符（\"）が閉じているか見てください".into(),
            Self::TooManyFields => "項目が多すぎます".into(),
            Self::Chart => "半角の英数字とハイフン 1〜20 字にしてください".into(),
            Self::ChartTwice { first } => {
                format!("{first} 行目と同じ番号です。どちらかにしてください")
            }
            Self::NoName => "氏名もカナもありません".into(),
            Self::Birth => {
                "1980/2/17 や S55.2.17 のように書いてください（今日より後の日は使えません）".into()
            }
            Self::Sex => "1 か 2、男か女、M か F にしてください".into(),
            Self::Insurance(_) => "保険の番号として読めないため、保険なしで取り込みます".into(),
            Self::Appointment => {
                "2026/12/3 14:30 のように書いてください。予約なしで取り込みます".into()
            }
        }
    }

    /// What to do, in English.
    #[must_use]
    pub fn en(self) -> String {
        match self {
            Self::TooLong => "is too long: look whether a quotation mark before is closed".into(),
            Self::TooManyFields => "has too many fields".into(),
            Self::Chart => "needs 1 to 20 ASCII letters, digits and hyphens".into(),
            Self::ChartTwice { first } => format!("stands in line {first}, too: keep one of them"),
            Self::NoName => "has neither name nor kana".into(),
            Self::Birth => "is no birth date: write it like 1980/2/17 or S55.2.17".into(),
            Self::Sex => "is neither 1 nor 2, 男 nor 女, M nor F".into(),
            Self::Insurance(problem) => format!("{problem}: taken without an insurance"),
            Self::Appointment => {
                "is no day: write it like 2026/12/3 14:30; taken without an appointment".into()
            }
        }
    }
}
