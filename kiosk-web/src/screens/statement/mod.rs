//! 被保険者資格申立書: one question after the other, all answers sent at the end.

mod check;
mod choices;
mod lines;

use crate::components::button::{Button, Kind};
use crate::components::frame::Frame;
use crate::components::problem::Problem;
use crate::i18n::Locale;
use crate::model::shown::Step;
use crate::model::statement_form::{Question, StatementForm};
use crate::shell::Shell;
use crate::words::{self, language, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use protocol::Action;
use protocol::screen::FieldError;

/// What every question can reach.
#[derive(Clone, Copy)]
struct Desk {
    shell: Shell,
    form: RwSignal<StatementForm>,
    problem: RwSignal<Option<FieldError>>,
}

impl Desk {
    /// Changes an answer; what was wrong may be right now.
    fn change(self, change: impl FnOnce(&mut StatementForm)) {
        self.problem.set(None);
        self.form.update(change);
    }

    /// To the next question, unless this one still needs an answer.
    fn next(self) {
        let missing = self.form.with_untracked(|form| form.missing(form.at));
        self.problem.set(missing);
        if missing.is_none() {
            self.form.update(StatementForm::advance);
        }
    }

    fn back(self) {
        self.problem.set(None);
        if !self.form.try_update(StatementForm::go_back).unwrap_or(false) {
            self.shell.act(Action::Back);
        }
    }

    fn jump(self, to: Question) {
        self.problem.set(None);
        self.form.update(|form| form.at = to);
    }

    fn send(self) {
        if let Some(action) = self.form.with_untracked(StatementForm::to_action) {
            return self.shell.act(action);
        }
        if let Some((question, error)) = self.form.with_untracked(StatementForm::first_missing) {
            self.form.update(|form| form.at = question);
            self.problem.set(error);
        }
    }

    fn show(self, error: FieldError) {
        self.form.update(|form| form.at = Question::of(error.field));
        self.problem.set(Some(error));
    }
}

/// The question that is up.
#[component]
pub(crate) fn Statement(problem: Option<FieldError>) -> impl IntoView {
    let shell = Shell::get();
    let desk = Desk { shell, form: shell.statement, problem: RwSignal::new(None) };
    if let Some(found) = problem {
        desk.show(found);
    }
    let at = Memo::new(move |_| desk.form.with(|form| form.at));
    // A new frame for each question: its heading gets the focus.
    move || {
        let at = at.get();
        view! { <Page desk at/> }
    }
}

#[component]
fn Page(desk: Desk, at: Question) -> impl IntoView {
    let language = language();
    let position = move || {
        let (number, of) = desk.form.with(StatementForm::position);
        td_string!(language.0.get(), statement.position, number, of)
    };
    let error = move || {
        desk.problem.get().map(|problem| {
            let words = move || words::field_error(language.0.get(), problem);
            view! { <Problem test="field-problem">{words}</Problem> }
        })
    };
    let title = move || title(language.0.get(), at).to_owned();
    let ways = move || {
        view! {
            {on(desk, at)}
            <Button kind=Kind::Secondary test="back" on_press=move || desk.back()>{say!(statement.back)}</Button>
        }
    };
    view! {
        <Frame name="statement" step=Step::Result title=Signal::derive(title) ways>
            <p class="small" data-test="position" data-question=at.name()>{say!(statement.intro)}" — "{position}</p>
            {error}
            {body(desk, at)}
        </Frame>
    }
}

/// The button on, where an answer itself does not lead on.
fn on(desk: Desk, at: Question) -> Option<AnyView> {
    match at {
        Question::Reason | Question::Insurance | Question::Share | Question::Sex => None,
        Question::Check => Some(
            view! { <Button kind=Kind::Primary test="confirm" on_press=move || desk.send()>{say!(statement.send)}</Button> }
                .into_any(),
        ),
        _ => Some(
            view! { <Button kind=Kind::Primary test="continue" on_press=move || desk.next()>{say!(common.next)}</Button> }
                .into_any(),
        ),
    }
}

fn body(desk: Desk, at: Question) -> AnyView {
    match at {
        Question::Reason => view! { <choices::Reason desk/> }.into_any(),
        Question::Insurance => view! { <choices::Kinds desk/> }.into_any(),
        Question::Share => view! { <choices::Share desk/> }.into_any(),
        Question::Sex => view! { <choices::Sexes desk/> }.into_any(),
        Question::Insurer => view! { <lines::Insurer desk/> }.into_any(),
        Question::Employer => view! { <lines::Employer desk/> }.into_any(),
        Question::Since => view! { <lines::Since desk/> }.into_any(),
        Question::Name => view! { <lines::Name desk/> }.into_any(),
        Question::Birth => view! { <lines::Birth desk/> }.into_any(),
        Question::Address => view! { <lines::Address desk/> }.into_any(),
        Question::Phone => view! { <lines::Phone desk/> }.into_any(),
        Question::Check => view! { <check::Check desk/> }.into_any(),
    }
}

fn title(locale: Locale, at: Question) -> &'static str {
    match at {
        Question::Reason => td_string!(locale, statement.reason),
        Question::Insurance => td_string!(locale, statement.insurance),
        Question::Insurer => td_string!(locale, statement.insurer),
        Question::Employer => td_string!(locale, statement.employer),
        Question::Since => td_string!(locale, statement.since),
        Question::Share => td_string!(locale, statement.share),
        Question::Name => td_string!(locale, statement.name),
        Question::Birth => td_string!(locale, statement.birth),
        Question::Sex => td_string!(locale, statement.sex),
        Question::Address => td_string!(locale, statement.address),
        Question::Phone => td_string!(locale, statement.phone),
        Question::Check => td_string!(locale, statement.check),
    }
}
