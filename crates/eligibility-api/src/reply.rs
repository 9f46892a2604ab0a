//! Replies.

use crate::question::read_topic;
use checkin::birth::Birth;
use checkin::consent::Topic;
use checkin::effect::Handover;
use checkin::eligibility::Asked;
use checkin::gateway::{GatewayTrouble, Opened, Registration};
use checkin::{Question, Reply};
use jiff::Timestamp;
use oqs::{Encoding, InstitutionCode, Message, NoAnswer, WriteError};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case", deny_unknown_fields)]
enum Told {
    LookedUp { registered: bool },
    Opened { topics: Vec<String>, births: Vec<String> },
    Queried { xml: String },
    Withdrawn,
    Trouble { trouble: Trouble },
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Trouble {
    Down,
    Late,
    UnknownCertificate,
    Refused,
}

/// Why a reply was not understood. Holds nothing of what it tells.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableReply {
    /// No JSON object, or another one.
    #[error("not a reply: line {line}, column {column}")]
    Form {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// A reply to another kind of question.
    #[error("a reply to another question")]
    Another,
    /// A value that no such reply has.
    #[error("field `{0}` has a value that no such reply has")]
    Value(&'static str),
    /// The `XmlMsg` in it.
    #[error("field `xml`: {0}")]
    Xml(#[from] oqs::ParseError),
    /// It tells no qualification.
    #[error("field `xml`: {0}")]
    NoAnswer(#[from] NoAnswer),
}

/// More people than a card can be linked to by mistake.
const MOST_BIRTHS: usize = oqs::MAX_RESULTS;

/// As the body of a response; its status is [`status_of`] the reply. `institution` stands in the answer as in a file.
///
/// # Errors
/// [`WriteError`]: what the system knows about the person does not fit the interface.
pub fn write_reply(
    question: &Question,
    reply: &Reply,
    institution: &InstitutionCode,
    now: Timestamp,
) -> Result<Vec<u8>, WriteError> {
    let told = match reply {
        Reply::LookedUp(Ok(registration)) => {
            Told::LookedUp { registered: *registration == Registration::Registered }
        }
        Reply::Opened(Ok(Opened { topics, births })) => Told::Opened {
            topics: topics.iter().map(|topic| topic.key().to_owned()).collect(),
            births: births.iter().map(|birth| birth.digits()).collect(),
        },
        Reply::Queried(Ok(eligibility)) => {
            let asked = match question {
                Question::QueryNumbers { .. } => Asked::Numbers { limit_certificate: None },
                _ => Asked::Card,
            };
            let found = Handover { eligibility: eligibility.clone(), asked, consents: Vec::new() };
            let message = Message::of_check_in(institution.clone(), "", &found, now)?;
            let xml = oqs::to_xml(&message, Encoding::Utf8)?.bytes;
            Told::Queried { xml: String::from_utf8_lossy(&xml).into_owned() }
        }
        Reply::Withdrawn(Ok(())) => Told::Withdrawn,
        Reply::LookedUp(Err(trouble))
        | Reply::Opened(Err(trouble))
        | Reply::Queried(Err(trouble))
        | Reply::Withdrawn(Err(trouble)) => Told::Trouble { trouble: Trouble::of(*trouble) },
    };
    Ok(serde_json::to_vec(&told).unwrap_or_default())
}

/// The status of HTTP for this reply: 200, 404 for a certificate that the system does not know, 422 for a question that it
/// refuses, 503 and 504 for a system that is down or late. Only the last two are worth another try.
#[must_use]
pub const fn status_of(reply: &Reply) -> u16 {
    let trouble = match reply {
        Reply::LookedUp(Err(trouble))
        | Reply::Opened(Err(trouble))
        | Reply::Queried(Err(trouble))
        | Reply::Withdrawn(Err(trouble)) => *trouble,
        _ => return 200,
    };
    match trouble {
        GatewayTrouble::Down => 503,
        GatewayTrouble::Late => 504,
        GatewayTrouble::UnknownCertificate => 404,
        GatewayTrouble::Refused | GatewayTrouble::AboutAnother => 422,
    }
}

/// Reads the body of a response to this question.
///
/// # Errors
/// [`UnreadableReply`].
pub fn read_reply(question: &Question, body: &[u8]) -> Result<Reply, UnreadableReply> {
    let told = serde_json::from_slice(body)
        .map_err(|error| UnreadableReply::Form { line: error.line(), column: error.column() })?;
    let reply = match told {
        Told::LookedUp { registered: true } => Reply::LookedUp(Ok(Registration::Registered)),
        Told::LookedUp { registered: false } => Reply::LookedUp(Ok(Registration::NotYet)),
        Told::Opened { topics, births } => Reply::Opened(Ok(opened(&topics, &births)?)),
        Told::Queried { xml } => Reply::Queried(Ok(oqs::parse(xml.as_bytes())?.eligibility()?)),
        Told::Withdrawn => Reply::Withdrawn(Ok(())),
        Told::Trouble { trouble } => question.failed(trouble.domain()),
    };
    let right = reply.is_like(&question.failed(GatewayTrouble::Down));
    if right { Ok(reply) } else { Err(UnreadableReply::Another) }
}

fn opened(topics: &[String], births: &[String]) -> Result<Opened, UnreadableReply> {
    if topics.len() > Topic::ALL.len() {
        return Err(UnreadableReply::Value("topics"));
    }
    if births.len() > MOST_BIRTHS {
        return Err(UnreadableReply::Value("births"));
    }
    let topic = |key: &String| read_topic(key).map_err(|_| UnreadableReply::Value("topics"));
    let birth = |text: &String| Birth::parse(text).ok_or(UnreadableReply::Value("births"));
    Ok(Opened {
        topics: topics.iter().map(topic).collect::<Result<_, _>>()?,
        births: births.iter().map(birth).collect::<Result<_, _>>()?,
    })
}

impl Trouble {
    fn of(trouble: GatewayTrouble) -> Self {
        match trouble {
            GatewayTrouble::Down => Self::Down,
            GatewayTrouble::Late => Self::Late,
            GatewayTrouble::UnknownCertificate => Self::UnknownCertificate,
            GatewayTrouble::Refused | GatewayTrouble::AboutAnother => Self::Refused,
        }
    }

    fn domain(self) -> GatewayTrouble {
        match self {
            Self::Down => GatewayTrouble::Down,
            Self::Late => GatewayTrouble::Late,
            Self::UnknownCertificate => GatewayTrouble::UnknownCertificate,
            Self::Refused => GatewayTrouble::Refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use checkin::identity::Method;
    use checkin::secret::Serial;
    use eligibility_sim::{NationalSystem, Person, personas};

    fn now() -> Timestamp {
        "2026-11-29T10:00:00+09:00".parse().unwrap()
    }

    fn questions(serial: &Serial) -> Vec<Question> {
        let (method, register) = (Method::Pin, true);
        vec![
            Question::LookUp { serial: serial.clone() },
            Question::Open { serial: serial.clone(), method, register },
            Question::Query { serial: serial.clone(), consents: Vec::new() },
            Question::Withdraw { serial: serial.clone(), topic: Topic::Operation },
        ]
    }

    /// Each of the practice personas, asked everything: what the system says comes out at the other end.
    #[test]
    fn what_is_told_about_every_persona_arrives_as_it_was() {
        let institution = InstitutionCode::new("9999999999").unwrap();
        let people =
            personas().iter().filter_map(|(_, text)| Person::from_toml(text, now()).unwrap());
        let serials: Vec<_> = people.map(|person| Serial::new(person.serial)).collect();
        let mut system = NationalSystem::practice(now());
        let (mut answered, mut failed) = (0, 0);
        for question in serials.iter().flat_map(questions) {
            let reply = system.ask(&question, now());
            let body = write_reply(&question, &reply, &institution, now()).unwrap();
            let read = read_reply(&question, &body).unwrap();
            assert_eq!(status_of(&read), status_of(&reply), "{}", question.name());
            assert_eq!(read, reply, "{}", question.name());
            if status_of(&reply) == 200 { answered += 1 } else { failed += 1 }
        }
        assert!(answered > 200 && failed > 5, "{answered} answers, {failed} troubles");
    }

    #[test]
    fn other_replies_are_refused() {
        let serial = Serial::new(vec![1]);
        let question = Question::LookUp { serial };
        for (body, error) in [
            (r#"{"reply":"withdrawn"}"#, UnreadableReply::Another),
            (r#"{"reply":"opened","topics":["x"],"births":[]}"#, UnreadableReply::Value("topics")),
            (r#"{"reply":"opened","topics":[],"births":["1"]}"#, UnreadableReply::Value("births")),
        ] {
            assert_eq!(read_reply(&question, body.as_bytes()), Err(error), "{body}");
        }
        let body = br#"{"reply":"looked_up"}"#;
        assert!(matches!(read_reply(&question, body), Err(UnreadableReply::Form { .. })));
        let body = br#"{"reply":"queried","xml":"<XmlMsg>"}"#;
        assert!(matches!(read_reply(&question, body), Err(UnreadableReply::Xml(_))));
        let late = br#"{"reply":"trouble","trouble":"late"}"#;
        assert_eq!(read_reply(&question, late), Ok(Reply::LookedUp(Err(GatewayTrouble::Late))));
    }
}
