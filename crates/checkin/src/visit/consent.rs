//! 同意: asked once over everything, or one by one. "No" blocks nothing.

use super::closing;
use super::owner::{Known, Whose};
use super::parked::{self, Unanswered};
use super::person::Person;
use super::shared::Shared;
use super::state::{ConsentPage, State};
use crate::certificate::Standing;
use crate::consent::{ConsentAnswer, ConsentSkipped, Topic};
use crate::effect::Record;
use crate::event::{Action, Overall};
use crate::gateway::{GatewayTrouble, Opened, Question, Registration};
use crate::identity::Method;

pub(super) fn opened(
    shared: &mut Shared,
    mut person: Box<Person>,
    method: Method,
    opened: Result<Opened, GatewayTrouble>,
) -> State {
    let Opened { mut topics, births } = match opened {
        Ok(opened) => opened,
        Err(trouble) => {
            let question = Unanswered::open(&person, method);
            return closing::unanswered(shared, person, question, trouble);
        }
    };
    if person.registration == Registration::NotYet {
        person.registration = Registration::Registered;
        shared.record(person.visit, Record::Registered);
    }
    if Known::of(&person).judge(&births) == Whose::SomebodyElses {
        return closing::about_another(shared, person);
    }
    topics.sort_unstable();
    topics.dedup();
    if !may_be_asked(shared, &person) {
        skip(shared, person, ConsentSkipped::CertificateInGrace)
    } else if topics.is_empty() {
        skip(shared, person, ConsentSkipped::NoTopicApplies)
    } else {
        State::Consenting { person, topics, page: ConsentPage::Overview }
    }
}

/// Whether the certificate allows medical information at this moment: midnight may have passed
/// since the card was placed.
fn may_be_asked(shared: &Shared, person: &Person) -> bool {
    Standing::of(person.card.not_after, shared.now.wall).allows_medical_information()
}

fn skip(shared: &mut Shared, person: Box<Person>, why: ConsentSkipped) -> State {
    shared.record(person.visit, Record::ConsentSkipped(why));
    State::ConsentSkipped { person, why }
}

/// `Err` gives the state back unchanged.
pub(super) fn act(shared: &mut Shared, state: State, action: &Action) -> Result<State, State> {
    match (state, action) {
        // The certificate ended while the question was on the screen: no answer counts any more.
        (State::Consenting { person, .. }, Action::ConsentAll(_) | Action::ConsentOne { .. })
            if !may_be_asked(shared, &person) =>
        {
            Ok(skip(shared, person, ConsentSkipped::CertificateInGrace))
        }
        (State::ConsentSkipped { person, .. }, Action::Continue) => {
            Ok(query(shared, person, Vec::new()))
        }
        (
            State::Consenting { person, topics, page: ConsentPage::Overview },
            Action::ConsentAll(overall),
        ) => Ok(answer_all(shared, person, topics, *overall)),
        (
            State::Consenting { person, topics, page: ConsentPage::OneByOne(answers) },
            Action::ConsentOne { topic, agreed },
        ) if topics.get(answers.len()) == Some(topic) => {
            Ok(answer_one(shared, person, topics, answers, *agreed))
        }
        (other, _) => Err(other),
    }
}

fn answer_all(
    shared: &mut Shared,
    person: Box<Person>,
    topics: Vec<Topic>,
    overall: Overall,
) -> State {
    let agreed = match overall {
        Overall::Choose => {
            return State::Consenting { person, topics, page: ConsentPage::OneByOne(Vec::new()) };
        }
        Overall::All => true,
        Overall::None => false,
    };
    let at = shared.now.wall;
    let answers = topics.into_iter().map(|topic| ConsentAnswer { topic, agreed, at }).collect();
    query(shared, person, answers)
}

fn answer_one(
    shared: &mut Shared,
    person: Box<Person>,
    topics: Vec<Topic>,
    mut answers: Vec<ConsentAnswer>,
    agreed: bool,
) -> State {
    let topic = topics[answers.len()];
    answers.push(ConsentAnswer { topic, agreed, at: shared.now.wall });
    if answers.len() == topics.len() {
        query(shared, person, answers)
    } else {
        State::Consenting { person, topics, page: ConsentPage::OneByOne(answers) }
    }
}

/// All questions are answered: only now do the answers count.
fn query(shared: &mut Shared, person: Box<Person>, consents: Vec<ConsentAnswer>) -> State {
    for answer in &consents {
        shared.record(person.visit, Record::Consent(*answer));
    }
    parked::supersede(shared, &person.card.serial, &consents);
    let serial = person.card.serial.clone();
    let effect = shared.ask(Question::Query { serial, consents: consents.clone() });
    State::Querying { person, consents, effect }
}
