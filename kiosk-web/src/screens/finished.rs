//! How the visit ended: result, consents, what was kept and what was not, and what to do next.

use crate::components::button::{Button, Kind};
use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::i18n::Locale;
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::{self, language, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use protocol::Action;
use protocol::screen::{Agreed, Outcome};

/// The end of a visit.
#[component]
pub(crate) fn Finished(
    outcome: Outcome,
    person: Option<String>,
    share_percent: Option<u8>,
    agreed: Vec<Agreed>,
    delivery_queued: bool,
) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let confirmed = outcome == Outcome::Confirmed;
    let title = move || title_and_reason(language.0.get(), outcome).0.to_owned();
    let reason = move || title_and_reason(language.0.get(), outcome).1;
    let ways = move || {
        view! {
            <Button kind=Kind::Primary test="continue" on_press=move || shell.act(Action::Continue)>{say!(finished.done)}</Button>
        }
    };
    let result = person.map(|person| view! { <Result person share_percent/> });
    view! {
        <Frame name="finished" step=Step::Result title=Signal::derive(title) can_stop=false ways>
            <Notice tint=if confirmed { Tint::Success } else { Tint::Warning } test="outcome">{reason}</Notice>
            {(!confirmed).then(|| view! { <p class="strong strong--large">{say!(common.usual_share)}</p> })}
            <div class="split split--even">
                <div class="stack">
                    {result}
                    {(!confirmed).then(|| view! { <ToShow/> })}
                    {delivery_queued.then(|| view! { <p class="small" data-test="queued">{say!(finished.queued)}</p> })}
                </div>
                <section class="panel"><Receipt agreed/></section>
            </div>
        </Frame>
    }
}

#[component]
fn Result(person: String, share_percent: Option<u8>) -> impl IntoView {
    let language = language();
    let share = share_percent.map(|percent| {
        view! { <div><dt>{say!(finished.share)}</dt><dd class="facts__large" data-test="share">{move || share(language.0.get(), percent)}</dd></div> }
    });
    view! {
        <section class="panel">
            <dl class="facts">
                <div><dt>{say!(finished.person)}</dt><dd class="facts__large" data-test="person" lang="ja">{person}</dd></div>
                {share}
            </dl>
        </section>
    }
}

/// Whole tenths are said as 割.
fn share(locale: Locale, percent: u8) -> String {
    if percent.is_multiple_of(10) && percent > 0 {
        td_string!(locale, finished.share_value, share = percent / 10)
    } else {
        td_string!(locale, finished.share_percent, percent)
    }
}

#[component]
fn ToShow() -> impl IntoView {
    view! {
        <section class="panel">
            <h2 class="panel__title">{say!(outcome.show_title)}</h2>
            <ol class="numbered">
                <li>{say!(outcome.show_1)}</li>
                <li>{say!(outcome.show_2)}</li>
                <li>{say!(outcome.show_3)}</li>
            </ol>
        </section>
    }
}

#[component]
fn Receipt(agreed: Vec<Agreed>) -> impl IntoView {
    let language = language();
    let none = agreed.is_empty();
    let lines = agreed
        .into_iter()
        .map(|Agreed { topic, until }| {
            let until = move || {
                let locale = language.0.get();
                td_string!(locale, finished.until, until = words::time(locale, &until))
            };
            view! { <li><strong>{move || words::topic(language.0.get(), topic)}</strong>" "<span class="small">{until}</span></li> }
        })
        .collect_view();
    view! {
        <dl class="facts" data-test="receipt">
            <div>
                <dt>{say!(finished.consents)}</dt>
                <dd>{if none { view! { <p>{say!(finished.no_consents)}</p> }.into_any() } else { view! { <ul class="plain">{lines}</ul> }.into_any() }}</dd>
            </div>
            <div><dt>{say!(finished.kept)}</dt><dd>{say!(finished.kept_text)}</dd></div>
            <div><dt><Icon shape=Shape::Lock/>{say!(finished.not_kept)}</dt><dd>{say!(finished.not_kept_text)}</dd></div>
        </dl>
    }
}

/// Title, and the reason or next step.
pub(super) fn title_and_reason(locale: Locale, outcome: Outcome) -> (&'static str, &'static str) {
    macro_rules! words {
        ($key:ident) => {
            (td_string!(locale, outcome.$key.title), td_string!(locale, outcome.$key.reason))
        };
    }
    match outcome {
        Outcome::Confirmed => (
            td_string!(locale, outcome.confirmed.title),
            td_string!(locale, outcome.confirmed.next),
        ),
        Outcome::Invalid => words!(invalid),
        Outcome::InvalidNewerExists => words!(invalid_newer_exists),
        Outcome::NoneFound => words!(none_found),
        Outcome::MoreThanOne => words!(more_than_one),
        Outcome::SystemDown => words!(system_down),
        Outcome::SystemLate => words!(system_late),
        Outcome::UnknownCertificate => words!(unknown_certificate),
        Outcome::Stopped => words!(stopped),
        Outcome::TimedOut => words!(timed_out),
        Outcome::CardRefused => words!(card_refused),
        Outcome::CardTaken => words!(card_taken),
        Outcome::ReaderLost => words!(reader_lost),
        Outcome::NumbersTyped => words!(numbers_typed),
        Outcome::Oral => words!(oral),
        Outcome::StatementMade => words!(statement_made),
        Outcome::AtDesk => words!(at_desk),
    }
}
