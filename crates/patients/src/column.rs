//! Which column of an export is what: said by a mapping, or recognised by the names that receipt computers usually give.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use unicode_normalization::UnicodeNormalization as _;

/// What a column tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// 患者番号.
    Chart,
    /// 氏名 in kanji.
    Name,
    /// 氏名カナ.
    Kana,
    /// 生年月日.
    Birth,
    /// 性別.
    Sex,
    /// 保険者番号.
    InsurerNumber,
    /// 記号.
    Symbol,
    /// 番号.
    Number,
    /// 枝番.
    Branch,
    /// 次回予約.
    NextAppointment,
}

/// Headers that are recognised without a mapping, the usual one first: those of exports and forms that name these facts. Compared
/// without blanks and in one width.
const KNOWN: [(Column, &[&str]); 10] = [
    (
        Column::Chart,
        &[
            "患者番号",
            "カルテ番号",
            "患者ID",
            "患者コード",
            "診察券番号",
            "カルテNo",
            "患者No",
            "chart",
        ],
    ),
    (Column::Name, &["氏名", "患者氏名", "漢字氏名", "患者名", "氏名漢字", "氏名(漢字)", "name"]),
    (
        Column::Kana,
        &[
            "カナ氏名",
            "氏名カナ",
            "フリガナ",
            "ふりがな",
            "患者カナ氏名",
            "カナ",
            "患者氏名カナ",
            "氏名(カナ)",
            "患者カナ",
            "kana",
        ],
    ),
    (Column::Birth, &["生年月日", "患者生年月日", "誕生日", "birth"]),
    (Column::Sex, &["性別", "患者性別", "性別コード", "sex"]),
    (Column::InsurerNumber, &["保険者番号", "主保険者番号", "保険者No", "insurer_number"]),
    (Column::Symbol, &["記号", "被保険者証記号", "保険証記号", "被保険者記号", "symbol"]),
    (Column::Number, &["番号", "被保険者証番号", "保険証番号", "被保険者番号", "number"]),
    (Column::Branch, &["枝番", "被保険者証枝番", "保険証枝番", "枝番号", "branch"]),
    (
        Column::NextAppointment,
        &["次回予約", "次回予約日", "予約日", "予約日時", "next_appointment"],
    ),
];

/// Where the columns are, as the site says it (TOML).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    places: BTreeMap<Column, Place>,
    /// The first line is a patient already.
    pub(crate) no_header: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Place {
    /// Its header.
    Header(String),
    /// Which one, from 1.
    At(u16),
}

#[derive(Deserialize)]
struct Written {
    #[serde(default = "yes")]
    header: bool,
    #[serde(flatten)]
    places: BTreeMap<Column, Place>,
}

fn yes() -> bool {
    true
}

/// A mapping that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// Not TOML, or a key is unknown.
    #[error(
        "the mapping is not as expected: {0}. Write lines like chart = \"患者番号\" or chart = 1; the keys are chart, name, kana, birth, sex, insurer_number, symbol, number, branch, next_appointment, and header = false where the first line is a patient"
    )]
    Form(String),
    /// Without a header, names say nothing.
    #[error("with header = false, give each column its number from 1: {0} is a name")]
    Named(Column),
    /// There is no column 0.
    #[error("columns are counted from 1: {0} is 0")]
    Zero(Column),
}

impl Mapping {
    /// Reads one.
    ///
    /// # Errors
    /// [`MappingError`].
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        let form = |error: toml::de::Error| MappingError::Form(error.message().to_owned());
        let Written { header, places } = toml::from_str(text).map_err(form)?;
        for (column, place) in &places {
            match place {
                Place::At(0) => return Err(MappingError::Zero(*column)),
                Place::Header(_) if !header => return Err(MappingError::Named(*column)),
                Place::At(_) | Place::Header(_) => {}
            }
        }
        Ok(Self { places, no_header: !header })
    }

    /// Where a column is among these headers.
    ///
    /// # Errors
    /// It is not there, or there twice.
    pub(crate) fn find(
        &self,
        column: Column,
        headers: &[String],
    ) -> Result<Option<usize>, NotThere> {
        match self.places.get(&column) {
            Some(Place::At(at)) => Ok(Some(usize::from(*at) - 1)),
            Some(Place::Header(header)) => {
                one(headers, |other| *other == plain(header))?.map(Some).ok_or(NotThere::Missing)
            }
            None if self.no_header => Ok(None),
            None => {
                // By the usual name before others: an export may have several of them.
                for name in KNOWN[column as usize].1 {
                    if let Some(at) = one(headers, |other| *other == plain(name))? {
                        return Ok(Some(at));
                    }
                }
                Ok(None)
            }
        }
    }
}

