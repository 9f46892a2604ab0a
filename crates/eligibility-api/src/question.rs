//! Questions.

use checkin::Question;
use checkin::birth::Birth;
use checkin::consent::{ConsentAnswer, Topic};
use checkin::identity::Method;
use checkin::number::{Numbers, check_insurer_number};
use checkin::secret::Serial;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// X.509 allows 20 octets (RFC 5280, 4.1.2.2).
const LONGEST_SERIAL: usize = 20;
/// 記号 and 番号 have 20 characters at most (`domain-facts` B4).
const LONGEST_NUMBER: usize = 20;

#[derive(Serialize, Deserialize)]
#[serde(tag = "question", rename_all = "snake_case", deny_unknown_fields)]
enum Asked {
    LookUp {
        serial: String,
    },
    Open {
        serial: String,
        method: By,
        register: bool,
    },
    Query {
        serial: String,
        consents: Vec<Consent>,
    },
    QueryNumbers {
        insurer_number: String,
        symbol: String,
        number: String,
        branch: Option<String>,
        birth: String,
        limit_certificate: bool,
    },
    Withdraw {
        serial: String,
        topic: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Consent {
    topic: String,
    agreed: bool,
    at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum By {
    Face,
    Pin,
    Visual,
}

/// Why a question was not understood. Holds nothing of what it asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableQuestion {
    /// No JSON object, or another one.
    #[error("not a question: line {line}, column {column}")]
    Form {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// A value that no such question has.
    #[error("field `{0}` has a value that no such question has")]
    Value(&'static str),
}

/// As the body of a request.
#[must_use]
pub fn write_question(question: &Question) -> Vec<u8> {
    let serial = |serial: &Serial| hex::encode(serial.expose());
    let asked = match question {
        Question::LookUp { serial: of } => Asked::LookUp { serial: serial(of) },
        Question::Open { serial: of, method, register } => {
            Asked::Open { serial: serial(of), method: By::of(*method), register: *register }
        }
        Question::Query { serial: of, consents } => Asked::Query {
            serial: serial(of),
            consents: consents.iter().map(Consent::of).collect(),
        },
        Question::QueryNumbers { numbers, limit_certificate } => {
            let Numbers { insurer_number, symbol, number, branch, birth } = (**numbers).clone();
            let birth = birth.digits();
            let limit_certificate = *limit_certificate;
            Asked::QueryNumbers { insurer_number, symbol, number, branch, birth, limit_certificate }
        }
        Question::Withdraw { serial: of, topic } => {
            Asked::Withdraw { serial: serial(of), topic: topic.key().to_owned() }
        }
    };
    serde_json::to_vec(&asked).unwrap_or_default()
}

/// Reads the body of a request.
///
/// # Errors
/// [`UnreadableQuestion`].
pub fn read_question(body: &[u8]) -> Result<Question, UnreadableQuestion> {
    let asked = serde_json::from_slice(body)
        .map_err(|error| UnreadableQuestion::Form { line: error.line(), column: error.column() })?;
    Ok(match asked {
        Asked::LookUp { serial } => Question::LookUp { serial: read_serial(&serial)? },
        Asked::Open { serial, method, register } => {
            Question::Open { serial: read_serial(&serial)?, method: method.method(), register }
        }
        Asked::Query { serial, consents } => {
            if consents.len() > Topic::ALL.len() {
                return Err(UnreadableQuestion::Value("consents"));
            }
            let consents = consents.iter().map(Consent::read).collect::<Result<_, _>>()?;
            Question::Query { serial: read_serial(&serial)?, consents }
        }
        Asked::QueryNumbers {
            insurer_number,
            symbol,
            number,
            branch,
            birth,
            limit_certificate,
        } => {
            let numbers = Numbers {
                insurer_number: check_insurer_number(&insurer_number)
                    .map_err(|_| UnreadableQuestion::Value("insurer_number"))?,
                symbol: bounded("symbol", symbol, 0)?,
                number: bounded("number", number, 1)?,
                branch: read_branch(branch)?,
                birth: Birth::parse(&birth).ok_or(UnreadableQuestion::Value("birth"))?,
            };
            Question::QueryNumbers { numbers: Box::new(numbers), limit_certificate }
        }
        Asked::Withdraw { serial, topic } => {
            Question::Withdraw { serial: read_serial(&serial)?, topic: read_topic(&topic)? }
        }
    })
}

fn read_serial(text: &str) -> Result<Serial, UnreadableQuestion> {
    let bytes = hex::decode(text).ok().filter(|bytes| (1..=LONGEST_SERIAL).contains(&bytes.len()));
    bytes.map(Serial::new).ok_or(UnreadableQuestion::Value("serial"))
}

fn bounded(field: &'static str, text: String, least: usize) -> Result<String, UnreadableQuestion> {
    let fits = (least..=LONGEST_NUMBER).contains(&text.chars().count());
    if fits && !text.chars().any(char::is_control) {
        Ok(text)
    } else {
        Err(UnreadableQuestion::Value(field))
    }
}

fn read_branch(branch: Option<String>) -> Result<Option<String>, UnreadableQuestion> {
    let right = |text: &String| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    match branch {
        Some(branch) if !right(&branch) => Err(UnreadableQuestion::Value("branch")),
        branch => Ok(branch),
    }
}

/// The topic with this key.
pub(crate) fn read_topic(key: &str) -> Result<Topic, UnreadableQuestion> {
    let found = Topic::ALL.into_iter().find(|topic| topic.key() == key);
    found.ok_or(UnreadableQuestion::Value("topic"))
}

impl Consent {
    fn of(answer: &ConsentAnswer) -> Self {
        let ConsentAnswer { topic, agreed, at } = *answer;
        Self { topic: topic.key().to_owned(), agreed, at }
    }

    fn read(&self) -> Result<ConsentAnswer, UnreadableQuestion> {
        Ok(ConsentAnswer { topic: read_topic(&self.topic)?, agreed: self.agreed, at: self.at })
    }
}

impl By {
    fn of(method: Method) -> Self {
        match method {
            Method::Face => Self::Face,
            Method::Pin => Self::Pin,
            Method::Visual => Self::Visual,
        }
    }

    fn method(&self) -> Method {
        match self {
            Self::Face => Method::Face,
            Self::Pin => Method::Pin,
            Self::Visual => Method::Visual,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn serial() -> impl Strategy<Value = Serial> {
        prop::collection::vec(any::<u8>(), 1..=LONGEST_SERIAL).prop_map(Serial::new)
    }

    fn topic() -> impl Strategy<Value = Topic> {
        prop::sample::select(&Topic::ALL[..])
    }

    fn consent() -> impl Strategy<Value = ConsentAnswer> {
        (topic(), any::<bool>(), 0_i64..4_000_000_000).prop_map(|(topic, agreed, second)| {
            ConsentAnswer { topic, agreed, at: Timestamp::from_second(second).unwrap() }
        })
    }

    fn numbers() -> impl Strategy<Value = Numbers> {
        let branch = prop::option::of("[0-9]{2}");
        ("[ぁ-んA-Z0-9]{0,20}", "[0-9]{1,20}", branch).prop_map(|(symbol, number, branch)| {
            Numbers {
                insurer_number: "138057".into(),
                symbol,
                number,
                branch,
                birth: Birth::parse("19450229").unwrap(),
            }
        })
    }

    fn question() -> impl Strategy<Value = Question> {
        let method = prop::sample::select(&[Method::Face, Method::Pin, Method::Visual][..]);
        prop_oneof![
            serial().prop_map(|serial| Question::LookUp { serial }),
            (serial(), method, any::<bool>()).prop_map(|(serial, method, register)| {
                Question::Open { serial, method, register }
            }),
            (serial(), prop::collection::vec(consent(), 0..=Topic::ALL.len()))
                .prop_map(|(serial, consents)| Question::Query { serial, consents }),
            (numbers(), any::<bool>()).prop_map(|(numbers, limit_certificate)| {
                Question::QueryNumbers { numbers: Box::new(numbers), limit_certificate }
            }),
            (serial(), topic()).prop_map(|(serial, topic)| Question::Withdraw { serial, topic }),
        ]
    }

    proptest! {
        #[test]
        fn what_is_asked_arrives_as_it_was(question in question()) {
            let body = write_question(&question);
            prop_assert!(body.len() <= crate::MAX_QUESTION);
            prop_assert_eq!(read_question(&body), Ok(question));
        }

        #[test]
        fn no_bytes_panic(body in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read_question(&body);
        }
    }

    #[test]
    fn other_values_are_refused_by_the_name_of_their_field() {
        let numbers = r#""question":"query_numbers","symbol":"","limit_certificate":false"#;
        let asked = |insurer: &str, number: &str, branch: &str, birth: &str| {
            format!(
                r#"{{{numbers},"insurer_number":"{insurer}","number":"{number}","branch":{branch},"birth":"{birth}"}}"#
            )
        };
        let long = "1".repeat(21);
        for (body, field) in [
            (r#"{"question":"look_up","serial":""}"#.to_owned(), "serial"),
            (r#"{"question":"look_up","serial":"0g"}"#.to_owned(), "serial"),
            (format!(r#"{{"question":"look_up","serial":"{}"}}"#, "00".repeat(21)), "serial"),
            (r#"{"question":"withdraw","serial":"01","topic":"all"}"#.to_owned(), "topic"),
            (asked("138058", "1", "null", "19800217"), "insurer_number"),
            (asked("138057", "", "null", "19800217"), "number"),
            (asked("138057", &long, "null", "19800217"), "number"),
            (asked("138057", "1\\u0000", "null", "19800217"), "number"),
            (asked("138057", "1", "\"1\"", "19800217"), "branch"),
            (asked("138057", "1", "null", "1980-02-17"), "birth"),
        ] {
            let error = read_question(body.as_bytes()).unwrap_err();
            assert_eq!(error, UnreadableQuestion::Value(field), "{body}");
        }
        for body in [
            "",
            "[]",
            r#"{"question":"erase","serial":"01"}"#,
            r#"{"question":"look_up","serial":"01","more":1}"#,
        ] {
            let error = read_question(body.as_bytes()).unwrap_err();
            assert!(matches!(error, UnreadableQuestion::Form { .. }), "{body}");
        }
    }
}
