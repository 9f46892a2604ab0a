//! The numbers on one large keypad, field by field, with a drawing of where each number is printed.

use super::{Note, Otherwise};
use crate::components::button::{Button, Kind};
use crate::components::card_front::CardFront;
use crate::components::date_fields::Eras;
use crate::components::frame::Frame;
use crate::components::keypad::{Key, Keypad};
use crate::components::notice::{Notice, Tint};
use crate::components::problem::Problem;
use crate::effects::field::settled;
use crate::model::code_form::{CodeForm, Field, field_of};
use crate::model::digits::Digits;
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::{Tongue, language, say, text};
use leptos::prelude::*;
use protocol::screen::{CodeProblem, CodePurpose};

/// The numbers as typed, or as read to be checked.
#[component]
pub(crate) fn Typed(
    problem: Option<CodeProblem>,
    note: Note,
    purpose: CodePurpose,
) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let form = shell.code;
    let refused = RwSignal::new(problem);
    let wrong: RwSignal<Option<Field>> = RwSignal::new(problem.and_then(field_of));
    if let Some(field) = problem.and_then(field_of) {
        form.update(|form| form.current = field);
    }
    let confirm = move || {
        refused.set(None);
        if let Some(action) = form.with_untracked(CodeForm::to_action) {
            return shell.act(action);
        }
        let first = form.with_untracked(CodeForm::first_wrong);
        wrong.set(first);
        form.update(|form| form.current = first.unwrap_or(form.current));
    };
    let on_key = move |key| {
        wrong.set(None);
        match key {
            Key::Digit(digit) => form.update(|form| form.push(digit)),
            Key::Delete => form.update(CodeForm::pop),
            Key::Clear => form.update(CodeForm::clear),
            Key::Enter => confirm(),
        }
    };
    let error = move || {
        let locale = language.0.get();
        wrong
            .get()
            .filter(|_| refused.get().is_none())
            .map(|field| field_error(locale, field))
            .map(str::to_owned)
            .or_else(|| refused.get().map(|problem| refusal(locale, problem)))
    };
    let ways = move || {
        view! {
            <Button kind=Kind::Primary test="confirm" on_press=confirm>{say!(common.confirm)}</Button>
            <Otherwise purpose/>
        }
    };
    let over = match note {
        Note::None => None,
        Note::Read => Some(
            view! { <Notice tint=Tint::Success test="code-read">{say!(show.check)}</Notice> }
                .into_any(),
        ),
        Note::NoCamera => Some(
            view! { <Notice tint=Tint::Info test="code-no-camera">{say!(show.no_camera)}</Notice> }
                .into_any(),
        ),
    };
    let (typed, read) = (say!(code.title), say!(show.check_title));
    let title = Signal::derive(move || if note == Note::Read { read() } else { typed() });
    let (photo, items) = (say!(code.why), say!(code.why_items));
    let why = move || match purpose {
        CodePurpose::Photo => photo(),
        CodePurpose::Items => items(),
    };
    let current = Signal::derive(move || form.with(|form| form.current));
    view! {
        <Frame name="code" loses=true step=Step::Identity title ways>
            {over}
            <div class="split split--keypad">
                <div class="stack">
                    {move || error().map(|error| view! { <Problem test="code-problem">{error}</Problem> })}
                    <Eras label=Signal::derive(say!(code.era)) era=Signal::derive(move || form.with(|form| form.era))
                        on_pick=move |era| form.update(|form| form.pick(era))/>
                    <div class="fields">
                        <FieldBox form wrong field=Field::EraYear/>
                        <FieldBox form wrong field=Field::Month/>
                        <FieldBox form wrong field=Field::Day/>
                        <FieldBox form wrong field=Field::ExpiryYear/>
                        <FieldBox form wrong field=Field::SecurityCode/>
                    </div>
                    <div class="where">
                        <CardFront current/>
                        <div class="stack">
                            <p role="status">{move || place(language.0.get(), current.get())}</p>
                            <p class="small">{why}</p>
                        </div>
                    </div>
                </div>
                <div class="stack">
                    <Keypad label=Signal::derive(say!(code.keypad)) on_key/>
                </div>
            </div>
        </Frame>
    }
}

#[component]
fn FieldBox(
    form: RwSignal<CodeForm>,
    wrong: RwSignal<Option<Field>>,
    field: Field,
) -> impl IntoView {
    let language = language();
    let class = move || {
        let now = form.with(|form| form.current == field);
        if now {
            format!("field field--{} field--now", field.name())
        } else {
            format!("field field--{}", field.name())
        }
    };
    let of_date = matches!(field, Field::EraYear | Field::Month | Field::Day).then(|| {
        view! { <span class="visually-hidden">{say!(numbers.birth)}" "</span> }
    });
    let take = move |event: &web_sys::Event| {
        if let Some(text) = settled(event) {
            wrong.set(None);
            form.update(|form| form.replace(field, &text));
        }
    };
    view! {
        <label class=class>
            <span class="label">{of_date}{move || label(language.0.get(), field)}</span>
            <input class="field__box" type="text" inputmode="none" autocomplete="off" maxlength=move || form.with(|form| form.typed(field).max())
                data-test=format!("field-{}", field.name())
                aria-invalid=move || (wrong.get() == Some(field)).then_some("true")
                prop:value=move || form.with(|form| Digits::expose(form.typed(field)))
                on:focus=move |_| form.update(|form| form.current = field)
                on:input=move |event| take(&event)
                on:compositionend=move |event| take(&event)/>
        </label>
    }
}

fn label(locale: Tongue, field: Field) -> &'static str {
    match field {
        Field::EraYear => text!(locale, code.era_year),
        Field::Month => text!(locale, code.month),
        Field::Day => text!(locale, code.day),
        Field::ExpiryYear => text!(locale, code.expiry_year),
        Field::SecurityCode => text!(locale, code.security_code),
    }
}

fn place(locale: Tongue, field: Field) -> &'static str {
    match field {
        Field::EraYear | Field::Month | Field::Day => text!(locale, code.where_birth),
        Field::ExpiryYear => text!(locale, code.where_expiry),
        Field::SecurityCode => text!(locale, code.where_code),
    }
}

fn field_error(locale: Tongue, field: Field) -> &'static str {
    match field {
        Field::EraYear => text!(locale, code.bad_year),
        Field::Month => text!(locale, code.bad_month),
        Field::Day => text!(locale, code.bad_day),
        Field::ExpiryYear => text!(locale, code.bad_expiry),
        Field::SecurityCode => text!(locale, code.bad_code),
    }
}

fn refusal(locale: Tongue, problem: CodeProblem) -> String {
    match problem {
        CodeProblem::BirthDate => text!(locale, code.problem_birth).to_owned(),
        CodeProblem::ExpiryYear => text!(locale, code.problem_expiry).to_owned(),
        CodeProblem::Wrong { tries_left: left } => {
            text!(locale, code.problem_wrong, left)
        }
    }
}