/// Why a column cannot be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotThere {
    Missing,
    Twice,
}

fn one(headers: &[String], is_it: impl Fn(&String) -> bool) -> Result<Option<usize>, NotThere> {
    let mut found = headers.iter().enumerate().filter(|(_, header)| is_it(header));
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => Err(NotThere::Twice),
        (first, _) => Ok(first.map(|(at, _)| at)),
    }
}

/// A header for comparing.
pub(crate) fn plain(header: &str) -> String {
    header.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

impl Column {
    /// Every column.
    pub const ALL: [Self; 10] = [
        Self::Chart,
        Self::Name,
        Self::Kana,
        Self::Birth,
        Self::Sex,
        Self::InsurerNumber,
        Self::Symbol,
        Self::Number,
        Self::Branch,
        Self::NextAppointment,
    ];

    /// Its usual header.
    #[must_use]
    pub fn usual(self) -> &'static str {
        KNOWN[self as usize].1[0]
    }

    /// Its key in a mapping.
    #[must_use]
    pub fn key(self) -> &'static str {
        KNOWN[self as usize].1.last().expect("each has several names")
    }
}

impl fmt::Display for Column {
    /// `生年月日 (birth)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.usual(), self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| plain(text)).collect()
    }

    #[test]
    fn the_table_has_the_order_of_the_columns() {
        for (at, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!((KNOWN[at].0, column as usize), (column, at));
            let mapping = Mapping::parse(&format!("{} = 1", column.key())).unwrap();
            assert_eq!(mapping.find(column, &[]), Ok(Some(0)), "{column}");
        }
    }

    #[test]
    fn usual_headers_are_recognised_in_any_width() {
        let headers = headers(&[
            "ｶﾙﾃ番号",
            "氏名 (漢字)",
            "フリガナ",
            "生年月日",
            "性 別",
            "被保険者証 番号",
        ]);
        let at = |column| Mapping::default().find(column, &headers).unwrap();
        assert_eq!(at(Column::Chart), Some(0));
        assert_eq!(at(Column::Name), Some(1));
        assert_eq!(at(Column::Kana), Some(2));
        assert_eq!(at(Column::Number), Some(5));
        assert_eq!(at(Column::Symbol), None);
    }

    #[test]
    fn a_mapping_says_it_by_name_or_number() {
        let mapping = Mapping::parse("chart = \"ＩＤ\"\nbirth = 3").unwrap();
        let of = headers(&["id", "x", "y"]);
        assert_eq!(mapping.find(Column::Chart, &of), Ok(Some(0)));
        assert_eq!(mapping.find(Column::Birth, &of), Ok(Some(2)));
        assert_eq!(mapping.find(Column::Chart, &headers(&["x"])), Err(NotThere::Missing));
        assert_eq!(mapping.find(Column::Chart, &headers(&["id", "ID"])), Err(NotThere::Twice));
    }

    #[test]
    fn a_wrong_mapping_says_what_to_write() {
        for wrong in ["chart", "card = \"x\"", "chart = 1.5", "chart = -1", "header = 1"] {
            let error = Mapping::parse(wrong).unwrap_err();
            assert!(error.to_string().contains("next_appointment"), "{wrong}: {error}");
        }
        assert_eq!(Mapping::parse("chart = 0"), Err(MappingError::Zero(Column::Chart)));
        let named = Mapping::parse("header = false\nchart = \"x\"");
        assert_eq!(named, Err(MappingError::Named(Column::Chart)));
        assert!(Mapping::parse("header = false\nchart = 1").unwrap().no_header);
    }
}
