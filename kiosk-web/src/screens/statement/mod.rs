//! 被保険者資格申立書: one question after the other, all answers sent at the end.

mod check;
mod choices;
mod lines;

use crate::components::button::{Button, Kind};
use crate::components::by_staff::ByStaff;
use crate::components::frame::Frame;
use crate::components::problem::Problem;
use crate::model::shown::Step;
use crate::model::statement_form::{Question, StatementForm};
use crate::shell::Shell;
use crate::words::{self, Tongue, language, say, text};
use leptos::prelude::*;
use protocol::Action;
use protocol::screen::FieldError;

/// What every question can reach.
#[derive(Clone, Copy)]
struct FormState {
    shell: Shell,
    form: RwSignal<StatementForm>,
    problem: RwSignal<Option<FieldError>>,
}

impl FormState {
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
    let state = FormState { shell, form: shell.statement, problem: RwSignal::new(None) };
    if let Some(found) = problem {
        state.show(found);
    }
    Effect::new(move || {
        if shell.by_staff.get() {
            state.problem.set(None);
        }
    });
    let at = Memo::new(move |_| state.form.with(|form| form.at));
    // A new frame for each question: its heading gets the focus.
    move || {
        let at = at.get();
        view! { <Page state at/> }
    }
}

#[component]
fn Page(state: FormState, at: Question) -> impl IntoView {
    let language = language();
    let position = move || {
        let (number, of) = state.form.with(StatementForm::position);
        text!(language.0.get(), statement.position, number, of)
    };
    let error = move || {
        state.problem.get().map(|problem| {
            let words = move || words::field_error(language.0.get(), problem);
            view! { <Problem test="field-problem">{words}</Problem> }
        })
    };
    let title = move || title(language.0.get(), at).to_owned();
    let ways = move || {
        view! {
            {on(state, at)}
            <Button kind=Kind::Secondary test="back" on_press=move || state.back()>{say!(statement.back)}</Button>
        }
    };
    view! {
        <Frame name="statement" loses=true step=Step::Result title=Signal::derive(title) ways>
            <p class="small" data-test="position" data-question=at.name()>{say!(statement.intro)}" — "{position}</p>
            <ByStaff/>
            {error}
            {body(state, at)}
        </Frame>
    }
}

/// The button on, where an answer itself does not lead on.
fn on(state: FormState, at: Question) -> Option<AnyView> {
    match at {
        Question::Reason | Question::Insurance | Question::Share | Question::Sex => None,
        Question::Check => Some(
            view! { <Button kind=Kind::Primary test="confirm" on_press=move || state.send()>{say!(statement.send)}</Button> }
                .into_any(),
        ),
        _ => Some(
            view! { <Button kind=Kind::Primary test="continue" on_press=move || state.next()>{say!(common.next)}</Button> }
                .into_any(),
        ),
    }
}

fn body(state: FormState, at: Question) -> AnyView {
    match at {
        Question::Reason => view! { <choices::Reason state/> }.into_any(),
        Question::Insurance => view! { <choices::Kinds state/> }.into_any(),
        Question::Share => view! { <choices::Share state/> }.into_any(),
        Question::Sex => view! { <choices::Sexes state/> }.into_any(),
        Question::Insurer => view! { <lines::Insurer state/> }.into_any(),
        Question::Employer => view! { <lines::Employer state/> }.into_any(),
        Question::Since => view! { <lines::Since state/> }.into_any(),
        Question::Name => view! { <lines::Name state/> }.into_any(),
        Question::Birth => view! { <lines::Birth state/> }.into_any(),
        Question::Address => view! { <lines::Address state/> }.into_any(),
        Question::Phone => view! { <lines::Phone state/> }.into_any(),
        Question::Check => view! { <check::Check state/> }.into_any(),
    }
}

fn title(locale: Tongue, at: Question) -> &'static str {
    match at {
        Question::Reason => text!(locale, statement.reason),
        Question::Insurance => text!(locale, statement.insurance),
        Question::Insurer => text!(locale, statement.insurer),
        Question::Employer => text!(locale, statement.employer),
        Question::Since => text!(locale, statement.since),
        Question::Share => text!(locale, statement.share),
        Question::Name => text!(locale, statement.name),
        Question::Birth => text!(locale, statement.birth),
        Question::Sex => text!(locale, statement.sex),
        Question::Address => text!(locale, statement.address),
        Question::Phone => text!(locale, statement.phone),
        Question::Check => text!(locale, statement.check),
    }
}
