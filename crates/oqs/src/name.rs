//! Names of result files.

use crate::record::Value as _;
use crate::values::{Moment, digits};
use jiff::Timestamp;
use std::fmt;
use std::str::FromStr;

const START: &str = "OQSsiquc01res_face_";
const END: &str = ".xml";
/// Characters of the identifier in names that terminals write.
const ID: usize = 20;
/// Longest identifier that is read.
const LONGEST_ID: usize = 40;

/// Why a name is not that of a result file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// 医療機関コード.
    #[error("the institution code (医療機関コード) has 10 digits")]
    Institution,
    /// The identifier behind it.
    #[error("the identifier has 20 ASCII letters or digits")]
    Id,
    /// The time at the end.
    #[error("the name ends with a time of 14 digits, yyyyMMddHHmmss")]
    Time,
    /// Anything else.
    #[error(
        "a result file is called OQSsiquc01res_face_<institution><identifier>_<yyyyMMddHHmmss>.xml"
    )]
    Form,
    /// Not the name of a question or of its answer.
    #[error(
        "a question is called OQSsiquc01req_<1 to 60 ASCII letters, digits, _ or ->.xml, its answer the same with res for req"
    )]
    Exchange,
}

/// 医療機関コード: prefecture 2, score table 1 (1 医科, 3 歯科, 4 調剤), institution 7 digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionCode(String);

impl InstitutionCode {
    /// Takes exactly 10 ASCII digits.
    ///
    /// # Errors
    /// [`NameError::Institution`].
    pub fn new(text: &str) -> Result<Self, NameError> {
        digits(text, 10).ok_or(NameError::Institution)?;
        Ok(Self(text.to_owned()))
    }

    /// The 10 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 点数表, the third digit; `None` for one that is not known here.
    #[must_use]
    pub fn score_table(&self) -> Option<ScoreTable> {
        match self.0.as_bytes()[2] {
            b'1' => Some(ScoreTable::Medical),
            b'3' => Some(ScoreTable::Dental),
            b'4' => Some(ScoreTable::Dispensing),
            _ => None,
        }
    }
}

/// 点数表: by which table of points an institution claims, and so what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScoreTable {
    /// 医科: a hospital or a doctor's practice; the code does not tell which.
    Medical,
    /// 歯科.
    Dental,
    /// 調剤: a pharmacy.
    Dispensing,
}

/// `OQSsiquc01res_face_<institution><identifier>_<yyyyMMddHHmmss>.xml`: the result of a check-in
/// with the card, in the folder `face`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    institution: InstitutionCode,
    id: String,
    at: Moment,
}

impl FileName {
    /// The name of a new file: `id` is 20 ASCII letters or digits, different for every file.
    ///
    /// # Errors
    /// [`NameError::Id`], or [`NameError::Time`] outside of the years 0 to 9999.
    pub fn face(institution: InstitutionCode, id: &str, at: Timestamp) -> Result<Self, NameError> {
        if id.len() != ID || !is_id(id) {
            return Err(NameError::Id);
        }
        let at = Moment::new(at).ok_or(NameError::Time)?;
        Ok(Self { institution, id: id.to_owned(), at })
    }

    /// 医療機関コード.
    #[must_use]
    pub fn institution(&self) -> &InstitutionCode {
        &self.institution
    }

    /// The identifier: 1 to 40 ASCII letters or digits.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The time in the name, whole seconds.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at.timestamp()
    }
}

fn is_id(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric())
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { institution, id, at } = self;
        write!(f, "{START}{}{id}_{at}{END}", institution.0)
    }
}

impl FromStr for FileName {
    type Err = NameError;

    fn from_str(name: &str) -> Result<Self, NameError> {
        let middle = name.strip_prefix(START).and_then(|name| name.strip_suffix(END));
        let (front, time) = middle.and_then(|m| m.split_once('_')).ok_or(NameError::Form)?;
        let (institution, id) = front.split_at_checked(10).ok_or(NameError::Institution)?;
        let institution = InstitutionCode::new(institution)?;
        if !is_id(id) {
            return Err(NameError::Id);
        }
        let at = digits(time, 14).and_then(|_| Moment::parse(time)).ok_or(NameError::Time)?;
        Ok(Self { institution, id: id.to_owned(), at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEN: &str = "OQSsiquc01res_face_27142063864da5260a16de5a3d3ad7_20260929160112.xml";

    #[test]
    fn a_name_as_terminals_write_it() {
        let name: FileName = SEEN.parse().unwrap();
        assert_eq!(name.institution().as_str(), "2714206386");
        assert_eq!(name.id(), "4da5260a16de5a3d3ad7");
        assert_eq!(name.at(), "2026-09-29T16:01:12+09:00".parse().unwrap());
        assert_eq!(name.to_string(), SEEN);
        let at = "2026-09-29T16:01:12.9+09:00".parse().unwrap();
        let made = FileName::face(name.institution().clone(), name.id(), at).unwrap();
        assert_eq!(made, name);
    }

    #[test]
    fn the_third_digit_tells_a_pharmacy_from_a_practice() {
        let table = |digits| InstitutionCode::new(digits).unwrap().score_table();
        assert_eq!(table("2714206386"), Some(ScoreTable::Medical));
        assert_eq!(table("1331234567"), Some(ScoreTable::Dental));
        assert_eq!(table("1341234567"), Some(ScoreTable::Dispensing));
        assert_eq!((table("1361234567"), table("9999999999")), (None, None));
    }

    #[track_caller]
    fn check(name: &str, expected: NameError) {
        assert_eq!(name.parse::<FileName>(), Err(expected), "{name}");
    }

    #[test]
    fn other_names_are_refused() {
        check("", NameError::Form);
        check("OQSsiquc01res_20260929160112.xml", NameError::Form);
        check(&format!("{SEEN}.part"), NameError::Form);
        check("OQSsiquc01res_face_2714_20260929160112.xml", NameError::Institution);
        check("OQSsiquc01res_face_あいうえお_20260929160112.xml", NameError::Institution);
        check("OQSsiquc01res_face_2714206386_20260929160112.xml", NameError::Id);
        check("OQSsiquc01res_face_2714206386../x_20260929160112.xml", NameError::Id);
        check("OQSsiquc01res_face_2714206386ab_20260229160112.xml", NameError::Time);
        let institution = InstitutionCode::new("2714206386").unwrap();
        assert_eq!(FileName::face(institution, "short", Timestamp::UNIX_EPOCH), Err(NameError::Id));
        assert_eq!(InstitutionCode::new("271420638"), Err(NameError::Institution));
    }
}
