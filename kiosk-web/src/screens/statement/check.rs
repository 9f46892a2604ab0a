//! All answers once more, each a button to its question.

use super::{FormState, lines, title};
use crate::model::statement_form::{Question, StatementForm};
use crate::words::{self, Tongue, language, say, text};
use leptos::prelude::*;

/// Is this right?
#[component]
pub(super) fn Check(state: FormState) -> impl IntoView {
    let language = language();
    let questions = state.form.with_untracked(StatementForm::questions);
    let rows = questions.into_iter().filter(|question| *question != Question::Check);
    let rows = rows.map(|question| {
        let value = move || state.form.with(|form| answer(language.0.get(), form, question));
        view! {
            <li>
                <button type="button" class="answer-line" data-test=format!("change-{}", question.name()) on:click=move |_| state.jump(question)>
                    <span class="answer-line__label">{move || title(language.0.get(), question)}</span>
                    <span class="answer-line__value">{value}</span>
                </button>
            </li>
        }
    });
    view! {
        <p class="lead">{say!(statement.check_hint)}</p>
        <ul class="answer-lines">{rows.collect_view()}</ul>
    }
}

fn answer(locale: Tongue, form: &StatementForm, question: Question) -> String {
    let unknown = || text!(locale, statement.unknown).to_owned();
    let or_unknown = |text: &str| if text.trim().is_empty() { unknown() } else { text.to_owned() };
    match question {
        Question::Reason => {
            form.reason.map_or_else(unknown, |it| words::statement_reason(locale, it).to_owned())
        }
        Question::Insurance => {
            form.insurance.map_or_else(unknown, |it| words::insurance(locale, it).to_owned())
        }
        Question::Insurer => or_unknown(&form.insurer),
        Question::Employer => or_unknown(&form.employer),
        Question::Since => lines::date_words(locale, &form.since),
        Question::Share => words::usual_share(locale, form.share.flatten()).to_owned(),
        Question::Name if form.kana.trim().is_empty() => form.name.clone(),
        Question::Name => format!("{}（{}）", form.name, form.kana),
        Question::Birth => lines::date_words(locale, &form.birth),
        Question::Sex => form.sex.map_or_else(unknown, |it| words::sex(locale, it).to_owned()),
        Question::Address => form.address.clone(),
        Question::Phone if form.no_phone => text!(locale, statement.no_phone).to_owned(),
        Question::Phone => form.phone.clone(),
        Question::Check => String::new(),
    }
}
