//! The card was taken in the middle: the same card goes on. Nothing personal is shown.

use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::components::picture::{Motion, ReaderPicture};
use crate::model::shown::Step;
use crate::words::{Tongue, language, say, text};
use leptos::prelude::*;
use protocol::screen::CardProblem;

/// Please put the card back.
#[component]
pub(crate) fn CardAway(problem: Option<CardProblem>, reader_lost: bool) -> impl IntoView {
    let language = language();
    let problem = problem.map(|problem| {
        view! { <Notice tint=Tint::Error test="away-problem">{move || words(language.0.get(), problem)}</Notice> }
    });
    let lost = reader_lost.then(|| {
        view! { <Notice tint=Tint::Warning test="away-reader">{say!(away.reader_lost)}</Notice> }
    });
    let title = move || {
        let locale = language.0.get();
        if reader_lost {
            text!(locale, away.title_reader_lost).to_owned()
        } else {
            text!(locale, away.title).to_owned()
        }
    };
    view! {
        <Frame name="card_away" step=Step::Card title=Signal::derive(title)>
            {problem}
            {lost}
            <div class="split">
                <div class="panel panel--picture">
                    <ReaderPicture motion=Motion::Place label=Signal::derive(say!(idle.picture))/>
                </div>
                <div class="stack">
                    <p class="lead strong--large">{say!(away.body)}</p>
                    <p class="lead lead--icon"><Icon shape=Shape::Clock/>{say!(away.time)}</p>
                    <p class="lead--icon"><Icon shape=Shape::Lock/>{say!(away.hidden)}</p>
                </div>
            </div>
        </Frame>
    }
}

/// What lies there instead.
fn words(locale: Tongue, problem: CardProblem) -> &'static str {
    match problem {
        CardProblem::Unreadable => text!(locale, problem.unreadable.body),
        CardProblem::Phone => text!(locale, problem.phone.body),
        _ => text!(locale, away.another),
    }
}
