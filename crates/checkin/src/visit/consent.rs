//! 同意: asked once over everything, or one by one. "No" blocks nothing.

use super::closing;
use super::desk::Desk;
use super::owner::{Known, Whose};
use super::parked::{self, Question};
use super::session::Session;
use super::state::{ConsentPage, State};
use crate::certificate::Standing;
use crate::consent::{ConsentAnswer, ConsentSkipped, Topic};
use crate::effect::{Record, Request};
use crate::event::{Action, GatewayTrouble, Opened, Overall, Registration};
use crate::identity::Method;

pub(super) fn opened(
    desk: &mut Desk,
    mut session: Box<Session>,
    method: Method,
    opened: Result<Opened, GatewayTrouble>,
) -> State {
    let Opened { mut topics, births } = match opened {
        Ok(opened) => opened,
        Err(trouble) => {
            let question = Question::open(&session, method);
            return closing::unanswered(desk, session, question, trouble);
        }
    };
    if session.registration == Registration::NotYet {
        session.registration = Registration::Registered;
        desk.record(session.visit, Record::Registered);
    }
    if Known::of(&session).judge(&births) == Whose::SomebodyElses {
        return closing::about_another(desk, session);
    }
    topics.sort_unstable();
    topics.dedup();
    if !may_be_asked(desk, &session) {
        skip(desk, session, ConsentSkipped::CertificateInGrace)
    } else if topics.is_empty() {
        skip(desk, session, ConsentSkipped::NoTopicApplies)
    } else {
        State::Consenting { session, topics, page: ConsentPage::Overview }
    }
}

/// Whether the certificate allows medical information at this moment: midnight may have passed
/// since the card was placed.
fn may_be_asked(desk: &Desk, session: &Session) -> bool {
    Standing::of(session.card.not_after, desk.now.wall).allows_medical_information()
}

fn skip(desk: &mut Desk, session: Box<Session>, why: ConsentSkipped) -> State {
    desk.record(session.visit, Record::ConsentSkipped(why));
    State::ConsentSkipped { session, why }
}

/// `Err` gives the state back unchanged.
pub(super) fn act(desk: &mut Desk, state: State, action: &Action) -> Result<State, State> {
    match (state, action) {
        // The certificate ended while the question was on the screen: no answer counts any more.
        (State::Consenting { session, .. }, Action::ConsentAll(_) | Action::ConsentOne { .. })
            if !may_be_asked(desk, &session) =>
        {
            Ok(skip(desk, session, ConsentSkipped::CertificateInGrace))
        }
        (State::ConsentSkipped { session, .. }, Action::Continue) => {
            Ok(query(desk, session, Vec::new()))
        }
        (
            State::Consenting { session, topics, page: ConsentPage::Overview },
            Action::ConsentAll(overall),
        ) => Ok(answer_all(desk, session, topics, *overall)),
        (
            State::Consenting { session, topics, page: ConsentPage::OneByOne(answers) },
            Action::ConsentOne { topic, agreed },
        ) if topics.get(answers.len()) == Some(topic) => {
            Ok(answer_one(desk, session, topics, answers, *agreed))
        }
        (other, _) => Err(other),
    }
}

fn answer_all(
    desk: &mut Desk,
    session: Box<Session>,
    topics: Vec<Topic>,
    overall: Overall,
) -> State {
    let agreed = match overall {
        Overall::Choose => {
            return State::Consenting { session, topics, page: ConsentPage::OneByOne(Vec::new()) };
        }
        Overall::All => true,
        Overall::None => false,
    };
    let at = desk.now.wall;
    let answers = topics.into_iter().map(|topic| ConsentAnswer { topic, agreed, at }).collect();
    query(desk, session, answers)
}

fn answer_one(
    desk: &mut Desk,
    session: Box<Session>,
    topics: Vec<Topic>,
    mut answers: Vec<ConsentAnswer>,
    agreed: bool,
) -> State {
    let topic = topics[answers.len()];
    answers.push(ConsentAnswer { topic, agreed, at: desk.now.wall });
    if answers.len() == topics.len() {
        query(desk, session, answers)
    } else {
        State::Consenting { session, topics, page: ConsentPage::OneByOne(answers) }
    }
}

/// All questions are answered: only now do the answers count.
fn query(desk: &mut Desk, session: Box<Session>, consents: Vec<ConsentAnswer>) -> State {
    for answer in &consents {
        desk.record(session.visit, Record::Consent(*answer));
    }
    parked::supersede(desk, &session.card.serial, &consents);
    let serial = session.card.serial.clone();
    let effect = desk.request(Request::Query { serial, consents: consents.clone() });
    State::Querying { session, consents, effect }
}
