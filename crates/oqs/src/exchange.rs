//! Names of questions to the terminal and of its answers.

use crate::kind::Kind;
use crate::name::NameError;
use std::fmt;
use std::str::FromStr;

const END: &str = ".xml";
/// Longest part of a name that whoever asks chooses; names that programs write are shorter.
const LONGEST: usize = 60;

/// `OQSsiquc01req_<own>.xml` and its like: a question in the folder `req`, or an answer in `res`, which has the same name with
/// `res` for `req` (domain-facts B1, seen in programs).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExchangeName {
    kind: Kind,
    own: String,
}

impl ExchangeName {
    /// `own`: 1 to 60 ASCII letters, digits, `_` or `-`; different for every question.
    ///
    /// # Errors
    /// [`NameError::Exchange`], also for a file that is neither a question nor the answer to one.
    pub fn new(kind: Kind, own: &str) -> Result<Self, NameError> {
        let letter = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        let right = (1..=LONGEST).contains(&own.len()) && own.bytes().all(letter);
        // A face file is the answer to no question.
        if !right
            || kind == Kind::Face
            || Kind::of_name(&format!("{}{own}", kind.prefix())) != Some(kind)
        {
            return Err(NameError::Exchange);
        }
        Ok(Self { kind, own: own.to_owned() })
    }

    /// What kind of file it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The part that whoever asked chose.
    #[must_use]
    pub fn own(&self) -> &str {
        &self.own
    }

    /// Under which name this question is answered; `None` for an answer.
    #[must_use]
    pub fn answer(&self) -> Option<Self> {
        Some(Self { kind: self.kind.answer()?, own: self.own.clone() })
    }
}

impl fmt::Display for ExchangeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{END}", self.kind.prefix(), self.own)
    }
}

impl FromStr for ExchangeName {
    type Err = NameError;

    fn from_str(name: &str) -> Result<Self, NameError> {
        let kind = Kind::of_name(name).ok_or(NameError::Exchange)?;
        let own = name[kind.prefix().len()..].strip_suffix(END).ok_or(NameError::Exchange)?;
        Self::new(kind, own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_the_name_of_its_question() {
        let asked: ExchangeName = "OQSsiquc01req_202611290001.xml".parse().unwrap();
        assert_eq!((asked.kind(), asked.own()), (Kind::Request, "202611290001"));
        let answer = asked.answer().unwrap();
        assert_eq!(answer.to_string(), "OQSsiquc01res_202611290001.xml");
        assert_eq!((answer.answer(), answer.to_string().parse().as_ref()), (None, Ok(&answer)));
        let bulk = ExchangeName::new(Kind::BulkRequest, "a-1").unwrap();
        assert_eq!(bulk.answer().unwrap().to_string(), "OQSmuquc01res_a-1.xml");
    }

    #[test]
    fn other_names_are_refused() {
        for name in [
            "",
            "OQSsiquc01req_.xml",
            "OQSsiquc01req_1.xml.part",
            "OQSsiquc01req_../1.xml",
            "OQSsiquc01req_あ.xml",
            "YZKsiquc01req_1.xml",
            "OQSsiquc01res_face_27142063864da5260a16de5a3d3ad7_20260929160112.xml",
        ] {
            assert_eq!(name.parse::<ExchangeName>(), Err(NameError::Exchange), "{name}");
        }
        assert!(ExchangeName::new(Kind::Request, &"a".repeat(61)).is_err());
        assert!(ExchangeName::new(Kind::Face, "1").is_err());
        // It would be read as another kind.
        assert!(ExchangeName::new(Kind::Result, "face_1").is_err());
    }
}
