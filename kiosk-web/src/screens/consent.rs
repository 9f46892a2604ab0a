//! Consent: 「いいえ」 costs the same as 「はい」 and looks the same.

use crate::components::answers::Answers;
use crate::components::button::{Button, Kind};
use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::Action;
use protocol::action;
use protocol::screen::{ConsentSkipped, Topic};

/// No consent is asked, and why.
#[component]
pub(crate) fn Skipped(why: ConsentSkipped) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let reason = move || match why {
        ConsentSkipped::CertificateInGrace => text!(language.0.get(), consent.skipped_grace),
        ConsentSkipped::NoTopicApplies => text!(language.0.get(), consent.skipped_none),
    };
    let ways = move || {
        view! {
            <Button kind=Kind::Primary test="continue" on_press=move || shell.act(Action::Continue)>{say!(common.next)}</Button>
        }
    };
    view! {
        <Frame name="consent_skipped" step=Step::Consent title=Signal::derive(say!(consent.skipped_title)) ways>
            <p class="lead lead--icon"><Icon shape=Shape::Info/>{reason}</p>
        </Frame>
    }
}

/// 包括同意.
#[component]
pub(crate) fn Overall(topics: Vec<Topic>) -> impl IntoView {
    let shell = Shell::get();
    let answer = move |answer| move || shell.act(Action::ConsentAll { answer });
    let language = language();
    let title = move || {
        let locale = language.0.get();
        let here = words::here(locale, shell.institution_kind.get());
        text!(locale, consent.all_title, here)
    };
    let asks = Asks::of(&topics);
    let topics = topics.into_iter().map(|topic| view! { <TopicLine topic/> }).collect_view();
    let ways = move || {
        view! {
            <Answers>
                <Button kind=Kind::Secondary test="consent-all" on_press=answer(action::Overall::All)>{say!(consent.yes_all)}</Button>
                <Button kind=Kind::Secondary test="consent-choose" on_press=answer(action::Overall::Choose)>{say!(consent.choose)}</Button>
                <Button kind=Kind::Secondary test="consent-none" on_press=answer(action::Overall::None)>{say!(consent.no_all)}</Button>
            </Answers>
        }
    };
    view! {
        <Frame name="consent_all" loses=true step=Step::Consent title=Signal::derive(title) ways read_first=true>
            <p class="lead">{say!(consent.all_lead)}</p>
            // Before the list: with large type the list goes on below the answers, and this is to be read before one is given.
            <p class="strong">{say!(consent.no_penalty)}</p>
            {(asks == Asks::Both).then(|| view! { <p class="strong">{say!(consent.paper)}</p> })}
            <div class="split split--even">
                <section class="panel">
                    <h2 class="panel__title">{say!(consent.topics)}</h2>
                    <ul class="topics">{topics}</ul>
                </section>
                <section class="panel"><Terms asks/></section>
            </div>
        </Frame>
    }
}

/// One topic.
#[component]
pub(crate) fn One(topic: Topic, number: u8, of: u8) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let answer = move |agreed| move || shell.act(Action::ConsentOne { topic, agreed });
    let asks = Asks::of(&[topic]);
    let refusing = move || match asks {
        Asks::Certificate => text!(language.0.get(), consent.paper),
        Asks::Records | Asks::Both => text!(language.0.get(), consent.no_penalty),
    };
    let title = move || {
        let locale = language.0.get();
        text!(locale, consent.one_title, topic = words::topic(locale, topic))
    };
    let ways = move || {
        view! {
            <Answers>
                <Button kind=Kind::Secondary test="agree" on_press=answer(true)>{say!(consent.yes)}</Button>
                <Button kind=Kind::Secondary test="refuse" on_press=answer(false)>{say!(consent.no)}</Button>
            </Answers>
        }
    };
    view! {
        <Frame name="consent_one" loses=true step=Step::Consent title=Signal::derive(title) ways read_first=true>
            <p class="small" data-test="position">{say!(consent.position, number, of)}</p>
            <p class="lead">{move || words::topic_note(language.0.get(), topic)}</p>
            <p class="strong">{refusing}</p>
            <section class="panel"><Terms asks/></section>
        </Frame>
    }
}

#[component]
fn TopicLine(topic: Topic) -> impl IntoView {
    let language = language();
    view! {
        <li class="topics__line">
            <strong>{move || words::topic(language.0.get(), topic)}</strong>
            <span class="small">{move || words::topic_note(language.0.get(), topic)}</span>
        </li>
    }
}

/// What a screen asks for. 特定疾病療養受療証 is about the payment, and its consent has no end of 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    Records,
    Certificate,
    Both,
}

impl Asks {
    fn of(topics: &[Topic]) -> Self {
        let certificate = topics.contains(&Topic::SpecificDiseases);
        match (certificate, topics.len()) {
            (false, _) => Self::Records,
            (true, 1) => Self::Certificate,
            (true, _) => Self::Both,
        }
    }
}

/// Who sees it, what for, how long.
#[component]
fn Terms(asks: Asks) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let who = move || {
        let (locale, kind) = (language.0.get(), shell.institution_kind.get());
        match asks {
            Asks::Records | Asks::Both => words::who_looks(locale, kind).to_owned(),
            Asks::Certificate => {
                text!(locale, consent.who_certificate, here = words::here(locale, kind))
            }
        }
    };
    let why = move || match asks {
        Asks::Records | Asks::Both => text!(language.0.get(), consent.why_text),
        Asks::Certificate => text!(language.0.get(), consent.why_certificate),
    };
    let how_long = (asks != Asks::Certificate).then(|| {
        let text = move || match asks {
            Asks::Both => text!(language.0.get(), consent.how_long_records),
            Asks::Records | Asks::Certificate => {
                text!(language.0.get(), consent.how_long_text)
            }
        };
        view! { <div><dt>{say!(consent.how_long)}</dt><dd>{text}</dd></div> }
    });
    view! {
        <dl class="facts">
            <div><dt>{say!(consent.who)}</dt><dd>{who}</dd></div>
            <div><dt>{say!(consent.why)}</dt><dd>{why}</dd></div>
            {how_long}
        </dl>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_certificate_by_itself_has_terms_of_its_own() {
        assert_eq!(Asks::of(&[Topic::Operation, Topic::HealthCheckups]), Asks::Records);
        assert_eq!(Asks::of(&[Topic::SpecificDiseases]), Asks::Certificate);
        assert_eq!(Asks::of(&[Topic::Operation, Topic::SpecificDiseases]), Asks::Both);
    }
}
